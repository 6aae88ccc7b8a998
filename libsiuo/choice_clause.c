/* choice_clause.c: what the sentence has said so far: whether it denies, doubts, or speaks for itself. */
#include "choice.h"

#include "utf8.h"

static void begin_clause(struct siuop_choice_clause *c)
{
  c->denied = 0;
  c->bad = 0;
  c->supposed = 0;
  c->words = 0;
  c->comma = 0;
}

void siuop_choice_clause_begin(struct siuop_choice_clause *c)
{
  begin_clause(c);
  c->first = 0;
  c->must = 0;
  c->doubted = 0;
  c->conditional = 0;
  c->sentence_words = 0;
  c->lines_words = 0;
}

static void begin_sentence(struct siuop_choice_clause *c)
{
  int words = c->lines_words;
  siuop_choice_clause_begin(c);
  c->lines_words = words;
}

static void step_sign(struct siuop_choice_clause *c, struct siuop_choice_window *w, int32_t sign)
{
  const struct siuop_token *next = siuop_choice_token(w, 1);
  switch (sign) {
  case '.':
    if (!next->spaced && next->kind == SIUOP_TOKEN_WORD)
      return; /* z.B., 1.5 */
    begin_sentence(c);
    return;
  case '!':
  case '?':
  case ';':
  case 0x3002: /* ideographic full stop */
  case 0x0964: /* danda */
  case 0x061F: /* Arabic question mark */
    begin_sentence(c);
    return;
  case ',':
    c->comma = 1;
    return;
  case ':':
  case 0x2014: /* em dash */
  case 0x3001: /* ideographic comma */
  case 0x060C: /* Arabic comma */
    begin_clause(c);
    return;
  default:
    return;
  }
}

static int says(struct siuop_choice_window *w, uint32_t what)
{
  return siuop_choice_phrase(w, 0, what) > 0;
}

/* Whether a new clause begins behind a comma, rather than a parenthesis: "never, ever, choose B". */
static int begins_clause(struct siuop_choice_window *w)
{
  const struct siuop_token *token = siuop_choice_token(w, 0);
  int letter = token->length == 1 && siuop_choice_token(w, 1)->kind == SIUOP_TOKEN_WORD; /* A is wrong, B is right */
  return letter || token->first >= 0x0E00 ||
         says(w, SIUOP_SAYS_SUBJECT | SIUOP_SAYS_FIRST | SIUOP_SAYS_ANSWER | SIUOP_SAYS_OPTION | SIUOP_SAYS_JOINING);
}

static void step_word(struct siuop_choice_clause *c, struct siuop_choice_window *w)
{
  int opens = c->sentence_words == 0;
  if (says(w, SIUOP_SAYS_CONTRAST))
    begin_sentence(c);
  else if (says(w, SIUOP_SAYS_THUS) || (c->comma && begins_clause(w)))
    begin_clause(c);
  if (says(w, SIUOP_SAYS_THUS))
    c->conditional = 0;
  c->sentence_words++;
  c->comma = 0;
  int doubts = says(w, SIUOP_SAYS_DOUBT);
  c->conditional = c->conditional || (opens && doubts && says(w, SIUOP_SAYS_LIMIT));
  c->denied = c->denied || says(w, SIUOP_SAYS_DENY);
  c->bad = c->bad || says(w, SIUOP_SAYS_BAD);
  c->supposed = c->supposed || doubts;
  c->doubted = c->doubted || doubts;
  c->first = c->first || says(w, SIUOP_SAYS_FIRST);
  c->must = c->must || says(w, SIUOP_SAYS_MUST);
  c->words++;
  c->lines_words++;
}

void siuop_choice_clause_step(struct siuop_choice_clause *c, struct siuop_choice_window *w)
{
  const struct siuop_token *token = siuop_choice_token(w, 0);
  switch (token->kind) {
  case SIUOP_TOKEN_LINE:
    siuop_choice_clause_begin(c);
    break;
  case SIUOP_TOKEN_SIGN:
    step_sign(c, w, token->first);
    break;
  case SIUOP_TOKEN_WORD:
    step_word(c, w);
    break;
  case SIUOP_TOKEN_COPY:
    if (c->comma)
      begin_clause(c);
    c->words++;
    c->lines_words++;
    break;
  default:
    break;
  }
}
