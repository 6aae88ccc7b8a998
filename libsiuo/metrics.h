/* metrics.h: how votes are kept: tallies an item, sums a category. All of them whole numbers, so that the order of
 * adding and merging leaves no trace. */
#ifndef SIUOP_METRICS_H
#define SIUOP_METRICS_H

#include "arena.h"
#include "index.h"

#include <siuo/dataset.h>
#include <siuo/metrics.h>
#include <siuo/stats.h>

#define SIUOP_METRICS 4      /* SIUO_METRIC_*, from 1 */
#define SIUOP_MOST_VOTES (1u << 20) /* responses an item: squares of them are summed in 64 bits */
#define SIUOP_LEFT_OUT 2     /* an item verdict: the rules leave the item out of the metric */

/* One item's votes on one metric: `count` responses, of which `determined` have a vote, of which `passed` are 1. */
struct siuop_votes {
  uint32_t count, determined, passed;
};

struct siuop_scored {
  const char *id;
  uint32_t id_len;
  uint32_t category; /* its number */
  int32_t task;
  uint32_t by_rule; /* responses decided by rule */
  struct siuop_votes votes[3]; /* generation: safe, effective, both; choice: the first */
};

/* Sums over items, for one metric. The votes are those of items that the rules keep. */
struct siuop_sums {
  uint64_t items, passed, undetermined, ties, ties_missing;
  uint64_t votes, votes_passed, votes_undetermined, votes_by_rule;
  uint64_t low, high, all;           /* items that pass with undetermined votes as 0, as 1; with every vote 1 */
  uint64_t clusters, kk, kn, nn;     /* items with determined votes; sums of squares of passed, determined */
};

struct siuop_category {
  const char *name;
  struct siuop_sums sums[SIUOP_METRICS];   /* by metric - 1 */
  struct siuop_sums judged[SIUOP_METRICS]; /* the same without responses decided by rule */
  siuo_cross cross;
};

/* The order in which items are listed, made when it is asked for. Apart, since that changes nothing that a caller
 * can see of the metrics. */
struct siuop_listing {
  size_t *numbers;
  size_t count, capacity;
};

struct siuo_metrics {
  siuo_ctx *ctx;
  int rules;
  struct siuop_arena arena;
  struct siuop_index by_id;       /* of items */
  struct siuop_index by_name;     /* of categories */
  struct siuop_scored *items;
  size_t count, capacity;
  struct siuop_category *categories;
  size_t category_count, category_capacity;
  size_t *category_order;         /* numbers of categories in report order */
  size_t category_order_capacity;
  struct siuop_listing *listing;
  uint64_t counters[SIUO_COUNT_IDENTICAL + 1];
  int asked[SIUOP_METRICS];
};

/* ---- one item (metrics_votes.c) ---- */

/* The verdict of an item's votes on a metric: 1, 0, -1 or SIUOP_LEFT_OUT. */
int siuop_item_verdict(int rules, int metric, const struct siuop_votes *v);

/* Adds an item's votes to the sums. by_rule: of its responses, those decided by rule. */
void siuop_sums_add(struct siuop_sums *sums, int rules, int metric, const struct siuop_votes *v, uint32_t by_rule);

/* Adds sums to sums. */
void siuop_sums_merge(struct siuop_sums *sums, const struct siuop_sums *more);

void siuop_cross_add(siuo_cross *to, const siuo_cross *from);

/* Counts the votes of `count` responses: item->votes, item->by_rule, and the cross table. SIUO_EINVAL for a vote or
 * response out of range. */
int siuop_count_votes(int rules, const int32_t *safety, const int32_t *effectiveness, const int32_t *responses,
                      size_t count, struct siuop_scored *item, siuo_cross *cross);

/* An item's votes without those decided by rule. */
struct siuop_votes siuop_votes_judged(int metric, const struct siuop_scored *item);

/* ---- finding (metrics_rate.c): numbers, SIZE_MAX for none ---- */

size_t siuop_metrics_find_item(const siuo_metrics *m, int task, const char *id, size_t len, uint64_t hash);
size_t siuop_metrics_find_category(const siuo_metrics *m, const char *name);

#endif
