/* report_data_json.c: a data set's description as one JSON object, siuo-check/1: docs/report.md. */
#include "report.h"

/* As in report_json.c, a NULL among the values means out of memory. */

static siuop_json *blind_percent(const siuo_dataset *ds, int strategy)
{
  double percent = 0;
  siuo_dataset_blind_percent(ds, strategy, &percent);
  return siuop_json_percent(percent);
}

static siuop_json *by_letter(const struct siuop_data_report *r)
{
  siuop_json *v = siuop_json_new_object();
  int failed = v == NULL;
  for (int i = 0; !failed && i < (int)r->letters; i++) {
    const char letter[2] = {(char)('A' + i), '\0'};
    failed = siuop_json_set(v, letter, blind_percent(r->dataset, 'A' + i));
  }
  return siuop_json_filled(v, failed);
}

static siuop_json *blind(const struct siuop_data_report *r)
{
  const siuo_dataset *ds = r->dataset;
  siuop_json *v = siuop_json_new_object();
  if (v == NULL)
    return NULL;
  int failed = siuop_json_set(v, "always", by_letter(r));
  failed |= siuop_json_set(v, "longest", blind_percent(ds, SIUO_BLIND_LONGEST));
  failed |= siuop_json_set(v, "shortest", blind_percent(ds, SIUO_BLIND_SHORTEST));
  failed |= siuop_json_set(v, "uniform", blind_percent(ds, SIUO_BLIND_UNIFORM));
  return siuop_json_filled(v, failed);
}

/* Of a category; number category_count: of all. */
static siuop_json *items(const struct siuop_data_report *r, int task, size_t category)
{
  const struct siuop_data_counts *c = &r->counts[category];
  return siuop_json_new_integer((int64_t)(task == SIUO_TASK_GENERATION ? c->generation : c->choice));
}

static siuop_json *categories(const struct siuop_data_report *r, int task)
{
  siuop_json *v = siuop_json_new_object();
  int failed = v == NULL;
  for (size_t i = 0; !failed && i < siuo_dataset_category_count(r->dataset); i++)
    failed = siuop_json_set(v, siuo_dataset_category(r->dataset, i), items(r, task, i));
  return siuop_json_filled(v, failed);
}

static siuop_json *describe_task(const struct siuop_data_report *r, int task)
{
  const siuo_dataset *ds = r->dataset;
  siuop_json *v = siuop_json_new_object();
  if (v == NULL)
    return NULL;
  int failed = siuop_json_set(v, "items", items(r, task, siuo_dataset_category_count(ds)));
  failed |= siuop_json_set(v, "fingerprint", siuop_json_new_string(siuo_dataset_fingerprint(ds, task)));
  failed |= siuop_json_set(v, "categories", categories(r, task));
  if (task == SIUO_TASK_CHOICE)
    failed |= siuop_json_set(v, "blind", blind(r));
  return siuop_json_filled(v, failed);
}

static siuop_json *describe_note(const siuo_lint_note *note)
{
  siuop_json *v = siuop_json_new_object();
  if (v == NULL)
    return NULL;
  int failed = siuop_json_set(v, "code", siuop_json_new_string(siuo_lint_code_name(note->code)));
  if (note->task != 0)
    failed |= siuop_json_set(v, "task", siuop_json_new_string(siuop_task_key(note->task)));
  if (note->item_id != NULL)
    failed |= siuop_json_set(v, "id", siuop_json_new_string(note->item_id));
  if (note->field != NULL)
    failed |= siuop_json_set(v, "field", siuop_json_new_string(note->field));
  failed |= siuop_json_set(v, "text", siuop_json_new_string(note->text));
  return siuop_json_filled(v, failed);
}

static siuop_json *describe_notes(const struct siuop_data_report *r)
{
  siuop_json *v = siuop_json_new_array();
  int failed = v == NULL;
  for (size_t i = 0; !failed && i < r->note_count; i++) {
    siuo_lint_note note = siuop_data_note(r, i);
    failed = siuop_json_append(v, describe_note(&note));
  }
  return siuop_json_filled(v, failed);
}

static siuop_json *describe_problems(const siuo_images *images)
{
  siuop_json *v = siuop_json_new_array();
  int failed = v == NULL;
  for (size_t i = 0; !failed && i < siuo_images_missing(images); i++)
    failed = siuop_json_append(v, siuop_json_new_string(siuo_images_problem(images, i)));
  return siuop_json_filled(v, failed);
}

static siuop_json *describe_images(const siuo_images *images)
{
  siuo_pictures pictures;
  pictures.size = sizeof pictures;
  siuop_json *v = siuo_images_describe(images, &pictures) == SIUO_OK ? siuop_json_pictures(&pictures) : NULL;
  return v == NULL ? NULL : siuop_json_filled(v, siuop_json_set(v, "problems", describe_problems(images)));
}

static siuop_json *describe(const struct siuop_data_report *r)
{
  siuop_json *v = siuop_json_new_object();
  if (v == NULL)
    return NULL;
  int failed = siuop_json_set(v, "schema", siuop_json_new_string("siuo-check/1"));
  for (int task = SIUO_TASK_GENERATION; task <= SIUO_TASK_CHOICE; task++)
    if (siuo_dataset_fingerprint(r->dataset, task) != NULL)
      failed |= siuop_json_set(v, siuop_task_key(task), describe_task(r, task));
  if (r->images != NULL)
    failed |= siuop_json_set(v, "images", describe_images(r->images));
  if (r->lint != NULL)
    failed |= siuop_json_set(v, "notes", describe_notes(r));
  return siuop_json_filled(v, failed);
}

int siuop_data_json(struct siuop_data_report *r)
{
  siuop_json *v = describe(r);
  int rc = v == NULL ? SIUO_ENOMEM : siuop_json_write(v, r->out);
  siuop_json_free(v);
  return rc == SIUO_OK ? siuop_buf_add_char(r->out, '\n', 1) : siuop_fail_plain(r->ctx, rc);
}
