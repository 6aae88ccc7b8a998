/* lint.c: what is odd about a data set. */
#include "dataset.h"

#include "abi.h"
#include "benchmark.h"
#include "image_near.h"
#include "lint.h"
#include "os.h"
#include "utf8.h"

#include <siuo/stats.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NOTE_FIRST_SIZE sizeof(siuo_lint_note)
#define SENTENCE_SIZE   512

const char *siuo_lint_code_name(int code)
{
  static const char *const names[] = {"outer-space",  "newline",          "cut-off",
                                      "same-options", "key-mismatch",     "stub-option",
                                      "braces",       "invisible",        "script",
                                      "empty-text",   "unknown-category", "tasks-differ",
                                      "one-task",     "shared-image",     "same-question",
                                      "key-balance",  "no-images",        "image-name",
                                      "unknown-key",  "byte-order-mark",  "id"};
  return code < SIUO_LINT_OUTER_SPACE || code > SIUO_LINT_ID ? "unknown" : names[code - 1];
}

/* ---- notes ---- */

int siuop_lint_add(siuo_lint *lint, int code, const siuo_item *item, const char *field, const char *format, ...)
{
  char raw[SENTENCE_SIZE];
  char sentence[SENTENCE_SIZE];
  va_list args;
  if (lint->status != SIUO_OK)
    return lint->status;
  va_start(args, format);
  int written = vsnprintf(raw, sizeof raw, format, args);
  va_end(args);
  size_t len = written < 0 ? 0 : (size_t)written < sizeof raw ? (size_t)written : sizeof raw - 1;
  len = siuop_utf8_escape(sentence, sizeof sentence, raw, len);
  lint->status = siuop_reserve(lint->ctx, &lint->notes, &lint->capacity, lint->count + 1, sizeof *lint->notes);
  if (lint->status != SIUO_OK)
    return lint->status;
  siuo_lint_note *note = &lint->notes[lint->count];
  memset(note, 0, sizeof *note);
  note->size = sizeof *note;
  note->code = code;
  note->task = item == NULL ? 0 : item->task;
  note->item_id = item == NULL ? NULL : item->id.s;
  note->text = siuop_arena_copy(&lint->arena, sentence, len);
  note->field = field == NULL ? NULL : siuop_arena_copy(&lint->arena, field, strlen(field));
  if (note->text == NULL || (field != NULL && note->field == NULL))
    return lint->status = SIUO_ENOMEM;
  lint->count++;
  return SIUO_OK;
}

size_t siuo_lint_count(const siuo_lint *lint)
{
  return lint == NULL ? 0 : lint->count;
}

int siuo_lint_note_at(const siuo_lint *lint, size_t i, siuo_lint_note *note)
{
  if (lint == NULL || note == NULL)
    return SIUO_EINVAL;
  if (i >= lint->count)
    return SIUO_ENOTFOUND;
  return siuop_abi_export(note, &lint->notes[i], sizeof *note, NOTE_FIRST_SIZE);
}

void siuo_lint_free(siuo_lint *lint)
{
  if (lint == NULL)
    return;
  siuop_arena_free(&lint->arena);
  siuop_index_free(&lint->pictures);
  siuop_free(lint->ctx, lint->notes);
  siuop_free(lint->ctx, lint);
}

/* ---- one item's place in the data ---- */

static int same(const struct siuop_field *a, const struct siuop_field *b)
{
  return a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
}

/* The number of edits between two short texts, or `limit` if it is that or more. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len, size_t limit)
{
  size_t row[64];
  if (a_len >= 64 || b_len >= 64)
    return limit;
  for (size_t k = 0; k <= b_len; k++)
    row[k] = k;
  for (size_t i = 1; i <= a_len; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t k = 1; k <= b_len; k++) {
      int equal = siuop_ascii_lower((unsigned char)a[i - 1]) == siuop_ascii_lower((unsigned char)b[k - 1]);
      size_t best = diagonal + !equal;
      diagonal = row[k];
      if (row[k - 1] + 1 < best)
        best = row[k - 1] + 1;
      if (row[k] + 1 < best)
        best = row[k] + 1;
      row[k] = best;
    }
  }
  return row[b_len] < limit ? row[b_len] : limit;
}

#define NEAR 6 /* edits; case does not count */

static void check_category(siuo_lint *lint, const siuo_item *item)
{
  const char *meant = NULL;
  size_t nearest = NEAR;
  if (siuop_domain_of(item->category.s, item->category.len) >= 0)
    return;
  for (int i = 0; i < SIUOP_DOMAIN_COUNT; i++) {
    const char *name = siuop_domains()[i].category;
    size_t edits = distance(item->category.s, item->category.len, name, strlen(name), NEAR);
    if (edits < nearest) {
      nearest = edits;
      meant = name;
    }
  }
  if (meant != NULL)
    siuop_lint_add(lint, SIUO_LINT_UNKNOWN_CATEGORY, item, "category",
                   "the category \"%.100s\" is none of the nine domains; is \"%s\" meant?", item->category.s, meant);
  else
    siuop_lint_add(lint, SIUO_LINT_UNKNOWN_CATEGORY, item, "category",
                   "the category \"%.100s\" is none of the nine domains", item->category.s);
}

static void check_image_name(siuo_lint *lint, const siuo_item *item)
{
  static const char *const endings[] = {".png", ".jpg", ".jpeg", ".webp", ".gif"};
  for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
    size_t len = strlen(endings[i]);
    if (item->image.len > len && distance(item->image.s + item->image.len - len, len, endings[i], len, 1) == 0)
      return;
  }
  siuop_lint_add(lint, SIUO_LINT_IMAGE_NAME, item, "image", "the picture's name has none of the usual endings");
}

/* Items of the same task with the same picture were met before. */
static void check_picture(siuo_lint *lint, const siuo_dataset *ds, size_t number)
{
  const siuo_item *item = &ds->items[number];
  uint64_t hash = siuop_index_hash(&lint->pictures, item->task, item->image.s, item->image.len);
  size_t place = 0;
  for (size_t n; (n = siuop_index_find(&lint->pictures, hash, &place)) != SIZE_MAX;) {
    const siuo_item *other = &ds->items[n];
    if (other->task != item->task || !same(&other->image, &item->image))
      continue;
    if (same(&other->question, &item->question))
      siuop_lint_add(lint, SIUO_LINT_SAME_QUESTION, item, "question", "it asks the same of the same picture as %.80s",
                     other->id.s);
    else
      siuop_lint_add(lint, SIUO_LINT_SHARED_IMAGE, item, "image", "it names the same picture as %.80s", other->id.s);
    return; /* only the first of equals is kept, so that many of them cost no more */
  }
  if (siuop_index_reserve(&lint->pictures, 1) == SIUO_OK)
    siuop_index_put(&lint->pictures, hash, number);
  else
    lint->status = SIUO_ENOMEM;
}

static void check_twin(siuo_lint *lint, const siuo_dataset *ds, const siuo_item *item)
{
  int other_task = item->task == SIUO_TASK_GENERATION ? SIUO_TASK_CHOICE : SIUO_TASK_GENERATION;
  if (siuo_dataset_fingerprint(ds, other_task) == NULL)
    return;
  const siuo_item *twin = siuo_dataset_find(ds, other_task, item->id.s);
  if (twin == NULL) {
    siuop_lint_add(lint, SIUO_LINT_ONE_TASK, item, NULL, "the other task has no item of this id");
    return;
  }
  if (item->task == SIUO_TASK_CHOICE)
    return; /* said of the generation item */
  if (!same(&item->question, &twin->question))
    siuop_lint_add(lint, SIUO_LINT_TASKS_DIFFER, item, "question", "the other task asks another question");
  if (!same(&item->image, &twin->image))
    siuop_lint_add(lint, SIUO_LINT_TASKS_DIFFER, item, "image", "the other task names another picture");
  if (!same(&item->category, &twin->category))
    siuop_lint_add(lint, SIUO_LINT_TASKS_DIFFER, item, "category", "the other task names another category");
  struct siuop_field correct = twin->options[twin->correct - 'A'];
  struct siuop_field reference = item->reference;
  siuop_trim(&correct.s, &correct.len);
  siuop_trim(&reference.s, &reference.len);
  if (!same(&correct, &reference))
    siuop_lint_add(lint, SIUO_LINT_KEY_MISMATCH, item, "reference_answer",
                   "the right option differs from the reference answer");
}

/* Whether the question is that of the generation item of the same id, on which the notes were taken. */
static int is_repeated_question(const siuo_dataset *ds, const siuo_item *item)
{
  const siuo_item *twin =
      item->task == SIUO_TASK_CHOICE ? siuo_dataset_find(ds, SIUO_TASK_GENERATION, item->id.s) : NULL;
  return twin != NULL && same(&twin->question, &item->question);
}

/* ---- the whole ---- */

/* Says so where one letter is right so often that chance does not explain it: where even the low end of its
 * interval is above an even guess. */
static void check_balance(siuo_lint *lint, const siuo_dataset *ds)
{
  uint64_t right[SIUOP_MOST_OPTIONS] = {0};
  uint64_t items = 0;
  double even = 0;
  if (siuo_dataset_blind_percent(ds, SIUO_BLIND_UNIFORM, &even) != SIUO_OK)
    return;
  for (size_t i = 0; i < ds->count; i++)
    if (ds->items[i].task == SIUO_TASK_CHOICE) {
      right[ds->items[i].correct - 'A']++;
      items++;
    }
  for (int letter = 0; letter < SIUOP_MOST_OPTIONS; letter++) {
    double low, high;
    siuo_stats_wilson(right[letter], items, &low, &high);
    if (low * 100 > even)
      siuop_lint_add(lint, SIUO_LINT_KEY_BALANCE, NULL, NULL,
                     "%c is right for %llu of %llu items: always answering it beats guessing", 'A' + letter,
                     (unsigned long long)right[letter], (unsigned long long)items);
  }
}

static void check_images(siuo_lint *lint, const siuo_dataset *ds)
{
  char near[SIUOP_NEAR_SIZE];
  if (ds->image_dir == NULL)
    return;
  int kind = siuop_os_kind(lint->ctx, ds->image_dir);
  if (kind < 0)
    lint->status = kind;
  if (kind < 0 || kind == SIUOP_KIND_FOLDER)
    return;
  siuop_image_folder_near(lint->ctx, ds, near);
  siuop_lint_add(lint, SIUO_LINT_NO_IMAGES, NULL, NULL, "%s%s",
                 ds->has_own_image_dir ? "the images folder that was given is not there"
                                       : "there is no folder images beside the data",
                 near);
}

static void check_all(siuo_lint *lint, const siuo_dataset *ds)
{
  size_t unknown = 0;
  if (ds->byte_order_mark)
    siuop_lint_add(lint, SIUO_LINT_BYTE_ORDER_MARK, NULL, NULL, "the data begins with a byte order mark");
  check_images(lint, ds);
  check_balance(lint, ds);
  for (size_t i = 0; lint->status == SIUO_OK && i < ds->count; i++) {
    const siuo_item *item = &ds->items[i];
    siuop_lint_texts(lint, item, is_repeated_question(ds, item));
    check_category(lint, item);
    if (item->odd_id)
      siuop_lint_add(lint, SIUO_LINT_ID, item, "question_id",
                     "the id is written with a decimal point, as spreadsheets write numbers: is an integer meant?");
    check_image_name(lint, item);
    check_picture(lint, ds, i);
    check_twin(lint, ds, item);
    for (; unknown < ds->unknown_count && ds->unknown[unknown].item == i; unknown++)
      siuop_lint_add(lint, SIUO_LINT_UNKNOWN_KEY, item, ds->unknown[unknown].key,
                     "the key \"%.100s\" is not one of this task's; it is passed over", ds->unknown[unknown].key);
  }
}

int siuo_lint_new(siuo_lint **out, siuo_ctx *ctx, const siuo_dataset *ds)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL || ds == NULL)
    return SIUO_EINVAL;
  siuo_lint *lint = siuop_zalloc(ctx, 1, sizeof *lint);
  if (lint == NULL)
    return SIUO_ENOMEM;
  lint->ctx = ctx;
  siuop_arena_init(&lint->arena, ctx);
  siuop_index_init(&lint->pictures, ctx);
  check_all(lint, ds);
  int rc = lint->status;
  if (rc == SIUO_OK)
    *out = lint;
  else
    siuo_lint_free(lint);
  return rc;
}
