/* judge_choice.c: a model's choice under the standard rules: the first level that finds something decides.
 * docs/reading.md. */
#include "choice.h"

#include "utf8.h"

/* ---- what a level finds ---- */

void siuop_choice_found_clear(struct siuop_choice_found *f)
{
  *f = (struct siuop_choice_found){{SIUO_OUTCOME_UNPARSED, 0, 0, 0}, 0};
}

void siuop_choice_found_none(struct siuop_choice_found *f)
{
  *f = (struct siuop_choice_found){{SIUO_OUTCOME_UNPARSED, 0, 0, 0}, 1};
}

void siuop_choice_found_letter(struct siuop_choice_found *f, int letter, size_t begin, size_t end)
{
  *f = (struct siuop_choice_found){{SIUO_OUTCOME_PARSED, letter, begin, end}, 1};
}

void siuop_choice_found_conflict(struct siuop_choice_found *f)
{
  *f = (struct siuop_choice_found){{SIUO_OUTCOME_CONFLICT, 0, 0, 0}, 1};
}

/* ---- the walk ---- */

struct walk {
  struct siuop_choice_window window;
  struct siuop_choice_clause clause;
  struct siuop_choice_lines lines;
  struct siuop_choice_found opening;
  struct siuop_choice_explicit phrases;
  struct siuop_choice_affirmed affirmed;
  size_t end; /* where the reply ends, or a made-up next question begins */
};

/* Whether one of the options is itself the letter of an option: "A", "(c)". */
static int has_letters_as_texts(const siuo_item *item)
{
  for (size_t i = 0; item != NULL && item->copies != NULL && i < item->option_count; i++)
    if (item->copies[i].letter != 0 && item->copies[i].letter < 'A' + (int)item->option_count)
      return 1;
  return 0;
}

static void walk_begin(struct walk *k, const char *text, size_t from, size_t to, const siuo_item *item)
{
  siuop_choice_open(&k->window, text, from, to, item);
  siuop_choice_clause_begin(&k->clause);
  siuop_choice_found_clear(&k->opening);
  siuop_choice_found_clear(&k->phrases.found);
  siuop_choice_lines_begin(&k->lines, from);
  k->phrases.strict = has_letters_as_texts(item);
  k->phrases.answered = 0;
  k->phrases.several = 0;
  k->phrases.since = 0;
  k->affirmed = (struct siuop_choice_affirmed){0};
  k->end = to;
}

/* What a letter chose that turns out to open a list. */
static void drop_listed(struct siuop_choice_found *f, const struct siuop_choice_lines *l)
{
  if (f->decides && f->reading.end > 0 && f->reading.begin == l->found)
    siuop_choice_found_clear(f);
}

static void walk_over(struct walk *k)
{
  struct siuop_choice_window *w = &k->window;
  siuop_choice_opening_first(&k->opening, w);
  k->phrases.answered = k->opening.decides;
  for (; siuop_choice_token(w, 0)->kind != SIUOP_TOKEN_END; w->at++) {
    if (siuop_choice_next_question(&k->phrases, w, &k->clause)) {
      k->end = siuop_choice_token(w, 0)->begin;
      return;
    }
    siuop_choice_lines_step(&k->lines, w, &k->clause);
    drop_listed(&k->opening, &k->lines);
    drop_listed(&k->phrases.found, &k->lines); /* Answer: A. one B. two */
    siuop_choice_explicit_step(&k->phrases, w, &k->clause);
    if (!k->phrases.strict)
      siuop_choice_affirmed_step(&k->affirmed, w, &k->clause);
    siuop_choice_clause_step(&k->clause, w);
  }
}

/* The first level that found something. */
static struct siuop_choice_found decide(struct walk *k)
{
  struct siuop_choice_window *w = &k->window;
  struct siuop_choice_found found;
  if (k->phrases.found.decides)
    return k->phrases.found;
  siuop_choice_opening_read(&k->opening, &k->lines, w, k->end);
  if (k->opening.decides || k->phrases.strict)
    return k->opening;
  found = k->opening;
  siuop_choice_affirmed_read(&k->affirmed, &found);
  if (!found.decides)
    siuop_choice_alone_read(&found, &k->lines, w, k->end);
  return found;
}

struct siuop_reading siuop_choice_standard(const char *text, size_t len, const siuo_item *item)
{
  return siuop_choice_own(&siuop_standard_manner, text, len, item);
}

struct siuop_reading siuop_choice_own(const struct siuop_manner *m, const char *text, size_t len, const siuo_item *item)
{
  struct walk k;
  size_t from = 0, to = len;
  int opened = siuop_open_reply(m, text, len, &from, &to);
  if (opened != SIUO_OUTCOME_PARSED)
    return (struct siuop_reading){opened, 0, 0, 0};
  walk_begin(&k, text, from, to, item);
  walk_over(&k);
  struct siuop_choice_found found = decide(&k);
  if (!found.decides && siuop_is_refusal(text, from, to))
    found.reading.outcome = SIUO_OUTCOME_REFUSED;
  return found.reading;
}
