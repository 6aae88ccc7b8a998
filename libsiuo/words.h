/* words.h: a text as words, signs, lines and tags, one after another. Allocates nothing. */
#ifndef SIUOP_WORDS_H
#define SIUOP_WORDS_H

#include "text.h"

#define SIUOP_TOKEN_END     0
#define SIUOP_TOKEN_LINE    1 /* the end of one line or of several */
#define SIUOP_TOKEN_WORD    2 /* letters and digits; a Han, kana or Thai character is a word of its own */
#define SIUOP_TOKEN_SIGN    3 /* any other character */
#define SIUOP_TOKEN_TAG     4 /* <answer>, </b>, <|im_end|> */
#define SIUOP_TOKEN_COMMAND 5 /* LaTeX that says how something looks: \boxed; other commands are words: \frac */
#define SIUOP_TOKEN_COPY    6 /* an option's text (copies.h); siuop_words_next() gives none */

#define SIUOP_TOKEN_TEXT 40

struct siuop_token {
  size_t begin, end;     /* bytes of the text */
  uint64_t sum;          /* of the folded word: equal words have equal sums */
  int32_t first;         /* the first code point as written; of a sign, the sign */
  uint32_t letters;      /* of a copy: the options that have this text, bit 0 for A; 0: a copy that is cut off */
  size_t phrase;         /* for choice_window.c: the first phrase of the lexicon that may begin with it */
  unsigned short length; /* code points of the whole word */
  unsigned char kind;
  unsigned char spaced;        /* white space, a line's end or the text's beginning stands before it */
  unsigned char closing;       /* of a tag: </…> */
  char text[SIUOP_TOKEN_TEXT]; /* a word, or a tag's or command's name: case-folded NFKC, cut where it is longer */
};

/* Walks over a text. NFKC; entities are what they stand for; invisible characters are left out. */
struct siuop_words {
  siuop_text t;
  int32_t current; /* the code point to be read next, or SIUOP_TEXT_END */
  size_t begin, end;
  int spaced;
};

void siuop_words_init(struct siuop_words *w, const char *text, size_t from, size_t to);

/* The next token; SIUOP_TOKEN_END at the end, and again after it. */
void siuop_words_next(struct siuop_words *w, struct siuop_token *out);

#endif
