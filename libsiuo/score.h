/* score.h: what was recorded of an item, and its votes under a rule set. Files and sessions both end here. */
#ifndef SIUOP_SCORE_H
#define SIUOP_SCORE_H

#include "ctx.h"

#include <siuo/judge.h>
#include <siuo/metrics.h>
#include <siuo/protocol.h>

#define SIUOP_SAFE      0 /* places in siuop_recorded.replies and .votes */
#define SIUOP_EFFECTIVE 1

/* A recorded text; s NULL: there is none. */
struct siuop_recorded_text {
  const char *s;
  size_t len;
};

/* One item. A list that nobody recorded is NULL; the others have `count` entries, those of judges `count` for each
 * judge, one judge after another. */
struct siuop_recorded {
  int task;           /* SIUO_TASK_* */
  const char *source; /* the file's name, and the line in it where the item begins */
  uint64_t line;
  const char *id, *category; /* category NULL: not recorded */
  size_t id_len, category_len;
  size_t count;                                 /* responses; choice: replies, one an order of the options */
  size_t judges;                                /* at least 1 */
  int panel;                                    /* SIUO_PANEL_* of several judges */
  const int32_t *stated;                        /* SIUO_RESPONSE_*, from siuo.outcomes */
  const struct siuop_recorded_text *responses;  /* choice: the replies */
  const struct siuop_recorded_text *replies[2]; /* judges' replies on safety, on effectiveness */
  const int32_t *votes[2];                      /* votes given without replies */
  const int32_t *ends[2];                       /* SIUO_RESPONSE_*: the API's word on how each of the replies ended */
  const siuo_item *choice;                      /* id and options as recorded; correct option 0: none */
};

/* SIUO_RESPONSE_* of response i: what was stated, else what its text shows. docs/rules.md. */
int siuop_response_outcome(const struct siuop_recorded *item, size_t i);

/* The same of a text alone. */
int siuop_outcome_of_text(struct siuop_recorded_text text);

/* Reads a reply under the rules, in the protocol's manner (NULL: in the standard one): siuo_judge_reply(). */
int siuop_read_reply(const siuo_protocol *p, siuo_ctx *ctx, int rules, int kind, struct siuop_recorded_text text,
                     const siuo_item *item, siuo_verdict *verdict);

/* The API's word on how a judge's reply ended: SIUO_RESPONSE_*. */
int siuop_end_of_reply(const struct siuop_recorded *item, int which, size_t place);

/* What a judge's reply that was read as `outcome` (SIUO_OUTCOME_*) is, by the API's word on its end (SIUO_RESPONSE_*):
 * one without a verdict was cut off, or its judge declined. */
int siuop_outcome_by_end(int outcome, int end);

/* Whether the rules give the vote on a response of this outcome and text (SIUOP_SAFE, SIUOP_EFFECTIVE) themselves, so
 * that no judge has to be asked. *vote is then that vote (standard rules: the metrics set it). */
int siuop_is_decided(int rules, int which, int outcome, struct siuop_recorded_text text, int32_t *vote);

/* Under the standard rules a blocked or refused response that has text is judged like any other: SIUO_RESPONSE_OK. */
int siuop_outcome_to_judge(int rules, int outcome, struct siuop_recorded_text text);

/* Scores items one after another into metrics. */
struct siuop_scorer {
  siuo_ctx *ctx;
  int rules;
  const siuo_protocol *protocol; /* whose replies are read; NULL after init: the standard one's */
  int judge;                     /* whose votes alone are counted (standard rules); -1 after init: the panel's */
  siuo_metrics *metrics;
  int32_t *votes[2]; /* room for one item's votes and outcomes */
  int32_t *responses;
  size_t capacity;
  int status; /* of a reading that failed */
  uint64_t counts[SIUO_COUNT_IDENTICAL + 1];
};

/* SIUO_EINVAL (unknown rules), SIUO_ENOMEM. */
int siuop_scorer_init(struct siuop_scorer *s, siuo_ctx *ctx, int rules);

/* question: the item that was asked, its options in the file's order (generation: not looked at). */
int siuop_score_item(struct siuop_scorer *s, const struct siuop_recorded *item, const siuo_item *question,
                     const char *category);

/* Ends it: *out gets the metrics if rc is SIUO_OK and they are whole; returns the status. */
int siuop_scorer_finish(struct siuop_scorer *s, int rc, siuo_metrics **out);

#endif
