/* wire_anthropic.c: the Messages API. */
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
  siuop_buf_add_text(b, ",\"messages\":[{\"role\":\"user\",\"content\":[");
  siuop_wire_parts(body, q, add_prompt, add_picture);
  siuop_buf_add_text(b, "]}]}");
}

/* ---- the reply ---- */

static int finish_of(const siuop_json *body)
{
  const siuop_json *reason = siuop_json_get(body, "stop_reason");
  if (siuop_json_is(reason, "refusal"))
    return SIUOP_FINISH_REFUSED;
  if (siuop_json_is(reason, "max_tokens") || siuop_json_is(reason, "model_context_window_exceeded"))
    return SIUOP_FINISH_LENGTH;
  if (siuop_json_text(reason, NULL) != NULL && !siuop_json_is(reason, "end_turn") &&
      !siuop_json_is(reason, "stop_sequence"))
    return SIUOP_FINISH_OTHER;
  return SIUOP_FINISH_STOP;
}

static int read_answer(struct siuop_reply *r, const siuop_json *body)
{
  const siuop_json *content = siuop_json_get(body, "content");
  const siuop_json *usage = siuop_json_get(body, "usage");
  int finish = finish_of(body);
  if (siuop_json_type(content) != SIUOP_JSON_ARRAY && siuop_json_type(content) != SIUOP_JSON_NULL &&
      !siuop_finish_is_answer(finish))
    return SIUO_OK;
  r->input_tokens = siuop_wire_tokens(usage, "input_tokens");
  r->output_tokens = siuop_wire_tokens(usage, "output_tokens");
  r->reasoning_tokens = siuop_wire_tokens(siuop_json_get(usage, "output_tokens_details"), "thinking_tokens");
  int rc = siuop_reply_served(r, siuop_json_get(body, "model"), NULL);
  return rc == SIUO_OK ? siuop_reply_add_content(r, content, finish) : rc;
}

int siuop_anthropic_read(struct siuop_reply *r, const siuop_json *body)
{
  const siuop_json *error = siuop_wire_error(body);
  if (error == NULL)
    return r->kind == SIUOP_REPLY_ANSWERS ? read_answer(r, body) : SIUO_OK;
  siuop_reply_error(r, error);
  return SIUO_OK;
}
