/* judge_place.h: how much a verdict counts by the place where it stands. */
#ifndef SIUOP_JUDGE_PLACE_H
#define SIUOP_JUDGE_PLACE_H

#include "judge_fence.h"
#include "judge_quote.h"
#include "text.h"

#define SIUOP_PLACE_FOREIGN    0 /* quoted on a line that holds other words, or in a tagged copy: never counts */
#define SIUOP_PLACE_SET_APART  1 /* a fence, a block quote, a quotation that fills its line: if there is no other */
#define SIUOP_PLACE_IN_LINE    2
#define SIUOP_PLACE_LINE_START 3 /* after list or markdown signs at most */

#define SIUOP_COPY_TAGS 12

/* Walks over a reply and tells places in it, in ascending order. */
struct siuop_places {
  const char *text;
  size_t from, to;
  struct siuop_quotes quotes;
  struct siuop_fence fence;
  size_t line, line_end; /* the line walked up to */
  size_t told;           /* the line of the place told last, plus 1 */
  size_t asked;          /* the end of the quotation that `answer` is about */
  int answer;            /* whether it fills its lines */
  size_t copies_to;      /* tagged copies are known up to here */
  size_t copy_end;       /* the end of the last one */
  int seen_copy;
  size_t copy_ends[SIUOP_COPY_TAGS]; /* the byte behind each tag's next closing one, plus 1; beyond `to`: none */
};

void siuop_places_init(struct siuop_places *p, const siuop_text *reply);

/* Where bytes begin…end stand; `begin` must not be before that of the last call. */
int siuop_place_of(struct siuop_places *p, size_t begin, size_t end);

#endif
