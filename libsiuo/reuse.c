/* reuse.c: replies of other runs to identical questions. */
#include "os.h"
#include "recorded.h"

#include <siuo/reuse.h>

#include <string.h>

#define NONE UINT32_MAX

/* A reply, in two lists: of its place and of its equals. Numbers are of r->replies; NONE: the end. */
struct reusable {
  struct siuop_recorded_reply reply; /* its texts are in the arena */
  uint32_t file;                     /* that it came from */
  uint32_t next_in_place, next_equal;
  int given;
};

/* The replies to one question and one sample and judge, that were bodies of one API or texts, in the order in which
 * they came. */
struct place {
  const char *question;
  uint32_t api; /* SIUO_API_TEXT: texts, for any API */
  uint32_t sample, judge;
  uint32_t first, last; /* replies; what was given is taken from the front */
  uint32_t next;        /* place of the same question and API */
};

/* The places of one question and API. */
struct shelf {
  const char *question;
  uint32_t api, first;
};

/* Replies that are equal byte for byte, to one question. */
struct equals {
  uint32_t first, last;
  uint32_t file, next; /* the file that is read, and the first reply that nothing in it is a copy of yet */
};

/* What grows: a list, and the numbers in it by a hash. */
struct siuo_reuse {
  siuo_ctx *ctx;
  struct siuop_arena arena;
  struct siuop_index by_place, by_shelf, by_content;
  struct reusable *replies;
  struct place *places;
  struct shelf *shelves;
  struct equals *equals;
  size_t count, capacity, left;
  size_t place_count, place_capacity, shelf_count, shelf_capacity, equals_count, equals_capacity;
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
  siuop_index_init(&r->by_place, ctx);
  siuop_index_init(&r->by_shelf, ctx);
  siuop_index_init(&r->by_content, ctx);
  *out = r;
  return SIUO_OK;
}

void siuo_reuse_free(siuo_reuse *r)
{
  if (r == NULL)
    return;
  siuop_free(r->ctx, r->replies);
  siuop_free(r->ctx, r->places);
  siuop_free(r->ctx, r->shelves);
  siuop_free(r->ctx, r->equals);
  siuop_index_free(&r->by_place);
  siuop_index_free(&r->by_shelf);
  siuop_index_free(&r->by_content);
  siuop_arena_free(&r->arena);
  siuop_arena_free(&r->read_texts);
  siuop_free(r->ctx, r);
}

size_t siuo_reuse_count(const siuo_reuse *r)
{
  return r == NULL ? 0 : r->left;
}

/* ---- finding ---- */

/* What a reply is filed under: bodies under their API. */
static uint32_t api_of(const struct siuop_arrival *a)
{
  return a->body == NULL ? SIUO_API_TEXT : (uint32_t)a->api;
}

static uint64_t place_hash(const siuo_reuse *r, const struct siuop_arrival *a)
{
  uint32_t which = api_of(a) << 16 | a->name.sample << 4 | a->name.judge;
  return siuop_index_hash(&r->by_place, (int)which, a->question, strlen(a->question));
}

static struct place *find_place(const siuo_reuse *r, const struct siuop_arrival *a, uint64_t hash)
{
  size_t at = 0;
  for (size_t n; (n = siuop_index_find(&r->by_place, hash, &at)) != SIZE_MAX;) {
    struct place *p = &r->places[n];
    if (p->api == api_of(a) && p->sample == a->name.sample && p->judge == a->name.judge &&
        strcmp(p->question, a->question) == 0)
      return p;
  }
  return NULL;
}

static uint64_t shelf_hash(const siuo_reuse *r, const char *question, uint32_t api)
{
  return siuop_index_hash(&r->by_shelf, (int)api, question, strlen(question));
}

static struct shelf *find_shelf(const siuo_reuse *r, const char *question, uint32_t api)
{
  size_t at = 0;
  uint64_t hash = shelf_hash(r, question, api);
  for (size_t n; (n = siuop_index_find(&r->by_shelf, hash, &at)) != SIZE_MAX;)
    if (r->shelves[n].api == api && strcmp(r->shelves[n].question, question) == 0)
      return &r->shelves[n];
  return NULL;
}

static uint64_t content_hash(const siuo_reuse *r, const struct siuop_arrival *a)
{
  const char *bytes = a->body != NULL ? a->body : a->text;
  size_t len = a->body != NULL ? a->body_len : a->text_len;
  uint64_t question = siuop_index_hash(&r->by_content, 0, a->question, strlen(a->question));
  return question * 3 + siuop_index_hash(&r->by_content, a->http_status, bytes, len) + api_of(a);
}

static int is_equal(const struct siuop_arrival *a, const struct siuop_arrival *b)
{
  const char *x = a->body != NULL ? a->body : a->text;
  const char *y = b->body != NULL ? b->body : b->text;
  size_t x_len = a->body != NULL ? a->body_len : a->text_len;
  size_t y_len = b->body != NULL ? b->body_len : b->text_len;
  return api_of(a) == api_of(b) && a->http_status == b->http_status && x_len == y_len && memcmp(x, y, x_len) == 0 &&
         strcmp(a->question, b->question) == 0;
}

static struct equals *find_equals(const siuo_reuse *r, const struct siuop_arrival *a, uint64_t hash)
{
  size_t at = 0;
  for (size_t n; (n = siuop_index_find(&r->by_content, hash, &at)) != SIZE_MAX;)
    if (is_equal(&r->replies[r->equals[n].first].reply.a, a))
      return &r->equals[n];
  return NULL;
}

/* The same reply in a file that was read before, of which there was no copy in this file yet; NULL: none. */
static struct reusable *take_original(siuo_reuse *r, struct equals *e)
{
  if (e == NULL)
    return NULL;
  if (e->file != r->files) {
    e->file = r->files;
    e->next = e->first;
  }
  struct reusable *original = e->next == NONE ? NULL : &r->replies[e->next];
  if (original == NULL || original->file == r->files)
    return NULL;
  e->next = original->next_equal;
  return original;
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

/* Room for one more of everything, so that nothing fails half way. */
static int reserve_one_more(siuo_reuse *r)
{
  if (r->count >= NONE)
    return siuop_fail(r->ctx, SIUO_ELIMIT, "more than 4294967295 replies");
  int rc = siuop_reserve(r->ctx, &r->replies, &r->capacity, r->count + 1, sizeof *r->replies);
  if (rc == SIUO_OK)
    rc = siuop_reserve(r->ctx, &r->places, &r->place_capacity, r->place_count + 1, sizeof *r->places);
  if (rc == SIUO_OK)
    rc = siuop_reserve(r->ctx, &r->shelves, &r->shelf_capacity, r->shelf_count + 1, sizeof *r->shelves);
  if (rc == SIUO_OK)
    rc = siuop_reserve(r->ctx, &r->equals, &r->equals_capacity, r->equals_count + 1, sizeof *r->equals);
  if (rc == SIUO_OK)
    rc = siuop_index_reserve(&r->by_place, 1);
  if (rc == SIUO_OK)
    rc = siuop_index_reserve(&r->by_shelf, 1);
  return rc == SIUO_OK ? siuop_index_reserve(&r->by_content, 1) : rc;
}

static struct place *add_place(siuo_reuse *r, const struct siuop_arrival *a, uint64_t hash)
{
  struct shelf *shelf = find_shelf(r, a->question, api_of(a));
  struct place *p = &r->places[r->place_count];
  if (shelf == NULL) {
    shelf = &r->shelves[r->shelf_count];
    shelf->question = a->question;
    shelf->api = api_of(a);
    shelf->first = NONE;
    siuop_index_put(&r->by_shelf, shelf_hash(r, a->question, api_of(a)), r->shelf_count++);
  }
  p->question = a->question;
  p->api = api_of(a);
  p->sample = a->name.sample;
  p->judge = a->name.judge;
  p->first = p->last = NONE;
  p->next = shelf->first;
  shelf->first = (uint32_t)r->place_count;
  siuop_index_put(&r->by_place, hash, r->place_count++);
  return p;
}

static void put_in_place(siuo_reuse *r, uint32_t number)
{
  const struct siuop_arrival *a = &r->replies[number].reply.a;
  uint64_t hash = place_hash(r, a);
  struct place *p = find_place(r, a, hash);
  if (p == NULL)
    p = add_place(r, a, hash);
  if (p->first == NONE)
    p->first = number;
  else
    r->replies[p->last].next_in_place = number;
  p->last = number;
}

static void put_to_equals(siuo_reuse *r, struct equals *e, uint64_t hash, uint32_t number)
{
  if (e != NULL) {
    r->replies[e->last].next_equal = number;
    e->last = number;
    return;
  }
  e = &r->equals[r->equals_count];
  e->first = e->last = number;
  e->file = r->files;
  e->next = NONE;
  siuop_index_put(&r->by_content, hash, r->equals_count++);
}

static int keep(siuo_reuse *r, struct siuop_recorded_reply *reply)
{
  uint64_t hash = content_hash(r, &reply->a);
  struct reusable *original = take_original(r, find_equals(r, &reply->a, hash));
  if (original != NULL) {
    r->left -= (size_t)(r->excluding && !original->given);
    original->given |= r->excluding;
    return SIUO_OK;
  }
  int rc = siuop_recorded_keep(&r->arena, reply);
  if (rc == SIUO_OK)
    rc = reserve_one_more(r);
  if (rc != SIUO_OK)
    return rc;
  uint32_t number = (uint32_t)r->count++;
  struct reusable *x = &r->replies[number];
  x->reply = *reply;
  x->file = r->files;
  x->next_in_place = x->next_equal = NONE;
  x->given = r->excluding;
  put_to_equals(r, find_equals(r, &reply->a, hash), hash, number);
  if (!x->given) {
    put_in_place(r, number);
    r->left++;
  }
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

/* The first reply of a place that was not given yet; NULL: there is none left. */
static struct reusable *front_of(siuo_reuse *r, struct place *p)
{
  while (p->first != NONE && r->replies[p->first].given)
    p->first = r->replies[p->first].next_in_place;
  return p->first == NONE ? NULL : &r->replies[p->first];
}

static int is_nearer(const struct reusable *x, const struct reusable *best, const siuo_job *j)
{
  return best == NULL || distance(x, j) < distance(best, j) || (distance(x, j) == distance(best, j) && x < best);
}

/* The nearest on a shelf, if it is nearer than `best`. Of each place, of which there is one a sample and judge,
 * only the front has to be looked at. */
static struct reusable *look_on_shelf(siuo_reuse *r, struct shelf *shelf, const siuo_job *j, struct reusable *best)
{
  for (uint32_t *at = shelf == NULL ? NULL : &shelf->first; at != NULL && *at != NONE;) {
    struct place *p = &r->places[*at];
    struct reusable *x = front_of(r, p);
    if (x != NULL && is_nearer(x, best, j))
      best = x;
    at = &p->next;
  }
  return best;
}

int siuo_reuse_answer(siuo_reuse *r, siuo_session *s, const siuo_job *j)
{
  struct reusable *best = NULL;
  if (r == NULL || s == NULL || j == NULL || j->session != s)
    return SIUO_EINVAL;
  const char *question = siuo_job_question(j);
  int api = s->targets[j->name.kind - 1][j->name.judge].api;
  if (question != NULL)
    best = look_on_shelf(r, find_shelf(r, question, SIUO_API_TEXT), j, NULL);
  if (question != NULL && api != SIUO_API_TEXT)
    best = look_on_shelf(r, find_shelf(r, question, (uint32_t)api), j, best);
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
