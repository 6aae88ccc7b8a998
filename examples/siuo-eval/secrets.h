/* secrets.h: what is kept out of replies, and what out of errors alone. */
#ifndef SIUO_EVAL_SECRETS_H
#define SIUO_EVAL_SECRETS_H

#include <stddef.h>

#define LEAST_SECRET 6 /* bytes: without "true", "EMPTY" or "1" replies would be torn apart */

struct secret_list {
  char **texts; /* owned */
  size_t count;
};

struct secrets {
  struct secret_list replies; /* taken out of everything that servers say */
  struct secret_list errors;  /* taken out of what they say in errors, too */
};

/* Whether a text looks as if it was made by chance: at least 16 bytes without a blank, of letters, digits and signs at
 * least two. */
int secret_is_random(const char *text);

/* Whether the value of a header (or of a URL's parameter) is a secret in answers, too: one that is random, or one of at
 * least LEAST_SECRET bytes whose name says so: authorization, key, token, secret, cookie, password, credential. */
int secret_is_under(const char *name, size_t name_len, const char *value);

/* Each keeps copies: EXIT_DONE, or EXIT_USE (out of memory) after saying so. */
int secrets_add_key(struct secrets *s, const char *key);
int secrets_add_header(struct secrets *s, const char *name, size_t name_len, const char *value);
int secrets_add_url(struct secrets *s, const char *url);       /* the parameters behind its ? */
int secrets_add_proxy(struct secrets *s, const char *address); /* its password, as written, and as it is sent */

void secrets_free(struct secrets *s);

#endif
