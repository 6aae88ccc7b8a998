/* report.h: what the report formats share. A new format is one file and one line in report.c. */
#ifndef SIUOP_REPORT_H
#define SIUOP_REPORT_H

#include "buf.h"

#include <siuo/report.h>

/* One report being rendered. */
struct siuop_report {
  siuo_ctx *ctx;
  siuo_buf *out;
  const siuo_metrics *metrics;
  siuo_report_options options;
};

int siuop_report_text(struct siuop_report *r); /* report_text.c */
int siuop_report_json(struct siuop_report *r); /* report_json.c */

/* A task's part of a report: its metrics, those of them that were asked, and its categories. */
#define SIUOP_SECTION_METRICS 3
struct siuop_section {
  int task;
  size_t items;                        /* of the task, left-out ones included */
  size_t benchmark_items;              /* of those, with the id of one of SIUO's 167 */
  int metrics[SIUOP_SECTION_METRICS];  /* SIUO_METRIC_*; asked ones only */
  size_t metric_count;                 /* 0: the report has no such section */
  const char **categories;             /* borrowed texts; the array is freed by siuop_section_free() */
  size_t category_count;
};
int siuop_section_init(struct siuop_section *s, siuo_ctx *ctx, const siuo_metrics *m, int task);
void siuop_section_free(struct siuop_section *s, siuo_ctx *ctx);

/* 1 if the section's ids are a proper subset of SIUO's: the report says how many of the 167 it has. */
int siuop_section_is_partial(const struct siuop_section *s);

/* The bounds over all of SIUO's items, the missing ones undetermined. */
void siuop_full_bounds(const siuo_rate *rate, double *low, double *high);

/* "safe", "effective", "safe_effective", "accuracy": a metric's key. */
const char *siuop_metric_key(int metric);

/* The rate, or a rate without items where m has none in that category. */
siuo_rate siuop_report_rate(const siuo_metrics *m, int metric, const char *category);

/* Hundredths of a finite number below 10^12, half to even on its exact value. */
int64_t siuop_hundredths(double value);

#endif
