/* cursor.c: walks over a data set's items: filter, order, limit, shard, in this turn. docs/dataset.md. */
#include "dataset.h"

#include "abi.h"
#include "benchmark.h"
#include "sort.h"

#include <string.h>

#define OPTIONS_FIRST_SIZE sizeof(siuo_cursor_options)

struct siuo_cursor {
  siuo_ctx *ctx;
  const siuo_dataset *ds;
  size_t *numbers; /* of the items, in the order in which they are handed out */
  size_t count, at, step;
};

int siuo_cursor_options_init(siuo_cursor_options *o, size_t size)
{
  siuo_cursor_options defaults;
  memset(&defaults, 0, sizeof defaults);
  return siuop_abi_init(o, size, &defaults, sizeof defaults, OPTIONS_FIRST_SIZE);
}

static int import_options(siuo_ctx *ctx, siuo_cursor_options *to, const siuo_cursor_options *from)
{
  memset(to, 0, sizeof *to);
  int rc = from == NULL ? SIUO_OK : siuop_abi_import(to, sizeof *to, from, OPTIONS_FIRST_SIZE);
  if (rc == SIUO_OK && to->reserved != 0)
    rc = SIUO_EABI;
  if (rc != SIUO_OK)
    return siuop_fail_plain(ctx, rc);
  if (to->task < 0 || to->task > SIUO_TASK_CHOICE)
    return siuop_fail(ctx, SIUO_EINVAL, "there is no task %d", (int)to->task);
  if ((to->shuffle & ~(uint32_t)SIUO_LIMIT_EACH_TASK) > SIUO_ORDER_STRATIFIED)
    return siuop_fail(ctx, SIUO_EINVAL, "there is no order %u", (unsigned)to->shuffle);
  if (to->shard_count == 0)
    to->shard_count = 1;
  if (to->shard_index >= to->shard_count)
    return siuop_fail(ctx, SIUO_EINVAL, "shard %llu is not one of %llu (they count from 0)",
                      (unsigned long long)to->shard_index, (unsigned long long)to->shard_count);
  return SIUO_OK;
}

/* ---- orders ---- */

/* SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014). */
static uint64_t draw(uint64_t *state)
{
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* Evenly 0 … n-1: draws that would favour small numbers are drawn again. */
static uint64_t draw_below(uint64_t *state, uint64_t n)
{
  uint64_t unfair = (UINT64_MAX - n + 1) % n; /* 2^64 modulo n */
  uint64_t z;
  do
    z = draw(state);
  while (z < unfair);
  return z % n;
}

/* Fisher and Yates, from the end. */
static void shuffle(size_t *numbers, size_t count, uint64_t seed)
{
  for (size_t i = count; i > 1; i--) {
    size_t k = (size_t)draw_below(&seed, i);
    size_t kept = numbers[i - 1];
    numbers[i - 1] = numbers[k];
    numbers[k] = kept;
  }
}

/* The place of an item in a stratified order: item `rank` of the `size` of its stratum stands at (2 rank + 1) / size
 * on a scale that all strata share, so that each is spread evenly. */
struct stratum_place {
  uint64_t rank, size;
  size_t stratum;
};

static int compare_places(const void *a, const void *b, const void *user_data)
{
  const struct stratum_place *places = user_data;
  const struct stratum_place *x = &places[*(const size_t *)a];
  const struct stratum_place *y = &places[*(const size_t *)b];
  uint64_t left = (2 * x->rank + 1) * y->size; /* below 2^53: at most 50 million items */
  uint64_t right = (2 * y->rank + 1) * x->size;
  if (left != right)
    return left < right ? -1 : 1;
  if (x->stratum != y->stratum)
    return x->stratum < y->stratum ? -1 : 1;
  return (x->rank > y->rank) - (x->rank < y->rank);
}

/* Task and category of an item as one number, in report order. */
static size_t stratum_of(const siuo_dataset *ds, const siuo_item *item)
{
  size_t place = siuop_dataset_place_of_category(ds, item);
  return place + (item->task == SIUO_TASK_CHOICE ? ds->category_count : 0);
}

/* numbers are shuffled already: an item's rank in its stratum is its turn there. */
static int stratify(siuo_cursor *cur)
{
  size_t strata = 2 * cur->ds->category_count;
  struct stratum_place *places = siuop_alloc(cur->ctx, cur->count, sizeof *places);
  size_t *order = siuop_alloc(cur->ctx, cur->count, 2 * sizeof *order);
  uint64_t *sizes = siuop_zalloc(cur->ctx, strata, sizeof *sizes);
  int rc = places == NULL || order == NULL || sizes == NULL ? SIUO_ENOMEM : SIUO_OK;
  for (size_t i = 0; rc == SIUO_OK && i < cur->count; i++) {
    places[i].stratum = stratum_of(cur->ds, &cur->ds->items[cur->numbers[i]]);
    places[i].rank = sizes[places[i].stratum]++;
    order[i] = i;
  }
  if (rc == SIUO_OK) {
    for (size_t i = 0; i < cur->count; i++)
      places[i].size = sizes[places[i].stratum];
    siuop_sort(order, cur->count, compare_places, places);
    for (size_t i = 0; i < cur->count; i++)
      order[cur->count + i] = cur->numbers[order[i]];
    memcpy(cur->numbers, order + cur->count, cur->count * sizeof *order);
  }
  siuop_free(cur->ctx, places);
  siuop_free(cur->ctx, order);
  siuop_free(cur->ctx, sizes);
  return rc;
}

/* ---- the cursor ---- */

static int select_items(siuo_cursor *cur, const siuo_cursor_options *o)
{
  int category_found = o->category == NULL;
  cur->numbers = siuop_alloc(cur->ctx, cur->ds->count, sizeof *cur->numbers);
  if (cur->numbers == NULL)
    return SIUO_ENOMEM;
  for (size_t i = 0; i < cur->ds->count; i++) {
    const siuo_item *item = &cur->ds->items[i];
    int wanted = o->category == NULL || strcmp(item->category.s, o->category) == 0;
    category_found |= wanted;
    if (wanted && (o->task == 0 || item->task == o->task))
      cur->numbers[cur->count++] = i;
  }
  if (!category_found)
    return siuop_fail(cur->ctx, SIUO_ENOTFOUND, "no item has the category \"%.200s\"", o->category);
  return SIUO_OK;
}

/* Keeps the first items, in their order: so many of all, or of each task. */
static void limit_items(siuo_cursor *cur, const siuo_cursor_options *o)
{
  uint64_t kept[SIUO_TASK_CHOICE + 1] = {0};
  size_t count = 0;
  for (size_t i = 0; o->limit != 0 && i < cur->count; i++) {
    int task = (o->shuffle & SIUO_LIMIT_EACH_TASK) != 0 ? cur->ds->items[cur->numbers[i]].task : 0;
    if (kept[task]++ < o->limit)
      cur->numbers[count++] = cur->numbers[i];
  }
  if (o->limit != 0)
    cur->count = count;
}

int siuo_cursor_new(siuo_cursor **out, siuo_ctx *ctx, const siuo_dataset *ds, const siuo_cursor_options *opts)
{
  siuo_cursor_options o;
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL || ds == NULL)
    return SIUO_EINVAL;
  int rc = import_options(ctx, &o, opts);
  if (rc != SIUO_OK)
    return rc;
  siuo_cursor *cur = siuop_zalloc(ctx, 1, sizeof *cur);
  if (cur == NULL)
    return SIUO_ENOMEM;
  cur->ctx = ctx;
  cur->ds = ds;
  rc = select_items(cur, &o);
  uint32_t order = o.shuffle & ~(uint32_t)SIUO_LIMIT_EACH_TASK;
  if (rc == SIUO_OK && order != SIUO_ORDER_FILE)
    shuffle(cur->numbers, cur->count, o.shuffle_seed);
  if (rc == SIUO_OK && order == SIUO_ORDER_STRATIFIED)
    rc = stratify(cur);
  if (rc == SIUO_OK)
    limit_items(cur, &o);
  cur->step = (size_t)(o.shard_count < SIZE_MAX ? o.shard_count : SIZE_MAX);
  cur->at = o.shard_index < cur->count ? (size_t)o.shard_index : cur->count;
  if (rc == SIUO_OK)
    *out = cur;
  else
    siuo_cursor_free(cur);
  return rc;
}

int siuo_cursor_next(siuo_cursor *cur, const siuo_item **out)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (cur == NULL)
    return SIUO_EINVAL;
  if (cur->at >= cur->count)
    return SIUO_DONE;
  *out = &cur->ds->items[cur->numbers[cur->at]];
  cur->at = cur->step < cur->count - cur->at ? cur->at + cur->step : cur->count;
  return SIUO_OK;
}

void siuo_cursor_free(siuo_cursor *cur)
{
  if (cur == NULL)
    return;
  siuop_free(cur->ctx, cur->numbers);
  siuop_free(cur->ctx, cur);
}
