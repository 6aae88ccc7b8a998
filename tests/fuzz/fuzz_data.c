/* fuzz_data.c: data sets, results and protocols out of any bytes; what loads can be looked at, checked and reported. */
#include "fuzz.h"

static void try_dataset(siuo_ctx *ctx, const uint8_t *bytes, size_t len)
{
  siuo_dataset *ds = NULL;
  siuo_lint *lint = NULL;
  siuo_buf *report = NULL;
  int rc = siuo_dataset_parse(&ds, ctx, bytes, len, NULL);
  fuzz_check_message(ctx, rc);
  MUST((rc == SIUO_OK) == (ds != NULL));
  if (ds == NULL)
    return;
  MUST(siuo_dataset_count(ds) > 0);
  MUST(siuo_lint_new(&lint, ctx, ds) == SIUO_OK);
  MUST(siuo_report_dataset(&report, ctx, ds, lint, SIUO_FORMAT_TEXT) == SIUO_OK);
  siuo_buf_free(report);
  siuo_lint_free(lint);
  siuo_dataset_free(ds);
}

static void try_results(siuo_ctx *ctx, const uint8_t *bytes, size_t len)
{
  siuo_results *results = NULL;
  MUST(siuo_results_new(&results, ctx) == SIUO_OK);
  int rc = siuo_results_parse(results, bytes, len, NULL);
  fuzz_check_message(ctx, rc);
  for (int rules = 0; rc == SIUO_OK && rules < 4; rules++) {
    siuo_metrics *m = NULL;
    siuo_buf *report = NULL;
    int scored = siuo_results_score(results, ctx, rules, NULL, &m);
    fuzz_check_message(ctx, scored);
    if (scored == SIUO_OK)
      MUST(siuo_report_render(&report, ctx, m, rules % 2 + 1, NULL) == SIUO_OK);
    siuo_buf_free(report);
    siuo_metrics_free(m);
  }
  siuo_results_free(results);
}

static void try_protocol(siuo_ctx *ctx, const uint8_t *bytes, size_t len)
{
  siuo_protocol *p = NULL;
  siuo_verdict v;
  v.size = sizeof v;
  int rc = siuo_protocol_parse(&p, ctx, bytes, len, NULL);
  fuzz_check_message(ctx, rc);
  if (rc == SIUO_OK)
    MUST(siuo_judge_reply(p, ctx, 0, SIUO_JOB_JUDGE_SAFETY, NULL, (const char *)bytes, len, &v) == SIUO_OK);
  siuo_protocol_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
  siuo_ctx *ctx = fuzz_ctx();
  try_dataset(ctx, bytes, len);
  try_results(ctx, bytes, len);
  try_protocol(ctx, bytes, len);
  siuo_ctx_free(ctx);
  return 0;
}
