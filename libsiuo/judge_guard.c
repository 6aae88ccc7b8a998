/* judge_guard.c: categories of harm, as guard models list them beside an unsafe verdict: docs/protocol.md. */
#include "judge_guard.h"

#include "utf8.h"

#include <string.h>

/* A name longer than this is prose. */
#define NAME_WORDS 12

/* ---- bytes ---- */

static int byte_at(const struct siuop_categories *c, size_t i)
{
  return i < c->to ? (unsigned char)c->text[i] : -1;
}

static int is_letter_byte(int b)
{
  return siuop_ascii_lower(b) >= 'a' && siuop_ascii_lower(b) <= 'z';
}

static int is_word_byte(int b)
{
  return is_letter_byte(b) || siuop_ascii_is_digit(b) || b == '_' || b >= 0x80;
}

static int is_one_of(int b, const char *set)
{
  return b > 0 && strchr(set, b) != NULL;
}

static void skip_set(struct siuop_categories *c, const char *set)
{
  while (is_one_of(byte_at(c, c->at), set))
    c->at++;
}

/* The bytes of a dash at a place: "-", or one of the longer ones in UTF-8. */
static size_t dash_at(const struct siuop_categories *c, size_t i)
{
  if (byte_at(c, i) == '-')
    return 1;
  int last = byte_at(c, i + 2);
  return byte_at(c, i) == 0xE2 && byte_at(c, i + 1) == 0x80 && (last == 0x93 || last == 0x94) ? 3 : 0;
}

/* ---- codes ---- */

/* The bytes of a code such as S1 or O13 that stands as a word of its own; 0: there is none. */
static size_t code_at(const struct siuop_categories *c, size_t i)
{
  int letter = byte_at(c, i);
  int first = byte_at(c, i + 1);
  if ((letter != 'S' && letter != 'O') || first < '1' || first > '9')
    return 0;
  size_t len = siuop_ascii_is_digit(byte_at(c, i + 2)) ? 3 : 2;
  return is_word_byte(byte_at(c, i + len)) && dash_at(c, i + len) == 0 ? 0 : len;
}

int siuop_may_hold_category(const char *text, size_t len)
{
  for (size_t i = 1; i < len; i++)
    if (text[i] >= '1' && text[i] <= '9' && (text[i - 1] == 'S' || text[i - 1] == 'O'))
      return 1;
  return 0;
}

/* ---- names ---- */

static int is_listed(const char *const *words, const char *s, size_t len)
{
  for (; *words != NULL; words++)
    if (strlen(*words) == len && memcmp(*words, s, len) == 0)
      return 1;
  return 0;
}

#define WORD_NONE  0
#define WORD_SMALL 1 /* within a name, or before the next code */
#define WORD_NAME  2

/* What kind of a name's word stands at a place (Non-Violent, and, &), and its bytes. Words that answer whether the
 * category applies are no names. */
static int name_word_at(const struct siuop_categories *c, size_t i, size_t *len)
{
  static const char *const small[] = {"and", "or", "of", "the", "to", "for", "with", "in", "on", "by", "&", NULL};
  static const char *const answers[] = {"Yes", "No", "Not", "None", "True", "False", "Safe", "Unsafe", "The", NULL};
  size_t end = i + (byte_at(c, i) == '&');
  while (is_letter_byte(byte_at(c, end)) || (end > i && is_one_of(byte_at(c, end), "-/'&")))
    end++;
  *len = end - i;
  if (end == i || is_word_byte(byte_at(c, end)))
    return WORD_NONE;
  if (is_listed(small, c->text + i, *len))
    return WORD_SMALL;
  int capital = byte_at(c, i) >= 'A' && byte_at(c, i) <= 'Z';
  return capital && !is_listed(answers, c->text + i, *len) ? WORD_NAME : WORD_NONE;
}

/* Steps over the name behind a code: ": Violence, Harm, or Cruelty", " - Hate", " (Hate)". It goes on behind a comma
 * unless a code stands there, and neither begins nor ends with a small word. */
static void skip_name(struct siuop_categories *c)
{
  size_t len = 0;
  skip_set(c, "*` \t");
  c->at += dash_at(c, c->at);
  skip_set(c, ".:=,(*`\"' \t");
  size_t whole = c->at;
  int kind = WORD_SMALL;
  for (int words = 0; words < NAME_WORDS && code_at(c, c->at) == 0; words++) {
    int previous = kind;
    kind = name_word_at(c, c->at, &len);
    if (kind == WORD_NONE || (words == 1 && previous == WORD_SMALL))
      break;
    c->at += len;
    skip_set(c, ", \t");
    if (kind == WORD_NAME)
      whole = c->at;
  }
  if (code_at(c, c->at) == 0)
    c->at = whole;
}

/* ---- lists ---- */

/* Steps over a token that ends a turn (<|eot_id|>, </s>) or bytes that may stand between categories; 0: neither. */
static int skip_between(struct siuop_categories *c)
{
  size_t from = c->at;
  skip_set(c, " \t\r\n,;.|[](){}\"'*`");
  c->at += dash_at(c, c->at);
  if (byte_at(c, c->at) == '<' && is_one_of(byte_at(c, c->at + 1), "|/")) {
    size_t end = c->at + 2;
    while (end - c->at < 40 && (is_word_byte(byte_at(c, end)) || byte_at(c, end) == '|'))
      end++;
    c->at = byte_at(c, end) == '>' ? end + 1 : c->at;
  }
  return c->at > from;
}

static int next_of_list(struct siuop_categories *c, struct siuop_category *out)
{
  while (skip_between(c))
    ;
  size_t len = code_at(c, c->at);
  if (len == 0)
    return 0;
  *out = (struct siuop_category){c->text + c->at, len};
  c->at += len;
  skip_name(c);
  return 1;
}

int siuop_is_category_list(const char *text, size_t from, size_t to)
{
  struct siuop_categories c = {text, from, to, 0, 0};
  struct siuop_category category;
  int any = 0;
  while (next_of_list(&c, &category))
    any = 1;
  return any && c.at == to;
}

void siuop_categories_of_list(struct siuop_categories *c, const char *text, size_t from, size_t to)
{
  *c = (struct siuop_categories){text, siuop_is_category_list(text, from, to) ? from : to, to, 0, 0};
}

/* ---- behind a key ---- */

/* More bytes are prose. */
#define NAME_BYTES 64

/* The bytes of the key that stands at a place; 0: it doesn't. */
static size_t key_at(const struct siuop_categories *c, size_t i, const struct siuop_field *key)
{
  size_t end = i;
  for (size_t k = 0; k < key->len; k++) {
    int wanted = siuop_ascii_lower((unsigned char)key->s[k]);
    if (is_one_of(wanted, " _-")) {
      size_t joint = end;
      while (is_one_of(byte_at(c, end), " _-\t"))
        end++;
      if (end == joint)
        return 0;
    } else if (siuop_ascii_lower(byte_at(c, end++)) != wanted) {
      return 0;
    }
  }
  return is_word_byte(byte_at(c, end)) && byte_at(c, end) < 0x80 ? 0 : end - i;
}

/* Steps over what joins a key to its value, a colon or an equals sign among it; 0: there is none. */
static int skip_joint(struct siuop_categories *c)
{
  static const char wide_colon[] = "\xEF\xBC\x9A";
  skip_set(c, "\"'*`) \t");
  if (c->to - c->at >= 3 && memcmp(c->text + c->at, wide_colon, 3) == 0)
    c->at += 3;
  else if (is_one_of(byte_at(c, c->at), ":="))
    c->at++;
  else
    return 0;
  skip_set(c, "*` \t");
  return 1;
}

/* Where the next byte of the set stands, or the end. */
static size_t find_set(const struct siuop_categories *c, size_t i, const char *set)
{
  while (i < c->to && !is_one_of(byte_at(c, i), set))
    i++;
  return i;
}

/* Sets the walk on the value that stands there: a JSON list or string, or the rest of the line. */
static void enter_value(struct siuop_categories *c)
{
  char quote[2] = {0, 0};
  if (byte_at(c, c->at) == '[') {
    c->at++;
    c->to = find_set(c, c->at, "]");
  } else if (is_one_of(byte_at(c, c->at), "\"'")) {
    quote[0] = c->text[c->at++];
    c->to = find_set(c, c->at, quote);
  } else {
    c->to = find_set(c, c->at, "\r\n");
  }
}

/* The item at the walk's place: in quotation marks, or up to a comma. A name behind a code may hold commas: it ends
 * where another code follows one. */
static struct siuop_category take_item(struct siuop_categories *c)
{
  char quote[2] = {0, 0};
  size_t begin = c->at;
  if (is_one_of(byte_at(c, begin), "\"'")) {
    quote[0] = c->text[begin++];
    c->at = find_set(c, begin, quote);
    return (struct siuop_category){c->text + begin, (c->at < c->to ? c->at++ : c->at) - begin};
  }
  int coded = code_at(c, begin) > 0;
  struct siuop_categories ahead = *c;
  do {
    c->at = find_set(c, ahead.at, ",;");
    ahead.at = c->at;
    skip_set(&ahead, ",; \t");
  } while (coded && ahead.at < c->to && code_at(c, ahead.at) == 0);
  return (struct siuop_category){c->text + begin, c->at - begin};
}

/* Without what stands around it; of a code with a name the code alone. */
static void strip_item(struct siuop_category *item)
{
  siuop_trim(&item->s, &item->len);
  for (; item->len > 0 && is_one_of(item->s[0], "({*`"); item->s++)
    item->len--;
  while (item->len > 0 && is_one_of(item->s[item->len - 1], ".*`})\"' \t"))
    item->len--;
  const struct siuop_categories whole = {item->s, 0, item->len, 0, 0};
  size_t code = code_at(&whole, 0);
  item->len = code > 0 ? code : item->len;
}

/* "None", "NA: None applying", and what is too long for a name, or holds control characters. */
static int says_nothing(const struct siuop_category *item)
{
  static const struct siuop_field words[] = {{"none", 4}, {"na", 2}, {"n/a", 3}, {"null", 4}, {"no", 2}};
  const struct siuop_categories whole = {item->s, 0, item->len, 0, 0};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (key_at(&whole, 0, &words[i]) > 0)
      return 1;
  for (size_t i = 0; i < item->len; i++)
    if ((unsigned char)item->s[i] < ' ' || item->s[i] == 0x7F)
      return 1;
  return item->len == 0 || item->len > NAME_BYTES;
}

static int next_of_value(struct siuop_categories *c, struct siuop_category *out)
{
  do {
    skip_set(c, ",;*` \t\r\n");
    if (c->at >= c->to)
      return 0;
    *out = take_item(c);
    strip_item(out);
  } while (says_nothing(out));
  return 1;
}

static int find_category_key(struct siuop_categories *c, const struct siuop_field *key)
{
  size_t end = c->to;
  for (size_t from = c->at; from < end; from++) {
    size_t len = from > 0 && is_word_byte(byte_at(c, from - 1)) ? 0 : key_at(c, from, key);
    if (len == 0)
      continue;
    c->at = from + len;
    if (skip_joint(c)) {
      enter_value(c);
      return 1;
    }
  }
  c->at = end;
  return 0;
}

/* ---- a reply's ---- */

void siuop_categories_of_reply(struct siuop_categories *c, const struct siuop_field *keys, size_t key_count,
                               const char *text, size_t from, size_t label_end, size_t len)
{
  siuop_categories_of_list(c, text, label_end, len);
  for (size_t i = 0; c->at == c->to && i < key_count; i++) {
    *c = (struct siuop_categories){text, from, len, 1, 0};
    find_category_key(c, &keys[i]);
  }
}

int siuop_categories_next(struct siuop_categories *c, struct siuop_category *out)
{
  if (c->taken >= SIUOP_MOST_CATEGORIES)
    return 0;
  c->taken++;
  return c->named ? next_of_value(c, out) : next_of_list(c, out);
}
