/* cut_off.c: answers that ended too early for want of tokens, and when there are too many of them. */
#include "cut_off.h"

#include <stdio.h>

/* What helps, where tokens do; where reasoning took all the words, they don't. */
struct help {
  const char *what, *raise, *parse;
};

static const struct help responses = {
    "responses ended before any answer",
    "raise --max-tokens, or for multiple choice --choice-max-tokens, with another --out",
    "all words of most came as reasoning, though the model had finished: the server's reasoning parser doesn't fit the "
    "model (vLLM: --reasoning-parser; llama.cpp: --reasoning-format none)"};
static const struct help judgements = {
    "judgements were cut off before a verdict",
    "raise --judge-max-tokens, with another --out, whose --reuse takes the responses from here",
    "all words of most came as reasoning, though the judge had finished: its server's reasoning parser doesn't fit the "
    "model (vLLM: --reasoning-parser; llama.cpp: --reasoning-format none)"};

/* reasoned: of the n, those that finished. */
static int too_many(uint64_t n, uint64_t reasoned, uint64_t all, double percent, const struct help *h, char *words,
                    size_t size)
{
  if ((double)n * 100 <= percent * (double)all)
    return 0;
  snprintf(words, size, "%llu %s, more than %g %% of %llu: %s; or --max-cut-off allows more", (unsigned long long)n,
           h->what, percent, (unsigned long long)all, reasoned * 2 > n ? h->parse : h->raise);
  return 1;
}

int cut_off_is_too_much(const siuo_session *session, const struct expected *expected, double percent, char *words,
                        size_t size)
{
  const siuo_metrics *m = siuo_session_metrics(session);
  siuo_progress p;
  p.size = sizeof p;
  if (m == NULL || siuo_session_progress(session, &p) != SIUO_OK)
    return 0;
  return too_many(siuo_metrics_get_count(m, SIUO_COUNT_TRUNCATED), p.reasoned, expected->responses, percent, &responses,
                  words, size) ||
         too_many(siuo_metrics_get_count(m, SIUO_COUNT_JUDGE_TRUNCATED), p.reasoned_judgements, expected->judgements,
                  percent, &judgements, words, size);
}
