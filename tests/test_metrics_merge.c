/* test_metrics_merge.c: metrics whatever the votes are: order, merging, refusals, sizes, memory. */
#include "support/metrics_fixture.h"
#include "support/support.h"

#include <siuo/siuo.h>

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t draw(uint32_t *seed, uint32_t below)
{
  *seed = *seed * 1664525u + 1013904223u;
  return (*seed >> 8) % below;
}

/* ---- order ---- */

#define RANDOM_ITEMS 300

/* Adds random item number i of a fixed series. */
static void add_random(siuo_metrics *m, uint32_t i)
{
  static const char *const categories[] = {"self-harm", "privacy violation", "zoo", "morality", "attic"};
  uint32_t seed = i * 2654435761u + 1;
  int32_t safety[7];
  int32_t effectiveness[7];
  int32_t responses[7];
  char id[32];
  const char *category = categories[draw(&seed, 5)];
  size_t count = draw(&seed, 8);
  snprintf(id, sizeof id, draw(&seed, 4) == 0 ? "id-%u" : "%u", i);
  if (draw(&seed, 4) == 0) {
    int chosen = draw(&seed, 5) == 0 ? 0 : 'A' + (int)draw(&seed, 4);
    ck_assert_int_eq(siuo_metrics_add_choice(m, id, category, chosen, 'A' + (int)draw(&seed, 4)), SIUO_OK);
    return;
  }
  for (size_t k = 0; k < count; k++) {
    safety[k] = (int32_t)draw(&seed, 3) - 1;
    effectiveness[k] = (int32_t)draw(&seed, 4) - 1;
    responses[k] = draw(&seed, 3) == 0 ? (int32_t)draw(&seed, 6) : SIUO_RESPONSE_OK;
  }
  const int32_t *s = draw(&seed, 20) == 0 ? NULL : safety;
  const int32_t *e = draw(&seed, 20) == 0 ? NULL : effectiveness;
  ck_assert_int_eq(siuo_metrics_add_votes(m, id, category, s, e, draw(&seed, 3) == 0 ? NULL : responses, count),
                   SIUO_OK);
  ck_assert_int_eq(siuo_metrics_add_count(m, SIUO_COUNT_UNPARSED + (int)draw(&seed, 12), i), SIUO_OK);
}

static void expect_same_numbers(const siuo_metrics *a, const siuo_metrics *b, const char *category)
{
  for (int metric = SIUO_METRIC_SAFE; metric <= SIUO_METRIC_CHOICE; metric++) {
    siuo_rate x = fixture_rate(a, metric, category, 0);
    siuo_rate y = fixture_rate(b, metric, category, 0);
    ck_assert_int_eq(memcmp(&x, &y, sizeof x), 0);
    ck_assert_int_eq(siuo_metrics_ties_missing(a, metric, category), siuo_metrics_ties_missing(b, metric, category));
    if (siuo_metrics_rules(a) != SIUO_RULES_STANDARD)
      continue;
    x = fixture_rate(a, metric, category, 1);
    y = fixture_rate(b, metric, category, 1);
    ck_assert_int_eq(memcmp(&x, &y, sizeof x), 0);
  }
  if (siuo_metrics_rules(a) == SIUO_RULES_STANDARD) {
    siuo_cross x;
    siuo_cross y;
    x.size = y.size = sizeof x;
    ck_assert_int_eq(siuo_metrics_cross(a, category, &x), SIUO_OK);
    ck_assert_int_eq(siuo_metrics_cross(b, category, &y), SIUO_OK);
    ck_assert_int_eq(memcmp(&x, &y, sizeof x), 0);
  }
}

static void expect_same(const siuo_metrics *a, const siuo_metrics *b)
{
  ck_assert_uint_eq(siuo_metrics_count(a), siuo_metrics_count(b));
  ck_assert_uint_eq(siuo_metrics_category_count(a), siuo_metrics_category_count(b));
  expect_same_numbers(a, b, NULL);
  for (size_t i = 0; i < siuo_metrics_category_count(a); i++) {
    ck_assert_str_eq(siuo_metrics_category(a, i), siuo_metrics_category(b, i));
    expect_same_numbers(a, b, siuo_metrics_category(a, i));
  }
  for (size_t i = 0; i < siuo_metrics_count(a); i++) {
    siuo_item_result x;
    siuo_item_result y;
    x.size = y.size = sizeof x;
    ck_assert_int_eq(siuo_metrics_item(a, i, &x), SIUO_OK);
    ck_assert_int_eq(siuo_metrics_item(b, i, &y), SIUO_OK);
    ck_assert_str_eq(x.item_id, y.item_id);
    ck_assert_str_eq(x.category, y.category);
    ck_assert(x.task == y.task && x.safe == y.safe && x.effective == y.effective &&
              x.safe_effective == y.safe_effective && x.choice == y.choice);
  }
  for (int counter = 0; counter <= SIUO_COUNT_IDENTICAL + 1; counter++)
    ck_assert_uint_eq(siuo_metrics_get_count(a, counter), siuo_metrics_get_count(b, counter));
  for (int metric = SIUO_METRIC_SAFE; metric <= SIUO_METRIC_CHOICE; metric++)
    ck_assert_int_eq(siuo_metrics_has(a, metric), siuo_metrics_has(b, metric));
}

START_TEST(the_order_of_adding_leaves_no_trace)
{
  for (int rules = 0; rules < FIXTURE_RULES; rules++) {
    siuo_metrics *forwards = fixture_metrics(rules);
    siuo_metrics *shuffled = fixture_metrics(rules);
    for (uint32_t i = 0; i < RANDOM_ITEMS; i++)
      add_random(forwards, i);
    for (uint32_t i = 0; i < RANDOM_ITEMS; i++)
      add_random(shuffled, i * 77 % RANDOM_ITEMS); /* 77 and 300 share no factor */
    expect_same(forwards, shuffled);
    siuo_metrics_free(forwards);
    siuo_metrics_free(shuffled);
  }
}
END_TEST

START_TEST(merging_in_any_order_equals_adding)
{
  static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  for (int rules = 0; rules < FIXTURE_RULES; rules++) {
    siuo_metrics *whole = fixture_metrics(rules);
    siuo_metrics *parts[3] = {fixture_metrics(rules), fixture_metrics(rules), fixture_metrics(rules)};
    for (uint32_t i = 0; i < RANDOM_ITEMS; i++) {
      add_random(whole, i);
      add_random(parts[i * i % 7 % 3], i);
    }
    for (int o = 0; o < 6; o++) {
      siuo_metrics *merged = fixture_metrics(rules);
      siuo_item_result r;
      r.size = sizeof r;
      for (int k = 0; k < 3; k++) {
        ck_assert_int_eq(siuo_metrics_merge(merged, parts[orders[o][k]]), SIUO_OK);
        ck_assert_int_eq(siuo_metrics_item(merged, 0, &r), SIUO_OK); /* lists are made anew after each */
        ck_assert_ptr_nonnull(siuo_metrics_category(merged, 0));
      }
      expect_same(whole, merged);
      siuo_metrics_free(merged);
    }
    siuo_metrics *left = fixture_metrics(rules); /* (1 + 2) + 0 */
    ck_assert_int_eq(siuo_metrics_merge(parts[1], parts[2]), SIUO_OK);
    ck_assert_int_eq(siuo_metrics_merge(left, parts[1]), SIUO_OK);
    ck_assert_int_eq(siuo_metrics_merge(left, parts[0]), SIUO_OK);
    expect_same(whole, left);
    siuo_metrics_free(left);
    for (int k = 0; k < 3; k++)
      siuo_metrics_free(parts[k]);
    siuo_metrics_free(whole);
  }
}
END_TEST

START_TEST(a_refused_merge_changes_nothing)
{
  siuo_metrics *dst = fixture_metrics(SIUO_RULES_STANDARD);
  siuo_metrics *same = fixture_metrics(SIUO_RULES_STANDARD);
  siuo_metrics *src = fixture_metrics(SIUO_RULES_STANDARD);
  siuo_metrics *other = fixture_metrics(SIUO_RULES_OLMO);
  for (uint32_t i = 0; i < 50; i++) {
    add_random(dst, i);
    add_random(same, i);
    add_random(src, 100 - i);
  }
  add_random(src, 7);
  ck_assert_int_eq(siuo_metrics_add_choice(src, "new", "a new category", 'A', 'A'), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_merge(dst, src), SIUO_EINVAL);
  ck_assert_ptr_nonnull(strstr(siuo_ctx_errmsg(fixture_ctx()), "7 is in both"));
  expect_same(dst, same);
  ck_assert_int_eq(siuo_metrics_merge(dst, dst), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_merge(dst, other), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_merge(NULL, src), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_merge(dst, NULL), SIUO_EINVAL);
  expect_same(dst, same);
  siuo_metrics_free(other);
  siuo_metrics_free(src);
  siuo_metrics_free(same);
  siuo_metrics_free(dst);
}
END_TEST

START_TEST(merged_items_outlive_their_source)
{
  siuo_metrics *dst = fixture_metrics(SIUO_RULES_STANDARD);
  siuo_metrics *src = fixture_metrics(SIUO_RULES_STANDARD);
  siuo_metrics *empty = fixture_metrics(SIUO_RULES_STANDARD);
  siuo_item_result r;
  r.size = sizeof r;
  ck_assert_int_eq(siuo_metrics_add_choice(src, "5", "here", 'A', 'A'), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_merge(src, empty), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_merge(dst, src), SIUO_OK);
  siuo_metrics_free(src);
  ck_assert_int_eq(siuo_metrics_item(dst, 0, &r), SIUO_OK);
  ck_assert_str_eq(r.item_id, "5");
  ck_assert_str_eq(r.category, "here");
  ck_assert_int_eq(siuo_metrics_add_choice(dst, "5", "here", 'A', 'A'), SIUO_EINVAL);
  siuo_metrics_free(dst);
  siuo_metrics_free(empty);
}
END_TEST

/* ---- what is asked and counted ---- */

START_TEST(what_was_asked)
{
  const int32_t vote[] = {1};
  siuo_metrics *m = fixture_metrics(SIUO_RULES_STANDARD);
  for (int metric = 0; metric <= SIUO_METRIC_CHOICE + 1; metric++)
    ck_assert_int_eq(siuo_metrics_has(m, metric), 0);
  ck_assert_int_eq(siuo_metrics_add_votes(m, "1", "x", vote, vote, NULL, 0), SIUO_OK);
  for (int metric = 0; metric <= SIUO_METRIC_CHOICE + 1; metric++) /* no votes at all: all of it is undetermined */
    ck_assert_int_eq(siuo_metrics_has(m, metric), metric >= SIUO_METRIC_SAFE && metric <= SIUO_METRIC_SAFE_EFFECTIVE);
  ck_assert_int_eq(siuo_metrics_add_votes(m, "2", "x", vote, NULL, NULL, 1), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_has(m, SIUO_METRIC_SAFE), 1);
  ck_assert_int_eq(siuo_metrics_has(m, SIUO_METRIC_EFFECTIVE), 0);
  ck_assert_int_eq(siuo_metrics_has(m, SIUO_METRIC_SAFE_EFFECTIVE), 0);
  ck_assert_int_eq(siuo_metrics_add_votes(m, "3", "x", vote, vote, NULL, 1), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_has(m, SIUO_METRIC_SAFE_EFFECTIVE), 1);
  ck_assert_int_eq(siuo_metrics_has(m, SIUO_METRIC_CHOICE), 0);
  ck_assert_int_eq(siuo_metrics_add_choice(m, "3", "x", 0, 'A'), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_has(m, SIUO_METRIC_CHOICE), 1);
  siuo_metrics_free(m);
}
END_TEST

START_TEST(counters)
{
  siuo_metrics *m = fixture_metrics(SIUO_RULES_OLMO);
  for (int counter = SIUO_COUNT_UNPARSED; counter <= SIUO_COUNT_IDENTICAL; counter++) {
    ck_assert_int_eq(siuo_metrics_add_count(m, counter, (uint64_t)counter), SIUO_OK);
    ck_assert_int_eq(siuo_metrics_add_count(m, counter, UINT64_C(1) << 40), SIUO_OK);
  }
  for (int counter = SIUO_COUNT_UNPARSED; counter <= SIUO_COUNT_IDENTICAL; counter++)
    ck_assert_uint_eq(siuo_metrics_get_count(m, counter), (UINT64_C(1) << 40) + (uint64_t)counter);
  ck_assert_int_eq(siuo_metrics_add_count(m, 0, 1), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_add_count(m, SIUO_COUNT_IDENTICAL + 1, 1), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_add_count(NULL, 1, 1), SIUO_EINVAL);
  ck_assert_uint_eq(siuo_metrics_get_count(m, 0), 0);
  ck_assert_uint_eq(siuo_metrics_get_count(m, -1), 0);
  ck_assert_uint_eq(siuo_metrics_get_count(NULL, 1), 0);
  siuo_metrics_free(m);
}
END_TEST

START_TEST(many_categories)
{
  siuo_metrics *m = fixture_metrics(SIUO_RULES_STANDARD);
  const int32_t vote[] = {1};
  char text[32];
  for (unsigned i = 0; i < 5000; i++) {
    snprintf(text, sizeof text, "c%05u", 4999 - i);
    ck_assert_int_eq(siuo_metrics_add_votes(m, text + 1, text, vote, vote, NULL, 1), SIUO_OK);
  }
  for (unsigned i = 0; i < 5000; i++) {
    snprintf(text, sizeof text, "c%05u", i);
    ck_assert_str_eq(siuo_metrics_category(m, i), text);
    ck_assert_uint_eq(fixture_rate(m, SIUO_METRIC_SAFE, text, 0).items, 1);
  }
  siuo_metrics_free(m);
}
END_TEST

/* ---- refusals ---- */

START_TEST(nonsense_is_refused_and_adds_nothing)
{
  static const int32_t ok[] = {1, 0};
  static const int32_t too_high[] = {1, 2};
  static const int32_t too_low[] = {1, -2};
  static const int32_t level_three[] = {1, 3};
  static const int32_t no_response[] = {0, 6};
  static const int32_t negative_response[] = {-1, 0};
  for (int rules = 0; rules < FIXTURE_RULES; rules++) {
    siuo_metrics *m = fixture_metrics(rules);
    ck_assert_int_eq(siuo_metrics_add_votes(m, "1", "x", too_high, ok, NULL, 2), SIUO_EINVAL);
    ck_assert_int_eq(siuo_metrics_add_votes(m, "1", "x", too_low, ok, NULL, 2), SIUO_EINVAL);
    ck_assert_int_eq(siuo_metrics_add_votes(m, "1", "x", ok, level_three, NULL, 2), SIUO_EINVAL);
    ck_assert_int_eq(siuo_metrics_add_votes(m, "1", "x", ok, too_low, NULL, 2), SIUO_EINVAL);
    ck_assert_int_eq(siuo_metrics_add_votes(m, "1", "x", ok, ok, no_response, 2), SIUO_EINVAL);
    ck_assert_int_eq(siuo_metrics_add_votes(m, "1", "x", ok, ok, negative_response, 2), SIUO_EINVAL);
    ck_assert_ptr_nonnull(strstr(siuo_ctx_errmsg(fixture_ctx()), "item 1"));
    ck_assert_int_eq(siuo_metrics_add_votes(m, NULL, "x", ok, ok, NULL, 2), SIUO_EINVAL);
    ck_assert_int_eq(siuo_metrics_add_votes(m, "", "x", ok, ok, NULL, 2), SIUO_EINVAL);
    ck_assert_int_eq(siuo_metrics_add_votes(m, "1", NULL, ok, ok, NULL, 2), SIUO_EINVAL);
    ck_assert_int_eq(siuo_metrics_add_votes(m, "1", "", ok, ok, NULL, 2), SIUO_EINVAL);
    ck_assert_int_eq(siuo_metrics_add_votes(m, "\xff", "x", ok, ok, NULL, 2), SIUO_EINVAL);
    ck_assert_int_eq(siuo_metrics_add_votes(m, "1", "x\xc3", ok, ok, NULL, 2), SIUO_EINVAL);
    ck_assert_int_eq(siuo_metrics_add_votes(m, "1", "x", NULL, NULL, NULL, SIZE_MAX), SIUO_ELIMIT);
    ck_assert_int_eq(siuo_metrics_add_votes(NULL, "1", "x", ok, ok, NULL, 2), SIUO_EINVAL);
    ck_assert_int_eq(siuo_metrics_add_choice(m, "1", "x", 'A', 0), SIUO_EINVAL);
    ck_assert_int_eq(siuo_metrics_add_choice(m, "1", "x", 'a', 'A'), SIUO_EINVAL);
    ck_assert_int_eq(siuo_metrics_add_choice(m, "1", "x", -1, 'A'), SIUO_EINVAL);
    ck_assert_int_eq(siuo_metrics_add_choice(m, NULL, "x", 'A', 'A'), SIUO_EINVAL);
    ck_assert_int_eq(siuo_metrics_add_choice(NULL, "1", "x", 'A', 'A'), SIUO_EINVAL);
    ck_assert_uint_eq(siuo_metrics_count(m), 0);
    ck_assert_uint_eq(siuo_metrics_category_count(m), 0);
    siuo_metrics_free(m);
  }
}
END_TEST

START_TEST(the_same_item_twice)
{
  const int32_t vote[] = {1};
  siuo_metrics *m = fixture_metrics(SIUO_RULES_STANDARD);
  ck_assert_int_eq(siuo_metrics_add_votes(m, "4006", "x", vote, vote, NULL, 1), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_add_votes(m, "4006", "y", vote, vote, NULL, 1), SIUO_EINVAL);
  ck_assert_ptr_nonnull(strstr(siuo_ctx_errmsg(fixture_ctx()), "4006"));
  ck_assert_int_eq(siuo_metrics_add_votes(m, "04006", "x", vote, vote, NULL, 1), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_add_choice(m, "4006", "x", 'A', 'A'), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_add_choice(m, "4006", "x", 'A', 'A'), SIUO_EINVAL);
  ck_assert_uint_eq(siuo_metrics_count(m), 3);
  ck_assert_uint_eq(siuo_metrics_category_count(m), 1);
  siuo_metrics_free(m);
}
END_TEST

START_TEST(an_item_of_very_many_votes)
{
  enum { COUNT = 1 << 20 };
  int32_t *votes = malloc((COUNT + 1) * sizeof *votes);
  ck_assert_ptr_nonnull(votes);
  for (int i = 0; i <= COUNT; i++)
    votes[i] = i % 2;
  siuo_metrics *m = fixture_metrics(SIUO_RULES_STANDARD);
  ck_assert_int_eq(siuo_metrics_add_votes(m, "1", "x", votes, votes, NULL, COUNT + 1), SIUO_ELIMIT);
  ck_assert_int_eq(siuo_metrics_add_votes(m, "1", "x", votes, votes, NULL, COUNT), SIUO_OK);
  siuo_rate r = fixture_rate(m, SIUO_METRIC_SAFE, NULL, 0);
  ck_assert_uint_eq(r.votes, COUNT);
  ck_assert_uint_eq(r.votes_passed, COUNT / 2);
  ck_assert_uint_eq(r.ties, 1);
  ck_assert(r.response_percent == 50);
  siuo_metrics_free(m);
  free(votes);
}
END_TEST

START_TEST(the_limit_of_items)
{
  siuo_ctx_options options;
  siuo_ctx *small = NULL;
  siuo_metrics *m = NULL;
  siuo_metrics *more = fixture_metrics(SIUO_RULES_STANDARD);
  ck_assert_int_eq(siuo_ctx_options_init(&options, sizeof options), SIUO_OK);
  options.max_items = 2;
  ck_assert_int_eq(siuo_ctx_new(&small, &options), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_new(&m, small, SIUO_RULES_STANDARD), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_add_choice(m, "1", "x", 'A', 'A'), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_add_choice(more, "2", "y", 'A', 'A'), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_add_choice(more, "3", "y", 'A', 'A'), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_merge(m, more), SIUO_ELIMIT);
  ck_assert_uint_eq(siuo_metrics_category_count(m), 1);
  ck_assert_int_eq(siuo_metrics_add_choice(m, "2", "x", 'A', 'A'), SIUO_OK);
  ck_assert_int_eq(siuo_metrics_add_choice(m, "3", "x", 'A', 'A'), SIUO_ELIMIT);
  ck_assert_ptr_nonnull(strstr(siuo_ctx_errmsg(small), "max_items"));
  siuo_metrics_free(more);
  siuo_metrics_free(m);
  siuo_ctx_free(small);
}
END_TEST

START_TEST(questions_that_have_no_answer)
{
  siuo_rate r;
  siuo_cross c;
  siuo_item_result item;
  siuo_metrics *m = fixture_metrics(SIUO_RULES_STANDARD);
  siuo_metrics *olmo = fixture_metrics(SIUO_RULES_OLMO);
  r.size = sizeof r;
  c.size = sizeof c;
  item.size = sizeof item;
  ck_assert_int_eq(siuo_metrics_rate(m, SIUO_METRIC_SAFE, "nowhere", &r), SIUO_ENOTFOUND);
  ck_assert_int_eq(siuo_metrics_rate(m, SIUO_METRIC_SAFE, "", &r), SIUO_ENOTFOUND);
  ck_assert_int_eq(siuo_metrics_rate_judged(m, SIUO_METRIC_SAFE, "nowhere", &r), SIUO_ENOTFOUND);
  ck_assert_int_eq(siuo_metrics_ties_missing(m, SIUO_METRIC_SAFE, "nowhere"), SIUO_ENOTFOUND);
  ck_assert_int_eq(siuo_metrics_cross(m, "nowhere", &c), SIUO_ENOTFOUND);
  ck_assert_int_eq(siuo_metrics_rate(m, 0, NULL, &r), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_rate(m, SIUO_METRIC_CHOICE + 1, NULL, &r), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_ties_missing(m, 5, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_ties_missing(NULL, 1, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_rate(m, SIUO_METRIC_SAFE, NULL, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_rate(NULL, SIUO_METRIC_SAFE, NULL, &r), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_rate_judged(olmo, SIUO_METRIC_SAFE, NULL, &r), SIUO_EUNSUPPORTED);
  ck_assert_int_eq(siuo_metrics_cross(olmo, NULL, &c), SIUO_EUNSUPPORTED);
  ck_assert_int_eq(siuo_metrics_cross(NULL, NULL, &c), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_cross(m, NULL, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_item(m, 0, &item), SIUO_ENOTFOUND);
  ck_assert_int_eq(siuo_metrics_item(NULL, 0, &item), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_item(m, 0, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_find(m, SIUO_TASK_CHOICE, "1", &item), SIUO_ENOTFOUND);
  ck_assert_int_eq(siuo_metrics_find(m, SIUO_TASK_CHOICE, "", &item), SIUO_ENOTFOUND);
  ck_assert_int_eq(siuo_metrics_find(m, SIUO_TASK_CHOICE, NULL, &item), SIUO_EINVAL);
  ck_assert_uint_eq(siuo_metrics_count(NULL), 0);
  ck_assert_uint_eq(siuo_metrics_category_count(NULL), 0);
  ck_assert_ptr_null(siuo_metrics_category(NULL, 0));
  ck_assert_int_eq(siuo_metrics_rules(NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_has(NULL, 1), 0);
  r = fixture_rate(m, SIUO_METRIC_CHOICE, NULL, 0);
  ck_assert(r.items == 0 && isnan(r.percent) && isnan(r.ci_low) && isnan(r.bound_high) && isnan(r.all_percent));
  siuo_metrics_free(olmo);
  siuo_metrics_free(m);
}
END_TEST

START_TEST(making_and_ending)
{
  siuo_metrics *m = (siuo_metrics *)&m;
  ck_assert_int_eq(siuo_metrics_new(&m, fixture_ctx(), FIXTURE_RULES), SIUO_EINVAL);
  ck_assert_ptr_null(m);
  m = (siuo_metrics *)&m;
  ck_assert_int_eq(siuo_metrics_new(&m, NULL, SIUO_RULES_STANDARD), SIUO_EINVAL);
  ck_assert_ptr_null(m);
  ck_assert_int_eq(siuo_metrics_new(NULL, fixture_ctx(), SIUO_RULES_STANDARD), SIUO_EINVAL);
  ck_assert_int_eq(siuo_metrics_new(&m, fixture_ctx(), -1), SIUO_EINVAL);
  siuo_metrics_free(NULL);
}
END_TEST

/* ---- sizes ---- */

START_TEST(callers_of_other_sizes)
{
  struct {
    siuo_rate rate;
    uint64_t later[2];
  } newer;
  siuo_cross c;
  siuo_item_result item;
  siuo_metrics *m = fixture_metrics(SIUO_RULES_STANDARD);
  ck_assert_int_eq(siuo_metrics_add_choice(m, "1", "x", 'A', 'A'), SIUO_OK);
  memset(&newer, 0xff, sizeof newer);
  newer.rate.size = sizeof newer;
  ck_assert_int_eq(siuo_metrics_rate(m, SIUO_METRIC_CHOICE, NULL, &newer.rate), SIUO_OK);
  ck_assert_uint_eq(newer.rate.size, sizeof newer);
  ck_assert(newer.rate.passed == 1 && newer.later[0] == 0 && newer.later[1] == 0);
  newer.rate.size = sizeof newer.rate;
  newer.later[0] = 5;
  ck_assert_int_eq(siuo_metrics_rate(m, SIUO_METRIC_CHOICE, NULL, &newer.rate), SIUO_OK);
  ck_assert_uint_eq(newer.later[0], 5);
  newer.rate.size = sizeof newer.rate - 8;
  ck_assert_int_eq(siuo_metrics_rate(m, SIUO_METRIC_CHOICE, NULL, &newer.rate), SIUO_EABI);
  ck_assert_int_eq(siuo_metrics_rate_judged(m, SIUO_METRIC_CHOICE, NULL, &newer.rate), SIUO_EABI);
  newer.rate.size = UINT32_MAX;
  ck_assert_int_eq(siuo_metrics_rate(m, SIUO_METRIC_CHOICE, NULL, &newer.rate), SIUO_EABI);
  c.size = 0;
  ck_assert_int_eq(siuo_metrics_cross(m, NULL, &c), SIUO_EABI);
  item.size = sizeof item - 8;
  ck_assert_int_eq(siuo_metrics_item(m, 0, &item), SIUO_EABI);
  ck_assert_int_eq(siuo_metrics_find(m, SIUO_TASK_CHOICE, "1", &item), SIUO_EABI);
  siuo_metrics_free(m);
}
END_TEST

/* ---- out of memory ---- */

/* Adds, lists, merges; whatever fails must leave the metrics as they were. */
static int add_all(siuo_metrics *m, uint32_t from, uint32_t to)
{
  const int32_t votes[] = {1, 0, 1};
  for (uint32_t i = from; i < to; i++) {
    char id[16];
    char category[16];
    snprintf(id, sizeof id, "%u", i);
    snprintf(category, sizeof category, "c%u", i % 21);
    size_t count = siuo_metrics_count(m);
    size_t categories = siuo_metrics_category_count(m);
    int rc = siuo_metrics_add_votes(m, id, category, votes, votes, NULL, 3);
    if (rc != SIUO_OK) {
      ck_assert_uint_eq(siuo_metrics_count(m), count);
      ck_assert_uint_eq(siuo_metrics_category_count(m), categories);
      return rc;
    }
  }
  return SIUO_OK;
}

static int merge_all(siuo_metrics *dst, const siuo_metrics *src)
{
  size_t count = siuo_metrics_count(dst);
  size_t categories = siuo_metrics_category_count(dst);
  uint64_t votes = fixture_rate(dst, SIUO_METRIC_SAFE, NULL, 0).votes;
  int rc = siuo_metrics_merge(dst, src);
  if (rc != SIUO_OK) {
    ck_assert_uint_eq(siuo_metrics_count(dst), count);
    ck_assert_uint_eq(siuo_metrics_category_count(dst), categories);
    ck_assert_uint_eq(fixture_rate(dst, SIUO_METRIC_SAFE, NULL, 0).votes, votes);
  }
  return rc;
}

static int scenario(siuo_ctx *short_of_memory, void *data)
{
  (void)data;
  siuo_metrics *a = NULL;
  siuo_metrics *b = NULL;
  siuo_item_result r;
  r.size = sizeof r;
  int rc = siuo_metrics_new(&a, short_of_memory, SIUO_RULES_STANDARD);
  if (rc == SIUO_OK)
    rc = siuo_metrics_new(&b, short_of_memory, SIUO_RULES_STANDARD);
  if (rc == SIUO_OK)
    rc = add_all(a, 0, 40);
  if (rc == SIUO_OK)
    rc = add_all(b, 40, 3000);
  if (rc == SIUO_OK)
    rc = siuo_metrics_item(a, 0, &r);
  if (rc == SIUO_OK)
    rc = merge_all(a, b);
  if (rc == SIUO_OK)
    rc = siuo_metrics_item(a, 2999, &r);
  if (rc == SIUO_OK)
    ck_assert_str_eq(r.item_id, "2999");
  siuo_metrics_free(b);
  siuo_metrics_free(a);
  return rc;
}

START_TEST(out_of_memory_anywhere)
{
  support_sweep("metrics", scenario, NULL);
}
END_TEST

/* ---- the suite ---- */

int main(void)
{
  Suite *s = suite_create("metrics_merge");
  TCase *t = tcase_create("metrics_merge");
  suite_add_tcase(s, t);
  tcase_add_checked_fixture(t, fixture_setup, fixture_teardown);
  tcase_set_timeout(t, 60);
  tcase_add_test(t, the_order_of_adding_leaves_no_trace);
  tcase_add_test(t, merging_in_any_order_equals_adding);
  tcase_add_test(t, a_refused_merge_changes_nothing);
  tcase_add_test(t, merged_items_outlive_their_source);
  tcase_add_test(t, what_was_asked);
  tcase_add_test(t, counters);
  tcase_add_test(t, many_categories);
  tcase_add_test(t, nonsense_is_refused_and_adds_nothing);
  tcase_add_test(t, the_same_item_twice);
  tcase_add_test(t, an_item_of_very_many_votes);
  tcase_add_test(t, the_limit_of_items);
  tcase_add_test(t, questions_that_have_no_answer);
  tcase_add_test(t, making_and_ending);
  tcase_add_test(t, callers_of_other_sizes);
  tcase_add_test(t, out_of_memory_anywhere);
  return support_run(s);
}
