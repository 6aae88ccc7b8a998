/* stats.c: intervals. */
#include "abi.h"

#include <siuo/error.h>
#include <siuo/stats.h>

#include <math.h>

#define Z95                 1.959963984540054 /* the 97.5 % quantile of the standard normal distribution */
#define CLUSTERS_FIRST_SIZE sizeof(siuo_clusters)

int siuo_stats_wilson(uint64_t k, uint64_t n, double *low, double *high)
{
  if (low == NULL || high == NULL || k > n)
    return SIUO_EINVAL;
  *low = *high = NAN;
  if (n == 0)
    return SIUO_OK;
  double size = (double)n;
  double p = (double)k / size;
  double z2 = Z95 * Z95;
  double middle = p + z2 / (2 * size);
  double half = Z95 * sqrt(p * (1 - p) / size + z2 / (4 * size * size));
  *low = k == 0 ? 0 : (middle - half) / (1 + z2 / size);
  *high = k == n ? 1 : (middle + half) / (1 + z2 / size);
  return SIUO_OK;
}

/* What the sums must hold of themselves, whatever the clusters were. */
static int is_possible(const siuo_clusters *s)
{
  return (s->count == 0) == (s->n == 0) && s->count <= s->n && s->k <= s->n && s->k <= s->kk && s->kk <= s->kn &&
         s->kn <= s->nn && s->n <= s->nn;
}

int siuo_stats_clustered_mean(const siuo_clusters *sums, double *mean, double *low, double *high)
{
  siuo_clusters s;
  if (sums == NULL || mean == NULL || low == NULL || high == NULL)
    return SIUO_EINVAL;
  int rc = siuop_abi_import(&s, sizeof s, sums, CLUSTERS_FIRST_SIZE);
  if (rc != SIUO_OK)
    return rc;
  if (s.reserved != 0)
    return SIUO_EABI;
  if (!is_possible(&s))
    return SIUO_EINVAL;
  *mean = *low = *high = NAN;
  if (s.n == 0)
    return SIUO_OK;
  double n = (double)s.n;
  double k = (double)s.k;
  double count = (double)s.count;
  *mean = k / n;
  if (s.count < 2)
    return SIUO_OK;
  /* n^2 times the sum of (k_i - p n_i)^2: whole numbers, exact where the terms stay below 2^53 */
  double squares = n * n * (double)s.kk - 2 * n * k * (double)s.kn + k * k * (double)s.nn;
  double variance = count / (count - 1) * fmax(squares, 0) / (n * n) / (n * n);
  double half = Z95 * sqrt(variance);
  *low = fmax(*mean - half, 0);
  *high = fmin(*mean + half, 1);
  return SIUO_OK;
}
