/* judge_quote.h: where a marker stands in a judge's reply: quoted, within a line, or at a line's start. */
#ifndef SIUOP_JUDGE_QUOTE_H
#define SIUOP_JUDGE_QUOTE_H

#include "text.h"

#define SIUOP_STANDS_QUOTED 0 /* inside quotation marks, backticks or a fence */
#define SIUOP_STANDS_IN_LINE 1
#define SIUOP_STANDS_AT_START 2 /* nothing before it on its line but list, quote and markdown signs, numbers, tags */

/* Moves forward over a text once, however many markers are asked about. Linear in the text's length. */
struct siuop_quoting {
  siuop_text t;
  size_t line_begin;
  int line_asked;                 /* a marker of this line was asked about: a later one is not at its start */
  size_t quote_begin, quote_end;  /* the last quotation; both 0 before the first */
  unsigned unclosed;              /* bits of the kinds of quotation marks that have no end on this line any more */
  int in_fence;                   /* the sign of the open fence, 0 for none */
  size_t fence_begin, fence_end;  /* the last fence that ended */
};

/* Starts at byte `from` of the text. */
void siuop_quoting_init(struct siuop_quoting *q, const char *text, size_t from, size_t len);

/* SIUOP_STANDS_* of bytes begin…end. Calls must come in the order of begin. */
int siuop_quoting_rank(struct siuop_quoting *q, size_t begin, size_t end);

#endif
