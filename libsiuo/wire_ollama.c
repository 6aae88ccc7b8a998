/* wire_ollama.c: Ollama's chat. */
#include "wire.h"

#include "buf.h"

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
  siuop_buf_printf(b, ",\"stream\":%s,\"messages\":[", q->stream ? "true" : "false");
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

static int finish_of(struct siuop_reply *r, const siuop_json *body)
{
  const siuop_json *done = siuop_json_get(body, "done");
  size_t len = 0;
  siuop_json_text(siuop_json_get(siuop_json_get(body, "message"), "thinking"), &len);
  int finish = siuop_finish_of(r, siuop_json_get(body, "done_reason"));
  if (siuop_json_type(done) == SIUOP_JSON_BOOLEAN && !siuop_json_is_true(done))
    return SIUOP_FINISH_PASSING; /* the first piece of a stream */
  if (finish == SIUOP_FINISH_STOP && len > 0)
    finish = SIUOP_FINISH_REASONED;
  return r->word == NULL ? siuop_finish_by_tokens(r, finish) : finish;
}

int siuop_ollama_read(struct siuop_reply *r, const siuop_json *body)
{
  const siuop_json *message = siuop_json_get(body, "message");
  if (siuop_json_type(message) != SIUOP_JSON_OBJECT)
    return SIUO_OK;
  r->input_tokens = siuop_wire_tokens(body, "prompt_eval_count");
  r->output_tokens = siuop_wire_tokens(body, "eval_count");
  int finish = finish_of(r, body);
  int rc = siuop_reply_served(r, body, "model", NULL);
  return rc == SIUO_OK ? siuop_reply_add_content(r, siuop_json_get(message, "content"), finish) : rc;
}

/* ---- streams: a line of JSON each ---- */

void siuop_ollama_take_piece(struct siuop_stream *s, const siuop_json *piece)
{
  static const char *const keys[] = {"model", "prompt_eval_count", "eval_count"};
  const siuop_json *message = siuop_json_get(piece, "message");
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
    siuop_stream_keep(s, keys[i], siuop_json_get(piece, keys[i]));
  if (siuop_json_type(message) == SIUOP_JSON_OBJECT)
    siuop_stream_begin(s, 0);
  siuop_stream_put(s, 0, SIUOP_STREAM_TEXT, siuop_json_get(message, "content"));
  siuop_stream_put(s, 0, SIUOP_STREAM_REASONING, siuop_json_get(message, "thinking"));
  siuop_stream_put(s, 0, SIUOP_STREAM_END, siuop_json_get(piece, "done_reason"));
  if (siuop_json_size(siuop_json_get(message, "tool_calls")) > 0)
    siuop_stream_other(s, 0);
  if (siuop_json_is_true(siuop_json_get(piece, "done")))
    siuop_stream_complete(s);
}

void siuop_ollama_write_streamed(const struct siuop_stream *s, siuo_buf *b)
{
  const struct siuop_streamed *a = siuop_stream_answer(s, 0);
  if (a == NULL)
    return;
  siuop_buf_add_text(b, ",\"message\":{\"role\":\"assistant\"");
  siuop_streamed_add(b, a, SIUOP_STREAM_TEXT, ",\"content\":");
  siuop_streamed_add(b, a, SIUOP_STREAM_REASONING, ",\"thinking\":");
  siuop_buf_add_text(b, a->has_other ? ",\"tool_calls\":[{}]},\"done\":true" : "},\"done\":true");
  siuop_streamed_add(b, a, SIUOP_STREAM_END, ",\"done_reason\":");
}
