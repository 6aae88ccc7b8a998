/* choice_explicit.c: the level that reads answer phrases: "the answer is B", "Answer: (B)", \boxed{B}. The last one
 * decides. */
#include "choice.h"

#include <string.h>

/* What stands where a phrase's answer should. */
#define VALUE_NOTHING 0 /* text, or a letter that the sentence denies or asks for */
#define VALUE_LETTER  1
#define VALUE_NONE    2 /* "none of the above" */
#define VALUE_SEVERAL 3

struct value {
  int what, letter;
  size_t begin, end;
};

/* ---- values ---- */

/* "B, if it is safe", "B, which is not listed". */
static int is_taken_back(struct siuop_choice_window *w, const struct siuop_choice_letter *letter)
{
  int k = letter->after + 1;
  if (!siuop_choice_sign(w, letter->after, ',') || (siuop_choice_texts_at(w, k) >> (letter->letter - 'A') & 1) != 0)
    return 0;
  int n = siuop_choice_phrase(w, k, SIUOP_SAYS_RELATIVE);
  int verb = n > 0 ? siuop_choice_phrase(w, k + n, SIUOP_SAYS_VERB) : 0;
  return siuop_choice_phrase(w, k, SIUOP_SAYS_DOUBT) > 0 ||
         (verb > 0 && siuop_choice_phrase(w, k + n + verb, SIUOP_SAYS_DENY | SIUOP_SAYS_BAD) > 0);
}

/* "AC": option letters written as one word. */
static int is_letters(struct siuop_choice_window *w, int k)
{
  const struct siuop_token *token = siuop_choice_token(w, k);
  if (token->kind != SIUOP_TOKEN_WORD || token->length < 2 || token->length > 4 ||
      token->end - token->begin != token->length)
    return 0;
  for (size_t i = token->begin; i < token->end; i++)
    if (w->text[i] < 'A' || w->text[i] >= 'A' + w->letters || (i > token->begin && w->text[i] <= w->text[i - 1]))
      return 0;
  return siuop_choice_ends_at(w, k + 1) == SIUOP_ENDS;
}

static int read_letter(struct siuop_choice_window *w, int k, struct value *v)
{
  struct siuop_choice_letter letter;
  v->end = 0;
  if (is_letters(w, k)) {
    v->what = VALUE_SEVERAL;
    return 1;
  }
  if (!siuop_choice_letter_at(w, k, &letter) || !siuop_choice_letter_counts(w, &letter))
    return 0;
  if (letter.ends == SIUOP_ENDS_ASKED) {
    v->what = VALUE_NOTHING;
    return 1;
  }
  if (letter.is_option && siuop_choice_has_others_text(w, &letter) == SIUOP_OTHERS_GOES_ON) {
    v->what = VALUE_NOTHING;
    return 1;
  }
  v->end = letter.is_option ? siuop_choice_names_another(w, &letter) : 0;
  if (letter.is_option && (v->end > 0 || siuop_choice_has_others_text(w, &letter) == SIUOP_OTHERS_FILLS)) {
    v->what = VALUE_SEVERAL;
    return 1;
  }
  if (letter.ends != SIUOP_ENDS && !(letter.is_option && siuop_choice_stands_before_word(w, &letter)))
    return 0;
  if (is_taken_back(w, &letter)) {
    v->what = VALUE_NOTHING;
    return 1;
  }
  *v = (struct value){letter.is_option ? VALUE_LETTER : VALUE_NONE, letter.letter, letter.begin, letter.end};
  return 1;
}

/* The option whose text the copy is; -1: it is cut off, or several have it. */
static int option_of(const struct siuop_choice_window *w, const struct siuop_token *copy)
{
  for (int i = 0; i < w->letters; i++)
    if (copy->letters == UINT32_C(1) << i)
      return i;
  return -1;
}

/* Behind the signs that close a text and touch it. */
static int behind_copy(struct siuop_choice_window *w, int k)
{
  const unsigned closing = SIUOP_SIGN_CLOSES | SIUOP_SIGN_EMPHASIS;
  const struct siuop_token *token = siuop_choice_token(w, k);
  while (token->kind == SIUOP_TOKEN_SIGN && !token->spaced && (siuop_choice_sign_does(token->first) & closing) != 0)
    token = siuop_choice_token(w, ++k);
  return k;
}

/* Whether a bracket behind a text names another option than its own: (option F). */
static int names_other(struct siuop_choice_window *w, int k, int letter)
{
  struct siuop_choice_letter other;
  if (!siuop_choice_sign(w, k, '('))
    return 0;
  k = siuop_choice_skip_option(w, siuop_choice_skip_dress(w, k, NULL));
  return siuop_choice_letter_at(w, k, &other) && other.is_option && other.is_capital && other.letter != letter;
}

static int read_copy(struct siuop_choice_window *w, int k, struct value *v)
{
  const struct siuop_token *token = siuop_choice_token(w, k);
  if (token->kind != SIUOP_TOKEN_COPY)
    return 0;
  v->what = VALUE_NOTHING;
  int i = option_of(w, token);
  if (i < 0)
    return 1;
  int behind = behind_copy(w, k + 1);
  if (w->item->copies[i].asks && siuop_choice_sign(w, behind, '?'))
    behind = behind_copy(w, behind + 1);
  if (names_other(w, behind, 'A' + i))
    return 1;
  if (siuop_choice_ends_at(w, behind) == SIUOP_ENDS) /* else it goes on, or is asked for */
    *v = (struct value){VALUE_LETTER, 'A' + i, token->begin, token->end};
  return 1;
}

#define FILLERS_MOST 8

static void read_value(struct siuop_choice_window *w, int k, struct value *v)
{
  v->what = VALUE_NOTHING;
  for (int fillers = 0; fillers < FILLERS_MOST; fillers++) {
    k = siuop_choice_skip_dress(w, k, NULL);
    if (read_letter(w, k, v) || read_copy(w, k, v))
      return;
    if (siuop_choice_phrase(w, k, SIUOP_SAYS_NONE) > 0) {
      v->what = VALUE_NONE;
      return;
    }
    int n = siuop_choice_phrase(w, k, SIUOP_SAYS_OPTION);
    if (n == 0)
      n = siuop_choice_phrase(w, k, SIUOP_SAYS_FILLER);
    if (n == 0)
      return;
    k += n;
  }
}

/* ---- phrases ---- */

#define LINK_NONE    0
#define LINK_IS      1
#define LINK_HEADING 2 /* a colon, an equals sign, a dash, a line's end */

#define MIDDLE_MOST 22

/* Behind "to this question", "for $m \angle 3$", "choice": what may stand between the noun and "is". */
static int skip_middle(struct siuop_choice_window *w, int k)
{
  int first = k;
  if (siuop_choice_phrase(w, k, SIUOP_SAYS_MIDDLE) == 0)
    return k;
  for (int end = k + MIDDLE_MOST; k < end; k++) {
    const struct siuop_token *token = siuop_choice_token(w, k);
    if (siuop_choice_phrase(w, k, SIUOP_SAYS_IS) > 0 || siuop_choice_sign(w, k, ':'))
      return k;
    if (token->kind == SIUOP_TOKEN_LINE || token->kind == SIUOP_TOKEN_END || token->kind == SIUOP_TOKEN_COPY ||
        siuop_choice_phrase(w, k, SIUOP_SAYS_DENY) > 0 || siuop_choice_sign(w, k, '.') || siuop_choice_sign(w, k, '?'))
      break;
  }
  return first;
}

/* What joins the noun before *k to its answer, which *k is left before. */
static int take_link(struct siuop_choice_window *w, int *k, unsigned *marks)
{
  if (siuop_choice_sign(w, *k, '.')) /* Ans. */
    ++*k;
  int at = skip_middle(w, *k);
  int behind = siuop_choice_skip_dress(w, at, marks);
  int n = siuop_choice_phrase(w, behind, SIUOP_SAYS_IS);
  if (n > 0) {
    *k = behind + n;
    return LINK_IS;
  }
  *k = behind;
  return *marks != 0 ? LINK_HEADING : LINK_NONE;
}

/* "anwser", "asnwer", "answr": one letter wrong, missing, too many, or two of them changed about. */
static int is_nearly_answer(const struct siuop_token *token)
{
  static const char answer[] = "answer";
  const char *s = token->text;
  size_t len = strlen(s), i = 0;
  if (token->kind != SIUOP_TOKEN_WORD || len < 5 || len > 7 || s[0] != 'a')
    return 0;
  while (i < len && i < 6 && s[i] == answer[i])
    i++;
  if (len == 5)
    return strcmp(s + i, answer + i + 1) == 0;
  if (len == 7)
    return strcmp(s + i + 1, answer + i) == 0;
  return i < 6 && (strcmp(s + i + 1, answer + i + 1) == 0 ||
                   (s[i] == answer[i + 1] && s[i + 1] == answer[i] && strcmp(s + i + 2, answer + i + 2) == 0));
}

/* The noun "answer", in any language, at the window's place: its tokens. */
static int take_answer(struct siuop_choice_window *w)
{
  int n = siuop_choice_phrase(w, 0, SIUOP_SAYS_ANSWER);
  return n > 0 ? n : is_nearly_answer(siuop_choice_token(w, 0));
}

/* "Answer B", "答案D": the letter right behind the noun, which opens its sentence and which the letter ends. */
static int is_followed_by_letter(struct siuop_choice_window *w, int n, int k, const struct siuop_choice_clause *clause)
{
  struct siuop_choice_letter letter;
  if (!siuop_choice_token(w, n)->spaced && siuop_choice_token(w, 0)->first >= 0x1100)
    return 1;
  if (clause->words > 1 || !siuop_choice_letter_at(w, k, &letter) || !(letter.is_capital || letter.enclosed))
    return 0;
  const struct siuop_token *next = siuop_choice_token(w, letter.after);
  if (next->kind == SIUOP_TOKEN_WORD && !next->spaced)
    return letter.ends == SIUOP_ENDS;
  k = letter.after + siuop_choice_phrase(w, letter.after, SIUOP_SAYS_IS); /* Hindi: the verb comes last */
  k = siuop_choice_skip_closing(w, k);
  return siuop_choice_token(w, k)->kind == SIUOP_TOKEN_LINE || siuop_choice_token(w, k)->kind == SIUOP_TOKEN_END;
}

/* Where the answer stands that a phrase at the window's place announces; 0: no phrase. */
static int take_phrase(struct siuop_choice_explicit *e, struct siuop_choice_window *w,
                       const struct siuop_choice_clause *clause)
{
  const struct siuop_token *token = siuop_choice_token(w, 0);
  unsigned marks = 0;
  if (token->kind == SIUOP_TOKEN_TAG)
    return !token->closing && strcmp(token->text, "answer") == 0;
  if (token->kind == SIUOP_TOKEN_COMMAND)
    return (strcmp(token->text, "boxed") == 0 || strcmp(token->text, "fbox") == 0) && siuop_choice_sign(w, 1, '{');
  int n = take_answer(w);
  if (n > 0) {
    int k = n;
    int link = take_link(w, &k, &marks);
    if (link == LINK_NONE && is_followed_by_letter(w, n, k, clause))
      link = LINK_IS;
    e->answered = e->answered || link != LINK_NONE;
    return link == LINK_HEADING || (link == LINK_IS && !e->strict) ? k : 0;
  }
  n = siuop_choice_phrase(w, 0, SIUOP_SAYS_OPTION);
  if (n == 0 || e->strict)
    return 0;
  int k = n;
  int link = take_link(w, &k, &marks);
  int are = strcmp(siuop_choice_token(w, k - 1)->text, "are") == 0;
  int several = strcmp(siuop_choice_token(w, 0)->text, "options") == 0;
  if (are || (several && link != LINK_IS))
    return 0; /* options are listed, not chosen */
  if (link == LINK_IS ||
      (link == LINK_HEADING && (marks & (SIUOP_GAP_COLON | SIUOP_GAP_EQUALS)) != 0 && clause->lines_words <= 3))
    return k;
  return 0;
}

/* Counts the words behind the last answer that are not those of another one joined to it. */
static void count_since(struct siuop_choice_explicit *e, struct siuop_choice_window *w)
{
  const struct siuop_token *token = siuop_choice_token(w, 0);
  const uint32_t joining =
      SIUOP_SAYS_JOINING | SIUOP_SAYS_SUBJECT | SIUOP_SAYS_ANSWER | SIUOP_SAYS_IS | SIUOP_SAYS_FILLER;
  int is_word = token->kind == SIUOP_TOKEN_WORD && token->begin >= e->found.reading.end;
  int ends = token->kind == SIUOP_TOKEN_LINE || siuop_choice_sign(w, 0, '.');
  if (ends || (is_word && siuop_choice_phrase(w, 0, joining) == 0))
    e->since++;
}

static void note_letter(struct siuop_choice_explicit *e, const struct value *v)
{
  int joined = e->found.decides && e->found.reading.value != 0 && e->since == 0 && e->found.reading.value != v->letter;
  if (v->begin < e->several)
    return;
  if (joined) /* the answer is A and the answer is B */
    siuop_choice_found_conflict(&e->found);
  else
    siuop_choice_found_letter(&e->found, v->letter, v->begin, v->end);
  e->since = 0;
}

void siuop_choice_explicit_step(struct siuop_choice_explicit *e, struct siuop_choice_window *w,
                                const struct siuop_choice_clause *clause)
{
  struct value v;
  int k = take_phrase(e, w, clause);
  count_since(e, w);
  if (k == 0 || clause->denied || clause->supposed || clause->conditional || clause->bad)
    return;
  if (clause->doubted && siuop_choice_phrase_before(w, k, SIUOP_SAYS_WOULD) > 0)
    return; /* if …, the answer would be B */
  read_value(w, k, &v);
  if (v.what == VALUE_LETTER)
    note_letter(e, &v);
  else if (v.what == VALUE_NONE)
    siuop_choice_found_none(&e->found);
  else if (v.what == VALUE_SEVERAL) {
    siuop_choice_found_conflict(&e->found);
    e->several = v.end;
  }
}

int siuop_choice_next_question(const struct siuop_choice_explicit *e, struct siuop_choice_window *w,
                               const struct siuop_choice_clause *clause)
{
  unsigned marks = 0;
  if (!e->answered || clause->lines_words != 0)
    return 0;
  int n = siuop_choice_phrase(w, 0, SIUOP_SAYS_QUESTION);
  if (n == 0)
    return 0;
  if (siuop_choice_token(w, n)->kind == SIUOP_TOKEN_WORD) /* Question 2: */
    n++;
  siuop_choice_skip_dress(w, n, &marks);
  int heading = siuop_choice_sign(w, -1, '#') || siuop_choice_sign(w, -1, '*');
  return (marks & SIUOP_GAP_COLON) != 0 || (heading && (marks & SIUOP_GAP_OTHER) != 0);
}
