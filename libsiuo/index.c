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

/* FNV-1a, then the finaliser of SplitMix64, since FNV's low bits are weak. */
uint64_t siuop_index_hash(int task, const char *id, size_t len)
{
  uint64_t h = UINT64_C(14695981039346656037) ^ (uint64_t)(unsigned)task;
  for (size_t i = 0; i < len; i++)
    h = (h ^ (unsigned char)id[i]) * UINT64_C(1099511628211);
  h = (h ^ (h >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  h = (h ^ (h >> 27)) * UINT64_C(0x94d049bb133111eb);
  return h ^ (h >> 31);
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
