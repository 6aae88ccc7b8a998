/* stats.h: the statistics behind the rates, for hosts that want them on other counts. */
#ifndef SIUO_STATS_H
#define SIUO_STATS_H

#include <siuo/api.h>

SIUO_BEGIN_DECLS

/* The Wilson score interval at 95 % (z = 1.959963984540054, without continuity correction) for k successes in n,
 * as proportions in 0…1 (E. B. Wilson, JASA 22, 1927). n 0 gives NaN, NaN.
 * Errors: SIUO_EINVAL (k > n, a NULL pointer).
 * @since 0.1.0 */
SIUO_API int siuo_stats_wilson(uint64_t k, uint64_t n, double *low, double *high);

/* Sums over clusters (items) of their votes: n votes of which k passed. Exact integers, so that adding clusters
 * in any order gives the same bytes. */
typedef struct siuo_clusters {
  uint32_t size;
  uint32_t reserved;
  uint64_t count;      /* clusters with n > 0 */
  uint64_t k, n;       /* sums */
  uint64_t kk, kn, nn; /* sums of k*k, k*n, n*n */
} siuo_clusters;

/* The mean k/n over all votes and its 95 % interval, clustered: the ratio estimator with variance
 * c/(c-1) * sum((k_i - p n_i)^2) / n^2 (Cochran, Sampling Techniques, 3rd ed., 6.3), normal quantile as above,
 * clipped to 0…1. No votes: all NaN; one cluster: the interval is NaN.
 * Errors: SIUO_EINVAL, SIUO_EABI.
 * @since 0.1.0 */
SIUO_API int siuo_stats_clustered_mean(const siuo_clusters *sums, double *mean, double *low, double *high);

SIUO_END_DECLS

#endif
