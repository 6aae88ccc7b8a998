/* choice_affirmed.c: the level that reads letters which the text affirms: "I choose B", "option B is right". One must
 * be left when those that it rules out are taken away. */
#include "choice.h"

/* A letter in its sentence. */
struct place {
  struct siuop_choice_letter letter;
  int before; /* what stands before the letter, its dress and "option" ends before this token */
  int named;  /* "option B" */
};

static int take_place(struct siuop_choice_window *w, struct place *p)
{
  if (!siuop_choice_letter_at(w, 0, &p->letter) || !p->letter.is_option ||
      !(p->letter.is_capital || p->letter.enclosed))
    return 0;
  p->before = siuop_choice_dress_before(w, 0);
  int n = siuop_choice_phrase_before(w, p->before, SIUOP_SAYS_OPTION);
  p->named = n > 0;
  if (n > 0)
    p->before = siuop_choice_dress_before(w, p->before - n);
  n = siuop_choice_phrase_before(w, p->before, SIUOP_SAYS_SUBJECT);
  if (p->named)
    p->before -= n;
  return 1;
}

/* Whether the letter is no part of a name: "Plan B", "vitamin D". */
static int is_free(struct siuop_choice_window *w, const struct place *p)
{
  const struct siuop_token *before = siuop_choice_token(w, p->before - 1);
  if (p->named || p->letter.enclosed || before->kind != SIUOP_TOKEN_WORD)
    return 1;
  return siuop_choice_phrase_before(w, p->before, SIUOP_SAYS_FREE) > 0;
}

static int ends_clause(struct siuop_choice_window *w, const struct place *p)
{
  const struct siuop_token *next = siuop_choice_token(w, p->letter.after);
  return p->letter.ends == SIUOP_ENDS && next->kind != SIUOP_TOKEN_WORD;
}

/* ---- what affirms ---- */

/* Chinese needs no subject: a clause may begin with the verb, or with "therefore" and the verb. */
static int begins_in_han(struct siuop_choice_window *w, int k)
{
  return siuop_choice_token(w, k)->first >= 0x2E80 && (siuop_choice_token(w, k - 1)->kind != SIUOP_TOKEN_WORD ||
                                                       siuop_choice_phrase_before(w, k, SIUOP_SAYS_MUST) > 0);
}

/* "I choose B", "we should go with option B", "je choisis B". */
static int is_chosen(struct siuop_choice_window *w, const struct place *p, const struct siuop_choice_clause *clause)
{
  if (p->letter.ends != SIUOP_ENDS && !siuop_choice_stands_before_word(w, &p->letter))
    return 0;
  if (siuop_choice_phrase_before(w, p->before, SIUOP_SAYS_OWN_CHOOSE) > 0)
    return 1;
  int n = siuop_choice_phrase_before(w, p->before, SIUOP_SAYS_CHOOSE);
  if (n == 0) /* "pick" is a noun, too, and was taken for one */
    return clause->first && siuop_choice_phrase_before(w, siuop_choice_dress_before(w, 0), SIUOP_SAYS_CHOOSE) > 0;
  return clause->first || (clause->must && p->named) || begins_in_han(w, p->before - n);
}

/* Whether "right" or "the safest" before k ends what is said of the letter: "the safest one", "right, because". */
static int ends_praise(struct siuop_choice_window *w, int k)
{
  const uint32_t nouns = SIUOP_SAYS_OPTION | SIUOP_SAYS_ANSWER | SIUOP_SAYS_FILLER;
  int n = siuop_choice_phrase(w, k, nouns);
  if (n == 0 && siuop_choice_phrase(w, k, SIUOP_SAYS_BAD | SIUOP_SAYS_DENY) == 0 &&
      siuop_choice_phrase(w, k + 1, nouns) > 0) /* the only safe option */
    n = 1 + siuop_choice_phrase(w, k + 1, nouns);
  k += n;
  if (siuop_choice_phrase(w, k, SIUOP_SAYS_REASON | SIUOP_SAYS_MIDDLE) > 0)
    return 1;
  int behind = siuop_choice_skip_dress(w, k, NULL);
  behind += siuop_choice_sign(w, behind, ',');
  return siuop_choice_token(w, k)->kind != SIUOP_TOKEN_WORD && !siuop_choice_sign(w, behind, '?') &&
         siuop_choice_phrase(w, behind, SIUOP_SAYS_LIMIT) == 0;
}

/* Behind "is right" or "would be clearly the safest", said of the letter; 0: nothing like it is. */
static int skip_praise(struct siuop_choice_window *w, const struct place *p)
{
  int k = p->letter.after;
  int n = siuop_choice_phrase(w, k, SIUOP_SAYS_COPULA);
  if (n == 0 || !is_free(w, p) || siuop_choice_phrase(w, k, SIUOP_SAYS_DENY) > 0)
    return 0;
  k += n;
  k += siuop_choice_phrase(w, k, SIUOP_SAYS_ADVERB);
  n = siuop_choice_phrase(w, k, SIUOP_SAYS_GOOD);
  return n > 0 ? k + n : 0;
}

/* "it is B.", "it must be B.", "therefore, option B.", "the picture matches option B." */
static int is_identified(struct siuop_choice_window *w, const struct place *p)
{
  int before = p->before;
  if (!ends_clause(w, p))
    return 0;
  if (siuop_choice_phrase_before(w, before, SIUOP_SAYS_IDENTITY) > 0)
    return 1;
  if (!p->named)
    return 0;
  if (siuop_choice_sign(w, before - 1, ','))
    before--;
  return siuop_choice_phrase_before(w, before, SIUOP_SAYS_THUS) > 0 ||
         siuop_choice_phrase_before(w, p->before, SIUOP_SAYS_MATCH) > 0;
}

/* The letter that "B rather than C" and "B, not C" set against p's; 0: none. */
static int rejected_beside(struct siuop_choice_window *w, const struct place *p)
{
  struct siuop_choice_letter other;
  int k = p->letter.after;
  if (siuop_choice_sign(w, k, ','))
    k++;
  int n = siuop_choice_phrase(w, k, SIUOP_SAYS_RATHER);
  if (n == 0)
    return 0;
  k = siuop_choice_skip_option(w, siuop_choice_skip_dress(w, k + n, NULL));
  return siuop_choice_letter_at(w, k, &other) && other.is_option && (other.is_capital || other.enclosed) ? other.letter
                                                                                                         : 0;
}

/* ---- what rules out ---- */

static int is_ruled_out(struct siuop_choice_window *w, const struct place *p, const struct siuop_choice_clause *clause)
{
  int k = p->letter.after;
  if (siuop_choice_phrase_before(w, p->before, SIUOP_SAYS_RULE_OUT) > 0)
    return 1;
  if (clause->denied && siuop_choice_phrase_before(w, p->before, SIUOP_SAYS_CHOOSE) > 0)
    return 1;
  int n = siuop_choice_phrase(w, k, SIUOP_SAYS_COPULA);
  return n > 0 && (siuop_choice_phrase(w, k, SIUOP_SAYS_DENY) > 0 || siuop_choice_phrase(w, k + n, SIUOP_SAYS_BAD) > 0);
}

/* ---- the level ---- */

/* A bit beyond the letters: something is affirmed that is no single letter. */
#define SEVERAL (UINT32_C(1) << 31)

/* "A and B": another letter before or behind. */
static int is_joined(struct siuop_choice_window *w, const struct place *p)
{
  int n = siuop_choice_phrase_before(w, p->before, SIUOP_SAYS_JOINING);
  n += n == 0 && (siuop_choice_sign(w, p->before - 1, ',') || siuop_choice_sign(w, p->before - 1, '/'));
  const struct siuop_token *other = siuop_choice_token(w, siuop_choice_dress_before(w, p->before - n) - 1);
  int before = n > 0 && other->kind == SIUOP_TOKEN_WORD && other->length == 1 && other->first >= 'A' &&
               other->first < 'A' + w->letters;
  return before || siuop_choice_names_another(w, &p->letter) > 0;
}

/* "B, but it is unsafe", "B, were it not for the rail". */
static int is_limited(struct siuop_choice_window *w, const struct place *p)
{
  return siuop_choice_sign(w, p->letter.after, ',') &&
         siuop_choice_phrase(w, p->letter.after + 1, SIUOP_SAYS_LIMIT) > 0;
}

void siuop_choice_affirmed_step(struct siuop_choice_affirmed *a, struct siuop_choice_window *w,
                                const struct siuop_choice_clause *clause)
{
  struct place p;
  if (siuop_choice_token(w, 0)->length != 1 || !take_place(w, &p))
    return;
  uint32_t bit = UINT32_C(1) << (p.letter.letter - 'A');
  if (is_ruled_out(w, &p, clause)) {
    a->out |= bit;
    return;
  }
  int rejected = rejected_beside(w, &p);
  if (clause->denied || clause->bad || clause->doubted || p.letter.ends == SIUOP_ENDS_ASKED)
    return;
  int praise = skip_praise(w, &p);
  int praised = praise > 0 && ends_praise(w, praise);
  if (praise > 0 && !praised)
    a->unclear |= bit;
  if (is_chosen(w, &p, clause) || praised || is_identified(w, &p) || (rejected != 0 && is_free(w, &p))) {
    a->letters |= bit;
    a->begins[p.letter.letter - 'A'] = p.letter.begin;
    a->ends[p.letter.letter - 'A'] = p.letter.end;
    if (is_joined(w, &p) || is_limited(w, &p))
      a->unclear |= SEVERAL;
  }
  if (rejected != 0)
    a->out |= UINT32_C(1) << (rejected - 'A');
}

void siuop_choice_affirmed_read(const struct siuop_choice_affirmed *a, struct siuop_choice_found *f)
{
  uint32_t left = a->letters & ~a->out;
  if (left == 0)
    return;
  left |= a->unclear & ~a->out;
  if ((left & (left - 1)) != 0) {
    siuop_choice_found_conflict(f);
    return;
  }
  for (int letter = 'A'; left != 0; left >>= 1, letter++)
    if (left == 1)
      siuop_choice_found_letter(f, letter, a->begins[letter - 'A'], a->ends[letter - 'A']);
}
