/* report_data_text.c: a data set's description as tables for people. */
#include "report_text.h"

#include <stdio.h>
#include <string.h>

#define LABEL_WIDTH   34
#define LINE_WIDTH    98
#define MOST_PROBLEMS 20 /* lines about pictures */

/* ---- counts ---- */

static void put_counts(const struct siuop_data_report *r, const char *label, const struct siuop_data_counts *c)
{
  siuop_text_label(r->out, label, LABEL_WIDTH);
  siuop_buf_printf(r->out, "%10llu %10llu   ", (unsigned long long)c->generation, (unsigned long long)c->choice);
  for (size_t i = 0; i < r->letters; i++)
    siuop_buf_printf(r->out, " %4llu", (unsigned long long)c->right[i]);
  siuop_buf_add_char(r->out, '\n', 1);
}

static void put_categories(const struct siuop_data_report *r)
{
  size_t letters = r->letters;
  size_t count = siuo_dataset_category_count(r->dataset);
  siuop_text_label(r->out, "items", LABEL_WIDTH);
  siuop_buf_add_text(r->out, "generation     choice   ");
  for (size_t i = 0; i < letters; i++)
    siuop_buf_printf(r->out, " %4c", 'A' + (int)i);
  siuop_buf_add_text(r->out, letters > 0 ? "  (right)\n" : "\n");
  for (size_t i = 0; i < count; i++)
    put_counts(r, siuo_dataset_category(r->dataset, i), &r->counts[i]);
  put_counts(r, "all", &r->counts[count]);
}

static void put_fingerprints(const struct siuop_data_report *r)
{
  siuop_buf_add_char(r->out, '\n', 1);
  for (int task = SIUO_TASK_GENERATION; task <= SIUO_TASK_CHOICE; task++)
    if (siuo_dataset_fingerprint(r->dataset, task) != NULL)
      siuop_buf_printf(r->out, "fingerprint, %-10s  %s\n", siuop_task_key(task),
                       siuo_dataset_fingerprint(r->dataset, task));
  if (siuo_images_files(r->images) > 0)
    siuop_buf_printf(r->out, "fingerprint, %-10s  %s\n", "images", siuo_images_fingerprint(r->images));
}

/* ---- pictures ---- */

static void put_images(const struct siuop_data_report *r)
{
  size_t missing = siuo_images_missing(r->images);
  size_t misnamed = siuo_images_misnamed(r->images);
  if (r->images == NULL)
    return;
  siuop_buf_printf(r->out, "\npictures: %llu files, %llu missing\n", (unsigned long long)siuo_images_files(r->images),
                   (unsigned long long)missing);
  if (misnamed > 0)
    siuop_buf_printf(r->out, "  of another type than the name says, which does no harm: %llu\n",
                     (unsigned long long)misnamed);
  for (size_t i = 0; i < missing && i < MOST_PROBLEMS; i++)
    siuop_buf_printf(r->out, "  %s\n", siuo_images_problem(r->images, i));
  if (missing > MOST_PROBLEMS)
    siuop_buf_printf(r->out, "  and %llu more, which the JSON report names\n",
                     (unsigned long long)(missing - MOST_PROBLEMS));
}

/* ---- blind strategies ---- */

static void put_strategy(const struct siuop_data_report *r, const char *name, int strategy)
{
  char cell[SIUOP_CELL_SIZE];
  double percent = 0;
  siuo_dataset_blind_percent(r->dataset, strategy, &percent);
  siuop_cell_number(cell, percent);
  siuop_buf_printf(r->out, "  %-20s %6s\n", name, cell);
}

static void put_blind(const struct siuop_data_report *r)
{
  if (siuo_dataset_fingerprint(r->dataset, SIUO_TASK_CHOICE) == NULL)
    return;
  siuop_buf_add_text(r->out, "\nblind strategies on multiple choice, % right\n");
  for (int i = 0; i < (int)r->letters; i++) {
    char name[] = "always ?";
    name[sizeof name - 2] = (char)('A' + i);
    put_strategy(r, name, 'A' + i);
  }
  put_strategy(r, "the longest option", SIUO_BLIND_LONGEST);
  put_strategy(r, "the shortest option", SIUO_BLIND_SHORTEST);
  put_strategy(r, "guessing evenly", SIUO_BLIND_UNIFORM);
}

/* ---- notes ---- */

static int same_group(const siuo_lint_note *a, const siuo_lint_note *b)
{
  return a->code == b->code && strcmp(a->text, b->text) == 0;
}

/* "1001", or "1001.B" for one of its options; returns its columns. */
static size_t put_place(siuo_buf *out, const siuo_lint_note *note)
{
  const char *letter = note->field == NULL ? NULL : strchr(note->field, '.');
  size_t columns = siuop_text_safe(out, note->item_id);
  return letter == NULL ? columns : columns + siuop_text_safe(out, letter);
}

/* A sentence, and the places that it is true of. Returns the number of notes. */
static size_t put_group(const struct siuop_data_report *r, size_t first)
{
  siuo_lint_note head = siuop_data_note(r, first);
  size_t end = first + 1;
  for (; end < r->note_count; end++) {
    siuo_lint_note next = siuop_data_note(r, end);
    if (!same_group(&head, &next))
      break;
  }
  siuop_buf_add_text(r->out, "  ");
  siuop_text_safe(r->out, head.text);
  if (end - first > 1)
    siuop_buf_printf(r->out, " (%llu)", (unsigned long long)(end - first));
  size_t column = LINE_WIDTH; /* the places begin on a line of their own */
  for (size_t i = first; i < end && head.item_id != NULL; i++) {
    siuo_lint_note note = siuop_data_note(r, i);
    if (column > LINE_WIDTH - 12) {
      siuop_buf_add_text(r->out, "\n   ");
      column = 3;
    }
    siuop_buf_add_char(r->out, ' ', 1);
    column += 1 + put_place(r->out, &note);
  }
  siuop_buf_add_char(r->out, '\n', 1);
  return end - first;
}

static void put_notes(const struct siuop_data_report *r)
{
  int code = 0;
  if (r->lint == NULL)
    return;
  siuop_buf_printf(r->out, r->note_count == 0 ? "\nnothing odd\n" : "\n%llu notes; the texts are kept as they are\n",
                   (unsigned long long)r->note_count);
  for (size_t i = 0; i < r->note_count;) {
    siuo_lint_note note = siuop_data_note(r, i);
    if (note.code != code)
      siuop_buf_printf(r->out, "%s\n", siuo_lint_code_name(note.code));
    code = note.code;
    i += put_group(r, i);
  }
}

int siuop_data_text(struct siuop_data_report *r)
{
  put_categories(r);
  put_fingerprints(r);
  put_images(r);
  put_blind(r);
  put_notes(r);
  return SIUO_OK;
}
