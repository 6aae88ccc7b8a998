/* judge_fence.c: lines that open or close a fenced block. */
#include "judge_fence.h"

#include <string.h>

size_t siuop_line_end(const char *text, size_t at, size_t to)
{
  const char *end = at < to ? memchr(text + at, '\n', to - at) : NULL;
  return end == NULL ? to : (size_t)(end - text);
}

/* Behind the blanks and block quote signs that begin a line. */
static size_t skip_indent(const char *text, size_t at, size_t end)
{
  while (at < end && (text[at] == ' ' || text[at] == '\t' || text[at] == '>'))
    at++;
  return at;
}

int siuop_fence_line(struct siuop_fence *fence, const char *text, size_t line, size_t end)
{
  size_t begin = skip_indent(text, line, end);
  char sign = begin < end ? text[begin] : '\0';
  size_t after = begin;
  if (sign != '`' && sign != '~')
    return 0;
  while (after < end && text[after] == sign)
    after++;
  if (after - begin < 3)
    return 0;
  if (fence->sign == '\0') {
    if (memchr(text + after, '`', end - after) != NULL)
      return 0; /* code within a line */
    fence->sign = sign;
    fence->length = after - begin;
    return 1;
  }
  if (sign != fence->sign || after - begin < fence->length)
    return 0;
  fence->sign = '\0';
  return 1;
}
