/* judge_taken_back.c: a sentence that takes a verdict back. */
#include "judge_verdict.h"

#include "judge_dress.h"
#include "utf8.h"

#include <string.h>

/* How such a sentence begins; lower case. "no" needs its colon. */
static const char *const beginnings[] = {"wait", "actually", "on reflection", "on second thought", "correction",
                                         "no:",  "hold on",  "scratch that",  "let me correct",    "i take that back",
                                         "hmm"};

/* How far the sentence is read, in bytes. */
#define REACH 200

#define END_COUNT 4

/* Where each of the signs that end a sentence stands next. */
struct ends {
  size_t next[END_COUNT];
};

/* The byte behind the next end of a sentence from byte `at` on, or `to`. */
static size_t next_sentence(struct ends *ends, const char *text, size_t at, size_t to)
{
  static const char signs[END_COUNT] = {'.', '!', '?', '\n'};
  size_t first = to;
  for (int i = 0; i < END_COUNT; i++) {
    if (ends->next[i] < at) {
      const char *found = memchr(text + at, signs[i], to - at);
      ends->next[i] = found == NULL ? to : (size_t)(found - text);
    }
    if (ends->next[i] < first)
      first = ends->next[i];
  }
  return first < to ? first + 1 : to;
}

static size_t skip_to_letter(const char *text, size_t at, size_t to)
{
  while (at < to && !siuop_is_ascii_letter((unsigned char)text[at]))
    at++;
  return at;
}

/* Behind the words that begin such a sentence at byte `at`; 0 if there are none. */
static size_t skip_beginning(const char *text, size_t at, size_t to)
{
  int first = at < to ? siuop_ascii_lower((unsigned char)text[at]) : 0;
  for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
    const char *words = beginnings[i];
    size_t end = at;
    if (words[0] != first)
      continue;
    while (*words != '\0' && end < to && siuop_ascii_lower((unsigned char)text[end]) == *words) {
      words++;
      end++;
    }
    if (*words == '\0' && (end == to || !siuop_is_ascii_letter((unsigned char)text[end])))
      return end;
  }
  return 0;
}

/* Whether a label of another value stands in bytes from…to as a word. */
static int holds_other_label(const char *text, size_t from, size_t to, const struct siuop_rubric *rubric, int value)
{
  siuop_text t;
  siuop_text_init_range(&t, text, from, to, 1);
  while (t.current != SIUOP_TEXT_END) {
    int other = value;
    if (siuop_goes_on(t.previous) || siuop_take_label(&t, rubric, &other) != SIUOP_LABEL_CERTAIN)
      siuop_text_next(&t);
    else if (other != value)
      return 1;
  }
  return 0;
}

int siuop_is_taken_back(const char *text, size_t from, size_t to, const struct siuop_rubric *rubric, int value)
{
  struct ends ends = {{0, 0, 0, 0}};
  for (size_t at = from; at < to;) {
    size_t words = skip_to_letter(text, at, to);
    size_t rest = skip_beginning(text, words, to);
    if (rest != 0)
      words = rest = skip_to_letter(text, rest, to); /* "Wait. False." */
    at = next_sentence(&ends, text, words, to);
    if (rest != 0 && holds_other_label(text, rest, at - rest > REACH ? rest + REACH : at, rubric, value))
      return 1;
  }
  return 0;
}
