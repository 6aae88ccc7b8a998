/* choice_ends.c: whether what stands behind a letter, or behind an option's text, ends it. */
#include "choice.h"

#include "utf8.h"

/* Whether the words from k on, up to a sign, deny what stands before them: the Japanese and Korean order. */
static int is_denied_behind(struct siuop_choice_window *w, int k)
{
  for (int end = k + 8; k < end && siuop_choice_token(w, k)->kind == SIUOP_TOKEN_WORD; k++)
    if (siuop_choice_phrase(w, k, SIUOP_SAYS_DENY) > 0)
      return 1;
  return 0;
}

static int follows_word(struct siuop_choice_window *w, int k)
{
  const struct siuop_token *token = siuop_choice_token(w, k);
  if (!token->spaced && token->first >= 0x1100) /* other scripts go on without a blank */
    return is_denied_behind(w, k) ? SIUOP_ENDS_NOT : SIUOP_ENDS;
  return siuop_choice_phrase(w, k, SIUOP_SAYS_REASON | SIUOP_SAYS_RELATIVE | SIUOP_SAYS_RATHER) > 0 ? SIUOP_ENDS
                                                                                                    : SIUOP_ENDS_NOT;
}

/* "B.C.", "A.1", "C. S. Lewis": what goes on behind a full stop, a colon or a comma. */
static int goes_on_behind(struct siuop_choice_window *w, int k)
{
  const struct siuop_token *next = siuop_choice_token(w, k + 1);
  if (next->kind != SIUOP_TOKEN_WORD || next->first >= 0x80)
    return 0;
  if (next->spaced)
    return siuop_choice_sign(w, k, '.') && next->length == 1 && next->first >= 'A' && next->first <= 'Z' &&
           siuop_choice_sign(w, k + 2, '.');
  return next->length == 1 || siuop_ascii_is_digit(next->first);
}

#define REMARK_MOST 20

/* Whether a bracket opens at k and closes at its line's or sentence's end: a remark. */
static int is_remark(struct siuop_choice_window *w, int k)
{
  if (!siuop_choice_sign(w, k, '('))
    return 0;
  for (int end = k + REMARK_MOST; k < end && !siuop_choice_sign(w, k, ')'); k++)
    ;
  const struct siuop_token *next = siuop_choice_token(w, k + 1);
  return siuop_choice_sign(w, k, ')') && (next->kind == SIUOP_TOKEN_LINE || next->kind == SIUOP_TOKEN_END ||
                                          (next->kind == SIUOP_TOKEN_SIGN && next->first == '.'));
}

/* A "safe" plan, A **safe** plan, A (short) list: behind an article, quotation marks and the like open. */
static int opens_small_word(struct siuop_choice_window *w, int k)
{
  const struct siuop_token *word = siuop_choice_token(w, k + 1);
  if (is_remark(w, k))
    return 0;
  for (int end = k + 4;
       k < end && word->kind == SIUOP_TOKEN_SIGN && (siuop_choice_sign_does(word->first) & SIUOP_SIGN_EMPHASIS) != 0;
       k++)
    word = siuop_choice_token(w, k + 2);
  return word->kind == SIUOP_TOKEN_WORD && !word->spaced && word->first >= 'a' && word->first <= 'z' &&
         siuop_choice_phrase(w, k + 1, SIUOP_SAYS_REASON) == 0;
}

/* Signs that end a letter wherever they stand. Those of formulas, and all that are not named here, don't. */
static int is_ending(int32_t c)
{
  const unsigned ending = SIUOP_SIGN_STOPS | SIUOP_SIGN_OPENS | SIUOP_SIGN_CLOSES | SIUOP_SIGN_EMPHASIS;
  return c == 0x2014 || c == 0x2026 || (siuop_choice_sign_does(c) & ending) != 0 || siuop_is_emoji(c);
}

static int follows_sign(struct siuop_choice_window *w, int k)
{
  const struct siuop_token *token = siuop_choice_token(w, k);
  const struct siuop_token *next = siuop_choice_token(w, k + 1);
  int32_t c = token->first;
  int attached = next->kind == SIUOP_TOKEN_WORD && !next->spaced;
  if (c == '?' || c == 0x061F || (is_ending(c) && siuop_choice_sign(w, siuop_choice_skip_closing(w, k), '?')))
    return SIUOP_ENDS_ASKED;
  if ((siuop_choice_sign_does(c) & SIUOP_SIGN_DASH) != 0 && c != 0x2014)
    return token->spaced && !attached ? SIUOP_ENDS : SIUOP_ENDS_NOT;
  if (!is_ending(c) || c == '<' || c == '>')
    return SIUOP_ENDS_NOT;
  if (c == '.' || c == ':' || c == ',')
    return goes_on_behind(w, k) ? SIUOP_ENDS_NOT : SIUOP_ENDS;
  if (token->spaced && (siuop_choice_sign_does(c) & (SIUOP_SIGN_OPENS | SIUOP_SIGN_EMPHASIS)) != 0 &&
      opens_small_word(w, k))
    return SIUOP_ENDS_NOT;
  if (!token->spaced && attached &&
      ((siuop_choice_sign_does(c) & SIUOP_SIGN_EMPHASIS) != 0 || c == '\'' || c == '(' || c == '[' || c == '{'))
    return SIUOP_ENDS_NOT; /* C_p, f(x) */
  return SIUOP_ENDS;
}

int siuop_choice_ends_at(struct siuop_choice_window *w, int k)
{
  const struct siuop_token *token = siuop_choice_token(w, k);
  switch (token->kind) {
  case SIUOP_TOKEN_WORD:
    return follows_word(w, k);
  case SIUOP_TOKEN_SIGN:
    return follows_sign(w, k);
  case SIUOP_TOKEN_COMMAND:
    return siuop_choice_is_wrapper(token) ? SIUOP_ENDS : SIUOP_ENDS_NOT;
  case SIUOP_TOKEN_COPY:
    return SIUOP_ENDS_NOT; /* whose it is, the caller asks */
  default:
    return SIUOP_ENDS;
  }
}
