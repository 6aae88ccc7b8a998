/* choice_list.c: the reply's lines, and lists whose members open with ascending letters, a line or a stretch of one
 * line each. Their letters choose nothing. */
#include "choice.h"

#include <string.h>

/* ---- members ---- */

/* Lists keep to one style. */
static struct siuop_choice_style style_at(struct siuop_choice_window *w, int k, int named, int is_capital)
{
  const struct siuop_token *before = siuop_choice_token(w, k - 1);
  const struct siuop_token *after = siuop_choice_token(w, k + 1);
  int touches = !siuop_choice_token(w, k)->spaced;
  struct siuop_choice_style style;
  memset(&style, 0, sizeof style);
  int is_bold = before->kind == SIUOP_TOKEN_SIGN && (siuop_choice_sign_does(before->first) & SIUOP_SIGN_EMPHASIS) != 0;
  style.open = touches && before->kind == SIUOP_TOKEN_SIGN && !is_bold ? before->first : 0;
  style.close = after->kind == SIUOP_TOKEN_SIGN ? after->first : 0;
  style.ends_line = after->kind == SIUOP_TOKEN_LINE || after->kind == SIUOP_TOKEN_END;
  style.named = named;
  style.is_capital = is_capital;
  return style;
}

static int goes_on(const struct siuop_choice_run *run, const struct siuop_choice_run *next)
{
  return run->letter != 0 && next->letter > run->letter && run->style.open == next->style.open &&
         run->style.close == next->style.close && run->style.ends_line == next->style.ends_line &&
         run->style.named == next->style.named && run->style.is_capital == next->style.is_capital;
}

/* ---- lists of lines ---- */

/* The letter that opens the line at the window's place. */
static int take_line_letter(struct siuop_choice_window *w, struct siuop_choice_letter *letter,
                            struct siuop_choice_run *run)
{
  int begin = siuop_choice_skip_dress(w, 0, NULL);
  int k = siuop_choice_skip_option(w, begin);
  if (!siuop_choice_letter_at(w, k, letter) || !letter->is_option)
    return 0;
  run->letter = letter->letter;
  run->length = 1;
  run->first = letter->begin;
  run->style = style_at(w, k, k > begin, letter->is_capital);
  run->begin = letter->begin;
  run->text = siuop_choice_token(w, siuop_choice_skip_closing(w, letter->after))->begin;
  return 1;
}

static void step_line(struct siuop_choice_lines *l, struct siuop_choice_window *w)
{
  struct siuop_choice_letter letter;
  struct siuop_choice_run next;
  l->number++;
  l->last = siuop_choice_token(w, 0)->begin;
  l->in_line.letter = 0;
  if (!take_line_letter(w, &letter, &next))
    return;
  if (goes_on(&l->of_lines, &next)) {
    l->found = next.first = l->of_lines.first;
    l->last_listed = l->number;
    l->texts[l->of_lines.letter - 'A'] = l->of_lines.text;
    l->texts[next.letter - 'A'] = next.text;
  }
  l->of_lines = l->in_line = next;
  l->words = 0;
}

/* ---- lists within a line ---- */

/* The letter at the window's place, if it can be a member: text stands behind it, its option's own if no sign does. */
static int take_member(struct siuop_choice_window *w, struct siuop_choice_run *run)
{
  struct siuop_choice_letter letter;
  if (!siuop_choice_letter_at(w, 0, &letter) || !letter.is_option)
    return 0;
  int text = siuop_choice_skip_closing(w, letter.after);
  const struct siuop_token *token = siuop_choice_token(w, text);
  *run =
      (struct siuop_choice_run){letter.letter, 1, letter.begin, style_at(w, 0, 0, letter.is_capital), letter.begin, 0};
  if (token->kind == SIUOP_TOKEN_COPY)
    return text > 1 || (token->letters >> (letter.letter - 'A') & 1) != 0;
  return text > 1 && token->kind == SIUOP_TOKEN_WORD &&
         siuop_choice_phrase(w, text, SIUOP_SAYS_VERB | SIUOP_SAYS_REASON | SIUOP_SAYS_RELATIVE) == 0;
}

/* "A. one B. two": a word right before the second letter may make it another's, but not before the third. */
static void step_within_line(struct siuop_choice_lines *l, struct siuop_choice_window *w)
{
  struct siuop_choice_run next;
  if (!take_member(w, &next))
    return;
  int before = siuop_choice_dress_before(w, 0);
  int opens = siuop_choice_token(w, before - 1)->kind != SIUOP_TOKEN_WORD ||
              siuop_choice_phrase_before(w, before, SIUOP_SAYS_JOINING) > 0;
  if (l->words > 0 && goes_on(&l->in_line, &next)) {
    next.length = l->in_line.length + 1;
    next.first = l->in_line.first;
    if (opens || next.length > 2)
      l->found = next.first;
    if (l->found == next.first && next.first == l->of_lines.begin)
      l->last_listed = l->number;
  }
  l->in_line = next;
  l->words = 0;
}

void siuop_choice_lines_begin(struct siuop_choice_lines *l, size_t from)
{
  memset(l, 0, sizeof *l);
  l->begin = l->last = from;
  l->found = SIZE_MAX;
}

void siuop_choice_lines_step(struct siuop_choice_lines *l, struct siuop_choice_window *w,
                             const struct siuop_choice_clause *clause)
{
  const struct siuop_token *token = siuop_choice_token(w, 0);
  l->found = SIZE_MAX;
  if (token->kind != SIUOP_TOKEN_WORD && token->kind != SIUOP_TOKEN_COPY)
    return;
  l->copies |= token->letters;
  if (clause->lines_words == 0)
    step_line(l, w);
  else if (token->length == 1)
    step_within_line(l, w);
  if (l->in_line.begin != token->begin)
    l->words++;
}
