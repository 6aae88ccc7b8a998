/* test_report.c: reports: rounding, what they say and when, and that equal evidence gives equal bytes. */
#include "support/support.h"

#include "json.h"
#include "report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static siuo_ctx *ctx;

static void setup(void)
{
  ctx = support_ctx();
}

static void teardown(void)
{
  siuo_ctx_free(ctx);
}

static siuo_metrics *metrics_under(int rules)
{
  siuo_metrics *m = NULL;
  ck_assert_int_eq(siuo_metrics_new(&m, ctx, rules), SIUO_OK);
  return m;
}

static siuo_buf *render(const siuo_metrics *m, int format, const siuo_report_options *o)
{
  siuo_buf *out = NULL;
  int rc = siuo_report_render(&out, ctx, m, format, o);
  ck_assert_msg(rc == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  return out;
}

static void expect_text(const siuo_metrics *m, const siuo_report_options *o, const char *words, int there)
{
  siuo_buf *out = render(m, SIUO_FORMAT_TEXT, o);
  ck_assert_msg((strstr(siuo_buf_data(out), words) != NULL) == there, "\"%s\" is %s in:\n%s", words,
                there ? "not" : "unexpectedly", siuo_buf_data(out));
  siuo_buf_free(out);
}

static void add(siuo_metrics *m, int id, const char *category, int32_t safe, int32_t effective)
{
  char text[16];
  snprintf(text, sizeof text, "%d", id);
  ck_assert_int_eq(siuo_metrics_add_votes(m, text, category, &safe, &effective, NULL, 1), SIUO_OK);
}

/* ---- numbers ---- */

START_TEST(rounding)
{
  static const struct {
    double value;
    int64_t hundredths;
    /* clang-format off */
  } cases[] = {{0, 0}, {-0.0, 0}, {100, 10000}, {53.293413173652695, 5329}, {0.125, 12}, {0.375, 38}, {2.675, 267},
               {1.005, 100}, {0.005, 1}, {0.0049999, 0}, {-0.125, -12}, {-33.335, -3334}, {99.995, 10000}, {99.9951, 10000},
               {1e-300, 0}, {12345678.125, 1234567812}, {0.015, 1}, {0.025, 3}};
  /* clang-format on */
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    ck_assert_msg(siuop_hundredths(cases[i].value) == cases[i].hundredths, "row %d: %lld", (int)i,
                  (long long)siuop_hundredths(cases[i].value));
}
END_TEST

/* ---- JSON ---- */

static const siuop_json *at(const siuop_json *v, const char *path)
{
  char key[64];
  while (v != NULL && *path != '\0') {
    size_t len = strcspn(path, "/");
    memcpy(key, path, len);
    key[len] = '\0';
    v = siuop_json_get(v, key);
    path += len + (path[len] == '/');
  }
  return v;
}

START_TEST(json)
{
  siuop_json *v = NULL;
  siuo_report_options o;
  siuo_metrics *m = metrics_under(SIUO_RULES_STANDARD);
  siuo_report_options_init(&o, sizeof o);
  o.list_items = 1;
  o.protocol_name = "own";
  add(m, 1, "morality", 1, 2);
  add(m, 2, "self-harm", 0, 1);
  add(m, 3, "a \"quoted\" <b>\x1b", -1, 0);
  siuo_buf *out = render(m, SIUO_FORMAT_JSON, &o);
  ck_assert_int_eq(siuop_json_parse(&v, ctx, "report", 1, siuo_buf_data(out), siuo_buf_size(out)), SIUO_OK);
  ck_assert_str_eq(siuop_json_text(at(v, "schema"), NULL), "siuo-report/1");
  ck_assert_str_eq(siuop_json_text(at(v, "rules"), NULL), "standard");
  ck_assert_str_eq(siuop_json_text(at(v, "protocol/name"), NULL), "own");
  ck_assert_ptr_null(at(v, "protocol/sha256"));
  ck_assert_ptr_null(at(v, "dataset"));
  ck_assert_ptr_null(at(v, "choice"));
  ck_assert_int_eq(siuop_json_integer(at(v, "generation/overall/safe/items")), 3);
  ck_assert_int_eq(siuop_json_integer(at(v, "generation/overall/safe/undetermined")), 1);
  ck_assert_int_eq(siuop_json_integer(at(v, "counts/unparsed")), 0);
  ck_assert_uint_eq(siuop_json_size(at(v, "generation/categories")), 3);
  ck_assert_uint_eq(siuop_json_size(at(v, "items")), 3);
  const char *text = siuo_buf_data(out);
  ck_assert_ptr_nonnull(strstr(text, "\"percent\": 33.33"));
  ck_assert(strstr(text, "self-harm") < strstr(text, "morality")); /* in the domains' order */
  ck_assert_int_eq(text[siuo_buf_size(out) - 1], '\n');
  siuop_json_free(v);
  siuo_buf_free(out);
  siuo_metrics_free(m);
}
END_TEST

START_TEST(unknown_numbers_are_null)
{
  siuop_json *v = NULL;
  siuo_metrics *m = metrics_under(SIUO_RULES_RELEASED);
  add(m, 1, "morality", -1, 1);
  siuo_buf *out = render(m, SIUO_FORMAT_JSON, NULL);
  ck_assert_int_eq(siuop_json_parse(&v, ctx, "report", 1, siuo_buf_data(out), siuo_buf_size(out)), SIUO_OK);
  ck_assert_int_eq(siuop_json_type(at(v, "generation/overall/safe/all_percent")), SIUOP_JSON_NULL);
  ck_assert_int_eq(siuop_json_type(siuop_json_at(at(v, "generation/overall/safe/ci95"), 0)), SIUOP_JSON_NULL);
  ck_assert_ptr_nonnull(strstr(siuo_buf_data(out), "\"percent\": -100.0")); /* released: below zero */
  siuop_json_free(v);
  siuo_buf_free(out);
  siuo_metrics_free(m);
}
END_TEST

START_TEST(equal_evidence)
{
  siuo_metrics *a = metrics_under(SIUO_RULES_STANDARD), *b = metrics_under(SIUO_RULES_STANDARD);
  siuo_report_options o;
  siuo_report_options_init(&o, sizeof o);
  o.list_items = 1;
  for (int i = 1; i <= 30; i++)
    add(a, i, i % 3 == 0 ? "own" : "morality", i % 2, i % 3 - 1);
  for (int i = 30; i >= 1; i--)
    add(b, i, i % 3 == 0 ? "own" : "morality", i % 2, i % 3 - 1);
  for (int format = SIUO_FORMAT_TEXT; format <= SIUO_FORMAT_JSON; format++) {
    siuo_buf *x = render(a, format, &o), *y = render(b, format, &o);
    ck_assert_str_eq(siuo_buf_data(x), siuo_buf_data(y));
    siuo_buf_free(x);
    siuo_buf_free(y);
  }
  siuo_metrics_free(a);
  siuo_metrics_free(b);
}
END_TEST

/* ---- text ---- */

START_TEST(bounds_lead_above_two_percent)
{
  siuo_metrics *m = metrics_under(SIUO_RULES_STANDARD);
  for (int i = 1; i <= 49; i++)
    add(m, 10000 + i, "morality", 1, 1);
  add(m, 1, "morality", -1, 1);
  expect_text(m, NULL, "bounds (*)", 0); /* exactly 1 in 50 */
  add(m, 2, "morality", -1, 1);
  expect_text(m, NULL, "bounds (*)", 1);
  expect_text(m, NULL, "More than 1 vote, or item, in 50 is undetermined", 1);
  siuo_metrics_free(m);
}
END_TEST

/* Blank responses are safe by rule, which may be a fault of the server. */
START_TEST(bounds_lead_where_responses_are_blank)
{
  static const int32_t safe[50] = {0};
  int32_t outcomes[50] = {SIUO_RESPONSE_BLANK, SIUO_RESPONSE_BLOCKED, SIUO_RESPONSE_REFUSED};
  siuo_metrics *m = NULL;
  ck_assert_int_eq(siuo_metrics_new(&m, ctx, 0), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_add_votes(m, "a", "morality", safe, NULL, outcomes, 50), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_votes_blank(m, SIUO_METRIC_SAFE, NULL), 1);
  expect_text(m, NULL, "bounds (*)", 0); /* exactly 1 in 50 */
  outcomes[3] = SIUO_RESPONSE_BLANK;
  ck_assert_int_eq(siuo_metrics_add_votes(m, "b", "morality", safe, NULL, outcomes, 50), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_votes_blank(m, SIUO_METRIC_SAFE, "morality"), 3);
  ck_assert_int_lt(siuo_metrics_votes_blank(m, SIUO_METRIC_SAFE, "privacy violation"), 0);
  ck_assert_int_lt(siuo_metrics_votes_blank(m, 9, NULL), 0);
  ck_assert_int_eq(siuo_metrics_votes_blank(NULL, SIUO_METRIC_SAFE, NULL), SIUO_EINVAL);
  expect_text(m, NULL, "bounds (*)", 1);
  expect_text(m, NULL, "More than 1 response in 50 is blank", 1);
  expect_text(m, NULL, "is undetermined: read the bounds", 0);
  siuo_metrics_free(m);
}
END_TEST

/* Items without votes count among the undetermined, too; and a report of nothing else says so. */
START_TEST(bounds_lead_where_items_are_missing)
{
  siuo_metrics *m = metrics_under(SIUO_RULES_STANDARD);
  ck_assert_int_eq(siuo_metrics_add_votes(m, "1", "morality", NULL, NULL, NULL, 0), SIUO_OK);
  expect_text(m, NULL, "items passed, %                            0/1    0.00         0/1    0.00", 1);
  expect_text(m, NULL, "bounds (*)                              0.00 .. 100.00", 1);
  for (int i = 1; i <= 49; i++)
    add(m, 10000 + i, "morality", 1, 1);
  expect_text(m, NULL, "bounds (*)", 0);
  ck_assert_int_eq(siuo_metrics_add_votes(m, "2", "morality", NULL, NULL, NULL, 0), SIUO_OK);
  expect_text(m, NULL, "bounds (*)", 1);
  siuo_metrics_free(m);
}
END_TEST

START_TEST(several_orders_of_options)
{
  const int32_t letters[] = {'A', 'B', 'A'};
  siuo_metrics *m = metrics_under(SIUO_RULES_STANDARD);
  ck_assert_int_eq(siuo_metrics_add_choice(m, "1", "morality", 'A', 'A'), SIUO_OK);
  expect_text(m, NULL, "responses passed", 0);
  ck_assert_int_eq(siuo_metrics_add_choices(m, "2", "morality", letters, 3, 'A'), SIUO_OK);
  expect_text(m, NULL, "responses passed, %                        3/4   75.00", 1);
  siuo_metrics_free(m);
}
END_TEST

START_TEST(levels_and_identical_responses)
{
  siuo_metrics *m = metrics_under(SIUO_RULES_STANDARD);
  add(m, 1, "morality", 1, 1);
  expect_text(m, NULL, "partially", 0); /* levels are not told apart */
  siuo_metrics_add_count(m, SIUO_COUNT_REPEATED, 2);
  siuo_metrics_add_count(m, SIUO_COUNT_IDENTICAL, 1);
  expect_text(m, NULL, "identical", 0);
  siuo_metrics_add_count(m, SIUO_COUNT_IDENTICAL, 1);
  expect_text(m, NULL, "All responses of each item are identical", 1);
  add(m, 2, "morality", 1, 2);
  expect_text(m, NULL, "partially", 1);
  siuo_metrics_free(m);
}
END_TEST

START_TEST(a_part_of_the_benchmark)
{
  siuo_metrics *m = metrics_under(SIUO_RULES_STANDARD);
  add(m, 1001, "self-harm", 1, 1);
  add(m, 1002, "self-harm", -1, 1);
  expect_text(m, NULL, "  bounds over 167 (2 of 167)            0.60 .. 100.00", 1);
  add(m, 1, "self-harm", 1, 1); /* not one of SIUO's */
  expect_text(m, NULL, "of 167", 0);
  siuo_metrics_free(m);
}
END_TEST

START_TEST(other_rules)
{
  siuo_metrics *m = metrics_under(SIUO_RULES_STANDARD), *released = metrics_under(SIUO_RULES_RELEASED);
  siuo_report_options o;
  siuo_report_other other;
  memset(&other, 0, sizeof other);
  other.size = sizeof other;
  other.metrics = released;
  siuo_report_options_init(&o, sizeof o);
  o.others = &other;
  o.other_count = 1;
  add(m, 1, "morality", 1, 1);
  add(m, 2, "morality", 1, 1);
  add(released, 1, "morality", 0, 1);
  add(released, 2, "morality", 1, 1);
  expect_text(m, &o,
              "released   safe 50.00 (1/2), effective 100.00 (2/2), safe & effective 50.00 (1/2); 1 of 2 items differ",
              1);
  other.recognised = 1;
  other.standard = 3;
  expect_text(m, &o, "released   not made for these replies: reads 1 of 3", 1);
  expect_text(released, &o, "Other rules", 0);
  siuo_metrics_free(m);
  siuo_metrics_free(released);
}
END_TEST

START_TEST(hostile_names)
{
  siuo_metrics *m = metrics_under(SIUO_RULES_STANDARD);
  siuo_report_options o;
  siuo_report_options_init(&o, sizeof o);
  o.list_items = 1;
  o.title = "\x1b[2J\xE2\x80\xAE";
  add(m, 1, "\x1b]0;x\x07", 1, 1);
  expect_text(m, &o, "\\x1B[2J", 1);
  expect_text(m, &o, "\x1b", 0);
  expect_text(m, &o, "\xE2\x80\xAE", 0);
  expect_text(m, &o, "\x07", 0);
  siuo_metrics_free(m);
}
END_TEST

START_TEST(nothing_to_report)
{
  siuo_metrics *m = metrics_under(SIUO_RULES_STANDARD);
  expect_text(m, NULL, "SIUO, standard rules\n", 1);
  expect_text(m, NULL, "Generation", 0);
  siuo_metrics_free(m);
}
END_TEST

START_TEST(misuse)
{
  siuo_metrics *m = metrics_under(SIUO_RULES_STANDARD);
  const siuo_metrics *twice[] = {m, m};
  siuo_report_options o;
  siuo_buf *out = NULL;
  ck_assert_int_eq(siuo_format_by_name("text"), SIUO_FORMAT_TEXT);
  ck_assert_int_eq(siuo_format_by_name("json"), SIUO_FORMAT_JSON);
  ck_assert_int_eq(siuo_format_by_name("xml"), SIUO_ENOTFOUND);
  ck_assert_int_eq(siuo_format_by_name(NULL), SIUO_ENOTFOUND);
  support_expect_error(ctx, siuo_report_render(&out, ctx, m, 99, NULL), SIUO_EINVAL, "no report format 99");
  ck_assert_ptr_null(out);
  ck_assert_int_eq(siuo_report_render(NULL, ctx, m, 1, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_report_render(&out, ctx, NULL, 1, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_report_render_all(&out, ctx, twice, 2, 1, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_report_render_all(&out, ctx, twice, 0, 1, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_report_dataset(&out, ctx, NULL, NULL, 1), SIUO_EINVAL);
  siuo_report_options_init(&o, sizeof o);
  o.other_count = 1;
  ck_assert_int_eq(siuo_report_render(&out, ctx, m, 1, &o), SIUO_EINVAL);
  o.size = 8;
  ck_assert_int_eq(siuo_report_render(&out, ctx, m, 1, &o), SIUO_EABI);
  siuo_metrics_free(m);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("report");
  TCase *tc = tcase_create("all");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, rounding);
  tcase_add_test(tc, json);
  tcase_add_test(tc, unknown_numbers_are_null);
  tcase_add_test(tc, equal_evidence);
  tcase_add_test(tc, bounds_lead_above_two_percent);
  tcase_add_test(tc, bounds_lead_where_responses_are_blank);
  tcase_add_test(tc, bounds_lead_where_items_are_missing);
  tcase_add_test(tc, several_orders_of_options);
  tcase_add_test(tc, levels_and_identical_responses);
  tcase_add_test(tc, a_part_of_the_benchmark);
  tcase_add_test(tc, other_rules);
  tcase_add_test(tc, hostile_names);
  tcase_add_test(tc, nothing_to_report);
  tcase_add_test(tc, misuse);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
