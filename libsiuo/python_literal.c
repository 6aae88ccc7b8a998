/* python_literal.c: one-line string literals of Python source. */
#include "python_literal.h"

#include "buf.h"
#include "utf8.h"

#include <string.h>

#define NO_CHARACTER "an escape stands for no character of a text"

struct source {
  const char *s;
  size_t len, at;
};

static int peek(const struct source *x)
{
  return x->at < x->len ? (unsigned char)x->s[x->at] : -1;
}

static void add_code_point(siuo_buf *out, int32_t c)
{
  char bytes[4];
  siuop_buf_add(out, bytes, siuop_utf8_encode(c, bytes));
}

static const char *take_hex(struct source *x, int digits, siuo_buf *out)
{
  int64_t c = 0;
  for (int i = 0; i < digits; i++, x->at++) {
    int value = siuop_ascii_hex_value(peek(x));
    if (value < 0)
      return "an escape lacks hex digits";
    c = 16 * c + value;
  }
  if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
    return NO_CHARACTER;
  add_code_point(out, (int32_t)c);
  return NULL;
}

static const char *take_octal(struct source *x, int first, siuo_buf *out)
{
  int32_t c = first - '0';
  for (int i = 0; i < 2 && peek(x) >= '0' && peek(x) <= '7'; i++, x->at++)
    c = 8 * c + peek(x) - '0';
  if (c == 0)
    return NO_CHARACTER;
  add_code_point(out, c);
  return NULL;
}

#define LETTERS "abfnrtv\\'\""

/* Whether the character after a backslash makes it an escape; an unknown one leaves both as they are. */
static int is_escape(int c)
{
  return (c >= '0' && c <= '7') || (c > 0 && strchr(LETTERS "xuUN", c) != NULL);
}

/* What follows the backslash of an escape. */
static const char *take_escape(struct source *x, siuo_buf *out)
{
  static const char letters[] = LETTERS;
  static const char values[] = "\a\b\f\n\r\t\v\\'\"";
  int c = peek(x);
  const char *at = strchr(letters, c);
  x->at++;
  if (at != NULL) {
    siuop_buf_add_char(out, values[at - letters], 1);
    return NULL;
  }
  switch (c) {
  case 'x':
    return take_hex(x, 2, out);
  case 'u':
    return take_hex(x, 4, out);
  case 'U':
    return take_hex(x, 8, out);
  case 'N':
    return "escapes by name (\\N{...}) are not known here";
  default:
    return take_octal(x, c, out);
  }
}

/* Prefixes: *raw is set by r. */
static const char *take_prefix(struct source *x, int *raw)
{
  *raw = 0;
  for (; peek(x) != '"' && peek(x) != '\''; x->at++) {
    int c = siuop_ascii_lower(peek(x));
    if (c == 'f' || c == 'b')
      return "it is an f-string or bytes";
    if ((c != 'r' && c != 'u') || x->at > 0)
      return "it is no string";
    *raw |= c == 'r';
  }
  return NULL;
}

static const char *take_end(struct source *x)
{
  while (peek(x) == ' ' || peek(x) == '\t' || peek(x) == '\r' || peek(x) == ';')
    x->at++;
  return peek(x) < 0 || peek(x) == '#' ? NULL : "something follows the string";
}

const char *siuop_python_literal(const char *s, size_t len, siuo_buf *out)
{
  struct source x = {s, len, 0};
  int raw = 0;
  const char *trouble = take_prefix(&x, &raw);
  if (trouble != NULL)
    return trouble;
  int quote = peek(&x);
  if (x.len - x.at >= 3 && s[x.at + 1] == quote && s[x.at + 2] == quote)
    return "it is a string in triple quotes";
  for (x.at++; peek(&x) != quote;) {
    size_t used = 1;
    int valid = 1;
    if (peek(&x) < 0)
      return "the string does not end in its line";
    if (peek(&x) == '\\') {
      x.at++;
      if (peek(&x) < 0)
        return "the string goes on in the next line";
      if (!raw && is_escape(peek(&x))) {
        trouble = take_escape(&x, out);
        if (trouble != NULL)
          return trouble;
        continue;
      }
      siuop_buf_add_char(out, '\\', 1); /* a raw string keeps it, and what it escapes */
    }
    siuop_utf8_decode(s + x.at, x.len - x.at, &used, &valid);
    if (!valid)
      return "it is not UTF-8";
    siuop_buf_add(out, s + x.at, used);
    x.at += used;
  }
  x.at++;
  return take_end(&x);
}
