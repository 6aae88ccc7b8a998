/* metrics.c: items' votes in, sums kept. Adding and merging are all or nothing. */
#include "metrics.h"

#include "abi.h"
#include "benchmark.h"
#include "utf8.h"

#include <siuo/judge.h>

#include <string.h>

int siuo_metrics_new(siuo_metrics **out, siuo_ctx *ctx, int rules)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL)
    return SIUO_EINVAL;
  if (siuo_rules_name(rules) == NULL)
    return siuop_fail(ctx, SIUO_EINVAL, "there are no rules %d", rules);
  siuo_metrics *m = siuop_zalloc(ctx, 1, sizeof *m);
  if (m == NULL)
    return SIUO_ENOMEM;
  m->ctx = ctx;
  m->rules = rules;
  siuop_arena_init(&m->arena, ctx);
  siuop_index_init(&m->by_id, ctx);
  siuop_index_init(&m->by_name, ctx);
  m->listing = siuop_zalloc(ctx, 1, sizeof *m->listing);
  if (m->listing == NULL) {
    siuo_metrics_free(m);
    return SIUO_ENOMEM;
  }
  *out = m;
  return SIUO_OK;
}

void siuo_metrics_free(siuo_metrics *m)
{
  if (m == NULL)
    return;
  if (m->listing != NULL)
    siuop_free(m->ctx, m->listing->numbers);
  siuop_free(m->ctx, m->listing);
  siuop_arena_free(&m->arena);
  siuop_index_free(&m->by_id);
  siuop_index_free(&m->by_name);
  siuop_free(m->ctx, m->items);
  siuop_free(m->ctx, m->categories);
  siuop_free(m->ctx, m->category_order);
  siuop_free(m->ctx, m);
}

int siuo_metrics_rules(const siuo_metrics *m)
{
  return m == NULL ? SIUO_EINVAL : m->rules;
}

/* ---- categories ---- */

static uint64_t hash_name(const char *name)
{
  return siuop_index_hash(0, name, strlen(name));
}

static int reserve_categories(siuo_metrics *m, size_t more)
{
  size_t need = m->category_count + more;
  int rc = siuop_reserve(m->ctx, &m->categories, &m->category_capacity, need, sizeof *m->categories);
  if (rc == SIUO_OK)
    rc = siuop_reserve(m->ctx, &m->category_order, &m->category_order_capacity, need, sizeof *m->category_order);
  return rc == SIUO_OK ? siuop_index_reserve(&m->by_name, more) : rc;
}

/* Room was reserved; name is in the arena. Returns the category's number. */
static size_t put_category(siuo_metrics *m, const char *name)
{
  size_t number = m->category_count++;
  size_t at = number;
  memset(&m->categories[number], 0, sizeof m->categories[number]);
  m->categories[number].name = name;
  siuop_index_put(&m->by_name, hash_name(name), number);
  for (; at > 0; at--) {
    const char *before = m->categories[m->category_order[at - 1]].name;
    if (siuop_category_compare(before, strlen(before), name, strlen(name)) < 0)
      break;
    m->category_order[at] = m->category_order[at - 1];
  }
  m->category_order[at] = number;
  return number;
}

static int need_category(siuo_metrics *m, const char *name, uint32_t *number)
{
  size_t found = siuop_metrics_find_category(m, name);
  if (found == SIZE_MAX) {
    int rc = m->category_count < UINT32_MAX ? reserve_categories(m, 1) : SIUO_ELIMIT;
    char *copy = rc == SIUO_OK ? siuop_arena_copy(&m->arena, name, strlen(name)) : NULL;
    if (copy == NULL)
      return rc == SIUO_OK ? SIUO_ENOMEM : siuop_fail_plain(m->ctx, rc);
    found = put_category(m, copy);
  }
  *number = (uint32_t)found;
  return SIUO_OK;
}

/* ---- adding ---- */

static int check_key(siuo_metrics *m, const char *item_id, const char *category)
{
  if (item_id == NULL || category == NULL || *item_id == '\0' || *category == '\0')
    return siuop_fail(m->ctx, SIUO_EINVAL, "an item needs an id and a category");
  size_t len = strlen(item_id);
  if (len > UINT32_MAX || !siuop_utf8_valid(item_id, len, NULL) || !siuop_utf8_valid(category, strlen(category), NULL))
    return siuop_fail(m->ctx, SIUO_EINVAL, "item %.80s: id or category is not UTF-8", item_id);
  return SIUO_OK;
}

/* Room for the item, and its id and category; nothing can fail afterwards. */
static int prepare(siuo_metrics *m, struct siuop_scored *item, const char *id, const char *category, uint64_t *hash)
{
  size_t len = strlen(id);
  *hash = siuop_index_hash(item->task, id, len);
  if (siuop_metrics_find_item(m, item->task, id, len, *hash) != SIZE_MAX)
    return siuop_fail(m->ctx, SIUO_EINVAL, "item %.80s is there already", id);
  if (m->count >= siuop_limits(m->ctx)->items)
    return siuop_fail(m->ctx, SIUO_ELIMIT, "more items than the limit of %llu (max_items of the context)",
                      (unsigned long long)siuop_limits(m->ctx)->items);
  int rc = siuop_reserve(m->ctx, &m->items, &m->capacity, m->count + 1, sizeof *m->items);
  if (rc == SIUO_OK)
    rc = siuop_index_reserve(&m->by_id, 1);
  if (rc != SIUO_OK)
    return rc;
  item->id = siuop_arena_copy(&m->arena, id, len);
  item->id_len = (uint32_t)len;
  return item->id == NULL ? SIUO_ENOMEM : need_category(m, category, &item->category);
}

static void put_item(siuo_metrics *m, const struct siuop_scored *item, uint64_t hash)
{
  siuop_index_put(&m->by_id, hash, m->count);
  m->items[m->count++] = *item;
}

/* Adds the item's votes on one metric to its category. */
static void sum_item(siuo_metrics *m, const struct siuop_scored *item, int metric)
{
  struct siuop_category *c = &m->categories[item->category];
  const struct siuop_votes *v = &item->votes[metric == SIUO_METRIC_CHOICE ? 0 : metric - 1];
  siuop_sums_add(&c->sums[metric - 1], m->rules, metric, v, item->by_rule);
  struct siuop_votes judged = siuop_votes_judged(metric, item);
  if (judged.count > 0 || v->count == 0) /* an item whose responses were all decided by rule is left out */
    siuop_sums_add(&c->judged[metric - 1], m->rules, metric, &judged, 0);
}

int siuo_metrics_add_votes(siuo_metrics *m, const char *item_id, const char *category, const int32_t *safety,
                           const int32_t *effectiveness, const int32_t *responses, size_t count)
{
  struct siuop_scored item;
  siuo_cross cross;
  uint64_t hash = 0;
  if (m == NULL)
    return SIUO_EINVAL;
  int rc = check_key(m, item_id, category);
  if (rc != SIUO_OK)
    return rc;
  if (count > SIUOP_MOST_VOTES)
    return siuop_fail(m->ctx, SIUO_ELIMIT, "item %.80s: more than %u responses", item_id, SIUOP_MOST_VOTES);
  memset(&item, 0, sizeof item);
  memset(&cross, 0, sizeof cross);
  item.task = SIUO_TASK_GENERATION;
  rc = siuop_count_votes(m->rules, safety, effectiveness, responses, count, &item, &cross);
  if (rc != SIUO_OK)
    return siuop_fail(m->ctx, rc, "item %.80s: a vote or an outcome is out of range", item_id);
  rc = prepare(m, &item, item_id, category, &hash);
  if (rc != SIUO_OK)
    return rc;
  put_item(m, &item, hash);
  for (int metric = SIUO_METRIC_SAFE; metric <= SIUO_METRIC_SAFE_EFFECTIVE; metric++)
    sum_item(m, &item, metric);
  siuop_cross_add(&m->categories[item.category].cross, &cross);
  m->asked[SIUO_METRIC_SAFE - 1] |= count > 0 && safety != NULL;
  m->asked[SIUO_METRIC_EFFECTIVE - 1] |= count > 0 && effectiveness != NULL;
  m->asked[SIUO_METRIC_SAFE_EFFECTIVE - 1] |= count > 0 && safety != NULL && effectiveness != NULL;
  return SIUO_OK;
}

int siuo_metrics_add_choice(siuo_metrics *m, const char *item_id, const char *category, int chosen, int correct)
{
  struct siuop_scored item;
  uint64_t hash = 0;
  if (m == NULL)
    return SIUO_EINVAL;
  int rc = check_key(m, item_id, category);
  if (rc != SIUO_OK)
    return rc;
  if (correct < 'A' || correct > 'Z' || (chosen != 0 && (chosen < 'A' || chosen > 'Z')))
    return siuop_fail(m->ctx, SIUO_EINVAL, "item %.80s: options are letters from A to Z", item_id);
  memset(&item, 0, sizeof item);
  item.task = SIUO_TASK_CHOICE;
  item.votes[0].count = 1;
  item.votes[0].determined = chosen != 0;
  item.votes[0].passed = chosen == correct;
  rc = prepare(m, &item, item_id, category, &hash);
  if (rc != SIUO_OK)
    return rc;
  put_item(m, &item, hash);
  sum_item(m, &item, SIUO_METRIC_CHOICE);
  m->asked[SIUO_METRIC_CHOICE - 1] = 1;
  return SIUO_OK;
}

int siuo_metrics_add_count(siuo_metrics *m, int counter, uint64_t n)
{
  if (m == NULL || counter < SIUO_COUNT_UNPARSED || counter > SIUO_COUNT_IDENTICAL)
    return SIUO_EINVAL;
  m->counters[counter] += n;
  return SIUO_OK;
}

/* ---- merging ---- */

static int check_merge(siuo_metrics *dst, const siuo_metrics *src)
{
  if (dst == src)
    return siuop_fail(dst->ctx, SIUO_EINVAL, "metrics can't be merged into themselves");
  if (dst->rules != src->rules)
    return siuop_fail(dst->ctx, SIUO_EINVAL, "metrics under %s rules can't be merged into metrics under %s rules",
                      siuo_rules_name(src->rules), siuo_rules_name(dst->rules));
  for (size_t i = 0; i < src->count; i++) {
    const struct siuop_scored *item = &src->items[i];
    uint64_t hash = siuop_index_hash(item->task, item->id, item->id_len);
    if (siuop_metrics_find_item(dst, item->task, item->id, item->id_len, hash) != SIZE_MAX)
      return siuop_fail(dst->ctx, SIUO_EINVAL, "item %.80s is in both", item->id);
  }
  if (src->count > siuop_limits(dst->ctx)->items - dst->count)
    return siuop_fail(dst->ctx, SIUO_ELIMIT, "more items than the limit of %llu (max_items of the context)",
                      (unsigned long long)siuop_limits(dst->ctx)->items);
  return SIUO_OK;
}

/* Copies the items behind those of dst, and the names of categories to `names`; dst does not count them yet. */
static int stage(siuo_metrics *dst, const siuo_metrics *src, const char **names)
{
  int rc = siuop_reserve(dst->ctx, &dst->items, &dst->capacity, dst->count + src->count, sizeof *dst->items);
  if (rc == SIUO_OK)
    rc = siuop_index_reserve(&dst->by_id, src->count);
  if (rc == SIUO_OK)
    rc = reserve_categories(dst, src->category_count);
  for (size_t i = 0; rc == SIUO_OK && i < src->category_count; i++) {
    const char *name = src->categories[i].name;
    names[i] = siuop_arena_copy(&dst->arena, name, strlen(name));
    rc = names[i] == NULL ? SIUO_ENOMEM : SIUO_OK;
  }
  for (size_t i = 0; rc == SIUO_OK && i < src->count; i++) {
    struct siuop_scored *item = &dst->items[dst->count + i];
    *item = src->items[i];
    item->id = siuop_arena_copy(&dst->arena, item->id, item->id_len);
    rc = item->id == NULL ? SIUO_ENOMEM : SIUO_OK;
  }
  return rc;
}

/* Takes over what was staged; numbers[i] becomes the number that src's category i has in dst. */
static void take_over(siuo_metrics *dst, const siuo_metrics *src, const char **names, size_t *numbers)
{
  for (size_t i = 0; i < src->category_count; i++) {
    size_t number = siuop_metrics_find_category(dst, names[i]);
    numbers[i] = number == SIZE_MAX ? put_category(dst, names[i]) : number;
    struct siuop_category *to = &dst->categories[numbers[i]];
    for (int k = 0; k < SIUOP_METRICS; k++) {
      siuop_sums_merge(&to->sums[k], &src->categories[i].sums[k]);
      siuop_sums_merge(&to->judged[k], &src->categories[i].judged[k]);
    }
    siuop_cross_add(&to->cross, &src->categories[i].cross);
  }
  for (size_t i = 0; i < src->count; i++) {
    struct siuop_scored item = dst->items[dst->count];
    item.category = (uint32_t)numbers[item.category];
    put_item(dst, &item, siuop_index_hash(item.task, item.id, item.id_len));
  }
  for (int k = 0; k < SIUOP_METRICS; k++)
    dst->asked[k] |= src->asked[k];
  for (int counter = 0; counter <= SIUO_COUNT_IDENTICAL; counter++)
    dst->counters[counter] += src->counters[counter];
}

int siuo_metrics_merge(siuo_metrics *dst, const siuo_metrics *src)
{
  if (dst == NULL || src == NULL)
    return SIUO_EINVAL;
  int rc = check_merge(dst, src);
  if (rc != SIUO_OK)
    return rc;
  struct siuop_arena_mark mark = siuop_arena_mark(&dst->arena);
  const char **names = siuop_alloc(dst->ctx, src->category_count, sizeof *names);
  size_t *numbers = siuop_alloc(dst->ctx, src->category_count, sizeof *numbers);
  rc = names == NULL || numbers == NULL ? SIUO_ENOMEM : stage(dst, src, names);
  if (rc == SIUO_OK)
    take_over(dst, src, names, numbers);
  else
    siuop_arena_rewind(&dst->arena, mark);
  siuop_free(dst->ctx, (void *)names);
  siuop_free(dst->ctx, numbers);
  return rc;
}
