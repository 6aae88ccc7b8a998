/* wire_openai.c: Chat Completions, also as vLLM, llama.cpp, Azure and most gateways speak it. */
#include "wire.h"

#include <string.h>

/* ---- the body ---- */

static void add_string(siuo_buf *b, const char *key, const char *value)
{
  siuop_buf_add_text(b, key);
  siuop_json_add_text(b, value, strlen(value));
}

static void add_prompt(siuo_body *body, const struct siuop_question *q)
{
  siuop_buf_add_text(body->text, "{\"type\":\"text\",\"text\":");
  siuop_json_add_text(body->text, q->prompt, q->prompt_len);
  siuop_buf_add_text(body->text, "}");
}

static void add_picture(siuo_body *body, const struct siuop_question *q)
{
  siuop_buf_add_text(body->text, "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:");
  siuop_buf_add_text(body->text, siuo_image_media_type(q->image));
  siuop_buf_add_text(body->text, ";base64,");
  siuop_body_add_picture(body, q->image);
  siuop_buf_add_text(body->text, "\"");
  if (q->ask->detail != NULL)
    add_string(body->text, ",\"detail\":", q->ask->detail);
  siuop_buf_add_text(body->text, "}}");
}

static void add_content(siuo_body *body, const struct siuop_question *q)
{
  if (q->image != NULL && q->ask->picture == SIUOP_PICTURE_BEFORE) {
    add_picture(body, q);
    siuop_buf_add_text(body->text, ",");
  }
  add_prompt(body, q);
  if (q->image != NULL && q->ask->picture == SIUOP_PICTURE_AFTER) {
    siuop_buf_add_text(body->text, ",");
    add_picture(body, q);
  }
}

void siuop_openai_write(siuo_body *body, const struct siuop_question *q)
{
  const siuo_target *t = q->target;
  siuo_buf *b = body->text;
  add_string(b, "{\"model\":", t->model);
  siuop_buf_add_text(b, ",\"messages\":[");
  if (t->system != NULL) {
    add_string(b, "{\"role\":\"system\",\"content\":", t->system);
    siuop_buf_add_text(b, "},");
  }
  siuop_buf_add_text(b, "{\"role\":\"user\",\"content\":[");
  add_content(body, q);
  siuop_buf_add_text(b, "]}]");
  if ((t->omit & SIUO_OMIT_MAX_TOKENS) == 0)
    siuop_buf_printf(b, ",\"max_completion_tokens\":%d", (int)t->max_tokens);
  if ((t->omit & SIUO_OMIT_TEMPERATURE) == 0) {
    siuop_buf_add_text(b, ",\"temperature\":");
    siuop_json_add_real(b, t->temperature);
  }
  if ((t->omit & SIUO_OMIT_SEED) == 0)
    siuop_buf_printf(b, ",\"seed\":%llu", (unsigned long long)t->seed);
  if ((t->omit & SIUO_OMIT_N) == 0 && q->count > 1)
    siuop_buf_printf(b, ",\"n\":%u", (unsigned)q->count);
  siuop_buf_add_text(b, "}");
}

/* ---- the reply ---- */

static int is_text(const siuop_json *v, const char *text)
{
  size_t len = 0;
  const char *s = siuop_json_text(v, &len);
  return s != NULL && len == strlen(text) && memcmp(s, text, len) == 0;
}

static int finish_of(const siuop_json *choice)
{
  const siuop_json *reason = siuop_json_get(choice, "finish_reason");
  size_t len = 0;
  siuop_json_text(siuop_json_get(siuop_json_get(choice, "message"), "refusal"), &len);
  if (is_text(reason, "content_filter"))
    return SIUOP_FINISH_BLOCKED;
  if (len > 0)
    return SIUOP_FINISH_REFUSED;
  if (is_text(reason, "length"))
    return SIUOP_FINISH_LENGTH;
  return reason == NULL || siuop_json_type(reason) == SIUOP_JSON_NULL || is_text(reason, "stop") ? SIUOP_FINISH_STOP
                                                                                                 : SIUOP_FINISH_OTHER;
}

/* A message's text: a string, or (some gateways) an array of parts of type text, which come joined. */
static int read_choice(struct siuop_reply *r, const siuop_json *choice)
{
  const siuop_json *message = siuop_json_get(choice, "message");
  const siuop_json *content = siuop_json_get(message, "content");
  size_t len = 0;
  const char *text = siuop_json_text(content, &len);
  if (siuop_json_type(message) != SIUOP_JSON_OBJECT)
    return SIUO_OK; /* an entry that is no choice */
  if (siuop_json_type(content) != SIUOP_JSON_ARRAY)
    return siuop_reply_add(r, text, len, finish_of(choice));
  siuo_buf *joined = NULL;
  int rc = siuop_buf_new(&joined, r->arena->ctx);
  for (size_t i = 0; rc == SIUO_OK && i < siuop_json_size(content); i++) {
    const siuop_json *part = siuop_json_at(content, i);
    text = siuop_json_text(siuop_json_get(part, "text"), &len);
    if (is_text(siuop_json_get(part, "type"), "text") && text != NULL)
      rc = siuop_buf_add(joined, text, len);
  }
  if (rc == SIUO_OK)
    rc = siuop_reply_add(r, siuo_buf_data(joined), siuo_buf_size(joined), finish_of(choice));
  siuo_buf_free(joined);
  return rc;
}

static uint64_t tokens(const siuop_json *usage, const char *key)
{
  int64_t n = siuop_json_integer(siuop_json_get(usage, key));
  return n > 0 ? (uint64_t)n : 0;
}

static int read_answers(struct siuop_reply *r, const siuop_json *body)
{
  const siuop_json *choices = siuop_json_get(body, "choices");
  const siuop_json *usage = siuop_json_get(body, "usage");
  size_t len = 0;
  const char *model = siuop_json_text(siuop_json_get(body, "model"), &len);
  r->input_tokens = tokens(usage, "prompt_tokens");
  r->output_tokens = tokens(usage, "completion_tokens");
  r->reasoning_tokens = tokens(siuop_json_get(usage, "completion_tokens_details"), "reasoning_tokens");
  if (model != NULL && (r->model = siuop_arena_copy(r->arena, model, len)) == NULL)
    return SIUO_ENOMEM;
  int rc = SIUO_OK;
  for (size_t i = 0; rc == SIUO_OK && i < siuop_json_size(choices); i++)
    rc = read_choice(r, siuop_json_at(choices, i));
  return rc;
}

/* A content filter's structured word; wording alone never counts. */
static int is_filtered(const siuop_json *error)
{
  const siuop_json *inner = siuop_json_get(error, "innererror");
  return is_text(siuop_json_get(error, "code"), "content_filter") ||
         is_text(siuop_json_get(inner, "code"), "ResponsibleAIPolicyViolation");
}

int siuop_openai_read(struct siuop_reply *r, const siuop_json *body, int status)
{
  const siuop_json *error = siuop_json_get(body, "error");
  size_t len = 0;
  if (error == NULL || siuop_json_type(error) == SIUOP_JSON_NULL)
    return r->kind == SIUOP_REPLY_ANSWERS ? read_answers(r, body) : SIUO_OK;
  if (status == 400 && is_filtered(error)) {
    r->kind = SIUOP_REPLY_ANSWERS;
    r->for_all = 1;
    return siuop_reply_add(r, NULL, 0, SIUOP_FINISH_BLOCKED);
  }
  const char *text =
      siuop_json_text(siuop_json_type(error) == SIUOP_JSON_OBJECT ? siuop_json_get(error, "message") : error, &len);
  int code = (int)siuop_json_integer(siuop_json_get(error, "code"));
  int kind = r->kind != SIUOP_REPLY_ANSWERS ? r->kind
             : code >= 100 && code < 600    ? siuop_http_kind(code)
                                            : SIUOP_REPLY_FINAL;
  siuop_reply_reason(r, kind == SIUOP_REPLY_ANSWERS ? SIUOP_REPLY_FINAL : kind, text == NULL ? "an error" : text,
                     text == NULL ? strlen("an error") : len);
  return SIUO_OK;
}
