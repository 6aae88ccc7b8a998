/* arena.h: many small blocks that live and die together. */
#ifndef SIUOP_ARENA_H
#define SIUOP_ARENA_H

#include "ctx.h"

struct siuop_arena_chunk;
struct siuop_arena {
  siuo_ctx *ctx;
  struct siuop_arena_chunk *chunks; /* the newest first */
};

void siuop_arena_init(struct siuop_arena *a, siuo_ctx *ctx);
void siuop_arena_free(struct siuop_arena *a);

/* size bytes aligned for any of our structs; NULL: out of memory (message set). */
void *siuop_arena_alloc(struct siuop_arena *a, size_t size);

/* A copy of len bytes with a NUL behind them. */
char *siuop_arena_copy(struct siuop_arena *a, const char *s, size_t len);

/* Gives back everything that was taken since the mark: for work that failed half way. */
struct siuop_arena_mark {
  struct siuop_arena_chunk *chunk;
  size_t used;
};
struct siuop_arena_mark siuop_arena_mark(const struct siuop_arena *a);
void siuop_arena_rewind(struct siuop_arena *a, struct siuop_arena_mark mark);

#endif
