/* judge_label.c: labels, and whether what stands behind one leaves it as it is. */
#include "judge_verdict.h"

#include "judge_dress.h"
#include "utf8.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* ---- words ---- */

/* Steps over a joint. Camel case joins words without one. */
static int take_joint(siuop_text *t)
{
  if (!siuop_is_joint(t->current))
    return t->previous >= 'a' && t->previous <= 'z' && t->current >= 'A' && t->current <= 'Z';
  while (siuop_is_joint(t->current))
    siuop_text_next(t);
  return 1;
}

/* Steps over white space; whether nothing else was left. */
static int ends_here(siuop_text *t)
{
  siuop_text_skip_space(t);
  return t->current == SIUOP_TEXT_END;
}

int siuop_take_words(siuop_text *t, const struct siuop_field *words)
{
  for (size_t at = 0, used = 1; at < words->len; at += used) {
    int32_t c = (unsigned char)words->s[at];
    used = 1;
    if (c >= 0x80)
      c = siuop_utf8_decode(words->s + at, words->len - at, &used, NULL);
    if (c == ' ' && take_joint(t))
      continue;
    if (siuop_ascii_lower(t->current) != siuop_ascii_lower(c))
      return ends_here(t) ? SIUOP_LABEL_CUT : SIUOP_LABEL_NONE;
    siuop_text_next(t);
  }
  return SIUOP_LABEL_CERTAIN;
}

/* Whether words may begin with that code point, in lower case: the quick look before siuop_take_words(). */
static int may_begin_label(int32_t c, const struct siuop_field *words)
{
  unsigned char first = (unsigned char)words->s[0];
  return first >= 0x80 ? c >= 0x80 : c == siuop_ascii_lower(first);
}

/* ---- headings ---- */

/* "Reasons:" or "Safety Judgement:" at t: the next part of the reply. */
static int is_heading(const siuop_text *at)
{
  static const char *const words[] = {
      "reasons",       "reason",   "reasoning",  "explanation",   "rationale",  "analysis",  "note",
      "justification", "comment",  "summary",    "conclusion",    "confidence", "score",     "category",
      "verdict",       "response", "evaluation", "effectiveness", "safety",     "judgement", "judgment"};
  siuop_text t;
  if (at->current < 'A' || at->current > 'Z')
    return 0;
  siuop_copy_place(&t, at);
  for (int room = 3; room > 0 && siuop_take_word(&t, words, COUNT(words)) < COUNT(words); room--)
    for (int dress = 4; dress > 0 && t.current != '\n'; dress--) {
      if (t.current == ':')
        return 1;
      if (!siuop_take_dress_in_line(&t))
        break;
    }
  return 0;
}

/* ---- one label ---- */

/* A word that goes on is another word, but for a heading glued to the label. */
static int ends_label(const siuop_text *t)
{
  if (t->current != '_')
    return !siuop_goes_on(t->current) || is_heading(t);
  siuop_text ahead;
  siuop_copy_place(&ahead, t);
  siuop_text_next(&ahead);
  return !siuop_goes_on(ahead.current);
}

int siuop_take_label(siuop_text *t, const struct siuop_rubric *rubric, int *value)
{
  siuop_text after, longest;
  size_t length = 0;
  int found = SIUOP_LABEL_NONE;
  int32_t first = siuop_ascii_lower(t->current);
  if (t->current == SIUOP_TEXT_END)
    return SIUOP_LABEL_CUT;
  for (size_t i = 0; i < rubric->label_count; i++) {
    const struct siuop_rubric_label *each = &rubric->labels[i];
    if (!may_begin_label(first, &each->text) || each->text.len <= length)
      continue;
    siuop_copy_place(&after, t);
    int taken = siuop_take_words(&after, &each->text);
    if (taken == SIUOP_LABEL_CERTAIN && ends_label(&after)) {
      found = taken;
      length = each->text.len;
      *value = each->value;
      siuop_copy_place(&longest, &after);
    } else if (taken == SIUOP_LABEL_CUT && found == SIUOP_LABEL_NONE) {
      found = taken;
    }
  }
  if (found == SIUOP_LABEL_CERTAIN)
    siuop_copy_place(t, &longest);
  return found;
}

static int is_quote(int32_t c)
{
  return c == '"' || c == '\'' || c == 0x201C || c == 0x201D;
}

/* Whether the quoted label before `after` is a key: "safe": false. `before` stood before the label. */
static int is_key(int32_t before, const siuop_text *after)
{
  siuop_text t;
  if (!is_quote(before) || !is_quote(after->current))
    return 0;
  siuop_copy_place(&t, after);
  siuop_text_next(&t);
  while (siuop_is_blank(t.current))
    siuop_text_next(&t);
  return t.current == ':';
}

/* ---- several labels ---- */

#define JOINED_BY_DRESS 0
#define JOINED_BY_SLASH 1
#define JOINED_BY_OR    2

static void skip_dress_in_line(siuop_text *t)
{
  while (siuop_take_dress_in_line(t))
    ;
}

/* Steps over what may join one label to another. */
static int take_between(siuop_text *t)
{
  static const char *const words[] = {"or", "and"};
  skip_dress_in_line(t);
  size_t word = siuop_take_word(t, words, COUNT(words));
  int slash = word == COUNT(words) && siuop_text_take(t, "/", 0);
  if (!slash && word == COUNT(words) && !siuop_text_take(t, ",", 0))
    siuop_text_take(t, ";", 0);
  skip_dress_in_line(t);
  return word == 0 ? JOINED_BY_OR : slash ? JOINED_BY_SLASH : JOINED_BY_DRESS;
}

/* Steps over further labels of that value. SIUOP_LABEL_NONE if one of another value stands beside it, CUT if the text
 * ends where the alternative would stand. */
static int take_same(siuop_text *t, const struct siuop_rubric *rubric, int value)
{
  while (t->current != SIUOP_TEXT_END && !siuop_is_line_end(t->current)) {
    siuop_text ahead;
    int other = 0;
    siuop_copy_place(&ahead, t);
    int joined = take_between(&ahead);
    int32_t before = ahead.previous;
    int at_end = ahead.current == SIUOP_TEXT_END; /* behind a slash that of an empty tag: <reply judgement="True"/> */
    int found = siuop_take_label(&ahead, rubric, &other);
    if (found == SIUOP_LABEL_CUT && (joined == JOINED_BY_OR || (joined == JOINED_BY_SLASH && !at_end)))
      return SIUOP_LABEL_CUT;
    if (found != SIUOP_LABEL_CERTAIN || is_key(before, &ahead))
      return SIUOP_LABEL_CERTAIN;
    if (other != value)
      return SIUOP_LABEL_NONE;
    siuop_copy_place(t, &ahead);
  }
  return SIUOP_LABEL_CERTAIN;
}

/* Whether the next line is nothing but a label of another value: a list to choose from. */
static int is_listed(const siuop_text *after, const struct siuop_rubric *rubric, int value)
{
  siuop_text t;
  int other = value;
  siuop_copy_place(&t, after);
  while (siuop_take_stop(&t) || siuop_take_dress_in_line(&t))
    ;
  if (!siuop_is_line_end(t.current))
    return 0;
  while (siuop_take_dress(&t) || siuop_take_enumerator(&t))
    ;
  if (siuop_take_label(&t, rubric, &other) != SIUOP_LABEL_CERTAIN || other == value)
    return 0;
  while (siuop_take_stop(&t) || siuop_take_dress_in_line(&t))
    ;
  return t.current == SIUOP_TEXT_END || siuop_is_line_end(t.current);
}

/* ---- doubt ---- */

/* What stands between a label and the next word of its line. */
struct behind {
  int emphasis; /* closing quotation marks, asterisks and the like */
  int stop;     /* other dress, or punctuation */
};

static int is_emphasis(int32_t c)
{
  return c == '*' || c == '_' || c == '`' || is_quote(c) || c == 0x2019;
}

/* Steps to the next word; 0 if the sentence ends before it, or with a question mark: *asked. */
static int skip_behind(siuop_text *t, struct behind *behind, int *asked)
{
  for (;;) {
    int32_t c = t->current;
    *asked = c == '?';
    if (c == SIUOP_TEXT_END || c == '?' || c == '.' || c == '!' || c == 0x3002 || siuop_is_line_end(c))
      return 0;
    if (siuop_goes_on(c))
      return 1;
    if (is_emphasis(c))
      behind->emphasis = 1;
    else if (!siuop_is_blank(c) && !siuop_is_invisible(c))
      behind->stop = 1;
    if (!siuop_take_dress(t))
      siuop_text_next(t);
  }
}

/* "Safe-ish", "True's": the label is the beginning of another word. */
static int is_compound(const siuop_text *after)
{
  siuop_text t;
  int32_t c = after->current;
  if (c != '-' && c != 0x2010 && c != '\'' && c != 0x2019)
    return 0;
  siuop_copy_place(&t, after);
  siuop_text_next(&t);
  return siuop_goes_on(t.current);
}

static int is_doubtful(const siuop_text *after)
{
  static const char *const doubt[] = {"but", "if", "unless", "except", "only", "though", "as long as"};
  static const char *const cause[] = {"because", "since", "as", "due", "given"};
  struct behind behind = {0, 0};
  int asked = 0;
  siuop_text t;
  if (is_compound(after))
    return 1;
  siuop_copy_place(&t, after);
  if (siuop_goes_on(t.current) || !skip_behind(&t, &behind, &asked))
    return asked; /* a heading glued to it, or nothing more */
  if (siuop_take_word(&t, doubt, COUNT(doubt)) < COUNT(doubt))
    return 1;
  if (behind.stop || siuop_take_word(&t, cause, COUNT(cause)) < COUNT(cause) || is_heading(&t))
    return 0;
  return !behind.emphasis || (t.current >= 'a' && t.current <= 'z');
}

/* ---- the label ---- */

int siuop_read_label(siuop_text *t, const struct siuop_rubric *rubric, struct siuop_label *label)
{
  int32_t before = t->previous;
  label->begin = t->begin;
  int found = siuop_take_label(t, rubric, &label->value);
  if (found != SIUOP_LABEL_CERTAIN)
    return found;
  label->end = siuop_place_after(t);
  if (t->current == SIUOP_TEXT_END)
    return found;
  if (is_key(before, t))
    return SIUOP_LABEL_NONE;
  found = take_same(t, rubric, label->value);
  if (found == SIUOP_LABEL_CERTAIN && is_listed(t, rubric, label->value))
    return SIUOP_LABEL_NONE;
  return found == SIUOP_LABEL_CERTAIN && is_doubtful(t) ? SIUOP_LABEL_DOUBTFUL : found;
}
