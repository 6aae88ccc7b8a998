/* batch_results.c: results out of the providers' batch files, given to a session. */
#include "batch_mistake.h"
#include "buf.h"
#include "records.h"
#include "session.h"
#include "utf8.h"

#include <siuo/batch.h>

#include <string.h>

/* One result, read: a reply, or why there is none. */
struct result {
  uint64_t id;    /* of its job; 0, of no job, where custom_id is no key */
  int api;        /* SIUO_API_OPENAI stands for both of its APIs */
  int status;     /* of HTTP; 0: no reply */
  siuo_buf *text; /* the reply's body, or the reason */
};

struct siuo_batch {
  siuo_session *session;
  struct siuop_arena arena; /* of one look at a reply */
  struct siuop_reply reply;
  struct result *held;
  size_t held_count, held_capacity;
  uint64_t counts[SIUO_BATCH_HELD]; /* by what became of them, but for those that are held */
  const char *bad_words;            /* of the file that is read: its first line that is no result */
  uint64_t bad, good;               /* lines of it */
  int saw_foreign;
};

int siuo_batch_new(siuo_batch **out, siuo_session *s)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (s == NULL)
    return SIUO_EINVAL;
  siuo_batch *b = siuop_zalloc(s->ctx, 1, sizeof *b);
  if (b == NULL)
    return SIUO_ENOMEM;
  b->session = s;
  siuop_arena_init(&b->arena, s->ctx);
  *out = b;
  return SIUO_OK;
}

void siuo_batch_free(siuo_batch *b)
{
  if (b == NULL)
    return;
  for (size_t i = 0; i < b->held_count; i++)
    siuo_buf_free(b->held[i].text);
  siuop_free(b->session->ctx, b->held);
  siuop_arena_free(&b->arena);
  siuop_free(b->session->ctx, b);
}

uint64_t siuo_batch_count(const siuo_batch *b, int what)
{
  if (b == NULL || what < SIUO_BATCH_TAKEN || what > SIUO_BATCH_HELD)
    return 0;
  return what == SIUO_BATCH_HELD ? b->held_count : b->counts[what];
}

/* ---- reading one ---- */

static int fail_entry(siuo_ctx *ctx, const char *words)
{
  return siuop_fail(ctx, SIUO_EFORMAT, "this is no result of a batch: %s", words);
}

static uint64_t id_of_key(const char *key, size_t len)
{
  uint64_t id = 0;
  size_t i = 0;
  for (; i < len && i < 16; i++) {
    int digit = siuop_ascii_is_digit(key[i]) ? key[i] - '0' : key[i] >= 'a' && key[i] <= 'f' ? key[i] - 'a' + 10 : -1;
    if (digit < 0)
      return 0;
    id = id << 4 | (uint64_t)digit;
  }
  return len == 16 ? id : 0;
}

/* Adds a string, after `before`; nothing where there is none. */
static void add_words(siuo_buf *b, const char *before, const siuop_json *v)
{
  size_t len = 0;
  const char *text = siuop_json_text(v, &len);
  if (text == NULL)
    return;
  siuop_buf_add_text(b, before);
  siuop_buf_add_clean(b, text, len);
}

/* The words of an error, in whatever form. */
static void add_error(siuo_ctx *ctx, siuo_buf *b, const siuop_json *error)
{
  char words[400];
  if (siuop_json_type(error) == SIUOP_JSON_OBJECT && siuop_json_text(siuop_json_get(error, "message"), NULL) != NULL) {
    add_words(b, ": ", siuop_json_get(error, "code"));
    add_words(b, ": ", siuop_json_get(error, "message"));
    return;
  }
  if (siuop_wire_error_words(ctx, error, words, sizeof words) == SIUO_ENOMEM)
    siuop_buf_fail(b);
  else if (words[0] != '\0')
    siuop_buf_printf(b, ": %s", words);
}

/* {"response": {"status_code", "body"}}. A status of 0 is a request that the provider itself failed. */
static int read_response(siuo_ctx *ctx, const siuop_json *entry, struct result *r)
{
  const siuop_json *response = siuop_json_get(entry, "response");
  const siuop_json *status = siuop_json_get(response, "status_code");
  const siuop_json *body = siuop_json_get(response, "body");
  const siuop_json *error = siuop_json_get(entry, "error");
  int64_t code = siuop_json_integer(status);
  int is_zero = siuop_json_type(status) == SIUOP_JSON_INTEGER && code == 0;
  if (!siuop_json_is_there(error))
    error = siuop_wire_error(response) != NULL ? siuop_wire_error(response) : siuop_wire_error(body);
  if (is_zero || (!siuop_json_is_there(status) && siuop_json_is_there(error))) {
    siuop_buf_add_text(r->text, "batch: the provider failed the request");
    add_error(ctx, r->text, error);
    return siuop_buf_status(r->text);
  }
  if (code < 100 || code > 599)
    return fail_entry(ctx, "\"response\" has no \"status_code\"");
  if (body == NULL)
    return fail_entry(ctx, "\"response\" has no \"body\"");
  r->status = (int)code;
  return siuop_json_write_line(body, r->text);
}

/* That, or {"response": null, "error": {"code", "message"}}, the error perhaps as a text, or under "errors". */
static int read_openai(siuo_ctx *ctx, const siuop_json *entry, struct result *r)
{
  const siuop_json *response = siuop_json_get(entry, "response");
  const siuop_json *error = siuop_json_get(entry, "error");
  const siuop_json *errors = siuop_json_get(entry, "errors");
  r->api = SIUO_API_OPENAI;
  if (siuop_json_type(response) == SIUOP_JSON_OBJECT)
    return read_response(ctx, entry, r);
  if (!siuop_json_is_there(error) && siuop_json_size(errors) > 0)
    error = siuop_json_is_there(siuop_json_get(errors, "data")) ? siuop_json_get(errors, "data") : errors;
  if (siuop_json_is_there(response) || !siuop_json_is_there(error))
    return fail_entry(ctx, "\"response\" and \"error\" are no objects");
  siuop_buf_add_text(r->text, "batch");
  add_error(ctx, r->text, error);
  return siuop_buf_status(r->text);
}

/* {"result": {"type": "succeeded", "message"}}, or of type errored (with an error), expired, canceled. */
static int read_anthropic(siuo_ctx *ctx, const siuop_json *entry, struct result *r)
{
  const siuop_json *result = siuop_json_get(entry, "result");
  const siuop_json *type = siuop_json_get(result, "type");
  const siuop_json *error = siuop_json_get(result, "error");
  r->api = SIUO_API_ANTHROPIC;
  if (siuop_json_is(type, "succeeded")) {
    const siuop_json *message = siuop_json_get(result, "message");
    if (siuop_json_type(message) != SIUOP_JSON_OBJECT)
      return fail_entry(ctx, "\"message\" is no object");
    r->status = 200;
    return siuop_json_write_line(message, r->text);
  }
  if (!siuop_json_is(type, "errored") && !siuop_json_is(type, "expired") && !siuop_json_is(type, "canceled"))
    return fail_entry(ctx, "\"type\" is none of succeeded, errored, expired and canceled");
  if (siuop_json_type(siuop_json_get(error, "error")) == SIUOP_JSON_OBJECT)
    error = siuop_json_get(error, "error");
  add_words(r->text, "batch: ", type);
  add_words(r->text, ": ", siuop_json_get(error, "type"));
  add_words(r->text, ": ", siuop_json_get(error, "message"));
  return siuop_buf_status(r->text);
}

/* r->text is the caller's to free in any case. */
static int read_entry(siuo_ctx *ctx, const siuop_json *entry, struct result *r)
{
  size_t len = 0;
  const char *key = siuop_json_text(siuop_json_get(entry, "custom_id"), &len);
  memset(r, 0, sizeof *r);
  if (key == NULL)
    return fail_entry(ctx, "it has no \"custom_id\"");
  if (siuop_json_get(entry, "body") != NULL || siuop_json_get(entry, "params") != NULL)
    return fail_entry(ctx, "it is a request, and this a file to send");
  r->id = id_of_key(key, len);
  int rc = siuop_buf_new(&r->text, ctx);
  if (rc != SIUO_OK)
    return rc;
  if (siuop_json_type(siuop_json_get(entry, "result")) == SIUOP_JSON_OBJECT)
    return read_anthropic(ctx, entry, r);
  if (siuop_json_get(entry, "response") != NULL || siuop_json_get(entry, "error") != NULL ||
      siuop_json_size(siuop_json_get(entry, "errors")) > 0)
    return read_openai(ctx, entry, r);
  return fail_entry(ctx, "it has none of \"response\", \"error\" and \"result\"");
}

/* ---- what becomes of one ---- */

/* A job's state beside SIUO_BATCH_KNOWN, _FOREIGN and _HELD. */
#define IS_OPEN    0
#define HAS_FAILED (-1)

/* Of the answers in a reply, these are such; one to all samples that were asked for, where others may have come by
 * themselves, is SOME. */
#define ANSWERS_NONE 0
#define ANSWERS_SOME 1
#define ANSWERS_ALL  2

/* What can be done with the result's job. */
static int look_at_job(const siuo_session *s, const struct result *r)
{
  struct siuop_job_name name = siuop_job_unpack(r->id);
  struct siuop_case *c = siuop_find_case(s, name.code);
  if (c == NULL || !siuop_job_exists(s, c, &name))
    return SIUO_BATCH_FOREIGN;
  const struct siuop_slot *slot = siuop_slot(s, c, &name, 0);
  if (slot != NULL && slot->state != SIUOP_SLOT_OPEN)
    return slot->state == SIUOP_SLOT_ANSWERED ? SIUO_BATCH_KNOWN : HAS_FAILED;
  int is_judge = name.kind == SIUO_JOB_JUDGE_SAFETY || name.kind == SIUO_JOB_JUDGE_EFFECTIVENESS;
  if (is_judge && !siuop_judge_is_needed(s, c, &name))
    return SIUO_BATCH_HELD;
  return slot != NULL && slot->job != NULL && slot->job->id != r->id ? SIUO_BATCH_HELD : IS_OPEN;
}

/* How much of a reply answers, as the session would read it: *weight is ANSWERS_*. */
static int weigh(siuo_batch *b, int api, const struct result *r, int *weight)
{
  size_t answered = 0;
  *weight = ANSWERS_NONE;
  if (r->status == 0)
    return SIUO_OK;
  struct siuop_arena_mark mark = siuop_arena_mark(&b->arena);
  struct siuop_message m = {r->status, NULL, 0, siuo_buf_data(r->text), siuo_buf_size(r->text)};
  int rc = siuop_wire_read(&b->reply, b->session->ctx, &b->arena, api, 0, &m);
  for (size_t i = 0; rc == SIUO_OK && b->reply.kind == SIUOP_REPLY_ANSWERS && i < b->reply.count; i++)
    answered += b->reply.answers[i].outcome != SIUO_RESPONSE_FAILED;
  if (answered > 0)
    *weight = answered == b->reply.count && !b->reply.for_all ? ANSWERS_ALL : ANSWERS_SOME;
  siuop_arena_rewind(&b->arena, mark);
  return rc == SIUO_ELIMIT ? SIUO_OK : rc;
}

/* A batch can't be asked again at once, so what a live run would retry fails. */
static int submit(siuo_session *s, const struct result *r)
{
  if (r->status == 0)
    return siuo_session_fail(s, r->id, siuo_buf_data(r->text));
  int rc = siuo_session_submit(s, r->id, r->status, NULL, 0, siuo_buf_data(r->text), siuo_buf_size(r->text), NULL);
  return rc == SIUO_RETRY || rc == SIUO_ELIMIT ? siuo_session_fail(s, r->id, siuo_ctx_errmsg(s->ctx)) : rc;
}

static int check_api(siuo_session *s, const struct result *r, int *api)
{
  struct siuop_job_name name = siuop_job_unpack(r->id);
  *api = s->targets[name.kind - 1][name.judge].api;
  if (r->api == (*api == SIUO_API_OPENAI_RESPONSES ? SIUO_API_OPENAI : *api))
    return SIUO_OK;
  return siuop_fail(s->ctx, SIUO_EFORMAT, "custom_id %016llx: its question is put to %s, and this is a result of %s",
                    (unsigned long long)r->id, siuo_api_name(*api), siuo_api_name(r->api));
}

/* Gives a result to the session, or says why not: *what is SIUO_BATCH_*. What weighs less than `least` is held: a
 * better result may overtake it. */
static int settle(siuo_batch *b, const struct result *r, int least, int *what)
{
  int weight = ANSWERS_NONE;
  int api = 0;
  *what = look_at_job(b->session, r);
  if (*what == SIUO_BATCH_FOREIGN)
    return SIUO_OK;
  int rc = check_api(b->session, r, &api);
  if (rc != SIUO_OK || *what == SIUO_BATCH_KNOWN || *what == SIUO_BATCH_HELD)
    return rc;
  rc = weigh(b, api, r, &weight);
  if (rc != SIUO_OK)
    return rc;
  if (*what == HAS_FAILED)
    *what = weight == ANSWERS_NONE ? SIUO_BATCH_KNOWN : SIUO_BATCH_HELD;
  else if (weight < least)
    *what = SIUO_BATCH_HELD;
  else if ((rc = submit(b->session, r)) == SIUO_OK)
    *what = weight == ANSWERS_NONE ? SIUO_BATCH_FAILED : SIUO_BATCH_TAKEN;
  return rc;
}

/* Takes an entry that is parsed. */
static int take(siuo_batch *b, const siuop_json *entry, int *what)
{
  siuo_ctx *ctx = b->session->ctx;
  struct result r;
  int rc = read_entry(ctx, entry, &r);
  if (rc == SIUO_OK)
    rc = settle(b, &r, ANSWERS_ALL, what);
  if (rc == SIUO_OK && *what == SIUO_BATCH_HELD) {
    rc = siuop_reserve(ctx, &b->held, &b->held_capacity, b->held_count + 1, sizeof *b->held);
    if (rc == SIUO_OK) {
      b->held[b->held_count++] = r;
      r.text = NULL;
    }
  } else if (rc == SIUO_OK) {
    b->counts[*what]++;
  }
  siuo_buf_free(r.text);
  return rc;
}

int siuo_batch_take(siuo_batch *b, const void *line, size_t len, int *what)
{
  siuop_json *entry = NULL;
  int own = 0;
  if (b == NULL || (line == NULL && len > 0))
    return SIUO_EINVAL;
  siuo_ctx *ctx = b->session->ctx;
  if (len > siuop_limits(ctx)->line)
    return siuop_fail(ctx, SIUO_ELIMIT,
                      "batch: the line is longer than the limit of %llu bytes (max_line of the context)",
                      (unsigned long long)siuop_limits(ctx)->line);
  int rc = siuop_json_parse_reply(&entry, ctx, "batch", 1, line == NULL ? "" : line, len);
  if (rc == SIUO_OK && siuop_json_type(entry) != SIUOP_JSON_OBJECT)
    rc = fail_entry(ctx, "it is no object");
  if (rc == SIUO_OK)
    rc = take(b, entry, &own);
  if (what != NULL)
    *what = rc == SIUO_OK ? own : 0;
  siuop_json_free(entry);
  return rc;
}

/* ---- files ---- */

static int take_record(siuo_ctx *ctx, const struct siuop_record *record, void *user_data)
{
  siuo_batch *b = user_data;
  int what = 0;
  int rc = take(b, record->value, &what);
  b->good += (uint64_t)(rc == SIUO_OK);
  if (rc == SIUO_EFORMAT) {
    char words[512];
    siuop_message_copy(ctx, words, sizeof words);
    return siuop_record_fail(ctx, record, rc, "%s", words);
  }
  if (rc == SIUO_OK && what == SIUO_BATCH_FOREIGN && !b->saw_foreign) {
    const char *key = siuop_json_text(siuop_json_get(record->value, "custom_id"), NULL);
    b->saw_foreign = 1;
    siuop_log(ctx, SIUO_LOG_WARNING, "%s:%llu: custom_id %.80s is no question of this evaluation", record->name,
              (unsigned long long)siuop_record_line(record), key == NULL ? "" : key);
  }
  return rc;
}

/* The message of the first bad line is kept until the file ends. */
static int count_bad(siuo_ctx *ctx, void *user_data)
{
  siuo_batch *b = user_data;
  const char *words = siuo_ctx_errmsg(ctx);
  if (b->bad++ > 0)
    return SIUO_OK;
  b->bad_words = siuop_arena_copy(&b->arena, words, strlen(words));
  return b->bad_words == NULL ? SIUO_ENOMEM : SIUO_OK;
}

int siuo_batch_read(siuo_batch *b, const char *path)
{
  if (b == NULL || path == NULL)
    return SIUO_EINVAL;
  siuo_ctx *ctx = b->session->ctx;
  struct siuop_arena_mark mark = siuop_arena_mark(&b->arena);
  b->bad = b->good = 0;
  b->saw_foreign = 0;
  int rc = siuop_records_read_replies(ctx, path, take_record, count_bad, b);
  char mistake[400] = "";
  if (b->good == 0 && (rc == SIUO_EFORMAT || b->bad > 0) &&
      siuop_batch_mistake(ctx, path, mistake, sizeof mistake) != SIUO_OK)
    rc = SIUO_ENOMEM;
  else if (mistake[0] != '\0')
    rc = siuop_fail(ctx, SIUO_EFORMAT, "%s: this is no file of results: %s", path, mistake);
  else if (rc == SIUO_OK && b->bad == 1)
    rc = siuop_fail(ctx, SIUO_EFORMAT, "%s", b->bad_words);
  else if (rc == SIUO_OK && b->bad > 1)
    rc = siuop_fail(ctx, SIUO_EFORMAT, "%s; and so for %llu further lines", b->bad_words,
                    (unsigned long long)b->bad - 1);
  siuop_arena_rewind(&b->arena, mark);
  return rc;
}

/* ---- what was held back ---- */

static int settle_held(siuo_batch *b, int least)
{
  size_t kept = 0;
  int rc = SIUO_OK;
  for (size_t i = 0; i < b->held_count; i++) {
    struct result r = b->held[i];
    int what = SIUO_BATCH_HELD;
    if (rc == SIUO_OK)
      rc = settle(b, &r, least, &what);
    if (rc != SIUO_OK || what == SIUO_BATCH_HELD) {
      b->held[kept++] = r;
      continue;
    }
    b->counts[what]++;
    siuo_buf_free(r.text);
  }
  b->held_count = kept;
  return rc;
}

/* Answers first, and the judgements that they unlock; then what answers in part, at last what does not at all. */
int siuo_batch_finish(siuo_batch *b)
{
  int rc = SIUO_OK;
  if (b == NULL)
    return SIUO_EINVAL;
  for (int least = ANSWERS_ALL; least >= ANSWERS_NONE; least--) {
    size_t before;
    do {
      before = b->held_count;
      rc = settle_held(b, least);
    } while (rc == SIUO_OK && b->held_count < before);
  }
  return rc;
}
