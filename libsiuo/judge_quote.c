/* judge_quote.c: where a marker stands: quoted, within a line, or at a line's start. */
#include "judge_quote.h"

#include "judge_dress.h"
#include "utf8.h"

/* ---- quotations, each within a line ---- */

static const struct quote_marks {
  int32_t open, close, or_close;
} quote_marks[] = {
    {'"', '"', '"'},          {0x201C, 0x201D, 0x201D}, {0x201E, 0x201C, 0x201D}, {0x2018, 0x2019, 0x2019},
    {0x00AB, 0x00BB, 0x00BB}, {0x300C, 0x300D, 0x300D}, {0x300E, 0x300F, 0x300F}, {'`', '`', '`'},
    {'\'', '\'', '\''},
};
#define QUOTE_KINDS (sizeof quote_marks / sizeof quote_marks[0])

static void skip_run(siuop_text *t, int32_t sign)
{
  while (t->current == sign)
    siuop_text_next(t);
}

/* From an opening mark to behind the closing one: 1, or 0 at the end of the line. */
static int find_close(siuop_text *t, const struct quote_marks *marks)
{
  siuop_text_next(t);
  if (marks->open == '`')
    skip_run(t, '`');
  for (; t->current != SIUOP_TEXT_END && t->current != '\n'; siuop_text_next(t)) {
    if (t->current == '\\' && marks->open == '"') {
      siuop_text_next(t); /* what is escaped does not close */
      if (t->current == '\n')
        return 0;
      continue;
    }
    if (t->current != marks->close && t->current != marks->or_close)
      continue;
    siuop_text_next(t);
    if (marks->open == '\'' && siuop_is_word(t->current))
      continue; /* an apostrophe; the letter behind it closes nothing either */
    if (marks->open == '`')
      skip_run(t, '`');
    return 1;
  }
  return 0;
}

/* The text's position, also where it ends. */
static size_t position(const siuop_text *t)
{
  return t->current == SIUOP_TEXT_END ? t->len : t->begin;
}

/* Steps over a quotation, or one code point where none begins. */
static void step(struct siuop_quoting *q)
{
  for (size_t kind = 0; kind < QUOTE_KINDS; kind++) {
    if (q->t.current != quote_marks[kind].open || (q->unclosed >> kind & 1) != 0)
      continue;
    if (q->t.current == '\'' && siuop_is_word(q->t.previous))
      continue;
    siuop_text ahead = q->t;
    if (!find_close(&ahead, &quote_marks[kind])) {
      q->unclosed |= 1u << kind; /* whatever opens later on this line does not close either */
      continue;
    }
    q->quote_begin = q->t.begin;
    q->quote_end = position(&ahead);
    q->t = ahead;
    return;
  }
  siuop_text_next(&q->t);
}

/* ---- fences, of whole lines ---- */

static int take_fence(siuop_text *t, int *sign)
{
  while (t->current == ' ' || t->current == '\t')
    siuop_text_next(t);
  *sign = t->current == '~' ? '~' : '`';
  return siuop_text_take(t, *sign == '~' ? "~~~" : "```", 0);
}

/* Whether the rest of an opening line holds no backtick, and there is a line after it. */
static int line_may_open(siuop_text t)
{
  while (t.current != SIUOP_TEXT_END && t.current != '\n' && t.current != '`')
    siuop_text_next(&t);
  return t.current == '\n';
}

static void begin_line(struct siuop_quoting *q)
{
  siuop_text ahead = q->t;
  int sign = 0;
  q->line_begin = q->t.begin;
  q->line_asked = 0;
  q->unclosed = 0;
  if (q->t.current != '`' && q->t.current != '~' && q->t.current != ' ' && q->t.current != '\t')
    return; /* most lines: spare them the copy's use */
  if (!take_fence(&ahead, &sign))
    return;
  if (q->in_fence == sign) {
    q->in_fence = 0;
    q->fence_end = position(&ahead);
  } else if (q->in_fence == 0 && line_may_open(ahead)) {
    q->in_fence = sign;
    q->fence_begin = q->t.begin;
    q->fence_end = 0;
  }
}

/* ---- moving on ---- */

void siuop_quoting_init(struct siuop_quoting *q, const char *text, size_t from, size_t len)
{
  siuop_text_init_range(&q->t, text, from, len, 1);
  q->quote_begin = q->quote_end = 0;
  q->in_fence = 0;
  q->fence_begin = q->fence_end = 0;
  begin_line(q);
}

static void advance(struct siuop_quoting *q, size_t to)
{
  while (siuop_text_seek(&q->t, "\n\"'`", 1) && q->t.begin < to) {
    if (q->t.current == '\n') {
      siuop_text_next(&q->t);
      begin_line(q);
    } else {
      step(q);
    }
  }
}

/* Whether a fence that was open, or had just ended, at `begin` holds everything up to `end`. */
static int is_fenced(const struct siuop_quoting *q, size_t begin, size_t end)
{
  if (q->in_fence == 0)
    return q->fence_begin < begin && end <= q->fence_end;
  struct siuop_quoting ahead = *q;
  advance(&ahead, end);
  return ahead.fence_begin == q->fence_begin && (ahead.in_fence != 0 || end <= ahead.fence_end);
}

static int is_line_head(const struct siuop_quoting *q, size_t begin)
{
  siuop_text t;
  siuop_text_init_range(&t, q->t.s, q->line_begin, begin, 1);
  while (t.current != SIUOP_TEXT_END) {
    if (siuop_take_tag(&t))
      continue;
    if (t.current == '_' || !siuop_is_word(t.current)) {
      siuop_text_next(&t);
      continue;
    }
    if (!siuop_ascii_is_digit(t.current))
      return 0;
    while (siuop_ascii_is_digit(t.current)) /* 1. or 2) */
      siuop_text_next(&t);
    if (t.current != '.' && t.current != ')')
      return 0;
  }
  return 1;
}

int siuop_quoting_rank(struct siuop_quoting *q, size_t begin, size_t end)
{
  advance(q, begin);
  if ((q->quote_begin < begin && end <= q->quote_end) || is_fenced(q, begin, end))
    return SIUOP_STANDS_QUOTED;
  int first = !q->line_asked;
  q->line_asked = 1;
  return first && is_line_head(q, begin) ? SIUOP_STANDS_AT_START : SIUOP_STANDS_IN_LINE;
}
