/* session_id.c: job ids: 40 bits of the item's code, then kind, sample, judge and variant. */
#include "session.h"

#include "sort.h"

#include <stdio.h>
#include <string.h>

#define CODE_MASK ((UINT64_C(1) << 40) - 1)

uint64_t siuop_job_pack(const struct siuop_job_name *name)
{
  return name->code << 24 | (uint64_t)name->kind << 21 | (uint64_t)name->sample << 12 | (uint64_t)name->judge << 8 |
         name->variant;
}

struct siuop_job_name siuop_job_unpack(uint64_t id)
{
  struct siuop_job_name name;
  name.code = id >> 24;
  name.kind = (int)(id >> 21 & 7);
  name.sample = (uint32_t)(id >> 12 & 511);
  name.judge = (uint32_t)(id >> 8 & 15);
  name.variant = (uint32_t)(id & 255);
  return name;
}

/* ---- kinds ---- */

static const char *const kinds[] = {"generate", "choose", "judge_safety", "judge_effectiveness"};

const char *siuop_kind_name(int kind)
{
  return kind < 1 || kind > SIUOP_JOB_KINDS ? "?" : kinds[kind - 1];
}

int siuop_kind_by_name(const char *name)
{
  for (int i = 0; name != NULL && i < SIUOP_JOB_KINDS; i++)
    if (strcmp(name, kinds[i]) == 0)
      return i + 1;
  return 0;
}

/* ---- codes ---- */

static uint64_t code_of(const siuo_item *item, uint32_t attempt)
{
  struct siuop_digest d;
  char hex[SIUOP_DIGEST_HEX];
  char number[16];
  uint64_t code = 0;
  siuop_digest_init(&d);
  siuop_digest_field(&d, item->task == SIUO_TASK_CHOICE ? "choice" : "generation",
                     item->task == SIUO_TASK_CHOICE ? 6 : 10);
  siuop_digest_field(&d, item->id.s, item->id.len);
  siuop_digest_field(&d, number, (size_t)snprintf(number, sizeof number, "%u", (unsigned)attempt));
  siuop_digest_hex(&d, hex);
  for (int i = 0; i < 10; i++)
    code = code << 4 | (uint64_t)(hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10);
  return code & CODE_MASK;
}

static int compare_items(const void *a, const void *b, const void *user_data)
{
  const siuo_dataset *ds = user_data;
  const siuo_item *x = &ds->items[*(const size_t *)a];
  const siuo_item *y = &ds->items[*(const size_t *)b];
  if (x->task != y->task)
    return x->task < y->task ? -1 : 1;
  return strcmp(x->id.s, y->id.s);
}

static int is_taken(const struct siuop_index *taken, const uint64_t *codes, uint64_t code)
{
  size_t place = 0;
  for (size_t n; (n = siuop_index_find(taken, code, &place)) != SIZE_MAX;)
    if (codes[n] == code)
      return 1;
  return 0;
}

/* Returns whether two items had one code. That is so rare (one in a million for 1,500 items) that only then the order
 * is made independent of the file's: the first by task and id keeps the code. */
static int assign(const siuo_dataset *ds, const size_t *order, struct siuop_index *taken, uint64_t *codes)
{
  int clash = 0;
  for (size_t i = 0; i < ds->count; i++) {
    size_t n = order == NULL ? i : order[i];
    uint32_t attempt = 0;
    codes[n] = code_of(&ds->items[n], attempt);
    while (is_taken(taken, codes, codes[n])) {
      clash = 1;
      codes[n] = code_of(&ds->items[n], ++attempt);
    }
    siuop_index_put(taken, codes[n], n);
  }
  return clash;
}

static int assign_sorted(siuo_ctx *ctx, const siuo_dataset *ds, struct siuop_index *taken, uint64_t *codes)
{
  size_t *order = siuop_alloc(ctx, ds->count, sizeof *order);
  if (order == NULL)
    return SIUO_ENOMEM;
  for (size_t i = 0; i < ds->count; i++)
    order[i] = i;
  siuop_sort(order, ds->count, compare_items, ds);
  assign(ds, order, taken, codes);
  siuop_free(ctx, order);
  return SIUO_OK;
}

int siuop_item_codes(siuo_ctx *ctx, const siuo_dataset *ds, uint64_t *codes)
{
  struct siuop_index taken;
  siuop_index_init(&taken, ctx);
  int rc = siuop_index_reserve(&taken, ds->count);
  int clash = rc == SIUO_OK && assign(ds, NULL, &taken, codes);
  siuop_index_free(&taken);
  if (!clash)
    return rc;
  rc = siuop_index_reserve(&taken, ds->count);
  if (rc == SIUO_OK)
    rc = assign_sorted(ctx, ds, &taken, codes);
  siuop_index_free(&taken);
  return rc;
}
