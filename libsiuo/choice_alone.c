/* choice_alone.c: the level that reads a reply, or its first or last line, which is nothing but an option's text. */
#include "choice.h"

#include "utf8.h"

#include <string.h>

/* ---- texts without words, character by character ---- */

/* A text case-folded, with single blanks and none at its ends. */
struct folded {
  siuop_text t;
  int32_t queue[3];
  int at, count;
};

static void folded_init(struct folded *f, const char *s, size_t from, size_t to)
{
  siuop_text_init_range(&f->t, s, from, to, 1);
  siuop_text_skip_space(&f->t);
  f->at = f->count = 0;
}

static int32_t folded_next(struct folded *f)
{
  if (f->at < f->count)
    return f->queue[f->at++];
  if (siuop_is_python_space(f->t.current)) {
    siuop_text_skip_space(&f->t);
    if (f->t.current != SIUOP_TEXT_END)
      return ' ';
  }
  if (f->t.current == SIUOP_TEXT_END)
    return SIUOP_TEXT_END;
  f->count = siuop_utf8_casefold(f->t.current, f->queue);
  f->at = 1;
  siuop_text_next(&f->t);
  return f->queue[0];
}

static int same_characters(const char *text, size_t from, size_t to, const char *option, size_t len)
{
  struct folded a, b;
  folded_init(&a, text, from, to);
  folded_init(&b, option, 0, len);
  for (;;) {
    int32_t c = folded_next(&a);
    if (c != folded_next(&b))
      return 0;
    if (c == SIUOP_TEXT_END)
      return 1;
  }
}

/* ---- words ---- */

static int is_text(const struct siuop_choice_window *w, size_t i, size_t from, size_t to, int line)
{
  const struct siuop_copy *copy = &w->item->copies[i];
  const struct siuop_field *option = &w->item->options[i];
  if (copy->count > 0)
    return copy->count >= (line ? 2u : 1u) && siuop_copies_compare(copy, w->text, from, to, line) == SIUOP_COPY_SAME;
  return !line && option->len > 0 && same_characters(w->text, from, to, option->s, option->len);
}

/* The options, bit 0 for A, whose text bytes from…to are; line: their first line is, in two words or more. */
static uint32_t texts_of(const struct siuop_choice_window *w, size_t from, size_t to, int line)
{
  uint32_t found = 0;
  for (size_t i = 0; i < w->item->option_count; i++)
    found |= (uint32_t)is_text(w, i, from, to, line) << i;
  return found;
}

/* Whether the text asks, and none of these options does: "Seven?" */
static int is_asked(const struct siuop_choice_window *w, uint32_t letters, size_t from, size_t to)
{
  for (size_t i = 0; i < w->item->option_count; i++)
    if ((letters >> i & 1) != 0 && w->item->copies[i].asks)
      return 0;
  return siuop_copies_ask(w->text, from, to);
}

/* Where the line of a text ends that begins at this byte. */
static size_t line_end(const char *text, size_t from, size_t to)
{
  while (from < to && text[from] != '\n' && text[from] != '\r')
    from++;
  return from;
}

static void note(struct siuop_choice_found *f, uint32_t letters, size_t begin, size_t end)
{
  if ((letters & (letters - 1)) != 0) {
    siuop_choice_found_conflict(f);
    return;
  }
  for (int letter = 'A'; letters != 0; letters >>= 1, letter++)
    if (letters == 1)
      siuop_choice_found_letter(f, letter, begin, end);
}

void siuop_choice_alone_read(struct siuop_choice_found *f, const struct siuop_choice_lines *l,
                             const struct siuop_choice_window *w, size_t end)
{
  if (w->item == NULL || w->item->copies == NULL)
    return;
  uint32_t whole = texts_of(w, l->begin, end, 0);
  uint32_t first = whole != 0 ? 0 : texts_of(w, l->begin, end, 1);
  uint32_t last = whole != 0 ? 0 : texts_of(w, l->last, end, 1);
  if (whole != 0 && !is_asked(w, whole, l->begin, end))
    note(f, whole, l->begin, end);
  else if (whole != 0)
    return;
  else if ((first | last) == 0 || (l->copies & ~(first | last)) != 0)
    return; /* nothing, or the reply holds other options' texts, too */
  else if (last != 0)
    note(f, first | last, l->last, line_end(w->text, l->last, end));
  else
    note(f, first, l->begin, line_end(w->text, l->begin, end));
}
