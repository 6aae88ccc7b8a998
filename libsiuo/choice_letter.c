/* choice_letter.c: letters that stand alone, other letters joined to them, and options' texts behind them. */
#include "choice.h"

#include "utf8.h"

#include <string.h>

/* ---- letters ---- */

/* Behind the signs that close the letter at k, as far as they touch it: *sign gets the first of them. */
static int skip_closers(struct siuop_choice_window *w, int k, struct siuop_choice_letter *letter, int32_t *sign)
{
  int first = k;
  for (; k < first + 8; k++) {
    const struct siuop_token *token = siuop_choice_token(w, k);
    int32_t c = token->first;
    if (token->spaced || (token->kind != SIUOP_TOKEN_TAG && token->kind != SIUOP_TOKEN_SIGN))
      break;
    if (token->kind == SIUOP_TOKEN_SIGN && (siuop_choice_sign_does(c) & (SIUOP_SIGN_CLOSES | SIUOP_SIGN_EMPHASIS)) == 0)
      break;
    letter->round = letter->round || (token->kind == SIUOP_TOKEN_SIGN && c == ')');
    letter->bold = letter->bold || token->kind == SIUOP_TOKEN_TAG || c == '*' || c == '_';
    *sign = k == first ? c : *sign;
  }
  return k;
}

/* Whether the signs at the letter's two sides make a pair. */
static int is_pair(const struct siuop_token *before, int32_t after, const struct siuop_token *closer)
{
  static const char pairs[] = "()[]{}<>";
  int32_t open = before->first;
  if (closer->kind == SIUOP_TOKEN_TAG && before->kind == SIUOP_TOKEN_TAG)
    return 1;
  if (before->kind != SIUOP_TOKEN_SIGN ||
      (siuop_choice_sign_does(after) & (SIUOP_SIGN_CLOSES | SIUOP_SIGN_EMPHASIS)) == 0)
    return 0;
  for (size_t i = 0; i + 1 < sizeof pairs; i += 2)
    if (open == pairs[i])
      return after == pairs[i + 1];
  return open == after || (open >= 0x80 && (siuop_choice_sign_does(open) & SIUOP_SIGN_OPENS) != 0);
}

uint32_t siuop_choice_texts_at(struct siuop_choice_window *w, int k)
{
  const struct siuop_token *token = siuop_choice_token(w, k);
  uint32_t letters = 0;
  if (token->kind == SIUOP_TOKEN_COPY)
    return token->letters;
  if (token->kind != SIUOP_TOKEN_WORD || w->item == NULL || w->item->copies == NULL)
    return 0;
  for (int i = 0; i < w->letters; i++)
    letters |= (uint32_t)(w->item->copies[i].count == 1 && w->item->copies[i].sums[0] == token->sum) << i;
  return letters;
}

/* Whether a bracket opens at k and holds the letter's own option's text: B (no). Not a letter, which may be another's.
 */
static int holds_own_text(struct siuop_choice_window *w, int k, const struct siuop_choice_letter *letter)
{
  const struct siuop_token *text = siuop_choice_token(w, k + 1);
  int is_another = letter->bracketed && text->length == 1 && siuop_is_letter(text->first); /* (A)(D) */
  return siuop_choice_token(w, k)->kind == SIUOP_TOKEN_SIGN && !is_another &&
         (siuop_choice_texts_at(w, k + 1) >> (letter->letter - 'A') & 1) != 0;
}

/* f(A): the bracket opens an argument. */
static int is_argument(struct siuop_choice_window *w, int k)
{
  const struct siuop_token *bracket = siuop_choice_token(w, k);
  const struct siuop_token *name = siuop_choice_token(w, k - 1);
  return bracket->kind == SIUOP_TOKEN_SIGN && !bracket->spaced && name->kind == SIUOP_TOKEN_WORD &&
         name->first < 0x1100;
}

static int is_closing_bracket(const struct siuop_token *token)
{
  return token->kind == SIUOP_TOKEN_SIGN && (token->first == ')' || token->first == ']' || token->first == '}');
}

/* What the signs around the letter at k, which `sign` closes, make of it. */
static void note_enclosure(struct siuop_choice_window *w, int k, int32_t sign, struct siuop_choice_letter *letter)
{
  int argument = is_argument(w, k - 1);
  int touches = !siuop_choice_token(w, k)->spaced;
  const struct siuop_token *closer = siuop_choice_token(w, k + 1);
  letter->enclosed = touches && !argument && is_pair(siuop_choice_token(w, k - 1), sign, closer);
  letter->bold = letter->bold && letter->enclosed;
  letter->bracketed = !(touches && argument) && is_closing_bracket(closer);
}

/* C_p, B*C: emphasis that a word touches closes nothing. */
static int is_within_formula(struct siuop_choice_window *w, int k, int after)
{
  const struct siuop_token *closer = siuop_choice_token(w, k + 1);
  const struct siuop_token *next = siuop_choice_token(w, after);
  return next->kind == SIUOP_TOKEN_WORD && !next->spaced && next->first < 0x1100 && closer->kind == SIUOP_TOKEN_SIGN &&
         (siuop_choice_sign_does(closer->first) & SIUOP_SIGN_EMPHASIS) != 0;
}

int siuop_choice_letter_at(struct siuop_choice_window *w, int k, struct siuop_choice_letter *out)
{
  const struct siuop_token *token = siuop_choice_token(w, k);
  int32_t c = token->first;
  if (token->kind != SIUOP_TOKEN_WORD || token->length != 1 || c >= 0x80 || !siuop_is_letter(c))
    return 0;
  memset(out, 0, sizeof *out);
  out->is_capital = c <= 'Z';
  out->letter = out->is_capital ? (int)c : (int)c - ('a' - 'A');
  out->is_option = out->letter < 'A' + w->letters;
  out->begin = token->begin;
  out->end = token->end;
  int32_t sign = 0;
  out->after = skip_closers(w, k + 1, out, &sign);
  if (out->after > k + 1 && (is_within_formula(w, k, out->after) || sign == '~'))
    return 1; /* or struck out */
  if (out->after > k + 1)
    note_enclosure(w, k, sign, out);
  out->ends = siuop_choice_ends_at(w, out->after);
  const struct siuop_token *next = siuop_choice_token(w, out->after);
  if (out->ends == SIUOP_ENDS_NOT && out->is_option && holds_own_text(w, out->after, out))
    out->ends = SIUOP_ENDS; /* B (no), where option B is "no" */
  int is_word = next->kind == SIUOP_TOKEN_WORD || next->kind == SIUOP_TOKEN_COPY;
  int boxed = out->bracketed && siuop_choice_sign(w, k + 1, '}');
  if (out->ends == SIUOP_ENDS_NOT && (boxed || (out->bracketed && !(is_word && next->spaced))))
    out->ends = SIUOP_ENDS; /* (A)True, (B) -1, (C) \frac12 */
  return 1;
}

int siuop_choice_letter_counts(struct siuop_choice_window *w, const struct siuop_choice_letter *letter)
{
  const struct siuop_token *next = siuop_choice_token(w, letter->after);
  if (letter->is_capital || letter->enclosed)
    return 1;
  if (letter->letter == 'A' && next->kind == SIUOP_TOKEN_END)
    return 0; /* an article, and the reply is cut off */
  return next->kind == SIUOP_TOKEN_LINE || next->kind == SIUOP_TOKEN_END ||
         (next->kind == SIUOP_TOKEN_SIGN && (next->first == '.' || next->first == '!'));
}

/* Where one of two joined letters ends that stands at k; 0: none stands there. */
static size_t take_another(struct siuop_choice_window *w, int k, int letter)
{
  struct siuop_choice_letter other;
  k = siuop_choice_skip_option(w, siuop_choice_skip_dress(w, k, NULL));
  if (!siuop_choice_letter_at(w, k, &other) || !other.is_option || other.letter == letter ||
      !(other.is_capital || other.enclosed))
    return 0;
  int joined = siuop_choice_phrase(w, other.after, SIUOP_SAYS_JOINING) > 0 || siuop_choice_sign(w, other.after, '/') ||
               siuop_choice_sign(w, other.after, '&');
  return other.ends != SIUOP_ENDS_NOT || joined || other.bracketed ? other.end : 0;
}

static int is_joining_sign(const struct siuop_token *token)
{
  int32_t c = token->first;
  return token->kind == SIUOP_TOKEN_SIGN &&
         (c == ',' || c == '/' || c == '&' || c == ';' || c == '(' || c == 0x3001 || c == 0x060C);
}

size_t siuop_choice_names_another(struct siuop_choice_window *w, const struct siuop_choice_letter *letter)
{
  int k = letter->after;
  if (siuop_choice_sign(w, k, '(') && holds_own_text(w, k, letter) && siuop_choice_sign(w, k + 2, ')'))
    k += 3; /* B (13) and C (26) */
  int sign = is_joining_sign(siuop_choice_token(w, k));
  size_t end = sign ? take_another(w, k + 1, letter->letter) : 0;
  int first = k += sign;
  for (int n = 1; n > 0 && end == 0 && k < first + 4; k += n)
    n = siuop_choice_phrase(w, k, SIUOP_SAYS_JOINING | SIUOP_SAYS_PERHAPS); /* B, or perhaps C */
  return end == 0 && k > first ? take_another(w, k, letter->letter) : end;
}

int siuop_choice_stands_before_word(struct siuop_choice_window *w, const struct siuop_choice_letter *letter)
{
  const struct siuop_token *next = siuop_choice_token(w, letter->after);
  int verb = next->kind == SIUOP_TOKEN_COPY ? siuop_choice_phrase(w, letter->after + 1, SIUOP_SAYS_VERB) : 0;
  if (verb > 0 && siuop_choice_phrase(w, letter->after + 1 + verb, SIUOP_SAYS_DENY | SIUOP_SAYS_BAD) > 0)
    return 0; /* (B) its text is wrong */
  if (next->kind == SIUOP_TOKEN_COPY)
    return (next->letters >> (letter->letter - 'A') & 1) != 0 || (next->letters == 0 && letter->bracketed);
  int is_word = next->kind == SIUOP_TOKEN_WORD && next->spaced;
  if (is_word && (siuop_choice_texts_at(w, letter->after) >> (letter->letter - 'A') & 1) != 0)
    return letter->bracketed;
  return (letter->enclosed || letter->bracketed) && is_word &&
         siuop_choice_phrase(w, letter->after, SIUOP_SAYS_VERB | SIUOP_SAYS_LIMIT) == 0;
}

/* ---- texts ---- */

int siuop_choice_own_text(struct siuop_choice_window *w, int k, int letter)
{
  if (w->item == NULL || w->item->copies == NULL || letter - 'A' >= w->letters)
    return 0;
  const struct siuop_token *token = siuop_choice_token(w, k);
  if (token->kind != SIUOP_TOKEN_WORD && token->kind != SIUOP_TOKEN_COPY)
    return 0;
  return siuop_copies_compare(&w->item->copies[letter - 'A'], w->text, token->begin, w->to, 0) != SIUOP_COPY_DIFFERS;
}

/* Whether a text that ends before k ends its sentence there; units belong to it. */
static int ends_sentence(struct siuop_choice_window *w, int k)
{
  static const char units[] = "%$*)\"'";
  const struct siuop_token *token = siuop_choice_token(w, k);
  for (int end = k + 4; k < end && token->kind == SIUOP_TOKEN_SIGN &&
                        (token->first == 0xB0 || token->first == 0x20AC ||
                         (token->first < 0x80 && strchr(units, (int)token->first) != NULL));
       k++)
    token = siuop_choice_token(w, k + 1);
  return token->kind == SIUOP_TOKEN_LINE || token->kind == SIUOP_TOKEN_END || token->kind == SIUOP_TOKEN_TAG ||
         (token->kind == SIUOP_TOKEN_SIGN && (siuop_choice_sign_does(token->first) & SIUOP_SIGN_STOPS) != 0);
}

int siuop_choice_has_others_text(struct siuop_choice_window *w, const struct siuop_choice_letter *letter)
{
  int k = siuop_choice_skip_closing(w, letter->after);
  while (siuop_choice_token(w, k)->kind == SIUOP_TOKEN_LINE && siuop_choice_token(w, k + 1)->kind == SIUOP_TOKEN_COPY)
    k++;
  const struct siuop_token *text = siuop_choice_token(w, k);
  uint32_t others = siuop_choice_texts_at(w, k);
  int repeats = text->length == 1 && siuop_ascii_lower(text->first) == siuop_ascii_lower(letter->letter);
  if (others == 0 || (others >> (letter->letter - 'A') & 1) != 0 || repeats)
    return SIUOP_OTHERS_NONE;
  if (ends_sentence(w, k + 1))
    return SIUOP_OTHERS_FILLS;
  return text->kind == SIUOP_TOKEN_COPY ? SIUOP_OTHERS_GOES_ON : SIUOP_OTHERS_NONE;
}
