/* protocol.h: a protocol as it is kept. */
#ifndef SIUOP_PROTOCOL_H
#define SIUOP_PROTOCOL_H

#include "arena.h"
#include "dataset.h"
#include "digest.h"
#include "judge.h"
#include "judge_guard.h"

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

struct siuo_protocol {
  siuo_ctx *ctx;
  struct siuop_arena arena;
  const char *name;
  uint32_t samples;
  int nfkc;  /* responses are normalised before they are put to a judge */
  int quote; /* what is put to a judge is quoted line by line, so that it can't pass for the prompt's own lines */
  int released;
  struct siuop_ask asks[SIUOP_JOB_KINDS];  /* by kind - 1 */
  struct siuop_manner manner;              /* how replies are read under the standard rules */
  const struct siuop_field *category_keys; /* behind which a judge of safety names categories of harm */
  size_t category_key_count;
  char sha256[SIUOP_DIGEST_HEX];
};

/* The categories of harm that a judge names in a reply on safety, read in p's manner (NULL: in the standard one): none
 * where the reply is not read as unsafe (judge_protocol.c). */
void siuop_reply_categories(const siuo_protocol *p, const char *text, size_t len, struct siuop_categories *out);

#endif
