/* judge_guard.c: the categories of harm that a guard model names behind its label. */
#include "judge_guard.h"

#include "utf8.h"

static int is_between(char c)
{
  return c == ' ' || c == ',' || c == ';' || c == '\n' || c == '\r' || c == '\t';
}

/* Behind the code at byte `at`, a capital and a number; else `at`. */
static size_t skip_code(const char *text, size_t at, size_t to)
{
  size_t end = at;
  if (text[end] < 'A' || text[end] > 'Z')
    return at;
  for (end++; end < to && siuop_ascii_is_digit(text[end]);)
    end++;
  return end == at + 1 || end > at + 3 || (end < to && !is_between(text[end])) ? at : end;
}

int siuop_is_category_list(const char *text, size_t from, size_t to)
{
  int codes = 0;
  while (from < to) {
    if (is_between(text[from])) {
      from++;
      continue;
    }
    size_t end = skip_code(text, from, to);
    if (end == from)
      return 0;
    codes++;
    from = end;
  }
  return codes > 0;
}
