/* scoring.h: results files to reports, for every command that ends in one. */
#ifndef SIUO_EVAL_SCORING_H
#define SIUO_EVAL_SCORING_H

#include <siuo/siuo.h>

#define RULES_COUNT 4
#define ALL_RULES   (-1)
#define MOST_JUDGES 16

/* Results, scored under every rule set. The first members are the caller's, set before scoring_load(). */
struct scoring {
  siuo_ctx *ctx;
  const siuo_dataset *answered;  /* items that results of all of it miss are undetermined; NULL: there are none */
  const siuo_protocol *protocol; /* in whose manner replies are read; NULL: the standard one */
  const siuo_dataset *described; /* whose fingerprints the report says; NULL: none */
  siuo_results *results;
  siuo_metrics *metrics[RULES_COUNT];
  siuo_harm *harm;
  siuo_judge_replies judges[MOST_JUDGES]; /* of a panel */
  siuo_metrics *judge_metrics[MOST_JUDGES];
  size_t judge_count;
  char title[1024];
};

#define RUN_UNDETERMINED 20 /* percent of a run's items */

/* --max-undetermined. */
struct undetermined_limit {
  double items; /* below 0: no limit */
  int is_percent;
};

/* Read an option's value: EXIT_DONE, or EXIT_USE after saying why. */
int parse_undetermined(struct undetermined_limit *limit, const char *text);
int parse_rules(int *rules, const char *text); /* SIUO_RULES_*, or ALL_RULES */

/* Reads and scores all files together: a status. */
int scoring_load(struct scoring *s, const char *const *paths, int count);

/* A report under the rules, or under all of them: a status. */
int scoring_render(const struct scoring *s, int rules, int format, uint32_t list_items, siuo_buf **out);

/* EXIT_DONE, or EXIT_UNDETERMINED after saying that too many items are open: those whose missing votes might decide. */
int scoring_check(const struct scoring *s, int rules, const struct undetermined_limit *limit);

/* Frees what scoring_load() made. */
void scoring_free(struct scoring *s);

#endif
