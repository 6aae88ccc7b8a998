/* choice_window.c: the token being looked at, some before and behind it, and copies of options set apart. */
#include "choice.h"

#include <string.h>

static const struct siuop_token line_end = {.kind = SIUOP_TOKEN_LINE, .spaced = 1};
static const struct siuop_token unseen = {.kind = SIUOP_TOKEN_COMMAND};

void siuop_choice_open(struct siuop_choice_window *w, const char *text, size_t from, size_t to, const siuo_item *item)
{
  w->text = text;
  w->from = from;
  w->to = to;
  w->item = item;
  w->letters = item == NULL ? 4 : (int)siuo_item_option_count(item);
  w->made = w->at = w->word = 0;
  siuop_words_init(&w->words, text, from, to);
  siuop_copies_init(&w->copies, item == NULL ? NULL : item->copies, (size_t)w->letters, text, from, to);
}

/* Goes on over the words of a copy; the token is the first of them and becomes all of them. */
static void pass_copy(struct siuop_choice_window *w, struct siuop_token *token, size_t words)
{
  struct siuop_token next = *token;
  for (size_t n = 1; n < words && next.kind != SIUOP_TOKEN_END;) {
    siuop_words_next(&w->words, &next);
    if (next.kind != SIUOP_TOKEN_WORD)
      continue;
    token->end = next.end;
    n++;
  }
  token->kind = SIUOP_TOKEN_COPY;
}

static void make(struct siuop_choice_window *w)
{
  struct siuop_token *token = &w->ring[w->made++ % SIUOP_CHOICE_RING];
  siuop_words_next(&w->words, token);
  token->phrase = siuop_choice_lexicon_size;
  if (token->kind != SIUOP_TOKEN_WORD)
    return;
  token->phrase = siuop_choice_lexicon_find(token->text);
  uint32_t letters = 0;
  size_t words = siuop_copies_at(&w->copies, w->word, &letters);
  w->word += words > 0 ? words : 1;
  if (words == 0)
    return;
  pass_copy(w, token, words);
  token->letters = letters;
}

const struct siuop_token *siuop_choice_token(struct siuop_choice_window *w, int k)
{
  if (k > SIUOP_CHOICE_AHEAD || k < -SIUOP_CHOICE_BACK)
    return &unseen;
  if (k < 0 && w->at < (size_t)-k)
    return &line_end;
  size_t number = k < 0 ? w->at - (size_t)-k : w->at + (size_t)k;
  while (w->made <= number)
    make(w);
  return &w->ring[number % SIUOP_CHOICE_RING];
}

/* ---- words and phrases ---- */

/* How many tokens from k on are the phrase. */
static int phrase_at(struct siuop_choice_window *w, int k, const char *phrase)
{
  int n = 0;
  for (const char *at = phrase; *at != '\0'; n++) {
    const struct siuop_token *token = siuop_choice_token(w, k + n);
    size_t size = strlen(token->text);
    if (token->kind != SIUOP_TOKEN_WORD || strncmp(token->text, at, size) != 0)
      return 0;
    if (n > 0 && !token->spaced == (at[-1] == ' '))
      return 0;
    at += size;
    at += *at == ' ';
  }
  return n;
}

/* The longest phrase at k that says one of these; with exactly > 0: one of just as many tokens. */
static int find_phrase(struct siuop_choice_window *w, int k, uint32_t says, int exactly)
{
  const struct siuop_token *first = siuop_choice_token(w, k);
  int longest = 0;
  if (first->kind != SIUOP_TOKEN_WORD)
    return 0;
  size_t size = strlen(first->text);
  for (size_t i = first->phrase; i < siuop_choice_lexicon_size; i++) {
    const struct siuop_choice_entry *phrase = &siuop_choice_lexicon[i];
    if (strncmp(phrase->text, first->text, size) != 0)
      break;
    if (first->first < 0x0E00 && phrase->text[size] != '\0' && phrase->text[size] != ' ')
      break; /* longer words */
    int n = (phrase->says & says) != 0 ? phrase_at(w, k, phrase->text) : 0;
    if (n > longest && (exactly == 0 || n == exactly))
      longest = n;
  }
  return longest;
}

int siuop_choice_phrase(struct siuop_choice_window *w, int k, uint32_t says)
{
  return find_phrase(w, k, says, 0);
}

#define PHRASE_MOST 5 /* tokens of the longest phrase */

int siuop_choice_phrase_before(struct siuop_choice_window *w, int k, uint32_t says)
{
  for (int n = PHRASE_MOST; n > 0; n--)
    if (find_phrase(w, k - n, says, n) > 0)
      return n;
  return 0;
}

int siuop_choice_sign(struct siuop_choice_window *w, int k, int32_t sign)
{
  const struct siuop_token *token = siuop_choice_token(w, k);
  return token->kind == SIUOP_TOKEN_SIGN && token->first == sign;
}
