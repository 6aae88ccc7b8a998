/* words.c: a text as words, signs, lines and tags, one after another. */
#include "words.h"

#include "utf8.h"

#include <string.h>

/* ---- code points: entities decoded, invisible characters left out ---- */

#define ENTITY_MAX 10

static const struct {
  const char *name;
  int32_t c;
} entities[] = {{"nbsp", ' '}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"amp", '&'}, {"apos", '\''}};

/* The code point of "#39" or "#x27"; 0 if it is none. */
static int32_t numbered_entity(const char *name)
{
  int32_t c = 0;
  int hex = name[1] == 'x' || name[1] == 'X';
  for (name += hex ? 2 : 1; *name != '\0'; name++) {
    int digit = siuop_ascii_hex_value(*name);
    if (digit < 0 || (!hex && digit > 9))
      return 0;
    c = c * (hex ? 16 : 10) + digit;
    if (c > 0x10FFFF)
      return 0;
  }
  return c;
}

/* The entity at the "&" of t, which is left behind it; 0 and t as it was if there is none. */
static int32_t take_entity(siuop_text *t)
{
  char name[ENTITY_MAX + 1];
  size_t n = 0;
  int32_t c = 0;
  siuop_text ahead = *t;
  for (siuop_text_next(&ahead); n < ENTITY_MAX && ahead.current > ' ' && ahead.current < 0x7F && ahead.current != ';';
       siuop_text_next(&ahead))
    name[n++] = (char)ahead.current;
  name[n] = '\0';
  if (n < 2 || ahead.current != ';')
    return 0;
  if (name[0] == '#')
    c = numbered_entity(name);
  for (size_t i = 0; c == 0 && i < sizeof entities / sizeof entities[0]; i++)
    if (strcmp(name, entities[i].name) == 0)
      c = entities[i].c;
  if (c != 0)
    *t = ahead;
  return c;
}

static size_t end_of(const siuop_text *t)
{
  return t->current == SIUOP_TEXT_END ? t->len : t->end;
}

/* Reads the code point that t stands on, without moving beyond it. */
static void load(struct siuop_words *w)
{
  while (w->t.current >= 0x80 && siuop_is_invisible(w->t.current))
    siuop_text_next(&w->t);
  w->begin = w->t.current == SIUOP_TEXT_END ? w->t.len : w->t.begin;
  w->current = w->t.current;
  if (w->current == '&') {
    int32_t c = take_entity(&w->t);
    w->current = c != 0 ? c : '&';
  }
  w->end = end_of(&w->t);
}

static void step(struct siuop_words *w)
{
  siuop_text_next(&w->t);
  load(w);
}

/* ---- words ---- */

/* Scripts whose words no blank parts are read a character at a time, and end words of other scripts. */
#define SCRIPT_SPACED    0
#define SCRIPT_UNSPACED  1
#define SCRIPT_SYLLABLES 2 /* Hangul: words, but apart from Latin letters */

static int script_of(int32_t c)
{
  static const int32_t unspaced[][2] = {{0x0E00, 0x109F}, {0x1780, 0x17FF},  {0x2E80, 0x2FDF}, {0x3005, 0x3007},
                                        {0x3040, 0x30FF}, {0x31F0, 0x31FF},  {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},
                                        {0xF900, 0xFAFF}, {0x20000, 0x3FFFF}};
  if (c < 0x0E00)
    return SCRIPT_SPACED;
  for (size_t i = 0; i < sizeof unspaced / sizeof unspaced[0]; i++)
    if (c >= unspaced[i][0] && c <= unspaced[i][1])
      return SCRIPT_UNSPACED;
  return (c >= 0x1100 && c <= 0x11FF) || (c >= 0xAC00 && c <= 0xD7AF) ? SCRIPT_SYLLABLES : SCRIPT_SPACED;
}

static int is_apostrophe(int32_t c)
{
  return c == '\'' || c == 0x2019;
}

static int begins_word(int32_t c)
{
  return c != '_' && (siuop_is_word(c) || siuop_is_mark(c));
}

/* Whether the sign at w stands within a word: the apostrophe of don't, the comma and point of 1,234.5. */
static int joins(const struct siuop_words *w)
{
  int32_t c = w->current;
  int number = (c == '.' || c == ',') && siuop_ascii_is_digit(w->t.previous);
  if (!number && !is_apostrophe(c))
    return 0;
  siuop_text ahead = w->t;
  siuop_text_next(&ahead);
  return number ? siuop_ascii_is_digit(ahead.current) : siuop_is_letter(ahead.current);
}

static void add_folded(struct siuop_token *token, size_t *size, int32_t c)
{
  int32_t folded[3];
  int count = siuop_utf8_casefold(is_apostrophe(c) ? '\'' : c, folded);
  for (int i = 0; i < count; i++) {
    char bytes[4];
    size_t n = siuop_utf8_encode(folded[i], bytes);
    token->sum = (token->sum ^ (uint64_t)folded[i]) * UINT64_C(0x100000001B3); /* FNV-1a */
    if (*size + n < SIUOP_TOKEN_TEXT) {
      memcpy(token->text + *size, bytes, n);
      *size += n;
    } else {
      *size = SIUOP_TOKEN_TEXT; /* no part of a later character after one that was left out */
    }
  }
}

static void close_text(struct siuop_token *token, size_t size)
{
  token->text[size < SIUOP_TOKEN_TEXT ? size : SIUOP_TOKEN_TEXT - 1] = '\0';
}

static void take_word(struct siuop_words *w, struct siuop_token *token)
{
  size_t size = 0;
  int script = script_of(w->current);
  token->kind = SIUOP_TOKEN_WORD;
  memset(token->text, 0, sizeof token->text);
  do {
    add_folded(token, &size, w->current);
    token->length = (unsigned short)(token->length < UINT16_MAX ? token->length + 1 : UINT16_MAX);
    token->end = w->end;
    step(w);
    if (siuop_is_mark(w->current))
      continue;
    if (script == SCRIPT_UNSPACED || script_of(w->current) != script)
      break;
  } while (begins_word(w->current) || joins(w));
  close_text(token, size);
}

/* ---- tags and commands ---- */

/* What is longer is no tag: so a text of "<" is read in linear time. */
#define TAG_MAX 64

/* Behind "<" or "</": a name, perhaps attributes, and ">"; or |im_end|>. Leaves w behind it. */
static int pass_tag(struct siuop_words *w, struct siuop_token *token)
{
  size_t size = 0;
  int attributes = 0, equals = 0, named = 0;
  int bars = w->current == '|';
  if (!bars && (w->current >= 0x80 || !siuop_is_letter(w->current)))
    return 0;
  for (int room = TAG_MAX; room > 0; room--, step(w)) {
    int32_t c = w->current;
    if (c == SIUOP_TEXT_END || c == '<' || c == '\n')
      return 0;
    if (c == '>')
      break;
    named = named || !(siuop_is_word(c) || c == '-' || c == ':' || c == '|');
    if (!named)
      add_folded(token, &size, c);
    attributes = attributes || (named && c != '/' && !siuop_is_python_space(c));
    equals = equals || c == '=';
  }
  if (w->current != '>' || (!bars && attributes && !equals))
    return 0;
  close_text(token, size);
  return 1;
}

/* A tag at the "<" of w; not <A>, which is a letter in brackets. */
static int take_tag(struct siuop_words *w, struct siuop_token *token)
{
  struct siuop_words ahead = *w;
  struct siuop_token tag = *token;
  step(&ahead);
  if (ahead.current == '/') {
    tag.closing = 1;
    step(&ahead);
  }
  int32_t first = ahead.current;
  if (!pass_tag(&ahead, &tag) ||
      (!tag.closing && first >= 'A' && first <= 'Z' && tag.text[0] != '\0' && tag.text[1] == '\0'))
    return 0;
  tag.kind = SIUOP_TOKEN_TAG;
  tag.end = ahead.end;
  *token = tag;
  step(&ahead);
  *w = ahead;
  return 1;
}

/* Commands that say how something looks, or leave room, and nothing else. */
static int is_looks(const char *name)
{
  static const char *const names[] = {"boxed",  "fbox",   "text",         "textbf", "textit", "textrm",
                                      "textsf", "mathrm", "mathbf",       "mathsf", "mathit", "mbox",
                                      "bf",     "rm",     "it",           "large",  "quad",   "qquad",
                                      "left",   "right",  "displaystyle", "times",  "cdot"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(name, names[i]) == 0)
      return 1;
  return 0;
}

/* \boxed, \frac; \( and \[ are signs. */
static int take_command(struct siuop_words *w, struct siuop_token *token)
{
  size_t size = 0;
  siuop_text next = w->t;
  siuop_text_next(&next);
  if (next.current >= 0x80 || !siuop_is_letter(next.current))
    return 0;
  add_folded(token, &size, '\\');
  token->length = 1;
  for (step(w); w->current < 0x80 && siuop_is_letter(w->current); step(w)) {
    add_folded(token, &size, w->current);
    token->end = w->end;
    token->length = (unsigned short)(token->length < UINT16_MAX ? token->length + 1 : UINT16_MAX);
  }
  close_text(token, size);
  token->kind = SIUOP_TOKEN_WORD;
  if (!is_looks(token->text + 1))
    return 1;
  token->kind = SIUOP_TOKEN_COMMAND;
  memmove(token->text, token->text + 1, strlen(token->text));
  return 1;
}

/* ---- tokens ---- */

static int is_line_end(int32_t c)
{
  return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029;
}

/* Steps over white space; whether a line ends within it. */
static int skip_space(struct siuop_words *w)
{
  int line = 0;
  while (w->current != SIUOP_TEXT_END && siuop_is_python_space(w->current)) {
    line = line || is_line_end(w->current);
    w->spaced = 1;
    step(w);
  }
  return line;
}

void siuop_words_init(struct siuop_words *w, const char *text, size_t from, size_t to)
{
  siuop_text_init_range(&w->t, text, from, to, 1);
  load(w);
  w->spaced = 1;
}

void siuop_words_next(struct siuop_words *w, struct siuop_token *out)
{
  out->begin = w->begin;
  int line = skip_space(w);
  out->sum = UINT64_C(0xCBF29CE484222325);
  out->letters = 0;
  out->length = 0;
  out->closing = 0;
  out->text[0] = '\0';
  out->spaced = (unsigned char)w->spaced;
  out->first = w->current;
  if (line) {
    out->kind = SIUOP_TOKEN_LINE;
    out->end = w->begin;
    return;
  }
  w->spaced = 0;
  out->begin = w->begin;
  out->end = w->end;
  if (w->current == SIUOP_TEXT_END)
    out->kind = SIUOP_TOKEN_END;
  else if (begins_word(w->current))
    take_word(w, out);
  else if (!(w->current == '<' && take_tag(w, out)) && !(w->current == '\\' && take_command(w, out))) {
    out->kind = SIUOP_TOKEN_SIGN;
    step(w);
  }
}
