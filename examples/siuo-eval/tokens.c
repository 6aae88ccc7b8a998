/* tokens.c: about how many tokens a question takes: docs/running.md. */
#include "tokens.h"

#include <string.h>

static const double of_kinds[] = {0, 300, 5, 100, 100};                 /* by SIUO_JOB_* */
static const double of_pictures[] = {0, 765, 765, 1600, 258, 576, 576}; /* by SIUO_API_* */

double tokens_of_kind(int kind)
{
  return of_kinds[kind];
}

double tokens_of_picture(int api)
{
  return api >= 0 && (size_t)api < sizeof of_pictures / sizeof of_pictures[0] ? of_pictures[api] : 0;
}

double tokens_of_text(size_t bytes)
{
  return (double)((bytes + TOKEN_BYTES - 1) / TOKEN_BYTES);
}

int tokens_have_cap(const siuo_target *t)
{
  return (t->omit & SIUO_OMIT_MAX_TOKENS) == 0 || t->api == SIUO_API_ANTHROPIC;
}

double tokens_expected(const siuo_target *t, int kind)
{
  double expected = of_kinds[kind];
  return tokens_have_cap(t) && t->max_tokens < expected ? t->max_tokens : expected;
}

double tokens_sent(const siuo_target *t, const siuo_job *job)
{
  size_t len = 0;
  siuo_job_prompt(job, &len);
  double in = tokens_of_text(len + (t->system == NULL ? 0 : strlen(t->system)));
  return in + (siuo_job_has_picture(job) ? tokens_of_picture(t->api) : 0);
}
