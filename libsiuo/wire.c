/* wire.c: the APIs by number and name; what all of them share. */
#include "wire.h"

#include "abi.h"
#include "base64.h"
#include "image.h"
#include "judge.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

#define PLACE  SIUOP_WIRE_PLACE
#define DETAIL SIUOP_WIRE_DETAIL

#define CALLS(name) siuop_##name##_write, siuop_##name##_read, siuop_##name##_take_piece, siuop_##name##_write_streamed

/* By SIUO_API_*, from 1. */
static const struct siuop_wire wires[] = {
    {"openai", PLACE | DETAIL, 0, 0, 0, 0, CALLS(openai), NULL},
    {"openai-responses", PLACE | DETAIL, SIUO_OMIT_SEED | SIUO_OMIT_N, SIUO_OLD_MAX_TOKENS, 0, 0,
     CALLS(openai_responses), siuop_openai_responses_check},
    {"anthropic", PLACE, SIUO_OMIT_SEED | SIUO_OMIT_N, SIUO_OMIT_MAX_TOKENS | SIUO_OLD_MAX_TOKENS, 5242880, 8000,
     CALLS(anthropic), NULL},
    {"gemini", PLACE, 0, SIUO_OLD_MAX_TOKENS, 0, 0, CALLS(gemini), NULL},
    {"ollama", 0, SIUO_OMIT_N, SIUO_OLD_MAX_TOKENS, 0, 0, CALLS(ollama), NULL},
    {"llamacpp", 0, SIUO_OMIT_N, SIUO_OLD_MAX_TOKENS, 0, 0, CALLS(llamacpp), siuop_llamacpp_check},
};
#define WIRE_COUNT ((int)(sizeof wires / sizeof wires[0]))

const struct siuop_wire *siuop_wire(int api)
{
  return api < 1 || api > WIRE_COUNT ? NULL : &wires[api - 1];
}

void siuop_wire_settle(siuo_target *t)
{
  const struct siuop_wire *wire = siuop_wire(t->api);
  if (wire != NULL)
    t->omit = (t->omit | wire->lacks) & ~wire->ignores;
}

int siuo_api_by_name(const char *name)
{
  if (name == NULL)
    return SIUO_ENOTFOUND;
  if (strcmp(name, "text") == 0)
    return SIUO_API_TEXT;
  for (int i = 0; i < WIRE_COUNT; i++)
    if (strcmp(wires[i].name, name) == 0)
      return i + 1;
  return SIUO_ENOTFOUND;
}

const char *siuo_api_name(int api)
{
  if (api == SIUO_API_TEXT)
    return "text";
  return siuop_wire(api) == NULL ? NULL : siuop_wire(api)->name;
}

/* ---- targets ---- */

#define TARGET_FIRST_SIZE sizeof(siuo_target)

int siuo_target_init(siuo_target *t, size_t size, const siuo_protocol *p, int job_kind)
{
  siuo_target defaults;
  if (p == NULL || job_kind < SIUO_JOB_GENERATE || job_kind > SIUOP_JOB_KINDS)
    return SIUO_EINVAL;
  const struct siuop_ask *ask = &p->asks[job_kind - 1];
  memset(&defaults, 0, sizeof defaults);
  defaults.temperature = ask->temperature;
  defaults.max_tokens = ask->max_tokens;
  defaults.n = job_kind == SIUO_JOB_GENERATE ? (int32_t)p->samples : 1;
  defaults.omit = SIUO_OMIT_SEED | (ask->has_temperature ? 0 : SIUO_OMIT_TEMPERATURE);
  return siuop_abi_init(t, size, &defaults, sizeof defaults, TARGET_FIRST_SIZE);
}

/* ---- asking ---- */

void siuop_wire_parts(siuo_body *body, const struct siuop_question *q,
                      void (*text)(siuo_body *body, const struct siuop_question *q),
                      void (*picture)(siuo_body *body, const struct siuop_question *q))
{
  if (q->image != NULL && q->ask->picture == SIUOP_PICTURE_BEFORE) {
    picture(body, q);
    siuop_buf_add_text(body->text, ",");
  }
  text(body, q);
  if (q->image != NULL && q->ask->picture == SIUOP_PICTURE_AFTER) {
    siuop_buf_add_text(body->text, ",");
    picture(body, q);
  }
}

void siuop_wire_object(siuo_buf *b, const char *before, const struct siuop_question *q,
                       void (*members)(siuo_buf *b, const struct siuop_question *q))
{
  siuo_buf *own = NULL;
  if (siuop_buf_new(&own, siuop_buf_ctx(b)) == SIUO_OK)
    members(own, q);
  if (own == NULL || siuop_buf_status(own) != SIUO_OK) {
    siuop_buf_fail(b);
  } else if (siuo_buf_size(own) > 0) {
    siuop_buf_add_text(b, before);
    siuop_buf_add(b, siuo_buf_data(own) + 1, siuo_buf_size(own) - 1);
    siuop_buf_add_text(b, "}");
  }
  siuo_buf_free(own);
}

void siuop_wire_temperature(siuo_buf *b, const siuo_target *t, const char *before)
{
  if ((t->omit & SIUO_OMIT_TEMPERATURE) != 0)
    return;
  siuop_buf_add_text(b, before);
  siuop_json_add_real(b, t->temperature);
}

void siuop_wire_max_tokens(siuo_buf *b, const siuo_target *t, const char *before)
{
  if ((t->omit & SIUO_OMIT_MAX_TOKENS) == 0)
    siuop_buf_printf(b, "%s%d", before, (int)t->max_tokens);
}

void siuop_wire_seed(siuo_buf *b, const siuo_target *t, const char *before)
{
  if ((t->omit & SIUO_OMIT_SEED) == 0)
    siuop_buf_printf(b, "%s%llu", before, (unsigned long long)t->seed);
}

void siuop_wire_n(siuo_buf *b, const struct siuop_question *q, const char *before)
{
  if ((q->target->omit & SIUO_OMIT_N) == 0 && q->count > 1)
    siuop_buf_printf(b, "%s%u", before, (unsigned)q->count);
}

void siuop_wire_stream(siuo_buf *b, const struct siuop_question *q, const char *text)
{
  if (q->stream)
    siuop_buf_add_text(b, text);
}

static int check_picture(siuo_ctx *ctx, const struct siuop_wire *wire, siuo_image *image)
{
  uint32_t width = 0, height = 0;
  uint64_t size = image == NULL ? 0 : siuop_base64_size(siuo_image_size(image));
  if (wire->picture_limit > 0 && size > wire->picture_limit)
    return siuop_fail(
        ctx, SIUO_ELIMIT, "%s: %llu characters in base64 are more than the %llu that the API %s takes: make it smaller",
        siuop_image_label(image), (unsigned long long)size, (unsigned long long)wire->picture_limit, wire->name);
  if (wire->picture_side == 0 || image == NULL)
    return SIUO_OK;
  int rc = siuop_image_sides(image, &width, &height);
  if (rc != SIUO_OK || (width <= wire->picture_side && height <= wire->picture_side))
    return rc;
  return siuop_fail(ctx, SIUO_ELIMIT, "%s: %u x %u pixels are more than the %u a side that the API %s takes: scale it",
                    siuop_image_label(image), (unsigned)width, (unsigned)height, (unsigned)wire->picture_side,
                    wire->name);
}

int siuop_wire_body(siuo_body **out, siuo_ctx *ctx, const struct siuop_question *q)
{
  const struct siuop_wire *wire = siuop_wire(q->target->api);
  *out = NULL;
  int rc = check_picture(ctx, wire, q->image);
  if (rc == SIUO_OK)
    rc = siuop_body_new(out, ctx);
  if (rc != SIUO_OK) {
    siuo_image_free(q->image);
    return rc;
  }
  wire->write(*out, q);
  rc = siuop_buf_status((*out)->text);
  if (rc != SIUO_OK) {
    siuo_body_free(*out);
    *out = NULL;
  }
  return rc;
}

/* ---- answers ---- */

static int is_blank(const char *text, size_t len)
{
  siuop_trim(&text, &len);
  return len == 0;
}

/* Without a text: a model that had finished said nothing; one that ran out of tokens, or reasoned only, was cut. */
static int outcome_of(const char *text, size_t len, int finish)
{
  size_t from = 0;
  size_t to = 0;
  if (finish == SIUOP_FINISH_BLOCKED)
    return SIUO_RESPONSE_BLOCKED;
  if (finish == SIUOP_FINISH_REFUSED)
    return SIUO_RESPONSE_REFUSED;
  if (finish == SIUOP_FINISH_OTHER || finish == SIUOP_FINISH_PASSING)
    return SIUO_RESPONSE_FAILED;
  int reasoned = siuop_remove_reasoning(&siuop_standard_manner, text, len, &from, &to) != SIUOP_REASONING_NONE;
  if (!is_blank(text + from, to - from))
    return SIUO_RESPONSE_OK;
  return reasoned || finish == SIUOP_FINISH_LENGTH || finish == SIUOP_FINISH_REASONED ? SIUO_RESPONSE_TRUNCATED
                                                                                      : SIUO_RESPONSE_BLANK;
}

/* A text with U+FFFD for each NUL and each byte that is not UTF-8, in the arena. */
static int keep_clean(struct siuop_reply *r, const char *text, size_t len, struct siuop_answer *a)
{
  int valid = siuop_utf8_valid(text, len, NULL) && memchr(text, '\0', len) == NULL;
  siuo_buf *clean = NULL;
  int rc = SIUO_OK;
  if (!valid) {
    rc = siuop_buf_new(&clean, r->arena->ctx);
    if (rc == SIUO_OK)
      rc = siuop_buf_add_clean(clean, text, len);
    text = siuo_buf_data(clean);
    len = siuo_buf_size(clean);
  }
  if (rc == SIUO_OK) {
    a->text = siuop_arena_copy(r->arena, text, len);
    a->len = len;
    rc = a->text == NULL ? SIUO_ENOMEM : SIUO_OK;
  }
  siuo_buf_free(clean);
  return rc;
}

/* The first answer of a reply that failed says why. */
static void say_failure(struct siuop_reply *r)
{
  char word[100];
  size_t len = 0;
  const char *s = siuop_json_text(r->word, &len);
  if (r->reason[0] != '\0')
    return;
  siuop_utf8_escape(word, sizeof word, s == NULL ? "" : s, len);
  if (s == NULL)
    snprintf(r->reason, sizeof r->reason, "it ended without an answer");
  else
    snprintf(r->reason, sizeof r->reason, "it ended with \"%s\", which is no answer", word);
}

int siuop_reply_add(struct siuop_reply *r, const char *text, size_t len, int finish)
{
  if (r->count == SIUOP_MOST_ANSWERS)
    return SIUO_OK;
  struct siuop_answer *a = &r->answers[r->count];
  memset(a, 0, sizeof *a);
  if (text != NULL) {
    int rc = keep_clean(r, text, len, a);
    if (rc != SIUO_OK)
      return rc;
  }
  a->outcome = outcome_of(a->text == NULL ? "" : a->text, a->len, finish);
  a->cut_off = finish == SIUOP_FINISH_LENGTH;
  a->passing = finish == SIUOP_FINISH_PASSING;
  a->reasoned = a->outcome == SIUO_RESPONSE_TRUNCATED && !a->cut_off;
  if (a->outcome == SIUO_RESPONSE_FAILED)
    say_failure(r);
  r->word = NULL;
  r->count++;
  return SIUO_OK;
}

/* What a part of a message is. */
#define PART_NOTHING   0
#define PART_TEXT      1
#define PART_REASONING 2
#define PART_OTHER     3 /* a call of a tool, a picture …: more than nothing, and no text */

static int holds_object(const siuop_json *part)
{
  void *state = NULL;
  const char *key = NULL;
  const siuop_json *member;
  while ((member = siuop_json_each(part, &state, &key)) != NULL)
    if (siuop_json_type(member) == SIUOP_JSON_OBJECT)
      return 1;
  return 0;
}

/* Gemini's parts have no type: a flag tells reasoning, and what is not text is an object under its name. */
static int kind_of_part(const siuop_json *part)
{
  static const char *const reasoning[] = {"thinking", "redacted_thinking", "reasoning"};
  const siuop_json *type = siuop_json_get(part, "type");
  const siuop_json *text = siuop_json_get(part, "text");
  if (siuop_json_is_true(siuop_json_get(part, "thought")) || SIUOP_JSON_IS_ONE_OF(type, reasoning))
    return PART_REASONING;
  if (siuop_json_type(part) != SIUOP_JSON_OBJECT ||
      (siuop_json_text(type, NULL) != NULL && !siuop_json_is(type, "text")))
    return PART_OTHER;
  if (siuop_json_text(text, NULL) != NULL)
    return PART_TEXT;
  return siuop_json_is_there(text) || holds_object(part) ? PART_OTHER : PART_NOTHING;
}

/* An end that knows nothing better, corrected by what the parts were. */
static int finish_with(int finish, int has_text, int reasoned, int has_other)
{
  if (has_other && !has_text && (finish == SIUOP_FINISH_STOP || finish == SIUOP_FINISH_REASONED))
    return SIUOP_FINISH_OTHER;
  return reasoned && finish == SIUOP_FINISH_STOP ? SIUOP_FINISH_REASONED : finish;
}

int siuop_reply_add_content(struct siuop_reply *r, const siuop_json *content, int finish)
{
  siuo_buf *joined = NULL;
  int seen[PART_OTHER + 1] = {0};
  size_t len = 0;
  const char *text = siuop_json_text(content, &len);
  if (siuop_json_type(content) != SIUOP_JSON_ARRAY)
    return siuop_reply_add(r, text, len, finish_with(finish, text != NULL, 0, siuop_json_is_there(content)));
  int rc = siuop_buf_new(&joined, r->arena->ctx);
  for (size_t i = 0; rc == SIUO_OK && i < siuop_json_size(content); i++) {
    const siuop_json *part = siuop_json_at(content, i);
    int kind = kind_of_part(part);
    seen[kind] = 1;
    if (kind == PART_TEXT) {
      text = siuop_json_text(siuop_json_get(part, "text"), &len);
      rc = siuop_buf_add(joined, text, len);
    }
  }
  if (rc == SIUO_OK)
    rc = siuop_reply_add(r, seen[PART_TEXT] ? siuo_buf_data(joined) : NULL, siuo_buf_size(joined),
                         finish_with(finish, siuo_buf_size(joined) > 0, seen[PART_REASONING], seen[PART_OTHER]));
  siuo_buf_free(joined);
  return rc;
}

int siuop_finish_is_word(int finish)
{
  return finish != SIUOP_FINISH_STOP && finish != SIUOP_FINISH_REASONED;
}

static int keep_name(struct siuop_reply *r, const siuop_json *v, const char **name)
{
  size_t len = 0;
  const char *text = siuop_json_text(v, &len);
  if (text == NULL)
    return SIUO_OK;
  *name = siuop_arena_copy(r->arena, text, len);
  return *name == NULL ? SIUO_ENOMEM : SIUO_OK;
}

int siuop_reply_served(struct siuop_reply *r, const siuop_json *body, const char *model, const char *fingerprint)
{
  int rc = keep_name(r, siuop_json_get(body, model), &r->model);
  if (rc == SIUO_OK && fingerprint != NULL)
    rc = keep_name(r, siuop_json_get(body, fingerprint), &r->fingerprint);
  return rc == SIUO_OK ? keep_name(r, siuop_json_get(body, "provider"), &r->provider) : rc;
}

uint64_t siuop_wire_tokens(const siuop_json *usage, const char *key)
{
  int64_t n = siuop_json_integer(siuop_json_get(usage, key));
  return n > 0 ? (uint64_t)n : 0;
}

/* ---- reading ---- */

static int check_size(siuo_ctx *ctx, size_t len)
{
  uint64_t limit = siuop_limits(ctx)->reply;
  if (len <= limit)
    return SIUO_OK;
  return siuop_fail(ctx, SIUO_ELIMIT,
                    "a reply of %llu bytes is longer than the limit of %llu (max_reply of the context)",
                    (unsigned long long)len, (unsigned long long)limit);
}

static void reply_init(struct siuop_reply *r, struct siuop_arena *arena)
{
  r->arena = arena;
  r->kind = SIUOP_REPLY_ANSWERS;
  r->for_all = 0;
  r->count = 0;
  r->reason[0] = '\0';
  r->retry_after = -1;
  r->error_status = 0;
  r->cap = 0;
  r->input_tokens = r->output_tokens = r->reasoning_tokens = 0;
  r->model = r->fingerprint = r->provider = NULL;
  r->word = NULL;
}

/* Whether every answer ended in trouble that may pass: then the request is sent again. */
static int is_passing(const struct siuop_reply *r)
{
  size_t i = 0;
  while (i < r->count && r->answers[i].passing)
    i++;
  return i > 0 && i == r->count;
}

/* A body that is no JSON, or holds neither an answer nor an error in any form. */
static void say_what_came(struct siuop_reply *r, const struct siuop_message *m, const siuop_json *json)
{
  char words[40];
  snprintf(words, sizeof words, "HTTP status %d", m->status);
  if (siuop_http_kind(m->status) != SIUOP_REPLY_ANSWERS)
    siuop_reply_describe(r, r->kind, words, m);
  else if (r->kind != SIUOP_REPLY_ANSWERS)
    siuop_reply_describe(r, r->kind, "the reply is an error", m);
  else
    siuop_reply_describe(r, SIUOP_REPLY_RETRY,
                         json == NULL ? "the reply is not JSON" : "the reply holds no answer in the form of this API",
                         m);
}

/* Reads a body that is JSON: what there is of an error, else answers, else an error in no member of its own. */
static int read_json(struct siuop_reply *r, int api, const struct siuop_message *m, const siuop_json *body)
{
  const siuop_json *error = siuop_wire_error(body);
  int answers = r->kind == SIUOP_REPLY_ANSWERS;
  char words[64] = "the reply holds no answer in the form of this API";
  int rc = SIUO_OK;
  if (error != NULL)
    return siuop_reply_error(r, m, words, body, error);
  if (answers)
    rc = siuop_wire(api)->read(r, body);
  if (rc != SIUO_OK || r->count > 0 || (answers && r->kind != SIUOP_REPLY_ANSWERS))
    return rc;
  if (!answers)
    snprintf(words, sizeof words, "HTTP status %d", m->status);
  return siuop_reply_error(r, m, words, body, NULL);
}

/* When a reply of trouble wants to be asked again, where its own words did not say. */
static void settle_wait(struct siuop_reply *r, const struct siuop_message *m)
{
  if (r->kind == SIUOP_REPLY_RETRY && r->retry_after <= 0 && r->error_status == 429) {
    double seconds = siuop_wait_of_limits(m->headers, m->headers_len);
    r->retry_after = seconds >= 0 ? seconds : r->retry_after;
  }
  if (r->retry_after > SIUOP_WAIT_MOST)
    r->retry_after = SIUOP_WAIT_MOST;
  if (siuop_http_kind(m->status) == SIUOP_REPLY_ANSWERS && r->error_status == 0)
    r->retry_after = -1; /* it is no error that the header is about */
}

/* Reads a reply that is no stream. */
static int read_message(struct siuop_reply *r, siuo_ctx *ctx, int api, const struct siuop_message *m)
{
  siuop_json *json = NULL;
  r->kind = siuop_http_kind(m->status);
  r->retry_after = siuop_wait_in_headers(m->headers, m->headers_len);
  int overruled = -1;
  if (r->kind != SIUOP_REPLY_ANSWERS) {
    overruled = siuop_http_should_retry(m->headers, m->headers_len);
    r->error_status = m->status;
  }
  int rc = siuop_json_parse_reply(&json, ctx, "reply", 1, m->body, m->len);
  if (rc == SIUO_ENOMEM || rc == SIUO_ELIMIT)
    return rc;
  const siuop_json *value = siuop_json_type(json) == SIUOP_JSON_ARRAY ? siuop_json_at(json, 0) : json;
  rc = rc == SIUO_OK ? read_json(r, api, m, value) : SIUO_OK; /* errors come in an array at times */
  if (r->kind == SIUOP_REPLY_ANSWERS && is_passing(r))
    r->kind = SIUOP_REPLY_RETRY;
  if (r->kind == SIUOP_REPLY_ANSWERS ? r->count == 0 : r->reason[0] == '\0')
    say_what_came(r, m, json);
  if (overruled >= 0 && r->kind != SIUOP_REPLY_ANSWERS)
    r->kind = overruled ? SIUOP_REPLY_RETRY : SIUOP_REPLY_FINAL;
  settle_wait(r, m);
  if (r->kind != SIUOP_REPLY_ANSWERS)
    siuop_reply_add_id(r, m, value);
  siuop_json_free(json);
  r->word = NULL;
  return rc;
}

int siuop_wire_read(struct siuop_reply *r, siuo_ctx *ctx, struct siuop_arena *arena, int api, uint64_t cap,
                    const struct siuop_message *m)
{
  struct siuop_message whole = *m;
  siuo_buf *body = NULL;
  int rc = check_size(ctx, m->len);
  reply_init(r, arena);
  r->cap = cap;
  whole.body = m->body == NULL ? "" : m->body;
  if (rc == SIUO_OK && siuop_stream_is(api, &whole)) {
    rc = siuop_buf_new(&body, ctx);
    if (rc == SIUO_OK)
      rc = siuop_stream_read(body, ctx, api, whole.body, whole.len);
    whole.body = siuo_buf_data(body);
    whole.len = siuo_buf_size(body);
  }
  if (rc == SIUO_OK)
    rc = read_message(r, ctx, api, &whole);
  siuo_buf_free(body);
  return rc;
}

int siuop_wire_read_text(struct siuop_reply *r, siuo_ctx *ctx, struct siuop_arena *arena, const char *text, size_t len)
{
  int rc = check_size(ctx, len);
  reply_init(r, arena);
  return rc == SIUO_OK ? siuop_reply_add(r, text, len, SIUOP_FINISH_STOP) : rc;
}
