/* wire_anthropic.c: the Messages API. */
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
  siuop_json_add_string(body->text, "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":",
                        siuo_image_media_type(q->image));
  siuop_buf_add_text(body->text, ",\"data\":\"");
  siuop_body_add_picture(body, q->image);
  siuop_buf_add_text(body->text, "\"}}");
}

void siuop_anthropic_write(siuo_body *body, const struct siuop_question *q)
{
  const siuo_target *t = q->target;
  siuo_buf *b = body->text;
  siuop_json_add_string(b, "{\"model\":", t->model);
  siuop_buf_printf(b, ",\"max_tokens\":%d", (int)t->max_tokens); /* this API needs it */
  if (t->system != NULL)
    siuop_json_add_string(b, ",\"system\":", t->system);
  siuop_wire_temperature(b, t, ",\"temperature\":");
  siuop_wire_schema(b, q, ",\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":", SIUOP_SCHEMA_JSON,
                    "}}");
  siuop_wire_stream(b, q, ",\"stream\":true");
  siuop_buf_add_text(b, ",\"messages\":[{\"role\":\"user\",\"content\":[");
  siuop_wire_parts(body, q, add_prompt, add_picture);
  siuop_buf_add_text(b, "]}]}");
}

/* ---- the reply ---- */

int siuop_anthropic_read(struct siuop_reply *r, const siuop_json *body)
{
  const siuop_json *content = siuop_json_get(body, "content");
  const siuop_json *usage = siuop_json_get(body, "usage");
  int finish = siuop_finish_of(r, siuop_json_get(body, "stop_reason"));
  if (siuop_json_type(content) != SIUOP_JSON_ARRAY && siuop_json_type(content) != SIUOP_JSON_NULL &&
      !siuop_finish_is_word(finish))
    return SIUO_OK;
  r->input_tokens = siuop_wire_tokens(usage, "input_tokens");
  r->output_tokens = siuop_wire_tokens(usage, "output_tokens");
  r->reasoning_tokens = siuop_wire_tokens(siuop_json_get(usage, "output_tokens_details"), "thinking_tokens");
  finish = r->word == NULL ? siuop_finish_by_tokens(r, finish) : finish;
  int rc = siuop_reply_served(r, body, "model", NULL);
  return rc == SIUO_OK ? siuop_reply_add_content(r, content, finish) : rc;
}

/* ---- streams ---- */

/* A block that begins: some servers put its first words there. */
static void take_block(struct siuop_stream *s, const siuop_json *block)
{
  const siuop_json *type = siuop_json_get(block, "type");
  if (siuop_json_is(type, "text"))
    siuop_stream_put(s, 0, SIUOP_STREAM_TEXT, siuop_json_get(block, "text"));
  else if (siuop_json_is(type, "thinking") || siuop_json_is(type, "redacted_thinking"))
    siuop_stream_put(s, 0, SIUOP_STREAM_REASONING, type); /* it was there: its words may not be */
  else
    siuop_stream_other(s, 0);
}

void siuop_anthropic_take_piece(struct siuop_stream *s, const siuop_json *piece)
{
  const siuop_json *type = siuop_json_get(piece, "type");
  const siuop_json *delta = siuop_json_get(piece, "delta");
  const siuop_json *message = siuop_json_get(piece, "message");
  if (siuop_json_is(type, "message_start")) {
    siuop_stream_begin(s, 0);
    siuop_stream_keep(s, "id", siuop_json_get(message, "id"));
    siuop_stream_keep(s, "model", siuop_json_get(message, "model"));
  } else if (siuop_json_is(type, "content_block_start")) {
    take_block(s, siuop_json_get(piece, "content_block"));
  } else if (siuop_json_is(siuop_json_get(delta, "type"), "text_delta")) {
    siuop_stream_put(s, 0, SIUOP_STREAM_TEXT, siuop_json_get(delta, "text"));
  } else if (siuop_json_is(type, "message_delta")) {
    siuop_stream_put(s, 0, SIUOP_STREAM_END, siuop_json_get(delta, "stop_reason"));
  } else if (siuop_json_is(type, "message_stop")) {
    siuop_stream_complete(s);
  }
  siuop_stream_merge(s, "usage", siuop_json_get(message, "usage"));
  siuop_stream_merge(s, "usage", siuop_json_get(piece, "usage"));
}

void siuop_anthropic_write_streamed(const struct siuop_stream *s, siuo_buf *b)
{
  const struct siuop_streamed *a = siuop_stream_answer(s, 0);
  const char *comma = "";
  if (a == NULL)
    return;
  siuop_buf_add_text(b, ",\"content\":[");
  if (a->fields[SIUOP_STREAM_REASONING] != NULL) {
    siuop_buf_add_text(b, "{\"type\":\"thinking\"}");
    comma = ",";
  }
  if (a->fields[SIUOP_STREAM_TEXT] != NULL) {
    siuop_buf_printf(b, "%s{\"type\":\"text\"", comma);
    siuop_streamed_add(b, a, SIUOP_STREAM_TEXT, ",\"text\":");
    siuop_buf_add_text(b, "}");
    comma = ",";
  }
  if (a->has_other)
    siuop_buf_printf(b, "%s{\"type\":\"tool_use\"}", comma);
  siuop_buf_add_text(b, "]");
  siuop_streamed_add(b, a, SIUOP_STREAM_END, ",\"stop_reason\":");
}
