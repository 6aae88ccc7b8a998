/* results.h: recorded results as they are kept between reading and scoring. */
#ifndef SIUOP_RESULTS_H
#define SIUOP_RESULTS_H

#include "arena.h"
#include "index.h"
#include "score.h"

#include <siuo/results.h>

struct siuo_results {
  siuo_ctx *ctx;
  struct siuop_arena arena;
  struct siuop_index index;
  struct siuop_recorded *items;
  size_t count, capacity;
};

/* Reads one record (results_read.c) and adds it to r. */
struct siuop_record;
int siuop_results_add(siuo_results *r, const struct siuop_record *record);

#endif
