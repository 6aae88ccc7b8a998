/* test_stats.c: intervals against the shared vectors, by hand, and at their edges. */
#include "support/support.h"

#include <siuo/siuo.h>
#include <siuo/stats.h>

#include <check.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define Z95 1.959963984540054

static int is_near(double a, double b, double tolerance)
{
  return fabs(a - b) <= tolerance;
}

/* ---- Wilson ---- */

/* Returns 1 if the line is a Wilson row; checks it then. */
static int check_wilson_row(const char *line, size_t len)
{
  json_error_t error;
  double low = 0;
  double high = 0;
  json_t *row = json_loadb(line, len, 0, &error);
  ck_assert_msg(row != NULL, "%s", error.text);
  const char *stat = json_string_value(json_object_get(row, "stat"));
  int is_wilson = stat != NULL && strcmp(stat, "wilson95") == 0;
  if (is_wilson) {
    uint64_t k = (uint64_t)json_integer_value(json_object_get(row, "k"));
    uint64_t n = (uint64_t)json_integer_value(json_object_get(row, "n"));
    ck_assert_int_eq(siuo_stats_wilson(k, n, &low, &high), SIUO_OK);
    ck_assert(is_near(low, json_number_value(json_object_get(row, "low")), 1e-9));
    ck_assert(is_near(high, json_number_value(json_object_get(row, "high")), 1e-9));
  }
  json_decref(row);
  return is_wilson;
}

START_TEST(wilson_agrees_with_the_shared_vectors)
{
  char path[4096];
  size_t len = 0;
  int rows = 0;
  if (support_shared_missing("Wilson intervals"))
    return;
  snprintf(path, sizeof path, "%s/vectors/statistics.jsonl", support_shared());
  char *text = support_read_file(path, &len);
  ck_assert_msg(text != NULL, "%s can't be read", path);
  for (char *line = text, *end; line < text + len; line = end + 1) {
    end = memchr(line, '\n', (size_t)(text + len - line));
    if (end == NULL)
      end = text + len;
    if (end > line)
      rows += check_wilson_row(line, (size_t)(end - line));
  }
  free(text);
  ck_assert_int_gt(rows, 0);
}
END_TEST

START_TEST(wilson_by_hand)
{
  double low = 0;
  double high = 0;
  double z2 = Z95 * Z95;
  /* k = n = 1: the interval is 1/(1+z^2) to 1 */
  ck_assert_int_eq(siuo_stats_wilson(1, 1, &low, &high), SIUO_OK);
  ck_assert(is_near(low, 1 / (1 + z2), 1e-15));
  ck_assert(high == 1);
  /* one half: symmetrical about it */
  ck_assert_int_eq(siuo_stats_wilson(2, 4, &low, &high), SIUO_OK);
  ck_assert(is_near(low + high, 1, 1e-15));
  ck_assert(is_near(high - 0.5, Z95 * 0.5 / sqrt(4 + z2), 1e-15));
}
END_TEST

START_TEST(wilson_stays_within_its_ends)
{
  static const uint64_t sizes[] = {1, 2, 3, 5, 167, 501, 1000, 50000000, UINT64_C(1) << 53, UINT64_MAX};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    uint64_t n = sizes[i];
    uint64_t step = n < 1000 ? 1 : n / 1000;
    for (uint64_t k = 0;; k = n - k < step ? n : k + step) {
      double low = -1;
      double high = -1;
      double other_low = -1;
      double other_high = -1;
      ck_assert_int_eq(siuo_stats_wilson(k, n, &low, &high), SIUO_OK);
      ck_assert_int_eq(siuo_stats_wilson(n - k, n, &other_low, &other_high), SIUO_OK);
      double p = (double)k / (double)n;
      ck_assert_msg(0 <= low && low <= p && p <= high && high <= 1, "%llu of %llu: %.17g to %.17g",
                    (unsigned long long)k, (unsigned long long)n, low, high);
      ck_assert((low == 0) == (k == 0));
      if (k == n)
        ck_assert(high == 1);
      ck_assert(is_near(low, 1 - other_high, 1e-12));
      if (k == n)
        break;
    }
    double low = 0;
    double high = 0;
    ck_assert_int_eq(siuo_stats_wilson(n - 1, n, &low, &high), SIUO_OK);
    ck_assert(low <= high && high <= 1);
  }
}
END_TEST

START_TEST(wilson_of_nothing_and_of_nonsense)
{
  double low = 0;
  double high = 0;
  ck_assert_int_eq(siuo_stats_wilson(0, 0, &low, &high), SIUO_OK);
  ck_assert(isnan(low) && isnan(high));
  ck_assert_int_eq(siuo_stats_wilson(1, 0, &low, &high), SIUO_EINVAL);
  ck_assert_int_eq(siuo_stats_wilson(168, 167, &low, &high), SIUO_EINVAL);
  ck_assert_int_eq(siuo_stats_wilson(1, 2, NULL, &high), SIUO_EINVAL);
  ck_assert_int_eq(siuo_stats_wilson(1, 2, &low, NULL), SIUO_EINVAL);
}
END_TEST

/* ---- clustered means ---- */

static siuo_clusters no_clusters(void)
{
  siuo_clusters s;
  memset(&s, 0, sizeof s);
  s.size = sizeof s;
  return s;
}

static void add_cluster(siuo_clusters *s, uint64_t k, uint64_t n)
{
  s->count += n > 0;
  s->k += k;
  s->n += n;
  s->kk += k * k;
  s->kn += k * n;
  s->nn += n * n;
}

START_TEST(clusters_by_hand)
{
  /* 1 of 2, 2 of 2, 0 of 1: p = 3/5, residuals -0.2, 0.8, -0.6, squares 1.04, variance 1.5 * 1.04 / 25 */
  siuo_clusters s = no_clusters();
  double mean = 0;
  double low = 0;
  double high = 0;
  add_cluster(&s, 1, 2);
  add_cluster(&s, 2, 2);
  add_cluster(&s, 0, 1);
  ck_assert_int_eq(siuo_stats_clustered_mean(&s, &mean, &low, &high), SIUO_OK);
  ck_assert(is_near(mean, 0.6, 1e-15));
  ck_assert(is_near(low, 0.6 - Z95 * sqrt(1.5 * 1.04 / 25), 1e-14));
  ck_assert_msg(high == 1, "clipped");
  /* clusters that all agree have no width */
  s = no_clusters();
  add_cluster(&s, 1, 3);
  add_cluster(&s, 1, 3);
  ck_assert_int_eq(siuo_stats_clustered_mean(&s, &mean, &low, &high), SIUO_OK);
  ck_assert(low == mean && high == mean && is_near(mean, 1.0 / 3, 1e-15));
}
END_TEST

START_TEST(clusters_against_the_formula)
{
  enum { COUNT = 500 };
  uint64_t k[COUNT];
  uint64_t n[COUNT];
  uint32_t seed = 1;
  siuo_clusters s = no_clusters();
  double mean = 0;
  double low = 0;
  double high = 0;
  double squares = 0;
  for (int i = 0; i < COUNT; i++) {
    seed = seed * 1664525u + 1013904223u;
    n[i] = 1 + (seed >> 16) % 7;
    k[i] = (seed >> 24) % (n[i] + 1);
    add_cluster(&s, k[i], n[i]);
  }
  ck_assert_int_eq(siuo_stats_clustered_mean(&s, &mean, &low, &high), SIUO_OK);
  double p = (double)s.k / (double)s.n;
  for (int i = 0; i < COUNT; i++)
    squares += ((double)k[i] - p * (double)n[i]) * ((double)k[i] - p * (double)n[i]);
  double half = Z95 * sqrt((double)COUNT / (COUNT - 1) * squares) / (double)s.n;
  ck_assert(is_near(mean, p, 1e-15));
  ck_assert(is_near(low, p - half, 1e-12) && is_near(high, p + half, 1e-12));
}
END_TEST

START_TEST(few_clusters)
{
  siuo_clusters s = no_clusters();
  double mean = 0;
  double low = 0;
  double high = 0;
  ck_assert_int_eq(siuo_stats_clustered_mean(&s, &mean, &low, &high), SIUO_OK);
  ck_assert(isnan(mean) && isnan(low) && isnan(high));
  add_cluster(&s, 2, 3);
  ck_assert_int_eq(siuo_stats_clustered_mean(&s, &mean, &low, &high), SIUO_OK);
  ck_assert(is_near(mean, 2.0 / 3, 1e-15));
  ck_assert(isnan(low) && isnan(high));
}
END_TEST

START_TEST(impossible_clusters)
{
  double x = 0;
  siuo_clusters s = no_clusters();
  add_cluster(&s, 1, 2);
  add_cluster(&s, 2, 2);
  ck_assert_int_eq(siuo_stats_clustered_mean(NULL, &x, &x, &x), SIUO_EINVAL);
  ck_assert_int_eq(siuo_stats_clustered_mean(&s, NULL, &x, &x), SIUO_EINVAL);
  ck_assert_int_eq(siuo_stats_clustered_mean(&s, &x, NULL, &x), SIUO_EINVAL);
  ck_assert_int_eq(siuo_stats_clustered_mean(&s, &x, &x, NULL), SIUO_EINVAL);
  siuo_clusters more = s;
  more.k = s.n + 1; /* more passed than there are */
  ck_assert_int_eq(siuo_stats_clustered_mean(&more, &x, &x, &x), SIUO_EINVAL);
  more = s;
  more.count = 0;
  ck_assert_int_eq(siuo_stats_clustered_mean(&more, &x, &x, &x), SIUO_EINVAL);
  more = s;
  more.count = s.n + 1;
  ck_assert_int_eq(siuo_stats_clustered_mean(&more, &x, &x, &x), SIUO_EINVAL);
  more = s;
  more.kk = s.kn + 1;
  ck_assert_int_eq(siuo_stats_clustered_mean(&more, &x, &x, &x), SIUO_EINVAL);
  more = s;
  more.nn = s.kn - 1;
  ck_assert_int_eq(siuo_stats_clustered_mean(&more, &x, &x, &x), SIUO_EINVAL);
}
END_TEST

START_TEST(clusters_of_other_sizes)
{
  struct {
    siuo_clusters known;
    uint64_t later;
  } newer;
  double x = 0;
  memset(&newer, 0, sizeof newer);
  newer.known = no_clusters();
  newer.known.size = sizeof newer;
  ck_assert_int_eq(siuo_stats_clustered_mean(&newer.known, &x, &x, &x), SIUO_OK);
  newer.later = 1;
  ck_assert_int_eq(siuo_stats_clustered_mean(&newer.known, &x, &x, &x), SIUO_EABI);
  newer.known.size = sizeof newer.known - 8;
  ck_assert_int_eq(siuo_stats_clustered_mean(&newer.known, &x, &x, &x), SIUO_EABI);
  newer.known.size = 0;
  ck_assert_int_eq(siuo_stats_clustered_mean(&newer.known, &x, &x, &x), SIUO_EABI);
  newer.known.size = sizeof newer.known;
  newer.known.reserved = 1;
  ck_assert_int_eq(siuo_stats_clustered_mean(&newer.known, &x, &x, &x), SIUO_EABI);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("stats");
  TCase *t = tcase_create("stats");
  suite_add_tcase(s, t);
  tcase_add_test(t, wilson_agrees_with_the_shared_vectors);
  tcase_add_test(t, wilson_by_hand);
  tcase_add_test(t, wilson_stays_within_its_ends);
  tcase_add_test(t, wilson_of_nothing_and_of_nonsense);
  tcase_add_test(t, clusters_by_hand);
  tcase_add_test(t, clusters_against_the_formula);
  tcase_add_test(t, few_clusters);
  tcase_add_test(t, impossible_clusters);
  tcase_add_test(t, clusters_of_other_sizes);
  return support_run(s);
}
