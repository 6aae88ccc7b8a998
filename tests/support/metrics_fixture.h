/* metrics_fixture.h: what the suites about metrics share. */
#ifndef SUPPORT_METRICS_FIXTURE_H
#define SUPPORT_METRICS_FIXTURE_H

#include <siuo/siuo.h>

#define FIXTURE_RULES 4 /* number of rule sets */

/* The context of the test that runs; made before and freed after each by the next two. */
siuo_ctx *fixture_ctx(void);
void fixture_setup(void);
void fixture_teardown(void);

/* Empty metrics in that context; the caller's to free. */
siuo_metrics *fixture_metrics(int rules);

/* A rate that must be there. judged: the one without responses decided by rule. */
siuo_rate fixture_rate(const siuo_metrics *m, int metric, const char *category, int judged);

#endif
