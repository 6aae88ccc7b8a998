/* live.h: a session's jobs, put to servers. */
#ifndef SIUO_EVAL_LIVE_H
#define SIUO_EVAL_LIVE_H

#include "costs.h"
#include "cut_off.h"
#include "http.h"
#include "jobs.h"
#include "lanes.h"

struct live {
  siuo_ctx *ctx;
  siuo_session *session;
  struct jobs *jobs; /* of the session */
  siuo_journal *journal;
  const struct endpoint *model;                         /* of generation and multiple choice */
  const struct endpoint *judges, *effectiveness_judges; /* by judge; mostly the same */
  struct http_options http; /* but for its concurrency, which is that of all lanes together */
  struct lanes *lanes;      /* of all these */
  struct costs *costs;
  siuo_target targets[SIUO_JOB_JUDGE_EFFECTIVENESS][MOST_JUDGES]; /* by kind of question, from 1, and judge */
  uint64_t max_requests;                                          /* 0: no limit */
  uint32_t retries;                                               /* of one job, before it fails */
  struct expected expected;
  double max_cut_off; /* percent of that */
  int resumed;        /* questions were answered before */
  int quiet;
  const char *last_warning; /* that was given, shown or not */
  char *failures;           /* filled with what may help if too many failed, "" if nothing can */
  size_t failures_size;
};

/* Runs until everything is answered or failed, or something stops it, after which the journal is synced: EXIT_DONE,
 * EXIT_STOPPED or EXIT_USE after saying why. */
int live_run(const struct live *l);

#endif
