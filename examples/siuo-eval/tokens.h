/* tokens.h: about how many tokens a question takes: docs/running.md. */
#ifndef SIUO_EVAL_TOKENS_H
#define SIUO_EVAL_TOKENS_H

#include <siuo/siuo.h>

#define TOKEN_BYTES 4 /* of text */

/* Of an answer to a kind of question (SIUO_JOB_*), where no cap cuts it short. */
double tokens_of_kind(int kind);

/* Of a picture of ordinary size, by SIUO_API_*; 0 beyond them. */
double tokens_of_picture(int api);

double tokens_of_text(size_t bytes);

/* Whether answers have a cap: Anthropic's requests always have one. */
int tokens_have_cap(const siuo_target *t);

/* Of one answer; of all that a job sends. */
double tokens_expected(const siuo_target *t, int kind);
double tokens_sent(const siuo_target *t, const siuo_job *job);

#endif
