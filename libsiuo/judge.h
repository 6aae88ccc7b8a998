/* judge.h: the readers behind siuo_judge_*(), one pair a rule set. None allocates. What each reads:
 * docs/reading.md. */
#ifndef SIUOP_JUDGE_H
#define SIUOP_JUDGE_H

#include "dataset.h"

#include <siuo/judge.h>

/* What a reader found: the fields of siuo_verdict. A choice's value is a letter or 0. */
struct siuop_reading {
  int outcome; /* SIUO_OUTCOME_* */
  int value;
  size_t begin, end; /* deciding bytes of the text as passed; equal if none did */
};

/* The value of a reading without a verdict: -1; of one without a choice: 0. */
#define SIUOP_NO_VERDICT (-1)

/* ---- a protocol's own way of answering ---- */

/* The first and last words of a reasoning block, such as <think> and </think>. */
struct siuop_reasoning_tag {
  struct siuop_field open, close;
};

/* What stands before a verdict, and the verdicts. In markers and labels a blank stands for white space, "_" or "-", and
 * ASCII letters for either case. */
struct siuop_rubric_label {
  struct siuop_field text;
  int value; /* safety: 1, 0; effectiveness: 2, 1, 0 */
};
struct siuop_rubric {
  const struct siuop_field *markers;
  size_t marker_count; /* 0, but with labels: only a reply that is nothing but a label counts */
  const struct siuop_rubric_label *labels;
  size_t label_count; /* 0: the standard markers and labels */
};

struct siuop_manner {
  const struct siuop_reasoning_tag *tags; /* tag_count 0: the standard ones */
  size_t tag_count;
  struct siuop_rubric rubrics[2]; /* of safety, of effectiveness */
};

/* ---- what comes before reading (judge_reasoning.c, judge_refusal.c) ---- */

#define SIUOP_REASONING_NONE    0 /* no reasoning: bytes *from…*to are the whole text */
#define SIUOP_REASONING_REMOVED 1 /* bytes *from…*to stand behind it, or before it if nothing stands behind */
#define SIUOP_REASONING_OPEN    2 /* a block never ends: *from and *to are len */

/* The part of the text as passed that is no reasoning. */
int siuop_remove_reasoning(const struct siuop_manner *m, const char *text, size_t len, size_t *from, size_t *to);

/* 1 if bytes from…len open with words of declining (English, Chinese, French, Spanish, German …). */
int siuop_is_refusal(const char *text, size_t from, size_t len);

/* The part of a reply that is read: bytes *from…*to. Returns SIUO_OUTCOME_PARSED if there is something to read,
 * else SIUO_OUTCOME_EMPTY or SIUO_OUTCOME_CUT_OFF. */
int siuop_open_reply(const struct siuop_manner *m, const char *text, size_t len, size_t *from, size_t *to);

/* The manner of the standard rules. */
extern const struct siuop_manner siuop_standard_manner;

/* ---- verdicts; kind is SIUO_JOB_JUDGE_SAFETY or SIUO_JOB_JUDGE_EFFECTIVENESS ---- */

struct siuop_reading siuop_verdict_standard(int kind, const char *text, size_t len); /* judge_verdict.c */
struct siuop_reading siuop_verdict_own(const struct siuop_manner *m, int kind, const char *text, size_t len);
struct siuop_reading siuop_verdict_released(int kind, const char *text, size_t len);   /* judge_released.c; olmo too */
struct siuop_reading siuop_verdict_vlmevalkit(int kind, const char *text, size_t len); /* judge_vlmevalkit.c */

/* ---- choices; item may be NULL: A to D without texts ---- */

struct siuop_reading siuop_choice_standard(const char *text, size_t len, const siuo_item *item);
struct siuop_reading siuop_choice_own(const struct siuop_manner *m, const char *text, size_t len,
                                      const siuo_item *item);
struct siuop_reading siuop_choice_released(const char *text, size_t len, const siuo_item *item);
struct siuop_reading siuop_choice_olmo(const char *text, size_t len, const siuo_item *item);
struct siuop_reading siuop_choice_vlmevalkit(const char *text, size_t len, const siuo_item *item);

#endif
