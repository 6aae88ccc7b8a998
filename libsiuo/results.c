/* results.c: the set of recorded results: made, filled from files, counted. */
#include "results.h"

#include "abi.h"

#include "records.h"

int siuo_results_new(siuo_results **out, siuo_ctx *ctx)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL)
    return SIUO_EINVAL;
  siuo_results *r = siuop_zalloc(ctx, 1, sizeof *r);
  if (r == NULL)
    return SIUO_ENOMEM;
  r->ctx = ctx;
  siuop_arena_init(&r->arena, ctx);
  siuop_index_init(&r->index, ctx);
  r->run.panel = -1;
  *out = r;
  return SIUO_OK;
}

void siuo_results_free(siuo_results *r)
{
  if (r == NULL)
    return;
  siuop_arena_free(&r->arena);
  siuop_index_free(&r->index);
  siuop_free(r->ctx, r->items);
  siuop_free(r->ctx, r);
}

size_t siuo_results_count(const siuo_results *r, int task)
{
  size_t count = 0;
  for (size_t i = 0; r != NULL && i < r->count; i++)
    count += task == 0 || r->items[i].task == task;
  return count;
}

/* ---- reading ---- */

static int add_record(siuo_ctx *ctx, const struct siuop_record *record, void *user_data)
{
  (void)ctx;
  return siuop_results_add(user_data, record);
}

static void tell_odd_ids(const siuo_results *r)
{
  const struct siuop_recorded *odd = &r->items[r->first_odd];
  if (r->odd_ids > 0)
    siuop_log(
        r->ctx, SIUO_LOG_NOTE,
        "%s:%llu: question_id %.80s: an id with a decimal point, as spreadsheets write numbers (%llu of them): a number "
        "is read without it, a text as it is",
        odd->source, (unsigned long long)odd->line, odd->id, (unsigned long long)r->odd_ids);
}

/* All of a source or nothing. The index keeps entries of items that were taken back; whoever looks there compares
 * the item itself, and those are gone. */
static int read_source(siuo_results *r, const char *path, const void *bytes, size_t len, const char *name)
{
  struct siuop_arena_mark mark = siuop_arena_mark(&r->arena);
  struct siuop_run run = r->run;
  size_t count = r->count;
  r->odd_ids = 0;
  int rc = path != NULL ? siuop_records_read_mending(r->ctx, path, add_record, r)
                        : siuop_records_parse_mending(r->ctx, name, bytes, len, add_record, r);
  if (rc == SIUO_OK) {
    tell_odd_ids(r);
    return rc;
  }
  r->count = count;
  r->run = run;
  siuop_arena_rewind(&r->arena, mark);
  return rc;
}

int siuo_results_read(siuo_results *r, const char *path)
{
  if (r == NULL || path == NULL)
    return SIUO_EINVAL;
  return read_source(r, path, NULL, 0, NULL);
}

int siuo_results_parse(siuo_results *r, const void *bytes, size_t len, const char *name)
{
  if (r == NULL || (bytes == NULL && len > 0))
    return SIUO_EINVAL;
  return read_source(r, NULL, bytes, len, name == NULL ? "<memory>" : name);
}

const char *siuo_results_protocol(const siuo_results *r, const char **sha256)
{
  if (sha256 != NULL)
    *sha256 = r == NULL ? NULL : r->run.protocol_sha256;
  return r == NULL ? NULL : r->run.protocol;
}

int siuo_results_pictures(const siuo_results *r, siuo_pictures *out)
{
  if (r == NULL || out == NULL)
    return SIUO_EINVAL;
  if (r->run.pictures.sha256 == NULL)
    return SIUO_ENOTFOUND;
  return siuop_abi_export(out, &r->run.pictures, sizeof r->run.pictures, sizeof r->run.pictures);
}

int siuo_results_set_protocol(siuo_results *r, const siuo_protocol *p)
{
  if (r == NULL)
    return SIUO_EINVAL;
  r->protocol = p;
  return SIUO_OK;
}

/* ---- parts ---- */

int siuop_results_is_subset(const siuo_results *r, int task)
{
  return siuo_results_count(r, task) < r->run.whole[task];
}

uint64_t siuo_results_whole_items(const siuo_results *r)
{
  uint64_t whole = 0;
  int is_part = 0;
  for (int task = SIUO_TASK_GENERATION; r != NULL && task <= SIUO_TASK_CHOICE; task++) {
    int is_subset = siuop_results_is_subset(r, task);
    whole += is_subset ? r->run.whole[task] : siuo_results_count(r, task);
    is_part |= is_subset;
  }
  return is_part ? whole : 0;
}

/* ---- judges ---- */

size_t siuo_results_judges(const siuo_results *r)
{
  size_t most = 0;
  for (size_t i = 0; r != NULL && i < r->count; i++)
    if (r->items[i].task == SIUO_TASK_GENERATION && r->items[i].judges > most)
      most = r->items[i].judges;
  return most;
}

int siuo_results_panel(const siuo_results *r)
{
  if (r == NULL)
    return SIUO_EINVAL;
  return r->run.panel < 0 ? SIUO_ENOTFOUND : r->run.panel;
}
