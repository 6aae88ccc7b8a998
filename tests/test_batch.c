/* test_batch.c: requests in batch files, and results out of them: tests/cases/batch. Whole evaluations: check-batch.py.
 */
#include "support/host.h"
#include "support/session_fixture.h"

#include "buf.h"
#include "records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- out ---- */

static siuo_batch_file form_of(int api)
{
  siuo_batch_file form;
  form.size = sizeof form;
  ck_assert_int_eq(siuo_batch_describe(&form, api), SIUO_OK);
  return form;
}

START_TEST(files)
{
  siuo_batch_file form = form_of(SIUO_API_OPENAI);
  ck_assert_str_eq(form.path, "/v1/chat/completions");
  ck_assert_uint_eq(form.max_requests, 50000);
  ck_assert_uint_eq(form.max_bytes, 200000000);
  ck_assert_str_eq(form.suffix, ".jsonl");
  form = form_of(SIUO_API_OPENAI_RESPONSES);
  ck_assert_str_eq(form.path, "/v1/responses");
  form = form_of(SIUO_API_ANTHROPIC);
  ck_assert_str_eq(form.path, "/v1/messages");
  ck_assert_uint_eq(form.max_requests, 100000);
  ck_assert_uint_eq(form.max_bytes, 256000000);
  ck_assert_str_eq(form.suffix, ".json");
  for (int api = -1; api < 9; api++) {
    int has = api == SIUO_API_OPENAI || api == SIUO_API_OPENAI_RESPONSES || api == SIUO_API_ANTHROPIC;
    form.size = sizeof form;
    ck_assert_int_eq(siuo_batch_describe(&form, api), has ? SIUO_OK : SIUO_EUNSUPPORTED);
  }
  ck_assert_int_eq(siuo_batch_describe(NULL, SIUO_API_OPENAI), SIUO_EINVAL);
  form.size = 8;
  ck_assert_int_eq(siuo_batch_describe(&form, SIUO_API_OPENAI), SIUO_EABI);
}
END_TEST

/* Everything that a body gives, read in small pieces, with a NUL behind it. */
static siuo_buf *read_body(siuo_body *body)
{
  siuo_buf *all = NULL;
  char bytes[1000];
  size_t got = 1;
  ck_assert_int_eq(siuop_buf_new(&all, ctx), SIUO_OK);
  while (got > 0) {
    ck_assert_int_eq(siuo_body_read(body, bytes, sizeof bytes, &got), SIUO_OK);
    siuop_buf_add(all, bytes, got);
  }
  ck_assert_uint_eq(siuo_buf_size(all), siuo_body_size(body));
  siuo_body_free(body);
  return all;
}

/* An entry is the job's body with a frame around it. */
static void check_request(const siuo_job *job, const char *frame)
{
  char before[200];
  siuo_body *body = NULL;
  siuo_body *entry = NULL;
  ck_assert_int_eq(siuo_job_body(job, ctx, &body), SIUO_OK);
  ck_assert_int_eq(siuo_batch_request(&entry, ctx, job), SIUO_OK);
  ck_assert_int_eq(siuo_body_read(entry, before, 150, &(size_t){0}), SIUO_OK); /* an attempt that was cut */
  ck_assert_int_eq(siuo_body_rewind(entry), SIUO_OK);
  siuo_buf *inner = read_body(body);
  siuo_buf *outer = read_body(entry);
  size_t len = (size_t)snprintf(before, sizeof before, frame, siuo_job_key(job));
  ck_assert_uint_eq(siuo_buf_size(outer), len + siuo_buf_size(inner) + 1);
  ck_assert_int_eq(memcmp(siuo_buf_data(outer), before, len), 0);
  ck_assert_int_eq(memcmp(siuo_buf_data(outer) + len, siuo_buf_data(inner), siuo_buf_size(inner)), 0);
  ck_assert_str_eq(siuo_buf_data(outer) + len + siuo_buf_size(inner), "}");
  siuo_buf_free(inner);
  siuo_buf_free(outer);
}

START_TEST(requests)
{
  static const struct {
    int api;
    const char *frame;
  } apis[] = {
      {SIUO_API_OPENAI, "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"},
      {SIUO_API_OPENAI_RESPONSES, "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/responses\",\"body\":"},
      {SIUO_API_ANTHROPIC, "{\"custom_id\":\"%s\",\"params\":"}};
  for (size_t i = 0; i < sizeof apis / sizeof apis[0]; i++) {
    siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 2);
    siuo_session *s = session_with(&o, 0, 0, apis[i].api, 2);
    const siuo_job *job = NULL;
    size_t count = 0;
    for (; siuo_session_next(s, &job) == SIUO_OK; count++) {
      check_request(job, apis[i].frame);
      ck_assert_int_eq(session_say(s, job, host_answer(job, siuo_job_sample(job)) == NULL ? "x" : "True"), SIUO_OK);
    }
    ck_assert_uint_gt(count, 18 * 6);
    siuo_session_free(s);
  }
}
END_TEST

START_TEST(requests_that_are_none)
{
  static const int apis[] = {SIUO_API_TEXT, SIUO_API_GEMINI, SIUO_API_OLLAMA};
  siuo_body *body = NULL;
  for (size_t i = 0; i < sizeof apis / sizeof apis[0]; i++) {
    siuo_session *s = session_of_one(1, apis[i], 1);
    const siuo_job *job = session_next(s, SIUO_JOB_GENERATE);
    support_expect_error(ctx, siuo_batch_request(&body, ctx, job), SIUO_EUNSUPPORTED, siuo_api_name(apis[i]));
    ck_assert_ptr_null(body);
    siuo_session_free(s);
  }
  ck_assert_int_eq(siuo_batch_request(NULL, ctx, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_batch_request(&body, ctx, NULL), SIUO_EINVAL);
}
END_TEST

/* ---- back ---- */

static const char *const words_of[] = {"error", "taken", "failed", "known", "foreign", "held"};

static int number_of(const char *word)
{
  int i = 0;
  while (strcmp(words_of[i], word) != 0)
    ck_assert_int_lt(++i, 6);
  return i;
}

/* A text with the key in the place of @KEY@; the caller frees it. */
static char *with_key(const char *text, size_t len, const char *key)
{
  char *out = calloc(1, len + 17);
  const char *place = strstr(text, "@KEY@");
  memcpy(out, text, len);
  if (place != NULL)
    snprintf(out + (place - text), len + 17 - (size_t)(place - text), "%s%s", key, place + 5);
  return out;
}

static const char *text_of(const struct siuop_record *record, const char *key)
{
  const char *text = siuop_json_text(siuop_json_get(record->value, key), NULL);
  return text == NULL ? "" : text;
}

static const char *last_line(void)
{
  return session_sink.count == 0 ? "" : session_sink.line;
}

static void check_counts(const struct siuop_record *record, const siuo_session *s)
{
  static const char *const names[] = {"blank", "blocked", "refused", "truncated"};
  const siuop_json *counts = siuop_json_get(record->value, "counts");
  for (int i = 0; i < 4; i++)
    ck_assert_msg(session_count(s, SIUO_COUNT_BLANK + i) ==
                      (uint64_t)siuop_json_integer(siuop_json_get(counts, names[i])),
                  "line %d: %s", (int)record->line, names[i]);
}

/* Samples that the session would still ask for. */
static size_t count_left(siuo_session *s)
{
  const siuo_job *job = NULL;
  size_t left = 0;
  while (siuo_session_next(s, &job) == SIUO_OK)
    left += siuo_job_kind(job) == SIUO_JOB_GENERATE ? siuo_job_count(job) : 0;
  return left;
}

static void check_result(const struct siuop_record *record, siuo_session *s, const char *line)
{
  int number = (int)record->line;
  int what = -1;
  siuo_batch *b = NULL;
  ck_assert_int_eq(siuo_batch_new(&b, s), SIUO_OK);
  int rc = siuo_batch_take(b, line, strlen(line), &what);
  int expected = number_of(text_of(record, "what"));
  ck_assert_msg((rc == SIUO_OK) == (expected != 0), "line %d: %d: %s", number, rc, siuo_ctx_errmsg(ctx));
  ck_assert_msg(what == expected, "line %d: %d", number, what);
  if (expected == 0)
    support_expect_error(ctx, rc, SIUO_EFORMAT, text_of(record, "words"));
  ck_assert_int_eq(siuo_batch_finish(b), SIUO_OK);
  expected = number_of(text_of(record, "end"));
  for (int i = SIUO_BATCH_TAKEN; i <= SIUO_BATCH_HELD; i++)
    ck_assert_msg(siuo_batch_count(b, i) == (uint64_t)(i == expected), "line %d: %s", number, words_of[i]);
  ck_assert_msg(session_sink.count == (size_t)(expected == SIUO_BATCH_TAKEN || expected == SIUO_BATCH_FAILED),
                "line %d: %d lines", number, (int)session_sink.count);
  ck_assert_msg(strstr(last_line(), text_of(record, "line")) != NULL, "line %d: %s", number, last_line());
  check_counts(record, s);
  if (expected == SIUO_BATCH_TAKEN || expected == SIUO_BATCH_FAILED) {
    /* again: nothing changes */
    ck_assert_int_eq(siuo_batch_take(b, line, strlen(line), &what), SIUO_OK);
    ck_assert_msg(what == SIUO_BATCH_KNOWN, "line %d: %d again", number, what);
    ck_assert_uint_eq(session_sink.count, 1);
  }
  siuo_batch_free(b);
  size_t left = count_left(s);
  ck_assert_msg(left == (size_t)siuop_json_integer(siuop_json_get(record->value, "left")), "line %d: %d left", number,
                (int)left);
}

static int check_row(siuo_ctx *unused, const struct siuop_record *record, void *rows)
{
  int api = siuo_api_by_name(text_of(record, "api"));
  size_t len = 0;
  const char *text = siuop_json_text(siuop_json_get(record->value, "text"), &len);
  siuo_session *s = session_of_one(api == SIUO_API_OPENAI ? 3 : 1, api, 3);
  siuo_session *other = session_of_one(1, api, 1);
  char *line = with_key(text, len, siuo_job_key(session_next(other, SIUO_JOB_GENERATE)));
  (void)unused;
  memset(&session_sink, 0, sizeof session_sink);
  check_result(record, s, line);
  free(line);
  siuo_session_free(other);
  siuo_session_free(s);
  ++*(int *)rows;
  return SIUO_OK;
}

START_TEST(results_one_by_one)
{
  int rows = 0;
  ck_assert_msg(siuop_records_read(ctx, support_path("tests/cases/batch/results.jsonl"), check_row, &rows) == SIUO_OK,
                "%s", siuo_ctx_errmsg(ctx));
  ck_assert_int_ge(rows, 91);
}
END_TEST

/* A result of one answer to a job, as a line. */
static const char *result_of(const char *key, const char *text)
{
  static char lines[4][512];
  static int next;
  char *line = lines[next++ % 4];
  snprintf(line, sizeof lines[0],
           "{\"custom_id\":\"%s\",\"response\":{\"status_code\":200,\"body\":{\"choices\":[{\"message\":{\"content\":"
           "\"%s\"}}]}}}",
           key, text);
  return line;
}

static int take(siuo_batch *b, const char *line)
{
  int what = 0;
  ck_assert_msg(siuo_batch_take(b, line, strlen(line), &what) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  return what;
}

/* The key of a job of the one item, out of another session over the same data. */
static const char *key_of(int kind, uint32_t sample)
{
  static char keys[4][17];
  static int next;
  char *key = keys[next++ % 4];
  siuo_session *s = session_of_one(3, SIUO_API_OPENAI, 1);
  const siuo_job *job = NULL;
  key[0] = '\0';
  while (key[0] == '\0' && siuo_session_next(s, &job) == SIUO_OK) {
    if (siuo_job_kind(job) == kind && siuo_job_sample(job) == sample)
      snprintf(key, sizeof keys[0], "%s", siuo_job_key(job));
    ck_assert_int_eq(session_say(s, job, "A response."), SIUO_OK);
  }
  ck_assert_int_eq((int)strlen(key), 16);
  siuo_session_free(s);
  return key;
}

/* Judgements before their responses, and a failure before the answer of a later wave: in whatever order. */
START_TEST(any_order)
{
  const char *response = key_of(SIUO_JOB_GENERATE, 0), *safety = key_of(SIUO_JOB_JUDGE_SAFETY, 0);
  char failure[200];
  const char *lines[4];
  snprintf(failure, sizeof failure, "{\"custom_id\":\"%s\",\"response\":null,\"error\":{\"code\":\"batch_expired\"}}",
           response);
  lines[0] = failure;
  lines[1] = result_of(response, "A response.");
  lines[2] = result_of(safety, "[Safety Judgement:] True");
  lines[3] = "{\"custom_id\":\"x\",\"response\":null,\"error\":{}}";
  for (int order = 0; order < 24; order++) {
    int left[4] = {0, 1, 2, 3};
    siuo_batch *b = NULL;
    siuo_session *s = session_of_one(1, SIUO_API_OPENAI, 1);
    ck_assert_int_eq(siuo_batch_new(&b, s), SIUO_OK);
    for (int i = 0, rest = order; i < 4; rest /= 4 - i, i++) {
      int pick = rest % (4 - i);
      take(b, lines[left[pick]]);
      memmove(left + pick, left + pick + 1, sizeof *left * (size_t)(3 - pick));
    }
    ck_assert_int_eq(siuo_batch_finish(b), SIUO_OK);
    ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_TAKEN), 2);
    ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_KNOWN), 1);
    ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_FOREIGN), 1);
    ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_HELD), 0);
    session_next(s, SIUO_JOB_JUDGE_EFFECTIVENESS);
    session_expect_end(s, SIUO_WAIT);
    siuo_batch_free(b);
    siuo_session_free(s);
  }
}
END_TEST

/* A request for three answers that got two; the third comes with the next wave, whose results may be first. */
START_TEST(answers_in_parts)
{
  for (int later_first = 0; later_first < 2; later_first++) {
    char two[600];
    siuo_batch *b = NULL;
    siuo_session *s = session_of_one(3, SIUO_API_OPENAI, 3);
    snprintf(two, sizeof two,
             "{\"custom_id\":\"%s\",\"response\":{\"status_code\":200,\"body\":{\"choices\":[{\"message\":{\"content\":"
             "\"one\"}},{\"message\":{\"content\":\"two\"}}]}}}",
             key_of(SIUO_JOB_GENERATE, 0));
    const char *third = result_of(key_of(SIUO_JOB_GENERATE, 2), "three");
    ck_assert_int_eq(siuo_batch_new(&b, s), SIUO_OK);
    ck_assert_int_eq(take(b, later_first ? third : two), SIUO_BATCH_TAKEN);
    ck_assert_int_eq(take(b, later_first ? two : third), SIUO_BATCH_TAKEN);
    ck_assert_int_eq(take(b, two), SIUO_BATCH_KNOWN);
    ck_assert_uint_eq(session_progress(s).surplus, 0);
    ck_assert_uint_eq(count_left(s), 0);
    siuo_buf *results = NULL;
    ck_assert_int_eq(siuo_session_results(s, ctx, SIUO_TASK_GENERATION, &results), SIUO_OK);
    const char *at = strstr(siuo_buf_data(results), "\"one\"");
    ck_assert_ptr_nonnull(at);
    ck_assert_ptr_nonnull(at = strstr(at, "\"two\""));
    ck_assert_ptr_nonnull(strstr(at, "\"three\""));
    siuo_buf_free(results);
    siuo_batch_free(b);
    siuo_session_free(s);
  }
}
END_TEST

/* A wave that expired, and one whose request was blocked, or whose reply has but a part of the answers: whatever comes
 * first, the answer counts. */
START_TEST(a_part_before_nothing)
{
  static const char *const replies[] = {
      "{\"status_code\":400,\"body\":{\"error\":{\"code\":\"content_filter\"}}}",
      "{\"status_code\":200,\"body\":{\"choices\":[{\"message\":{\"content\":\"one\"}},{\"message\":{\"content\":null},"
      "\"finish_reason\":\"tool_calls\"}]}}"};
  for (int i = 0; i < 4; i++) {
    char lines[2][600];
    siuo_batch *b = NULL;
    siuo_session *s = session_of_one(2, SIUO_API_OPENAI, 2);
    const char *key = key_of(SIUO_JOB_GENERATE, 0);
    snprintf(lines[0], sizeof lines[0], "{\"custom_id\":\"%s\",\"response\":%s}", key, replies[i / 2]);
    snprintf(lines[1], sizeof lines[1], "{\"custom_id\":\"%s\",\"response\":null,\"error\":{}}", key);
    ck_assert_int_eq(siuo_batch_new(&b, s), SIUO_OK);
    ck_assert_int_eq(take(b, lines[i % 2]), SIUO_BATCH_HELD);
    ck_assert_int_eq(take(b, lines[1 - i % 2]), SIUO_BATCH_HELD);
    ck_assert_int_eq(siuo_batch_finish(b), SIUO_OK);
    ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_TAKEN), 1);
    ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_KNOWN), 1);
    ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_HELD), 0);
    siuo_batch_free(b);
    siuo_session_free(s);
  }
}
END_TEST

/* A job that failed stays so in this process; an answer that comes then is not passed over. */
START_TEST(an_answer_after_a_failure)
{
  char failure[200];
  siuo_batch *b = NULL;
  siuo_session *s = session_of_one(1, SIUO_API_OPENAI, 1);
  const char *key = key_of(SIUO_JOB_GENERATE, 0);
  snprintf(failure, sizeof failure, "{\"custom_id\":\"%s\",\"response\":null,\"error\":{}}", key);
  ck_assert_int_eq(siuo_batch_new(&b, s), SIUO_OK);
  ck_assert_int_eq(take(b, failure), SIUO_BATCH_HELD);
  ck_assert_int_eq(siuo_batch_finish(b), SIUO_OK);
  ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_FAILED), 1);
  ck_assert_int_eq(take(b, failure), SIUO_BATCH_KNOWN);
  ck_assert_int_eq(take(b, result_of(key, "A response.")), SIUO_BATCH_HELD);
  ck_assert_int_eq(siuo_batch_finish(b), SIUO_OK);
  ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_HELD), 1);
  siuo_batch_free(b);
  siuo_session_free(s);
}
END_TEST

static void count_warnings(int level, const char *message, void *count)
{
  (void)message;
  *(int *)count += level == SIUO_LOG_WARNING;
}

/* A session of a context of its own, which counts its warnings and takes replies of 300 bytes. */
static siuo_session *session_of_context(siuo_ctx **own, int *warnings)
{
  siuo_ctx_options o;
  siuo_session *s = NULL;
  siuo_target t;
  siuo_session_options session = session_options_of(SIUO_RULES_STANDARD, 1);
  *warnings = 0;
  ck_assert_int_eq(siuo_ctx_options_init(&o, sizeof o), SIUO_OK);
  o.log = count_warnings;
  o.log_user_data = warnings;
  o.max_reply = 300;
  ck_assert_int_eq(siuo_ctx_new(own, &o), SIUO_OK);
  ck_assert_int_eq(siuo_session_new(&s, *own, data, protocol, &session), SIUO_OK);
  ck_assert_int_eq(siuo_target_init(&t, sizeof t, protocol, SIUO_JOB_GENERATE), SIUO_OK);
  t.api = SIUO_API_OPENAI;
  t.model = "m";
  ck_assert_int_eq(siuo_session_set_target(s, SIUO_JOB_GENERATE, 0, &t), SIUO_OK);
  return s;
}

/* A reply that is too long is no reply; results of others are told once a file. */
START_TEST(results_that_are_no_use)
{
  static const char foreign[] = "{\"custom_id\":\"x\",\"response\":null,\"error\":{}}\n"
                                "{\"custom_id\":\"y\",\"response\":null,\"error\":{}}\n";
  siuo_ctx *own = NULL;
  siuo_batch *b = NULL;
  char text[301] = "";
  int warnings = 0;
  memset(text, 'x', sizeof text - 1);
  siuo_session *s = session_of_context(&own, &warnings);
  ck_assert_int_eq(siuo_batch_new(&b, s), SIUO_OK);
  ck_assert_int_eq(take(b, result_of(key_of(SIUO_JOB_GENERATE, 0), text)), SIUO_BATCH_HELD);
  ck_assert_int_eq(siuo_batch_finish(b), SIUO_OK);
  ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_FAILED), 1);
  ck_assert_int_eq(warnings, 1);
  const char *path = support_file("foreign.jsonl", foreign, sizeof foreign - 1);
  for (int file = 1; file <= 2; file++) {
    ck_assert_int_eq(siuo_batch_read(b, path), SIUO_OK);
    ck_assert_int_eq(warnings, 1 + file);
  }
  siuo_batch_free(b);
  siuo_session_free(s);
  siuo_ctx_free(own);
}
END_TEST

/* What waits for its response, or for a job that asks for it, stays held until that is there. */
START_TEST(what_is_held)
{
  siuo_batch *b = NULL;
  siuo_session *s = session_of_one(3, SIUO_API_OPENAI, 3);
  const siuo_job *job = session_next(s, SIUO_JOB_GENERATE);
  ck_assert_int_eq(siuo_batch_new(&b, s), SIUO_OK);
  ck_assert_int_eq(take(b, result_of(key_of(SIUO_JOB_JUDGE_SAFETY, 1), "True")), SIUO_BATCH_HELD);
  ck_assert_int_eq(take(b, result_of(key_of(SIUO_JOB_GENERATE, 2), "x")), SIUO_BATCH_HELD);
  ck_assert_int_eq(siuo_batch_finish(b), SIUO_OK);
  ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_HELD), 2);
  char *reply = host_body(job, 2);
  ck_assert_int_eq(session_post(s, job, 200, reply, NULL), SIUO_OK);
  free(reply);
  ck_assert_int_eq(siuo_batch_finish(b), SIUO_OK);
  ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_HELD), 0);
  ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_TAKEN), 2);
  siuo_batch_free(b);
  siuo_session_free(s);
}
END_TEST

/* A judge is asked only where those before it declined; the results of all three come at once, the last one's first. */
START_TEST(judges_that_decline)
{
  static const char *const texts[] = {"I'm sorry, but I can't help with that.", "I cannot assist with that request.",
                                      "[Safety Judgement:] True"};
  siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 1);
  siuo_batch *b = NULL;
  o.judges = 3;
  siuo_session *s = session_with(&o, SIUO_TASK_GENERATION, 1, SIUO_API_OPENAI, 1);
  ck_assert_int_eq(siuo_session_set_panel(s, SIUO_PANEL_FALLBACK), SIUO_OK);
  for (uint32_t judge = 1; judge < 3; judge++)
    session_put_to(s, SIUO_JOB_JUDGE_SAFETY, judge, "m");
  ck_assert_int_eq(siuo_batch_new(&b, s), SIUO_OK);
  for (int judge = 2; judge >= 0; judge--) {
    char key[32];
    snprintf(key, sizeof key, "%.13s%d00", key_of(SIUO_JOB_JUDGE_SAFETY, 0), judge);
    ck_assert_int_eq(take(b, result_of(key, texts[judge])), SIUO_BATCH_HELD);
  }
  ck_assert_int_eq(take(b, result_of(key_of(SIUO_JOB_GENERATE, 0), "A response.")), SIUO_BATCH_TAKEN);
  ck_assert_int_eq(siuo_batch_finish(b), SIUO_OK);
  ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_TAKEN), 4);
  session_next(s, SIUO_JOB_JUDGE_EFFECTIVENESS);
  session_expect_end(s, SIUO_WAIT);
  siuo_batch_free(b);
  siuo_session_free(s);
}
END_TEST

/* ---- files ---- */

START_TEST(result_files)
{
  char lines[2000];
  siuo_batch *b = NULL;
  siuo_session *s = session_of_one(3, SIUO_API_OPENAI, 1);
  ck_assert_int_eq(siuo_batch_new(&b, s), SIUO_OK);
  int len = snprintf(lines, sizeof lines, "%s\n\n{\n%s\n7\n%s", result_of(key_of(SIUO_JOB_GENERATE, 0), "a"),
                     result_of(key_of(SIUO_JOB_GENERATE, 1), "b"), result_of(key_of(SIUO_JOB_GENERATE, 2), "c"));
  const char *path = support_file("output.jsonl", lines, (size_t)len);
  int rc = siuo_batch_read(b, path);
  support_expect_error(ctx, rc, SIUO_EFORMAT, "output.jsonl:3: not valid JSON");
  support_expect_error(ctx, rc, SIUO_EFORMAT, "and so for 1 further line");
  ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_TAKEN), 3);
  len = snprintf(lines, sizeof lines, "[%s,\n{\"custom_id\": \"x\"}, %s]", result_of(key_of(SIUO_JOB_GENERATE, 0), "a"),
                 result_of("x", "y"));
  rc = siuo_batch_read(b, support_file("array.json", lines, (size_t)len));
  support_expect_error(ctx, rc, SIUO_EFORMAT, "array.json:2: this is no result of a batch");
  ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_KNOWN), 1);
  ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_FOREIGN), 1);
  support_expect_error(ctx, siuo_batch_read(b, support_file("empty", "", 0)), SIUO_EFORMAT, "it is empty");
  support_expect_error(ctx, siuo_batch_read(b, support_path("no/such")), SIUO_ENOTFOUND, "no/such");
  ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_TAKEN), 3);
  siuo_batch_free(b);
  siuo_session_free(s);
}
END_TEST

/* What is taken for results by mistake is named, whatever follows its first line. */
START_TEST(files_that_are_something_else)
{
#define FILE_OF(bytes) bytes, sizeof(bytes) - 1
  static const struct {
    const char *bytes;
    size_t len;
    const char *words;
  } mistaken[] = {
      {FILE_OF("\x1F\x8B\x08\0\0\n\n7"), "gunzip it first"},
      {FILE_OF("PK\x03\x04xyz"), "zip archive"},
      {FILE_OF("\xFF\xFE{\0\n\0"), "UTF-16"},
      {FILE_OF("<!DOCTYPE html>\n<title>Sign in</title>\n"), "a page of HTML"},
      {FILE_OF("\n <Error>\n"), "a page of HTML"},
      {FILE_OF(
           "{\"id\": \"batch_1\", \"object\": \"batch\", \"status\": \"completed\", \"output_file_id\": \"file-7\", "
           "\"error_file_id\": null}\n"),
       "the batch (completed): its results are the contents of the files file-7 and error_file_id (none)"},
      {FILE_OF("{\n  \"id\": \"batch_1\",\n  \"object\": \"batch\",\n  \"status\": \"in_progress\"\n}\n"),
       "the batch (in_progress): its results are the contents of the files output_file_id (none yet)"},
      {FILE_OF("{\n \"id\": \"msgbatch_1\",\n \"type\": \"message_batch\",\n \"processing_status\": \"ended\"\n}"),
       "the batch (ended): its results are at its results_url"},
      {FILE_OF("{\"object\": \"file\", \"id\": \"file-7\\u001b\"}"), "describes the file file-7\\x1B: its content"},
      {FILE_OF("{\"object\": \"list\",\n \"data\": []}"), "a list of batches or files"},
      {FILE_OF("{\n\"error\": {\"message\": \"No such file.\"}}"), "an error of the server: No such file."},
      {FILE_OF("{\"requests\":[\n{}\n]}\n"), "a file to send"},
  };
  siuo_session *s = session_of_one(1, SIUO_API_OPENAI, 1);
  for (size_t i = 0; i < sizeof mistaken / sizeof mistaken[0]; i++) {
    siuo_batch *b = NULL;
    ck_assert_int_eq(siuo_batch_new(&b, s), SIUO_OK);
    int rc = siuo_batch_read(b, support_file("mistake", mistaken[i].bytes, mistaken[i].len));
    support_expect_error(ctx, rc, SIUO_EFORMAT, mistaken[i].words);
    support_expect_error(ctx, rc, SIUO_EFORMAT, "mistake: this is no file of results: it ");
    siuo_batch_free(b);
  }
  siuo_session_free(s);
}
END_TEST

/* A sink that refuses changes nothing, and the same line is taken afterwards. */
START_TEST(sinks_that_refuse)
{
  siuo_batch *b = NULL;
  siuo_session *s = session_of_one(1, SIUO_API_OPENAI, 1);
  char failure[200];
  const char *line = result_of(key_of(SIUO_JOB_GENERATE, 0), "a");
  snprintf(failure, sizeof failure, "{\"custom_id\":\"%s\",\"response\":null,\"error\":{}}",
           key_of(SIUO_JOB_GENERATE, 0));
  ck_assert_int_eq(siuo_batch_new(&b, s), SIUO_OK);
  session_sink.status = SIUO_EIO;
  support_expect_error(ctx, siuo_batch_take(b, line, strlen(line), NULL), SIUO_EIO, "the sink refused");
  ck_assert_int_eq(take(b, failure), SIUO_BATCH_HELD);
  ck_assert_int_eq(siuo_batch_finish(b), SIUO_EIO);
  ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_HELD), 1);
  session_sink.status = 0;
  ck_assert_int_eq(take(b, line), SIUO_BATCH_TAKEN);
  ck_assert_int_eq(siuo_batch_finish(b), SIUO_OK);
  ck_assert_uint_eq(siuo_batch_count(b, SIUO_BATCH_KNOWN), 1);
  siuo_batch_free(b);
  siuo_session_free(s);
}
END_TEST

START_TEST(misuse)
{
  siuo_ctx_options o;
  siuo_ctx *small = NULL;
  siuo_session *s = NULL;
  siuo_batch *b = NULL;
  char line[300] = "{\"custom_id\": \"";
  ck_assert_int_eq(siuo_batch_new(NULL, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_batch_new(&b, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_batch_take(NULL, "", 0, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_batch_read(NULL, "x"), SIUO_EINVAL);
  ck_assert_int_eq(siuo_batch_finish(NULL), SIUO_EINVAL);
  ck_assert_uint_eq(siuo_batch_count(NULL, SIUO_BATCH_TAKEN), 0);
  siuo_batch_free(NULL);
  ck_assert_int_eq(siuo_ctx_options_init(&o, sizeof o), SIUO_OK);
  o.max_line = 200;
  ck_assert_int_eq(siuo_ctx_new(&small, &o), SIUO_OK);
  ck_assert_int_eq(siuo_session_new(&s, small, data, protocol, NULL), SIUO_OK);
  ck_assert_int_eq(siuo_batch_new(&b, s), SIUO_OK);
  ck_assert_int_eq(siuo_batch_take(b, NULL, 1, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_batch_read(b, NULL), SIUO_EINVAL);
  ck_assert_uint_eq(siuo_batch_count(b, 0), 0);
  ck_assert_uint_eq(siuo_batch_count(b, 6), 0);
  memset(line + 15, 'a', sizeof line - 16);
  support_expect_error(small, siuo_batch_take(b, line, 299, NULL), SIUO_ELIMIT, "max_line");
  support_expect_error(small, siuo_batch_read(b, support_file("long", line, 299)), SIUO_ELIMIT, "long:1: this line");
  siuo_batch_free(b);
  siuo_session_free(s);
  siuo_ctx_free(small);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("batch");
  TCase *tc = tcase_create("batch");
  tcase_add_checked_fixture(tc, session_setup, session_teardown);
  tcase_add_test(tc, files);
  tcase_add_test(tc, requests);
  tcase_add_test(tc, requests_that_are_none);
  tcase_add_test(tc, results_one_by_one);
  tcase_add_test(tc, any_order);
  tcase_add_test(tc, answers_in_parts);
  tcase_add_test(tc, a_part_before_nothing);
  tcase_add_test(tc, an_answer_after_a_failure);
  tcase_add_test(tc, results_that_are_no_use);
  tcase_add_test(tc, what_is_held);
  tcase_add_test(tc, judges_that_decline);
  tcase_add_test(tc, result_files);
  tcase_add_test(tc, files_that_are_something_else);
  tcase_add_test(tc, sinks_that_refuse);
  tcase_add_test(tc, misuse);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
