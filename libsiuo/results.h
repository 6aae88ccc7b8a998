/* results.h: recorded results as they are kept between reading and scoring. */
#ifndef SIUOP_RESULTS_H
#define SIUOP_RESULTS_H

#include "arena.h"
#include "index.h"

#include <siuo/results.h>

/* A recorded text; s NULL: the file says null. */
struct siuop_recorded_text {
  const char *s;
  size_t len;
};

/* One item of a results file. A list that the file does not have is NULL; the others have `count` entries. */
struct siuop_recorded {
  int task;           /* SIUO_TASK_* */
  const char *source; /* the file's name, and the item's place in it from 1 */
  uint64_t number;
  const char *id, *category; /* category NULL: the file has none */
  size_t id_len, category_len;
  size_t count;
  const int32_t *stated;                        /* SIUO_RESPONSE_*, from siuo.outcomes */
  const struct siuop_recorded_text *responses;  /* choice: the one reply */
  const struct siuop_recorded_text *replies[2]; /* judges' replies on safety, on effectiveness */
  const int32_t *votes[2];                      /* votes given without replies */
  const siuo_item *choice;                      /* id and options as recorded; correct option 0: none */
};

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

/* SIUO_RESPONSE_* of response i: what the file states, else what its text shows. docs/rules.md. */
int siuop_response_outcome(const struct siuop_recorded *item, size_t i);

#endif
