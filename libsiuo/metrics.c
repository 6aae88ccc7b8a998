/* metrics.c: items' votes in, sums kept. Adding and merging are all or nothing. */
#include "metrics.h"

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
  if (m->listing != NULL) {
    siuop_free(m->ctx, m->listing->items);
    siuop_free(m->ctx, m->listing->categories);
  }
  siuop_free(m->ctx, m->listing);
  siuop_arena_free(&m->arena);
  siuop_index_free(&m->by_id);
  siuop_index_free(&m->by_name);
  siuop_free(m->ctx, m->items);
  siuop_free(m->ctx, m->categories);
  siuop_free(m->ctx, m);
}

int siuo_metrics_rules(const siuo_metrics *m)
{
  return m == NULL ? SIUO_EINVAL : m->rules;
}

/* ---- categories ---- */

static int reserve_categories(siuo_metrics *m, size_t more)
{
  size_t need = m->category_count + more;
  if (need > UINT32_MAX)
    return siuop_fail(m->ctx, SIUO_ELIMIT, "more than %lu categories", (unsigned long)UINT32_MAX);
  int rc = siuop_reserve(m->ctx, &m->categories, &m->category_capacity, need, sizeof *m->categories);
  struct siuop_listing *listing = m->listing;
  if (rc == SIUO_OK)
    rc = siuop_reserve(m->ctx, &listing->categories, &listing->category_capacity, need, sizeof *listing->categories);
  return rc == SIUO_OK ? siuop_index_reserve(&m->by_name, more) : rc;
}

/* Room was reserved; name is in the arena. Returns the category's number. */
static size_t put_category(siuo_metrics *m, const char *name, size_t len)
{
  size_t number = m->category_count++;
  struct siuop_category *c = &m->categories[number];
  memset(c, 0, sizeof *c);
  c->name = name;
  c->len = len;
  siuop_index_put(&m->by_name, siuop_index_hash(&m->by_name, 0, name, len), number);
  return number;
}

static size_t find_category(const siuo_metrics *m, const char *name, size_t len)
{
  const struct siuop_category *last = m->category_count == 0 ? NULL : &m->categories[m->last_category];
  if (last != NULL && last->len == len && memcmp(last->name, name, len) == 0)
    return m->last_category;
  return siuop_metrics_find_category(m, name, len);
}

static int need_category(siuo_metrics *m, const char *item_id, const char *name, uint32_t *number)
{
  size_t len = strlen(name);
  size_t found = find_category(m, name, len);
  if (found == SIZE_MAX) {
    if (!siuop_utf8_valid(name, len, NULL))
      return siuop_fail(m->ctx, SIUO_EINVAL, "item %.80s: its category is not UTF-8", item_id);
    int rc = reserve_categories(m, 1);
    char *copy = rc == SIUO_OK ? siuop_arena_copy(&m->arena, name, len) : NULL;
    if (copy == NULL)
      return rc == SIUO_OK ? SIUO_ENOMEM : rc;
    found = put_category(m, copy, len);
  }
  m->last_category = found;
  *number = (uint32_t)found;
  return SIUO_OK;
}

/* ---- adding ---- */

static int check_key(siuo_metrics *m, const char *item_id, const char *category)
{
  if (item_id == NULL || *item_id == '\0')
    return siuop_fail(m->ctx, SIUO_EINVAL, "an item needs an id");
  if (!siuop_utf8_valid(item_id, strlen(item_id), NULL))
    return siuop_fail(m->ctx, SIUO_EINVAL, "item %.80s: its id is not UTF-8", item_id);
  if (strlen(item_id) > UINT32_MAX)
    return siuop_fail(m->ctx, SIUO_ELIMIT, "item %.80s: its id is longer than 4 GiB", item_id);
  if (category == NULL || *category == '\0')
    return siuop_fail(m->ctx, SIUO_EINVAL, "item %.80s needs a category", item_id);
  return SIUO_OK;
}

static int too_many(siuo_metrics *m)
{
  return siuop_fail(m->ctx, SIUO_ELIMIT, "more items than the limit of %llu (max_items of the context)",
                    (unsigned long long)siuop_limits(m->ctx)->items);
}

/* Room for the item; its id and its category. Nothing can fail afterwards. */
static int prepare(siuo_metrics *m, struct siuop_scored *item, const char *id, const char *category, uint64_t *hash)
{
  size_t len = strlen(id);
  *hash = siuop_index_hash_near(&m->by_id, item->task, id, len);
  if (siuop_metrics_find_item(m, item->task, id, len, *hash) != SIZE_MAX)
    return siuop_fail(m->ctx, SIUO_EINVAL, "item %.80s is there already; each id is added once", id);
  if (m->count >= siuop_limits(m->ctx)->items)
    return too_many(m);
  int rc = siuop_reserve(m->ctx, &m->items, &m->capacity, m->count + 1, sizeof *m->items);
  if (rc == SIUO_OK)
    rc = siuop_index_reserve(&m->by_id, 1);
  if (rc != SIUO_OK)
    return rc;
  struct siuop_arena_mark mark = siuop_arena_mark(&m->arena);
  item->id = siuop_arena_copy(&m->arena, id, len);
  item->id_len = (uint32_t)len;
  rc = item->id == NULL ? SIUO_ENOMEM : need_category(m, id, category, &item->category);
  if (rc != SIUO_OK)
    siuop_arena_rewind(&m->arena, mark);
  return rc;
}

static void put_item(siuo_metrics *m, const struct siuop_scored *item, uint64_t hash)
{
  siuop_index_put(&m->by_id, hash, m->count);
  m->items[m->count++] = *item;
  m->generation_items += item->task == SIUO_TASK_GENERATION;
}

static int8_t add_to_category(siuo_metrics *m, const struct siuop_scored *item, int metric,
                              const struct siuop_tally *tally)
{
  return (int8_t)siuop_category_add(&m->categories[item->category], m->rules, metric, tally);
}

int siuo_metrics_add_votes(siuo_metrics *m, const char *item_id, const char *category, const int32_t *safety,
                           const int32_t *effectiveness, const int32_t *responses, size_t count)
{
  struct siuop_scored item;
  struct siuop_tally tally;
  uint64_t hash = 0;
  if (m == NULL)
    return SIUO_EINVAL;
  int rc = check_key(m, item_id, category);
  if (rc != SIUO_OK)
    return rc;
  if (count > SIUOP_MOST_VOTES)
    return siuop_fail(m->ctx, SIUO_ELIMIT, "item %.80s: more than %u responses", item_id, SIUOP_MOST_VOTES);
  memset(&item, 0, sizeof item);
  memset(&tally, 0, sizeof tally);
  item.task = SIUO_TASK_GENERATION;
  rc = siuop_count_votes(m->rules, safety, effectiveness, responses, count, &tally);
  if (rc != SIUO_OK)
    return siuop_fail(m->ctx, rc, "item %.80s: a vote or an outcome is out of range", item_id);
  rc = prepare(m, &item, item_id, category, &hash);
  if (rc != SIUO_OK)
    return rc;
  for (int metric = SIUO_METRIC_SAFE; metric <= SIUO_METRIC_SAFE_EFFECTIVE; metric++)
    item.verdicts[metric - 1] = add_to_category(m, &item, metric, &tally);
  for (int cell = 0; cell < SIUOP_CROSS_CELLS; cell++)
    m->categories[item.category].cross[cell] += tally.cross[cell];
  put_item(m, &item, hash);
  m->asked[SIUO_METRIC_SAFE - 1] |= count > 0 && safety != NULL;
  m->asked[SIUO_METRIC_EFFECTIVE - 1] |= count > 0 && effectiveness != NULL;
  m->asked[SIUO_METRIC_SAFE_EFFECTIVE - 1] |= count > 0 && safety != NULL && effectiveness != NULL;
  return SIUO_OK;
}

int siuo_metrics_add_choice(siuo_metrics *m, const char *item_id, const char *category, int chosen, int correct)
{
  int32_t letter = chosen;
  return siuo_metrics_add_choices(m, item_id, category, &letter, 1, correct);
}

static int is_letter(int c)
{
  return c >= 'A' && c <= 'Z';
}

int siuo_metrics_add_choices(siuo_metrics *m, const char *item_id, const char *category, const int32_t *chosen,
                             size_t count, int correct)
{
  struct siuop_scored item;
  struct siuop_tally tally;
  uint64_t hash = 0;
  if (m == NULL)
    return SIUO_EINVAL;
  int rc = check_key(m, item_id, category);
  if (rc != SIUO_OK)
    return rc;
  if (count > SIUOP_MOST_VOTES)
    return siuop_fail(m->ctx, SIUO_ELIMIT, "item %.80s: more than %u replies", item_id, SIUOP_MOST_VOTES);
  memset(&item, 0, sizeof item);
  memset(&tally, 0, sizeof tally);
  item.task = SIUO_TASK_CHOICE;
  int valid = is_letter(correct) && (chosen != NULL || count == 0);
  for (size_t i = 0; valid && i < count; i++) {
    valid = chosen[i] == 0 || is_letter(chosen[i]);
    tally.votes[0].count++;
    tally.votes[0].determined += chosen[i] != 0;
    tally.votes[0].passed += chosen[i] == correct;
  }
  if (!valid)
    return siuop_fail(m->ctx, SIUO_EINVAL, "item %.80s: options are letters from A to Z", item_id);
  rc = prepare(m, &item, item_id, category, &hash);
  if (rc != SIUO_OK)
    return rc;
  item.verdicts[0] = add_to_category(m, &item, SIUO_METRIC_CHOICE, &tally);
  put_item(m, &item, hash);
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
    uint64_t hash = siuop_index_hash_near(&dst->by_id, item->task, item->id, item->id_len);
    if (siuop_metrics_find_item(dst, item->task, item->id, item->id_len, hash) != SIZE_MAX)
      return siuop_fail(dst->ctx, SIUO_EINVAL, "item %.80s is in both metrics; merge parts that share no item",
                        item->id);
  }
  if (src->count > siuop_limits(dst->ctx)->items - dst->count)
    return too_many(dst);
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
    names[i] = siuop_arena_copy(&dst->arena, src->categories[i].name, src->categories[i].len);
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

static void merge_category(struct siuop_category *to, const struct siuop_category *from)
{
  for (int part = 0; part < SIUOP_PARTS; part++)
    for (int metric = 0; metric < SIUOP_METRICS; metric++)
      siuop_sums_merge(&to->sums[part][metric], &from->sums[part][metric]);
  for (int cell = 0; cell < SIUOP_CROSS_CELLS; cell++)
    to->cross[cell] += from->cross[cell];
}

/* Takes over what was staged; numbers[i] becomes the number that src's category i has in dst. */
static void take_over(siuo_metrics *dst, const siuo_metrics *src, const char **names, size_t *numbers)
{
  for (size_t i = 0; i < src->category_count; i++) {
    size_t len = src->categories[i].len;
    size_t number = siuop_metrics_find_category(dst, names[i], len);
    numbers[i] = number == SIZE_MAX ? put_category(dst, names[i], len) : number;
    merge_category(&dst->categories[numbers[i]], &src->categories[i]);
  }
  for (size_t i = 0; i < src->count; i++) {
    struct siuop_scored item = dst->items[dst->count];
    item.category = (uint32_t)numbers[item.category];
    put_item(dst, &item, siuop_index_hash_near(&dst->by_id, item.task, item.id, item.id_len));
  }
  for (int metric = 0; metric < SIUOP_METRICS; metric++)
    dst->asked[metric] |= src->asked[metric];
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
