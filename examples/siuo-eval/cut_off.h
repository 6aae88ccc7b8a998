/* cut_off.h: answers that ended too early for want of tokens, and when there are too many of them. */
#ifndef SIUO_EVAL_CUT_OFF_H
#define SIUO_EVAL_CUT_OFF_H

#include <siuo/siuo.h>

/* What an evaluation asks for at the most. */
struct expected {
  uint64_t responses, judgements;
};

/* Percent of them that may be cut off, if nothing else is asked for. */
#define CUT_OFF_PERCENT 2

/* Whether more than so many percent of the responses ended before any answer, or of the judgements before a verdict:
 * words then say so, and what helps. */
int cut_off_is_too_much(const siuo_session *session, const struct expected *expected, double percent, char *words,
                        size_t size);

#endif
