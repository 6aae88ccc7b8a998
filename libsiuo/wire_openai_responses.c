/* wire_openai_responses.c: the Responses API. */
#include "wire.h"

#include "buf.h"

#include <string.h>

int siuop_openai_responses_check(siuo_ctx *ctx, const siuo_target *t)
{
  if ((t->omit & SIUO_OMIT_MAX_TOKENS) != 0 || t->max_tokens >= SIUO_RESPONSES_LEAST_TOKENS)
    return SIUO_OK;
  return siuop_fail(ctx, SIUO_EINVAL,
                    "openai-responses takes no max_output_tokens below %d, and %d are asked for: leave it out (omit "
                    "max_tokens), or use openai",
                    SIUO_RESPONSES_LEAST_TOKENS, (int)t->max_tokens);
}

/* ---- the body ---- */

static void add_prompt(siuo_body *body, const struct siuop_question *q)
{
  siuop_buf_add_text(body->text, "{\"type\":\"input_text\",\"text\":");
  siuop_json_add_text(body->text, q->prompt, q->prompt_len);
  siuop_buf_add_text(body->text, "}");
}

static void add_picture(siuo_body *body, const struct siuop_question *q)
{
  siuop_buf_add_text(body->text, "{\"type\":\"input_image\",\"image_url\":\"data:");
  siuop_buf_add_text(body->text, siuo_image_media_type(q->image));
  siuop_buf_add_text(body->text, ";base64,");
  siuop_body_add_picture(body, q->image);
  siuop_buf_add_text(body->text, "\"");
  siuop_json_add_string(body->text, ",\"detail\":", q->ask->detail == NULL ? "auto" : q->ask->detail);
  siuop_buf_add_text(body->text, "}");
}

void siuop_openai_responses_write(siuo_body *body, const struct siuop_question *q)
{
  const siuo_target *t = q->target;
  siuo_buf *b = body->text;
  siuop_json_add_string(b, "{\"model\":", t->model);
  if (t->system != NULL)
    siuop_json_add_string(b, ",\"instructions\":", t->system);
  siuop_buf_add_text(b, ",\"input\":[{\"role\":\"user\",\"content\":[");
  siuop_wire_parts(body, q, add_prompt, add_picture);
  siuop_buf_add_text(b, "]}]");
  siuop_wire_max_tokens(b, t, ",\"max_output_tokens\":");
  siuop_wire_temperature(b, t, ",\"temperature\":");
  siuop_wire_schema(b, q,
                    ",\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"judgement\",\"strict\":true,"
                    "\"schema\":",
                    SIUOP_SCHEMA_JSON, "}}");
  siuop_wire_stream(b, q, ",\"stream\":true");
  siuop_buf_add_text(b, ",\"store\":false}");
}

/* ---- the reply ---- */

/* What the items of the output hold: texts of messages joined; whether there is a refusal, reasoning, or something else
 * than text. */
struct output {
  siuo_buf *text;
  int has_text, refused, reasoned, has_other;
};

static int read_content(struct output *o, const siuop_json *content)
{
  o->has_other |= siuop_json_is_there(content) && siuop_json_type(content) != SIUOP_JSON_ARRAY;
  for (size_t i = 0; i < siuop_json_size(content); i++) {
    const siuop_json *part = siuop_json_at(content, i);
    size_t len = 0;
    const char *text = siuop_json_text(siuop_json_get(part, "text"), &len);
    if (siuop_json_is(siuop_json_get(part, "type"), "refusal")) {
      o->refused = 1;
    } else if (!siuop_json_is(siuop_json_get(part, "type"), "output_text")) {
      o->has_other = 1;
    } else if (text != NULL) {
      o->has_text = 1;
      siuop_buf_add(o->text, text, len);
    } else {
      o->has_other |= siuop_json_is_there(siuop_json_get(part, "text"));
    }
  }
  return siuop_buf_status(o->text);
}

/* Servers that only took the API over say "completed" of what was cut off, too. */
static int finish_of(struct siuop_reply *r, const siuop_json *body, const struct output *o)
{
  const siuop_json *reason = siuop_json_get(siuop_json_get(body, "incomplete_details"), "reason");
  int finish = siuop_finish_of(r, siuop_word_is_none(reason) ? siuop_json_get(body, "status") : reason);
  if (finish == SIUOP_FINISH_BLOCKED)
    return finish;
  if (o->refused)
    return SIUOP_FINISH_REFUSED;
  if (finish != SIUOP_FINISH_STOP)
    return finish;
  if (o->has_other && siuo_buf_size(o->text) == 0) {
    r->word = NULL;
    return SIUOP_FINISH_OTHER;
  }
  return siuop_finish_by_tokens(r, o->reasoned ? SIUOP_FINISH_REASONED : SIUOP_FINISH_STOP);
}

static int read_output(struct output *o, const siuop_json *output)
{
  int rc = SIUO_OK;
  for (size_t i = 0; rc == SIUO_OK && i < siuop_json_size(output); i++) {
    const siuop_json *item = siuop_json_at(output, i);
    const siuop_json *type = siuop_json_get(item, "type");
    if (siuop_json_is(type, "message"))
      rc = read_content(o, siuop_json_get(item, "content"));
    else if (siuop_json_is(type, "reasoning"))
      o->reasoned = 1;
    else
      o->has_other = 1;
  }
  return rc;
}

int siuop_openai_responses_read(struct siuop_reply *r, const siuop_json *body)
{
  const siuop_json *output = siuop_json_get(body, "output");
  const siuop_json *usage = siuop_json_get(body, "usage");
  struct output o = {NULL, 0, 0, 0, 0};
  r->input_tokens = siuop_wire_tokens(usage, "input_tokens");
  r->output_tokens = siuop_wire_tokens(usage, "output_tokens");
  r->reasoning_tokens = siuop_wire_tokens(siuop_json_get(usage, "output_tokens_details"), "reasoning_tokens");
  int rc = siuop_reply_served(r, body, "model", NULL);
  if (rc == SIUO_OK)
    rc = siuop_buf_new(&o.text, r->arena->ctx);
  if (rc == SIUO_OK)
    rc = read_output(&o, output);
  int finish = rc == SIUO_OK ? finish_of(r, body, &o) : SIUOP_FINISH_STOP;
  int is_response = siuop_json_type(output) == SIUOP_JSON_ARRAY;
  if (rc == SIUO_OK && (is_response || (siuop_finish_is_word(finish) && finish != SIUOP_FINISH_OTHER)))
    rc = siuop_reply_add(r, o.has_text ? siuo_buf_data(o.text) : NULL, siuo_buf_size(o.text), finish);
  siuo_buf_free(o.text);
  return rc;
}

/* ---- streams ---- */

/* The last piece holds the whole response. */
void siuop_openai_responses_take_piece(struct siuop_stream *s, const siuop_json *piece)
{
  static const char *const last[] = {"response.completed", "response.incomplete", "response.failed"};
  const siuop_json *response = siuop_json_get(piece, "response");
  void *state = NULL;
  const char *key = NULL;
  const siuop_json *value;
  if (!SIUOP_JSON_IS_ONE_OF(siuop_json_get(piece, "type"), last))
    return;
  while ((value = siuop_json_each(response, &state, &key)) != NULL)
    siuop_stream_keep(s, key, value);
  siuop_stream_complete(s);
}

void siuop_openai_responses_write_streamed(const struct siuop_stream *s, siuo_buf *b)
{
  (void)s; /* what was kept is all of it */
  (void)b;
}
