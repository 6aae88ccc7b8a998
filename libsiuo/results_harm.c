/* results_harm.c: categories of harm, counted over recorded results. */
#include "results_harm.h"

#include "abi.h"
#include "protocol.h"
#include "results.h"
#include "sort.h"

#include <string.h>

void siuop_harm_of(const siuo_protocol *p, const struct siuop_recorded *item, size_t j, size_t k,
                   struct siuop_categories *out)
{
  static const struct siuop_recorded_text none = {NULL, 0};
  struct siuop_recorded_text response = item->responses == NULL ? none : item->responses[k];
  const struct siuop_recorded_text *reply =
      item->replies[SIUOP_SAFE] == NULL ? &none : &item->replies[SIUOP_SAFE][j * item->count + k];
  int outcome = siuop_response_outcome(item, k);
  int32_t vote;
  memset(out, 0, sizeof *out);
  if (item->responses != NULL)
    outcome = siuop_outcome_to_judge(SIUO_RULES_STANDARD, outcome, response);
  if (reply->s != NULL && !siuop_is_decided(SIUO_RULES_STANDARD, SIUOP_SAFE, outcome, response, &vote))
    siuop_reply_categories(p, reply->s, reply->len, out);
}

/* ---- counting ---- */

#define ANY_JUDGE (-1)

/* What was named by one judge, or by any; name NULL: any category. */
struct row {
  int32_t judge;
  const char *name;
  size_t len;
  uint64_t responses, items;
  uint64_t last_response, last_item; /* that were counted; from 1 */
};

struct siuo_harm {
  siuo_ctx *ctx;
  struct siuop_arena arena;
  struct siuop_index index;
  struct row *rows;
  size_t count, capacity;
  size_t *order; /* rows' numbers, by judge and category */
};

static int is_harm_row(const struct row *row, int32_t judge, const struct siuop_category *c)
{
  if (row->judge != judge || (row->name == NULL) != (c->s == NULL))
    return 0;
  return c->s == NULL || (row->len == c->len && memcmp(row->name, c->s, c->len) == 0);
}

static int add_harm_row(siuo_harm *h, uint64_t hash, int32_t judge, const struct siuop_category *c)
{
  struct row row = {judge, NULL, c->len, 0, 0, 0, 0};
  if (c->s != NULL && (row.name = siuop_arena_copy(&h->arena, c->s, c->len)) == NULL)
    return SIUO_ENOMEM;
  int rc = siuop_reserve(h->ctx, &h->rows, &h->capacity, h->count + 1, sizeof *h->rows);
  if (rc == SIUO_OK)
    rc = siuop_index_reserve(&h->index, 1);
  if (rc != SIUO_OK)
    return rc;
  siuop_index_put(&h->index, hash, h->count);
  h->rows[h->count++] = row;
  return SIUO_OK;
}

/* Counts a response once a row, and an item likewise. */
static int count_harm_row(siuo_harm *h, int32_t judge, const struct siuop_category *c, uint64_t response, uint64_t item)
{
  uint64_t hash = siuop_index_hash(&h->index, (int)judge, c->s == NULL ? "" : c->s, c->len);
  size_t place = 0;
  size_t n;
  while ((n = siuop_index_find(&h->index, hash, &place)) != SIZE_MAX && !is_harm_row(&h->rows[n], judge, c))
    ;
  if (n == SIZE_MAX) {
    n = h->count;
    int rc = add_harm_row(h, hash, judge, c);
    if (rc != SIUO_OK)
      return rc;
  }
  struct row *row = &h->rows[n];
  row->responses += row->last_response != response;
  row->items += row->last_item != item;
  row->last_response = response;
  row->last_item = item;
  return SIUO_OK;
}

static int count_harm(siuo_harm *h, int32_t judge, const struct siuop_category *c, uint64_t response, uint64_t item)
{
  static const struct siuop_category any = {NULL, 0};
  int rc = count_harm_row(h, judge, c, response, item);
  if (rc == SIUO_OK)
    rc = count_harm_row(h, judge, &any, response, item);
  if (rc == SIUO_OK)
    rc = count_harm_row(h, ANY_JUDGE, c, response, item);
  return rc == SIUO_OK ? count_harm_row(h, ANY_JUDGE, &any, response, item) : rc;
}

/* item_number: from 1; *response: the number of the last response counted. */
static int count_harm_of_item(siuo_harm *h, const siuo_results *r, const struct siuop_recorded *item,
                              uint64_t item_number, uint64_t *response)
{
  struct siuop_categories categories;
  struct siuop_category c;
  int rc = SIUO_OK;
  for (size_t k = 0; k < item->count; k++) {
    ++*response;
    for (size_t j = 0; j < item->judges; j++) {
      siuop_harm_of(r->protocol, item, j, k, &categories);
      while (rc == SIUO_OK && siuop_categories_next(&categories, &c))
        rc = count_harm(h, (int32_t)j, &c, *response, item_number);
    }
  }
  return rc;
}

/* ---- order ---- */

static int is_category_code(const struct row *row)
{
  return row->len <= 3 && row->len > 1 && (row->name[0] == 'S' || row->name[0] == 'O') &&
         strspn(row->name + 1, "0123456789") == row->len - 1;
}

/* Any category first, then codes by letter and number, then names. */
static int compare_harm(const struct row *a, const struct row *b)
{
  if (a->name == NULL || b->name == NULL)
    return (a->name != NULL) - (b->name != NULL);
  if (is_category_code(a) != is_category_code(b))
    return is_category_code(b) - is_category_code(a);
  if (is_category_code(a) && a->name[0] == b->name[0] && a->len != b->len)
    return a->len < b->len ? -1 : 1;
  return strcmp(a->name, b->name);
}

static int compare_harm_rows(const void *a, const void *b, const void *user_data)
{
  const struct row *rows = user_data;
  const struct row *x = &rows[*(const size_t *)a];
  const struct row *y = &rows[*(const size_t *)b];
  return x->judge != y->judge ? (x->judge < y->judge ? -1 : 1) : compare_harm(x, y);
}

static int put_harm_in_order(siuo_harm *h)
{
  h->order = siuop_alloc(h->ctx, h->count, sizeof *h->order);
  if (h->order == NULL)
    return SIUO_ENOMEM;
  for (size_t i = 0; i < h->count; i++)
    h->order[i] = i;
  siuop_sort(h->order, h->count, compare_harm_rows, h->rows);
  return SIUO_OK;
}

/* ---- the interface ---- */

int siuo_results_harm(const siuo_results *r, siuo_ctx *ctx, siuo_harm **out)
{
  uint64_t response = 0;
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (r == NULL || ctx == NULL)
    return SIUO_EINVAL;
  siuo_harm *h = siuop_zalloc(ctx, 1, sizeof *h);
  if (h == NULL)
    return SIUO_ENOMEM;
  h->ctx = ctx;
  siuop_arena_init(&h->arena, ctx);
  siuop_index_init(&h->index, ctx);
  int rc = SIUO_OK;
  for (size_t i = 0; rc == SIUO_OK && i < r->count; i++)
    if (r->items[i].task == SIUO_TASK_GENERATION)
      rc = count_harm_of_item(h, r, &r->items[i], i + 1, &response);
  if (rc == SIUO_OK)
    rc = put_harm_in_order(h);
  if (rc == SIUO_OK)
    *out = h;
  else
    siuo_harm_free(h);
  return rc;
}

size_t siuo_harm_count(const siuo_harm *h)
{
  return h == NULL ? 0 : h->count;
}

int siuo_harm_get(const siuo_harm *h, size_t i, siuo_harm_row *out)
{
  if (h == NULL || out == NULL)
    return SIUO_EINVAL;
  if (i >= h->count)
    return SIUO_ENOTFOUND;
  const struct row *row = &h->rows[h->order[i]];
  siuo_harm_row own = {sizeof own, row->judge, row->name, row->responses, row->items};
  return siuop_abi_export(out, &own, sizeof own, sizeof own);
}

void siuo_harm_free(siuo_harm *h)
{
  if (h == NULL)
    return;
  siuop_arena_free(&h->arena);
  siuop_index_free(&h->index);
  siuop_free(h->ctx, h->rows);
  siuop_free(h->ctx, h->order);
  siuop_free(h->ctx, h);
}
