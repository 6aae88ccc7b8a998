/* judge_think.c: the reasoning block that a reply may begin with. */
#include "judge.h"

#include "utf8.h"

#include <string.h>

static const struct reasoning_tags {
  const char *open, *close;
} known_tags[] = {
    {"<think>", "</think>"},
    {"\xE2\x97\x81think\xE2\x96\xB7", "\xE2\x97\x81/think\xE2\x96\xB7"}, /* U+25C1 think U+25B7 */
};
#define TAGS_COUNT (sizeof known_tags / sizeof known_tags[0])

/* Where the words begin in bytes from…len, or SIZE_MAX. */
static size_t find_bytes(const char *text, size_t from, size_t len, const char *words)
{
  size_t size = strlen(words);
  while (len - from >= size) {
    const char *at = memchr(text + from, words[0], len - from - size + 1);
    if (at == NULL)
      return SIZE_MAX;
    from = (size_t)(at - text);
    if (memcmp(at, words, size) == 0)
      return from;
    from++;
  }
  return SIZE_MAX;
}

static int starts_with(const char *text, size_t len, const char *words)
{
  return len >= strlen(words) && memcmp(text, words, strlen(words)) == 0;
}

int siuop_skip_reasoning(const char *text, size_t len, size_t *rest)
{
  const char *head = text;
  size_t head_len = len;
  *rest = 0;
  siuop_trim(&head, &head_len);
  for (size_t i = 0; i < TAGS_COUNT; i++) {
    const struct reasoning_tags *tags = &known_tags[i];
    if (!starts_with(head, head_len, tags->open))
      continue;
    size_t close = find_bytes(text, (size_t)(head - text) + strlen(tags->open), len, tags->close);
    *rest = close == SIZE_MAX ? len : close + strlen(tags->close);
    return close == SIZE_MAX ? SIUOP_THINK_OPEN : SIUOP_THINK_CLOSED;
  }
  for (size_t i = 0; i < TAGS_COUNT; i++) { /* a lone closing tag: the prompt held the opening one */
    const struct reasoning_tags *tags = &known_tags[i];
    size_t close = find_bytes(text, 0, len, tags->close);
    if (close == SIZE_MAX || find_bytes(text, 0, close, tags->open) != SIZE_MAX)
      continue;
    *rest = close + strlen(tags->close);
    return SIUOP_THINK_CLOSED;
  }
  return SIUOP_THINK_NONE;
}

static int is_blank(const char *text, size_t len)
{
  siuop_trim(&text, &len);
  return len == 0;
}

int siuop_open_reply(const char *text, size_t len, size_t *from)
{
  *from = 0;
  if (is_blank(text, len))
    return SIUO_OUTCOME_EMPTY;
  if (siuop_skip_reasoning(text, len, from) == SIUOP_THINK_OPEN)
    return SIUO_OUTCOME_CUT_OFF;
  return is_blank(text + *from, len - *from) ? SIUO_OUTCOME_EMPTY : SIUO_OUTCOME_PARSED;
}
