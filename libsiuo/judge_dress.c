/* judge_dress.c: what may stand around a marker, a label or a letter without meaning anything. */
#include "judge_dress.h"

#include "utf8.h"

#include <string.h>

int siuop_goes_on(int32_t c)
{
  return c != '_' && siuop_is_word(c);
}

int siuop_is_sign(int32_t c)
{
  if (c < 0x80)
    return c > 0 && strchr("*_`~\"'()[]{}<>|:=#+-", (int)c) != NULL;
  static const int32_t signs[] = {0x201C, 0x201D, 0x2018, 0x2019, 0x201E, 0x00AB, 0x00BB, 0x2039, 0x203A, 0x300C,
                                  0x300D, 0x300E, 0x300F, 0x3010, 0x3011, 0x2022, 0x2010, 0x2013, 0x2014, 0x2212};
  for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
    if (signs[i] == c)
      return 1;
  return 0;
}

/* <|im_end|> and the like. */
static int take_token(siuop_text *t)
{
  siuop_text ahead = *t;
  if (!siuop_text_take(&ahead, "<|", 0))
    return 0;
  while (ahead.current != SIUOP_TEXT_END && ahead.current != '|' && ahead.current != '<' && ahead.current != '>' &&
         ahead.current != '\n')
    siuop_text_next(&ahead);
  if (!siuop_text_take(&ahead, "|>", 0))
    return 0;
  *t = ahead;
  return 1;
}

int siuop_take_tag(siuop_text *t)
{
  if (t->current != '<')
    return 0;
  if (take_token(t))
    return 1;
  siuop_text ahead = *t;
  siuop_text_next(&ahead);
  siuop_text_take(&ahead, "/", 0);
  if (ahead.current >= 0x80 || !siuop_is_letter(ahead.current))
    return 0;
  while (siuop_is_word(ahead.current) || ahead.current == '-')
    siuop_text_next(&ahead);
  siuop_text_skip_space(&ahead);
  siuop_text_take(&ahead, "/", 0);
  if (!siuop_text_take(&ahead, ">", 0))
    return 0;
  *t = ahead;
  return 1;
}

int siuop_take_judgement(siuop_text *t)
{
  if (siuop_ascii_lower(t->current) != 'j')
    return 0;
  siuop_text ahead = *t;
  if (!siuop_text_take(&ahead, "judg", 1))
    return 0;
  siuop_text_take(&ahead, "e", 1);
  if (!siuop_text_take(&ahead, "ment", 1))
    return 0;
  *t = ahead;
  return 1;
}

/* "(Judgement:)", "(Safety Judgement)": judges repeat the heading of the form that they were given. */
static int take_echo(siuop_text *t)
{
  if (t->current != '(')
    return 0;
  siuop_text ahead = *t;
  siuop_text_next(&ahead);
  if (siuop_text_take(&ahead, "safety", 1) || siuop_text_take(&ahead, "effectiveness", 1)) {
    if (!siuop_is_python_space(ahead.current))
      return 0;
    siuop_text_skip_space(&ahead);
  }
  if (!siuop_take_judgement(&ahead))
    return 0;
  siuop_text_skip_space(&ahead);
  siuop_text_take(&ahead, ":", 0);
  if (!siuop_text_take(&ahead, ")", 0))
    return 0;
  *t = ahead;
  return 1;
}

int siuop_take_dress(siuop_text *t)
{
  if (siuop_take_tag(t) || take_echo(t))
    return 1;
  if (!siuop_is_sign(t->current) && !siuop_is_python_space(t->current))
    return 0;
  siuop_text_next(t);
  return 1;
}

void siuop_skip_closing(siuop_text *t)
{
  for (;;) {
    if (siuop_take_dress(t))
      continue;
    if (t->current <= 0 || t->current >= 0x80 || strchr(".,;!", (int)t->current) == NULL)
      return;
    siuop_text_next(t);
  }
}
