/* judge_rank.h: how much a verdict counts by the place where it stands. */
#ifndef SIUOP_JUDGE_RANK_H
#define SIUOP_JUDGE_RANK_H

#include "text.h"

#define SIUOP_RANK_QUOTED     0 /* inside quotation marks, backticks or a fence: someone else's words */
#define SIUOP_RANK_IN_LINE    1
#define SIUOP_RANK_LINE_START 2 /* after list, quote or markdown signs at most */

#define SIUOP_QUOTE_KINDS 10

/* Where the mark that closes one kind of quotation stands next. Holds for every opening mark before `known_to`:
 * so each kind is looked for over the text once, however many marks open. */
struct siuop_closer {
  size_t known_to;   /* the closing mark's first byte or, where there is none, the end of what was searched */
  size_t end;        /* the byte after the closing mark; 0 if there is none */
  size_t line;       /* where the closing mark's line begins */
  int looks_closing; /* a word before it, none after */
};

/* Walks over a text and tells the rank of places in it, in ascending order. */
struct siuop_ranker {
  siuop_text t;
  int head;           /* what the line holds so far: see judge_rank.c */
  size_t head_again;  /* a tag in the line's head ends here */
  int32_t fence_sign; /* '`' or '~'; 0 outside fences */
  int fence_length;
  size_t quote_end;     /* the end of the quotation last entered */
  size_t backticks_end; /* the end of the run of backticks last seen */
  struct siuop_closer closers[SIUOP_QUOTE_KINDS];
};

void siuop_ranker_init(struct siuop_ranker *r, const char *text, size_t from, size_t len);

/* The rank of what begins and ends at these bytes; begin must not be before that of the last call. */
int siuop_ranker_rank(struct siuop_ranker *r, size_t begin, size_t end);

#endif
