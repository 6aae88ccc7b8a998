/* test_session_servers.c: a session whose jobs servers answer: whom they are put to, what is made of replies. */
#include "support/host.h"
#include "support/session_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

START_TEST(several_answers_a_request)
{
  siuo_session *s = session_of_one(5, SIUO_API_OPENAI, 3);
  const siuo_job *first = session_next(s, SIUO_JOB_GENERATE);
  const siuo_job *second = session_next(s, SIUO_JOB_GENERATE);
  ck_assert_uint_eq(siuo_job_sample(first), 0);
  ck_assert_uint_eq(siuo_job_count(first), 3);
  ck_assert_uint_eq(siuo_job_sample(second), 3);
  ck_assert_uint_eq(siuo_job_count(second), 2);
  support_expect_error(ctx, siuo_session_submit_text(s, siuo_job_id(first) + (1 << 12), "x", 1), SIUO_ESTATE,
                       "asks for it");
  char *body = host_body(first, 2);
  ck_assert_int_eq(session_post(s, first, 200, body, NULL), SIUO_OK);
  free(body);
  body = host_body(second, 4);
  ck_assert_int_eq(session_post(s, second, 200, body, NULL), SIUO_OK);
  free(body);
  ck_assert_uint_eq(session_progress(s).surplus, 2);
  ck_assert_uint_eq(session_progress(s).input_tokens, 6);
  const siuo_job *job = NULL;
  int missing = 0;
  while (siuo_session_next(s, &job) == SIUO_OK)
    missing += siuo_job_kind(job) == SIUO_JOB_GENERATE && siuo_job_sample(job) == 2 && siuo_job_count(job) == 1;
  ck_assert_int_eq(missing, 1);
  siuo_session_free(s);
}
END_TEST

/* Of three answers the second ended without one; it was asked again. The two lines give one state in either order. */
START_TEST(an_answer_that_failed_is_restored)
{
  static const char three[] = "{\"choices\": [{\"message\": {\"content\": \"a\"}}, {\"message\": {\"content\": null}, "
                              "\"finish_reason\": \"tool_calls\"}, {\"message\": {\"content\": \"c\"}}]}";
  static const char one[] = "{\"choices\": [{\"message\": {\"content\": \"b\"}}]}";
  static char lines[2][4096];
  static const int orders[][3] = {{0, 1, 0}, {1, 0, 1}};
  const siuo_job *job = NULL;
  siuo_session *s = session_of_one(3, SIUO_API_OPENAI, 3);
  ck_assert_int_eq(session_post(s, session_next(s, SIUO_JOB_GENERATE), 200, three, NULL), SIUO_OK);
  ck_assert_uint_eq(session_progress(s).failed, 0);
  memcpy(lines[0], session_sink.line, session_sink.len + 1);
  siuo_session_free(s);
  s = session_of_one(3, SIUO_API_OPENAI, 3);
  ck_assert_int_eq(siuo_session_restore(s, lines[0], strlen(lines[0])), SIUO_OK);
  while (siuo_session_next(s, &job) == SIUO_OK && siuo_job_kind(job) != SIUO_JOB_GENERATE)
    continue;
  ck_assert_uint_eq(siuo_job_sample(job), 1);
  ck_assert_int_eq(session_post(s, job, 200, one, NULL), SIUO_OK);
  memcpy(lines[1], session_sink.line, session_sink.len + 1);
  siuo_session_free(s);
  for (int order = 0; order < 2; order++) {
    siuo_buf *results = NULL;
    s = session_of_one(3, SIUO_API_OPENAI, 3);
    for (int i = 0; i < 3; i++) {
      const char *line = lines[orders[order][i]];
      ck_assert_msg(siuo_session_restore(s, line, strlen(line)) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
    }
    ck_assert_uint_eq(session_progress(s).restored, 2);
    ck_assert_int_eq(siuo_session_results(s, ctx, SIUO_TASK_GENERATION, &results), SIUO_OK);
    ck_assert_ptr_nonnull(strstr(siuo_buf_data(results), "\"a\",\n  \"b\",\n  \"c\""));
    siuo_buf_free(results);
    while (siuo_session_next(s, &job) == SIUO_OK)
      ck_assert_int_ne(siuo_job_kind(job), SIUO_JOB_GENERATE);
    siuo_session_free(s);
  }
}
END_TEST

/* A reply to the first question, and what becomes of it: SIUO_RESPONSE_*, or -1: ask again, -2: failed. */
static const struct {
  int status;
  const char *body;
  int outcome;
  const char *words; /* in the message of a retry */
} replies[] = {
    {200, "{\"choices\": [{\"message\": {\"content\": \"Hi\"}, \"finish_reason\": \"stop\"}]}", SIUO_RESPONSE_OK, NULL},
    {200, "{\"choices\": [{\"message\": {\"content\": [{\"type\": \"text\", \"text\": \"Hi\"}]}}]}", SIUO_RESPONSE_OK,
     NULL},
    {200, "{\"choices\": [{\"message\": {\"content\": \"Hi\"}, \"finish_reason\": \"length\"}]}", SIUO_RESPONSE_OK,
     NULL},
    {200, "{\"choices\": [{\"message\": {\"content\": null}, \"finish_reason\": \"stop\"}]}", SIUO_RESPONSE_BLANK,
     NULL},
    {200, "{\"choices\": [{\"message\": {}}]}", SIUO_RESPONSE_BLANK, NULL},
    {200, "{\"choices\": [{\"message\": {\"content\": \" \"}, \"finish_reason\": \"length\"}]}",
     SIUO_RESPONSE_TRUNCATED, NULL},
    {200, "{\"choices\": [{\"message\": {\"content\": \"<think>a</think>\"}, \"finish_reason\": \"stop\"}]}",
     SIUO_RESPONSE_TRUNCATED, NULL},
    {200, "{\"choices\": [{\"message\": {\"content\": null}, \"finish_reason\": \"content_filter\"}]}",
     SIUO_RESPONSE_BLOCKED, NULL},
    {200, "{\"choices\": [{\"message\": {\"content\": null, \"refusal\": \"No.\"}, \"finish_reason\": \"stop\"}]}",
     SIUO_RESPONSE_REFUSED, NULL},
    {400, "{\"error\": {\"message\": \"x\", \"code\": \"content_filter\"}}", SIUO_RESPONSE_BLOCKED, NULL},
    {400, "{\"error\": {\"code\": null, \"innererror\": {\"code\": \"ResponsibleAIPolicyViolation\"}}}",
     SIUO_RESPONSE_BLOCKED, NULL},
    {400, "{\"error\": {\"message\": \"your image violates the safety policy\"}}", -2, NULL}, /* wording is no sign */
    {200, "{\"choices\": [{\"message\": {\"content\": null}, \"finish_reason\": \"tool_calls\"}]}", -2, NULL},
    {401, "{\"error\": {\"message\": \"no key\"}}", -2, NULL},
    {404, "<html>", -2, NULL},
    {200, "{\"error\": {\"message\": \"slow down\", \"code\": 429}}", -1, "slow down"},
    {200, "{\"error\": \"text\"}", -2, NULL},
    {200, "{\"choices\": []}", -1, "no answer in the form"},
    {200, "{\"type\": \"message\", \"content\": [{\"type\": \"text\", \"text\": \"Hi\"}]}", -1,
     "no answer in the form"},
    {200, "{\"choices\": [{\"mess", -1, "not JSON"},
    {200, "", -1, "not JSON"},
    {200, "[1, 2]", -1, "no answer in the form"},
    {429, "{\"error\": {\"message\": \"too many \\u001b[31m\"}}", -1, "too many \\x1B[31m"},
    {503, "<html>busy</html>", -1, "HTTP status 503"},
    {0, "", -1, "HTTP status 0"},
};

START_TEST(what_servers_reply)
{
  siuo_session *s = session_of_one(1, SIUO_API_OPENAI, 1);
  const siuo_job *job = session_next(s, SIUO_JOB_GENERATE);
  double wait = -1;
  int rc = session_post(s, job, replies[_i].status, replies[_i].body, &wait);
  if (replies[_i].outcome == -1) {
    support_expect_error(ctx, rc, SIUO_RETRY, replies[_i].words);
    ck_assert(wait > 0.3 && wait <= 0.5);
    session_expect_end(s, SIUO_WAIT);
  } else {
    static const int counters[] = {0, SIUO_COUNT_BLANK, SIUO_COUNT_BLOCKED, SIUO_COUNT_REFUSED, SIUO_COUNT_TRUNCATED};
    int outcome = replies[_i].outcome;
    ck_assert_int_eq(rc, SIUO_OK);
    ck_assert_uint_eq(session_count(s, SIUO_COUNT_FAILED), outcome == -2);
    ck_assert_uint_eq(session_progress(s).failed, outcome == -2);
    ck_assert_uint_eq(session_progress(s).answered, outcome != -2);
    for (int k = SIUO_RESPONSE_BLANK; k <= SIUO_RESPONSE_TRUNCATED; k++)
      ck_assert_uint_eq(session_count(s, counters[k]), outcome == k);
    if (outcome == SIUO_RESPONSE_OK)
      ck_assert_ptr_nonnull(strstr(siuo_job_prompt(session_next(s, SIUO_JOB_JUDGE_SAFETY), NULL), "\n> Hi\n"));
    else
      session_expect_end(s, SIUO_DONE);
  }
  siuo_session_free(s);
}
END_TEST

START_TEST(when_to_ask_again)
{
  static const struct {
    int status;
    const char *headers;
    int rc;
    double seconds;
  } cases[] = {
      {429, "Retry-After: 7\r\n", SIUO_RETRY, 7},
      {503, "x: y\r\nretry-after:  1.5 \r\n", SIUO_RETRY, 1.5},
      {429, "Retry-After: 7\r\nRetry-After-Ms: 250\r\n", SIUO_RETRY, 0.25},
      {429, "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Mon, 07 Nov 1994 08:49:39 GMT\r\n", SIUO_RETRY, 86402},
      {400, "x-should-retry: true\r\nretry-after: 3\r\n", SIUO_RETRY, 3},
      {503, "x-should-retry: false\r\n", SIUO_OK, 0}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    siuo_session *s = session_of_one(1, SIUO_API_OPENAI, 1);
    uint64_t id = siuo_job_id(session_next(s, SIUO_JOB_GENERATE));
    double wait = -1;
    ck_assert_int_eq(
        siuo_session_submit(s, id, cases[i].status, cases[i].headers, strlen(cases[i].headers), "{}", 2, &wait),
        cases[i].rc);
    ck_assert_double_eq_tol(wait, cases[i].seconds, 1e-9);
    siuo_session_free(s);
  }
  siuo_session *s = session_of_one(1, SIUO_API_OPENAI, 1);
  const siuo_job *job = session_next(s, SIUO_JOB_GENERATE);
  double wait = 0, most = 0.5;
  for (int k = 0; k < 8; k++, most = most < 8 ? 2 * most : 8) {
    ck_assert_int_eq(session_post(s, job, 500, "{}", &wait), SIUO_RETRY);
    ck_assert(wait >= 0.8 * most && wait <= most);
  }
  ck_assert_uint_eq(session_progress(s).retries, 8);
  siuo_session_free(s);
}
END_TEST

/* A server's word counts the first time; where that did not help, the usual time is the least. */
START_TEST(a_word_that_did_not_help)
{
  static const char soon[] = "retry-after-ms: 1\r\n", late[] = "Retry-After: 90\r\n", never[] = "Retry-After: 0\r\n";
  siuo_session *s = session_of_one(1, SIUO_API_OPENAI, 1);
  uint64_t id = siuo_job_id(session_next(s, SIUO_JOB_GENERATE));
  double wait = 0, most = 0.5;
  for (int k = 0; k < 6; k++, most = most < 8 ? 2 * most : 8) {
    const char *words = k == 3 ? late : k == 4 ? never : soon;
    ck_assert_int_eq(siuo_session_submit(s, id, 429, words, strlen(words), "{}", 2, &wait), SIUO_RETRY);
    if (k == 0 || k == 3)
      ck_assert_double_eq_tol(wait, k == 0 ? 0.001 : 90, 1e-9);
    else
      ck_assert(wait >= 0.8 * most && wait <= most);
  }
  siuo_session_free(s);
}
END_TEST

/* Of three answers one ended in trouble that may pass: it is asked again by itself, in this process and after it. */
START_TEST(an_answer_that_may_pass)
{
  static const char three[] =
      "{\"choices\": [{\"message\": {\"content\": \"a\"}}, {\"message\": {\"content\": \"part\"}, "
      "\"finish_reason\": \"abort\"}, {\"message\": {\"content\": \"c\"}}]}";
  const siuo_job *job = NULL;
  siuo_session *s = session_of_one(3, SIUO_API_OPENAI, 3);
  ck_assert_int_eq(session_post(s, session_next(s, SIUO_JOB_GENERATE), 200, three, NULL), SIUO_OK);
  ck_assert_uint_eq(session_progress(s).failed, 0);
  for (int restored = 0; restored < 2; restored++) {
    int again = 0;
    while (siuo_session_next(s, &job) == SIUO_OK)
      again += siuo_job_kind(job) == SIUO_JOB_GENERATE && siuo_job_sample(job) == 1 && siuo_job_count(job) == 1;
    ck_assert_int_eq(again, 1);
    siuo_session_free(s);
    s = session_of_one(3, SIUO_API_OPENAI, 3);
    ck_assert_int_eq(siuo_session_restore(s, session_sink.line, session_sink.len), SIUO_OK);
  }
  siuo_session_free(s);
}
END_TEST

/* A stream is joined before anything else is done: what is written down is a body, and no secret that came in pieces.
 */
START_TEST(a_stream)
{
  static const char headers[] = "Content-Type: text/event-stream\r\n";
  static const char body[] =
      "data: {\"choices\":[{\"delta\":{\"content\":\"It is sk-\"}}]}\n\n"
      "data: {\"choices\":[{\"delta\":{\"content\":\"12345.\"},\"finish_reason\":\"stop\"}]}\n\n";
  static const char *const keys[] = {"sk-12345"};
  siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 1);
  double wait = 0;
  o.secrets = keys;
  o.secret_count = 1;
  siuo_session *s = session_with(&o, SIUO_TASK_GENERATION, 1, SIUO_API_OPENAI, 1);
  uint64_t id = siuo_job_id(session_next(s, SIUO_JOB_GENERATE));
  ck_assert_int_eq(siuo_session_submit(s, id, 200, headers, sizeof headers - 1, body, sizeof body / 2, &wait),
                   SIUO_RETRY);
  ck_assert_ptr_nonnull(strstr(siuo_ctx_errmsg(ctx), "the event-stream was cut off"));
  ck_assert_int_eq(siuo_session_submit(s, id, 200, headers, sizeof headers - 1, body, sizeof body - 1, &wait), SIUO_OK);
  ck_assert_ptr_nonnull(strstr(siuo_job_prompt(session_next(s, SIUO_JOB_JUDGE_SAFETY), NULL), "\n> It is ***.\n"));
  ck_assert_ptr_nonnull(strstr(session_sink.line, "It is ***."));
  ck_assert_ptr_null(strstr(session_sink.line, "data:"));
  siuo_session_free(s);
}
END_TEST

/* What a reply comes to as an error, of whatever kind. */
START_TEST(what_an_error_comes_to)
{
  static const struct {
    int status, comes_to;
    const char *body;
  } rows[] = {{200, 402, "{\"error\": {\"message\": \"Empty.\", \"code\": 402}}"},
              {200, 401, "{\"error\": {\"message\": \"No.\", \"type\": \"authentication_error\"}}"},
              {200, 400, "{\"error\": \"No such path.\"}"},
              {200, 429, "{\"error\": {\"message\": \"Slow.\", \"code\": \"rate_limit_exceeded\"}}"},
              {404, 404, "{\"error\": {\"message\": \"Gone.\", \"code\": 500}}"},
              {400, 0, "{\"error\": {\"code\": \"content_filter\"}}"},
              {200, 0, "{\"choices\": [{\"message\": {\"content\": \"a\"}, \"finish_reason\": \"stop\"}]}"},
              {200, 0, "{\"choices\": [{\"message\": {\"content\": \"a\"}, \"finish_reason\": \"odd\"}]}"}};
  ck_assert_int_eq(siuo_session_error_status(NULL), 0);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    siuo_session *s = session_of_one(1, SIUO_API_OPENAI, 1);
    double wait = 0;
    ck_assert_int_eq(siuo_session_error_status(s), 0);
    session_post(s, session_next(s, SIUO_JOB_GENERATE), rows[i].status, rows[i].body, &wait);
    ck_assert_msg(siuo_session_error_status(s) == rows[i].comes_to, "row %zu: %d", i, siuo_session_error_status(s));
    siuo_session_free(s);
  }
}
END_TEST

static char warned[1024];

static void keep_warning(int level, const char *message, void *user)
{
  (void)user;
  if (level == SIUO_LOG_WARNING)
    snprintf(warned, sizeof warned, "%s", message);
}

/* A session whose generation goes to a server, and whose warnings are kept. */
static siuo_session *warning_session(siuo_ctx **own, const siuo_session_options *session)
{
  siuo_ctx_options o;
  siuo_session *s = NULL;
  siuo_target t;
  warned[0] = '\0';
  ck_assert_int_eq(siuo_ctx_options_init(&o, sizeof o), SIUO_OK);
  o.log = keep_warning;
  ck_assert_int_eq(siuo_ctx_new(own, &o), SIUO_OK);
  ck_assert_int_eq(siuo_session_new(&s, *own, data, protocol, session), SIUO_OK);
  ck_assert_int_eq(siuo_target_init(&t, sizeof t, protocol, SIUO_JOB_GENERATE), SIUO_OK);
  t.api = SIUO_API_OPENAI;
  t.model = "m";
  t.n = 1;
  ck_assert_int_eq(siuo_session_set_target(s, SIUO_JOB_GENERATE, 0, &t), SIUO_OK);
  return s;
}

/* model NULL: the server doesn't say who answers. */
static void answer_as(siuo_session *s, const siuo_job *job, const char *model, const char *fingerprint)
{
  char served[100] = "", body[200];
  if (model != NULL)
    snprintf(served, sizeof served, "\"model\":\"%s\",\"system_fingerprint\":\"%s\",", model, fingerprint);
  snprintf(body, sizeof body, "{%s\"choices\":[{\"message\":{\"content\":\"a\"}}]}", served);
  warned[0] = '\0';
  ck_assert_int_eq(session_post(s, job, 200, body, NULL), SIUO_OK);
}

START_TEST(another_model_answers)
{
  static const char *const answers[][3] = {
      {"m-1", "f-1", ""},
      {"m-1", "f-1", ""},
      {NULL, NULL, ""},
      {"m-2\\u001b", "f-1", "generate: the server now answers as m-2\\x1B, and as m-1 before"},
      {"m-2\\u001b", "f-2\\u001b",
       "generate: what serves the model has changed: its system_fingerprint is now f-2\\x1B, and was f-1 before"},
      {"m-2\\u001b", "f-3", ""}, /* said once */
  };
  siuo_ctx *own = NULL;
  siuo_session_options session = session_options_of(SIUO_RULES_STANDARD, 7);
  siuo_session *s = warning_session(&own, &session);
  for (int i = 0; i < 6; i++) {
    answer_as(s, session_next(s, SIUO_JOB_GENERATE), answers[i][0], answers[i][1]);
    ck_assert_str_eq(warned, answers[i][2]);
  }
  siuo_session_free(s);
  siuo_ctx_free(own);
  char line[sizeof session_sink.line];
  size_t len = session_sink.len;
  memcpy(line, session_sink.line, sizeof line);
  for (int i = 0; i < 2; i++) {
    s = warning_session(&own, &session); /* another process, the same run */
    ck_assert_int_eq(siuo_session_restore(s, line, len), SIUO_OK);
    answer_as(s, session_next(s, SIUO_JOB_GENERATE), i == 0 ? "m-9" : "m-2\\u001b", i == 0 ? "f-3" : "f-4");
    ck_assert_str_eq(
        warned, i == 0 ? "generate: the server now answers as m-9, and as m-2\\x1B before"
                       : "generate: what serves the model has changed: its system_fingerprint is now f-4, and was f-3 "
                         "before");
    siuo_session_free(s);
    siuo_ctx_free(own);
  }
}
END_TEST

/* A gateway may ask now this provider, now that one. */
START_TEST(another_provider_answers)
{
  static const struct {
    const char *provider, *says;
  } rows[] = {{"P-1", ""}, {"P-1", ""}, {"P-2", "now asks the provider P-2, and asked P-1 before"}, {"P-1", ""}};
  siuo_ctx *own = NULL;
  siuo_session_options session = session_options_of(SIUO_RULES_STANDARD, 4);
  siuo_session *s = warning_session(&own, &session);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char body[200];
    snprintf(body, sizeof body, "{\"provider\":\"%s\",\"choices\":[{\"message\":{\"content\":\"a\"}}]}",
             rows[i].provider);
    warned[0] = '\0';
    ck_assert_int_eq(session_post(s, session_next(s, SIUO_JOB_GENERATE), 200, body, NULL), SIUO_OK);
    ck_assert_msg(strstr(warned, rows[i].says) != NULL && (*rows[i].says != '\0' || warned[0] == '\0'), "%s", warned);
  }
  siuo_session_free(s);
  siuo_ctx_free(own);
}
END_TEST

/* Judges are others than the model, and than each other: each changes by itself. */
START_TEST(judges_are_others)
{
  siuo_ctx *own = NULL;
  siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 2);
  o.judges = 3;
  siuo_session *s = warning_session(&own, &o);
  for (uint32_t judge = 0; judge < 3; judge++)
    for (int kind = SIUO_JOB_JUDGE_SAFETY; kind <= SIUO_JOB_JUDGE_EFFECTIVENESS; kind++)
      session_put_to(s, kind, judge, "j");
  for (int sample = 0; sample < 2; sample++)
    answer_as(s, session_next(s, SIUO_JOB_GENERATE), "m-1", "f-1");
  for (int round = 0; round < 6; round++) { /* by sample, judge, kind */
    static const char *const models[] = {"j-1", "j-2", "j-3", "j-1", "j-2", "j-9"};
    const siuo_job *safety = NULL;
    do
      ck_assert_int_eq(siuo_session_next(s, &safety), SIUO_OK);
    while (siuo_job_kind(safety) != SIUO_JOB_JUDGE_SAFETY);
    answer_as(s, safety, models[round], "f-1");
    ck_assert_str_eq(warned, round < 5 ? "" : "judge_safety: the server now answers as j-9, and as j-3 before");
  }
  siuo_session_free(s);
  siuo_ctx_free(own);
}
END_TEST

/* The server's own id of a request is part of what is said of it, and no secret that it echoes there. */
START_TEST(request_ids)
{
  static const char headers[] = "HTTP/1.1 500 No\r\nx-request-id: req-\x1B-sk-1\r\n\r\n";
  static const char *const keys[] = {"sk-1"};
  siuo_ctx *own = NULL;
  siuo_session_options session = session_options_of(SIUO_RULES_STANDARD, 3);
  session.secrets = keys;
  session.secret_count = 1;
  siuo_session *s = warning_session(&own, &session);
  uint64_t id = siuo_job_id(session_next(s, SIUO_JOB_GENERATE));
  double wait = 0;
  ck_assert_int_eq(siuo_session_submit(s, id, 500, headers, sizeof headers - 1, "", 0, &wait), SIUO_RETRY);
  ck_assert_ptr_nonnull(strstr(siuo_ctx_errmsg(own), "HTTP status 500 (request req-\\x1B-***)"));
  static const char error[] = "{\"error\":{\"message\":\"no s\\u006b-1\"}}";
  ck_assert_int_eq(siuo_session_submit(s, id, 400, headers, sizeof headers - 1, error, sizeof error - 1, NULL),
                   SIUO_OK);
  ck_assert_ptr_nonnull(strstr(warned, "sample 0 failed: no *** (request req-\\x1B-***)"));
  siuo_session_free(s);
  siuo_ctx_free(own);
}
END_TEST

START_TEST(targets_that_are_checked)
{
  siuo_target t;
  siuo_buf *plain = NULL, *schema = NULL;
  siuo_session *s = session_of_one(1, SIUO_API_OPENAI, 1);
  ck_assert_int_eq(siuo_session_describe(s, ctx, &plain), SIUO_OK);
  ck_assert_int_eq(siuo_target_init(&t, sizeof t, protocol, SIUO_JOB_JUDGE_SAFETY), SIUO_OK);
  ck_assert_int_eq(t.n, 1); /* a judge is asked once */
  t.api = SIUO_API_OPENAI;
  t.model = "m";
  t.omit |= SIUO_JUDGE_SCHEMA;
  ck_assert_int_eq(siuo_session_set_target(s, SIUO_JOB_JUDGE_SAFETY, 0, &t), SIUO_OK);
  ck_assert_int_eq(siuo_session_describe(s, ctx, &schema), SIUO_OK);
  ck_assert_str_ne(siuo_buf_data(plain), siuo_buf_data(schema));
  ck_assert_ptr_nonnull(strstr(siuo_buf_data(schema), "\"schema\":true"));
  siuo_buf_free(plain);
  siuo_buf_free(schema);
  siuo_session_free(s);
  t.omit = SIUO_OMIT_SEED;
  t.max_tokens = 15;
  t.api = SIUO_API_OPENAI_RESPONSES;
  s = session_of_one(1, SIUO_API_OPENAI, 1);
  ck_assert_int_eq(siuo_session_set_target(s, SIUO_JOB_JUDGE_SAFETY, 0, &t), SIUO_EINVAL);
  ck_assert_ptr_nonnull(strstr(siuo_ctx_errmsg(ctx), "no max_output_tokens below 16"));
  t.max_tokens = 16;
  ck_assert_int_eq(siuo_session_set_target(s, SIUO_JOB_JUDGE_SAFETY, 0, &t), SIUO_OK);
  t.max_tokens = 15;
  t.omit |= SIUO_OMIT_MAX_TOKENS;
  ck_assert_int_eq(siuo_session_set_target(s, SIUO_JOB_JUDGE_SAFETY, 0, &t), SIUO_OK);
  siuo_session_free(s);
  t.omit = SIUO_JUDGE_SCHEMA;
  t.max_tokens = 16;
  for (int rules = SIUO_RULES_RELEASED; rules <= SIUO_RULES_VLMEVALKIT; rules++) {
    siuo_session_options o = session_options_of(rules, 1);
    s = session_with(&o, SIUO_TASK_GENERATION, 1, SIUO_API_OPENAI, 1);
    ck_assert_int_eq(siuo_session_set_target(s, SIUO_JOB_JUDGE_SAFETY, 0, &t), SIUO_EINVAL);
    ck_assert_ptr_nonnull(strstr(siuo_ctx_errmsg(ctx), "answers in JSON"));
    siuo_session_free(s);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("session and servers");
  TCase *tc = tcase_create("session and servers");
  tcase_add_checked_fixture(tc, session_setup, session_teardown);
  tcase_add_test(tc, several_answers_a_request);
  tcase_add_test(tc, an_answer_that_failed_is_restored);
  tcase_add_loop_test(tc, what_servers_reply, 0, (int)(sizeof replies / sizeof replies[0]));
  tcase_add_test(tc, when_to_ask_again);
  tcase_add_test(tc, a_word_that_did_not_help);
  tcase_add_test(tc, an_answer_that_may_pass);
  tcase_add_test(tc, a_stream);
  tcase_add_test(tc, what_an_error_comes_to);
  tcase_add_test(tc, another_model_answers);
  tcase_add_test(tc, another_provider_answers);
  tcase_add_test(tc, judges_are_others);
  tcase_add_test(tc, request_ids);
  tcase_add_test(tc, targets_that_are_checked);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
