/* index.c: finds the number of a record by its key. */
#include "index.h"

#include <string.h>

/* Eight bytes, so that large tables cost few trips to memory: the low half of the hash and the number plus one, both
 * of 32 bits. Up to MOST numbers, of which the last needs no more than that. */
struct siuop_index_slot {
  uint32_t hash;
  uint32_t number; /* 0: empty */
};
#define MOST (UINT32_C(1) << 31)

void siuop_index_init(struct siuop_index *x, siuo_ctx *ctx)
{
  memset(x, 0, sizeof *x);
  x->ctx = ctx;
}

void siuop_index_free(struct siuop_index *x)
{
  siuop_free(x->ctx, x->slots);
  siuop_index_init(x, x->ctx);
}

uint64_t siuop_index_hash(const struct siuop_index *x, int task, const char *id, size_t len)
{
  struct siuop_siphash_key key = *siuop_hash_key(x->ctx);
  key.k[1] ^= (uint64_t)(unsigned)task;
  return siuop_siphash(&key, id, len);
}

uint64_t siuop_index_hash_near(const struct siuop_index *x, int task, const char *id, size_t len)
{
  if (len == 0)
    return siuop_index_hash(x, task, id, len);
  return siuop_index_hash(x, task, id, len - 1) << 4 | ((unsigned char)id[len - 1] & 15);
}

size_t siuop_index_find(const struct siuop_index *x, uint64_t hash, size_t *place)
{
  if (x->capacity == 0)
    return SIZE_MAX;
  size_t mask = x->capacity - 1;
  for (;;) {
    const struct siuop_index_slot *slot = &x->slots[((size_t)hash + *place) & mask];
    if (slot->number == 0)
      return SIZE_MAX;
    ++*place;
    if (slot->hash == (uint32_t)hash)
      return (size_t)(slot->number - 1);
  }
}

static void place_slot(struct siuop_index_slot *slots, size_t capacity, struct siuop_index_slot entry)
{
  size_t i = (size_t)entry.hash & (capacity - 1);
  while (slots[i].number != 0)
    i = (i + 1) & (capacity - 1);
  slots[i] = entry;
}

int siuop_index_reserve(struct siuop_index *x, size_t more)
{
  size_t capacity = x->capacity < 16 ? 16 : x->capacity;
  if (more > MOST - x->count)
    return siuop_fail(x->ctx, SIUO_ELIMIT, "more than 2147483648 records");
  while (capacity / 4 * 3 < x->count + more)
    capacity *= 2;
  if (capacity == x->capacity)
    return SIUO_OK;
  struct siuop_index_slot *slots = siuop_zalloc(x->ctx, capacity, sizeof *slots);
  if (slots == NULL)
    return SIUO_ENOMEM;
  for (size_t i = 0; i < x->capacity; i++)
    if (x->slots[i].number != 0)
      place_slot(slots, capacity, x->slots[i]);
  siuop_free(x->ctx, x->slots);
  x->slots = slots;
  x->capacity = capacity;
  return SIUO_OK;
}

void siuop_index_put(struct siuop_index *x, uint64_t hash, size_t number)
{
  struct siuop_index_slot entry = {(uint32_t)hash, (uint32_t)number + 1};
  place_slot(x->slots, x->capacity, entry);
  x->count++;
}
