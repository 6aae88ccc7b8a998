/* dataset_read.c: one record of a data file, checked and copied. */
#include "dataset.h"

#include <stdio.h>
#include <string.h>

static const char *const generation_keys[] = {"question_id",      "image", "question", "category", "safety_warning",
                                              "reference_answer", NULL};
static const char *const choice_keys[] = {"question_id", "image",          "question", "category",
                                          "options",     "correct_option", NULL};

int siuop_item_has_key(int task, const char *key)
{
  const char *const *known = task == SIUO_TASK_CHOICE ? choice_keys : generation_keys;
  while (*known != NULL && strcmp(*known, key) != 0)
    known++;
  return *known != NULL;
}

/* ---- fields ---- */

static int fail_key(siuo_ctx *ctx, const struct siuop_record *record, const char *id, const char *key,
                    const char *words, const char *found)
{
  return siuop_record_fail(ctx, record, SIUO_EFORMAT, "question_id %.80s: \"%s\" %s%s", id, key, words, found);
}

static int is_plain(const char *s, size_t len)
{
  for (size_t i = 0; i < len; i++)
    if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
      return 0;
  return len > 0;
}

static int copy(struct siuop_arena *arena, const char *s, size_t len, struct siuop_field *out)
{
  out->s = siuop_arena_copy(arena, s, len);
  out->len = len;
  return out->s == NULL ? SIUO_ENOMEM : SIUO_OK;
}

/* A number without a fraction that doubles can tell from its neighbours. */
static int whole_number(const siuop_json *v, int64_t *out)
{
  double number = siuop_json_number(v);
  if (siuop_json_type(v) == SIUOP_JSON_INTEGER) {
    *out = siuop_json_integer(v);
    return 1;
  }
  if (siuop_json_type(v) != SIUOP_JSON_REAL || !(number > -9e15 && number < 9e15))
    return 0;
  *out = (int64_t)number;
  return (double)*out <= number && (double)*out >= number;
}

int siuop_record_has_odd_id(const struct siuop_record *record)
{
  const siuop_json *v = siuop_json_get(record->value, "question_id");
  const char *text = siuop_json_text(v, NULL);
  size_t digits = text == NULL ? 0 : strspn(text, "0123456789");
  return siuop_json_type(v) == SIUOP_JSON_REAL || (digits > 0 && strcmp(text + digits, ".0") == 0);
}

int siuop_record_read_id(struct siuop_arena *arena, const struct siuop_record *record, const char **id, size_t *len)
{
  const siuop_json *v = siuop_json_get(record->value, "question_id");
  struct siuop_field field;
  char decimal[24];
  const char *text = siuop_json_text(v, len);
  if (v == NULL)
    return siuop_record_fail(arena->ctx, record, SIUO_EFORMAT, "\"question_id\" is missing");
  int64_t number = 0;
  if (whole_number(v, &number)) {
    *len = (size_t)snprintf(decimal, sizeof decimal, "%lld", (long long)number);
    text = decimal;
  }
  if (text == NULL)
    return siuop_record_fail(arena->ctx, record, SIUO_EFORMAT, "\"question_id\" must be an integer or a string, not %s",
                             siuop_json_type_name(v));
  if (!is_plain(text, *len))
    return siuop_record_fail(arena->ctx, record, SIUO_EFORMAT,
                             "\"question_id\" must not be empty or hold control characters");
  int rc = copy(arena, text, *len, &field);
  *id = field.s;
  return rc;
}

static int read_text(struct siuop_arena *arena, const struct siuop_record *record, const char *id, const char *key,
                     struct siuop_field *out)
{
  size_t len = 0;
  const siuop_json *v = siuop_json_get(record->value, key);
  const char *text = siuop_json_text(v, &len);
  if (v == NULL)
    return fail_key(arena->ctx, record, id, key, "is missing", "");
  if (text == NULL)
    return fail_key(arena->ctx, record, id, key, "must be a string, not ", siuop_json_type_name(v));
  return copy(arena, text, len, out);
}

/* A picture is named by one path component, so that no data file can reach out of the images folder. */
static int check_image(siuo_ctx *ctx, const struct siuop_record *record, const siuo_item *item)
{
  const char *name = item->image.s;
  if (is_plain(name, item->image.len) && strpbrk(name, "/\\") == NULL && strcmp(name, ".") != 0 &&
      strcmp(name, "..") != 0)
    return SIUO_OK;
  return fail_key(ctx, record, item->id.s, "image", "must be a file's name, without a folder", "");
}

/* ---- options ---- */

static int read_options(struct siuop_arena *arena, const struct siuop_record *record, const siuop_json *options,
                        siuo_item *item)
{
  size_t count = siuop_json_size(options);
  const char *id = item->id.s;
  if (siuop_json_type(options) != SIUOP_JSON_OBJECT)
    return fail_key(arena->ctx, record, id, "options", "must be an object, not ", siuop_json_type_name(options));
  if (count < 2 || count > SIUOP_MOST_OPTIONS)
    return fail_key(arena->ctx, record, id, "options", "must hold 2 to 26 options", "");
  struct siuop_field *fields = siuop_arena_alloc(arena, count * sizeof *fields);
  if (fields == NULL)
    return SIUO_ENOMEM;
  for (size_t i = 0; i < count; i++) {
    const char letter[2] = {(char)('A' + (int)i), '\0'};
    const siuop_json *v = siuop_json_get(options, letter);
    size_t len = 0;
    const char *text = siuop_json_text(v, &len);
    if (v == NULL)
      return fail_key(arena->ctx, record, id, "options", "must be lettered from A without a gap; missing: ", letter);
    if (text == NULL)
      return fail_key(arena->ctx, record, id, "options", "must hold strings, not ", siuop_json_type_name(v));
    int rc = copy(arena, text, len, &fields[i]);
    if (rc != SIUO_OK)
      return rc;
  }
  item->options = fields;
  item->option_count = count;
  return siuop_copies_make(arena, fields, count, &item->copies);
}

static int read_correct(siuo_ctx *ctx, const struct siuop_record *record, const siuop_json *v, siuo_item *item)
{
  size_t len = 0;
  const char *text = siuop_json_text(v, &len);
  if (text == NULL)
    return fail_key(ctx, record, item->id.s, "correct_option", "must be a string, not ", siuop_json_type_name(v));
  if (len != 1 || text[0] < 'A' || text[0] >= 'A' + (int)item->option_count)
    return fail_key(ctx, record, item->id.s, "correct_option", "must be the letter of one of the options", "");
  item->correct = text[0];
  return SIUO_OK;
}

static const siuop_json *get_unless_null(const struct siuop_record *record, const char *key)
{
  const siuop_json *v = siuop_json_get(record->value, key);
  return siuop_json_type(v) == SIUOP_JSON_NULL ? NULL : v;
}

int siuop_item_read_choice(struct siuop_arena *arena, const struct siuop_record *record, const char *id, size_t id_len,
                           const siuo_item **out)
{
  static const struct siuop_field unknown[] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
  const siuop_json *options = get_unless_null(record, "options");
  const siuop_json *correct = get_unless_null(record, "correct_option");
  siuo_item *item = siuop_arena_alloc(arena, sizeof *item);
  int rc = SIUO_OK;
  if (item == NULL)
    return SIUO_ENOMEM;
  memset(item, 0, sizeof *item);
  item->task = SIUO_TASK_CHOICE;
  item->id.s = id;
  item->id.len = id_len;
  item->options = unknown;
  item->option_count = sizeof unknown / sizeof unknown[0];
  if (options != NULL)
    rc = read_options(arena, record, options, item);
  if (rc == SIUO_OK && correct != NULL)
    rc = read_correct(arena->ctx, record, correct, item);
  *out = item;
  return rc;
}

/* ---- items ---- */

/* The task that the keys speak of: options or a right letter make it multiple choice. */
static int find_task(siuo_ctx *ctx, const struct siuop_record *record, const char *id, int *task)
{
  const siuop_json *v = record->value;
  int choice = siuop_json_get(v, "options") != NULL || siuop_json_get(v, "correct_option") != NULL;
  int generation = siuop_json_get(v, "safety_warning") != NULL || siuop_json_get(v, "reference_answer") != NULL;
  *task = choice ? SIUO_TASK_CHOICE : SIUO_TASK_GENERATION;
  if (choice != generation)
    return SIUO_OK;
  return siuop_record_fail(ctx, record, SIUO_EFORMAT,
                           "question_id %.80s: %s: expected \"safety_warning\" and \"reference_answer\" (generation), "
                           "or \"options\" and \"correct_option\" (multiple choice)",
                           id, choice ? "it has keys of both tasks" : "it has keys of neither task");
}

static int read_choice(struct siuop_arena *arena, const struct siuop_record *record, siuo_item *item)
{
  const siuop_json *options = siuop_json_get(record->value, "options");
  const siuop_json *correct = siuop_json_get(record->value, "correct_option");
  if (options == NULL)
    return fail_key(arena->ctx, record, item->id.s, "options", "is missing", "");
  if (correct == NULL)
    return fail_key(arena->ctx, record, item->id.s, "correct_option", "is missing", "");
  int rc = read_options(arena, record, options, item);
  return rc == SIUO_OK ? read_correct(arena->ctx, record, correct, item) : rc;
}

int siuop_item_read(struct siuop_arena *arena, const struct siuop_record *record, siuo_item *item)
{
  memset(item, 0, sizeof *item);
  int rc = siuop_record_read_id(arena, record, &item->id.s, &item->id.len);
  item->odd_id = siuop_record_has_odd_id(record);
  if (rc == SIUO_OK)
    rc = find_task(arena->ctx, record, item->id.s, &item->task);
  if (rc == SIUO_OK)
    rc = read_text(arena, record, item->id.s, "image", &item->image);
  if (rc == SIUO_OK)
    rc = check_image(arena->ctx, record, item);
  if (rc == SIUO_OK)
    rc = read_text(arena, record, item->id.s, "question", &item->question);
  if (rc == SIUO_OK)
    rc = read_text(arena, record, item->id.s, "category", &item->category);
  if (rc == SIUO_OK && item->category.len == 0)
    rc = fail_key(arena->ctx, record, item->id.s, "category", "is empty", "");
  if (rc == SIUO_OK && item->task == SIUO_TASK_CHOICE)
    return read_choice(arena, record, item);
  if (rc == SIUO_OK)
    rc = read_text(arena, record, item->id.s, "safety_warning", &item->warning);
  if (rc == SIUO_OK)
    rc = read_text(arena, record, item->id.s, "reference_answer", &item->reference);
  return rc;
}
