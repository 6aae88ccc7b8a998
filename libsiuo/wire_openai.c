/* wire_openai.c: Chat Completions, also as vLLM, llama.cpp, Azure and most gateways speak it. */
#include "wire.h"

#include <string.h>

/* ---- the body ---- */

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
    siuop_json_add_string(body->text, ",\"detail\":", q->ask->detail);
  siuop_buf_add_text(body->text, "}}");
}

void siuop_openai_write(siuo_body *body, const struct siuop_question *q)
{
  const siuo_target *t = q->target;
  siuo_buf *b = body->text;
  siuop_json_add_string(b, "{\"model\":", t->model);
  siuop_buf_add_text(b, ",\"messages\":[");
  if (t->system != NULL) {
    siuop_json_add_string(b, "{\"role\":\"system\",\"content\":", t->system);
    siuop_buf_add_text(b, "},");
  }
  siuop_buf_add_text(b, "{\"role\":\"user\",\"content\":[");
  siuop_wire_parts(body, q, add_prompt, add_picture);
  siuop_buf_add_text(b, "]}]");
  siuop_wire_max_tokens(b, t,
                        (t->omit & SIUO_OLD_MAX_TOKENS) != 0 ? ",\"max_tokens\":" : ",\"max_completion_tokens\":");
  siuop_wire_temperature(b, t, ",\"temperature\":");
  siuop_wire_seed(b, t, ",\"seed\":");
  siuop_wire_n(b, q, ",\"n\":");
  siuop_wire_schema(b, q,
                    ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"judgement\","
                    "\"strict\":true,\"schema\":",
                    SIUOP_SCHEMA_JSON, "}}");
  siuop_buf_add_text(b, "}");
}

/* ---- the reply ---- */

static int has_text(const siuop_json *message, const char *key)
{
  size_t len = 0;
  return siuop_json_text(siuop_json_get(message, key), &len) != NULL && len > 0;
}

static int finish_of(const siuop_json *choice)
{
  const siuop_json *reason = siuop_json_get(choice, "finish_reason");
  const siuop_json *message = siuop_json_get(choice, "message");
  if (siuop_json_is(reason, "content_filter"))
    return SIUOP_FINISH_BLOCKED;
  if (has_text(message, "refusal"))
    return SIUOP_FINISH_REFUSED;
  if (siuop_json_is(reason, "length"))
    return SIUOP_FINISH_LENGTH;
  if (siuop_json_text(reason, NULL) != NULL && !siuop_json_is(reason, "stop"))
    return SIUOP_FINISH_OTHER;
  int reasoned = has_text(message, "reasoning") || has_text(message, "reasoning_content");
  return reasoned ? SIUOP_FINISH_REASONED : SIUOP_FINISH_STOP;
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
  if (siuop_json_type(content) == SIUOP_JSON_ARRAY)
    return siuop_reply_add_joined(r, content, "text", NULL, finish_of(choice));
  return siuop_reply_add(r, text, len, finish_of(choice));
}

static int read_answers(struct siuop_reply *r, const siuop_json *body)
{
  const siuop_json *choices = siuop_json_get(body, "choices");
  const siuop_json *usage = siuop_json_get(body, "usage");
  r->input_tokens = siuop_wire_tokens(usage, "prompt_tokens");
  r->output_tokens = siuop_wire_tokens(usage, "completion_tokens");
  r->reasoning_tokens = siuop_wire_tokens(siuop_json_get(usage, "completion_tokens_details"), "reasoning_tokens");
  int rc = siuop_reply_served(r, siuop_json_get(body, "model"), siuop_json_get(body, "system_fingerprint"));
  for (size_t i = 0; rc == SIUO_OK && i < siuop_json_size(choices); i++)
    rc = read_choice(r, siuop_json_at(choices, i));
  return rc;
}

int siuop_openai_read(struct siuop_reply *r, const siuop_json *body, int status)
{
  const siuop_json *error = siuop_wire_error(body);
  if (error == NULL)
    return r->kind == SIUOP_REPLY_ANSWERS ? read_answers(r, body) : SIUO_OK;
  if (status == 400 && siuop_wire_is_filtered(error))
    return siuop_reply_block(r);
  int64_t code = siuop_json_integer(siuop_json_get(error, "code"));
  if (r->kind == SIUOP_REPLY_ANSWERS)
    r->kind = code >= 100 && code < 600 ? siuop_http_kind((int)code) : SIUOP_REPLY_FINAL;
  siuop_reply_error(r, error);
  return SIUO_OK;
}
