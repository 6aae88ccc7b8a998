/* judge_marker.c: markers: "Safety Judgement", "effectiveness_judgment", a protocol's own. */
#include "judge_verdict.h"

#include "judge_dress.h"
#include "utf8.h"

#include <string.h>

/* ---- misspelt words ---- */

#define WORD_MOST 15

/* Steps over a word of ASCII letters; in lower case into `word`. Its length, or 0 if it is longer than any of ours. */
static size_t take_letters(siuop_text *t, char word[WORD_MOST])
{
  size_t length = 0;
  for (; siuop_is_ascii_letter(t->current); siuop_text_next(t)) {
    if (length == WORD_MOST)
      return 0;
    word[length++] = (char)siuop_ascii_lower(t->current);
  }
  return length;
}

/* Whether a word is the wanted one, but for one letter after the first: wrong, missing, or in its neighbour's place. */
static int is_near(const char *word, size_t length, const char *wanted)
{
  size_t full = strlen(wanted), same = 0;
  while (same < length && word[same] == wanted[same])
    same++;
  if (same == 0 || length > full || length + 1 < full)
    return 0;
  const char *rest = word + same, *other = wanted + same;
  size_t left = length - same;
  if (length + 1 == full)
    return memcmp(rest, other + 1, left) == 0;
  return left < 2 || memcmp(rest + 1, other + 1, left - 1) == 0 ||
         (rest[0] == other[1] && rest[1] == other[0] && memcmp(rest + 2, other + 2, left - 2) == 0);
}

/* ---- the standard markers ---- */

/* "judgement" or "judgment", singular or plural, in any case. */
static int take_judgement(siuop_text *t)
{
  char word[WORD_MOST];
  if (siuop_ascii_lower(t->current) != 'j')
    return 0;
  if (siuop_text_take(t, "judgement", 1)) { /* as it is spelt nearly always */
    siuop_text_take(t, "s", 1);
    return !siuop_goes_on(t->current);
  }
  size_t length = take_letters(t, word);
  if (siuop_goes_on(t->current))
    return 0;
  if (is_near(word, length, "judgement") || is_near(word, length, "judgment"))
    return 1;
  return length > 0 && word[length - 1] == 's' &&
         (is_near(word, length - 1, "judgement") || is_near(word, length - 1, "judgment"));
}

/* The rubric's name as it is spelt, also right before "judgement". */
static int take_name(siuop_text *t, const char *const *names)
{
  for (; *names != NULL; names++)
    if (siuop_text_take(t, *names, 1))
      return 1;
  return 0;
}

static int take_misspelt_name(siuop_text *t, const char *const *names)
{
  char word[WORD_MOST];
  size_t length = take_letters(t, word);
  for (; siuop_is_joint(t->current) && *names != NULL; names++)
    if (is_near(word, length, *names))
      return 1;
  return 0;
}

static int take_named(siuop_text *t, const struct siuop_rubric_words *words)
{
  siuop_text ahead;
  for (int misspelt = 0; misspelt < 2; misspelt++) {
    siuop_copy_place(&ahead, t);
    if (!(misspelt ? take_misspelt_name(&ahead, words->names) : take_name(&ahead, words->names)))
      continue;
    while (siuop_is_joint(ahead.current))
      siuop_text_next(&ahead);
    if (!take_judgement(&ahead))
      continue;
    siuop_copy_place(t, &ahead);
    return 1;
  }
  return 0;
}

static int take_unnamed(siuop_text *t)
{
  siuop_text ahead;
  if (siuop_ascii_lower(t->current) != 'j')
    return 0;
  siuop_copy_place(&ahead, t);
  if (!take_judgement(&ahead))
    return 0;
  siuop_copy_place(t, &ahead);
  return 1;
}

int siuop_take_marker(siuop_text *t, const struct siuop_rubric_words *words)
{
  if (words->names == NULL)
    return 0;
  return siuop_ascii_lower(t->current) == words->names[0][0] ? take_named(t, words) : take_unnamed(t);
}

/* One of the protocol's own markers. */
static int take_own(siuop_text *t, const struct siuop_rubric *own)
{
  siuop_text ahead;
  for (size_t i = 0; i < own->marker_count; i++) {
    unsigned char first = (unsigned char)own->markers[i].s[0];
    if (first < 0x80 && siuop_ascii_lower(first) != siuop_ascii_lower(t->current))
      continue;
    siuop_copy_place(&ahead, t);
    if (siuop_take_words(&ahead, &own->markers[i]) != SIUOP_LABEL_CERTAIN || siuop_goes_on(ahead.current))
      continue;
    siuop_copy_place(t, &ahead);
    return 1;
  }
  return 0;
}

/* ---- what stands before ---- */

/* "Judgement" alone is a marker unless another word names its rubric: "Helpfulness Judgement", "**Final** judgement".
 */
#define BEFORE_OTHER  0
#define BEFORE_WORD   1
#define BEFORE_JOINT  2 /* a word, and what ties it to the next: "_", "-", closing asterisks */
#define BEFORE_SPACES 3 /* a word, and blanks */
#define BEFORE_GAP    4 /* closing asterisks, and blanks: "**Helpfulness** **Judgement**" */

static int ties_words(int32_t c)
{
  return c == '_' || c == '-' || c == '*' || c == '`' || c == '"' || c == '\'';
}

static int before_next(int before, int32_t c)
{
  if (siuop_goes_on(c))
    return BEFORE_WORD;
  if (before == BEFORE_OTHER)
    return BEFORE_OTHER;
  if (siuop_is_blank(c))
    return before == BEFORE_WORD || before == BEFORE_SPACES ? BEFORE_SPACES : BEFORE_GAP;
  if (!ties_words(c) || before == BEFORE_SPACES || (c == '-' && before != BEFORE_WORD))
    return BEFORE_OTHER;
  return before == BEFORE_GAP ? BEFORE_GAP : BEFORE_JOINT;
}

static void walk(struct siuop_markers *m)
{
  m->before = before_next(m->before, m->t.current);
  siuop_text_next(&m->t);
}

/* ---- leaping ---- */

/* Where the byte stands next from `at` on, if that isn't known to be at `known`. */
static size_t find_byte(const siuop_text *t, size_t at, char byte, size_t known)
{
  if (known >= at && known != 0)
    return known;
  const char *found = at < t->len ? memchr(t->s + at, byte, t->len - at) : NULL;
  return found == NULL ? t->len : (size_t)(found - t->s);
}

/* Over eight bytes at a time that are ASCII without "j" and "J". */
static size_t leap_over_plain(const char *s, size_t at, size_t len)
{
  const uint64_t ones = UINT64_C(0x0101010101010101);
  for (; at + 8 <= len; at += 8) {
    uint64_t bytes;
    memcpy(&bytes, s + at, sizeof bytes);
    uint64_t zero_at_j = (bytes | ones * 0x20) ^ (ones * 'j');
    if ((((zero_at_j - ones) | bytes) & ones * 0x80) != 0)
      break;
  }
  return at;
}

/* The next byte that a "j" could come from: nowhere else is a standard marker. */
static size_t next_hot(struct siuop_markers *m)
{
  const siuop_text *t = &m->t;
  if (t->ascii) {
    m->small_j = find_byte(t, t->begin, 'j', m->small_j);
    m->capital_j = find_byte(t, t->begin, 'J', m->capital_j);
    return m->small_j < m->capital_j ? m->small_j : m->capital_j;
  }
  size_t at = leap_over_plain(t->s, t->begin, t->len);
  while (at < t->len && (unsigned char)t->s[at] < 0x80 && (t->s[at] | 0x20) != 'j')
    at++;
  return at;
}

static int is_ascii_alnum(char c)
{
  return (unsigned char)c < 0x80 && siuop_goes_on(c);
}

/* Back from a byte over its word, what ties it, and the word before: "safety_j" begins at its "s". ASCII. */
static size_t back_two_words(const char *s, size_t least, size_t at)
{
  while (at > least && is_ascii_alnum(s[at - 1]))
    at--;
  while (at > least && (siuop_is_joint((unsigned char)s[at - 1]) || ties_words(s[at - 1])))
    at--;
  while (at > least && is_ascii_alnum(s[at - 1]))
    at--;
  return at;
}

/* Leaps over ASCII text that holds no marker: most of a reply. */
static void leap(struct siuop_markers *m)
{
  siuop_text *t = &m->t;
  size_t hot = next_hot(m);
  m->walk_to = hot + 1;
  size_t to = hot < t->len ? back_two_words(t->s, t->begin, hot) : hot;
  if (t->at > 0 || to < t->end)
    return; /* a segment is read to its end */
  t->next = to;
  t->count = 0;
  siuop_text_next(t);
  m->before = BEFORE_OTHER;
}

/* ---- from marker to marker ---- */

void siuop_markers_init(struct siuop_markers *m, const struct siuop_rubric_words *words, const siuop_text *reply)
{
  m->words = words;
  m->begin = m->walk_to = reply->begin;
  m->small_j = m->capital_j = 0;
  m->before = BEFORE_OTHER;
  siuop_copy_place(&m->t, reply);
}

/* A name glued to the word before it begins with a capital behind a small letter: "TrueSafety Judgement". */
static int is_glued(const siuop_text *t)
{
  return t->previous >= 'a' && t->previous <= 'z' && t->current >= 'A' && t->current <= 'Z';
}

static int take_marker(struct siuop_markers *m)
{
  if (m->words->names == NULL)
    return m->before != BEFORE_WORD && take_own(&m->t, m->words->rubric);
  int32_t c = siuop_ascii_lower(m->t.current);
  if (c == m->words->names[0][0])
    return (m->before != BEFORE_WORD || is_glued(&m->t)) && siuop_take_marker(&m->t, m->words);
  return c == 'j' && m->before == BEFORE_OTHER && siuop_take_marker(&m->t, m->words);
}

int siuop_next_marker(struct siuop_markers *m)
{
  while (m->t.current != SIUOP_TEXT_END) {
    if (m->t.begin >= m->walk_to && m->words->names != NULL)
      leap(m);
    m->begin = m->t.begin;
    if (take_marker(m)) {
      m->before = BEFORE_WORD;
      return 1;
    }
    walk(m);
  }
  return 0;
}

void siuop_markers_resume(struct siuop_markers *m)
{
  m->before = siuop_goes_on(m->t.previous) ? BEFORE_WORD : BEFORE_OTHER;
}
