/* judge_think.c: the reasoning block that a reply may begin with. */
#include "judge.h"

#include "utf8.h"

#include <string.h>

/* A static text as a field. */
#define FIELD(text)                                                                                                    \
  {                                                                                                                    \
    text, sizeof(text) - 1                                                                                             \
  }

static const struct siuop_reasoning_tag known_tags[] = {
    {FIELD("<think>"), FIELD("</think>")},
    {FIELD("\xE2\x97\x81think\xE2\x96\xB7"), FIELD("\xE2\x97\x81/think\xE2\x96\xB7")}, /* U+25C1 think U+25B7 */
};

const struct siuop_manner siuop_standard_manner = {
    known_tags, sizeof known_tags / sizeof known_tags[0], {{NULL, 0, NULL, 0}, {NULL, 0, NULL, 0}}};

/* Where the words begin in bytes from…len, or SIZE_MAX. */
static size_t find_bytes(const char *text, size_t from, size_t len, const struct siuop_field *words)
{
  while (len - from >= words->len) {
    const char *at = memchr(text + from, words->s[0], len - from - words->len + 1);
    if (at == NULL)
      return SIZE_MAX;
    from = (size_t)(at - text);
    if (memcmp(at, words->s, words->len) == 0)
      return from;
    from++;
  }
  return SIZE_MAX;
}

static int starts_with(const char *text, size_t len, const struct siuop_field *words)
{
  return len >= words->len && memcmp(text, words->s, words->len) == 0;
}

int siuop_skip_own_reasoning(const struct siuop_manner *m, const char *text, size_t len, size_t *rest)
{
  const char *head = text;
  size_t head_len = len;
  if (m->tag_count == 0)
    m = &siuop_standard_manner;
  *rest = 0;
  siuop_trim(&head, &head_len);
  for (size_t i = 0; i < m->tag_count; i++) {
    const struct siuop_reasoning_tag *tag = &m->tags[i];
    if (!starts_with(head, head_len, &tag->open))
      continue;
    size_t close = find_bytes(text, (size_t)(head - text) + tag->open.len, len, &tag->close);
    *rest = close == SIZE_MAX ? len : close + tag->close.len;
    return close == SIZE_MAX ? SIUOP_THINK_OPEN : SIUOP_THINK_CLOSED;
  }
  for (size_t i = 0; i < m->tag_count; i++) { /* a lone closing tag: the prompt held the opening one */
    const struct siuop_reasoning_tag *tag = &m->tags[i];
    size_t close = find_bytes(text, 0, len, &tag->close);
    if (close == SIZE_MAX || find_bytes(text, 0, close, &tag->open) != SIZE_MAX)
      continue;
    *rest = close + tag->close.len;
    return SIUOP_THINK_CLOSED;
  }
  return SIUOP_THINK_NONE;
}

int siuop_skip_reasoning(const char *text, size_t len, size_t *rest)
{
  return siuop_skip_own_reasoning(&siuop_standard_manner, text, len, rest);
}

static int is_blank(const char *text, size_t len)
{
  siuop_trim(&text, &len);
  return len == 0;
}

int siuop_open_reply(const struct siuop_manner *m, const char *text, size_t len, size_t *from)
{
  *from = 0;
  if (is_blank(text, len))
    return SIUO_OUTCOME_EMPTY;
  if (siuop_skip_own_reasoning(m, text, len, from) == SIUOP_THINK_OPEN)
    return SIUO_OUTCOME_CUT_OFF;
  return is_blank(text + *from, len - *from) ? SIUO_OUTCOME_EMPTY : SIUO_OUTCOME_PARSED;
}
