/* prompt.h: what keeps a text from passing for something else inside a prompt. */
#ifndef SIUOP_PROMPT_H
#define SIUOP_PROMPT_H

#include "buf.h"

/* Appends a text with a blank after the first character of each token of a chat template in it, and of each `marker`
 * (NULL: none). */
int siuop_add_broken(siuo_buf *out, const char *text, size_t len, const char *marker);

/* Appends a text, which is clean UTF-8, in normal form NFKC. */
int siuop_add_nfkc(siuo_buf *out, const char *text, size_t len);

#endif
