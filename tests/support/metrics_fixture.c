/* metrics_fixture.c: what the suites about metrics share. */
#include "metrics_fixture.h"

#include "support.h"

#include <check.h>
#include <string.h>

static siuo_ctx *ctx;

siuo_ctx *fixture_ctx(void)
{
  return ctx;
}

void fixture_setup(void)
{
  ctx = support_ctx();
}

void fixture_teardown(void)
{
  siuo_ctx_free(ctx);
}

siuo_metrics *fixture_metrics(int rules)
{
  siuo_metrics *m = NULL;
  ck_assert_int_eq(siuo_metrics_new(&m, ctx, rules), SIUO_OK);
  return m;
}

siuo_rate fixture_rate(const siuo_metrics *m, int metric, const char *category, int judged)
{
  siuo_rate r;
  memset(&r, 0xa5, sizeof r);
  r.size = sizeof r;
  ck_assert_int_eq((judged ? siuo_metrics_rate_judged : siuo_metrics_rate)(m, metric, category, &r), SIUO_OK);
  ck_assert_uint_eq(r.size, sizeof r);
  ck_assert_uint_eq(r.reserved, 0);
  return r;
}
