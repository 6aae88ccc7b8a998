/* judge_dress.c: what may stand around a marker, a label or a letter without meaning anything. */
#include "judge_dress.h"

#include "utf8.h"

/* ---- characters ---- */

int siuop_goes_on(int32_t c)
{
  return c != '_' && siuop_is_word(c);
}

/* " # ' ( ) * + - : < = > [ \ ] _ ` { | } ~, a bit each */
static const uint64_t ascii_signs[2] = {UINT64_C(0x74002F8C00000000), UINT64_C(0x78000001B8000000)};

int siuop_is_sign(int32_t c)
{
  if (c < 0x80)
    return c >= 0 && (ascii_signs[c >> 6] >> (c & 63) & 1) != 0;
  static const int32_t signs[] = {
      0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x201F, 0x00AB, 0x00BB, 0x2039, 0x203A, /* quotation marks */
      0x300C, 0x300D, 0x300E, 0x300F, 0x3008, 0x3009, 0x300A, 0x300B, 0x3010, 0x3011, 0x3014,
      0x3015, 0x2022, 0x2023, 0x25AA, 0x25CF, 0x25E6, 0x00B7, /* bullets */
      0x2010, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212,         /* dashes */
  };
  for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
    if (signs[i] == c)
      return 1;
  return siuop_is_invisible(c);
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

/* The ASCII character after the current one, in lower case; 0x80 where one has to look closer. Spares most copies. */
static int32_t peek(const siuop_text *t)
{
  if (t->at + 1 < t->count)
    return 0x80;
  if (t->next >= t->len)
    return SIUOP_TEXT_END;
  unsigned char c = (unsigned char)t->s[t->next];
  return c < 0x80 ? siuop_ascii_lower(c) : 0x80;
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
  if (t->current >= 0x80 || !siuop_is_letter(t->current))
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
  int32_t next = peek(t);
  if (next != '|' && next != '/' && next != 0x80 && !siuop_is_letter(next))
    return 0;
  siuop_text ahead;
  siuop_copy_place(&ahead, t);
  siuop_text_next(&ahead);
  if (!(ahead.current == '|' ? take_token(&ahead) : take_element(&ahead)))
    return 0;
  siuop_copy_place(t, &ahead);
  return 1;
}

/* ---- words ---- */

/* Steps over the lower-case word in any case; on failure leaves t within it. */
static int pass(siuop_text *t, const char *word)
{
  for (; *word != '\0'; word++) {
    if (siuop_ascii_lower(t->current) != *word)
      return 0;
    siuop_text_next(t);
  }
  return 1;
}

static int pass_judgement(siuop_text *t)
{
  if (!pass(t, "judg"))
    return 0;
  if (siuop_ascii_lower(t->current) == 'e')
    siuop_text_next(t);
  return pass(t, "ment");
}

int siuop_take_judgement(siuop_text *t)
{
  if (siuop_ascii_lower(t->current) != 'j')
    return 0;
  int32_t next = peek(t);
  if (next != 'u' && next != 0x80)
    return 0;
  siuop_text ahead;
  siuop_copy_place(&ahead, t);
  if (!pass_judgement(&ahead))
    return 0;
  siuop_copy_place(t, &ahead);
  return 1;
}

static void skip_some_space(siuop_text *t)
{
  for (int room = TAG_MAX; room > 0 && siuop_is_python_space(t->current); room--)
    siuop_text_next(t);
}

/* "(Judgement:)", "(Safety Judgement)": judges repeat the heading of the form that they were given. */
static int take_echo(siuop_text *t)
{
  if (t->current != '(')
    return 0;
  int32_t first = peek(t);
  if (first != 'j' && first != 's' && first != 'e' && first != 0x80)
    return 0;
  siuop_text ahead;
  siuop_copy_place(&ahead, t);
  siuop_text_next(&ahead);
  int32_t name = siuop_ascii_lower(ahead.current);
  if (name == 's' || name == 'e') {
    if (!pass(&ahead, name == 's' ? "safety" : "effectiveness") || !siuop_is_python_space(ahead.current))
      return 0;
    skip_some_space(&ahead);
  }
  if (!pass_judgement(&ahead))
    return 0;
  skip_some_space(&ahead);
  if (ahead.current == ':')
    siuop_text_next(&ahead);
  if (ahead.current != ')')
    return 0;
  siuop_text_next(&ahead);
  siuop_copy_place(t, &ahead);
  return 1;
}

/* ---- dress ---- */

int siuop_take_dress(siuop_text *t)
{
  if (!siuop_is_sign(t->current) && !(t->current != SIUOP_TEXT_END && siuop_is_python_space(t->current)))
    return 0;
  if (!siuop_take_tag(t) && !take_echo(t))
    siuop_text_next(t);
  return 1;
}

void siuop_skip_closing(siuop_text *t)
{
  for (;;) {
    int32_t c = t->current;
    if (c == '.' || c == ',' || c == ';' || c == '!' || c == 0x3002 /* ideographic full stop */)
      siuop_text_next(t);
    else if (!siuop_take_dress(t))
      return;
  }
}
