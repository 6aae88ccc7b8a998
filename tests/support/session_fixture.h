/* session_fixture.h: what the suites about sessions share: a session over the sample suite, and short ways to talk to
 * it. */
#ifndef SUPPORT_SESSION_FIXTURE_H
#define SUPPORT_SESSION_FIXTURE_H

#include "support.h"

/* Of the test that runs; made before and freed after each by the next two. */
extern siuo_ctx *ctx;
extern siuo_dataset *data;
extern siuo_protocol *protocol;
void session_setup(void);
void session_teardown(void);

/* What the sink of session_options_of() got last, and what it answers. */
struct session_sink {
  char line[65536];
  size_t len, count;
  int status;
};
extern struct session_sink session_sink;

siuo_session_options session_options_of(int rules, uint32_t samples);

/* A session over the first `limit` items (0: all) of a task (0: both), every target of that API. */
siuo_session *session_with(const siuo_session_options *o, int task, uint64_t limit, int api, int32_t n);

/* The same over one generation item. */
siuo_session *session_of_one(uint32_t samples, int api, int32_t n);

/* Puts a kind of question to that model of OpenAI's API, and is otherwise the protocol's. */
void session_put_to(siuo_session *s, int kind, uint32_t judge, const char *model);

/* The next job, which must be of that kind; the end, which must be of that status. */
const siuo_job *session_next(siuo_session *s, int kind);
void session_expect_end(siuo_session *s, int status);

/* Answer a job with a text, with a server's reply. */
int session_say(siuo_session *s, const siuo_job *job, const char *text);
int session_post(siuo_session *s, const siuo_job *job, int status, const char *body, double *wait);

siuo_rate session_rate(const siuo_session *s, int metric);
uint64_t session_count(const siuo_session *s, int counter);
siuo_progress session_progress(const siuo_session *s);

#endif
