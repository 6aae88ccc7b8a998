/* arena.c: many small blocks that live and die together. */
#include "arena.h"

#include <string.h>

#define CHUNK_SIZE 65536u
#define ALIGNMENT  16u

struct siuop_arena_chunk {
  struct siuop_arena_chunk *older;
  size_t used, size;
};

#define HEADER ((sizeof(struct siuop_arena_chunk) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT)

void siuop_arena_init(struct siuop_arena *a, siuo_ctx *ctx)
{
  a->ctx = ctx;
  a->chunks = NULL;
}

void siuop_arena_free(struct siuop_arena *a)
{
  struct siuop_arena_mark nothing = {NULL, 0};
  siuop_arena_rewind(a, nothing);
}

void *siuop_arena_alloc(struct siuop_arena *a, size_t size)
{
  struct siuop_arena_chunk *c = a->chunks;
  if (size > SIZE_MAX - CHUNK_SIZE) {
    siuop_fail_plain(a->ctx, SIUO_ENOMEM);
    return NULL;
  }
  size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if (c == NULL || c->size - c->used < size) {
    size_t room = size > CHUNK_SIZE - HEADER ? size : CHUNK_SIZE - HEADER;
    c = siuop_alloc(a->ctx, 1, HEADER + room);
    if (c == NULL)
      return NULL;
    c->older = a->chunks;
    c->used = 0;
    c->size = room;
    a->chunks = c;
  }
  void *block = (char *)c + HEADER + c->used;
  c->used += size;
  return block;
}

char *siuop_arena_copy(struct siuop_arena *a, const char *s, size_t len)
{
  char *copy = siuop_arena_alloc(a, len + 1);
  if (copy == NULL)
    return NULL;
  if (len > 0)
    memcpy(copy, s, len);
  copy[len] = '\0';
  return copy;
}

struct siuop_arena_mark siuop_arena_mark(const struct siuop_arena *a)
{
  struct siuop_arena_mark mark = {a->chunks, a->chunks == NULL ? 0 : a->chunks->used};
  return mark;
}

void siuop_arena_rewind(struct siuop_arena *a, struct siuop_arena_mark mark)
{
  while (a->chunks != mark.chunk) {
    struct siuop_arena_chunk *older = a->chunks->older;
    siuop_free(a->ctx, a->chunks);
    a->chunks = older;
  }
  if (a->chunks != NULL)
    a->chunks->used = mark.used;
}
