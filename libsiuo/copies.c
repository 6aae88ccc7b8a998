/* copies.c: where a reply holds the text of one of its item's options. */
#include "copies.h"

#include "dataset.h"

#include <siuo/error.h>

#include <string.h>

/* Shorter texts are words like any other; and so are shorter beginnings that the text's end cuts off. */
#define LEAST_WORDS     2
#define LEAST_BEGINNING 3

/* ---- tables ---- */

static int next_word(struct siuop_words *w, struct siuop_token *token)
{
  do
    siuop_words_next(w, token);
  while (token->kind != SIUOP_TOKEN_WORD && token->kind != SIUOP_TOKEN_END);
  return token->kind == SIUOP_TOKEN_WORD;
}

/* Whether a question mark ends the text up to this token, signs behind it apart. */
static int asks_after(int asked, const struct siuop_token *token)
{
  if (token->kind == SIUOP_TOKEN_WORD)
    return 0;
  return asked || (token->kind == SIUOP_TOKEN_SIGN && token->first == '?');
}

/* What one walk over an option's text finds; the array serves one option after another. */
struct reading {
  uint64_t *sums;
  size_t count, capacity;
  int asks;
};

static int read_text(siuo_ctx *ctx, const struct siuop_field *text, struct reading *r)
{
  struct siuop_words w;
  struct siuop_token token;
  r->count = 0;
  r->asks = 0;
  siuop_words_init(&w, text->s, 0, text->len);
  for (siuop_words_next(&w, &token); token.kind != SIUOP_TOKEN_END; siuop_words_next(&w, &token)) {
    r->asks = asks_after(r->asks, &token);
    if (token.kind != SIUOP_TOKEN_WORD || r->count >= UINT32_MAX - 1)
      continue;
    int rc = siuop_reserve(ctx, &r->sums, &r->capacity, r->count + 1, sizeof *r->sums);
    if (rc != SIUO_OK)
      return rc;
    r->sums[r->count++] = token.sum;
  }
  return SIUO_OK;
}

/* The capital of a text that is nothing but one letter, in brackets or quotation marks perhaps; else 0. */
static int letter_of(const struct siuop_field *text)
{
  static const char dress[] = "()[]{}.:\"'`*$\\";
  struct siuop_words w;
  struct siuop_token token;
  int letter = 0;
  siuop_words_init(&w, text->s, 0, text->len);
  for (siuop_words_next(&w, &token); token.kind != SIUOP_TOKEN_END; siuop_words_next(&w, &token)) {
    char first = token.text[0];
    if (token.kind == SIUOP_TOKEN_LINE ||
        (token.kind == SIUOP_TOKEN_SIGN && token.first < 0x80 && strchr(dress, (int)token.first) != NULL))
      continue;
    if (letter != 0 || token.kind != SIUOP_TOKEN_WORD || token.length != 1 || first < 'a' || first > 'z')
      return 0;
    letter = first - 'a' + 'A';
  }
  return letter;
}

int siuop_copies_ask(const char *text, size_t from, size_t to)
{
  struct siuop_words w;
  struct siuop_token token;
  int asks = 0;
  siuop_words_init(&w, text, from, to);
  for (siuop_words_next(&w, &token); token.kind != SIUOP_TOKEN_END; siuop_words_next(&w, &token))
    asks = asks_after(asks, &token);
  return asks;
}

static void fill_back(uint32_t *back, const uint64_t *sums, uint32_t count)
{
  uint32_t k = 0;
  back[0] = 0;
  for (uint32_t i = 1; i <= count; i++) {
    back[i] = k;
    while (i < count && k > 0 && sums[i] != sums[k])
      k = back[k];
    k += i < count && sums[i] == sums[k];
  }
}

static int make_one(struct siuop_arena *arena, const struct siuop_field *text, struct reading *r,
                    struct siuop_copy *out)
{
  *out = (struct siuop_copy){NULL, NULL, 0, 0, 0, 0};
  if (text->s == NULL)
    return SIUO_OK;
  int rc = read_text(arena->ctx, text, r);
  if (rc != SIUO_OK || r->count == 0)
    return rc;
  uint64_t *sums = siuop_arena_alloc(arena, r->count * sizeof *sums);
  uint32_t *back = siuop_arena_alloc(arena, (r->count + 1) * sizeof *back);
  if (sums == NULL || back == NULL)
    return SIUO_ENOMEM;
  memcpy(sums, r->sums, r->count * sizeof *sums);
  out->count = (uint32_t)r->count;
  out->letter = out->count == 1 ? letter_of(text) : 0;
  out->asks = r->asks;
  fill_back(back, sums, out->count);
  out->sums = sums;
  out->back = back;
  return SIUO_OK;
}

static int same_words(const struct siuop_copy *a, const struct siuop_copy *b)
{
  return a->count == b->count && (a->count == 0 || memcmp(a->sums, b->sums, a->count * sizeof *a->sums) == 0);
}

static void set_letters(struct siuop_copy *copies, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    size_t first = 0;
    while (!same_words(&copies[first], &copies[i]))
      first++;
    copies[first].letters |= UINT32_C(1) << i;
  }
}

int siuop_copies_make(struct siuop_arena *arena, const struct siuop_field *options, size_t count,
                      const struct siuop_copy **out)
{
  struct reading reading = {NULL, 0, 0, 0};
  int rc = SIUO_OK;
  *out = NULL;
  if (count == 0 || count > SIUOP_COPIES_MOST)
    return SIUO_OK;
  struct siuop_copy *copies = siuop_arena_alloc(arena, count * sizeof *copies);
  if (copies == NULL)
    return SIUO_ENOMEM;
  for (size_t i = 0; rc == SIUO_OK && i < count; i++)
    rc = make_one(arena, &options[i], &reading, &copies[i]);
  siuop_free(arena->ctx, reading.sums);
  if (rc != SIUO_OK)
    return rc;
  set_letters(copies, count);
  *out = copies;
  return SIUO_OK;
}

/* ---- comparing ---- */

int siuop_copies_compare(const struct siuop_copy *copy, const char *text, size_t from, size_t to, int line)
{
  struct siuop_words w;
  struct siuop_token token;
  uint32_t n = 0;
  siuop_words_init(&w, text, from, to);
  for (siuop_words_next(&w, &token); token.kind != SIUOP_TOKEN_END; siuop_words_next(&w, &token)) {
    if (token.kind == SIUOP_TOKEN_LINE && n > 0 && line)
      break;
    if (token.kind != SIUOP_TOKEN_WORD)
      continue;
    if (n == copy->count)
      return n > 0 ? SIUOP_COPY_GOES_ON : SIUOP_COPY_DIFFERS;
    if (token.sum != copy->sums[n])
      return SIUOP_COPY_DIFFERS;
    n++;
  }
  return n == 0 ? SIUOP_COPY_DIFFERS : n < copy->count ? SIUOP_COPY_BEGINS : SIUOP_COPY_SAME;
}

/* ---- searching ---- */

/* How many words match after one more. */
static uint32_t advance(const struct siuop_copy *c, uint32_t matched, uint64_t sum)
{
  if (matched == c->count)
    matched = c->back[matched];
  while (matched > 0 && c->sums[matched] != sum)
    matched = c->back[matched];
  return matched + (c->sums[matched] == sum);
}

static int is_searched(const struct siuop_copy *c)
{
  return c->letters != 0 && c->count >= LEAST_WORDS;
}

/* The options whose text the reply holds somewhere, or begins at its end; bit 0 for A. Most replies hold none: then
 * this one walk is all. */
static uint32_t find_present(const struct siuop_copy *copies, size_t count, const char *text, size_t from, size_t to)
{
  uint32_t matched[SIUOP_COPIES_MOST] = {0};
  uint32_t present = 0;
  struct siuop_words words;
  struct siuop_token token;
  siuop_words_init(&words, text, from, to);
  while (next_word(&words, &token))
    for (size_t i = 0; i < count; i++) {
      if (!is_searched(&copies[i]))
        continue;
      matched[i] = advance(&copies[i], matched[i], token.sum);
      present |= (uint32_t)(matched[i] == copies[i].count) << i;
    }
  for (size_t i = 0; i < count; i++)
    present |= (uint32_t)(matched[i] >= LEAST_BEGINNING) << i;
  return present;
}

/* The text ended: what still matches is an option's beginning. */
static void end_search(struct siuop_copies_search *s)
{
  if (s->matched == s->copy->count)
    s->matched = s->copy->back[s->matched];
  s->begin = s->matched >= LEAST_BEGINNING ? s->read - s->matched : SIZE_MAX;
  s->count = s->matched;
  s->matched = 0;
  s->whole = 0;
}

/* Goes on to the next copy that begins at `least` or later. */
static void search_on(struct siuop_copies_search *s, size_t least)
{
  struct siuop_token token;
  const struct siuop_copy *c = s->copy;
  while (next_word(&s->words, &token)) {
    s->matched = advance(c, s->matched, token.sum);
    s->read++;
    if (s->matched < c->count)
      continue;
    s->begin = s->read - c->count;
    if (s->begin < least)
      continue;
    s->count = c->count;
    s->whole = 1;
    return;
  }
  end_search(s);
  if (s->begin < least)
    s->begin = SIZE_MAX;
}

void siuop_copies_init(struct siuop_copies *c, const struct siuop_copy *copies, size_t count, const char *text,
                       size_t from, size_t to)
{
  uint32_t present = copies == NULL ? 0 : find_present(copies, count, text, from, to);
  c->searches = 0;
  for (size_t i = 0; i < count; i++) {
    if ((present >> i & 1) == 0)
      continue;
    struct siuop_copies_search *s = &c->search[c->searches++];
    s->copy = &copies[i];
    s->read = 0;
    s->matched = 0;
    siuop_words_init(&s->words, text, from, to);
    search_on(s, 0);
  }
}

size_t siuop_copies_at(struct siuop_copies *c, size_t word, uint32_t *letters)
{
  size_t longest = 0;
  for (int i = 0; i < c->searches; i++) {
    struct siuop_copies_search *s = &c->search[i];
    if (s->begin < word)
      search_on(s, word);
    if (s->begin != word || s->count <= longest)
      continue;
    longest = s->count;
    *letters = s->whole ? s->copy->letters : 0;
  }
  return longest;
}
