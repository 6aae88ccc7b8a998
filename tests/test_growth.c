/* test_growth.c: input that somebody made to take long takes no longer than other input of its size. */
#include "support/growth.h"
#include "support/session_fixture.h"

#include "buf.h"
#include "extra.h"
#include "index.h"
#include "json.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static siuo_buf *new_text(void)
{
  siuo_buf *b = NULL;
  ck_assert_int_eq(siuop_buf_new(&b, ctx), SIUO_OK);
  return b;
}

static void release_text(void *text)
{
  siuo_buf_free(text);
}

static void expect_ok(int rc)
{
  ck_assert_msg(rc == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
}

/* ---- a category for each item ---- */

/* In no order. */
static void *make_data(size_t n)
{
  siuo_buf *b = new_text();
  for (size_t i = 0; i < n; i++)
    siuop_buf_printf(b,
                     "{\"question_id\":%zu,\"image\":\"%zu.png\",\"question\":\"Q%zu?\",\"category\":\"c%zu\","
                     "\"safety_warning\":\"W.\",\"reference_answer\":\"R.\"}\n",
                     i, i, i, i * 7919 % n);
  return b;
}

static void check_data(void *text)
{
  siuo_dataset *ds = NULL;
  siuo_lint *lint = NULL;
  expect_ok(siuo_dataset_parse(&ds, ctx, siuo_buf_data(text), siuo_buf_size(text), NULL));
  expect_ok(siuo_lint_new(&lint, ctx, ds));
  for (int format = SIUO_FORMAT_TEXT; format <= SIUO_FORMAT_JSON; format++) {
    siuo_buf *out = NULL;
    expect_ok(siuo_report_dataset(&out, ctx, ds, lint, format));
    siuo_buf_free(out);
  }
  siuo_lint_free(lint);
  siuo_dataset_free(ds);
}

static void *make_results(size_t n)
{
  siuo_buf *b = new_text();
  for (size_t i = 0; i < n; i++)
    siuop_buf_printf(b, "{\"question_id\":%zu,\"category\":\"c%zu\",\"safety_gpt\":[1],\"effectiveness_gpt\":[0]}\n", i,
                     i * 7919 % n);
  return b;
}

static void score_results(void *text)
{
  siuo_results *results = NULL;
  siuo_metrics *m = NULL;
  siuo_buf *out = NULL;
  expect_ok(siuo_results_new(&results, ctx));
  expect_ok(siuo_results_parse(results, siuo_buf_data(text), siuo_buf_size(text), "results"));
  expect_ok(siuo_results_score(results, ctx, SIUO_RULES_STANDARD, NULL, &m));
  expect_ok(siuo_report_render(&out, ctx, m, SIUO_FORMAT_JSON, NULL));
  siuo_buf_free(out);
  siuo_metrics_free(m);
  siuo_results_free(results);
}

/* ---- replies to one question ---- */

static void *make_journal(size_t n)
{
  siuo_buf *b = new_text();
  siuop_buf_add_text(b, "{\"siuo\":\"journal/1\",\"session\":{}}\n");
  for (size_t i = 0; i < n; i++)
    siuop_buf_printf(b, "{\"job\":\"generate\",\"id\":\"1\",\"sample\":%zu,\"question\":\"q\",\"text\":\"%zu\"}\n",
                     i % SIUOP_MOST_SAMPLES, i);
  return b;
}

static void *make_equal_journal(size_t n)
{
  siuo_buf *b = new_text();
  siuop_buf_add_text(b, "{\"siuo\":\"journal/1\",\"session\":{}}\n");
  for (size_t i = 0; i < n; i++)
    siuop_buf_add_text(b, "{\"job\":\"generate\",\"id\":\"1\",\"sample\":0,\"question\":\"q\",\"text\":\"yes\"}\n");
  return b;
}

/* One file, a copy of it, and the run's own, of which nothing is left to give. */
static void reuse_replies(void *text)
{
  siuo_reuse *r = NULL;
  const char *path = support_file("replies.jsonl", siuo_buf_data(text), siuo_buf_size(text));
  expect_ok(siuo_reuse_new(&r, ctx));
  expect_ok(siuo_reuse_add(r, path));
  size_t count = siuo_reuse_count(r);
  expect_ok(siuo_reuse_add(r, path));
  ck_assert_uint_eq(siuo_reuse_count(r), count);
  expect_ok(siuo_reuse_exclude(r, path));
  ck_assert_uint_eq(siuo_reuse_count(r), 0);
  siuo_reuse_free(r);
}

/* ---- texts ---- */

/* Whatever marker is tried, in the order in which somebody may expect them. */
static void *make_markers(size_t n)
{
  siuo_buf *b = new_text();
  siuop_buf_add_text(b, "{\"x\":\"");
  for (size_t i = 0; i < n; i++)
    siuop_buf_printf(b, "(place %zu)(place %016zx)", i, i);
  siuop_buf_add_text(b, "\"}");
  return b;
}

static void add_extra(void *text)
{
  siuo_session *s = session_of_one(1, SIUO_API_OPENAI, 1);
  expect_ok(siuo_session_set_extra(s, SIUO_JOB_GENERATE, 0, siuo_buf_data(text), siuo_buf_size(text)));
  siuo_session_free(s);
}

static void *make_backslashes(size_t n)
{
  siuo_buf *b = new_text();
  siuop_buf_add_char(b, '\\', 8 * n);
  for (size_t i = 0; i < n; i++)
    siuop_buf_add_text(b, "\\u005c\\\\\"\\");
  return b;
}

static void scrub(void *text)
{
  static const char *const secrets[] = {"\\\"\\secret", "\\\\\\\\\\\\\\\\", "\"\\\"\\\"", "uuuuuu"};
  siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 1);
  siuo_buf *out = new_text();
  o.secrets = secrets;
  o.secret_count = sizeof secrets / sizeof secrets[0];
  ck_assert_int_eq(siuop_scrub(out, &o, siuo_buf_data(text), siuo_buf_size(text)), SIUO_OK);
  siuo_buf_free(out);
}

static const struct growth_work works[] = {
    {"a data set with a category an item", 3000, make_data, check_data, release_text},
    {"results with a category an item", 3000, make_results, score_results, release_text},
    {"replies to one question", 5000, make_journal, reuse_replies, release_text},
    {"equal replies to one question", 5000, make_equal_journal, reuse_replies, release_text},
    {"an extra full of markers", 10000, make_markers, add_extra, release_text},
    {"backslashes where secrets may be", 20000, make_backslashes, scrub, release_text},
};

START_TEST(linear)
{
  growth_expect_linear(&works[_i]);
}
END_TEST

/* ---- the index ---- */

/* The slots that are looked at to find each of n ids, and as many that are not there. */
static size_t steps_of(siuo_ctx *c, size_t n, int near)
{
  struct siuop_index x;
  size_t steps = 0;
  char id[32];
  siuop_index_init(&x, c);
  for (size_t i = 0; i < 2 * n; i++) {
    size_t place = 0;
    size_t len = (size_t)snprintf(id, sizeof id, "item-%zu", i);
    uint64_t hash = near ? siuop_index_hash_near(&x, 1, id, len) : siuop_index_hash(&x, 1, id, len);
    while (siuop_index_find(&x, hash, &place) != SIZE_MAX)
      continue;
    steps += place + 1;
    if (i < n) {
      ck_assert_int_eq(siuop_index_reserve(&x, 1), SIUO_OK);
      siuop_index_put(&x, hash, i);
    }
  }
  siuop_index_free(&x);
  return steps;
}

START_TEST(steps_in_the_index)
{
  for (int near = 0; near < 2; near++) {
    size_t once = steps_of(ctx, 10000, near);
    size_t four_times = steps_of(ctx, 40000, near);
    size_t most = near ? 80 : 20; /* an id: ten neighbours make a longer way round */
    ck_assert_msg(once < most * 10000 && four_times < most * 40000, "near %d: %zu, %zu steps", near, once, four_times);
  }
}
END_TEST

/* Ids that meet in one context are nowhere near each other in the next. */
START_TEST(each_context_has_its_own_key)
{
  siuo_ctx *other = support_ctx();
  struct siuop_index x, y;
  size_t same = 0;
  char id[32];
  siuop_index_init(&x, ctx);
  siuop_index_init(&y, other);
  for (int i = 0; i < 1000; i++) {
    size_t len = (size_t)snprintf(id, sizeof id, "%d", i);
    same += siuop_index_hash(&x, 1, id, len) % 1024 == siuop_index_hash(&y, 1, id, len) % 1024;
  }
  ck_assert_msg(same < 50, "%zu of 1000 places are the same", same);
  siuo_ctx_free(other);
}
END_TEST

/* ---- limits ---- */

/* Placeholders in an item's texts and in the response, which the released rules fill, too. */
START_TEST(prompts_that_grow)
{
  siuo_buf *text = new_text(), *response = new_text(), *prompt = NULL;
  siuo_dataset *ds = NULL;
  siuop_buf_add_text(text, "{\"question_id\":7,\"image\":\"a.png\",\"category\":\"c\",\"question\":\"");
  for (int i = 0; i < 300; i++)
    siuop_buf_add_text(text, "{explanation}");
  siuop_buf_add_text(text, "\",\"safety_warning\":\"");
  for (int i = 0; i < 300; i++)
    siuop_buf_add_text(text, "{response}");
  siuop_buf_add_text(text, "\",\"reference_answer\":\"");
  siuop_buf_add_char(text, 'r', 3000);
  siuop_buf_add_text(text, "\"}");
  for (int i = 0; i < 300; i++)
    siuop_buf_add_text(response, "{reference}");
  expect_ok(siuo_dataset_parse(&ds, ctx, siuo_buf_data(text), siuo_buf_size(text), NULL));
  const siuo_item *item = siuo_dataset_item(ds, 0);
  for (int rules = SIUO_RULES_STANDARD; rules <= SIUO_RULES_RELEASED; rules++) {
    int rc = siuo_prompt_fill(protocol, ctx, SIUO_JOB_JUDGE_SAFETY, rules, item, siuo_buf_data(response),
                              siuo_buf_size(response), &prompt);
    if (rules == SIUO_RULES_STANDARD)
      ck_assert_int_eq(rc, SIUO_OK);
    else
      support_expect_error(ctx, rc, SIUO_ELIMIT, "item 7: its prompt is longer than the limit");
    siuo_buf_free(prompt);
  }
  siuo_dataset_free(ds);
  siuo_buf_free(text);
  siuo_buf_free(response);
}
END_TEST

static siuo_buf *repeated(const char *unit, size_t size)
{
  siuo_buf *b = new_text();
  siuop_buf_add_char(b, '[', 1);
  while (siuo_buf_size(b) < size) {
    siuop_buf_add_text(b, unit);
    siuop_buf_add_char(b, ',', 1);
  }
  siuop_buf_add_text(b, "0]");
  return b;
}

/* Sixteen megabytes of small values are refused before they are parsed; data that there may be is not. */
START_TEST(values_that_take_memory)
{
  static const struct {
    const char *unit;
    int refused;
  } cases[] = {
      {"{}", 1},
      {"[]", 1},
      {"[[[]]]", 1},
      {"\"\"", 1},
      {"{\"a\":{}}", 1},
      {"1", 1},
      {"\"{},{},{},{}\\\"{},{}\"", 0},
      {"{\"token\":\"Hello\",\"logprob\":-0.31725305,\"bytes\":[72,101,108,108,111]}", 0},
      {"{\"question_id\":1001,\"category\":\"morality\",\"safety_gpt\":[1,1,1],\"effectiveness_gpt\":[1,1,1]}", 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    siuop_json *v = NULL;
    siuo_buf *text = repeated(cases[i].unit, (size_t)16 << 20);
    int rc = siuop_json_parse_reply(&v, ctx, "reply", 1, siuo_buf_data(text), siuo_buf_size(text));
    if (cases[i].refused)
      support_expect_error(ctx, rc, SIUO_ELIMIT, "reply:1: it holds more values");
    else
      expect_ok(rc);
    siuop_json_free(v);
    siuo_buf_free(text);
    text = repeated(cases[i].unit, 100000);
    expect_ok(siuop_json_parse(&v, ctx, "small", 1, siuo_buf_data(text), siuo_buf_size(text)));
    siuop_json_free(v);
    siuo_buf_free(text);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("growth");
  TCase *tc = tcase_create("all");
  tcase_add_checked_fixture(tc, session_setup, session_teardown);
  tcase_set_timeout(tc, 240);
  tcase_add_loop_test(tc, linear, 0, sizeof works / sizeof works[0]);
  tcase_add_test(tc, steps_in_the_index);
  tcase_add_test(tc, each_context_has_its_own_key);
  tcase_add_test(tc, prompts_that_grow);
  tcase_add_test(tc, values_that_take_memory);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
