/* judge_quote.c: what stands within quotation marks or backticks. */
#include "judge_quote.h"

#include "judge_fence.h"
#include "text.h"
#include "utf8.h"

#include <string.h>

/* ---- code points ---- */

/* The code point at a byte; *after: the byte behind it. */
static int32_t char_at(const struct siuop_quotes *q, size_t at, size_t *after)
{
  size_t used = 0;
  *after = at;
  if (at >= q->to)
    return SIUOP_TEXT_END;
  int32_t c = siuop_utf8_decode(q->text + at, q->to - at, &used, NULL);
  *after = at + used;
  return c;
}

static int32_t char_before(const struct siuop_quotes *q, size_t at)
{
  size_t begin = at;
  if (at == q->from)
    return SIUOP_TEXT_END;
  do
    begin--;
  while (begin > q->from && at - begin < 4 && ((unsigned char)q->text[begin] & 0xC0) == 0x80);
  return char_at(q, begin, &at);
}

static int is_space_or_end(int32_t c)
{
  return c == SIUOP_TEXT_END || siuop_is_python_space(c);
}

/* ---- marks ---- */

#define APOSTROPHE    1 /* the mark is an apostrophe too: only at a word's outer side does it open or close */
#define SEVERAL_LINES 2

static const struct kind {
  int32_t open, open_too, close, close_too;
  int flags;
} kinds[SIUOP_QUOTE_KINDS] = {
    {'"', 0xFF02, '"', 0xFF02, SEVERAL_LINES},
    {0x201C, 0x201C, 0x201D, 0x201D, SEVERAL_LINES}, /* “ ” */
    {0x201E, 0x201E, 0x201C, 0x201D, SEVERAL_LINES}, /* „ “ and „ ” */
    {0xAB, 0xAB, 0xBB, 0xBB, SEVERAL_LINES},         /* « » */
    {0x300C, 0xFF62, 0x300D, 0xFF63, SEVERAL_LINES}, /* 「 」 */
    {0x300E, 0x300E, 0x300F, 0x300F, SEVERAL_LINES}, /* 『 』 */
    {0x2039, 0x2039, 0x203A, 0x203A, 0},             /* ‹ › */
    {0x2018, 0x2018, 0x2019, 0x2019, APOSTROPHE},    /* ‘ ’ */
    {'\'', 0xFF07, '\'', 0xFF07, APOSTROPHE},
    {'`', 0xFF40, '`', 0xFF40, 0},
};

static int is_straight(const struct kind *kind)
{
  return kind->open == '"';
}

static const struct kind *quote_kind(int32_t c)
{
  for (size_t i = 0; i < SIUOP_QUOTE_KINDS; i++)
    if (kinds[i].open == c || kinds[i].open_too == c)
      return &kinds[i];
  return NULL;
}

static size_t skip_backticks(const struct siuop_quotes *q, size_t at)
{
  while (at < q->to && q->text[at] == '`')
    at++;
  return at;
}

/* ---- closing ---- */

/* Whether the code point c at bytes at…after closes a quotation. */
static int closes(const struct siuop_quotes *q, const struct kind *kind, int32_t c, size_t after)
{
  if (c != kind->close && c != kind->close_too)
    return 0;
  return (kind->flags & APOSTROPHE) == 0 || !siuop_is_word(char_at(q, after, &after));
}

/* Finds what closes a quotation whose words begin at byte `at`. */
static void find_closer(const struct siuop_quotes *q, const struct kind *kind, size_t at, struct siuop_closer *k)
{
  size_t after = at;
  int literal = 0; /* a backslash stands before */
  k->end = k->line = 0;
  for (;; at = after) {
    int32_t c = char_at(q, at, &after);
    k->known_to = at;
    if (c == SIUOP_TEXT_END || (c == '\n' && (kind->flags & SEVERAL_LINES) == 0))
      return;
    if (c == '\n')
      k->line = after;
    if (!literal && closes(q, kind, c, after))
      break;
    literal = c == '\\' && !literal && is_straight(kind);
  }
  k->looks_closing = !is_space_or_end(char_before(q, at)) && !siuop_is_word(char_at(q, after, &at));
  k->end = kind->open == '`' ? skip_backticks(q, after) : after;
}

/* ---- opening ---- */

static int can_open(const struct siuop_quotes *q, const struct kind *kind, size_t at)
{
  int32_t before = char_before(q, at);
  if ((kind->flags & APOSTROPHE) != 0)
    return !siuop_is_word(before);
  return !is_straight(kind) || !siuop_ascii_is_digit(before); /* else inches */
}

/* A straight mark that opens at one line's word and closes at another's: a quotation of several lines. Others that
 * don't close in their line are a slip. */
static int spans_lines(const struct siuop_quotes *q, const struct kind *kind, size_t at, size_t inside,
                       const struct siuop_closer *k)
{
  size_t unused = 0;
  return !is_straight(kind) ||
         (!siuop_is_word(char_before(q, at)) && !is_space_or_end(char_at(q, inside, &unused)) && k->looks_closing);
}

/* A mark that opens before a word and never closes, as where a reply was cut off: it quotes the rest of its line. */
static int is_left_open(const struct siuop_quotes *q, const struct kind *kind, size_t at, size_t inside)
{
  int32_t before = char_before(q, at);
  return (kind->flags & APOSTROPHE) == 0 && !is_space_or_end(char_at(q, inside, &inside)) &&
         (is_space_or_end(before) || before == '(' || before == '[' || before == ':');
}

/* Over one code point or, if a quotation opens there, over the quotation. */
static void step(struct siuop_quotes *q)
{
  size_t begin = q->at;
  const struct kind *kind = quote_kind(char_at(q, begin, &q->at));
  if (kind == NULL)
    return;
  if (kind->open == '`')
    q->at = skip_backticks(q, q->at);
  if (!can_open(q, kind, begin))
    return;
  struct siuop_closer *k = &q->closers[kind - kinds];
  if (k->known_to == 0 || q->at > k->known_to)
    find_closer(q, kind, q->at, k);
  if (k->end == 0 && is_left_open(q, kind, begin, q->at)) {
    q->begin = begin;
    q->end = q->at = siuop_line_end(q->text, q->at, q->to);
    return;
  }
  if (k->end == 0 || (k->line > q->at && !spans_lines(q, kind, begin, q->at, k)))
    return;
  q->begin = begin;
  q->end = q->at = k->end;
}

/* ---- walking ---- */

static int is_ascii_mark(char c)
{
  return c == '"' || c == '\'' || c == '`';
}

/* Over eight bytes at a time that are ASCII without marks. */
static size_t leap_over_plain_text(const char *text, size_t at, size_t to)
{
  const uint64_t ones = UINT64_C(0x0101010101010101);
  for (; at + 8 <= to; at += 8) {
    uint64_t bytes;
    memcpy(&bytes, text + at, sizeof bytes);
    uint64_t zero_at_quote = bytes ^ ones * '"', zero_at_apostrophe = bytes ^ ones * '\'',
             zero_at_tick = bytes ^ ones * '`';
    if ((((zero_at_quote - ones) | (zero_at_apostrophe - ones) | (zero_at_tick - ones) | bytes) & ones * 0x80) != 0)
      break;
  }
  return at;
}

void siuop_quotes_init(struct siuop_quotes *q, const char *text, size_t from, size_t to, int ascii)
{
  q->text = text;
  q->from = q->at = from;
  q->to = to;
  q->begin = q->end = 0;
  q->over_lines = !ascii || memchr(text + from, '"', to - from) != NULL;
  memset(q->closers, 0, sizeof q->closers);
}

int siuop_is_quoted(struct siuop_quotes *q, size_t line, size_t begin, size_t end)
{
  if (!q->over_lines && q->at < line)
    q->at = line;
  while ((q->at = leap_over_plain_text(q->text, q->at, begin)) < begin) {
    unsigned char c = (unsigned char)q->text[q->at];
    if (c >= 0x80 || is_ascii_mark((char)c))
      step(q);
    else
      q->at++;
  }
  return begin >= q->begin && end <= q->end;
}
