/* protocol.h: a protocol as it is kept. */
#ifndef SIUOP_PROTOCOL_H
#define SIUOP_PROTOCOL_H

#include "arena.h"
#include "dataset.h"
#include "digest.h"

#include <siuo/protocol.h>

#define SIUOP_JOB_KINDS 4 /* SIUO_JOB_*, from 1 */

/* Where the picture stands in a question. */
#define SIUOP_PICTURE_NONE   0
#define SIUOP_PICTURE_AFTER  1 /* the text first */
#define SIUOP_PICTURE_BEFORE 2

/* How one kind of question is put. */
struct siuop_ask {
  struct siuop_field prompt; /* with placeholders */
  int picture;               /* SIUOP_PICTURE_* */
  const char *detail;        /* the picture's detail: "auto", "low", "high"; NULL: not sent */
  int has_temperature;       /* 0: left to the provider */
  double temperature;
  int32_t max_tokens;
};

/* What a judge's reply is searched for; no markers: the standard ones of judge.h. */
struct siuop_rubric_label {
  struct siuop_field text;
  int value; /* safety: 1, 0; effectiveness: 2, 1, 0 */
};
struct siuop_rubric {
  const struct siuop_field *markers;
  size_t marker_count;
  const struct siuop_rubric_label *labels;
  size_t label_count;
};

/* A reasoning block's first and last words, such as <think> and </think>. */
struct siuop_reasoning_tag {
  struct siuop_field open, close;
};

struct siuo_protocol {
  siuo_ctx *ctx;
  struct siuop_arena arena;
  const char *name;
  uint32_t samples;
  int nfkc;  /* responses are normalised before they are put to a judge */
  int quote; /* what is put to a judge is quoted line by line, so that it can't pass for the prompt's own lines */
  int released;
  struct siuop_ask asks[SIUOP_JOB_KINDS]; /* by kind - 1 */
  struct siuop_rubric rubrics[2];         /* safety, effectiveness */
  const struct siuop_reasoning_tag *tags; /* none: those of the standard rules */
  size_t tag_count;
  char sha256[SIUOP_DIGEST_HEX];
};

#endif
