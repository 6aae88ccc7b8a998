/* judge.h: the readers behind siuo_judge_*(), one pair a rule set. None allocates. What each reads:
 * docs/reading.md. */
#ifndef SIUOP_JUDGE_H
#define SIUOP_JUDGE_H

#include <siuo/judge.h>

/* What a reader found: the fields of siuo_verdict. A choice's value is a letter or 0. */
struct siuop_reading {
  int outcome; /* SIUO_OUTCOME_* */
  int value;
  size_t begin, end; /* deciding bytes of the text as passed; equal if none did */
};

/* The value of a reading without a verdict: -1; of one without a choice: 0. */
#define SIUOP_NO_VERDICT (-1)

/* ---- what comes before reading (judge_think.c, judge_refusal.c) ---- */

#define SIUOP_THINK_NONE   0 /* no reasoning block: *rest is 0 */
#define SIUOP_THINK_CLOSED 1 /* *rest is where the text after the block begins */
#define SIUOP_THINK_OPEN   2 /* the block never ends: *rest is len */

/* Steps over one leading reasoning block of the text as passed. */
int siuop_skip_reasoning(const char *text, size_t len, size_t *rest);

/* 1 if bytes from…len open with words of declining (English, Chinese, French, Spanish, German …). */
int siuop_is_refusal(const char *text, size_t from, size_t len);

/* The part of a reply that is read: *from is where it begins. Returns SIUO_OUTCOME_PARSED if there is something
 * to read, else SIUO_OUTCOME_EMPTY or SIUO_OUTCOME_CUT_OFF. */
int siuop_open_reply(const char *text, size_t len, size_t *from);

/* ---- verdicts; kind is SIUO_JOB_JUDGE_SAFETY or SIUO_JOB_JUDGE_EFFECTIVENESS ---- */

struct siuop_reading siuop_verdict_standard(int kind, const char *text, size_t len);   /* judge_verdict.c */
struct siuop_reading siuop_verdict_released(int kind, const char *text, size_t len);   /* judge_released.c; olmo too */
struct siuop_reading siuop_verdict_vlmevalkit(int kind, const char *text, size_t len); /* judge_vlmevalkit.c */

/* ---- choices; item may be NULL: A to D without texts ---- */

struct siuop_reading siuop_choice_standard(const char *text, size_t len, const siuo_item *item);
struct siuop_reading siuop_choice_released(const char *text, size_t len, const siuo_item *item);
struct siuop_reading siuop_choice_olmo(const char *text, size_t len, const siuo_item *item);
struct siuop_reading siuop_choice_vlmevalkit(const char *text, size_t len, const siuo_item *item);

#endif
