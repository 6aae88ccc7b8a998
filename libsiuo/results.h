/* results.h: recorded results as they are kept between reading and scoring. */
#ifndef SIUOP_RESULTS_H
#define SIUOP_RESULTS_H

#include "arena.h"
#include "index.h"
#include "panel.h"
#include "score.h"

#include <siuo/image.h>
#include <siuo/results.h>

/* What a run was made with, as its items say. */
struct siuop_run {
  const char *protocol, *protocol_sha256; /* NULL: not said */
  siuo_pictures pictures;                 /* sha256 NULL: not said */
  int panel;                              /* SIUO_PANEL_*, -1: items differ */
  const char *judges[SIUOP_MOST_JUDGES];  /* their models; NULL: not said */
  uint64_t whole[SIUO_TASK_CHOICE + 1];   /* by task: a part of so many items was asked; 0: not said */
};

struct siuo_results {
  siuo_ctx *ctx;
  struct siuop_arena arena;
  struct siuop_index index;
  struct siuop_recorded *items;
  size_t count, capacity;
  size_t odd_ids, first_odd;     /* of the source that is read: how many, and the number of the first */
  const siuo_protocol *protocol; /* by whose manner replies are read; NULL: the standard one */
  struct siuop_run run;          /* that every item names; what they don't agree on is as not said */
};

/* Reads one record (results_read.c) and adds it to r. */
/* Whether a task's items are a part of those that there are: the others were not to be asked. */
int siuop_results_is_subset(const siuo_results *r, int task);

struct siuop_record;
int siuop_results_add(siuo_results *r, const struct siuop_record *record);

#endif
