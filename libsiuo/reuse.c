/* reuse.c: replies of other runs to identical questions. */
#include "os.h"
#include "recorded.h"

#include <siuo/reuse.h>

#include <string.h>

#define NO_FILE UINT32_MAX

struct reusable {
  struct siuop_recorded_reply reply; /* its texts are in the arena */
  uint32_t file;                     /* that it came from */
  uint32_t copied;                   /* the last file that a copy of it stood in */
  int given;
};

struct siuo_reuse {
  siuo_ctx *ctx;
  struct siuop_arena arena;
  struct siuop_index index; /* by question */
  struct reusable *replies;
  size_t count, capacity, left;
  uint32_t files;
  int excluding;                 /* what is read is not to be given */
  struct siuop_reply read;       /* of the line that is looked at, */
  struct siuop_arena read_texts; /* and its texts */
};

int siuo_reuse_new(siuo_reuse **out, siuo_ctx *ctx)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL)
    return SIUO_EINVAL;
  siuo_reuse *r = siuop_zalloc(ctx, 1, sizeof *r);
  if (r == NULL)
    return SIUO_ENOMEM;
  r->ctx = ctx;
  siuop_arena_init(&r->arena, ctx);
  siuop_arena_init(&r->read_texts, ctx);
  siuop_index_init(&r->index, ctx);
  *out = r;
  return SIUO_OK;
}

void siuo_reuse_free(siuo_reuse *r)
{
  if (r == NULL)
    return;
  siuop_free(r->ctx, r->replies);
  siuop_index_free(&r->index);
  siuop_arena_free(&r->arena);
  siuop_arena_free(&r->read_texts);
  siuop_free(r->ctx, r);
}

size_t siuo_reuse_count(const siuo_reuse *r)
{
  return r == NULL ? 0 : r->left;
}

/* ---- finding ---- */

static uint64_t hash_of(const char *question)
{
  return siuop_index_hash(0, question, strlen(question));
}

/* The next reply to the question, whatever became of it; NULL: no more. *place starts at 0. */
static struct reusable *next_of(const siuo_reuse *r, const char *question, size_t *place)
{
  for (size_t n; (n = siuop_index_find(&r->index, hash_of(question), place)) != SIZE_MAX;)
    if (strcmp(r->replies[n].reply.a.question, question) == 0)
      return &r->replies[n];
  return NULL;
}

static int is_equal(const char *a, size_t a_len, const char *b, size_t b_len)
{
  return (a == NULL) == (b == NULL) && a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

/* The same reply in a file that was read before, which is no copy of another one in this file yet. */
static struct reusable *find_original(const siuo_reuse *r, const struct siuop_arrival *a)
{
  size_t place = 0;
  for (struct reusable *x; (x = next_of(r, a->question, &place)) != NULL;) {
    const struct siuop_arrival *b = &x->reply.a;
    if (x->file != r->files && x->copied != r->files && is_equal(a->text, a->text_len, b->text, b->text_len) &&
        is_equal(a->body, a->body_len, b->body, b->body_len) && a->api == b->api && a->http_status == b->http_status)
      return x;
  }
  return NULL;
}

/* ---- reading ---- */

/* Whether the reply answers, and no answer in it is a failure, which is to be asked again. */
static int look(siuo_reuse *r, const struct siuop_arrival *a, int *answers)
{
  struct siuop_arena_mark mark = siuop_arena_mark(&r->read_texts);
  struct siuop_message m = {a->http_status, NULL, 0, a->body, a->body_len};
  int rc = a->body != NULL ? siuop_wire_read(&r->read, r->ctx, &r->read_texts, a->api, 0, &m)
                           : siuop_wire_read_text(&r->read, r->ctx, &r->read_texts, a->text, a->text_len);
  *answers = rc == SIUO_OK && r->read.kind == SIUOP_REPLY_ANSWERS;
  for (size_t i = 0; *answers && i < r->read.count; i++)
    *answers = r->read.answers[i].outcome != SIUO_RESPONSE_FAILED;
  siuop_arena_rewind(&r->read_texts, mark);
  return rc;
}

static int keep(siuo_reuse *r, struct siuop_recorded_reply *reply)
{
  struct reusable *original = find_original(r, &reply->a);
  if (original != NULL) {
    original->copied = r->files;
    r->left -= (size_t)(r->excluding && !original->given);
    original->given |= r->excluding;
    return SIUO_OK;
  }
  int rc = siuop_recorded_keep(&r->arena, reply);
  if (rc == SIUO_OK)
    rc = siuop_reserve(r->ctx, &r->replies, &r->capacity, r->count + 1, sizeof *r->replies);
  if (rc == SIUO_OK)
    rc = siuop_index_reserve(&r->index, 1);
  if (rc != SIUO_OK)
    return rc;
  struct reusable *x = &r->replies[r->count];
  memset(x, 0, sizeof *x);
  x->reply = *reply;
  x->file = r->files;
  x->copied = NO_FILE;
  x->given = r->excluding;
  siuop_index_put(&r->index, hash_of(reply->a.question), r->count++);
  r->left += (size_t)!r->excluding;
  return SIUO_OK;
}

static int add(siuo_ctx *ctx, const struct siuop_record *record, void *user_data)
{
  siuo_reuse *r = user_data;
  struct siuop_recorded_reply reply;
  siuo_buf *scratch = NULL;
  int answers = 0;
  if (siuop_recorded_is_header(record->value))
    return SIUO_OK;
  int rc = siuop_buf_new(&scratch, ctx);
  if (rc == SIUO_OK)
    rc = siuop_recorded_read(ctx, record, scratch, &reply);
  if (rc == SIUO_OK && reply.a.question != NULL && (reply.a.text != NULL || reply.a.body != NULL))
    rc = look(r, &reply.a, &answers);
  if (rc == SIUO_OK && answers)
    rc = keep(r, &reply);
  siuo_buf_free(scratch);
  return rc;
}

static int read_path(siuo_reuse *r, const char *path, int excluding)
{
  siuo_buf *inside = NULL;
  if (r == NULL || path == NULL)
    return SIUO_EINVAL;
  int rc = siuop_os_kind(r->ctx, path);
  if (rc == SIUOP_KIND_FOLDER) {
    rc = siuop_buf_new(&inside, r->ctx);
    if (rc == SIUO_OK)
      rc = siuop_buf_printf(inside, "%s/journal.jsonl", path);
    path = siuo_buf_data(inside);
  }
  if (rc >= SIUO_OK) {
    r->files++;
    r->excluding = excluding;
    rc = siuop_records_read_journal(r->ctx, path, add, r);
  }
  siuo_buf_free(inside);
  return rc;
}

int siuo_reuse_add(siuo_reuse *r, const char *path)
{
  return read_path(r, path, 0);
}

int siuo_reuse_exclude(siuo_reuse *r, const char *path)
{
  return read_path(r, path, 1);
}

/* ---- answering ---- */

/* How far a reply is from the job: the nearest is given. */
static uint64_t distance(const struct reusable *x, const siuo_job *j)
{
  const struct siuop_job_name *name = &x->reply.a.name;
  uint64_t same_sample = name->sample == j->name.sample;
  uint64_t same_judge = name->judge == j->name.judge;
  return (uint64_t)!same_sample << 63 | (uint64_t)!same_judge << 62 | (uint64_t)name->sample << 40 | x->file;
}

int siuo_reuse_answer(siuo_reuse *r, siuo_session *s, const siuo_job *j)
{
  struct reusable *best = NULL;
  size_t place = 0;
  if (r == NULL || s == NULL || j == NULL || j->session != s)
    return SIUO_EINVAL;
  const char *question = siuo_job_question(j);
  int api = s->targets[j->name.kind - 1][j->name.judge].api;
  for (struct reusable *x; question != NULL && (x = next_of(r, question, &place)) != NULL;)
    if (!x->given && (x->reply.a.body == NULL || x->reply.a.api == api) &&
        (best == NULL || distance(x, j) < distance(best, j) || (distance(x, j) == distance(best, j) && x < best)))
      best = x;
  if (best == NULL)
    return SIUO_ENOTFOUND;
  int rc = siuop_job_resize(s, j, best->reply.a.count);
  if (rc == SIUO_OK)
    rc = siuop_recorded_answer(s, j, &best->reply.a);
  if (rc == SIUO_OK) {
    best->given = 1;
    r->left--;
  }
  return rc;
}
