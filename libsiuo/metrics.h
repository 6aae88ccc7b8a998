/* metrics.h: how votes are kept: tallies an item, sums a category. All of them whole numbers, so that the order of
 * adding and merging leaves no trace. */
#ifndef SIUOP_METRICS_H
#define SIUOP_METRICS_H

#include "arena.h"
#include "index.h"

#include <siuo/dataset.h>
#include <siuo/metrics.h>
#include <siuo/stats.h>

#define SIUOP_METRICS    4          /* SIUO_METRIC_*, from 1 */
#define SIUOP_MOST_VOTES (1u << 20) /* responses an item: squares of them are summed in 64 bits */

/* One item's votes on one metric: `count` responses, of which `determined` have a vote, of which `passed` are 1. */
struct siuop_votes {
  uint32_t count, determined, passed;
};

#define SIUOP_CROSS_CELLS 12 /* the cells of siuo_cross, in their order there */

/* An item's votes while it is being added. */
struct siuop_tally {
  struct siuop_votes votes[3]; /* generation: safe, effective, both; choice: the first */
  uint32_t by_rule, blank;     /* responses decided by rule, and those of them that are blank */
  uint32_t cross[SIUOP_CROSS_CELLS];
};

/* What is kept of an item: who it is and its verdicts. */
struct siuop_scored {
  const char *id;
  uint32_t id_len;
  uint32_t category; /* its number */
  int8_t task;
  int8_t verdicts[3]; /* as votes of siuop_tally; left out is -1 */
};

/* Sums over items, for one metric. The votes are those of items that the rules keep. */
struct siuop_sums {
  uint64_t items, passed, undetermined, ties, ties_missing;
  uint64_t votes, votes_passed, votes_undetermined, votes_by_rule, votes_blank;
  uint64_t low, high, all;       /* items that pass with open votes as 0, as 1; with every vote 1 */
  uint64_t clusters, kk, kn, nn; /* items with determined votes; sums of squares of passed, determined */
};

/* Whose sums: a rate is that of PLAIN and RULED items, a rate without responses decided by rule that of PLAIN and
 * JUDGED ones. So the many items without such responses are summed once. */
#define SIUOP_PLAIN  0 /* items that have no response decided by rule */
#define SIUOP_RULED  1 /* the others */
#define SIUOP_JUDGED 2 /* the others again, without those responses */
#define SIUOP_PARTS  3

struct siuop_category {
  const char *name;
  size_t len;
  struct siuop_sums sums[SIUOP_PARTS][SIUOP_METRICS]; /* by metric - 1 */
  uint64_t cross[SIUOP_CROSS_CELLS];
};

/* The orders in which items and categories are listed, made when they are asked for. Apart, since that changes
 * nothing that a caller can see of the metrics. */
struct siuop_listing {
  size_t *items; /* numbers of items, of as many as item_count says */
  size_t item_count, item_capacity;
  size_t *categories; /* numbers of categories; there is room for all of them */
  size_t category_count, category_capacity;
};

struct siuo_metrics {
  siuo_ctx *ctx;
  int rules;
  struct siuop_arena arena;
  struct siuop_index by_id;   /* of items */
  struct siuop_index by_name; /* of categories */
  struct siuop_scored *items;
  size_t count, capacity;
  struct siuop_category *categories;
  size_t category_count, category_capacity;
  size_t last_category; /* of the item added last: neighbours mostly share theirs */
  struct siuop_listing *listing;
  uint64_t counters[SIUO_COUNT_IDENTICAL + 1];
  int asked[SIUOP_METRICS];
  size_t generation_items; /* of count, left-out ones included */
};

/* ---- one item (metrics_votes.c) ---- */

/* Counts the votes of `count` responses into a zeroed tally. SIUO_EINVAL for a vote or response out of range. */
int siuop_count_votes(int rules, const int32_t *safety, const int32_t *effectiveness, const int32_t *responses,
                      size_t count, struct siuop_tally *tally);

/* Adds an item's votes on one metric to its category; returns its verdict: 1, 0, -1. */
int siuop_category_add(struct siuop_category *c, int rules, int metric, const struct siuop_tally *tally);

/* Adds sums to sums. */
void siuop_sums_merge(struct siuop_sums *sums, const struct siuop_sums *more);

/* ---- finding (metrics_rate.c): numbers of items and categories, SIZE_MAX for none ---- */

/* hash: siuop_index_hash_near() in by_id. Ids are often numbered: that spares most trips to memory when many are added.
 */
size_t siuop_metrics_find_item(const siuo_metrics *m, int task, const char *id, size_t len, uint64_t hash);
size_t siuop_metrics_find_category(const siuo_metrics *m, const char *name, size_t len);

#endif
