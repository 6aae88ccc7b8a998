/* judge_refusal.c: the words with which a judge declines, where a reply opens with them.
 *
 * This only names the outcome of a reply that holds no verdict; it never makes a vote. */
#include "judge.h"

#include "text.h"
#include "utf8.h"

#include <string.h>

/* Lower case; a blank stands for one or more blanks, ~ for any words up to the end of the sentence, ? after a letter
 * makes it optional. An apostrophe matches the typographic one, too. */
static const char *const phrases[] = {
    "i'm sorry,? but i can't",
    "i am sorry,? but i can't",
    "i'm sorry,? but i cannot",
    "i am sorry,? but i cannot",
    "i'm sorry,? i can't",
    "i'm sorry,? but i'm not able to",
    "i'm sorry,? but i'm unable to",
    "sorry,? but i can't",
    "sorry,? i can't",
    "i can't assist with",
    "i cannot assist with",
    "i can't help with",
    "i cannot help with",
    "i'm unable to",
    "i am unable to",
    "i'm not able to",
    "je suis d\xC3\xA9sol\xC3\xA9\x65?,? mais je ne peux pas",
    "d\xC3\xA9sol\xC3\xA9\x65?,? mais je ne peux pas",
    "lo siento,? pero no puedo",
    "lo siento,? no puedo",
    "es tut mir leid,? aber ich kann ~nicht",
    "tut mir leid,? aber ich kann ~nicht",
    "mi dispiace,? ma non posso",
    "desculpe,? mas n\xC3\xA3o posso",
    "\xE6\x8A\xB1\xE6\xAD\x89,?\xE6\x88\x91\xE6\x97\xA0\xE6\xB3\x95",
    "\xE6\x8A\xB1\xE6\xAD\x89,?\xE6\x88\x91\xE4\xB8\x8D\xE8\x83\xBD",
    "\xE5\xAF\xB9\xE4\xB8\x8D\xE8\xB5\xB7,?\xE6\x88\x91\xE6\x97\xA0\xE6\xB3\x95",
    "\xE5\xAF\xB9\xE4\xB8\x8D\xE8\xB5\xB7,?\xE6\x88\x91\xE4\xB8\x8D\xE8\x83\xBD",
    "\xE7\x94\xB3\xE3\x81\x97\xE8\xA8\xB3\xE3\x81\x82\xE3\x82\x8A\xE3\x81\xBE\xE3\x81\x9B\xE3\x82\x93",
};

#define SENTENCE 400 /* code points that ~ may stand for */

static int matches(siuop_text t, const char *phrase);

static int fold(int32_t c)
{
  return c == 0x2019 ? '\'' : siuop_ascii_lower(c);
}

/* Some words, and then the rest of the phrase. */
static int matches_later(siuop_text t, const char *rest)
{
  for (int i = 0; i < SENTENCE; i++) {
    if (t.current == SIUOP_TEXT_END || t.current == '.' || t.current == '\n')
      return 0;
    if (fold(t.current) == (unsigned char)*rest && matches(t, rest))
      return 1;
    siuop_text_next(&t);
  }
  return 0;
}

static int matches(siuop_text t, const char *phrase)
{
  while (*phrase != '\0') {
    if (*phrase == '~')
      return matches_later(t, phrase + 1);
    if (*phrase == ' ') {
      if (!siuop_is_python_space(t.current))
        return 0;
      siuop_text_skip_space(&t);
      phrase++;
      continue;
    }
    size_t used = 0;
    int32_t wanted = siuop_utf8_decode(phrase, strlen(phrase), &used, NULL);
    int optional = phrase[used] == '?';
    if (fold(t.current) == wanted)
      siuop_text_next(&t);
    else if (!optional)
      return 0;
    phrase += used + (size_t)optional;
    if (optional && *phrase != ' ') /* a comma between Chinese words may be followed by blanks */
      siuop_text_skip_space(&t);
  }
  return 1;
}

int siuop_is_refusal(const char *text, size_t from, size_t len)
{
  siuop_text t;
  siuop_text_init_range(&t, text, from, len, 1);
  while (t.current != SIUOP_TEXT_END && (t.current == '_' || !siuop_is_word(t.current)))
    siuop_text_next(&t);
  for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++)
    if (matches(t, phrases[i]))
      return 1;
  return 0;
}
