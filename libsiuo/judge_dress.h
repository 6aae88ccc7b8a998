/* judge_dress.h: what may stand around a marker, a label or a letter without meaning anything. */
#ifndef SIUOP_JUDGE_DRESS_H
#define SIUOP_JUDGE_DRESS_H

#include "text.h"
#include "utf8.h"

#include <string.h>

/* Most text is ASCII: what is asked of each character is answered inline for it. */
static inline int siuop_is_ascii_letter(int32_t c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A letter or digit of any script: what goes on a word. An underscore is markdown here. */
static inline int siuop_goes_on(int32_t c)
{
  return c < 0x80 ? siuop_is_ascii_letter(c) || siuop_ascii_is_digit(c) : siuop_is_word(c);
}

static inline int siuop_is_white(int32_t c)
{
  return c > ' ' && c < 0x7F ? 0 : c != SIUOP_TEXT_END && siuop_is_python_space(c);
}

/* What may stand between the words of a marker or a label. */
static inline int siuop_is_joint(int32_t c)
{
  return c == '_' || c == '-' || c == '*' || siuop_is_white(c);
}

int siuop_is_other_sign(int32_t c); /* beyond ASCII */

/* Quotation marks, brackets, bars, dashes, arrows, emoji, markdown, list and dollar signs, backslashes; invisible
 * characters. */
static inline int siuop_is_sign(int32_t c)
{
  /* " # $ ' ( ) * + - : < = > [ \ ] _ ` { | } ~, a bit each */
  static const uint64_t signs[2] = {UINT64_C(0x74002F9C00000000), UINT64_C(0x78000001B8000000)};
  return c < 0x80 ? c >= 0 && (signs[c >> 6] >> (c & 63) & 1) != 0 : siuop_is_other_sign(c);
}

/* Whether a line ends here. */
int siuop_is_line_end(int32_t c);

/* A blank within a line. */
static inline int siuop_is_blank(int32_t c)
{
  return c == ' ' || c == '\t' || c == 0xA0;
}

/* The following step over what stands here and return 1, or stay and return 0. */

int siuop_take_tag(siuop_text *t);           /* <b>, </answer>, <br/>, <font color="red">, <|im_end|> */
int siuop_take_dress(siuop_text *t);         /* one tag, LaTeX wrapper, entity, sign, or white space */
int siuop_take_dress_in_line(siuop_text *t); /* the same, but no line end */
int siuop_take_enumerator(siuop_text *t);    /* "1.", "2)" or "a)" after white space */
int siuop_take_stop(siuop_text *t);          /* . , ; ! or an ideographic full stop */

/* Steps over dress and stops as they follow an answer. */
void siuop_skip_closing(siuop_text *t);

/* The ASCII character after the current one, in lower case; 0x80 where one has to look closer. Spares most copies. */
static inline int32_t siuop_peek(const siuop_text *t)
{
  if (t->at + 1 < t->count)
    return 0x80;
  if (t->next >= t->len)
    return SIUOP_TEXT_END;
  unsigned char c = (unsigned char)t->s[t->next];
  return c < 0x80 ? siuop_ascii_lower(c) : 0x80;
}

/* Steps over one of the words, in lower case and ASCII, that stands here as a word in any case: its number, or
 * `count` and stays. */
size_t siuop_take_word(siuop_text *t, const char *const *words, size_t count);

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
