/* choice_opening.c: the level that reads a letter that opens the reply, or stands on its last line. */
#include "choice.h"

#include "utf8.h"

/* The letter that opens the text at the window's place. */
static int opening_letter(struct siuop_choice_window *w, struct siuop_choice_letter *letter)
{
  int k = siuop_choice_skip_option(w, siuop_choice_skip_dress(w, 0, NULL));
  return siuop_choice_letter_at(w, k, letter) && letter->is_option && letter->ends != SIUOP_ENDS_ASKED;
}

/* ---- letters at the reply's beginning ---- */

/* Whether the letter's separator lets other words than its option's follow. */
static int lets_anything_follow(struct siuop_choice_window *w, const struct siuop_choice_letter *letter)
{
  const struct siuop_token *sign = siuop_choice_token(w, letter->after);
  int k = siuop_choice_skip_closing(w, letter->after);
  k = siuop_choice_skip_dress(w, k, NULL);
  const struct siuop_token *next = siuop_choice_token(w, k);
  int small =
      next->kind == SIUOP_TOKEN_WORD && siuop_ascii_lower(next->first) == next->first && siuop_is_letter(next->first);
  int stops = sign->kind == SIUOP_TOKEN_SIGN && (sign->first == '.' || sign->first == 0x3002);
  int breaks = sign->kind == SIUOP_TOKEN_LINE;
  if (letter->ends == SIUOP_ENDS_NOT && !letter->enclosed && !letter->bracketed)
    return 0;
  if (sign->kind == SIUOP_TOKEN_SIGN && sign->first == ',')
    return letter->letter != 'I' && siuop_choice_phrase(w, letter->after + 1, SIUOP_SAYS_REASON) > 0;
  if (!stops && !breaks && !letter->enclosed && !letter->bracketed)
    return 0;
  if (siuop_choice_phrase(w, k, SIUOP_SAYS_VERB) > 0)
    return 0;
  return stops || breaks || !((letter->round || letter->bold) && small);
}

static int is_alone(struct siuop_choice_window *w, const struct siuop_choice_letter *letter)
{
  int k = siuop_choice_skip_closing(w, letter->after);
  return siuop_choice_token(w, siuop_choice_skip_dress(w, k, NULL))->kind == SIUOP_TOKEN_END;
}

/* A text of one word needs a sign before it, or the line's end behind it: "A: no", but not "A no brainer". */
static int has_own_text(struct siuop_choice_window *w, const struct siuop_choice_letter *letter)
{
  int k = siuop_choice_skip_closing(w, letter->after);
  int text = siuop_choice_skip_dress(w, k, NULL);
  const struct siuop_token *behind = siuop_choice_token(w, siuop_choice_skip_closing(w, text + 1));
  if (w->item == NULL || w->item->copies == NULL)
    return 0;
  int is_clear = text > letter->after || letter->bracketed || w->item->copies[letter->letter - 'A'].count > 1 ||
                 behind->kind == SIUOP_TOKEN_LINE || behind->kind == SIUOP_TOKEN_END;
  return is_clear && siuop_choice_own_text(w, text, letter->letter);
}

void siuop_choice_opening_first(struct siuop_choice_found *f, struct siuop_choice_window *w)
{
  struct siuop_choice_letter letter;
  if (!opening_letter(w, &letter))
    return;
  if (siuop_choice_has_others_text(w, &letter) == SIUOP_OTHERS_FILLS) {
    siuop_choice_found_conflict(f);
    return;
  }
  if (siuop_choice_names_another(w, &letter)) {
    f->reading.outcome = SIUO_OUTCOME_CONFLICT; /* unless a later level decides */
    return;
  }
  if (is_alone(w, &letter) || has_own_text(w, &letter) || (letter.is_capital && lets_anything_follow(w, &letter)))
    siuop_choice_found_letter(f, letter.letter, letter.begin, letter.end);
}

/* "Odpowiedź: B": one word, a colon and a letter. */
static void read_one_word(struct siuop_choice_found *f, struct siuop_choice_window *w)
{
  struct siuop_choice_letter letter;
  unsigned marks = 0;
  int k = siuop_choice_skip_dress(w, 0, NULL);
  if (siuop_choice_token(w, k)->kind != SIUOP_TOKEN_WORD ||
      siuop_choice_phrase(w, k, SIUOP_SAYS_DENY | SIUOP_SAYS_BAD | SIUOP_SAYS_DOUBT | SIUOP_SAYS_RULE_OUT) > 0)
    return;
  k = siuop_choice_skip_dress(w, k + 1, &marks);
  if ((marks & SIUOP_GAP_COLON) != 0 && siuop_choice_letter_at(w, k, &letter) && letter.is_option &&
      letter.ends == SIUOP_ENDS && is_alone(w, &letter))
    siuop_choice_found_letter(f, letter.letter, letter.begin, letter.end);
}

/* ---- the last line ---- */

/* Whether the words from byte a to the text's end are those from byte b to its line's end. */
static int is_listed_text(const struct siuop_choice_window *w, size_t a, size_t b)
{
  struct siuop_words one, other;
  struct siuop_token x, y;
  int n = 0;
  siuop_words_init(&one, w->text, a, w->to);
  siuop_words_init(&other, w->text, b, a);
  for (;; n++) {
    do
      siuop_words_next(&one, &x);
    while (x.kind == SIUOP_TOKEN_SIGN || x.kind == SIUOP_TOKEN_TAG);
    do
      siuop_words_next(&other, &y);
    while (y.kind == SIUOP_TOKEN_SIGN || y.kind == SIUOP_TOKEN_TAG);
    if (x.kind != SIUOP_TOKEN_WORD || y.kind != SIUOP_TOKEN_WORD)
      return n > 0 && x.kind != SIUOP_TOKEN_WORD && y.kind != SIUOP_TOKEN_WORD;
    if (x.sum != y.sum)
      return 0;
  }
}

static void read_last_line(struct siuop_choice_found *f, const struct siuop_choice_lines *l,
                           struct siuop_choice_window *w)
{
  struct siuop_choice_letter letter;
  if (!opening_letter(w, &letter))
    return;
  size_t listed = l->texts[letter.letter - 'A'];
  int text = siuop_choice_skip_closing(w, letter.after);
  if ((is_alone(w, &letter) && (letter.is_capital || letter.enclosed)) || has_own_text(w, &letter) ||
      (listed != 0 && is_listed_text(w, siuop_choice_token(w, text)->begin, listed)))
    siuop_choice_found_letter(f, letter.letter, letter.begin, letter.end);
}

void siuop_choice_opening_read(struct siuop_choice_found *f, const struct siuop_choice_lines *l,
                               struct siuop_choice_window *w, size_t end)
{
  struct siuop_choice_found first = *f, last;
  siuop_choice_found_clear(&last);
  if (l->number > 1 && l->last_listed != l->number) {
    siuop_choice_open(w, w->text, l->last, end, w->item);
    read_last_line(&last, l, w);
  } else if (l->number <= 1 && !first.decides) {
    siuop_choice_open(w, w->text, w->from, end, w->item);
    read_one_word(&last, w);
  }
  *f = last.decides && !first.decides ? last : first;
  if (first.decides && last.decides && first.reading.value != last.reading.value)
    siuop_choice_found_conflict(f);
}
