/* advice.h: which option helps against what a server says. */
#ifndef SIUO_EVAL_ADVICE_H
#define SIUO_EVAL_ADVICE_H

#include <stddef.h>

/* The option that says how long the answers to such questions may be. */
const char *advice_cap_option(int kind);

/* What may help against an error: an end of a sentence, static; NULL: nothing that is known. Words are looked for that
 * providers use today; nothing is decided by them. */
const char *advice_of(int kind, int status, const char *body, size_t len);

#endif
