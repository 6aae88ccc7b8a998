/* cut_off.h: answers that ended too early for want of tokens, and when there are too many of them. */
#ifndef SIUO_EVAL_CUT_OFF_H
#define SIUO_EVAL_CUT_OFF_H

#include <siuo/siuo.h>

/* What an evaluation asks for at the most. */
struct expected {
  uint64_t responses, judgements;
};

/* Whether more than 2 % of the responses ended before any answer, or of the judgements before a verdict: words then say
 * so, and what helps. */
int cut_off_is_too_much(const siuo_session *session, const struct expected *expected, char *words, size_t size);

#endif
