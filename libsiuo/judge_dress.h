/* judge_dress.h: what may stand around a marker, a label or a letter without meaning anything. */
#ifndef SIUOP_JUDGE_DRESS_H
#define SIUOP_JUDGE_DRESS_H

#include "text.h"

#include <string.h>

/* A letter or digit of any script: what goes on a word. An underscore is markdown here. */
int siuop_goes_on(int32_t c);

/* Quotation marks, brackets, bars, dashes, markdown and list signs, backslashes; invisible characters. */
int siuop_is_sign(int32_t c);

/* Whether a line ends here. */
int siuop_is_line_end(int32_t c);

/* The following step over what stands here and return 1, or stay and return 0. */

int siuop_take_tag(siuop_text *t);       /* <b>, </answer>, <br/>, <font color="red">, <|im_end|> */
int siuop_take_judgement(siuop_text *t); /* "judgement" or "judgment" in any case; the word may go on */
int siuop_take_dress(siuop_text *t);     /* one tag, sign, white space, or "(Judgement:)" */

/* Steps over dress and . , ; ! as they follow an answer. */
void siuop_skip_closing(siuop_text *t);

/* Where what was read before t ends, in bytes of the text. */
size_t siuop_place_after(const siuop_text *t);

/* Copies a reader's place, of its segment no more than is in use. Inline, so that looking ahead is cheap. */
static inline void siuop_copy_place(siuop_text *to, const siuop_text *from)
{
  memcpy(to, from, offsetof(siuop_text, segment));
  if (from->count > 0)
    memcpy(to->segment, from->segment, from->count * sizeof from->segment[0]);
}

#endif
