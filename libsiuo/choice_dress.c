/* choice_dress.c: signs by what they do around a letter, and the dress that they make. */
#include "choice.h"

#include "utf8.h"

/* ---- signs ---- */

/* An arrow, a bullet, a box, an emoji; not a sign of mathematics. */
static int is_ornament(int32_t c)
{
  return c == 0xB7 || c == 0x2022 || c == 0x2023 || c == 0x2026 || (c >= 0x2190 && c <= 0x21FF) ||
         (c >= 0x2460 && c <= 0x27BF) || (c >= 0x2B00 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x303F && c != 0x3001) ||
         siuop_is_emoji(c);
}

static int one_of(int32_t c, const int32_t *list, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (list[i] == c)
      return 1;
  return 0;
}
#define ONE_OF(c, list) one_of(c, list, sizeof list / sizeof list[0])

unsigned siuop_choice_sign_does(int32_t c)
{
  static const int32_t openers[] = {'(',    '[',  '{',    '<',    '"',    '\'',   '`',    0x2018, 0x201A, 0x201C,
                                    0x201E, 0xAB, 0x2039, 0x3008, 0x300A, 0x300C, 0x300E, 0x3010, 0x3014};
  static const int32_t closers[] = {')',    ']',  '}',    '>',    '"',    '\'',   '`',    0x2019, 0x2018, 0x201D,
                                    0x201C, 0xBB, 0x203A, 0x3009, 0x300B, 0x300D, 0x300F, 0x3011, 0x3015};
  static const int32_t emphasis[] = {'*', '_', '~', '$', '\\', '|'};
  static const int32_t dashes[] = {'-', 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212};
  static const int32_t stops[] = {'.', ',', ';', '!', '?', ':', 0x3001, 0x3002, 0x06D4, 0x0964, 0x061F, 0x060C, 0x061B};
  unsigned does = 0;
  does |= ONE_OF(c, openers) ? SIUOP_SIGN_OPENS : 0;
  does |= ONE_OF(c, closers) ? SIUOP_SIGN_CLOSES : 0;
  does |= ONE_OF(c, emphasis) ? SIUOP_SIGN_EMPHASIS : 0;
  does |= ONE_OF(c, dashes) ? SIUOP_SIGN_DASH : 0;
  does |= ONE_OF(c, stops) ? SIUOP_SIGN_STOPS : 0;
  does |= is_ornament(c) ? SIUOP_SIGN_ORNAMENT : 0;
  return does;
}

static int is_dress(int32_t c)
{
  const unsigned dress =
      SIUOP_SIGN_OPENS | SIUOP_SIGN_CLOSES | SIUOP_SIGN_EMPHASIS | SIUOP_SIGN_DASH | SIUOP_SIGN_ORNAMENT;
  return c == ':' || c == '=' || c == '#' || (siuop_choice_sign_does(c) & dress) != 0;
}

int siuop_choice_is_wrapper(const struct siuop_token *token)
{
  return token->kind == SIUOP_TOKEN_COMMAND && token->text[0] != '\0'; /* the nameless one is out of sight */
}

/* ---- dress ---- */

#define GAP_MOST 24

int siuop_choice_skip_dress(struct siuop_choice_window *w, int k, unsigned *marks)
{
  unsigned seen = 0;
  for (int end = k + GAP_MOST; k < end; k++) {
    const struct siuop_token *token = siuop_choice_token(w, k);
    if (token->kind == SIUOP_TOKEN_LINE)
      seen |= SIUOP_GAP_OTHER;
    else if (token->kind == SIUOP_TOKEN_SIGN && is_dress(token->first)) {
      if (token->first == ':')
        seen |= SIUOP_GAP_COLON;
      if (token->first == '=')
        seen |= SIUOP_GAP_EQUALS;
      if ((siuop_choice_sign_does(token->first) & SIUOP_SIGN_DASH) != 0 ||
          (token->first >= 0x2190 && token->first <= 0x21FF))
        seen |= SIUOP_GAP_OTHER;
    } else if (token->kind != SIUOP_TOKEN_TAG && !siuop_choice_is_wrapper(token))
      break;
  }
  if (marks != NULL)
    *marks = seen;
  return k;
}

int siuop_choice_skip_closing(struct siuop_choice_window *w, int k)
{
  for (int end = k + GAP_MOST; k < end; k++) {
    const struct siuop_token *token = siuop_choice_token(w, k);
    int32_t c = token->first;
    int closes = token->kind == SIUOP_TOKEN_SIGN &&
                 (is_dress(c) || c == '.' || c == ',' || c == ';' || c == '!' || c == 0x3002 || c == 0x0964);
    if (!closes && token->kind != SIUOP_TOKEN_TAG && !siuop_choice_is_wrapper(token))
      break;
  }
  return k;
}

int siuop_choice_dress_before(struct siuop_choice_window *w, int k)
{
  for (int end = k - 8; k > end; k--) {
    const struct siuop_token *token = siuop_choice_token(w, k - 1);
    int is_part = token->kind == SIUOP_TOKEN_SIGN &&
                  (siuop_choice_sign_does(token->first) & (SIUOP_SIGN_OPENS | SIUOP_SIGN_EMPHASIS)) != 0;
    if (!is_part && token->kind != SIUOP_TOKEN_TAG && !siuop_choice_is_wrapper(token))
      break;
  }
  return k;
}

int siuop_choice_skip_option(struct siuop_choice_window *w, int k)
{
  int n = siuop_choice_phrase(w, k, SIUOP_SAYS_OPTION);
  return n > 0 ? siuop_choice_skip_dress(w, k + n, NULL) : k;
}
