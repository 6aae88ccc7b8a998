/* judge_quote.h: what stands within quotation marks or backticks. */
#ifndef SIUOP_JUDGE_QUOTE_H
#define SIUOP_JUDGE_QUOTE_H

#include <stddef.h>

#define SIUOP_QUOTE_KINDS 10

/* Where the mark that closes one kind of quotation stands next. Holds for every opening mark before `known_to`:
 * so each kind is looked for over the text once, however many marks open. */
struct siuop_closer {
  size_t known_to;   /* the closing mark's first byte or, where there is none, the end of what was searched */
  size_t end;        /* the byte after the closing mark; 0 if there is none */
  size_t line;       /* where the closing mark's line begins */
  int looks_closing; /* a word before it, none after */
};

/* Walks over a text from one quotation to the next. */
struct siuop_quotes {
  const char *text;
  size_t from, to;
  size_t at;         /* walked up to here */
  size_t begin, end; /* the quotation last entered, with its marks */
  int over_lines;    /* there are marks that may quote several lines */
  struct siuop_closer closers[SIUOP_QUOTE_KINDS];
};

/* ascii: bytes from…to are known to be ASCII. */
void siuop_quotes_init(struct siuop_quotes *q, const char *text, size_t from, size_t to, int ascii);

/* Whether bytes begin…end stand within one quotation, which is q->begin…q->end then. `line` is where the line of
 * `begin` begins; `begin` must not be before that of the last call. */
int siuop_is_quoted(struct siuop_quotes *q, size_t line, size_t begin, size_t end);

#endif
