/* replay.c: recorded replies in a model's place. */
#include "recorded.h"

#include <siuo/replay.h>

#include <string.h>

struct siuo_replay {
  siuo_ctx *ctx;
  struct siuop_arena arena;
  struct siuop_index index;
  struct siuop_recorded_reply *replies; /* their texts are in the arena */
  size_t count, capacity;
};

/* ---- finding ---- */

static uint64_t hash_of(const siuo_replay *r, const struct siuop_job_name *name, const char *id)
{
  struct siuop_job_name numbers = *name;
  numbers.code = 0;
  return siuop_index_hash(&r->index, (int)siuop_job_pack(&numbers), id, strlen(id));
}

static struct siuop_recorded_reply *find(const siuo_replay *r, const struct siuop_job_name *name, const char *id)
{
  size_t place = 0;
  for (size_t n; (n = siuop_index_find(&r->index, hash_of(r, name, id), &place)) != SIZE_MAX;) {
    struct siuop_recorded_reply *reply = &r->replies[n];
    const struct siuop_job_name *other = &reply->a.name;
    if (other->kind == name->kind && other->sample == name->sample && other->judge == name->judge &&
        other->variant == name->variant && strcmp(reply->id, id) == 0)
      return reply;
  }
  return NULL;
}

/* ---- reading ---- */

/* In a journal a job stands again only if it was asked again, since it had failed: the later line counts. */
static int keep(siuo_replay *r, const struct siuop_record *record, struct siuop_recorded_reply *reply)
{
  struct siuop_recorded_reply *other = find(r, &reply->a.name, reply->id);
  if (other != NULL && siuop_json_get(record->value, "prev") == NULL)
    return siuop_record_fail(r->ctx, record, SIUO_EFORMAT, "there is another reply to %s of item %.80s, sample %u",
                             siuop_kind_name(reply->a.name.kind), reply->id, (unsigned)reply->a.name.sample);
  int rc = siuop_recorded_keep(&r->arena, reply);
  if (rc == SIUO_OK && other != NULL)
    *other = *reply;
  if (rc != SIUO_OK || other != NULL)
    return rc;
  rc = siuop_reserve(r->ctx, &r->replies, &r->capacity, r->count + 1, sizeof *r->replies);
  if (rc == SIUO_OK)
    rc = siuop_index_reserve(&r->index, 1);
  if (rc != SIUO_OK)
    return rc;
  siuop_index_put(&r->index, hash_of(r, &reply->a.name, reply->id), r->count);
  r->replies[r->count++] = *reply;
  return SIUO_OK;
}

static int add(siuo_ctx *ctx, const struct siuop_record *record, void *user_data)
{
  siuo_replay *r = user_data;
  struct siuop_recorded_reply reply;
  siuo_buf *scratch = NULL;
  if (siuop_recorded_is_header(record->value))
    return SIUO_OK;
  int rc = siuop_buf_new(&scratch, ctx);
  if (rc == SIUO_OK)
    rc = siuop_recorded_read(ctx, record, scratch, &reply);
  if (rc == SIUO_OK)
    rc = keep(r, record, &reply);
  siuo_buf_free(scratch);
  return rc;
}

int siuo_replay_open(siuo_replay **out, siuo_ctx *ctx, const char *path)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL || path == NULL)
    return SIUO_EINVAL;
  siuo_replay *r = siuop_zalloc(ctx, 1, sizeof *r);
  if (r == NULL)
    return SIUO_ENOMEM;
  r->ctx = ctx;
  siuop_arena_init(&r->arena, ctx);
  siuop_index_init(&r->index, ctx);
  int rc = siuop_records_read(ctx, path, add, r);
  if (rc == SIUO_OK)
    *out = r;
  else
    siuo_replay_free(r);
  return rc;
}

void siuo_replay_free(siuo_replay *r)
{
  if (r == NULL)
    return;
  siuop_free(r->ctx, r->replies);
  siuop_index_free(&r->index);
  siuop_arena_free(&r->arena);
  siuop_free(r->ctx, r);
}

size_t siuo_replay_count(const siuo_replay *r)
{
  return r == NULL ? 0 : r->count;
}

/* ---- answering ---- */

int siuo_replay_answer(const siuo_replay *r, siuo_session *s, const siuo_job *j)
{
  if (r == NULL || s == NULL || j == NULL || j->session != s)
    return SIUO_EINVAL;
  const struct siuop_recorded_reply *reply = find(r, &j->name, j->of->item->id.s);
  int rc = siuop_job_resize(s, j, reply == NULL ? 1 : reply->a.count);
  if (rc != SIUO_OK)
    return rc;
  if (reply == NULL)
    return siuo_session_fail(s, j->id, "no recorded reply");
  return siuop_recorded_answer(s, j, &reply->a);
}
