/* host.h: a host in the tests: it answers every job from the job alone, so that equal jobs get equal answers whoever
 * carries them, whenever. */
#ifndef SUPPORT_HOST_H
#define SUPPORT_HOST_H

#include <siuo/siuo.h>

/* The seeded generator of the tests (SplitMix64): the next number, and one below n. */
uint64_t host_random(uint64_t *state);
uint64_t host_below(uint64_t *state, uint64_t n);

/* The answer to sample `sample` of the job, in one of many spellings; NULL: this job always fails. */
const char *host_answer(const siuo_job *job, uint32_t sample);

/* A Chat Completions body with `count` answers from the job's first sample on; the caller frees it. */
char *host_body(const siuo_job *job, uint32_t count);

/* The report under the session's rules, as JSON with every item; the caller frees it. */
siuo_buf *host_report(siuo_ctx *ctx, const siuo_session *s);

#endif
