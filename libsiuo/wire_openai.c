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

/* Reasoning apart from the text: a text of its own, or OpenRouter's list, where it may be encrypted. */
static int has_reasoning(const siuop_json *message)
{
  return has_text(message, "reasoning") || has_text(message, "reasoning_content") ||
         siuop_json_size(siuop_json_get(message, "reasoning_details")) > 0;
}

/* Whether a reason is an end without a whole answer: those of OpenAI, then those of OpenRouter, vLLM, DeepSeek, GLM. */
static int is_broken_off(const siuop_json *reason)
{
  static const char *const reasons[] = {"tool_calls", "function_call", "error",
                                        "abort",      "network_error", "insufficient_system_resource"};
  return SIUOP_JSON_IS_ONE_OF(reason, reasons);
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
  if (is_broken_off(reason))
    return SIUOP_FINISH_OTHER;
  if (siuop_json_text(reason, NULL) != NULL && !siuop_json_is(reason, "stop"))
    return SIUOP_FINISH_UNKNOWN;
  return has_reasoning(message) ? SIUOP_FINISH_REASONED : SIUOP_FINISH_STOP;
}

static int read_choice(struct siuop_reply *r, const siuop_json *choice)
{
  const siuop_json *message = siuop_json_get(choice, "message");
  int finish = finish_of(choice);
  if (siuop_json_type(message) != SIUOP_JSON_OBJECT && !siuop_finish_is_answer(finish))
    return SIUO_OK; /* an entry that is no choice */
  return siuop_reply_add_content(r, siuop_json_get(message, "content"), finish);
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

/* OpenRouter's error may be that of the only choice. */
static const siuop_json *error_in(const siuop_json *body)
{
  const siuop_json *choices = siuop_json_get(body, "choices");
  const siuop_json *error = siuop_wire_error(body);
  return error == NULL && siuop_json_size(choices) == 1 ? siuop_wire_error(siuop_json_at(choices, 0)) : error;
}

int siuop_openai_read(struct siuop_reply *r, const siuop_json *body)
{
  const siuop_json *error = error_in(body);
  if (error == NULL)
    return r->kind == SIUOP_REPLY_ANSWERS ? read_answers(r, body) : SIUO_OK;
  if (siuop_wire_is_filtered(error))
    return siuop_reply_block(r);
  siuop_reply_error(r, error);
  return SIUO_OK;
}
