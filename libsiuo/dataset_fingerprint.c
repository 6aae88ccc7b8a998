/* dataset_fingerprint.c: the digest of a task's content. The bytes that are hashed: docs/dataset.md. */
#include "dataset.h"

#include "benchmark.h"
#include "sort.h"

#include <stdio.h>
#include <string.h>

static void add_field(struct siuop_digest *d, const struct siuop_field *field)
{
  siuop_digest_field(d, field->s, field->len);
}

static void add_label(struct siuop_digest *d, const char *label)
{
  siuop_digest_field(d, label, strlen(label));
}

static void add_item(struct siuop_digest *d, const siuo_item *item)
{
  add_field(d, &item->id);
  add_field(d, &item->image);
  add_field(d, &item->question);
  add_field(d, &item->category);
  if (item->task == SIUO_TASK_GENERATION) {
    add_field(d, &item->warning);
    add_field(d, &item->reference);
    return;
  }
  for (size_t i = 0; i < item->option_count; i++) {
    const char letter = (char)('A' + (int)i);
    siuop_digest_field(d, &letter, 1);
    add_field(d, &item->options[i]);
  }
  const char correct = (char)item->correct;
  siuop_digest_field(d, &correct, 1);
}

static int compare_ids(const void *a, const void *b, const void *user_data)
{
  const siuo_dataset *ds = user_data;
  const struct siuop_field *x = &ds->items[*(const size_t *)a].id;
  const struct siuop_field *y = &ds->items[*(const size_t *)b].id;
  return siuop_id_compare(x->s, x->len, y->s, y->len);
}

int siuop_dataset_sum(siuo_dataset *ds)
{
  static const char *const tasks[] = {"generation", "choice"};
  size_t *order = siuop_alloc(ds->ctx, ds->count, sizeof *order);
  if (order == NULL)
    return SIUO_ENOMEM;
  for (int task = SIUO_TASK_GENERATION; task <= SIUO_TASK_CHOICE; task++) {
    struct siuop_digest d;
    char number[24];
    size_t count = 0;
    for (size_t i = 0; i < ds->count; i++)
      if (ds->items[i].task == task)
        order[count++] = i;
    if (count == 0)
      continue;
    siuop_sort(order, count, compare_ids, ds);
    siuop_digest_init(&d);
    add_label(&d, "siuo-dataset/1");
    add_label(&d, tasks[task - 1]);
    snprintf(number, sizeof number, "%llu", (unsigned long long)count);
    add_label(&d, number);
    for (size_t i = 0; i < count; i++)
      add_item(&d, &ds->items[order[i]]);
    siuop_digest_hex(&d, ds->fingerprints[task - 1]);
  }
  siuop_free(ds->ctx, order);
  return SIUO_OK;
}
