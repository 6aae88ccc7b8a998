/* test_reuse.c: members of the host's own in request bodies, and replies that are given to identical questions of
 * another session. */
#include "support/setting.h"

#include "buf.h"
#include "json.h"
#include "records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- extras ---- */

/* Whether two values are the same, whatever the order of members. */
static int is_same(const siuop_json *a, const siuop_json *b)
{
  siuo_buf *x = NULL, *y = NULL;
  if (a == NULL || b == NULL)
    return 0;
  ck_assert_int_eq(siuop_buf_new(&x, ctx), SIUO_OK);
  ck_assert_int_eq(siuop_buf_new(&y, ctx), SIUO_OK);
  ck_assert_int_eq(siuop_json_write_sorted(a, x), SIUO_OK);
  ck_assert_int_eq(siuop_json_write_sorted(b, y), SIUO_OK);
  int same = strcmp(siuo_buf_data(x), siuo_buf_data(y)) == 0;
  siuo_buf_free(x);
  siuo_buf_free(y);
  return same;
}

/* The body holds what the row says, and the question's members as they are without an extra. */
static void check_members(const struct siuop_record *record, const char *with, const char *without)
{
  siuop_json *body = NULL, *before = NULL;
  void *state = NULL;
  const char *key = NULL;
  const siuop_json *value;
  const siuop_json *gone = siuop_json_get(record->value, "gone");
  static const char *const questions[] = {"messages", "input", "contents"};
  ck_assert_msg(siuop_json_parse(&body, ctx, "body", 1, with, strlen(with)) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  ck_assert_int_eq(siuop_json_parse(&before, ctx, "body", 1, without, strlen(without)), SIUO_OK);
  while ((value = siuop_json_each(siuop_json_get(record->value, "set"), &state, &key)) != NULL)
    ck_assert_msg(is_same(siuop_json_get(body, key), value), "line %d: %s", (int)record->line, key);
  for (size_t i = 0; i < siuop_json_size(gone); i++)
    ck_assert_ptr_null(siuop_json_get(body, siuop_json_text(siuop_json_at(gone, i), NULL)));
  for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++)
    if (siuop_json_get(before, questions[i]) != NULL)
      ck_assert_msg(is_same(siuop_json_get(body, questions[i]), siuop_json_get(before, questions[i])), "line %d",
                    (int)record->line);
  siuop_json_free(body);
  siuop_json_free(before);
}

static int check_extra(siuo_ctx *unused, const struct siuop_record *record, void *rows)
{
  struct setting x = plain;
  siuo_buf *extra = NULL;
  char *without = NULL;
  int rc = SIUO_OK;
  (void)unused;
  x.api = siuo_api_by_name(siuop_json_text(siuop_json_get(record->value, "api"), NULL));
  x.model = x.api == SIUO_API_LLAMACPP ? "llava-1.5" : "m";
  const char *system = siuop_json_text(siuop_json_get(record->value, "system"), NULL);
  x.system = x.api == SIUO_API_LLAMACPP ? NULL : system == NULL ? "S" : system;
  x.max_tokens = 17;
  x.n = 2;
  x.samples = 2;
  for (int with = 0; with < 2; with++) {
    siuo_session *s = session_of(&x);
    if (with) {
      ck_assert_int_eq(siuop_buf_new(&extra, ctx), SIUO_OK);
      ck_assert_int_eq(siuop_json_write(siuop_json_get(record->value, "extra"), extra), SIUO_OK);
      rc = siuo_session_set_extra(s, SIUO_JOB_GENERATE, 0, siuo_buf_data(extra), siuo_buf_size(extra));
      siuo_buf_free(extra);
    }
    if (with && siuop_json_get(record->value, "refused") != NULL) {
      support_expect_error(ctx, rc, SIUO_EINVAL, "would replace the question");
    } else {
      ck_assert_msg(rc == SIUO_OK, "line %d: %s", (int)record->line, siuo_ctx_errmsg(ctx));
      char *text = body_text(session_next(s, SIUO_JOB_GENERATE), &rc);
      if (with && siuop_json_get(record->value, "picture_refused") != NULL)
        support_expect_error(ctx, rc, SIUO_EINVAL, "or its picture");
      else if (with)
        check_members(record, text, without);
      else
        without = strdup(text);
    }
    siuo_session_free(s);
  }
  free(without);
  ++*(int *)rows;
  return SIUO_OK;
}

START_TEST(extras)
{
  int rows = 0;
  ck_assert_msg(siuop_records_read(ctx, support_path("tests/cases/wire/extra.jsonl"), check_extra, &rows) == SIUO_OK,
                "%s", siuo_ctx_errmsg(ctx));
  ck_assert_int_ge(rows, 20);
}
END_TEST

static int set_extra(siuo_session *s, const char *extra)
{
  return siuo_session_set_extra(s, SIUO_JOB_GENERATE, 0, extra, strlen(extra));
}

START_TEST(extras_that_are_none)
{
  static const char *const secrets[] = {"sk-12345", ""};
  siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 1);
  siuo_buf *description = NULL;
  siuo_target t;
  o.secrets = secrets;
  o.secret_count = 2;
  siuo_session *s = session_with(&o, SIUO_TASK_GENERATION, 1, SIUO_API_OPENAI, 1);
  support_expect_error(ctx, set_extra(s, "{\"a\""), SIUO_EFORMAT, "not valid JSON");
  support_expect_error(ctx, set_extra(s, "[1]"), SIUO_EFORMAT, "expected an object {...}, found an array");
  support_expect_error(ctx, set_extra(s, "{\"a\": 1, \"a\": 2}"), SIUO_EFORMAT, "duplicate");
  support_expect_error(ctx, set_extra(s, ""), SIUO_EFORMAT, "extra:1");
  support_expect_error(ctx, set_extra(s, "{\"a\": [{\"b\": \"x sk-1\\u0032345\"}]}"), SIUO_EINVAL,
                       "a key stands in it");
  support_expect_error(ctx, set_extra(s, "{\"sk-12345\": 1}"), SIUO_EINVAL, "a key stands in it");
  support_expect_error(ctx, siuo_session_set_extra(s, 9, 0, "{}", 2), SIUO_EINVAL, "no job of kind 9");
  support_expect_error(ctx, siuo_session_set_extra(s, SIUO_JOB_JUDGE_SAFETY, 1, "{}", 2), SIUO_EINVAL, "judge 1");
  ck_assert_int_eq(siuo_session_set_extra(NULL, SIUO_JOB_GENERATE, 0, "{}", 2), SIUO_EINVAL);
  ck_assert_int_eq(siuo_session_set_extra(s, SIUO_JOB_GENERATE, 0, NULL, 2), SIUO_EINVAL);
  ck_assert_int_eq(set_extra(s, "{\"contents\": 1}"), SIUO_OK); /* a member like any other, for this API */
  ck_assert_int_eq(siuo_session_describe(s, ctx, &description), SIUO_OK);
  ck_assert_ptr_nonnull(strstr(siuo_buf_data(description), "\"extra\":{\"contents\":1}"));
  siuo_buf_free(description);
  ck_assert_int_eq(siuo_target_init(&t, sizeof t, protocol, SIUO_JOB_GENERATE), SIUO_OK);
  t.api = SIUO_API_GEMINI;
  t.model = "m";
  support_expect_error(ctx, siuo_session_set_target(s, SIUO_JOB_GENERATE, 0, &t), SIUO_EINVAL, "replace the question");
  ck_assert_int_eq(siuo_session_set_extra(s, SIUO_JOB_GENERATE, 0, NULL, 0), SIUO_OK);
  ck_assert_int_eq(siuo_session_set_target(s, SIUO_JOB_GENERATE, 0, &t), SIUO_OK);
  session_next(s, SIUO_JOB_GENERATE);
  support_expect_error(ctx, set_extra(s, "{}"), SIUO_ESTATE, "before the first job");
  siuo_session_free(s);
}
END_TEST

/* ---- reuse ---- */

/* Writes the lines of a session that answers its responses with these texts (NULL ends them), each as one reply. */
static const char *record(const char *name, const char *const *texts)
{
  struct setting x = plain;
  char lines[65536] = "{\"siuo\":\"journal/1\",\"session\":{}}\n";
  for (x.samples = 0; texts[x.samples] != NULL;)
    x.samples++;
  siuo_session *s = session_of(&x);
  for (uint32_t i = 0; i < x.samples; i++) {
    ck_assert_int_eq(session_say(s, session_next(s, SIUO_JOB_GENERATE), texts[i]), SIUO_OK);
    strncat(lines, session_sink.line, sizeof lines - strlen(lines) - 1);
  }
  siuo_session_free(s);
  return support_file(name, lines, strlen(lines));
}

/* Gives the session's next response a recorded reply. */
static int reuse_next(siuo_reuse *r, siuo_session *s, const siuo_job **job)
{
  *job = session_next(s, SIUO_JOB_GENERATE);
  return siuo_reuse_answer(r, s, *job);
}

static siuo_reuse *reuse_of(const char *path)
{
  siuo_reuse *r = NULL;
  ck_assert_int_eq(siuo_reuse_new(&r, ctx), SIUO_OK);
  ck_assert_msg(siuo_reuse_add(r, path) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  return r;
}

START_TEST(each_reply_once_and_in_order)
{
  static const char *const texts[] = {"One.", "One.", "Three.", NULL};
  struct setting x = plain;
  const siuo_job *job = NULL;
  siuo_reuse *r = reuse_of(record("three.jsonl", texts));
  x.samples = 4;
  x.rules = SIUO_RULES_RELEASED;
  siuo_session *s = session_of(&x);
  ck_assert_uint_eq(siuo_reuse_count(r), 3);
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq(reuse_next(r, s, &job), SIUO_OK);
    ck_assert_ptr_nonnull(strstr(session_sink.line, texts[i]));
  }
  ck_assert_uint_eq(siuo_reuse_count(r), 0);
  ck_assert_int_eq(reuse_next(r, s, &job), SIUO_ENOTFOUND);
  ck_assert_int_eq(session_say(s, job, "Four."), SIUO_OK); /* it is still open */
  siuo_session_free(s);
  siuo_reuse_free(r);
}
END_TEST

START_TEST(copies_count_once)
{
  static const char *const texts[] = {"One.", "One.", NULL}, *const more[] = {"One.", "One.", "One.", "Two.", NULL};
  struct setting x = plain;
  const siuo_job *job = NULL;
  siuo_reuse *r = reuse_of(record("a.jsonl", texts));
  ck_assert_int_eq(siuo_reuse_add(r, record("b.jsonl", texts)), SIUO_OK);
  ck_assert_uint_eq(siuo_reuse_count(r), 2);
  ck_assert_int_eq(siuo_reuse_add(r, record("c.jsonl", more)), SIUO_OK);
  ck_assert_uint_eq(siuo_reuse_count(r), 4);
  ck_assert_int_eq(siuo_reuse_exclude(r, record("own.jsonl", texts)), SIUO_OK); /* the run has two of them already */
  ck_assert_uint_eq(siuo_reuse_count(r), 2);
  x.samples = 4;
  siuo_session *s = session_of(&x);
  ck_assert_int_eq(reuse_next(r, s, &job), SIUO_OK);
  ck_assert_ptr_nonnull(strstr(session_sink.line, "One."));
  ck_assert_int_eq(reuse_next(r, s, &job), SIUO_OK);
  ck_assert_ptr_nonnull(strstr(session_sink.line, "Two."));
  ck_assert_int_eq(reuse_next(r, s, &job), SIUO_ENOTFOUND);
  siuo_session_free(s);
  siuo_reuse_free(r);
  r = NULL; /* what is excluded first stays out, too */
  ck_assert_int_eq(siuo_reuse_new(&r, ctx), SIUO_OK);
  ck_assert_int_eq(siuo_reuse_exclude(r, record("own.jsonl", texts)), SIUO_OK);
  ck_assert_int_eq(siuo_reuse_add(r, record("c.jsonl", more)), SIUO_OK);
  ck_assert_uint_eq(siuo_reuse_count(r), 2);
  siuo_reuse_free(r);
}
END_TEST

START_TEST(the_same_sample_first)
{
  static const char *const first[] = {"A0", NULL}, *const second[] = {"B0", "B1", "B2", NULL};
  static const char *const expected[] = {"A0", "B1", "B2", "B0"};
  struct setting x = plain;
  const siuo_job *job = NULL;
  siuo_reuse *r = reuse_of(record("a.jsonl", first));
  ck_assert_int_eq(siuo_reuse_add(r, record("b.jsonl", second)), SIUO_OK);
  x.samples = 4;
  siuo_session *s = session_of(&x);
  for (int i = 0; i < 4; i++) {
    ck_assert_int_eq(reuse_next(r, s, &job), SIUO_OK);
    ck_assert_msg(strstr(session_sink.line, expected[i]) != NULL, "%s: %s", expected[i], session_sink.line);
  }
  siuo_session_free(s);
  siuo_reuse_free(r);
}
END_TEST

/* A line of the first question, with the members given. */
static void add_line(char *lines, size_t size, const char *members)
{
  size_t len = strlen(lines);
  struct setting x = plain;
  x.n = 3;
  snprintf(lines + len, size - len,
           "{\"prev\":\"x\",\"job\":\"generate\",\"id\":\"%s\",\"sample\":0,\"question\":\"%s\",%s}\n",
           siuo_item_id(siuo_dataset_item(data, 0), NULL), question_of(&x), members);
}

START_TEST(what_is_not_reused)
{
  static const char *const replies[] = {
      "\"failed\":\"x\"",
      "\"api\":\"openai\",\"http_status\":400,\"body\":\"{\\\"error\\\":{\\\"message\\\":\\\"x\\\"}}\"",
      "\"api\":\"openai\",\"http_status\":503,\"body\":\"{}\"", "\"api\":\"openai\",\"body\":\"{{{\"",
      ("\"api\":\"openai\",\"count\":2,\"body\":\"{\\\"choices\\\":[{\\\"message\\\":{\\\"content\\\":\\\"ok\\\"}},"
       "{\\\"message\\\":{\\\"content\\\":null},\\\"finish_reason\\\":\\\"tool_calls\\\"}]}\"")};
  for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
    char lines[4096] = "";
    add_line(lines, sizeof lines, replies[i]);
    siuo_reuse *r = reuse_of(support_file("not.jsonl", lines, strlen(lines)));
    ck_assert_msg(siuo_reuse_count(r) == 0, "%s", replies[i]);
    siuo_reuse_free(r);
  }
  static const char verdict[] = "{\"job\":\"judge_safety\",\"id\":\"1901\",\"question\":\"q\",\"verdict\":1}\n";
  siuo_reuse *r = reuse_of(support_file("verdict.jsonl", verdict, sizeof verdict - 1));
  ck_assert_uint_eq(siuo_reuse_count(r), 0);
  siuo_reuse_free(r);
}
END_TEST

#define THREE_ANSWERS                                                                                                  \
  "\"count\":3,\"api\":\"openai\",\"http_status\":200,\"body\":\"{\\\"choices\\\":[{\\\"message\\\":{\\\"content\\\":" \
  "\\\"a\\\"}},{\\\"message\\\":{\\\"content\\\":\\\"b\\\"}},{\\\"message\\\":{\\\"content\\\":\\\"c\\\"}}]}\""

START_TEST(replies_of_several_answers)
{
  char lines[4096] = "";
  struct setting x = plain;
  const siuo_job *job = NULL;
  add_line(lines, sizeof lines, THREE_ANSWERS);
  siuo_reuse *r = reuse_of(support_file("several.jsonl", lines, strlen(lines)));
  x.samples = 3; /* and one answer a request */
  siuo_session *s = session_of(&x);
  ck_assert_int_eq(reuse_next(r, s, &job), SIUO_OK);
  ck_assert_uint_eq(session_progress(s).surplus, 0);
  session_next(s, SIUO_JOB_JUDGE_SAFETY); /* no sample is left to ask */
  siuo_session_free(s);
  siuo_reuse_free(r);
}
END_TEST

/* The sample of the next response; judges' jobs before it are handed out. */
static uint32_t next_sample(siuo_session *s)
{
  const siuo_job *job = NULL;
  do
    ck_assert_int_eq(siuo_session_next(s, &job), SIUO_OK);
  while (siuo_job_kind(job) != SIUO_JOB_GENERATE);
  return siuo_job_sample(job);
}

/* It takes the samples that are free, up to the first that is not: its line says no more, so that both can be restored.
 */
START_TEST(a_sample_is_in_between)
{
  char lines[4096] = "", kept[2][sizeof session_sink.line];
  struct setting x = plain;
  const siuo_job *job = NULL;
  add_line(lines, sizeof lines, THREE_ANSWERS);
  siuo_reuse *r = reuse_of(support_file("several.jsonl", lines, strlen(lines)));
  x.samples = 3;
  siuo_session *s = session_of(&x);
  job = session_next(s, SIUO_JOB_GENERATE);
  uint64_t second = siuo_job_id(job) + (1u << 12);
  ck_assert_int_eq(siuo_session_submit_text(s, second, "Own.", 4), SIUO_OK);
  snprintf(kept[0], sizeof kept[0], "%s", session_sink.line);
  ck_assert_int_eq(siuo_reuse_answer(r, s, job), SIUO_OK);
  snprintf(kept[1], sizeof kept[1], "%s", session_sink.line);
  ck_assert_uint_eq(session_progress(s).surplus, 2);
  ck_assert_uint_eq(next_sample(s), 2);
  siuo_session_free(s);
  s = session_of(&x);
  for (int i = 0; i < 2; i++)
    ck_assert_msg(siuo_session_restore(s, kept[i], strlen(kept[i])) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  ck_assert_uint_eq(next_sample(s), 2);
  siuo_session_free(s);
  siuo_reuse_free(r);
}
END_TEST

/* A request for several answers gets one of a recorded reply: the others are asked for. */
START_TEST(replies_of_fewer_answers)
{
  static const char *const texts[] = {"One.", NULL};
  struct setting x = plain;
  const siuo_job *job = NULL;
  siuo_reuse *r = reuse_of(record("one.jsonl", texts));
  x.n = 3;
  x.samples = 3;
  siuo_session *s = session_of(&x);
  job = session_next(s, SIUO_JOB_GENERATE);
  session_expect_end(s, SIUO_WAIT); /* it asks for all of them */
  ck_assert_int_eq(siuo_reuse_answer(r, s, job), SIUO_OK);
  job = session_next(s, SIUO_JOB_GENERATE);
  ck_assert_uint_eq(siuo_job_sample(job), 1);
  ck_assert_uint_eq(siuo_job_count(job), 2);
  session_next(s, SIUO_JOB_JUDGE_SAFETY);
  siuo_session_free(s);
  siuo_reuse_free(r);
}
END_TEST

START_TEST(sources)
{
  static const char *const texts[] = {"One.", "Two.", NULL};
  size_t len = 0;
  siuo_reuse *r = NULL;
  const char *path = record("whole.jsonl", texts);
  char *bytes = support_read_file(path, &len);
  r = reuse_of(support_file("torn.jsonl", bytes, len - 9)); /* somebody is writing it, or a machine died */
  ck_assert_uint_eq(siuo_reuse_count(r), 1);
  support_file("journal.jsonl", bytes, len);
  ck_assert_int_eq(siuo_reuse_add(r, support_folder()), SIUO_OK);
  ck_assert_uint_eq(siuo_reuse_count(r), 2);
  ck_assert_int_eq(siuo_reuse_add(r, support_file("empty.jsonl", "", 0)), SIUO_OK);
  bytes[strlen("{\"siuo\":\"journal/1\",\"session\":{}}\n") + 3] = '"';
  support_expect_error(ctx, siuo_reuse_add(r, support_file("bad.jsonl", bytes, len)), SIUO_EFORMAT, "bad.jsonl:2:");
  support_expect_error(ctx, siuo_reuse_add(r, "/nonexistent"), SIUO_ENOTFOUND, "/nonexistent");
  ck_assert_uint_eq(siuo_reuse_count(r), 2);
  siuo_reuse_free(r);
  free(bytes);
}
END_TEST

/* Two judges that are asked the same, but for members that the second one's request has besides. */
static siuo_session *session_of_twins(const siuo_job *jobs[2], const char *extra)
{
  siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 1);
  o.judges = 2;
  siuo_session *s = session_with(&o, SIUO_TASK_GENERATION, 1, SIUO_API_OPENAI, 1);
  ck_assert_int_eq(siuo_session_set_panel(s, SIUO_PANEL_ALL), SIUO_OK);
  ck_assert_int_eq(siuo_session_set_images(s, images), SIUO_OK);
  for (uint32_t judge = 0; judge < 2; judge++)
    session_put_to(s, SIUO_JOB_JUDGE_SAFETY, judge, "j");
  if (extra != NULL)
    ck_assert_int_eq(siuo_session_set_extra(s, SIUO_JOB_JUDGE_SAFETY, 1, extra, strlen(extra)), SIUO_OK);
  ck_assert_int_eq(session_say(s, session_next(s, SIUO_JOB_GENERATE), "a"), SIUO_OK);
  for (int judge = 0; judge < 2; judge++) {
    jobs[judge] = session_next(s, SIUO_JOB_JUDGE_SAFETY);
    session_next(s, SIUO_JOB_JUDGE_EFFECTIVENESS);
  }
  return s;
}

/* What one judge is told beyond the question is no part of the other's. */
START_TEST(a_judge_of_its_own)
{
  const siuo_job *jobs[2];
  siuo_session *s = session_of_twins(jobs, "{\"top_k\":1}");
  ck_assert_str_ne(siuo_job_question(jobs[0]), siuo_job_question(jobs[1]));
  siuo_session_free(s);
}
END_TEST

START_TEST(the_same_judge_first)
{
  const siuo_job *jobs[2];
  char lines[65536] = "";
  siuo_session *s = session_of_twins(jobs, NULL);
  ck_assert_str_eq(siuo_job_question(jobs[0]), siuo_job_question(jobs[1]));
  for (int judge = 0; judge < 2; judge++) {
    ck_assert_int_eq(session_say(s, jobs[judge], judge == 0 ? "First." : "Second."), SIUO_OK);
    strncat(lines, session_sink.line, sizeof lines - strlen(lines) - 1);
  }
  siuo_session_free(s);
  siuo_reuse *r = reuse_of(support_file("twins.jsonl", lines, strlen(lines)));
  s = session_of_twins(jobs, NULL);
  for (int judge = 1; judge >= 0; judge--) {
    ck_assert_int_eq(siuo_reuse_answer(r, s, jobs[judge]), SIUO_OK);
    ck_assert_ptr_nonnull(strstr(session_sink.line, judge == 0 ? "First." : "Second."));
  }
  siuo_session_free(s);
  siuo_reuse_free(r);
}
END_TEST

/* What a run's own journal holds is taken out once, given or not, and stays so if another file has it, too. */
START_TEST(what_is_taken_out)
{
  static const char *const texts[] = {"One.", "Two.", "Three.", NULL};
  struct setting x = plain;
  const siuo_job *job = NULL;
  char path[4096];
  snprintf(path, sizeof path, "%s", record("all.jsonl", texts));
  siuo_reuse *r = reuse_of(path);
  x.samples = 4;
  siuo_session *s = session_of(&x);
  ck_assert_int_eq(reuse_next(r, s, &job), SIUO_OK);
  ck_assert_uint_eq(siuo_reuse_count(r), 2);
  static const char *const own[] = {"One.", "Two.", NULL};
  ck_assert_int_eq(siuo_reuse_exclude(r, record("own.jsonl", own)), SIUO_OK);
  ck_assert_uint_eq(siuo_reuse_count(r), 1);
  ck_assert_int_eq(siuo_reuse_add(r, path), SIUO_OK);
  ck_assert_uint_eq(siuo_reuse_count(r), 1);
  ck_assert_int_eq(siuo_reuse_exclude(r, path), SIUO_OK);
  ck_assert_uint_eq(siuo_reuse_count(r), 0);
  siuo_session_free(s);
  siuo_reuse_free(r);
}
END_TEST

START_TEST(wrong_use)
{
  siuo_reuse *r = NULL;
  siuo_session *s = session_of(&plain), *other = session_of(&plain);
  const siuo_job *job = session_next(s, SIUO_JOB_GENERATE);
  ck_assert_int_eq(siuo_reuse_new(NULL, ctx), SIUO_EINVAL);
  ck_assert_int_eq(siuo_reuse_new(&r, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_reuse_new(&r, ctx), SIUO_OK);
  ck_assert_int_eq(siuo_reuse_add(r, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_reuse_exclude(NULL, "x"), SIUO_EINVAL);
  ck_assert_int_eq(siuo_reuse_answer(r, other, job), SIUO_EINVAL);
  ck_assert_int_eq(siuo_reuse_answer(NULL, s, job), SIUO_EINVAL);
  ck_assert_int_eq(siuo_reuse_answer(r, s, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_reuse_answer(r, s, job), SIUO_ENOTFOUND);
  ck_assert_uint_eq(siuo_reuse_count(NULL), 0);
  siuo_reuse_free(r);
  siuo_reuse_free(NULL);
  siuo_session_free(s);
  siuo_session_free(other);
}
END_TEST

/* A sink that refuses leaves the reply to be given again. */
START_TEST(a_sink_that_refuses)
{
  static const char *const texts[] = {"One.", NULL};
  siuo_reuse *r = reuse_of(record("one.jsonl", texts));
  siuo_session *s = session_of(&plain);
  const siuo_job *job = session_next(s, SIUO_JOB_GENERATE);
  session_sink.status = SIUO_EIO;
  ck_assert_int_eq(siuo_reuse_answer(r, s, job), SIUO_EIO);
  session_sink.status = 0;
  ck_assert_uint_eq(siuo_reuse_count(r), 1);
  ck_assert_int_eq(siuo_reuse_answer(r, s, job), SIUO_OK);
  siuo_session_free(s);
  siuo_reuse_free(r);
}
END_TEST

/* ---- a look at a journal ---- */

START_TEST(a_journal_is_looked_at)
{
  struct setting x = plain;
  char path[4096];
  size_t before = 0, after = 0;
  siuo_journal *j = NULL;
  siuo_session *s = NULL, *looking = session_of(&x);
  siuo_session_options o = session_options_of(x.rules, 1);
  snprintf(path, sizeof path, "%s/looked-at.jsonl", support_folder());
  ck_assert_int_eq(siuo_journal_open(&j, ctx, path), SIUO_OK);
  support_expect_error(ctx, siuo_journal_restore(looking, ctx, "/nonexistent"), SIUO_ENOTFOUND, "/nonexistent");
  ck_assert_int_eq(siuo_journal_restore(looking, ctx, path), SIUO_OK); /* it is new, and locked */
  o.sink = siuo_journal_sink;
  o.sink_user = j;
  s = session_with(&o, SIUO_TASK_GENERATION, 1, SIUO_API_OPENAI, 1);
  ck_assert_int_eq(siuo_journal_attach(j, s), SIUO_OK);
  ck_assert_int_eq(session_say(s, session_next(s, SIUO_JOB_GENERATE), "Fine."), SIUO_OK);
  free(support_read_file(path, &before));
  support_expect_error(ctx, siuo_journal_restore(looking, ctx, path), SIUO_ESTATE,
                       "another model (generation), by its");
  siuo_session_free(looking);
  looking = session_with(&o, SIUO_TASK_GENERATION, 1, SIUO_API_OPENAI, 1);
  ck_assert_int_eq(set_extra(looking, "{\"top_k\":1}"), SIUO_OK);
  support_expect_error(ctx, siuo_journal_restore(looking, ctx, path), SIUO_ESTATE,
                       "another model (generation), by its extra:");
  ck_assert_int_eq(siuo_session_set_extra(looking, SIUO_JOB_GENERATE, 0, NULL, 0), SIUO_OK);
  ck_assert_int_eq(siuo_session_set_extra(looking, SIUO_JOB_JUDGE_SAFETY, 0, "{\"a\":1}", 7), SIUO_OK);
  support_expect_error(ctx, siuo_journal_restore(looking, ctx, path), SIUO_ESTATE,
                       "another judge of safety, by its extra");
  ck_assert_int_eq(siuo_session_set_extra(looking, SIUO_JOB_JUDGE_SAFETY, 0, NULL, 0), SIUO_OK);
  ck_assert_int_eq(siuo_journal_restore(looking, ctx, path), SIUO_OK);
  ck_assert_uint_eq(session_progress(looking).restored, 1);
  free(support_read_file(path, &after));
  ck_assert_uint_eq(before, after);
  ck_assert_int_eq(siuo_journal_restore(NULL, ctx, path), SIUO_EINVAL);
  siuo_session_free(looking);
  siuo_session_free(s);
  siuo_journal_free(j);
}
END_TEST

/* ---- memory ---- */

struct world {
  siuo_dataset *ds;
  siuo_protocol *p;
  siuo_images *images;
};

static int make_session(siuo_ctx *own, const struct world *w, siuo_session **out)
{
  siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 2);
  siuo_target t;
  siuo_target_init(&t, sizeof t, w->p, SIUO_JOB_GENERATE);
  t.api = plain.api;
  t.model = plain.model;
  t.temperature = plain.temperature;
  t.seed = plain.seed;
  t.omit = plain.omit;
  t.max_tokens = plain.max_tokens;
  t.n = 1;
  int rc = siuo_session_new(out, own, w->ds, w->p, &o);
  if (rc == SIUO_OK)
    rc = siuo_session_set_images(*out, w->images);
  return rc == SIUO_OK ? siuo_session_set_target(*out, SIUO_JOB_GENERATE, 0, &t) : rc;
}

static int with_extra(siuo_ctx *own, const struct world *w)
{
  siuo_session *s = NULL;
  siuo_body *body = NULL;
  siuo_buf *description = NULL;
  const siuo_job *job = NULL;
  int rc = make_session(own, w, &s);
  if (rc == SIUO_OK)
    rc = siuo_session_set_extra(s, SIUO_JOB_GENERATE, 0, "{\"a\":{\"b\":[1]}}", 15);
  if (rc == SIUO_OK)
    rc = siuo_session_describe(s, own, &description);
  if (rc == SIUO_OK)
    rc = siuo_session_next(s, &job);
  if (rc == SIUO_OK)
    rc = siuo_job_body(job, own, &body);
  siuo_buf_free(description);
  siuo_body_free(body);
  siuo_session_free(s);
  return rc;
}

static int with_reuse(siuo_ctx *own, const struct world *w, const char *path)
{
  siuo_session *s = NULL;
  siuo_reuse *r = NULL;
  const siuo_job *job = NULL;
  int rc = make_session(own, w, &s);
  if (rc == SIUO_OK)
    rc = siuo_reuse_new(&r, own);
  if (rc == SIUO_OK)
    rc = siuo_reuse_add(r, path);
  if (rc == SIUO_OK)
    rc = siuo_session_next(s, &job);
  if (rc == SIUO_OK)
    rc = siuo_reuse_answer(r, s, job);
  if (rc == SIUO_OK)
    rc = siuo_reuse_exclude(r, path);
  siuo_reuse_free(r);
  siuo_session_free(s);
  return rc;
}

static int all_of_it(siuo_ctx *own, void *path)
{
  struct world w = {NULL, NULL, NULL};
  int rc = siuo_dataset_open(&w.ds, own, support_path("examples/sample-suite/siuo_gen.json"), NULL);
  if (rc == SIUO_OK)
    rc = siuo_protocol_default(&w.p, own);
  if (rc == SIUO_OK)
    rc = siuo_images_new(&w.images, own, w.ds);
  if (rc == SIUO_OK)
    rc = with_extra(own, &w);
  if (rc == SIUO_OK)
    rc = with_reuse(own, &w, path);
  siuo_images_free(w.images);
  siuo_protocol_free(w.p);
  siuo_dataset_free(w.ds);
  return rc;
}

START_TEST(memory)
{
  static const char *const texts[] = {"One.", "Two.", NULL};
  char path[4096];
  snprintf(path, sizeof path, "%s", record("memory.jsonl", texts));
  support_sweep("reuse", all_of_it, path);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("reuse");
  TCase *tc = tcase_create("extras and replies");
  tcase_set_timeout(tc, 300);
  tcase_add_checked_fixture(tc, setting_setup, setting_teardown);
  tcase_add_test(tc, extras);
  tcase_add_test(tc, extras_that_are_none);
  tcase_add_test(tc, each_reply_once_and_in_order);
  tcase_add_test(tc, copies_count_once);
  tcase_add_test(tc, the_same_sample_first);
  tcase_add_test(tc, what_is_not_reused);
  tcase_add_test(tc, replies_of_several_answers);
  tcase_add_test(tc, a_sample_is_in_between);
  tcase_add_test(tc, replies_of_fewer_answers);
  tcase_add_test(tc, sources);
  tcase_add_test(tc, a_judge_of_its_own);
  tcase_add_test(tc, the_same_judge_first);
  tcase_add_test(tc, what_is_taken_out);
  tcase_add_test(tc, wrong_use);
  tcase_add_test(tc, a_sink_that_refuses);
  tcase_add_test(tc, a_journal_is_looked_at);
  tcase_add_test(tc, memory);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
