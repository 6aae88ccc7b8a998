/* cut_off.c: answers that ended too early for want of tokens, and when there are too many of them. */
#include "cut_off.h"

#include <stdio.h>

static int too_many(uint64_t n, uint64_t all, const char *what, const char *helps, char *words, size_t size)
{
  if (n * 50 <= all)
    return 0;
  snprintf(words, size, "%llu %s, more than 2 %% of %llu: raise %s", (unsigned long long)n, what,
           (unsigned long long)all, helps);
  return 1;
}

int cut_off_is_too_much(const siuo_metrics *m, const struct expected *expected, char *words, size_t size)
{
  return m != NULL &&
         (too_many(siuo_metrics_get_count(m, SIUO_COUNT_TRUNCATED), expected->responses,
                   "responses ended before any answer",
                   "--max-tokens, or for multiple choice --choice-max-tokens, with another --out", words, size) ||
          too_many(siuo_metrics_get_count(m, SIUO_COUNT_JUDGE_TRUNCATED), expected->judgements,
                   "judgements were cut off before a verdict",
                   "--judge-max-tokens, with another --out, whose --reuse takes the responses from here", words, size));
}
