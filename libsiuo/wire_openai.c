/* wire_openai.c: Chat Completions, also as vLLM, llama.cpp, Azure and most gateways speak it. */
#include "wire.h"

#include "buf.h"

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
  siuop_wire_stream(b, q, ",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
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

/* OpenRouter tells a model's own word beside its own, which may hide a block. */
static int finish_of(struct siuop_reply *r, const siuop_json *choice, int only)
{
  const siuop_json *reason = siuop_json_get(choice, "finish_reason");
  const siuop_json *native = siuop_json_get(choice, "native_finish_reason");
  const siuop_json *message = siuop_json_get(choice, "message");
  const siuop_json *error = siuop_wire_error(choice);
  int finish = siuop_finish_of(r, siuop_word_is_none(reason) || siuop_word_is_block(native) ? native : reason);
  if (finish == SIUOP_FINISH_BLOCKED)
    return finish;
  if (has_text(message, "refusal"))
    return SIUOP_FINISH_REFUSED;
  if (error != NULL)
    return siuop_finish_of_error(r, error);
  if (finish == SIUOP_FINISH_STOP && has_reasoning(message))
    finish = SIUOP_FINISH_REASONED;
  return only && r->word == NULL ? siuop_finish_by_tokens(r, finish) : finish;
}

static int read_choice(struct siuop_reply *r, const siuop_json *choice, int only)
{
  const siuop_json *message = siuop_json_get(choice, "message");
  int finish = finish_of(r, choice, only);
  if (siuop_json_type(message) != SIUOP_JSON_OBJECT && !siuop_finish_is_word(finish))
    return SIUO_OK; /* an entry that is no choice */
  return siuop_reply_add_content(r, siuop_json_get(message, "content"), finish);
}

int siuop_openai_read(struct siuop_reply *r, const siuop_json *body)
{
  const siuop_json *choices = siuop_json_get(body, "choices");
  const siuop_json *usage = siuop_json_get(body, "usage");
  int only = siuop_json_size(choices) == 1;
  r->input_tokens = siuop_wire_tokens(usage, "prompt_tokens");
  r->output_tokens = siuop_wire_tokens(usage, "completion_tokens");
  r->reasoning_tokens = siuop_wire_tokens(siuop_json_get(usage, "completion_tokens_details"), "reasoning_tokens");
  int rc = siuop_reply_served(r, body, "model", "system_fingerprint");
  for (size_t i = 0; rc == SIUO_OK && i < siuop_json_size(choices); i++)
    rc = read_choice(r, siuop_json_at(choices, i), only);
  return rc;
}

/* ---- streams ---- */

static void take_choice(struct siuop_stream *s, const siuop_json *choice)
{
  const siuop_json *delta = siuop_json_get(choice, "delta");
  int64_t index = siuop_json_integer(siuop_json_get(choice, "index"));
  size_t i = index < 0 ? 0 : (size_t)index;
  if (siuop_json_type(delta) != SIUOP_JSON_OBJECT)
    delta = siuop_json_get(choice, "message"); /* all of it in one piece */
  siuop_stream_put(s, i, SIUOP_STREAM_TEXT, siuop_json_get(delta, "content"));
  siuop_stream_put(s, i, SIUOP_STREAM_REFUSAL, siuop_json_get(delta, "refusal"));
  siuop_stream_put(s, i, SIUOP_STREAM_REASONING, siuop_json_get(delta, "reasoning_content"));
  if (!has_text(delta, "reasoning_content"))
    siuop_stream_put(s, i, SIUOP_STREAM_REASONING, siuop_json_get(delta, "reasoning"));
  siuop_stream_put(s, i, SIUOP_STREAM_END, siuop_json_get(choice, "finish_reason"));
  if (siuop_json_size(siuop_json_get(delta, "tool_calls")) > 0)
    siuop_stream_other(s, i);
}

void siuop_openai_take_piece(struct siuop_stream *s, const siuop_json *piece)
{
  static const char *const keys[] = {"id", "model", "system_fingerprint", "provider", "usage"};
  const siuop_json *choices = siuop_json_get(piece, "choices");
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
    siuop_stream_keep(s, keys[i], siuop_json_get(piece, keys[i]));
  for (size_t i = 0; i < siuop_json_size(choices); i++)
    take_choice(s, siuop_json_at(choices, i));
}

void siuop_openai_write_streamed(const struct siuop_stream *s, siuo_buf *b)
{
  siuop_buf_add_text(b, ",\"choices\":[");
  const char *comma = "";
  for (size_t i = 0; i < siuop_stream_count(s); i++) {
    const struct siuop_streamed *a = siuop_stream_answer(s, i);
    if (a == NULL)
      continue;
    siuop_buf_printf(b, "%s{\"index\":%zu,\"message\":{\"role\":\"assistant\"", comma, i);
    comma = ",";
    siuop_streamed_add(b, a, SIUOP_STREAM_TEXT, ",\"content\":");
    siuop_streamed_add(b, a, SIUOP_STREAM_REFUSAL, ",\"refusal\":");
    siuop_streamed_add(b, a, SIUOP_STREAM_REASONING, ",\"reasoning_content\":");
    siuop_buf_add_text(b, "}");
    siuop_streamed_add(b, a, SIUOP_STREAM_END, ",\"finish_reason\":");
    siuop_buf_add_text(b, "}");
  }
  siuop_buf_add_text(b, "]");
}
