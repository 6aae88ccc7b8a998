/* session_fixture.c: what the suites about sessions share. */
#include "session_fixture.h"

#include <string.h>

siuo_ctx *ctx;
siuo_dataset *data;
siuo_protocol *protocol;

struct session_sink session_sink;

static int sink(const void *line, size_t len, void *user)
{
  ck_assert_ptr_eq(user, &session_sink);
  if (session_sink.status != 0)
    return session_sink.status;
  ck_assert_uint_lt(len, sizeof session_sink.line);
  memcpy(session_sink.line, line, len);
  session_sink.line[len] = '\0';
  session_sink.len = len;
  session_sink.count++;
  return 0;
}

void session_setup(void)
{
  memset(&session_sink, 0, sizeof session_sink);
  ctx = support_ctx();
  ck_assert_int_eq(siuo_dataset_open(&data, ctx, support_path("examples/sample-suite"), NULL), SIUO_OK);
  ck_assert_int_eq(siuo_protocol_default(&protocol, ctx), SIUO_OK);
}

void session_teardown(void)
{
  siuo_protocol_free(protocol);
  siuo_dataset_free(data);
  siuo_ctx_free(ctx);
}

siuo_session_options session_options_of(int rules, uint32_t samples)
{
  siuo_session_options o;
  ck_assert_int_eq(siuo_session_options_init(&o, sizeof o), SIUO_OK);
  o.rules = rules;
  o.samples = samples;
  o.sink = sink;
  o.sink_user = &session_sink;
  return o;
}

/* A session over the first `limit` items of a task. */
siuo_session *session_with(const siuo_session_options *o, int task, uint64_t limit, int api, int32_t n)
{
  siuo_session *s = NULL;
  siuo_cursor_options which;
  ck_assert_int_eq(siuo_session_new(&s, ctx, data, protocol, o), SIUO_OK);
  ck_assert_int_eq(siuo_cursor_options_init(&which, sizeof which), SIUO_OK);
  which.task = task;
  which.limit = limit;
  ck_assert_int_eq(siuo_session_select(s, &which), SIUO_OK);
  for (int kind = 1; kind <= 4; kind++) {
    siuo_target t;
    ck_assert_int_eq(siuo_target_init(&t, sizeof t, protocol, kind), SIUO_OK);
    t.api = api;
    t.model = "m";
    t.n = n;
    ck_assert_int_eq(siuo_session_set_target(s, kind, 0, &t), SIUO_OK);
  }
  return s;
}

siuo_session *session_of_one(uint32_t samples, int api, int32_t n)
{
  siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, samples);
  return session_with(&o, SIUO_TASK_GENERATION, 1, api, n);
}

void session_put_to(siuo_session *s, int kind, uint32_t judge, const char *model)
{
  siuo_target t;
  ck_assert_int_eq(siuo_target_init(&t, sizeof t, protocol, kind), SIUO_OK);
  t.api = SIUO_API_OPENAI;
  t.model = model;
  ck_assert_int_eq(siuo_session_set_target(s, kind, judge, &t), SIUO_OK);
}

const siuo_job *session_next(siuo_session *s, int kind)
{
  const siuo_job *job = NULL;
  ck_assert_int_eq(siuo_session_next(s, &job), SIUO_OK);
  ck_assert_int_eq(siuo_job_kind(job), kind);
  return job;
}

void session_expect_end(siuo_session *s, int status)
{
  const siuo_job *job = NULL;
  ck_assert_int_eq(siuo_session_next(s, &job), status);
  ck_assert_ptr_null(job);
}

int session_say(siuo_session *s, const siuo_job *job, const char *text)
{
  return siuo_session_submit_text(s, siuo_job_id(job), text, strlen(text));
}

int session_post(siuo_session *s, const siuo_job *job, int status, const char *body, double *wait)
{
  return siuo_session_submit(s, siuo_job_id(job), status, NULL, 0, body, strlen(body), wait);
}

siuo_rate session_rate(const siuo_session *s, int metric)
{
  siuo_rate r;
  r.size = sizeof r;
  ck_assert_int_eq(siuo_metrics_rate(siuo_session_metrics(s), metric, NULL, &r), SIUO_OK);
  return r;
}

uint64_t session_count(const siuo_session *s, int counter)
{
  return siuo_metrics_get_count(siuo_session_metrics(s), counter);
}

siuo_progress session_progress(const siuo_session *s)
{
  siuo_progress p;
  p.size = sizeof p;
  ck_assert_int_eq(siuo_session_progress(s, &p), SIUO_OK);
  return p;
}
