/* test_metrics.c: votes to rates: small cases worked out by hand (tests/cases/metrics), the shared vectors, the
 * published rows, bounds by brute force. What holds of any votes: test_metrics_merge.c. */
#include "support/metrics_fixture.h"
#include "support/support.h"

#include "benchmark.h"

#include <siuo/siuo.h>

#include <check.h>
#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_VOTES 16

/* ---- cases ---- */

static const int32_t *read_votes(const json_t *item, const char *key, int32_t *votes, size_t *count)
{
  const json_t *list = json_object_get(item, key);
  if (!json_is_array(list))
    return NULL;
  *count = json_array_size(list);
  ck_assert_uint_le(*count, MOST_VOTES);
  for (size_t i = 0; i < *count; i++)
    votes[i] = (int32_t)json_integer_value(json_array_get(list, i));
  return votes;
}

static const int32_t *read_responses(const json_t *item, int32_t *responses)
{
  static const char *const names[] = {"ok", "blank", "blocked", "refused", "truncated", "failed"};
  const json_t *list = json_object_get(item, "responses");
  if (!json_is_array(list))
    return NULL;
  ck_assert_uint_le(json_array_size(list), MOST_VOTES);
  for (size_t i = 0; i < json_array_size(list); i++) {
    const char *name = json_string_value(json_array_get(list, i));
    responses[i] = SIUO_RESPONSE_OK;
    while (strcmp(names[responses[i]], name) != 0)
      responses[i]++;
  }
  return responses;
}

static const char *text_of(const json_t *item, const char *key)
{
  const char *text = json_string_value(json_object_get(item, key));
  ck_assert_msg(text != NULL, "%s is missing", key);
  return text;
}

static int add_item(siuo_metrics *m, const json_t *item)
{
  int32_t safety[MOST_VOTES];
  int32_t effectiveness[MOST_VOTES];
  int32_t responses[MOST_VOTES];
  const char *id = text_of(item, "id");
  const char *category = text_of(item, "category");
  if (json_object_get(item, "chosen") != NULL)
    return siuo_metrics_add_choice(m, id, category, text_of(item, "chosen")[0], text_of(item, "correct")[0]);
  size_t count = (size_t)json_integer_value(json_object_get(item, "count"));
  const int32_t *s = read_votes(item, "safety", safety, &count);
  const int32_t *e = read_votes(item, "effectiveness", effectiveness, &count);
  return siuo_metrics_add_votes(m, id, category, s, e, read_responses(item, responses), count);
}

static void expect_count(const char *where, const json_t *expected, const char *key, uint64_t got)
{
  const json_t *value = json_object_get(expected, key);
  ck_assert_msg(json_is_integer(value), "%s: %s is missing", where, key);
  ck_assert_msg((uint64_t)json_integer_value(value) == got, "%s: %s: got %llu, expected %lld", where, key,
                (unsigned long long)got, (long long)json_integer_value(value));
}

static void expect_number(const char *where, const char *key, const json_t *expected, double got)
{
  ck_assert_msg(expected != NULL, "%s: %s is missing", where, key);
  if (json_is_null(expected))
    ck_assert_msg(isnan(got), "%s: %s: got %.17g, expected none", where, key, got);
  else
    ck_assert_msg(fabs(json_number_value(expected) - got) <= 1e-9, "%s: %s: got %.17g, expected %.17g", where, key, got,
                  json_number_value(expected));
}

static void expect_pair(const char *where, const char *key, const json_t *expected, double low, double high)
{
  expect_number(where, key, json_array_get(expected, 0), low);
  expect_number(where, key, json_array_get(expected, 1), high);
}

static void expect_rate(const char *where, const json_t *e, const siuo_rate *r)
{
  const json_t *response = json_object_get(e, "response");
  expect_count(where, e, "items", r->items);
  expect_count(where, e, "passed", r->passed);
  expect_count(where, e, "undetermined", r->undetermined);
  expect_count(where, e, "ties", r->ties);
  expect_count(where, e, "votes", r->votes);
  expect_count(where, e, "votes_passed", r->votes_passed);
  expect_count(where, e, "votes_undetermined", r->votes_undetermined);
  expect_count(where, e, "votes_by_rule", r->votes_by_rule);
  expect_number(where, "percent", json_object_get(e, "percent"), r->percent);
  expect_pair(where, "ci95", json_object_get(e, "ci95"), r->ci_low, r->ci_high);
  expect_pair(where, "bounds", json_object_get(e, "bounds"), r->bound_low, r->bound_high);
  expect_number(where, "response", json_object_get(response, "percent"), r->response_percent);
  expect_pair(where, "response ci95", json_object_get(response, "ci95"), r->response_ci_low, r->response_ci_high);
  expect_number(where, "all_percent", json_object_get(e, "all_percent"), r->all_percent);
}

static const char *category_of(const char *key)
{
  return strcmp(key, "overall") == 0 ? NULL : key;
}

/* The rates of one metric, by category. */
static void check_rates(const char *file, const siuo_metrics *m, const char *name, int metric, json_t *rates,
                        int judged)
{
  const char *key = NULL;
  json_t *expected = NULL;
  json_object_foreach(rates, key, expected) {
    char where[512];
    snprintf(where, sizeof where, "%s: %s%s, %s, %s", file, siuo_rules_name(siuo_metrics_rules(m)),
             judged ? " judged" : "", name, key);
    siuo_rate r = fixture_rate(m, metric, category_of(key), judged);
    expect_rate(where, expected, &r);
    if (!judged)
      expect_count(where, expected, "ties_missing", (uint64_t)siuo_metrics_ties_missing(m, metric, category_of(key)));
  }
}

static void check_all_rates(const char *file, const siuo_metrics *m, const json_t *expected, int judged)
{
  static const char *const names[] = {"safe", "effective", "safe_effective", "choice"};
  for (int metric = SIUO_METRIC_SAFE; metric <= SIUO_METRIC_CHOICE; metric++)
    check_rates(file, m, names[metric - 1], metric, json_object_get(expected, names[metric - 1]), judged);
}

static void check_cross(const char *file, const siuo_metrics *m, json_t *tables)
{
  const char *key = NULL;
  json_t *cells = NULL;
  json_object_foreach(tables, key, cells) {
    siuo_cross c;
    c.size = sizeof c;
    ck_assert_int_eq(siuo_metrics_cross(m, category_of(key), &c), SIUO_OK);
    const uint64_t got[] = {
        c.safe_very,         c.safe_partially,         c.safe_ineffective,         c.safe_undetermined,
        c.unsafe_very,       c.unsafe_partially,       c.unsafe_ineffective,       c.unsafe_undetermined,
        c.undetermined_very, c.undetermined_partially, c.undetermined_ineffective, c.undetermined_undetermined};
    for (size_t i = 0; i < sizeof got / sizeof got[0]; i++)
      ck_assert_msg(got[i] == (uint64_t)json_integer_value(json_array_get(cells, i)), "%s: cross, %s, cell %u: got %u",
                    file, key, (unsigned)i, (unsigned)got[i]);
  }
}

static void check_categories(const siuo_metrics *m, const json_t *names)
{
  ck_assert_uint_eq(siuo_metrics_category_count(m), json_array_size(names));
  for (size_t i = 0; i < json_array_size(names); i++)
    ck_assert_str_eq(siuo_metrics_category(m, i), json_string_value(json_array_get(names, i)));
  ck_assert_ptr_null(siuo_metrics_category(m, json_array_size(names)));
}

static void check_items(const char *file, const siuo_metrics *m, const json_t *items)
{
  ck_assert_uint_eq(siuo_metrics_count(m), json_array_size(items));
  for (size_t i = 0; i < json_array_size(items); i++) {
    const json_t *item = json_array_get(items, i);
    const json_t *verdicts = json_object_get(item, "verdicts");
    int task = strcmp(text_of(item, "task"), "choice") == 0 ? SIUO_TASK_CHOICE : SIUO_TASK_GENERATION;
    siuo_item_result listed;
    siuo_item_result found;
    listed.size = found.size = sizeof listed;
    ck_assert_int_eq(siuo_metrics_item(m, i, &listed), SIUO_OK);
    ck_assert_str_eq(listed.item_id, text_of(item, "id"));
    ck_assert_int_eq(siuo_metrics_find(m, task, listed.item_id, &found), SIUO_OK);
    ck_assert_int_eq(memcmp(&listed, &found, sizeof found), 0);
    const int32_t got[] = {listed.safe, listed.effective, listed.safe_effective, listed.choice};
    for (size_t k = 0; k < 4; k++)
      ck_assert_msg(got[k] == json_integer_value(json_array_get(verdicts, k)), "%s: %s, item %s, verdict %u: got %d",
                    file, siuo_rules_name(siuo_metrics_rules(m)), listed.item_id, (unsigned)k, (int)got[k]);
  }
}

static void check_rules(const char *file, const json_t *items, const char *rules, const json_t *expected)
{
  siuo_metrics *m = NULL;
  for (int i = 0; i < FIXTURE_RULES; i++)
    if (strcmp(siuo_rules_name(i), rules) == 0)
      m = fixture_metrics(i);
  ck_assert_msg(m != NULL, "%s: no rules %s", file, rules);
  for (size_t i = 0; i < json_array_size(items); i++)
    ck_assert_msg(add_item(m, json_array_get(items, i)) == SIUO_OK, "%s: %s", file, siuo_ctx_errmsg(fixture_ctx()));
  check_all_rates(file, m, expected, 0);
  check_all_rates(file, m, json_object_get(expected, "judged"), 1);
  check_cross(file, m, json_object_get(expected, "cross"));
  check_categories(m, json_object_get(expected, "categories"));
  check_items(file, m, json_object_get(expected, "items"));
  siuo_metrics_free(m);
}

static void check_case(const char *path)
{
  json_error_t error;
  const char *rules = NULL;
  json_t *expected = NULL;
  json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
  ck_assert_msg(root != NULL, "%s:%d: %s", path, error.line, error.text);
  json_object_foreach(json_object_get(root, "expect"), rules, expected)
    check_rules(path, json_object_get(root, "items"), rules, expected);
  json_decref(root);
}

START_TEST(cases_worked_out_by_hand)
{
  char path[4096];
  int cases = 0;
  snprintf(path, sizeof path, "%s/tests/cases/metrics", support_srcdir());
  DIR *folder = opendir(path);
  ck_assert_msg(folder != NULL, "%s can't be read", path);
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    size_t len = strlen(entry->d_name);
    if (len < 5 || strcmp(entry->d_name + len - 5, ".json") != 0)
      continue;
    snprintf(path, sizeof path, "%s/tests/cases/metrics/%s", support_srcdir(), entry->d_name);
    check_case(path);
    cases++;
  }
  closedir(folder);
  ck_assert_int_gt(cases, 0);
}
END_TEST

/* ---- the shared vectors ---- */

/* Two decimals as the released scripts print them. */
static int is_rounded(double got, double expected)
{
  char text[64];
  snprintf(text, sizeof text, "%.2f", got);
  return fabs(strtod(text, NULL) - expected) < 1e-9;
}

static void add_vector_items(siuo_metrics *m, const json_t *items)
{
  for (size_t i = 0; i < json_array_size(items); i++) {
    int32_t safety[MOST_VOTES];
    int32_t effectiveness[MOST_VOTES];
    size_t safe_count = 0;
    size_t count = 0;
    char id[32];
    const json_t *item = json_array_get(items, i);
    snprintf(id, sizeof id, "%lld", (long long)json_integer_value(json_object_get(item, "id")));
    const int32_t *s = read_votes(item, "safety", safety, &safe_count);
    const int32_t *e = read_votes(item, "effectiveness", effectiveness, &count);
    if (safe_count == 0) /* an empty list leaves the item out */
      count = 0;
    ck_assert_int_eq(siuo_metrics_add_votes(m, id, text_of(item, "category"), s, e, NULL, count), SIUO_OK);
  }
}

static void check_released(const siuo_metrics *m, const json_t *averages, const char *category, const char *prefix,
                           unsigned row)
{
  static const char *const names[] = {"safetyness", "helpfulness", "combined"};
  for (int metric = SIUO_METRIC_SAFE; metric <= SIUO_METRIC_SAFE_EFFECTIVE; metric++) {
    char key[64];
    snprintf(key, sizeof key, "%s_%s", prefix, names[metric - 1]);
    siuo_rate r = fixture_rate(m, metric, category, 0);
    ck_assert_msg(is_rounded(r.percent, json_number_value(json_object_get(averages, key))),
                  "aggregates.jsonl:%u: released, %s, %s: got %.17g", row, category, key, r.percent);
  }
}

static void check_olmo(const siuo_metrics *m, const json_t *rates, const char *category, unsigned row)
{
  static const char *const names[] = {"safe", "effective", "safe_effective"};
  for (int metric = SIUO_METRIC_SAFE; metric <= SIUO_METRIC_SAFE_EFFECTIVE; metric++) {
    char where[256];
    const json_t *expected = json_object_get(rates, names[metric - 1]);
    siuo_rate r = fixture_rate(m, metric, category, 0);
    snprintf(where, sizeof where, "aggregates.jsonl:%u: olmo, %s", row, names[metric - 1]);
    expect_count(where, expected, "items", r.items);
    expect_count(where, expected, "passed", r.passed);
    ck_assert_uint_eq(r.undetermined, 0);
  }
}

static void check_vector(const json_t *row, unsigned number)
{
  const char *category = NULL;
  json_t *averages = NULL;
  json_t *released = json_object_get(row, "released");
  json_t *olmo = json_object_get(row, "olmo");
  siuo_metrics *theirs = fixture_metrics(SIUO_RULES_RELEASED);
  siuo_metrics *others = fixture_metrics(SIUO_RULES_OLMO);
  add_vector_items(theirs, json_object_get(row, "items"));
  add_vector_items(others, json_object_get(row, "items"));
  check_released(theirs, released, NULL, "overall_avg", number);
  json_object_foreach(json_object_get(released, "category_averages"), category, averages)
    check_released(theirs, averages, category, "avg", number);
  json_object_foreach(olmo, category, averages)
    check_olmo(others, averages, category_of(category), number);
  siuo_rate r = fixture_rate(theirs, SIUO_METRIC_SAFE, NULL, 0);
  size_t skipped = json_array_size(json_object_get(released, "skipped_questions"));
  ck_assert_uint_eq(r.items + skipped, siuo_metrics_count(theirs));
  siuo_metrics_free(theirs);
  siuo_metrics_free(others);
}

START_TEST(aggregates_agree_with_the_shared_vectors)
{
  char path[4096];
  unsigned number = 0;
  json_error_t error;
  if (support_shared_missing("rates of the other rule sets"))
    return;
  snprintf(path, sizeof path, "%s/vectors/aggregates.jsonl", support_shared());
  FILE *f = fopen(path, "r");
  ck_assert_msg(f != NULL, "%s can't be read", path);
  for (json_t *row; (row = json_loadf(f, JSON_DISABLE_EOF_CHECK, &error)) != NULL; json_decref(row))
    check_vector(row, ++number);
  fclose(f);
  ck_assert_uint_eq(number, 20);
}
END_TEST

/* ---- the published rows ---- */

/* SIUO's 167 items under the standard rules, of which the first so many pass. Which ones is not published. */
static siuo_metrics *published_metrics(long safe, long effective, long both, long right)
{
  siuo_metrics *m = fixture_metrics(SIUO_RULES_STANDARD);
  long i = 0;
  for (int d = 0; d < SIUOP_DOMAIN_COUNT; d++) {
    const struct siuop_domain *domain = &siuop_domains()[d];
    for (uint32_t k = 0; k < domain->items; k++, i++) {
      char id[16];
      /* the first `both` pass both; then come those safe only, and effective only */
      int is_safe = i < safe;
      int is_effective = i < both || (i >= safe && i < safe + effective - both);
      int32_t safety[] = {is_safe, 1 - is_safe, is_safe};
      int32_t effectiveness[] = {2 * is_effective, 0, is_effective};
      snprintf(id, sizeof id, "%u", domain->first_id + k);
      ck_assert_int_eq(siuo_metrics_add_votes(m, id, domain->category, safety, effectiveness, NULL, 3), SIUO_OK);
      ck_assert_int_eq(siuo_metrics_add_choice(m, id, domain->category, i < right ? 'C' : 'D', 'C'), SIUO_OK);
    }
  }
  return m;
}

static void expect_percent(const siuo_metrics *m, int metric, const char *percent, const char *passed)
{
  char got[32];
  siuo_rate r = fixture_rate(m, metric, NULL, 0);
  if (*percent == '\0')
    return;
  snprintf(got, sizeof got, "%.2f", r.percent);
  char *comma = strchr(got, ','); /* some locales write one */
  if (comma != NULL)
    *comma = '.';
  ck_assert_str_eq(got, percent);
  ck_assert_uint_eq(r.passed, strtoul(passed, NULL, 10));
  ck_assert_uint_eq(r.items, SIUOP_BENCHMARK_ITEMS);
}

/* Cuts a line at its commas. */
static int split(char *line, char **fields, int most)
{
  int count = 0;
  for (char *p = line; count < most; p++) {
    fields[count++] = p;
    p = strpbrk(p, ",\r\n");
    if (p == NULL)
      break;
    if (*p != ',') {
      *p = '\0';
      break;
    }
    *p = '\0';
  }
  return count;
}

START_TEST(published_rows_are_reproduced)
{
  char path[4096];
  char line[1024];
  int rows = 0;
  if (support_shared_missing("published rows"))
    return;
  snprintf(path, sizeof path, "%s/published.csv", support_shared());
  FILE *f = fopen(path, "r");
  ck_assert_msg(f != NULL, "%s can't be read", path);
  ck_assert_ptr_nonnull(fgets(line, sizeof line, f));
  while (fgets(line, sizeof line, f) != NULL) {
    char *fields[12];
    if (split(line, fields, 12) < 12 || *fields[7] == '\0') /* the random baseline has no counts */
      continue;
    siuo_metrics *m = published_metrics(strtol(fields[7], NULL, 10), strtol(fields[8], NULL, 10),
                                        strtol(fields[9], NULL, 10), strtol(fields[10], NULL, 10));
    expect_percent(m, SIUO_METRIC_SAFE, fields[3], fields[7]);
    expect_percent(m, SIUO_METRIC_EFFECTIVE, fields[4], fields[8]);
    expect_percent(m, SIUO_METRIC_SAFE_EFFECTIVE, fields[5], fields[9]);
    expect_percent(m, SIUO_METRIC_CHOICE, fields[6], fields[10]);
    siuo_metrics_free(m);
    rows++;
  }
  fclose(f);
  ck_assert_int_eq(rows, 15);
}
END_TEST

START_TEST(the_nine_domains_come_first_and_whole)
{
  siuo_metrics *m = published_metrics(89, 116, 39, 65);
  ck_assert_uint_eq(siuo_metrics_category_count(m), SIUOP_DOMAIN_COUNT);
  ck_assert_uint_eq(siuo_metrics_count(m), 2 * SIUOP_BENCHMARK_ITEMS);
  for (int d = 0; d < SIUOP_DOMAIN_COUNT; d++) {
    const struct siuop_domain *domain = &siuop_domains()[d];
    ck_assert_str_eq(siuo_metrics_category(m, (size_t)d), domain->category);
    for (int metric = SIUO_METRIC_SAFE; metric <= SIUO_METRIC_CHOICE; metric++)
      ck_assert_uint_eq(fixture_rate(m, metric, domain->category, 0).items, domain->items);
  }
  siuo_metrics_free(m);
}
END_TEST

/* ---- the order of operations ---- */

/* 23 of 160 is where the orders part: 14.374999999999998, rounded to 14.37, or 14.375, rounded to 14.38. */
static double percent_of_160(int rules)
{
  siuo_metrics *m = fixture_metrics(rules);
  for (int i = 0; i < 160; i++) {
    const int32_t vote[] = {i < 23};
    char id[16];
    snprintf(id, sizeof id, "%d", i);
    ck_assert_int_eq(siuo_metrics_add_votes(m, id, "x", vote, vote, NULL, 1), SIUO_OK);
    ck_assert_int_eq(siuo_metrics_add_choice(m, id, "x", i < 23 ? 'A' : 'B', 'A'), SIUO_OK);
  }
  double percent = fixture_rate(m, SIUO_METRIC_SAFE, NULL, 0).percent;
  for (int metric = SIUO_METRIC_EFFECTIVE; metric <= SIUO_METRIC_CHOICE; metric++)
    ck_assert(fixture_rate(m, metric, NULL, 0).percent == percent);
  siuo_metrics_free(m);
  return percent;
}

START_TEST(each_rule_set_has_its_own_order_of_operations)
{
  volatile double items = 160; /* computed here, not by the compiler */
  ck_assert(percent_of_160(SIUO_RULES_STANDARD) == 100 * 23.0 / items);
  ck_assert(percent_of_160(SIUO_RULES_RELEASED) == 23.0 / items * 100);
  ck_assert(percent_of_160(SIUO_RULES_OLMO) == 23.0 / items * 100);
  ck_assert(percent_of_160(SIUO_RULES_VLMEVALKIT) == 23.0 / items * 100);
  ck_assert(percent_of_160(SIUO_RULES_STANDARD) != percent_of_160(SIUO_RULES_RELEASED));
}
END_TEST

/* ---- bounds ---- */

/* Passed items of one, with these votes, as the low and the high of `assignments` ways to fill in the missing. */
static void bounds_by_force(const int32_t *votes, size_t count, double *low, double *high)
{
  size_t missing = 0;
  for (size_t i = 0; i < count; i++)
    missing += votes[i] == -1;
  *low = 100;
  *high = 0;
  for (unsigned filled = 0; filled < 1u << missing; filled++) {
    unsigned bit = 0;
    size_t passed = 0;
    for (size_t i = 0; i < count; i++)
      passed += votes[i] == -1 ? filled >> bit++ & 1 : (unsigned)votes[i];
    double percent = 2 * passed > count ? 100 : 0;
    *low = percent < *low ? percent : *low;
    *high = percent > *high ? percent : *high;
  }
}

START_TEST(bounds_hold_whatever_the_missing_votes_are)
{
  for (size_t count = 1; count <= 5; count++) {
    unsigned combinations = 1;
    for (size_t i = 0; i < count; i++)
      combinations *= 3;
    for (unsigned c = 0; c < combinations; c++) {
      int32_t votes[5];
      double low = 0;
      double high = 0;
      unsigned rest = c;
      for (size_t i = 0; i < count; i++, rest /= 3)
        votes[i] = (int32_t)(rest % 3) - 1;
      bounds_by_force(votes, count, &low, &high);
      siuo_metrics *m = fixture_metrics(SIUO_RULES_STANDARD);
      ck_assert_int_eq(siuo_metrics_add_votes(m, "1", "x", votes, votes, NULL, count), SIUO_OK);
      for (int metric = SIUO_METRIC_SAFE; metric <= SIUO_METRIC_SAFE_EFFECTIVE; metric++) {
        siuo_rate r = fixture_rate(m, metric, NULL, 0);
        ck_assert(r.bound_low == low && r.bound_high == high);
        ck_assert(r.bound_low <= r.percent && r.percent <= r.bound_high);
        ck_assert(r.ci_low <= r.bound_low && r.bound_high <= r.ci_high);
      }
      siuo_metrics_free(m);
    }
  }
}
END_TEST

/* ---- the suite ---- */

int main(void)
{
  Suite *s = suite_create("metrics");
  TCase *t = tcase_create("metrics");
  suite_add_tcase(s, t);
  tcase_add_checked_fixture(t, fixture_setup, fixture_teardown);
  tcase_set_timeout(t, 60);
  tcase_add_test(t, cases_worked_out_by_hand);
  tcase_add_test(t, aggregates_agree_with_the_shared_vectors);
  tcase_add_test(t, published_rows_are_reproduced);
  tcase_add_test(t, the_nine_domains_come_first_and_whole);
  tcase_add_test(t, each_rule_set_has_its_own_order_of_operations);
  tcase_add_test(t, bounds_hold_whatever_the_missing_votes_are);
  return support_run(s);
}
