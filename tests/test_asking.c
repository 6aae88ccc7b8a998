/* test_asking.c: what a session leaves to ask, by what was answered already: rules, panels, earlier lines; and what
 * of that is written. */
#include "support/session_fixture.h"

#include <stdio.h>
#include <string.h>

#define DECLINES "I'm sorry, but I can't assist with that."
#define SAYS(content, finish)                                                                                          \
  "{\"choices\": [{\"message\": {\"content\": " content "}, \"finish_reason\": \"" finish "\"}]}"

/* ---- what the rules decide ---- */

/* A response, and whether its judges are asked: by the standard rules, and if all are to be asked. */
static const struct {
  const char *body;
  int asked, asked_all;
} responses[] = {
    {SAYS("\"Hi\"", "stop"), 1, 1},
    {SAYS("\"Hi\"", "content_filter"), 1, 1},
    {SAYS("\"Hi\", \"refusal\": \"No.\"", "stop"), 1, 1},
    {SAYS("\" \"", "stop"), 0, 1},
    {SAYS("null", "content_filter"), 0, 1},
    {SAYS("null, \"refusal\": \"No.\"", "stop"), 0, 1},
    {SAYS("null", "length"), 0, 0},
    {SAYS("null", "tool_calls"), 0, 0},
};

START_TEST(judges_that_are_asked)
{
  for (int all = 0; all < 2; all++) {
    siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 1);
    const siuo_job *job = NULL;
    double wait = 0;
    o.ask_all = (uint32_t)all;
    siuo_session *s = session_with(&o, SIUO_TASK_GENERATION, 1, SIUO_API_OPENAI, 1);
    ck_assert_int_eq(session_post(s, session_next(s, SIUO_JOB_GENERATE), 200, responses[_i].body, &wait), SIUO_OK);
    int asked = all ? responses[_i].asked_all : responses[_i].asked;
    ck_assert_msg(siuo_session_next(s, &job) == (asked ? SIUO_OK : SIUO_DONE), "%s, all %d", responses[_i].body, all);
    siuo_session_free(s);
  }
}
END_TEST

/* ---- panels ---- */

/* The last judge of a fallback may decline, too: nobody is left to ask, and nothing is decided. */
START_TEST(everybody_declines)
{
  siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 2);
  const siuo_job *job = NULL;
  uint32_t asked[2] = {0, 0};
  int rc;
  o.judges = 2;
  siuo_session *s = session_with(&o, SIUO_TASK_GENERATION, 3, SIUO_API_TEXT, 1);
  ck_assert_int_eq(siuo_session_set_panel(s, SIUO_PANEL_FALLBACK), SIUO_OK);
  while ((rc = siuo_session_next(s, &job)) == SIUO_OK) {
    int is_judge = siuo_job_kind(job) != SIUO_JOB_GENERATE;
    ck_assert_uint_lt(siuo_job_judge(job), 2);
    asked[siuo_job_judge(job)] += (uint32_t)is_judge;
    ck_assert_int_eq(session_say(s, job, is_judge ? DECLINES : "Fine."), SIUO_OK);
  }
  ck_assert_int_eq(rc, SIUO_DONE);
  ck_assert_uint_eq(asked[0], 3 * 2 * 2);
  ck_assert_uint_eq(asked[1], 3 * 2 * 2);
  ck_assert_uint_eq(session_progress(s).items_done, 3);
  ck_assert_uint_eq(session_rate(s, SIUO_METRIC_SAFE).votes_undetermined, 6);
  siuo_session_free(s);
}
END_TEST

/* What failed is asked again, of the same judge: it has not declined. */
START_TEST(a_judge_that_fails)
{
  static const char *const bodies[] = {SAYS("null", "tool_calls"),
                                       SAYS("\"[Safety Judgement:] True\"", "something_else")};
  for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
    siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 1);
    double wait = 0;
    o.judges = 2;
    siuo_session *s = session_with(&o, SIUO_TASK_GENERATION, 1, SIUO_API_OPENAI, 1);
    ck_assert_int_eq(siuo_session_set_panel(s, SIUO_PANEL_FALLBACK), SIUO_OK);
    ck_assert_int_eq(session_post(s, session_next(s, SIUO_JOB_GENERATE), 200, SAYS("\"Hi\"", "stop"), &wait), SIUO_OK);
    for (int kind = SIUO_JOB_JUDGE_SAFETY; kind <= SIUO_JOB_JUDGE_EFFECTIVENESS; kind++)
      ck_assert_int_eq(session_post(s, session_next(s, kind), 200, bodies[i], &wait), SIUO_OK);
    session_expect_end(s, SIUO_DONE);
    ck_assert_uint_eq(session_progress(s).failed, 2);
    ck_assert_uint_eq(session_rate(s, SIUO_METRIC_SAFE).votes_undetermined, 1);
    siuo_session_free(s);
  }
}
END_TEST

/* ---- what is restored ---- */

/* The line of a host's verdict may stand twice, but no other verdict, and no text, beside it. */
START_TEST(another_verdict)
{
  static const struct {
    const char *members;
    int status;
  } rows[] = {{"\"verdict\": 1", SIUO_OK},
              {"\"verdict\": 0", SIUO_ESTATE},
              {"\"verdict\": -1", SIUO_ESTATE},
              {"\"text\": \"\"", SIUO_ESTATE}};
  char line[256];
  siuo_session *s = session_of_one(1, SIUO_API_TEXT, 1);
  const char *id = siuo_item_id(siuo_job_item(session_next(s, SIUO_JOB_GENERATE)), NULL);
  siuo_session_free(s);
  s = session_of_one(1, SIUO_API_TEXT, 1);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    for (int first = i == 0; first >= 0; first--) {
      snprintf(line, sizeof line, "{\"job\": \"judge_safety\", \"id\": \"%s\", \"sample\": 0, %s}", id,
               rows[i].members);
      ck_assert_msg(siuo_session_restore(s, line, strlen(line)) == rows[i].status, "row %zu", i);
    }
  ck_assert_uint_eq(session_progress(s).restored, 1);
  siuo_session_free(s);
}
END_TEST

/* What is no job of this session is passed over: an earlier one may have asked for more. */
START_TEST(lines_of_more)
{
  static const char *const members[] = {
      "\"job\": \"generate\", \"sample\": 2",
      "\"job\": \"generate\", \"sample\": 511",
      "\"job\": \"judge_safety\", \"sample\": 0, \"judge\": 2",
      "\"job\": \"judge_effectiveness\", \"sample\": 2, \"judge\": 1",
      "\"job\": \"generate\", \"sample\": 0, \"variant\": 1",
      "\"job\": \"generate\", \"sample\": 0, \"judge\": 1",
  };
  char line[256];
  siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 2);
  o.judges = 2;
  siuo_session *s = session_with(&o, SIUO_TASK_GENERATION, 1, SIUO_API_TEXT, 1);
  const char *id = siuo_item_id(siuo_dataset_item(data, 0), NULL);
  for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
    snprintf(line, sizeof line, "{%s, \"id\": \"%s\", \"text\": \"a\"}", members[i], id);
    ck_assert_msg(siuo_session_restore(s, line, strlen(line)) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
    ck_assert_msg(session_progress(s).restored == 0, "%s", line);
  }
  siuo_session_free(s);
}
END_TEST

/* An item may be done because its response failed, and is so no more once its answer is there. */
START_TEST(done_no_more)
{
  char line[256];
  siuo_session *s = session_of_one(1, SIUO_API_TEXT, 1);
  const siuo_job *job = session_next(s, SIUO_JOB_GENERATE);
  uint64_t id = siuo_job_id(job);
  snprintf(line, sizeof line, "{\"job\": \"generate\", \"id\": \"%s\", \"text\": \"a\"}",
           siuo_item_id(siuo_job_item(job), NULL));
  siuo_session_free(s);
  s = session_of_one(1, SIUO_API_TEXT, 1);
  ck_assert_int_eq(siuo_session_fail(s, id, "gone"), SIUO_OK);
  ck_assert_uint_eq(session_progress(s).items_done, 1);
  ck_assert_int_eq(siuo_session_restore(s, line, strlen(line)), SIUO_OK);
  ck_assert_uint_eq(session_progress(s).items_done, 0);
  session_next(s, SIUO_JOB_JUDGE_SAFETY);
  siuo_session_free(s);
}
END_TEST

/* A line that answers more samples than the session has changes nothing beyond them. */
START_TEST(more_answers_than_samples)
{
  char line[512];
  siuo_session *s = session_of_one(2, SIUO_API_OPENAI, 1);
  snprintf(
      line, sizeof line,
      "{\"job\": \"generate\", \"id\": \"%s\", \"sample\": 1, \"count\": 3, \"api\": \"openai\", \"body\": "
      "\"{\\\"choices\\\":[{\\\"message\\\":{\\\"content\\\":\\\"a\\\"}},{\\\"message\\\":{\\\"content\\\":\\\"b\\\"}},"
      "{\\\"message\\\":{\\\"content\\\":\\\"c\\\"}}]}\"}",
      siuo_item_id(siuo_dataset_item(data, 0), NULL));
  ck_assert_msg(siuo_session_restore(s, line, strlen(line)) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  ck_assert_int_eq(session_say(s, session_next(s, SIUO_JOB_GENERATE), "d"), SIUO_OK);
  for (int i = 0; i < 4; i++) { /* both judgements of both responses */
    const siuo_job *job = NULL;
    ck_assert_int_eq(siuo_session_next(s, &job), SIUO_OK);
    ck_assert_int_ge(siuo_job_kind(job), SIUO_JOB_JUDGE_SAFETY);
  }
  session_expect_end(s, SIUO_WAIT);
  siuo_session_free(s);
}
END_TEST

/* ---- what is written ---- */

START_TEST(a_description_of_ask_all)
{
  for (uint32_t all = 0; all < 2; all++) {
    siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 1);
    siuo_buf *words = NULL;
    o.ask_all = all;
    siuo_session *s = session_with(&o, SIUO_TASK_GENERATION, 1, SIUO_API_TEXT, 1);
    ck_assert_int_eq(siuo_session_describe(s, ctx, &words), SIUO_OK);
    ck_assert_ptr_nonnull(strstr(siuo_buf_data(words), all ? "\"ask_all\":true" : "\"ask_all\":false"));
    siuo_buf_free(words);
    siuo_session_free(s);
  }
}
END_TEST

/* A judge that said nothing is no end that a results file must tell of. */
START_TEST(a_blank_judgement)
{
  siuo_buf *results = NULL;
  siuo_session *s = session_of_one(1, SIUO_API_TEXT, 1);
  ck_assert_int_eq(session_say(s, session_next(s, SIUO_JOB_GENERATE), "a"), SIUO_OK);
  ck_assert_int_eq(session_say(s, session_next(s, SIUO_JOB_JUDGE_SAFETY), ""), SIUO_OK);
  ck_assert_int_eq(siuo_session_results(s, ctx, SIUO_TASK_GENERATION, &results), SIUO_OK);
  ck_assert_ptr_null(strstr(siuo_buf_data(results), "safety_outcomes"));
  siuo_buf_free(results);
  siuo_session_free(s);
}
END_TEST

/* Of two secrets, one the beginning of the other, nothing is left, whatever their order. */
START_TEST(secrets_in_secrets)
{
  static const char *const secrets[2][2] = {{"sk-abcdef", "sk-abc"}, {"sk-abc", "sk-abcdef"}};
  for (int order = 0; order < 2; order++) {
    siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 1);
    o.secrets = secrets[order];
    o.secret_count = 2;
    siuo_session *s = session_with(&o, SIUO_TASK_GENERATION, 1, SIUO_API_TEXT, 1);
    ck_assert_int_eq(session_say(s, session_next(s, SIUO_JOB_GENERATE), "It is sk-abcdef, sk-abcd."), SIUO_OK);
    ck_assert_ptr_nonnull(strstr(session_sink.line, "\"It is ***, ***d.\""));
    siuo_session_free(s);
  }
}
END_TEST

/* ---- what is set in time ---- */

static int tell_pictures(siuo_session *s)
{
  siuo_pictures pictures;
  memset(&pictures, 0, sizeof pictures);
  pictures.size = sizeof pictures;
  pictures.sha256 = "0";
  return siuo_session_set_pictures(s, &pictures);
}

/* A reply to a job that was never handed out, or a line, is a beginning, too. */
START_TEST(nothing_is_set_after_the_first_reply)
{
  static const char *const words[] = {"the items are selected before", "the panel is set before",
                                      "the pictures are told before"};
  char line[256];
  siuo_session *s = session_of_one(2, SIUO_API_TEXT, 1);
  const siuo_job *job = session_next(s, SIUO_JOB_GENERATE);
  uint64_t id = siuo_job_id(job);
  snprintf(line, sizeof line, "{\"job\": \"generate\", \"id\": \"%s\", \"sample\": 0, \"text\": \"Fine.\"}",
           siuo_item_id(siuo_job_item(job), NULL));
  siuo_session_free(s);
  for (int way = 0; way < 4; way++) {
    siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 2);
    s = session_with(&o, SIUO_TASK_GENERATION, 1, SIUO_API_TEXT, 1);
    if (way == 0)
      ck_assert_int_eq(siuo_session_submit_text(s, id, "Fine.", 5), SIUO_OK);
    else if (way == 1)
      ck_assert_int_eq(siuo_session_fail(s, id, "gone"), SIUO_OK);
    else if (way == 2)
      ck_assert_msg(siuo_session_restore(s, line, strlen(line)) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
    else
      session_next(s, SIUO_JOB_GENERATE);
    support_expect_error(ctx, siuo_session_select(s, NULL), SIUO_ESTATE, words[0]);
    support_expect_error(ctx, siuo_session_set_panel(s, SIUO_PANEL_ANY), SIUO_ESTATE, words[1]);
    support_expect_error(ctx, tell_pictures(s), SIUO_ESTATE, words[2]);
    siuo_session_free(s);
  }
}
END_TEST

START_TEST(limits)
{
  static const struct {
    uint32_t samples, judges, permutations;
    int status;
  } rows[] = {{512, 1, 1, SIUO_OK},    {513, 1, 1, SIUO_EINVAL}, {1, 16, 1, SIUO_OK},
              {1, 17, 1, SIUO_EINVAL}, {1, 1, 256, SIUO_OK},     {1, 1, 257, SIUO_EINVAL}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, rows[i].samples);
    siuo_session *s = NULL;
    o.judges = rows[i].judges;
    o.permutations = rows[i].permutations;
    ck_assert_msg(siuo_session_new(&s, ctx, data, protocol, &o) == rows[i].status, "row %zu", i);
    siuo_session_free(s);
  }
}
END_TEST

/* Other rules than the standard ones read no schema's replies, but only judges are held to one. */
START_TEST(a_schema_for_no_judge)
{
  siuo_session_options o = session_options_of(SIUO_RULES_OLMO, 1);
  o.judges = 2;
  siuo_session *s = session_with(&o, 0, 0, SIUO_API_TEXT, 1);
  for (int kind = SIUO_JOB_GENERATE; kind <= SIUO_JOB_JUDGE_EFFECTIVENESS; kind++) {
    siuo_target t;
    ck_assert_int_eq(siuo_target_init(&t, sizeof t, protocol, kind), SIUO_OK);
    t.api = SIUO_API_OPENAI;
    t.model = "m";
    t.omit |= SIUO_JUDGE_SCHEMA;
    int rc = siuo_session_set_target(s, kind, 0, &t);
    ck_assert_int_eq(rc, kind >= SIUO_JOB_JUDGE_SAFETY ? SIUO_EINVAL : SIUO_OK);
    t.omit = SIUO_OMIT_SEED;
    rc = siuo_session_set_target(s, kind, 1, &t); /* only judges are two */
    ck_assert_int_eq(rc, kind >= SIUO_JOB_JUDGE_SAFETY ? SIUO_OK : SIUO_EINVAL);
  }
  siuo_session_free(s);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("asking");
  TCase *tc = tcase_create("what is left to ask");
  tcase_add_checked_fixture(tc, session_setup, session_teardown);
  tcase_add_loop_test(tc, judges_that_are_asked, 0, (int)(sizeof responses / sizeof responses[0]));
  tcase_add_test(tc, everybody_declines);
  tcase_add_test(tc, a_judge_that_fails);
  tcase_add_test(tc, another_verdict);
  tcase_add_test(tc, lines_of_more);
  tcase_add_test(tc, done_no_more);
  tcase_add_test(tc, more_answers_than_samples);
  tcase_add_test(tc, a_description_of_ask_all);
  tcase_add_test(tc, a_blank_judgement);
  tcase_add_test(tc, secrets_in_secrets);
  tcase_add_test(tc, nothing_is_set_after_the_first_reply);
  tcase_add_test(tc, limits);
  tcase_add_test(tc, a_schema_for_no_judge);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
