/* wire_ollama.c: Ollama's chat. */
#include "wire.h"

#include <string.h>

/* ---- the body ---- */

static void add_options(siuo_buf *b, const struct siuop_question *q)
{
  siuop_wire_temperature(b, q->target, ",\"temperature\":");
  siuop_wire_seed(b, q->target, ",\"seed\":");
  siuop_wire_max_tokens(b, q->target, ",\"num_predict\":");
}

/* The picture stands beside the text: its place is the server's affair. */
void siuop_ollama_write(siuo_body *body, const struct siuop_question *q)
{
  const siuo_target *t = q->target;
  siuo_buf *b = body->text;
  siuop_json_add_string(b, "{\"model\":", t->model);
  siuop_buf_add_text(b, ",\"stream\":false,\"messages\":[");
  if (t->system != NULL) {
    siuop_json_add_string(b, "{\"role\":\"system\",\"content\":", t->system);
    siuop_buf_add_text(b, "},");
  }
  siuop_buf_add_text(b, "{\"role\":\"user\",\"content\":");
  siuop_json_add_text(b, q->prompt, q->prompt_len);
  if (q->image != NULL) {
    siuop_buf_add_text(b, ",\"images\":[\"");
    siuop_body_add_picture(body, q->image);
    siuop_buf_add_text(b, "\"]");
  }
  siuop_buf_add_text(b, "}]");
  siuop_wire_schema(b, q, ",\"format\":", SIUOP_SCHEMA_JSON, "");
  siuop_wire_object(b, ",\"options\":{", q, add_options);
  siuop_buf_add_text(b, "}");
}

/* ---- the reply ---- */

static int finish_of(const siuop_json *body)
{
  const siuop_json *reason = siuop_json_get(body, "done_reason");
  const siuop_json *done = siuop_json_get(body, "done");
  size_t len = 0;
  siuop_json_text(siuop_json_get(siuop_json_get(body, "message"), "thinking"), &len);
  if (siuop_json_type(done) == SIUOP_JSON_BOOLEAN && !siuop_json_is_true(done))
    return SIUOP_FINISH_OTHER; /* the first piece of a stream */
  if (siuop_json_is(reason, "length"))
    return SIUOP_FINISH_LENGTH;
  if (siuop_json_text(reason, NULL) != NULL && !siuop_json_is(reason, "stop"))
    return SIUOP_FINISH_OTHER;
  return len > 0 ? SIUOP_FINISH_REASONED : SIUOP_FINISH_STOP;
}

int siuop_ollama_read(struct siuop_reply *r, const siuop_json *body)
{
  const siuop_json *error = siuop_wire_error(body);
  const siuop_json *message = siuop_json_get(body, "message");
  if (error != NULL) {
    siuop_reply_error(r, error);
    return SIUO_OK;
  }
  if (r->kind != SIUOP_REPLY_ANSWERS || siuop_json_type(message) != SIUOP_JSON_OBJECT)
    return SIUO_OK;
  r->input_tokens = siuop_wire_tokens(body, "prompt_eval_count");
  r->output_tokens = siuop_wire_tokens(body, "eval_count");
  int rc = siuop_reply_served(r, siuop_json_get(body, "model"), NULL);
  return rc == SIUO_OK ? siuop_reply_add_content(r, siuop_json_get(message, "content"), finish_of(body)) : rc;
}
