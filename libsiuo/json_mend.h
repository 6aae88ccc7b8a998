/* json_mend.h: JSON as scripts write it that is none: NaN, halves of characters, NUL. */
#ifndef SIUOP_JSON_MEND_H
#define SIUOP_JSON_MEND_H

#include "buf.h"

#define SIUOP_MEND_NAN       0 /* NaN, Infinity: null */
#define SIUOP_MEND_SURROGATE 1 /* half of a pair of surrogates: U+FFFD */
#define SIUOP_MEND_NUL       2 /* U+0000 in a string: U+FFFD */
#define SIUOP_MEND_KINDS     3

/* What was mended so far, and the line of the first of each. */
struct siuop_mended {
  uint64_t count[SIUOP_MEND_KINDS];
  uint64_t line[SIUOP_MEND_KINDS];
};

/* Appends the text, mended, to out and counts; leaves out empty where there is nothing to mend. Lines stay where they
 * are. What is broken otherwise stays broken. first_line: of the text. SIUO_ENOMEM. */
int siuop_json_mend(siuo_buf *out, const char *bytes, size_t len, uint64_t first_line, struct siuop_mended *mended);

/* Says to the context's log what was mended in the file of that name. */
void siuop_json_tell_mended(siuo_ctx *ctx, const char *name, const struct siuop_mended *mended);

#endif
