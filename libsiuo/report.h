/* report.h: what the report formats share. A new format is one file and one line in report.c. */
#ifndef SIUOP_REPORT_H
#define SIUOP_REPORT_H

#include "buf.h"
#include "json.h"

#include <siuo/lint.h>
#include <siuo/report.h>

/* One report being rendered. */
struct siuop_report {
  siuo_ctx *ctx;
  siuo_buf *out;
  const siuo_metrics *metrics;
  siuo_report_options options;
};

/* Each format renders one report, or the same results under several rule sets (r->metrics is not read then). */
int siuop_report_text(struct siuop_report *r); /* report_text.c */
int siuop_report_text_all(struct siuop_report *r, const siuo_metrics *const *metrics, size_t count);
int siuop_report_json(struct siuop_report *r); /* report_json.c */
int siuop_report_json_all(struct siuop_report *r, const siuo_metrics *const *metrics, size_t count);

/* Items of a category, or of all, and how often each letter is right. */
struct siuop_data_counts {
  uint64_t generation, choice, right[26];
};

/* A data set being described. */
struct siuop_data_report {
  siuo_ctx *ctx;
  siuo_buf *out;
  const siuo_dataset *dataset;
  const siuo_lint *lint;     /* NULL: no notes */
  const siuo_images *images; /* NULL: pictures were not looked at */
  size_t *notes;             /* numbers of the notes by code, then sentence, then place */
  size_t note_count;
  struct siuop_data_counts *counts; /* of each category in report order, then of all */
  size_t letters;                   /* the most options that an item has: as many letters a table needs */
};

int siuop_data_text(struct siuop_data_report *r); /* report_data_text.c */
int siuop_data_json(struct siuop_data_report *r); /* report_data_json.c */

/* Fills r->notes. SIUO_OK or SIUO_ENOMEM; r->notes is the caller's to free. */
int siuop_sort_notes(struct siuop_data_report *r);

/* Note i in the order of r->notes. */
siuo_lint_note siuop_data_note(const struct siuop_data_report *r, size_t i);

/* Fills r->counts, which the caller frees, and r->letters. SIUO_ENOMEM. */
int siuop_count_data(struct siuop_data_report *r);

/* "generation" or "choice": a task's key. */
const char *siuop_task_key(int task);

/* A task's part of a report: its metrics, those of them that were asked, and its categories. */
#define SIUOP_SECTION_METRICS 3
struct siuop_section {
  int task;
  size_t items;                       /* of the task, left-out ones included */
  size_t benchmark_items;             /* of those, with the id of one of SIUO's 167 */
  int metrics[SIUOP_SECTION_METRICS]; /* SIUO_METRIC_*; asked ones only */
  size_t metric_count;                /* 0: the report has no such section */
  const char **categories;            /* borrowed texts; the array is freed by siuop_section_free() */
  size_t category_count;
};
int siuop_section_init(struct siuop_section *s, siuo_ctx *ctx, const siuo_metrics *m, int task);
void siuop_section_free(struct siuop_section *s, siuo_ctx *ctx);

/* 1 if the section's ids are a proper subset of SIUO's: the report says how many of the 167 it has. */
int siuop_section_is_partial(const struct siuop_section *s);

/* The bounds over all of SIUO's items, the missing ones undetermined. */
void siuop_full_bounds(const siuo_rate *rate, double *low, double *high);

/* Items of ours whose verdicts differ under their rules; an item that those leave out has none. */
uint64_t siuop_count_flips(const siuo_metrics *ours, const siuo_metrics *theirs);

/* The protocol in whose manner replies were read, if that is not the one they were asked by; else NULL. */
const siuo_protocol *siuop_report_reader(const struct siuop_report *r);

/* Whether the report tells of a panel's judges, each alone; and whether some votes are another judge's than the first's
 * because that one declined. */
int siuop_report_has_judges(const struct siuop_report *r);
int siuop_report_is_mixed(const struct siuop_report *r);

/* "safe", "effective", "safe_effective", "accuracy": a metric's key. */
const char *siuop_metric_key(int metric);

/* The rate, or a rate without items where m has none in that category. */
siuo_rate siuop_report_rate(const siuo_metrics *m, int metric, const char *category);

/* Row i of the categories of harm, in *row, if the report tells of them and the row is about that judge (-1: any) and
 * one category (named) or all of them; else NULL. */
const siuo_harm_row *siuop_report_harm(const struct siuop_report *r, size_t i, int32_t judge, int named,
                                       siuo_harm_row *row);

/* A number of a JSON report: two decimals; NaN is null. */
siuop_json *siuop_json_percent(double value);

/* {"files", "missing", "sha256"} of pictures, owned by the caller; NULL: out of memory. */
siuop_json *siuop_json_pictures(const siuo_pictures *p);

/* Hundredths of a finite number below 10^12, half to even on its exact value. */
int64_t siuop_hundredths(double value);

#endif
