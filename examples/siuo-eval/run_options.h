/* run_options.h: the command line of siuo-eval run. */
#ifndef SIUO_EVAL_RUN_OPTIONS_H
#define SIUO_EVAL_RUN_OPTIONS_H

#include "cli.h"
#include "headers.h"
#include "live.h"
#include "scoring.h"

#define MOST_REUSED 64

/* Whom a question is put to. */
struct party {
  char model[MOST_MODEL];
  int api;              /* SIUO_API_* */
  const char *endpoint; /* NULL: nothing is sent */
  const char *key_env;  /* the environment variable that holds the key; NULL: none */
};

struct run_options {
  const char *data, *out, *replay, *protocol, *system, *ca_file, *extra, *judge_extra, *prices;
  struct reasoning_tags tags;
  const char *reuse[MOST_REUSED];
  size_t reuse_count;
  struct party model, judges[MOST_JUDGES];
  struct party effectiveness_judges[MOST_JUDGES];  /* in the judges' place where effectiveness is asked */
  uint32_t judge_count, effectiveness_judge_count; /* the latter 0, or as the former */
  int panel;                                       /* SIUO_PANEL_* of several judges; -1: not said, so their majority */
  uint32_t max_tokens, choice_max_tokens, judge_max_tokens; /* 0: the protocol's */
  uint64_t omit, judge_omit;                                /* SIUO_OMIT_* of the model's and the judges' requests */
  int has_judge_omit;                                       /* 0: the judges' are as the model's */
  int task;                                                 /* SIUO_TASK_*, 0: both */
  int rules;
  uint32_t samples, permutations;
  uint64_t limit, shard_index, shard_count;
  uint32_t concurrency, retries, timeout, connect_timeout, per_minute, tokens_per_minute;
  uint32_t judge_concurrency, judge_per_minute; /* 0: as the model's */
  uint64_t max_requests, max_tokens_total;      /* 0: no limit */
  double max_cost;                              /* dollars; 0: no limit */
  struct headers headers, judge_headers;        /* of the model's server, and of the judges' */
  int quiet, dry_run, old_max_tokens, judge_schema, stream, judge_stream;
  struct undetermined_limit undetermined;
  double max_cut_off; /* percent */
  int batch;          /* nothing is sent: endpoints may be missing, keys may be unset, and FILEs may follow */
  char **files;
  int file_count;
  uint64_t file_requests, file_bytes; /* of a batch file at the most; 0: what its API takes */
};

/* Whom a kind of question is put to, as that judge of its kind. */
const struct party *run_options_party(const struct run_options *o, int kind, uint32_t judge);

/* Reads the command line: EXIT_DONE and *asked 1; else the command ends with the status. */
int run_options_read(struct run_options *o, const struct command *self, int argc, char **argv, int *asked);
int run_options_read_batch(struct run_options *o, const struct command *self, int argc, char **argv, int *asked);

#endif
