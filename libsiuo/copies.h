/* copies.h: where a reply holds the text of one of its item's options. Allocates nothing while it reads. */
#ifndef SIUOP_COPIES_H
#define SIUOP_COPIES_H

#include "arena.h"
#include "words.h"

#define SIUOP_COPIES_MOST 26 /* options */

/* An option's text as words, with the table of Knuth, Morris and Pratt, which keeps the search linear however much
 * the text repeats itself. Kept in the item. */
struct siuop_copy {
  const uint64_t *sums; /* of its words */
  const uint32_t *back; /* count + 1: how many words still match where the next one doesn't */
  uint32_t count;       /* words */
  uint32_t letters;     /* the options that have these words, bit 0 for A; 0: an earlier option has them, too */
  int letter;           /* a capital, where the text is nothing but this letter; else 0 */
  int asks;             /* a question mark ends it */
};

/* The options' tables; *out is NULL if there are none. SIUO_ENOMEM. */
struct siuop_field;
int siuop_copies_make(struct siuop_arena *arena, const struct siuop_field *options, size_t count,
                      const struct siuop_copy **out);

/* How a text's words compare with the option's; line: up to the line's end. */
#define SIUOP_COPY_DIFFERS 0
#define SIUOP_COPY_BEGINS  1 /* they end within the option's */
#define SIUOP_COPY_SAME    2
#define SIUOP_COPY_GOES_ON 3 /* behind the option's, others follow */
int siuop_copies_compare(const struct siuop_copy *copy, const char *text, size_t from, size_t to, int line);

/* Whether a question mark ends bytes from…to, signs behind it apart. */
int siuop_copies_ask(const char *text, size_t from, size_t to);

/* One option, looked for ahead of the reader. Places are numbers of words since the beginning. */
struct siuop_copies_search {
  const struct siuop_copy *copy;
  struct siuop_words words;
  size_t read;         /* words so far */
  uint32_t matched;    /* of the option's words, before that place */
  size_t begin, count; /* the next copy; begin SIZE_MAX: there is none */
  int whole;           /* 0: the text ends within it */
};

struct siuop_copies {
  int searches;
  struct siuop_copies_search search[SIUOP_COPIES_MOST];
};

void siuop_copies_init(struct siuop_copies *c, const struct siuop_copy *copies, size_t count, const char *text,
                       size_t from, size_t to);

/* The longest copy that begins at this word, which must not be before that of the last call: how many words it has
 * and whose it is (0: it is cut off), or 0. */
size_t siuop_copies_at(struct siuop_copies *c, size_t word, uint32_t *letters);

#endif
