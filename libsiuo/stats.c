/* stats.c: intervals. */
#include <siuo/error.h>
#include <siuo/stats.h>

#include <math.h>
#include <string.h>

#define Z95 1.959963984540054 /* the 97.5 % quantile of the standard normal distribution */

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
  return s->k <= s->n && s->count <= s->n && s->kk <= s->kn && s->kn <= s->nn && s->nn >= s->n && s->kk >= s->k;
}

int siuo_stats_clustered_mean(const siuo_clusters *sums, double *mean, double *low, double *high)
{
  if (sums == NULL || mean == NULL || low == NULL || high == NULL)
    return SIUO_EINVAL;
  if (sums->size < sizeof *sums)
    return SIUO_EABI;
  if (sums->reserved != 0 || !is_possible(sums))
    return SIUO_EINVAL;
  *mean = *low = *high = NAN;
  if (sums->n == 0)
    return SIUO_OK;
  double n = (double)sums->n;
  double k = (double)sums->k;
  double count = (double)sums->count;
  *mean = k / n;
  if (sums->count < 2)
    return SIUO_OK;
  /* n^2 times the sum of (k_i - p n_i)^2: whole numbers, exact where the terms stay below 2^53 */
  double squares = n * n * (double)sums->kk - 2 * n * k * (double)sums->kn + k * k * (double)sums->nn;
  double variance = count / (count - 1) * fmax(squares, 0) / (n * n) / (n * n);
  double half = Z95 * sqrt(variance);
  *low = fmax(*mean - half, 0);
  *high = fmin(*mean + half, 1);
  return SIUO_OK;
}
