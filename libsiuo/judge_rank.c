/* judge_rank.c: how much a verdict counts by the place where it stands. */
#include "judge_rank.h"

#include "judge_dress.h"
#include "utf8.h"

#include <string.h>

/* ---- the line's head ---- */

#define HEAD_OPEN   0 /* nothing but signs, tags and list numbers so far */
#define HEAD_NUMBER 1 /* and digits, which "." or ")" would make a list number */
#define HEAD_CLOSED 2 /* a word */

static void update_head(struct siuop_ranker *r)
{
  int32_t c = r->t.current;
  if (siuop_is_line_end(c)) {
    r->head = HEAD_OPEN;
    r->head_again = 0;
    return;
  }
  if (r->head_again != 0 && r->t.begin >= r->head_again) {
    r->head = HEAD_OPEN;
    r->head_again = 0;
  }
  if (r->head == HEAD_CLOSED)
    return;
  if (c == '<' && r->head == HEAD_OPEN && r->head_again == 0) {
    siuop_text ahead;
    siuop_copy_place(&ahead, &r->t);
    if (siuop_take_tag(&ahead))
      r->head_again = siuop_place_after(&ahead);
  } else if (siuop_ascii_is_digit(c)) {
    r->head = HEAD_NUMBER;
  } else if (r->head == HEAD_NUMBER) {
    r->head = c == '.' || c == ')' ? HEAD_OPEN : HEAD_CLOSED;
  } else if (siuop_goes_on(c)) {
    r->head = HEAD_CLOSED;
  }
}

/* ---- fences ---- */

/* The number of `sign`s that begin the line at t, after blanks and block quote signs. Leaves t after them. */
static int take_fence(siuop_text *t, int32_t *sign)
{
  while (t->current == ' ' || t->current == '\t' || t->current == '>')
    siuop_text_next(t);
  *sign = t->current;
  int n = 0;
  if (t->current == '`' || t->current == '~')
    for (; t->current == *sign && n < INT16_MAX; n++)
      siuop_text_next(t);
  return n;
}

/* At the beginning of a line: a fence opens, or the open one closes. */
static void update_fence(struct siuop_ranker *r)
{
  int32_t c = r->t.current;
  if (c != '`' && c != '~' && c != ' ' && c != '\t' && c != '>')
    return;
  siuop_text ahead;
  siuop_copy_place(&ahead, &r->t);
  int32_t sign = 0;
  int n = take_fence(&ahead, &sign);
  if (n < 3)
    return;
  if (r->fence_sign != 0) {
    if (sign == r->fence_sign && n >= r->fence_length)
      r->fence_sign = 0;
    return;
  }
  while (ahead.current != SIUOP_TEXT_END && !siuop_is_line_end(ahead.current)) {
    if (ahead.current == '`')
      return; /* code within a line */
    siuop_text_next(&ahead);
  }
  r->fence_sign = sign;
  r->fence_length = n;
}

/* ---- quotation marks ---- */

#define APOSTROPHE    1 /* the mark is an apostrophe too: only at a word's outer side does it open or close */
#define SEVERAL_LINES 2

static const struct {
  int32_t open, close, close_too;
  int flags;
} quotes[SIUOP_QUOTE_KINDS] = {
    {'"', '"', '"', SEVERAL_LINES},
    {0x201C, 0x201D, 0x201D, SEVERAL_LINES}, /* “ ” */
    {0x201E, 0x201C, 0x201D, SEVERAL_LINES}, /* „ “ and „ ” */
    {0xAB, 0xBB, 0xBB, SEVERAL_LINES},       /* « » */
    {0x300C, 0x300D, 0x300D, SEVERAL_LINES}, /* 「 」 */
    {0x300E, 0x300F, 0x300F, SEVERAL_LINES}, /* 『 』 */
    {0x2039, 0x203A, 0x203A, 0},             /* ‹ › */
    {0x2018, 0x2019, 0x2019, APOSTROPHE},    /* ‘ ’ */
    {'\'', '\'', '\'', APOSTROPHE},
    {'`', '`', '`', 0},
};

static int is_space_or_end(int32_t c)
{
  return c == SIUOP_TEXT_END || siuop_is_python_space(c);
}

/* Steps to the mark that closes a quotation of that kind, from t on; 0 if none closes it. */
static int seek_closer(siuop_text *t, size_t kind, struct siuop_closer *k)
{
  int escaped = 0;
  for (; t->current != SIUOP_TEXT_END; siuop_text_next(t)) {
    int32_t c = t->current;
    int literal = escaped;
    escaped = c == '\\' && !literal && quotes[kind].open == '"';
    if (siuop_is_line_end(c)) {
      if ((quotes[kind].flags & SEVERAL_LINES) == 0)
        return 0;
      k->line = t->end;
    }
    if (literal || (c != quotes[kind].close && c != quotes[kind].close_too))
      continue;
    siuop_text ahead;
    siuop_copy_place(&ahead, t);
    siuop_text_next(&ahead);
    if ((quotes[kind].flags & APOSTROPHE) != 0 && siuop_is_word(ahead.current))
      continue;
    k->looks_closing = !is_space_or_end(t->previous) && !siuop_is_word(ahead.current);
    return 1;
  }
  return 0;
}

/* Finds what closes a quotation that opens before t. */
static void find_closer(struct siuop_closer *k, const siuop_text *inside, size_t kind)
{
  siuop_text t;
  siuop_copy_place(&t, inside);
  k->end = k->line = 0;
  int found = seek_closer(&t, kind, k);
  k->known_to = t.begin;
  if (!found)
    return;
  do
    siuop_text_next(&t);
  while (quotes[kind].open == '`' && t.current == '`');
  k->end = siuop_place_after(&t);
}

/* Whether the mark at t can open a quotation; leaves *inside on what it quotes. */
static int can_open(struct siuop_ranker *r, size_t kind, siuop_text *inside)
{
  siuop_copy_place(inside, &r->t);
  siuop_text_next(inside);
  if ((quotes[kind].flags & APOSTROPHE) != 0)
    return !siuop_is_word(r->t.previous);
  if (quotes[kind].open != '`')
    return 1;
  if (r->t.begin < r->backticks_end)
    return 0;
  while (inside->current == '`')
    siuop_text_next(inside);
  r->backticks_end = siuop_place_after(inside);
  return 1;
}

/* A straight mark that opens at one line's word and closes at another's: a quotation of several lines. Others that
 * don't close in their line are inches, or a slip. */
static int spans_lines(const struct siuop_ranker *r, size_t kind, const siuop_text *inside)
{
  return quotes[kind].open != '"' ||
         (!siuop_is_word(r->t.previous) && !is_space_or_end(inside->current) && r->closers[kind].looks_closing);
}

static void update_quotes(struct siuop_ranker *r)
{
  int32_t c = r->t.current;
  if (r->t.begin < r->quote_end || (c < 0x80 && c != '"' && c != '\'' && c != '`'))
    return;
  size_t kind = 0;
  while (kind < SIUOP_QUOTE_KINDS && quotes[kind].open != c)
    kind++;
  siuop_text inside;
  if (kind == SIUOP_QUOTE_KINDS || !can_open(r, kind, &inside))
    return;
  struct siuop_closer *k = &r->closers[kind];
  size_t opened = inside.begin;
  if (opened > k->known_to || k->known_to == 0)
    find_closer(k, &inside, kind);
  if (k->end != 0 && (k->line <= opened || spans_lines(r, kind, &inside)))
    r->quote_end = k->end;
}

/* ---- walking ---- */

void siuop_ranker_init(struct siuop_ranker *r, const char *text, size_t from, size_t len)
{
  memset(r->closers, 0, sizeof r->closers);
  r->head = HEAD_OPEN;
  r->head_again = 0;
  r->fence_sign = 0;
  r->fence_length = 0;
  r->quote_end = r->backticks_end = 0;
  siuop_text_init_range(&r->t, text, from, len, 1);
}

int siuop_ranker_rank(struct siuop_ranker *r, size_t begin, size_t end)
{
  while (r->t.current != SIUOP_TEXT_END && r->t.begin < begin) {
    if (r->t.previous == SIUOP_TEXT_END || siuop_is_line_end(r->t.previous))
      update_fence(r);
    update_quotes(r);
    update_head(r);
    siuop_text_next(&r->t);
  }
  if (r->fence_sign != 0 || end <= r->quote_end)
    return SIUOP_RANK_QUOTED;
  /* the marker itself may stand right after a tag */
  if (r->head == HEAD_OPEN || (r->head_again != 0 && begin >= r->head_again))
    return SIUOP_RANK_LINE_START;
  return SIUOP_RANK_IN_LINE;
}
