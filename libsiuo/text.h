/* text.h: reads a text one normalised code point after another. Allocates nothing. */
#ifndef SIUOP_TEXT_H
#define SIUOP_TEXT_H

#include <stddef.h>
#include <stdint.h>

#define SIUOP_TEXT_END (-1)
#define SIUOP_SEGMENT  160

/* A place in a text: one code point after another, NFKC-normalised as they are read if asked to (Unicode
 * Standard Annex 15; a run of more than 30 combining marks is normalised in pieces, as in its Stream-Safe Text
 * Format). A copy of the struct remembers the place: copy to look ahead. */
typedef struct siuop_text {
  const char *s;
  size_t len;
  size_t next;       /* where the next segment begins */
  size_t begin, end; /* the bytes of the text that gave the current code point (the whole segment) */
  int32_t current;   /* the code point, or SIUOP_TEXT_END */
  int32_t previous;  /* the one before it, SIUOP_TEXT_END at the beginning */
  int32_t before_previous;
  unsigned char normalise;
  unsigned char ascii;      /* the whole text is ASCII: nothing to normalise */
  unsigned short count, at; /* the segment's code points and the place of the current one */
  int32_t segment[SIUOP_SEGMENT];
} siuop_text;

/* Stands on the first code point. */
void siuop_text_init(siuop_text *t, const char *s, size_t len, int normalise);

/* The same on a part of a text: bytes from…to. Positions stay those of the whole text. */
void siuop_text_init_range(siuop_text *t, const char *s, size_t from, size_t to, int normalise);

/* siuop_text_next() where there is something to decode or nothing left. */
void siuop_text_decode_next(siuop_text *t);

/* To the next code point; stays at the end. Inline: readers of ASCII do little else. */
static inline void siuop_text_next(siuop_text *t)
{
  if (!t->ascii || t->next >= t->len) {
    siuop_text_decode_next(t);
    return;
  }
  t->before_previous = t->previous;
  t->previous = t->current;
  t->begin = t->next;
  t->current = (unsigned char)t->s[t->next];
  t->end = ++t->next;
}

/* Steps over white space (siuop_is_python_space). */
void siuop_text_skip_space(siuop_text *t);

/* If the ASCII text stands here, steps over it and returns 1; else stays and returns 0. any_case: ASCII letters
 * match in either case (text is given in lower case then). */
int siuop_text_take(siuop_text *t, const char *ascii, int any_case);

/* Forward to the next code point that is one of the ASCII characters of `set`, the current one included: 1, or 0
 * and the end. others: stop at everything that is not ASCII, too. */
int siuop_text_seek(siuop_text *t, const char *set, int others);

#endif
