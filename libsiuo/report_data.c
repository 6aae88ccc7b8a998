/* report_data.c: what the formats tell of a data set: counts, and lint's notes in groups. */
#include "report.h"

#include "dataset.h"
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

static void count_item(struct siuop_data_counts *c, const siuo_item *item)
{
  c->generation += item->task == SIUO_TASK_GENERATION;
  c->choice += item->task == SIUO_TASK_CHOICE;
  if (item->correct != 0)
    c->right[item->correct - 'A']++;
}

int siuop_count_data(struct siuop_data_report *r)
{
  const siuo_dataset *ds = r->dataset;
  r->counts = siuop_zalloc(r->ctx, ds->category_count + 1, sizeof *r->counts);
  if (r->counts == NULL)
    return SIUO_ENOMEM;
  for (size_t i = 0; i < ds->count; i++) {
    const siuo_item *item = &ds->items[i];
    count_item(&r->counts[siuop_dataset_place_of_category(ds, item)], item);
    count_item(&r->counts[ds->category_count], item);
    r->letters = item->option_count > r->letters ? item->option_count : r->letters;
  }
  return SIUO_OK;
}
