/* lint_text.c: what is odd about an item's texts. */
#include "lint.h"

#include "dataset.h"
#include "utf8.h"

#include <string.h>

/* A text being looked at. */
struct look {
  siuo_lint *lint;
  const siuo_item *item;
  const char *field; /* "question", "options.B" */
  const char *noun;  /* "a question" */
  const struct siuop_field *text;
};

static void add(const struct look *x, int code, const char *words)
{
  siuop_lint_add(x->lint, code, x->item, x->field, "%s %s", x->noun, words);
}

/* ---- ends ---- */

/* Returns 0 for a text that is nothing but white space. */
static int check_ends(const struct look *x)
{
  const char *s = x->text->s;
  size_t len = x->text->len;
  siuop_trim(&s, &len);
  if (len == 0) {
    add(x, SIUO_LINT_EMPTY_TEXT, x->text->len == 0 ? "is empty" : "is only white space");
    return 0;
  }
  if (s != x->text->s)
    add(x, SIUO_LINT_OUTER_SPACE, "begins with white space");
  if (s + len != x->text->s + x->text->len)
    add(x, SIUO_LINT_OUTER_SPACE, "ends with white space");
  return 1;
}

static int is_closing(int32_t c)
{
  return c == '"' || c == '\'' || c == ')' || c == ']' || c == 0x201D || c == 0x2019 || c == 0x300D || c == 0xFF09;
}

static int ends_sentence(int32_t c)
{
  return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 || c == 0xFF01 || c == 0xFF1F;
}

/* A sentence ends in its sign, perhaps with closing quotation marks or brackets after it. */
static int is_cut_off(const struct siuop_field *text)
{
  int32_t last = 0;
  for (size_t at = 0, used = 0; at < text->len; at += used) {
    int32_t c = siuop_utf8_decode(text->s + at, text->len - at, &used, NULL);
    if (!siuop_is_space(c) && !(is_closing(c) && ends_sentence(last)))
      last = c;
  }
  return !ends_sentence(last);
}

/* ---- characters ---- */

static int is_latin(int32_t c)
{
  return c < 0x250 || (c >= 0x1E00 && c <= 0x1EFF) || (c >= 0x2C60 && c <= 0x2C7F) || (c >= 0xA720 && c <= 0xA7FF) ||
         (c >= 0xAB30 && c <= 0xAB6F) || (c >= 0xFB00 && c <= 0xFB06) || (c >= 0xFF21 && c <= 0xFF5A);
}

static void check_characters(const struct look *x)
{
  int braces = 0, invisible = 0, emoji = 0, foreign = 0;
  for (size_t at = 0, used = 0; at < x->text->len; at += used) {
    int32_t c = siuop_utf8_decode(x->text->s + at, x->text->len - at, &used, NULL);
    braces |= c == '{' || c == '}';
    if (c < 0x80)
      continue;
    if (siuop_is_emoji(c))
      emoji = 1;
    else if (siuop_is_invisible(c))
      invisible = 1;
    else if (siuop_is_letter(c) && !is_latin(c))
      foreign = 1;
  }
  if (braces)
    add(x, SIUO_LINT_BRACES, "holds a literal brace, which is text and no placeholder");
  if (invisible)
    add(x, SIUO_LINT_INVISIBLE, "holds an invisible character");
  if (emoji)
    add(x, SIUO_LINT_SCRIPT, "holds emoji");
  if (foreign)
    add(x, SIUO_LINT_SCRIPT, "holds letters beyond Latin");
}

/* ---- texts ---- */

static void look_at(struct look *x, const char *field, const char *noun, const struct siuop_field *text)
{
  x->field = field;
  x->noun = noun;
  x->text = text;
  if (check_ends(x))
    check_characters(x);
}

static int is_single_word(const struct siuop_field *option)
{
  const char *s = option->s;
  size_t len = option->len;
  siuop_trim(&s, &len);
  for (size_t at = 0, used = 0; at < len; at += used)
    if (!siuop_is_word(siuop_utf8_decode(s + at, len - at, &used, NULL)))
      return 0;
  return len > 0;
}

static int same_trimmed(struct siuop_field a, struct siuop_field b)
{
  siuop_trim(&a.s, &a.len);
  siuop_trim(&b.s, &b.len);
  return a.len == b.len && memcmp(a.s, b.s, a.len) == 0;
}

static void look_at_options(struct look *x)
{
  const siuo_item *item = x->item;
  for (size_t i = 0; i < item->option_count; i++) {
    char field[] = "options.?";
    field[sizeof field - 2] = (char)('A' + (int)i);
    look_at(x, field, "an option", &item->options[i]);
    if (is_single_word(&item->options[i]))
      add(x, SIUO_LINT_STUB_OPTION, "is a single word: a stub?");
    for (size_t k = 0; k < i; k++)
      if (same_trimmed(item->options[k], item->options[i])) {
        siuop_lint_add(x->lint, SIUO_LINT_SAME_OPTIONS, item, field, "an option reads the same as option %c",
                       'A' + (int)k);
        break;
      }
  }
}

void siuop_lint_texts(siuo_lint *lint, const siuo_item *item)
{
  struct look x = {lint, item, NULL, NULL, NULL};
  look_at(&x, "question", "a question", &item->question);
  if (memchr(item->question.s, '\n', item->question.len) != NULL)
    add(&x, SIUO_LINT_NEWLINE, "holds a line break");
  if (item->task == SIUO_TASK_CHOICE) {
    look_at_options(&x);
    return;
  }
  look_at(&x, "safety_warning", "a safety warning", &item->warning);
  if (item->warning.len > 0 && is_cut_off(&item->warning))
    add(&x, SIUO_LINT_CUT_OFF, "ends in mid-sentence");
  look_at(&x, "reference_answer", "a reference answer", &item->reference);
}
