/* judge_choice.c: a model's choice under the standard rules. docs/reading.md. */
#include "judge.h"

#include "judge_dress.h"
#include "text.h"
#include "utf8.h"

#include <string.h>

/* A reply being read, and the letters that count. */
struct reply {
  siuop_text start;
  const siuo_item *item; /* NULL: A to D without texts */
  int letters;
};

static struct siuop_reading ended(int outcome)
{
  struct siuop_reading r = {outcome, 0, 0, 0};
  return r;
}

static struct siuop_reading chosen(int letter, size_t begin, size_t end)
{
  struct siuop_reading r = {SIUO_OUTCOME_PARSED, letter, begin, end};
  return r;
}

static size_t position(const siuop_text *t)
{
  return t->current == SIUOP_TEXT_END ? t->len : t->begin;
}

/* ---- letters ---- */

/* The option's letter if c is one, in lower case too if any_case; else 0. */
static int letter_of(const struct reply *r, int32_t c, int any_case)
{
  if (any_case && c >= 'a' && c <= 'z')
    c -= 'a' - 'A';
  return c >= 'A' && c < 'A' + r->letters ? (int)c : 0;
}

/* Words that may follow an option's letter, so that "A is right" is not the article. */
static int is_after_letter(siuop_text t)
{
  static const char *const words[] = {"is", "was", "or", "and", "because", "since", "as", "but"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    siuop_text ahead = t;
    if (siuop_text_take(&ahead, words[i], 0) && !siuop_is_word(ahead.current))
      return 1;
  }
  return 0;
}

/* t is behind a letter: whether that letter was the article a, with its noun after it. */
static int is_article(siuop_text t)
{
  if ((t.previous != 'A' && t.previous != 'a') || (t.current != ' ' && t.current != '\t'))
    return 0;
  while (t.current == ' ' || t.current == '\t')
    siuop_text_next(&t);
  return t.current >= 'a' && t.current <= 'z' && !is_after_letter(t);
}

/* A letter that ends as a word and is no article: behind it, else 0. */
static int take_letter(const struct reply *r, siuop_text *t, int any_case)
{
  siuop_text ahead = *t;
  int letter = letter_of(r, t->current, any_case);
  if (letter == 0)
    return 0;
  siuop_text_next(&ahead);
  if (siuop_goes_on(ahead.current) || is_article(ahead))
    return 0;
  *t = ahead;
  return letter;
}

/* ---- dress ---- */

/* Dress before a letter. *broken: among it is a colon, an equals sign or a line break. A letter in angle brackets,
 * which looks like a tag, is remembered in *inside (END: none). */
static void skip_gap(const struct reply *r, siuop_text *t, int *broken, siuop_text *inside)
{
  *broken = 0;
  inside->current = SIUOP_TEXT_END;
  for (;;) {
    siuop_text ahead = *t;
    if (!siuop_take_dress(t))
      return;
    *broken |= ahead.current == ':' || ahead.current == '=' || ahead.current == '\n';
    if (ahead.current != '<')
      continue;
    siuop_text_next(&ahead);
    siuop_text letter = ahead;
    if (take_letter(r, &letter, 0) != 0)
      *inside = ahead;
  }
}

/* "Option", "choice": words that may stand right before the letter. */
static int take_option_word(siuop_text *t)
{
  static const char xuanxiang[] = "\xE9\x80\x89\xE9\xA1\xB9"; /* Chinese: option */
  if (siuop_text_take(t, "option", 1) || siuop_text_take(t, "choice", 1))
    return 1;
  return siuop_text_take_utf8(t, xuanxiang);
}

/* Dress, perhaps "option", dress, and the letter at *begin; else 0, and *t where that ended. */
static int take_dressed_letter(const struct reply *r, siuop_text *t, int any_case, size_t *begin)
{
  siuop_text inside, named;
  int broken = 0;
  skip_gap(r, t, &broken, &inside);
  named = *t;
  if (take_option_word(&named)) {
    siuop_text inside_named;
    skip_gap(r, &named, &broken, &inside_named);
    *begin = position(&named);
    int letter = take_letter(r, &named, any_case);
    if (letter != 0) {
      *t = named;
      return letter;
    }
  }
  *begin = position(t);
  int letter = take_letter(r, t, any_case);
  if (letter != 0 || inside.current == SIUOP_TEXT_END)
    return letter;
  *t = inside;
  *begin = position(t);
  return take_letter(r, t, 0);
}

/* ---- answer phrases ---- */

/* Blanks and one of "is", "would be", "should be". */
static int take_is(siuop_text *t)
{
  static const char *const first[] = {"is", "would", "should"};
  siuop_text ahead = *t;
  if (!siuop_is_python_space(ahead.current))
    return 0;
  siuop_text_skip_space(&ahead);
  for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
    siuop_text words = ahead;
    if (!siuop_text_take(&words, first[i], 1))
      continue;
    if (i > 0) {
      if (!siuop_is_python_space(words.current))
        continue;
      siuop_text_skip_space(&words);
      if (!siuop_text_take(&words, "be", 1))
        continue;
    }
    if (siuop_is_word(words.current))
      continue;
    *t = words;
    return 1;
  }
  return 0;
}

/* "go with", "choose" and the like, unless told not to. */
static int take_verb(siuop_text *t)
{
  siuop_text ahead = *t;
  if (siuop_text_take(&ahead, "go", 1)) {
    if (!siuop_is_python_space(ahead.current))
      return 0;
    siuop_text_skip_space(&ahead);
    if (!siuop_text_take(&ahead, "with", 1))
      return 0;
  } else if (!siuop_text_take(&ahead, "choose", 1) && !siuop_text_take(&ahead, "pick", 1) &&
             !siuop_text_take(&ahead, "select", 1)) {
    return 0;
  }
  if (siuop_is_word(ahead.current))
    return 0;
  *t = ahead;
  return 1;
}

/* How the phrase that begins at t goes on to the letter. */
#define PHRASE_NONE   0
#define PHRASE_DIRECT 1 /* dress may follow */
#define PHRASE_COLON  2 /* dress must follow that holds a colon, an equals sign or a line break */

static int take_phrase(siuop_text *t, int negated)
{
  static const char daan[] = "\xE7\xAD\x94\xE6\xA1\x88"; /* Chinese: answer */
  if (siuop_text_take_utf8(t, daan)) {
    if (!siuop_text_take_utf8(t, "\xE6\x98\xAF"))
      siuop_text_take_utf8(t, "\xE4\xB8\xBA");
    return PHRASE_DIRECT;
  }
  if (siuop_text_take(t, "<answer>", 0))
    return PHRASE_DIRECT;
  siuop_text ahead = *t;
  if (siuop_text_take(&ahead, "\\boxed", 0) && !siuop_is_word(ahead.current)) {
    *t = ahead;
    return PHRASE_DIRECT;
  }
  if (siuop_is_word(t->previous))
    return PHRASE_NONE;
  if (!negated && take_verb(t))
    return PHRASE_DIRECT;
  ahead = *t;
  if ((!siuop_text_take(&ahead, "answer", 1) && !siuop_text_take(&ahead, "option", 1) &&
       !siuop_text_take(&ahead, "choice", 1)) ||
      siuop_is_word(ahead.current))
    return PHRASE_NONE;
  *t = ahead;
  return take_is(t) ? PHRASE_DIRECT : PHRASE_COLON;
}

/* Most places begin no phrase: spare them the look. */
static int may_begin_phrase(int32_t c)
{
  if (c >= 0x80)
    return c == 0x7B54; /* Chinese: answer */
  return c > 0 && strchr("acgopsACGOPS<\\", (int)c) != NULL;
}

/* Follows the words "not ", "n't " and "never ", after which a verb chooses nothing, nor does a letter. */
struct negation {
  char last[6]; /* the last code points in lower case, others than ASCII as ? */
};

static void negation_add(struct negation *n, int32_t c)
{
  memmove(n->last, n->last + 1, sizeof n->last - 1);
  n->last[sizeof n->last - 1] = (char)(c > 0 && c < 0x80 ? siuop_ascii_lower(c) : c == 0x2019 ? '\'' : '?');
}

static int is_negated(const struct negation *n)
{
  return memcmp(n->last + 2, "not ", 4) == 0 || memcmp(n->last + 2, "n't ", 4) == 0 ||
         memcmp(n->last, "never ", 6) == 0;
}

/* "B or C" after a phrase: two letters are no answer. */
static int offers_another(const struct reply *r, siuop_text t)
{
  static const char *const words[] = {"or", "and"};
  siuop_text inside;
  int broken = 0;
  size_t begin = 0;
  int joined = 0;
  skip_gap(r, &t, &broken, &inside);
  if (t.current == ',' || t.current == '/' || t.current == '&') {
    siuop_text_next(&t);
    joined = 1;
  }
  for (size_t i = 0; !joined && i < sizeof words / sizeof words[0]; i++) {
    siuop_text ahead = t;
    if (siuop_text_take(&ahead, words[i], 0) && !siuop_is_word(ahead.current)) {
      t = ahead;
      joined = 1;
    }
  }
  if (!joined && !siuop_text_take_utf8(&t, "\xE6\x88\x96") && !siuop_text_take_utf8(&t, "\xE5\x92\x8C"))
    return 0;
  return take_dressed_letter(r, &t, 0, &begin) != 0;
}

/* The phrase that begins at *t and its letter: behind them, else outcome UNPARSED. *dead: dress up to there was
 * searched before, and no letter stood behind it. */
static struct siuop_reading read_phrase(const struct reply *r, siuop_text *t, int negated, size_t *dead)
{
  siuop_text inside;
  size_t begin = 0;
  int broken = 0;
  int phrase = take_phrase(t, negated);
  if (phrase == PHRASE_NONE || position(t) < *dead)
    return ended(SIUO_OUTCOME_UNPARSED);
  siuop_text gap = *t;
  skip_gap(r, &gap, &broken, &inside);
  int letter = phrase == PHRASE_COLON && !broken ? 0 : take_dressed_letter(r, t, 1, &begin);
  *dead = position(t) > position(&gap) ? position(t) : position(&gap);
  return letter == 0 ? ended(SIUO_OUTCOME_UNPARSED) : chosen(letter, begin, position(t));
}

/* What the last answer phrase says; outcome UNPARSED if there is none. */
static struct siuop_reading last_phrase(const struct reply *r)
{
  struct siuop_reading last = ended(SIUO_OUTCOME_UNPARSED);
  struct negation negation = {{0}};
  siuop_text t = r->start;
  siuop_text behind_last = t;
  size_t dead = 0;
  while (t.current != SIUOP_TEXT_END) {
    struct siuop_reading found = ended(SIUO_OUTCOME_UNPARSED);
    if (may_begin_phrase(t.current)) {
      siuop_text ahead = t;
      found = read_phrase(r, &ahead, is_negated(&negation), &dead);
      if (found.outcome == SIUO_OUTCOME_PARSED) {
        last = found;
        behind_last = t = ahead;
        continue; /* nothing that negates a verb ends in a letter */
      }
    }
    negation_add(&negation, t.current);
    siuop_text_next(&t);
  }
  if (last.outcome == SIUO_OUTCOME_PARSED && offers_another(r, behind_last))
    return ended(SIUO_OUTCOME_CONFLICT);
  return last;
}

/* ---- an option's own text ---- */

/* A text case-folded, with single blanks and none at its ends. */
struct folded {
  siuop_text t;
  int32_t queue[3];
  int at, count;
};

static void folded_init(struct folded *f, siuop_text t)
{
  siuop_text_skip_space(&t);
  f->t = t;
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

/* Whether everything from t on is the option's text. */
static int is_option_text(const struct reply *r, siuop_text t, int letter)
{
  size_t len = 0;
  const char *option = siuo_item_option(r->item, (size_t)(letter - 'A'), &len);
  struct folded a, b;
  siuop_text other;
  if (option == NULL || len == 0)
    return 0;
  siuop_text_init(&other, option, len, 1);
  folded_init(&a, t);
  folded_init(&b, other);
  for (;;) {
    int32_t c = folded_next(&a);
    if (c != folded_next(&b))
      return 0;
    if (c == SIUOP_TEXT_END)
      return 1;
  }
}

/* A reply that is nothing but an option's text; outcome UNPARSED if it is not, or if two options have that text. */
static struct siuop_reading quoted_option(const struct reply *r, int *found)
{
  int letter = 0;
  *found = 0;
  for (int i = 'A'; i < 'A' + r->letters; i++)
    if (is_option_text(r, r->start, i)) {
      ++*found;
      letter = i;
    }
  return *found == 1 ? chosen(letter, position(&r->start), r->start.len) : ended(SIUO_OUTCOME_UNPARSED);
}

/* ---- bare letters ---- */

/* A letter at the start, alone or with its own option's text behind it. */
static struct siuop_reading letter_first(const struct reply *r)
{
  siuop_text t = r->start;
  size_t begin = 0;
  int letter = take_dressed_letter(r, &t, 1, &begin);
  size_t end = position(&t);
  if (letter == 0)
    return ended(SIUO_OUTCOME_UNPARSED);
  siuop_skip_closing(&t);
  if (t.current != SIUOP_TEXT_END && !is_option_text(r, t, letter))
    return ended(SIUO_OUTCOME_UNPARSED);
  return chosen(letter, begin, end);
}

static int is_apostrophe(int32_t c)
{
  return c == '\'' || c == 0x2019;
}

/* The letter that stands alone here: a capital as a word of its own, or a small one in brackets. */
static int standing_letter(const struct reply *r, const siuop_text *t)
{
  int small = letter_of(r, t->current, 1);
  if (small == 0 || siuop_goes_on(t->previous))
    return 0;
  siuop_text ahead = *t;
  siuop_text_next(&ahead);
  if ((t->previous == '(' || t->previous == '[') && (ahead.current == ')' || ahead.current == ']'))
    return small;
  if (is_apostrophe(t->previous))
    return 0;
  ahead = *t;
  int letter = take_letter(r, &ahead, 0);
  if (letter == 0 || !is_apostrophe(ahead.current))
    return letter;
  siuop_text_next(&ahead);
  return siuop_is_word(ahead.current) ? 0 : letter;
}

/* The bit of the letter that a negation before t rules out: "not (A)", "don't choose option A"; else 0. */
static uint32_t ruled_out(const struct reply *r, siuop_text t)
{
  size_t begin = 0;
  take_verb(&t);
  int letter = take_dressed_letter(r, &t, 1, &begin);
  return letter == 0 ? 0 : UINT32_C(1) << (letter - 'A');
}

/* The only letter that stands alone anywhere, unless it is ruled out; outcome CONFLICT if there are two. */
static struct siuop_reading only_letter(const struct reply *r)
{
  struct siuop_reading only = ended(SIUO_OUTCOME_UNPARSED);
  struct negation negation = {{0}};
  uint32_t out = 0;
  for (siuop_text t = r->start; t.current != SIUOP_TEXT_END; siuop_text_next(&t)) {
    if (is_negated(&negation))
      out |= ruled_out(r, t);
    negation_add(&negation, t.current);
    int letter = standing_letter(r, &t);
    if (letter == 0)
      continue;
    if (only.value != 0 && only.value != letter)
      return ended(SIUO_OUTCOME_CONFLICT);
    only = chosen(letter, t.begin, t.end);
  }
  return only.value != 0 && (out >> (only.value - 'A') & 1) != 0 ? ended(SIUO_OUTCOME_UNPARSED) : only;
}

/* ---- the reading ---- */

struct siuop_reading siuop_choice_standard(const char *text, size_t len, const siuo_item *item)
{
  return siuop_choice_own(&siuop_standard_manner, text, len, item);
}

struct siuop_reading siuop_choice_own(const struct siuop_manner *m, const char *text, size_t len, const siuo_item *item)
{
  struct reply r;
  size_t from = 0;
  size_t to = 0;
  int options = 0;
  int opened = siuop_open_reply(m, text, len, &from, &to);
  if (opened != SIUO_OUTCOME_PARSED)
    return ended(opened);
  siuop_text_init_range(&r.start, text, from, to, 1);
  r.item = item;
  r.letters = item == NULL ? 4 : (int)siuo_item_option_count(item);
  struct siuop_reading reading = last_phrase(&r);
  if (reading.outcome != SIUO_OUTCOME_UNPARSED)
    return reading;
  reading = quoted_option(&r, &options);
  if (options > 0)
    return reading;
  reading = letter_first(&r);
  if (reading.outcome == SIUO_OUTCOME_UNPARSED)
    reading = only_letter(&r);
  if (reading.outcome == SIUO_OUTCOME_UNPARSED && siuop_is_refusal(text, from, to))
    reading.outcome = SIUO_OUTCOME_REFUSED;
  return reading;
}
