/* dataset.c: data sets: opened, looked into, freed. */
#include "dataset.h"

#include "abi.h"
#include "benchmark.h"
#include "os.h"
#include "sort.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define OPTIONS_FIRST_SIZE offsetof(siuo_dataset_options, follow_links)

int siuo_dataset_options_init(siuo_dataset_options *o, size_t size)
{
  siuo_dataset_options defaults;
  memset(&defaults, 0, sizeof defaults);
  return siuop_abi_init(o, size, &defaults, sizeof defaults, OPTIONS_FIRST_SIZE);
}

/* A data set on its way in. */
struct loading {
  siuo_dataset *ds;
  int task; /* load this task's items only; 0: both */
};

/* ---- adding items ---- */

static int is_item(const siuo_item *item, int task, const char *id, size_t len)
{
  return item->task == task && item->id.len == len && memcmp(item->id.s, id, len) == 0;
}

static const siuo_item *find(const siuo_dataset *ds, int task, const char *id, size_t len)
{
  size_t place = 0;
  uint64_t hash = siuop_index_hash(&ds->index, task, id, len);
  for (size_t n; (n = siuop_index_find(&ds->index, hash, &place)) != SIZE_MAX;)
    if (is_item(&ds->items[n], task, id, len))
      return &ds->items[n];
  return NULL;
}

static int has_category(const siuo_dataset *ds, const struct siuop_field *category, uint64_t hash)
{
  size_t place = 0;
  for (size_t n; (n = siuop_index_find(&ds->by_category, hash, &place)) != SIZE_MAX;)
    if (strcmp(ds->categories[n], category->s) == 0)
      return 1;
  return 0;
}

/* In the order of the file. */
static int add_category(siuo_dataset *ds, const struct siuop_field *category)
{
  uint64_t hash = siuop_index_hash(&ds->by_category, 0, category->s, category->len);
  if (has_category(ds, category, hash))
    return SIUO_OK;
  int rc =
      siuop_reserve(ds->ctx, &ds->categories, &ds->category_capacity, ds->category_count + 1, sizeof *ds->categories);
  if (rc == SIUO_OK)
    rc = siuop_index_reserve(&ds->by_category, 1);
  if (rc != SIUO_OK)
    return rc;
  siuop_index_put(&ds->by_category, hash, ds->category_count);
  ds->categories[ds->category_count++] = category->s;
  return SIUO_OK;
}

static int compare_names_of_categories(const void *a, const void *b, const void *user_data)
{
  const siuo_dataset *ds = user_data;
  const char *x = ds->categories[*(const size_t *)a];
  const char *y = ds->categories[*(const size_t *)b];
  return siuop_category_compare(x, strlen(x), y, strlen(y));
}

/* Puts them in report order. */
static int sort_categories(siuo_dataset *ds)
{
  size_t count = ds->category_count;
  size_t *order = siuop_alloc(ds->ctx, count, sizeof *order);
  const char **sorted = siuop_alloc(ds->ctx, count, sizeof *sorted);
  int rc = order == NULL || sorted == NULL ? SIUO_ENOMEM : SIUO_OK;
  for (size_t i = 0; rc == SIUO_OK && i < count; i++)
    order[i] = i;
  if (rc == SIUO_OK)
    siuop_sort(order, count, compare_names_of_categories, ds);
  for (size_t i = 0; rc == SIUO_OK && i < count; i++)
    sorted[i] = ds->categories[order[i]];
  siuop_free(ds->ctx, order);
  if (rc != SIUO_OK) {
    siuop_free(ds->ctx, (void *)sorted);
    return rc;
  }
  siuop_free(ds->ctx, (void *)ds->categories);
  ds->categories = sorted;
  siuop_index_free(&ds->by_category);
  return SIUO_OK;
}

size_t siuop_dataset_place_of_category(const siuo_dataset *ds, const siuo_item *item)
{
  size_t low = 0;
  size_t high = ds->category_count;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    const char *name = ds->categories[middle];
    if (siuop_category_compare(item->category.s, item->category.len, name, strlen(name)) < 0)
      high = middle;
    else
      low = middle;
  }
  return low;
}

static int add_unknown_keys(siuo_dataset *ds, const struct siuop_record *record, int task)
{
  void *state = NULL;
  const char *key = NULL;
  while (siuop_json_each(record->value, &state, &key) != NULL) {
    if (siuop_item_has_key(task, key))
      continue;
    int rc = siuop_reserve(ds->ctx, &ds->unknown, &ds->unknown_capacity, ds->unknown_count + 1, sizeof *ds->unknown);
    const char *copy = rc == SIUO_OK ? siuop_arena_copy(&ds->arena, key, strlen(key)) : NULL;
    if (copy == NULL)
      return SIUO_ENOMEM;
    ds->unknown[ds->unknown_count].item = ds->count;
    ds->unknown[ds->unknown_count++].key = copy;
  }
  return SIUO_OK;
}

static int keep_item(siuo_dataset *ds, const struct siuop_record *record, const siuo_item *item)
{
  uint64_t limit = siuop_limits(ds->ctx)->items;
  if (find(ds, item->task, item->id.s, item->id.len) != NULL)
    return siuop_record_fail(ds->ctx, record, SIUO_EFORMAT, "question_id %.80s is there already", item->id.s);
  if (ds->count >= limit)
    return siuop_record_fail(ds->ctx, record, SIUO_ELIMIT,
                             "more items than the limit of %llu (max_items of the context)", (unsigned long long)limit);
  int rc = siuop_reserve(ds->ctx, &ds->items, &ds->capacity, ds->count + 1, sizeof *ds->items);
  if (rc == SIUO_OK)
    rc = siuop_index_reserve(&ds->index, 1);
  if (rc == SIUO_OK)
    rc = add_category(ds, &item->category);
  if (rc == SIUO_OK)
    rc = add_unknown_keys(ds, record, item->task);
  if (rc != SIUO_OK)
    return rc;
  siuop_index_put(&ds->index, siuop_index_hash(&ds->index, item->task, item->id.s, item->id.len), ds->count);
  ds->items[ds->count++] = *item;
  return SIUO_OK;
}

static int add_record(siuo_ctx *ctx, const struct siuop_record *record, void *user_data)
{
  struct loading *loading = user_data;
  siuo_item item;
  (void)ctx;
  loading->ds->byte_order_mark |= record->byte_order_mark;
  int rc = siuop_item_read(&loading->ds->arena, record, &item);
  if (rc != SIUO_OK || (loading->task != 0 && item.task != loading->task))
    return rc;
  return keep_item(loading->ds, record, &item);
}

/* ---- where the data is ---- */

static char *join(siuo_dataset *ds, const char *folder, size_t folder_len, const char *name)
{
  size_t len = strlen(name);
  char *path = siuop_arena_alloc(&ds->arena, folder_len + len + 2);
  if (path == NULL)
    return NULL;
  memcpy(path, folder, folder_len);
  if (folder_len > 0 && folder[folder_len - 1] != '/')
    path[folder_len++] = '/';
  memcpy(path + folder_len, name, len + 1);
  return path;
}

static int set_data_dir(siuo_dataset *ds, const char *folder, size_t len)
{
  ds->data_dir = len == 0 ? "." : siuop_arena_copy(&ds->arena, folder, len);
  return ds->data_dir == NULL ? SIUO_ENOMEM : SIUO_OK;
}

/* The folder beside the data, where the option gave none. */
static int set_image_dir(siuo_dataset *ds, const char *folder, size_t folder_len)
{
  if (ds->image_dir == NULL)
    ds->image_dir = join(ds, folder, folder_len, "images");
  return ds->image_dir == NULL ? SIUO_ENOMEM : SIUO_OK;
}

static int read_file(struct loading *loading, const char *path)
{
  const char *slash = strrchr(path, '/');
  size_t folder_len = slash == NULL ? 0 : (size_t)(slash - path) + 1;
  int rc = siuop_records_read(loading->ds->ctx, path, add_record, loading);
  if (rc == SIUO_OK)
    rc = set_data_dir(loading->ds, path, folder_len);
  return rc == SIUO_OK ? set_image_dir(loading->ds, path, folder_len) : rc;
}

/* Reads what the folder has of the two files: *found counts them. */
static int read_files_in(struct loading *loading, const char *folder, int *found)
{
  static const char *const names[] = {"siuo_gen.json", "siuo_mcqa.json"};
  int rc = SIUO_OK;
  for (int i = 0; rc == SIUO_OK && i < 2; i++) {
    const char *path = join(loading->ds, folder, strlen(folder), names[i]);
    if (path == NULL)
      return SIUO_ENOMEM;
    int kind = siuop_os_kind(loading->ds->ctx, path);
    if (kind < 0)
      return kind;
    *found += kind != SIUOP_KIND_NONE;
    if (kind != SIUOP_KIND_NONE && (loading->task == 0 || loading->task == SIUO_TASK_GENERATION + i))
      rc = siuop_records_read(loading->ds->ctx, path, add_record, loading);
  }
  return rc == SIUO_OK && *found > 0 ? set_image_dir(loading->ds, folder, strlen(folder)) : rc;
}

static int read_folder(struct loading *loading, const char *path)
{
  int found = 0;
  const char *data = join(loading->ds, path, strlen(path), "data");
  int rc = data == NULL ? SIUO_ENOMEM : set_data_dir(loading->ds, path, strlen(path));
  if (rc == SIUO_OK)
    rc = read_files_in(loading, data, &found);
  if (rc == SIUO_OK && found == 0)
    rc = read_files_in(loading, path, &found);
  if (rc != SIUO_OK || found > 0)
    return rc;
  return siuop_fail(loading->ds->ctx, SIUO_ENOTFOUND,
                    "%s: no siuo_gen.json or siuo_mcqa.json in this folder or in its data/", path);
}

static int read_path(struct loading *loading, const char *path)
{
  int kind = siuop_os_kind(loading->ds->ctx, path);
  if (kind < 0)
    return kind;
  return kind == SIUOP_KIND_FOLDER ? read_folder(loading, path) : read_file(loading, path);
}

/* ---- opening ---- */

static int import_options(siuo_ctx *ctx, siuo_dataset_options *to, const siuo_dataset_options *from)
{
  memset(to, 0, sizeof *to);
  int rc = from == NULL ? SIUO_OK : siuop_abi_import(to, sizeof *to, from, OPTIONS_FIRST_SIZE);
  if (rc != SIUO_OK)
    return siuop_fail_plain(ctx, rc);
  if (to->reserved != 0)
    return siuop_fail_plain(ctx, SIUO_EABI);
  if (to->follow_links > 1)
    return siuop_fail(ctx, SIUO_EINVAL, "follow_links is 0 or 1, not %u", (unsigned)to->follow_links);
  if (to->image_dir != NULL && *to->image_dir == '\0')
    return siuop_fail(ctx, SIUO_EINVAL, "image_dir is empty; NULL means the folder images beside the data");
  if (to->task < 0 || to->task > SIUO_TASK_CHOICE)
    return siuop_fail(ctx, SIUO_EINVAL, "there is no task %d", (int)to->task);
  return SIUO_OK;
}

/* Where pictures are and may be, as far as the options say. */
static int set_picture_options(siuo_dataset *ds, const siuo_dataset_options *o)
{
  ds->follow_links = o->follow_links != 0;
  if (o->image_dir == NULL)
    return SIUO_OK;
  ds->has_own_image_dir = 1;
  ds->image_dir = siuop_arena_copy(&ds->arena, o->image_dir, strlen(o->image_dir));
  return ds->image_dir == NULL ? SIUO_ENOMEM : SIUO_OK;
}

static int load(siuo_dataset **out, siuo_ctx *ctx, const char *path, const void *bytes, size_t len,
                const siuo_dataset_options *opts)
{
  siuo_dataset_options o;
  int rc = import_options(ctx, &o, opts);
  if (rc != SIUO_OK)
    return rc;
  siuo_dataset *ds = siuop_zalloc(ctx, 1, sizeof *ds);
  struct loading loading = {ds, o.task};
  const char *name = path != NULL ? path : o.name != NULL ? o.name : "<memory>";
  if (ds == NULL)
    return SIUO_ENOMEM;
  ds->ctx = ctx;
  siuop_arena_init(&ds->arena, ctx);
  siuop_index_init(&ds->index, ctx);
  siuop_index_init(&ds->by_category, ctx);
  rc = set_picture_options(ds, &o);
  if (rc == SIUO_OK)
    rc = path != NULL ? read_path(&loading, path) : siuop_records_parse(ctx, name, bytes, len, add_record, &loading);
  if (rc == SIUO_OK && ds->count == 0)
    rc = siuop_fail(ctx, SIUO_EFORMAT, "%s: there are no items of the wanted task in it", name);
  if (rc == SIUO_OK)
    rc = sort_categories(ds);
  if (rc == SIUO_OK)
    rc = siuop_dataset_sum(ds);
  if (rc == SIUO_OK)
    *out = ds;
  else
    siuo_dataset_free(ds);
  return rc;
}

int siuo_dataset_open(siuo_dataset **out, siuo_ctx *ctx, const char *path, const siuo_dataset_options *opts)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL || path == NULL)
    return SIUO_EINVAL;
  return load(out, ctx, path, NULL, 0, opts);
}

int siuo_dataset_parse(siuo_dataset **out, siuo_ctx *ctx, const void *bytes, size_t len,
                       const siuo_dataset_options *opts)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL || (bytes == NULL && len > 0))
    return SIUO_EINVAL;
  return load(out, ctx, NULL, bytes, len, opts);
}

void siuo_dataset_free(siuo_dataset *ds)
{
  if (ds == NULL)
    return;
  siuop_arena_free(&ds->arena);
  siuop_index_free(&ds->index);
  siuop_index_free(&ds->by_category);
  siuop_free(ds->ctx, ds->items);
  siuop_free(ds->ctx, (void *)ds->categories);
  siuop_free(ds->ctx, ds->unknown);
  siuop_free(ds->ctx, ds);
}

/* ---- looking ---- */

size_t siuo_dataset_count(const siuo_dataset *ds)
{
  return ds == NULL ? 0 : ds->count;
}

const siuo_item *siuo_dataset_item(const siuo_dataset *ds, size_t i)
{
  return ds == NULL || i >= ds->count ? NULL : &ds->items[i];
}

const siuo_item *siuo_dataset_find(const siuo_dataset *ds, int task, const char *id)
{
  return ds == NULL || id == NULL ? NULL : find(ds, task, id, strlen(id));
}

const char *siuo_dataset_fingerprint(const siuo_dataset *ds, int task)
{
  if (ds == NULL || task < SIUO_TASK_GENERATION || task > SIUO_TASK_CHOICE)
    return NULL;
  const char *sum = ds->fingerprints[task - 1];
  return sum[0] == '\0' ? NULL : sum;
}

size_t siuo_dataset_category_count(const siuo_dataset *ds)
{
  return ds == NULL ? 0 : ds->category_count;
}

const char *siuo_dataset_category(const siuo_dataset *ds, size_t i)
{
  return ds == NULL || i >= ds->category_count ? NULL : ds->categories[i];
}

const char *siuo_dataset_image_dir(const siuo_dataset *ds)
{
  return ds == NULL ? NULL : ds->image_dir;
}
