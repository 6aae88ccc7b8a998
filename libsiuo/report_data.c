/* report_data.c: what the formats tell of a data set: counts, and lint's notes in groups. */
#include "report.h"

#include "sort.h"

#include <string.h>

/* ---- notes ---- */

siuo_lint_note siuop_data_note(const struct siuop_data_report *r, size_t i)
{
  siuo_lint_note note;
  memset(&note, 0, sizeof note);
  note.size = sizeof note;
  siuo_lint_note_at(r->lint, r->notes[i], &note);
  return note;
}

static int compare_notes(const void *left, const void *right, const void *user_data)
{
  size_t i = *(const size_t *)left;
  size_t k = *(const size_t *)right;
  siuo_lint_note a, b;
  a.size = b.size = sizeof a;
  siuo_lint_note_at(user_data, i, &a);
  siuo_lint_note_at(user_data, k, &b);
  int order = (a.code > b.code) - (a.code < b.code);
  if (order == 0)
    order = strcmp(a.text, b.text);
  return order != 0 ? order : (i > k) - (i < k); /* lint's own order is by place */
}

int siuop_sort_notes(struct siuop_data_report *r)
{
  r->note_count = r->lint == NULL ? 0 : siuo_lint_count(r->lint);
  r->notes = siuop_alloc(r->ctx, r->note_count, sizeof *r->notes);
  if (r->notes == NULL)
    return SIUO_ENOMEM;
  for (size_t i = 0; i < r->note_count; i++)
    r->notes[i] = i;
  siuop_sort(r->notes, r->note_count, compare_notes, r->lint);
  return SIUO_OK;
}

/* ---- counts ---- */

struct siuop_data_counts siuop_count_data(const siuo_dataset *ds, const char *category)
{
  struct siuop_data_counts c;
  memset(&c, 0, sizeof c);
  for (size_t i = 0; i < siuo_dataset_count(ds); i++) {
    const siuo_item *item = siuo_dataset_item(ds, i);
    if (category != NULL && strcmp(siuo_item_category(item, NULL), category) != 0)
      continue;
    c.generation += siuo_item_task(item) == SIUO_TASK_GENERATION;
    c.choice += siuo_item_task(item) == SIUO_TASK_CHOICE;
    if (siuo_item_correct_option(item) != 0)
      c.right[siuo_item_correct_option(item) - 'A']++;
  }
  return c;
}

size_t siuop_count_letters(const siuo_dataset *ds)
{
  size_t most = 0;
  for (size_t i = 0; i < siuo_dataset_count(ds); i++) {
    size_t count = siuo_item_option_count(siuo_dataset_item(ds, i));
    most = count > most ? count : most;
  }
  return most;
}
