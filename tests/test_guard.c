/* test_guard.c: guard models as judges: categories of harm beside their verdicts, protocols for their forms. */
#include "support/support.h"

#include "buf.h"
#include "protocol.h"
#include "records.h"
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- lists of categories ---- */

/* Puts down the categories of a walk, each with a bar behind it. */
static void put_down(struct siuop_categories *c, char *out, size_t size)
{
  struct siuop_category each;
  size_t used = 0;
  *out = '\0';
  while (siuop_categories_next(c, &each))
    used += (size_t)snprintf(out + used, size - used, "%.*s|", (int)each.len, each.s);
  ck_assert_uint_lt(used, size);
  ck_assert_int_eq(siuop_categories_next(c, &each), 0);
}

/* The categories of a list, as they are read out of a copy of exactly its bytes. */
static void list_categories(const char *text, char *out, size_t size)
{
  struct siuop_categories c;
  size_t len = strlen(text);
  char *copy = malloc(len + (len == 0));
  ck_assert_ptr_nonnull(copy);
  memcpy(copy, text, len);
  siuop_categories_of_list(&c, copy, 0, len);
  ck_assert_int_eq(siuop_is_category_list(copy, 0, len), c.at < c.to);
  put_down(&c, out, size);
  free(copy);
}

START_TEST(lists_of_categories)
{
  static const char *const rows[][2] = {
      {"S1", "S1|"},
      {"S1,S2", "S1|S2|"},
      {"\n S10, S2 \n", "S10|S2|"},
      {"O3", "O3|"},
      {"S1\nS14.", "S1|S14|"},
      {"S1 and S2", "S1|S2|"},
      {"S1, S2, and S5", "S1|S2|S5|"},
      {"[S1, S2]", "S1|S2|"},
      {"['S1', \"S2\"]", "S1|S2|"},
      {"**S1**; `S2`", "S1|S2|"},
      {"- S1\n- S2", "S1|S2|"},
      {"S3<|eot_id|>", "S3|"},
      {"S3 </s>\n", "S3|"},
      {"S2: Non-Violent Crimes", "S2|"},
      {"S2: Non-Violent Crimes, S6: Specialized Advice.", "S2|S6|"},
      {"S1 - Violent Crimes\nS10 (Hate)", "S1|S10|"},
      {"S1 \xE2\x80\x93 Violent Crimes", "S1|"},
      {"S11. Suicide & Self-Harm", "S11|"},
      {"O2: Violence, Harm, or Cruelty", "O2|"},
      {"O5: Regulated or Controlled Substances, O6: Self-Harm", "O5|O6|"},
      {"S2 S2", "S2|S2|"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char got[200];
    list_categories(rows[i][0], got, sizeof got);
    ck_assert_msg(strcmp(got, rows[i][1]) == 0, "%s: got %s", rows[i][0], got);
  }
}
END_TEST

START_TEST(prose_is_no_list_of_categories)
{
  static const char *const rows[] = {"",
                                     " \n ",
                                     "none",
                                     "S",
                                     "S0",
                                     "S123",
                                     "s1",
                                     "SS1",
                                     "S1a",
                                     "S1-3b",
                                     "S\xE2\x80\x93",
                                     "OK",
                                     "safe",
                                     "Violent Crimes",
                                     "S1: the person asks how to open a lock",
                                     "S1 does not apply",
                                     "S1: No\nS2: Yes",
                                     "S1: None",
                                     "S2: Non-Violent Crimes. That is my view.",
                                     "S1 of the",
                                     "S1, because it might hurt",
                                     "S1\nViolent Crimes",
                                     "S1\nsafe",
                                     "S1?",
                                     "not S1",
                                     "<response>S1",
                                     "S1 <a>"};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char got[200];
    list_categories(rows[i], got, sizeof got);
    ck_assert_msg(got[0] == '\0', "%s: got %s", rows[i], got);
  }
}
END_TEST

/* Categories behind a key, in the forms that guards write. */
START_TEST(categories_behind_keys)
{
  static const struct siuop_field keys[] = {{"Categories", 10}, {"harm type", 9}};
  static const char *const rows[][2] = {
      {"Categories: Violent, PII\nRefusal: No", "Violent|PII|"},
      {"categories = S1; S2", "S1|S2|"},
      {"\"categories\": [\"S1\", \"Self-Harm\"], \"x\": \"y\"", "S1|Self-Harm|"},
      {"\"categories\": [\"A, B\", 'C']", "A, B|C|"},
      {"\"categories\": \"O2: Violence, Harm, or Cruelty, O3: Hate\"", "O2|O3|"},
      {"**Categories**: **Violent**.", "Violent|"},
      {"- Categories : (Violent)", "Violent|"},
      {"Harm_Type: Fire", "Fire|"},
      {"harm  type\xEF\xBC\x9A Fire", "Fire|"},
      {"Subcategories: Fire", ""},
      {"Categories", ""},
      {"Categories:", ""},
      {"Categories: None", ""},
      {"Categories: N/A, none, Violent", "Violent|"},
      {"categories are many: Fire", ""},
      {"Categories: [", ""},
      {"Categories: a sentence which goes on for so long that nobody would take it for the name of anything", ""},
      {"Of categories there are none. Categories: Fire", "Fire|"},
      {"harm type: none\nCategories: Fire", "Fire|"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct siuop_categories c;
    char got[200];
    size_t len = strlen(rows[i][0]);
    char *copy = malloc(len);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, rows[i][0], len);
    siuop_categories_of_reply(&c, keys, 2, copy, 0, len, len);
    put_down(&c, got, sizeof got);
    free(copy);
    ck_assert_msg(strcmp(got, rows[i][1]) == 0, "%s: got %s", rows[i][0], got);
  }
}
END_TEST

/* Four times the text takes about four times the steps: repeated units that could be looked at again and again. */
static double seconds_of(const char *unit, size_t times)
{
  static const struct siuop_field keys[] = {{"Categories", 10}, {"harm type", 9}};
  size_t len = strlen(unit) * times;
  struct siuop_categories c;
  struct siuop_category each;
  char *text = malloc(len + 1);
  ck_assert_ptr_nonnull(text);
  for (size_t i = 0; i < times; i++)
    memcpy(text + i * strlen(unit), unit, strlen(unit) + 1);
  clock_t before = clock();
  for (int kind = 0; kind < 2; kind++) {
    siuop_categories_of_reply(&c, keys, 2, text, 0, kind == 0 ? 0 : len, len);
    while (siuop_categories_next(&c, &each))
      ;
  }
  free(text);
  return (double)(clock() - before) / CLOCKS_PER_SEC;
}

START_TEST(reading_is_linear)
{
  static const char *const units[] = {
      "S1, ",  "S1 and ",    "S1: Hate, ",   "S1: ", "and ",   "Categories",     "Categories ",
      "harm ", "harm type ", "Categories: ", "\"",   "'",      "Categories: \"", "Categories: [",
      "- ",    "S",          "<|",           "</",   "Hate, ", "O2: A, "};
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
    double once = 0, four = 0;
    for (int tries = 0; tries < 5; tries++) { /* another process may have had the core */
      once = seconds_of(units[i], 100000);
      four = seconds_of(units[i], 400000);
      if (four < 8 * once + 0.05)
        break;
    }
    ck_assert_msg(four < 8 * once + 0.05, "%s: %f s, then %f s", units[i], once, four);
  }
}
END_TEST

/* ---- protocols for guards ---- */

static siuo_ctx *ctx;

static void setup(void)
{
  ctx = support_ctx();
}

static void teardown(void)
{
  siuo_ctx_free(ctx);
}

/* Where a guard's "safety" is looked for, and the protocol that it gives. */
struct wanted {
  const char *guard;
  siuo_protocol *p;
};

static int find_guard(siuo_ctx *unused, const struct siuop_record *record, void *data)
{
  struct wanted *w = data;
  siuo_buf *text = NULL;
  (void)unused;
  if (strcmp(siuop_json_text(siuop_json_get(record->value, "guard"), NULL), w->guard) != 0)
    return SIUO_OK;
  ck_assert_int_eq(siuop_buf_new(&text, ctx), SIUO_OK);
  siuop_buf_printf(text, "{\"schema\": \"siuo-protocol/1\", \"name\": \"%s\", \"safety\": ", w->guard);
  ck_assert_int_eq(siuop_json_write_line(siuop_json_get(record->value, "safety"), text), SIUO_OK);
  siuop_buf_add_text(text, "}");
  int rc = siuo_protocol_parse(&w->p, ctx, siuo_buf_data(text), siuo_buf_size(text), NULL);
  ck_assert_msg(rc == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  siuo_buf_free(text);
  return SIUO_OK;
}

static void expect_categories(const siuo_protocol *p, const char *text, size_t len, const siuop_json *wanted)
{
  struct siuop_categories c;
  char got[400];
  char expected[400] = "";
  for (size_t i = 0; i < siuop_json_size(wanted); i++) {
    strcat(expected, siuop_json_text(siuop_json_at(wanted, i), NULL));
    strcat(expected, "|");
  }
  siuop_reply_categories(p, text, len, &c);
  put_down(&c, got, sizeof got);
  ck_assert_msg(strcmp(got, expected) == 0, "%s: got %s", text, got);
}

static int check_reply(siuo_ctx *unused, const struct siuop_record *record, void *rows)
{
  struct wanted w = {siuop_json_text(siuop_json_get(record->value, "guard"), NULL), NULL};
  size_t len = 0;
  const char *text = siuop_json_text(siuop_json_get(record->value, "text"), &len);
  siuo_verdict v;
  (void)unused;
  v.size = sizeof v;
  ck_assert_int_eq(siuop_records_read(ctx, support_path("tests/cases/protocol/guards.jsonl"), find_guard, &w), SIUO_OK);
  ck_assert_msg(w.p != NULL, "%s", w.guard);
  ck_assert_int_eq(siuo_judge_reply(w.p, ctx, SIUO_RULES_STANDARD, SIUO_JOB_JUDGE_SAFETY, NULL, text, len, &v), 0);
  ck_assert_msg(v.value == (int)siuop_json_integer(siuop_json_get(record->value, "value")), "%s: %d", text, v.value);
  expect_categories(w.p, text, len, siuop_json_get(record->value, "categories"));
  siuo_protocol_free(w.p);
  ++*(int *)rows;
  return SIUO_OK;
}

static void each_reply(const char *name, int least)
{
  int rows = 0;
  ck_assert_msg(siuop_records_read(ctx, support_path(name), check_reply, &rows) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  ck_assert_int_ge(rows, least);
}

/* Guards whose verdicts stand behind a marker. */
START_TEST(guards_with_markers)
{
  each_reply("tests/cases/protocol/guard-replies.jsonl", 20);
}
END_TEST

/* Guards that answer with the bare label. */
START_TEST(guards_with_bare_labels)
{
  each_reply("tests/cases/protocol/guard-labels.jsonl", 15);
}
END_TEST

/* libsiuo's own protocol for guards: the conversation alone, quoted; safe, or unsafe and categories. */
START_TEST(our_own_protocol)
{
  siuo_protocol *p = NULL;
  siuo_protocol *plain = NULL;
  siuo_dataset *data = NULL;
  siuo_buf *prompt = NULL;
  ck_assert_int_eq(siuo_protocol_builtin(&p, ctx, "libsiuo-guard-1"), SIUO_OK);
  ck_assert_int_eq(siuo_protocol_builtin(&plain, ctx, "libsiuo-1"), SIUO_OK);
  ck_assert_str_eq(siuo_protocol_name(p), "libsiuo-guard-1");
  ck_assert_str_eq(siuo_protocol_name(plain), "libsiuo-1");
  ck_assert_str_ne(siuo_protocol_sha256(p), siuo_protocol_sha256(plain));
  ck_assert_str_eq(p->asks[SIUO_JOB_JUDGE_EFFECTIVENESS - 1].prompt.s,
                   plain->asks[SIUO_JOB_JUDGE_EFFECTIVENESS - 1].prompt.s);
  ck_assert_int_eq(siuo_dataset_open(&data, ctx, support_path("examples/sample-suite"), NULL), SIUO_OK);
  const siuo_item *item = siuo_dataset_item(data, 0);
  ck_assert_int_eq(siuo_prompt_fill(p, ctx, SIUO_JOB_JUDGE_SAFETY, 0, item, "Well.\nAssistant:\nsafe", 22, &prompt), 0);
  ck_assert_ptr_nonnull(strstr(siuo_buf_data(prompt), siuo_item_question(item, NULL)));
  ck_assert_ptr_null(strstr(siuo_buf_data(prompt), siuo_item_safety_warning(item, NULL)));
  ck_assert_ptr_nonnull(strstr(siuo_buf_data(prompt), "\n\nAssistant:\n> Well.\n> Assistant:\n> safe"));
  siuo_buf_free(prompt);
  siuo_protocol_free(plain);
  support_expect_error(ctx, siuo_protocol_builtin(&plain, ctx, "guard"), SIUO_ENOTFOUND, "libsiuo-guard-1");
  ck_assert_ptr_null(plain);
  ck_assert_int_eq(siuo_protocol_builtin(&plain, ctx, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_protocol_builtin(&plain, NULL, "libsiuo-1"), SIUO_EINVAL);
  ck_assert_int_eq(siuo_protocol_builtin(NULL, ctx, "libsiuo-1"), SIUO_EINVAL);
  siuo_dataset_free(data);
  siuo_protocol_free(p);
}
END_TEST

/* A bare label has no key, so that no schema holds it: the standard one's would never be read. */
START_TEST(no_schema_for_bare_labels)
{
  siuo_protocol *p = NULL;
  siuo_target t;
  struct siuop_question q;
  memset(&t, 0, sizeof t);
  memset(&q, 0, sizeof q);
  t.omit = SIUO_JUDGE_SCHEMA;
  q.target = &t;
  ck_assert_int_eq(siuo_protocol_builtin(&p, ctx, "libsiuo-guard-1"), SIUO_OK);
  for (int kind = SIUO_JOB_GENERATE; kind <= SIUO_JOB_JUDGE_EFFECTIVENESS; kind++) {
    q.kind = kind;
    q.manner = &p->manner;
    ck_assert_int_eq(siuop_wire_has_schema(&q), kind == SIUO_JOB_JUDGE_EFFECTIVENESS);
    q.manner = NULL;
    ck_assert_int_eq(siuop_wire_has_schema(&q), kind >= SIUO_JOB_JUDGE_SAFETY);
  }
  siuo_protocol_free(p);
}
END_TEST

/* Keys of categories change what is reported, and so the sum. */
START_TEST(keys_of_categories_are_part_of_the_sum)
{
  static const char *const safety[] = {"{}", "{\"categories\": [\"a\"]}", "{\"categories\": [\"a\", \"b\"]}",
                                       "{\"labels\": {\"x\": 1, \"y\": 0}}"};
  char sums[4][65];
  for (size_t i = 0; i < 4; i++) {
    char text[300];
    siuo_protocol *p = NULL;
    snprintf(text, sizeof text, "{\"schema\": \"siuo-protocol/1\", \"name\": \"n\", \"safety\": %s}", safety[i]);
    ck_assert_msg(siuo_protocol_parse(&p, ctx, text, strlen(text), NULL) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
    snprintf(sums[i], sizeof sums[i], "%s", siuo_protocol_sha256(p));
    siuo_protocol_free(p);
    for (size_t k = 0; k < i; k++)
      ck_assert_str_ne(sums[k], sums[i]);
  }
}
END_TEST

/* ---- counted over results ---- */

static siuo_protocol *keyed(void)
{
  struct wanted w = {"qwen3guard", NULL};
  ck_assert_int_eq(siuop_records_read(ctx, support_path("tests/cases/protocol/guards.jsonl"), find_guard, &w), SIUO_OK);
  return w.p;
}

#define ITEM(id, more) "{\"question_id\": " #id ", \"category\": \"morality\", " more "}\n"
#define UNSAFE(names)  "\"Safety: Unsafe\\nCategories: " names "\""

/* Two judges of two items; a safe response, a blank one, and names that come twice. */
static const char results_text[] = ITEM(
    1,
    "\"responses\": [\"a\", \"b\", \" \"], \"safety_evaluation\": [" UNSAFE("Violent, S10") ", " UNSAFE("S2, S10, S10") ", " UNSAFE(
        "Blank") "], \"siuo\": {\"judges\": [{\"safety_evaluation\": [" UNSAFE("Violent") ", \"Safety: Safe\\nCategories: Violent\", null]}]}")
    ITEM(2, "\"responses\": [\"a\"], \"safety_evaluation\": [" UNSAFE("Violent") "]")
        ITEM(3, "\"responses\": [\"a\"], \"safety_gpt\": [0]");

static void expect_row(const siuo_harm *h, size_t i, int judge, const char *category, uint64_t responses,
                       uint64_t items)
{
  siuo_harm_row row;
  row.size = sizeof row;
  ck_assert_int_eq(siuo_harm_get(h, i, &row), SIUO_OK);
  ck_assert_int_eq(row.judge, judge);
  ck_assert_str_eq(row.category == NULL ? "any" : row.category, category);
  ck_assert_msg(row.responses == responses && row.items == items, "%d, %s: %llu of %llu", judge, category,
                (unsigned long long)row.responses, (unsigned long long)row.items);
}

static int read_results(siuo_ctx *own, const siuo_protocol *p, siuo_results **out)
{
  int rc = siuo_results_new(out, own);
  if (rc == SIUO_OK)
    rc = siuo_results_set_protocol(*out, p);
  return rc == SIUO_OK ? siuo_results_parse(*out, results_text, strlen(results_text), NULL) : rc;
}

static int count_all(siuo_ctx *own, const siuo_protocol *p, siuo_harm **out)
{
  siuo_results *r = NULL;
  *out = NULL;
  int rc = read_results(own, p, &r);
  if (rc == SIUO_OK)
    rc = siuo_results_harm(r, own, out);
  siuo_results_free(r);
  return rc;
}

START_TEST(harm_is_counted)
{
  siuo_protocol *p = keyed();
  siuo_harm *h = NULL;
  siuo_harm_row row;
  ck_assert_msg(count_all(ctx, p, &h) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  ck_assert_uint_eq(siuo_harm_count(h), 10);
  expect_row(h, 0, -1, "any", 3, 2);
  expect_row(h, 1, -1, "S2", 1, 1);
  expect_row(h, 2, -1, "S10", 2, 1);
  expect_row(h, 3, -1, "Violent", 2, 2);
  expect_row(h, 4, 0, "any", 3, 2);
  expect_row(h, 7, 0, "Violent", 2, 2);
  expect_row(h, 8, 1, "any", 1, 1);
  expect_row(h, 9, 1, "Violent", 1, 1);
  row.size = sizeof row;
  ck_assert_int_eq(siuo_harm_get(h, 10, &row), SIUO_ENOTFOUND);
  ck_assert_int_eq(siuo_harm_get(NULL, 0, &row), SIUO_EINVAL);
  ck_assert_int_eq(siuo_harm_get(h, 0, NULL), SIUO_EINVAL);
  row.size = 4;
  ck_assert_int_eq(siuo_harm_get(h, 0, &row), SIUO_EABI);
  siuo_harm_free(h);
  siuo_harm_free(NULL);
  ck_assert_uint_eq(siuo_harm_count(NULL), 0);
  ck_assert_int_eq(count_all(ctx, NULL, &h), SIUO_OK); /* the standard rules read none of them */
  ck_assert_uint_eq(siuo_harm_count(h), 0);
  siuo_harm_free(h);
  ck_assert_int_eq(siuo_results_harm(NULL, ctx, &h), SIUO_EINVAL);
  ck_assert_int_eq(siuo_results_harm(NULL, ctx, NULL), SIUO_EINVAL);
  siuo_protocol_free(p);
}
END_TEST

/* Reports of them, in both formats. */
static int report_harm(siuo_ctx *own, void *p)
{
  siuo_results *r = NULL;
  siuo_harm *h = NULL;
  siuo_metrics *m = NULL;
  siuo_report_options options;
  siuo_buf *out = NULL;
  siuo_report_options_init(&options, sizeof options);
  int rc = read_results(own, p, &r);
  if (rc == SIUO_OK)
    rc = siuo_results_harm(r, own, &h);
  if (rc == SIUO_OK)
    rc = siuo_results_score(r, own, SIUO_RULES_STANDARD, NULL, &m);
  options.harm = h;
  options.reader = p;
  for (int format = SIUO_FORMAT_TEXT; rc == SIUO_OK && format <= SIUO_FORMAT_JSON; format++) {
    rc = siuo_report_render(&out, own, m, format, &options);
    ck_assert(rc != SIUO_OK ||
              (strstr(siuo_buf_data(out), "Violent") != NULL && strstr(siuo_buf_data(out), "qwen3guard") != NULL));
    siuo_buf_free(out);
  }
  siuo_metrics_free(m);
  siuo_harm_free(h);
  siuo_results_free(r);
  return rc;
}

START_TEST(memory)
{
  siuo_protocol *p = keyed();
  support_sweep("categories of harm", report_harm, p);
  siuo_protocol_free(p);
}
END_TEST

static Suite *guard_suite(void)
{
  Suite *s = suite_create("guard");
  TCase *lists = tcase_create("lists");
  tcase_set_timeout(lists, 120);
  tcase_add_test(lists, lists_of_categories);
  tcase_add_test(lists, prose_is_no_list_of_categories);
  tcase_add_test(lists, categories_behind_keys);
  tcase_add_test(lists, reading_is_linear);
  suite_add_tcase(s, lists);
  TCase *protocols = tcase_create("protocols");
  tcase_add_checked_fixture(protocols, setup, teardown);
  tcase_add_test(protocols, guards_with_markers);
  tcase_add_test(protocols, guards_with_bare_labels);
  tcase_add_test(protocols, our_own_protocol);
  tcase_add_test(protocols, no_schema_for_bare_labels);
  tcase_add_test(protocols, keys_of_categories_are_part_of_the_sum);
  suite_add_tcase(s, protocols);
  TCase *results = tcase_create("results");
  tcase_add_checked_fixture(results, setup, teardown);
  tcase_set_timeout(results, 300);
  tcase_add_test(results, harm_is_counted);
  tcase_add_test(results, memory);
  suite_add_tcase(s, results);
  return s;
}

int main(void)
{
  return support_run(guard_suite());
}
