/* judge_dress.c: what may stand around a marker, a label or a letter without meaning anything. */
#include "judge_dress.h"

#include "utf8.h"

/* ---- characters ---- */

static int is_arrow(int32_t c)
{
  return (c >= 0x2190 && c <= 0x21FF) || (c >= 0x2794 && c <= 0x27BE) || (c >= 0x27F0 && c <= 0x27FF) ||
         (c >= 0x2900 && c <= 0x297F) || (c >= 0x2B00 && c <= 0x2B11);
}

int siuop_is_other_sign(int32_t c)
{
  static const int32_t signs[] = {
      0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x201F, 0x00AB, 0x00BB, 0x2039, 0x203A, /* quotation marks */
      0x300C, 0x300D, 0x300E, 0x300F, 0x3008, 0x3009, 0x300A, 0x300B, 0x3010, 0x3011, 0x3014,
      0x3015, 0x2022, 0x2023, 0x25AA, 0x25CF, 0x25E6, 0x00B7, /* bullets */
      0x2010, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212,         /* dashes */
  };
  for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
    if (signs[i] == c)
      return 1;
  return is_arrow(c) || siuop_is_invisible(c) || siuop_is_emoji(c);
}

int siuop_is_line_end(int32_t c)
{
  return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029;
}

/* ---- places ---- */

size_t siuop_place_after(const siuop_text *t)
{
  return t->at > 0 ? t->end : t->begin; /* one segment may give several code points */
}

/* ---- tags ---- */

/* Longer tags are none: so a text of tags within tags is read in linear time. */
#define TAG_MAX 64

/* |im_end|> */
static int take_token(siuop_text *t)
{
  siuop_text_next(t);
  for (int room = TAG_MAX; room > 0 && t->current != '|'; room--) {
    if (t->current == '<' || t->current == '>' || siuop_is_line_end(t->current) || t->current == SIUOP_TEXT_END)
      return 0;
    siuop_text_next(t);
  }
  siuop_text_next(t);
  if (t->current != '>')
    return 0;
  siuop_text_next(t);
  return 1;
}

/* b>, /b>, br/>, or a name with attributes: what stands between name and ">" has an "=" then. */
static int take_element(siuop_text *t)
{
  int room = TAG_MAX;
  if (t->current == '/')
    siuop_text_next(t);
  if (!siuop_is_ascii_letter(t->current))
    return 0;
  for (; room > 0 && (siuop_is_word(t->current) || t->current == '-'); room--)
    siuop_text_next(t);
  if (t->current != '>' && t->current != '/' && !siuop_is_python_space(t->current))
    return 0;
  int attributes = 0;
  int equals = 0;
  for (; room > 0 && t->current != '>'; room--) {
    if (t->current == '<' || t->current == SIUOP_TEXT_END)
      return 0;
    attributes = attributes || (t->current != '/' && !siuop_is_python_space(t->current));
    equals = equals || t->current == '=';
    siuop_text_next(t);
  }
  if (t->current != '>' || (attributes && !equals))
    return 0;
  siuop_text_next(t);
  return 1;
}

int siuop_take_tag(siuop_text *t)
{
  if (t->current != '<')
    return 0;
  int32_t next = siuop_peek(t);
  if (next != '|' && next != '/' && next != 0x80 && !siuop_is_ascii_letter(next))
    return 0;
  siuop_text ahead;
  siuop_copy_place(&ahead, t);
  siuop_text_next(&ahead);
  if (!(ahead.current == '|' ? take_token(&ahead) : take_element(&ahead)))
    return 0;
  siuop_copy_place(t, &ahead);
  return 1;
}

/* ---- entities and LaTeX wrappers ---- */

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* Steps over one of the words and the sign behind it. */
static int take_with_sign(siuop_text *t, const char *const *words, size_t count, int32_t sign)
{
  siuop_text ahead;
  siuop_copy_place(&ahead, t);
  siuop_text_next(&ahead);
  if (siuop_take_word(&ahead, words, count) == count || ahead.current != sign)
    return 0;
  siuop_copy_place(t, &ahead);
  return 1;
}

/* \boxed{, \text{: what they wrap is read as if it stood alone. */
static int take_wrapper(siuop_text *t)
{
  static const char *const names[] = {"boxed",  "fbox",   "text",   "textbf", "textit", "texttt",      "mathrm",
                                      "mathbf", "mathit", "mathsf", "mathtt", "emph",   "operatorname"};
  return t->current == '\\' && take_with_sign(t, names, COUNT(names), '{');
}

/* &#39; or &#x27; */
static int take_numeric_entity(siuop_text *t)
{
  siuop_text ahead;
  siuop_copy_place(&ahead, t);
  siuop_text_next(&ahead);
  siuop_text_next(&ahead);
  if (siuop_ascii_lower(ahead.current) == 'x')
    siuop_text_next(&ahead);
  for (int room = 6; room > 0 && siuop_ascii_hex_value(ahead.current) >= 0; room--)
    siuop_text_next(&ahead);
  if (ahead.current != ';')
    return 0;
  siuop_text_next(&ahead);
  siuop_copy_place(t, &ahead);
  return 1;
}

/* Signs and blanks only: an entity that stands for a letter is none of dress. */
static int take_entity(siuop_text *t)
{
  static const char *const names[] = {"nbsp",  "lt",    "gt",    "quot",   "apos",  "amp",   "ensp",
                                      "emsp",  "ndash", "mdash", "ldquo",  "rdquo", "lsquo", "rsquo",
                                      "laquo", "raquo", "rarr",  "hellip", "bull",  "middot"};
  if (t->current != '&')
    return 0;
  if (siuop_peek(t) == '#')
    return take_numeric_entity(t);
  if (!take_with_sign(t, names, COUNT(names), ';'))
    return 0;
  siuop_text_next(t);
  return 1;
}

/* &lt;/s&gt;: a tag whose brackets were written as entities. */
static int take_escaped_tag(siuop_text *t)
{
  siuop_text ahead;
  siuop_copy_place(&ahead, t);
  if (!siuop_text_take(&ahead, "&lt;", 1))
    return 0;
  if (ahead.current == '/')
    siuop_text_next(&ahead);
  int letters = 0;
  for (; letters < TAG_MAX && siuop_is_ascii_letter(ahead.current); letters++)
    siuop_text_next(&ahead);
  if (letters == 0 || !siuop_text_take(&ahead, "&gt;", 1))
    return 0;
  siuop_copy_place(t, &ahead);
  return 1;
}

/* ---- words ---- */

size_t siuop_take_word(siuop_text *t, const char *const *words, size_t count)
{
  int32_t first = siuop_ascii_lower(t->current);
  siuop_text ahead;
  for (size_t i = 0; i < count; i++) {
    if (words[i][0] != first)
      continue;
    siuop_copy_place(&ahead, t);
    if (!siuop_text_take(&ahead, words[i], 1) || siuop_goes_on(ahead.current))
      continue;
    siuop_copy_place(t, &ahead);
    return i;
  }
  return count;
}

/* ---- dress ---- */

int siuop_take_dress(siuop_text *t)
{
  int32_t c = t->current;
  if (c == '&')
    return take_escaped_tag(t) || take_entity(t);
  if (!siuop_is_white(c) && !siuop_is_sign(c))
    return 0;
  if ((c != '<' || !siuop_take_tag(t)) && (c != '\\' || !take_wrapper(t)))
    siuop_text_next(t);
  return 1;
}

int siuop_take_dress_in_line(siuop_text *t)
{
  return !siuop_is_line_end(t->current) && siuop_take_dress(t);
}

int siuop_take_enumerator(siuop_text *t)
{
  int is_digit = siuop_ascii_is_digit(t->current);
  if ((!is_digit && siuop_peek(t) != ')' && siuop_peek(t) != 0x80) || siuop_goes_on(t->previous) ||
      siuop_is_sign(t->previous))
    return 0;
  siuop_text ahead;
  siuop_copy_place(&ahead, t);
  if (!is_digit && !siuop_is_ascii_letter(ahead.current))
    return 0;
  siuop_text_next(&ahead);
  for (int room = 2; is_digit && room > 0 && siuop_ascii_is_digit(ahead.current); room--)
    siuop_text_next(&ahead);
  if (ahead.current != ')' && !(is_digit && ahead.current == '.'))
    return 0;
  siuop_text_next(&ahead);
  siuop_copy_place(t, &ahead);
  return 1;
}

int siuop_take_stop(siuop_text *t)
{
  int32_t c = t->current;
  if (c != '.' && c != ',' && c != ';' && c != '!' && c != 0x3002 /* ideographic full stop */ && c != 0x3001)
    return 0;
  siuop_text_next(t);
  return 1;
}

void siuop_skip_closing(siuop_text *t)
{
  while (siuop_take_stop(t) || siuop_take_dress(t))
    ;
}
