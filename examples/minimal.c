/* minimal.c: scores recorded results. Build: cc minimal.c $(pkg-config --cflags --libs siuo) */
#include <siuo/siuo.h>

#include <stdio.h>

int main(int argc, char **argv)
{
  siuo_ctx *ctx = NULL;
  siuo_dataset *data = NULL;
  siuo_results *results = NULL;
  siuo_metrics *metrics = NULL;
  siuo_rate rate = {.size = sizeof rate};
  int rc = argc == 3 ? siuo_ctx_new(&ctx, NULL) : SIUO_EINVAL;

  if (rc == SIUO_OK)
    rc = siuo_dataset_open(&data, ctx, argv[1], NULL);
  if (rc == SIUO_OK)
    rc = siuo_results_new(&results, ctx);
  if (rc == SIUO_OK)
    rc = siuo_results_read(results, argv[2]);
  if (rc == SIUO_OK)
    rc = siuo_results_score(results, ctx, SIUO_RULES_STANDARD, data, &metrics);
  if (rc == SIUO_OK)
    rc = siuo_metrics_rate(metrics, SIUO_METRIC_SAFE, NULL, &rate);
  if (rc == SIUO_OK)
    printf("safe: %.2f %% (%d of %d items), 95 %% interval %.2f to %.2f\n", rate.percent, (int)rate.passed,
           (int)rate.items, rate.ci_low, rate.ci_high);
  else
    fprintf(stderr, "minimal: %s\n", ctx == NULL ? "usage: minimal DATA RESULTS" : siuo_ctx_errmsg(ctx));

  siuo_metrics_free(metrics);
  siuo_results_free(results);
  siuo_dataset_free(data);
  siuo_ctx_free(ctx);
  return rc == SIUO_OK ? 0 : 2;
}
