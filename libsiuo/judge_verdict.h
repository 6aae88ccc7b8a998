/* judge_verdict.h: the parts of the standard verdict reader: marker, gap, label, place, taking back. */
#ifndef SIUOP_JUDGE_VERDICT_H
#define SIUOP_JUDGE_VERDICT_H

#include "judge.h"
#include "text.h"

/* A rubric's words: the standard ones, or a protocol's own. */
struct siuop_rubric_words {
  const char *const *names; /* what may stand before "judgement", ended by NULL; NULL: the markers are the rubric's */
  const struct siuop_rubric *rubric;
};

/* ---- judge_marker.c ---- */

/* Goes from marker to marker. */
struct siuop_markers {
  const struct siuop_rubric_words *words;
  siuop_text t;              /* behind the marker */
  size_t begin;              /* its first byte */
  int before;                /* what stands before t: see judge_marker.c */
  size_t walk_to;            /* before this byte every code point has to be looked at */
  size_t small_j, capital_j; /* in a text of ASCII, where they stand next; the text's end if nowhere */
};

void siuop_markers_init(struct siuop_markers *m, const struct siuop_rubric_words *words, const siuop_text *reply);
int siuop_next_marker(struct siuop_markers *m); /* 0: there is no more */

/* Goes on from m->t, which a caller moved on over dress or a label. */
void siuop_markers_resume(struct siuop_markers *m);

/* Steps over the words of a standard marker, or stays: 0. */
int siuop_take_marker(siuop_text *t, const struct siuop_rubric_words *words);

/* ---- judge_gap.c ---- */

/* Steps over what may stand between a marker and its label. 0 if that rules a label out. */
int siuop_skip_gap(siuop_text *t, const struct siuop_rubric_words *words);

/* Steps over what may stand around a reply that is nothing but a label. */
void siuop_skip_dress(siuop_text *t, const struct siuop_rubric_words *words);

/* ---- judge_label.c ---- */

#define SIUOP_LABEL_NONE     0 /* there is no label, or one of several to choose from, or a key */
#define SIUOP_LABEL_CUT      1 /* the text ends within a label, or before it */
#define SIUOP_LABEL_DOUBTFUL 2 /* what follows qualifies it */
#define SIUOP_LABEL_CERTAIN  3

struct siuop_label {
  int value;
  size_t begin, end;
};

/* Steps over the label at t and those of the same value that are joined to it. */
int siuop_read_label(siuop_text *t, const struct siuop_rubric *rubric, struct siuop_label *label);

/* Steps over a label's words whatever stands behind: SIUOP_LABEL_NONE, CUT or CERTAIN. */
int siuop_take_label(siuop_text *t, const struct siuop_rubric *rubric, int *value);

/* Steps over the words at t, a blank for white space, "_", "-" and "*", ASCII letters for either case:
 * SIUOP_LABEL_CERTAIN. Else t is left within them: SIUOP_LABEL_NONE, or CUT if the text ends there. */
int siuop_take_words(siuop_text *t, const struct siuop_field *words);

/* ---- judge_taken_back.c ---- */

/* Whether a sentence in bytes from…to takes a verdict of that value back: "Wait, on reflection: False." */
int siuop_is_taken_back(const char *text, size_t from, size_t to, const struct siuop_rubric *rubric, int value);

#endif
