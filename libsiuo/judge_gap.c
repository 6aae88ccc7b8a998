/* judge_gap.c: what may stand between a marker and its label. */
#include "judge_verdict.h"

#include "judge_dress.h"
#include "utf8.h"

#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* ---- words ---- */

/* Whether a colon follows the word before t, in dress. */
static int has_colon(const siuop_text *after)
{
  siuop_text t;
  siuop_copy_place(&t, after);
  for (int room = 8; room > 0 && t.current != ':'; room--)
    if (!siuop_take_dress_in_line(&t))
      return 0;
  return t.current == ':';
}

/* "is", "result", or a nested key: {"verdict": "True"}. */
static int take_passing_word(siuop_text *t, const struct siuop_rubric_words *words)
{
  static const char *const passing[] = {"is",    "result",   "answer", "label",     "verdict",
                                        "value", "decision", "rating", "judgement", "judgment"};
  const size_t without_colon = 3; /* of these the first */
  static const char initials[] = "iralvdj";
  siuop_text ahead;
  int32_t c = siuop_ascii_lower(t->current);
  int is_initial = c < 0x80 && memchr(initials, c, sizeof initials - 1) != NULL;
  if (siuop_goes_on(t->previous) || (!is_initial && (words->names == NULL || c != words->names[0][0])))
    return 0;
  siuop_copy_place(&ahead, t);
  size_t word = siuop_take_word(&ahead, passing, COUNT(passing));
  if (word == COUNT(passing) && (words->names == NULL || siuop_take_word(&ahead, words->names, 1) != 0))
    return 0;
  if (word >= without_colon && !has_colon(&ahead))
    return 0;
  siuop_copy_place(t, &ahead);
  return 1;
}

/* ---- brackets ---- */

static int is_opening_bracket(int32_t c)
{
  return c == '(' || c == '[' || c == '{' || c == '<';
}

static int is_closing_bracket(int32_t c)
{
  return c == ')' || c == ']' || c == '}' || c == '>';
}

/* Steps over blanks and quotation marks or asterisks around a choice; *bar: and a bar. */
static void skip_around_choice(siuop_text *t, int *bar)
{
  while (siuop_is_blank(t->current) ||
         (siuop_is_sign(t->current) && !is_opening_bracket(t->current) && !is_closing_bracket(t->current))) {
    *bar = *bar || t->current == '|';
    siuop_text_next(t);
  }
}

/* "(True or False)", "[Very Effective / Partially Effective / Ineffective]" */
static int take_choices(siuop_text *t, const struct siuop_rubric_words *words)
{
  static const char *const either[] = {"or"};
  siuop_text ahead;
  int value = 0;
  siuop_copy_place(&ahead, t);
  siuop_text_next(&ahead);
  for (int choices = 1; choices < 8; choices++) {
    int joined = 0;
    int unused = 0;
    skip_around_choice(&ahead, &unused);
    if (siuop_take_label(&ahead, words->rubric, &value) != SIUOP_LABEL_CERTAIN)
      return 0;
    skip_around_choice(&ahead, &joined);
    while (siuop_text_take(&ahead, ",", 0) || siuop_text_take(&ahead, "/", 0) ||
           siuop_take_word(&ahead, either, 1) == 0) {
      joined = 1;
      skip_around_choice(&ahead, &unused);
    }
    if (joined)
      continue;
    if (choices == 1 || !is_closing_bracket(ahead.current))
      return 0;
    siuop_text_next(&ahead);
    siuop_copy_place(t, &ahead);
    return 1;
  }
  return 0;
}

/* "(Judgement:)", "(Safety Judgement)": judges repeat the heading of the form that they were given. */
static int take_echo(siuop_text *t, const struct siuop_rubric_words *words)
{
  siuop_text ahead;
  siuop_copy_place(&ahead, t);
  siuop_text_next(&ahead);
  if (!siuop_take_marker(&ahead, words))
    return 0;
  while (siuop_is_blank(ahead.current) || ahead.current == ':')
    siuop_text_next(&ahead);
  if (ahead.current != ')')
    return 0;
  siuop_text_next(&ahead);
  siuop_copy_place(t, &ahead);
  return 1;
}

/* "", [] or {}, but not ""True"". */
static int is_empty_value(const siuop_text *t)
{
  int32_t c = t->current;
  if (!(c == '"' && siuop_peek(t) == '"') && !(c == '[' && siuop_peek(t) == ']') && !(c == '{' && siuop_peek(t) == '}'))
    return 0;
  siuop_text ahead;
  siuop_copy_place(&ahead, t);
  siuop_text_next(&ahead);
  siuop_text_next(&ahead);
  return !siuop_goes_on(ahead.current);
}

/* ---- dress ---- */

/* A tag whose name is a label, "<true>": over its bracket only. */
static int take_bracket_of_label(siuop_text *t, const struct siuop_rubric_words *words)
{
  siuop_text ahead;
  int value = 0;
  siuop_copy_place(&ahead, t);
  siuop_text_next(&ahead);
  if (siuop_take_label(&ahead, words->rubric, &value) != SIUOP_LABEL_CERTAIN)
    return 0;
  siuop_text_next(t);
  return 1;
}

/* Dress and list numbers. */
static int take_around(siuop_text *t, const struct siuop_rubric_words *words)
{
  if (siuop_goes_on(t->current))
    return siuop_take_enumerator(t);
  return (t->current == '<' && take_bracket_of_label(t, words)) || siuop_take_dress(t);
}

void siuop_skip_dress(siuop_text *t, const struct siuop_rubric_words *words)
{
  while (take_around(t, words))
    ;
}

/* ---- the gap ---- */

static int take_punctuation(siuop_text *t)
{
  return siuop_take_stop(t) || siuop_text_take(t, "?", 0);
}

int siuop_skip_gap(siuop_text *t, const struct siuop_rubric_words *words)
{
  int chosen_from = 0;
  for (;;) {
    int32_t c = t->current;
    if (is_empty_value(t))
      return 0;
    if (is_opening_bracket(c) && take_choices(t, words))
      chosen_from = 1;
    else if (!(c == '(' && take_echo(t, words)) && !take_around(t, words) &&
             !(siuop_goes_on(c) ? take_passing_word(t, words) : take_punctuation(t)))
      return !chosen_from || t->current != SIUOP_TEXT_END;
  }
}
