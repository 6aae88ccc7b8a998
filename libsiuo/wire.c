/* wire.c: the APIs by number and name; what all of them share. */
#include "wire.h"

#include "abi.h"
#include "judge.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

/* By SIUO_API_*, from 1. */
static const struct siuop_wire wires[] = {
    {"openai", 1, siuop_openai_write, siuop_openai_read},
};
#define WIRE_COUNT ((int)(sizeof wires / sizeof wires[0]))

const struct siuop_wire *siuop_wire(int api)
{
  return api < 1 || api > WIRE_COUNT ? NULL : &wires[api - 1];
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

int siuop_wire_body(siuo_body **out, siuo_ctx *ctx, const struct siuop_question *q)
{
  const struct siuop_wire *wire = siuop_wire(q->target->api);
  int rc = siuop_body_new(out, ctx);
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

/* Blank, and how: a model that had finished said nothing; one that ran out of tokens, or reasoned only, was cut. */
static int outcome_without_text(const char *text, size_t len, int finish)
{
  size_t rest = 0;
  int only_reasoning = siuop_skip_reasoning(text, len, &rest) != SIUOP_THINK_NONE && is_blank(text + rest, len - rest);
  if (finish == SIUOP_FINISH_OTHER)
    return SIUO_RESPONSE_FAILED;
  if (is_blank(text, len))
    return finish == SIUOP_FINISH_LENGTH ? SIUO_RESPONSE_TRUNCATED : SIUO_RESPONSE_BLANK;
  return only_reasoning ? SIUO_RESPONSE_TRUNCATED : SIUO_RESPONSE_OK;
}

static int outcome_of(const char *text, size_t len, int finish)
{
  if (finish == SIUOP_FINISH_BLOCKED)
    return SIUO_RESPONSE_BLOCKED;
  if (finish == SIUOP_FINISH_REFUSED)
    return SIUO_RESPONSE_REFUSED;
  if (finish == SIUOP_FINISH_OTHER && !is_blank(text, len))
    return SIUO_RESPONSE_OK;
  return outcome_without_text(text, len, finish);
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
  r->count++;
  return SIUO_OK;
}

void siuop_reply_reason(struct siuop_reply *r, int kind, const char *text, size_t len)
{
  r->kind = kind;
  siuop_utf8_escape(r->reason, sizeof r->reason, text, len);
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
  r->input_tokens = r->output_tokens = r->reasoning_tokens = 0;
  r->model = NULL;
}

static void reason_of_status(struct siuop_reply *r, int status)
{
  if (r->reason[0] == '\0')
    snprintf(r->reason, sizeof r->reason, "HTTP status %d", status);
}

int siuop_wire_read(struct siuop_reply *r, siuo_ctx *ctx, struct siuop_arena *arena, int api, int status,
                    const char *headers, size_t headers_len, const void *body, size_t len)
{
  siuop_json *json = NULL;
  int rc = check_size(ctx, len);
  reply_init(r, arena);
  if (rc != SIUO_OK)
    return rc;
  r->kind = siuop_http_kind(status);
  siuop_http_retry(headers, headers_len, &r->kind, &r->retry_after);
  rc = siuop_json_parse_reply(&json, ctx, "reply", body == NULL ? "" : body, len);
  if (rc == SIUO_ENOMEM)
    return rc;
  if (rc == SIUO_OK)
    rc = siuop_wire(api)->read(r, json, status);
  else
    rc = SIUO_OK;
  if (rc == SIUO_OK && r->kind == SIUOP_REPLY_ANSWERS && r->count == 0) {
    const char *words = json == NULL ? "the reply is not JSON" : "the reply holds no answer in the form of this API";
    siuop_reply_reason(r, SIUOP_REPLY_RETRY, words, strlen(words));
  }
  if (r->kind != SIUOP_REPLY_ANSWERS)
    reason_of_status(r, status);
  siuop_json_free(json);
  return rc;
}

int siuop_wire_read_text(struct siuop_reply *r, siuo_ctx *ctx, struct siuop_arena *arena, const char *text, size_t len)
{
  int rc = check_size(ctx, len);
  reply_init(r, arena);
  return rc == SIUO_OK ? siuop_reply_add(r, text, len, SIUOP_FINISH_STOP) : rc;
}
