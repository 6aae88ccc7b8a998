/* address.h: what in an address nobody may see. */
#ifndef SIUO_EVAL_ADDRESS_H
#define SIUO_EVAL_ADDRESS_H

/* Whether an http:// or https:// address holds a user's name or password, also one that is misspelt. */
int address_has_password(const char *url);

/* Whether two addresses have the same scheme, host and port, as they are written. */
int address_is_same_origin(const char *a, const char *b);

/* Warns, once a server, that a key goes where it can be read on the way: over http:// and not to this machine. */
void address_warn_if_open(const char *url);

/* The environment's variables that name proxies; NULL behind the last one. */
extern const char *const address_proxies[];

/* Replaces, in place, what stands before the @ of each address in the words by ***; and what the words say of the
 * environment's proxies, where those hold a password. */
void address_hide_passwords(char *words);
void address_hide_proxies(char *words);

#endif
