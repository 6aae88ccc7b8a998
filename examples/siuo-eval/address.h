/* address.h: what in an address nobody may see. */
#ifndef SIUO_EVAL_ADDRESS_H
#define SIUO_EVAL_ADDRESS_H

/* Whether an http:// or https:// address holds a user's name or password, also one that is misspelt. */
int address_has_password(const char *url);

/* Whether what goes there can be read on the way: http:// and not this machine. */
int address_is_open(const char *url);

/* Replaces, in place, what stands before the @ of each address in the words by ***; and what the words say of the
 * environment's proxies, where those hold a password. */
void address_hide_passwords(char *words);
void address_hide_proxies(char *words);

#endif
