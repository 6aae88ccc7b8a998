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

/* Scripts by the ranges of their letters (Unicode blocks); what is in none of them is "another script". */
static const struct script {
  int32_t first, last;
  const char *name; /* NULL: Latin, not worth a note */
} scripts[] = {
    {0, 0x24F, NULL},         {0x250, 0x2FF, NULL},      {0x370, 0x3FF, "Greek"},      {0x400, 0x52F, "Cyrillic"},
    {0x590, 0x5FF, "Hebrew"}, {0x600, 0x77F, "Arabic"},  {0x900, 0x97F, "Devanagari"}, {0x980, 0x9FF, "Bengali"},
    {0xB80, 0xBFF, "Tamil"},  {0xE00, 0xE7F, "Thai"},    {0x1100, 0x11FF, "Hangul"},   {0x1200, 0x139F, "Ethiopic"},
    {0x1E00, 0x1EFF, NULL},   {0x1F00, 0x1FFF, "Greek"}, {0x2C60, 0x2C7F, NULL},       {0x3040, 0x30FF, "Kana"},
    {0x3400, 0x9FFF, "Han"},  {0xA720, 0xA7FF, NULL},    {0xAB30, 0xAB6F, NULL},       {0xAC00, 0xD7AF, "Hangul"},
    {0xF900, 0xFAFF, "Han"},  {0xFB00, 0xFB06, NULL},    {0xFB50, 0xFDFF, "Arabic"},   {0xFE70, 0xFEFC, "Arabic"},
    {0xFF21, 0xFF5A, NULL},   {0x20000, 0x3FFFF, "Han"},
};
#define SCRIPT_COUNT (sizeof scripts / sizeof scripts[0])

/* Number of the letter's script, SCRIPT_COUNT for another one. */
static size_t script_of(int32_t c)
{
  size_t i = 0;
  while (i < SCRIPT_COUNT && (c < scripts[i].first || c > scripts[i].last))
    i++;
  return i;
}

/* What a text was seen to hold. */
struct characters {
  int braces, emoji, joiners;
  int32_t invisible; /* the first one; 0: none */
  uint64_t scripts;  /* bits of their numbers */
};

static struct characters scan(const struct siuop_field *text)
{
  struct characters seen = {0, 0, 0, 0, 0};
  for (size_t at = 0, used = 0; at < text->len; at += used) {
    int32_t c = siuop_utf8_decode(text->s + at, text->len - at, &used, NULL);
    seen.braces |= c == '{' || c == '}';
    if (c < 0x80)
      continue;
    seen.joiners |= c == 0x200D;
    if (siuop_is_emoji(c))
      seen.emoji = 1;
    else if (siuop_is_invisible(c))
      seen.invisible = seen.invisible == 0 ? c : seen.invisible;
    else if (siuop_is_letter(c))
      seen.scripts |= UINT64_C(1) << script_of(c);
  }
  return seen;
}

static void check_characters(const struct look *x)
{
  struct characters seen = scan(x->text);
  if (seen.braces)
    add(x, SIUO_LINT_BRACES, "holds a literal brace, which is text and no placeholder");
  if (seen.invisible != 0)
    siuop_lint_add(x->lint, SIUO_LINT_INVISIBLE, x->item, x->field, "%s holds the invisible character U+%04X", x->noun,
                   (unsigned)seen.invisible);
  if (seen.emoji)
    add(x, SIUO_LINT_SCRIPT, seen.joiners ? "holds emoji with joiners" : "holds emoji");
  for (size_t i = 0; i <= SCRIPT_COUNT; i++)
    if ((seen.scripts >> i & 1) != 0 && (i == SCRIPT_COUNT || scripts[i].name != NULL))
      siuop_lint_add(x->lint, SIUO_LINT_SCRIPT, x->item, x->field, "%s holds %s letters", x->noun,
                     i == SCRIPT_COUNT ? "other than Latin" : scripts[i].name);
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

static void look_at_question(struct look *x)
{
  const struct siuop_field *question = &x->item->question;
  look_at(x, "question", "a question", question);
  if (memchr(question->s, '\n', question->len) != NULL)
    add(x, SIUO_LINT_NEWLINE, "holds a line break");
}

void siuop_lint_texts(siuo_lint *lint, const siuo_item *item, int without_question)
{
  struct look x = {lint, item, NULL, NULL, NULL};
  if (!without_question)
    look_at_question(&x);
  if (item->task == SIUO_TASK_CHOICE) {
    look_at_options(&x);
    return;
  }
  look_at(&x, "safety_warning", "a safety warning", &item->warning);
  if (item->warning.len > 0 && is_cut_off(&item->warning))
    add(&x, SIUO_LINT_CUT_OFF, "ends in mid-sentence");
  look_at(&x, "reference_answer", "a reference answer", &item->reference);
}
