/* index.h: finds the number of a record by its key: a task and an id. */
#ifndef SIUOP_INDEX_H
#define SIUOP_INDEX_H

#include "ctx.h"

/* An open-addressing table of (hash, number); the keys stay with the records, the caller compares them. */
struct siuop_index {
  siuo_ctx *ctx;
  struct siuop_index_slot *slots;
  size_t capacity, count;
};

void siuop_index_init(struct siuop_index *x, siuo_ctx *ctx);
void siuop_index_free(struct siuop_index *x);

/* The hash of a task and an id, by the context's own key: who writes ids can't make them meet. Near: ids that differ
 * in their last byte alone, as neighbours in a file do, are neighbours in the table, too; its low bits say where. */
uint64_t siuop_index_hash(const struct siuop_index *x, int task, const char *id, size_t len);
uint64_t siuop_index_hash_near(const struct siuop_index *x, int task, const char *id, size_t len);

/* Walks the numbers stored under a hash: *place starts at 0; returns SIZE_MAX when there are no more. */
size_t siuop_index_find(const struct siuop_index *x, uint64_t hash, size_t *place);

/* Room for `more` further numbers, after which as many siuop_index_put() can't fail. */
int siuop_index_reserve(struct siuop_index *x, size_t more);
void siuop_index_put(struct siuop_index *x, uint64_t hash, size_t number);

#endif
