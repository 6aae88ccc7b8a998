/* wire_gemini.c: generateContent. The model is part of the URL, which is the host's. */
#include "wire.h"

#include "buf.h"

#include <stdio.h>
#include <string.h>

/* ---- the body ---- */

static void add_prompt(siuo_body *body, const struct siuop_question *q)
{
  siuop_buf_add_text(body->text, "{\"text\":");
  siuop_json_add_text(body->text, q->prompt, q->prompt_len);
  siuop_buf_add_text(body->text, "}");
}

static void add_picture(siuo_body *body, const struct siuop_question *q)
{
  siuop_json_add_string(body->text, "{\"inlineData\":{\"mimeType\":", siuo_image_media_type(q->image));
  siuop_buf_add_text(body->text, ",\"data\":\"");
  siuop_body_add_picture(body, q->image);
  siuop_buf_add_text(body->text, "\"}}");
}

static void add_config(siuo_buf *b, const struct siuop_question *q)
{
  siuop_wire_temperature(b, q->target, ",\"temperature\":");
  siuop_wire_max_tokens(b, q->target, ",\"maxOutputTokens\":");
  siuop_wire_seed(b, q->target, ",\"seed\":");
  siuop_wire_n(b, q, ",\"candidateCount\":");
  siuop_wire_schema(b, q, ",\"responseMimeType\":\"application/json\",\"responseSchema\":", SIUOP_SCHEMA_GEMINI, "");
}

void siuop_gemini_write(siuo_body *body, const struct siuop_question *q)
{
  siuo_buf *b = body->text;
  siuop_buf_add_text(b, "{");
  if (q->target->system != NULL) {
    siuop_json_add_string(b, "\"systemInstruction\":{\"parts\":[{\"text\":", q->target->system);
    siuop_buf_add_text(b, "}]},");
  }
  siuop_buf_add_text(b, "\"contents\":[{\"role\":\"user\",\"parts\":[");
  siuop_wire_parts(body, q, add_prompt, add_picture);
  siuop_buf_add_text(b, "]}]");
  siuop_wire_object(b, ",\"generationConfig\":{", q, add_config);
  siuop_buf_add_text(b, "}");
}

/* ---- the reply ---- */

/* A candidate without text has no content, but a reason; one with neither is none. */
static int read_candidate(struct siuop_reply *r, const siuop_json *candidate)
{
  const siuop_json *content = siuop_json_get(candidate, "content");
  const siuop_json *reason = siuop_json_get(candidate, "finishReason");
  int finish = siuop_finish_of(r, reason);
  if (siuop_json_type(content) != SIUOP_JSON_OBJECT && siuop_json_text(reason, NULL) == NULL)
    return SIUO_OK;
  return siuop_reply_add_content(r, siuop_json_get(content, "parts"), finish);
}

int siuop_gemini_read(struct siuop_reply *r, const siuop_json *body)
{
  static const char words[] = "the prompt was blocked for another reason than safety: ";
  const siuop_json *candidates = siuop_json_get(body, "candidates");
  const siuop_json *usage = siuop_json_get(body, "usageMetadata");
  const siuop_json *blocked = siuop_json_get(siuop_json_get(body, "promptFeedback"), "blockReason");
  r->input_tokens = siuop_wire_tokens(usage, "promptTokenCount");
  r->reasoning_tokens = siuop_wire_tokens(usage, "thoughtsTokenCount");
  r->output_tokens = siuop_wire_tokens(usage, "candidatesTokenCount") + r->reasoning_tokens;
  int rc = siuop_reply_served(r, body, "modelVersion", NULL);
  if (rc == SIUO_OK && siuop_json_size(candidates) == 0 && siuop_json_text(blocked, NULL) != NULL) {
    if (siuop_word_is_block(blocked))
      return siuop_reply_block(r);
    char said[200];
    snprintf(said, sizeof said, "%s%.100s", words, siuop_json_text(blocked, NULL));
    siuop_reply_reason(r, SIUOP_REPLY_FINAL, said, strlen(said));
  }
  for (size_t i = 0; rc == SIUO_OK && i < siuop_json_size(candidates); i++)
    rc = read_candidate(r, siuop_json_at(candidates, i));
  return rc;
}

/* ---- streams ---- */

static void take_part(struct siuop_stream *s, size_t i, const siuop_json *part)
{
  int thought = siuop_json_is_true(siuop_json_get(part, "thought"));
  const siuop_json *text = siuop_json_get(part, "text");
  if (siuop_json_text(text, NULL) != NULL)
    siuop_stream_put(s, i, thought ? SIUOP_STREAM_REASONING : SIUOP_STREAM_TEXT, text);
  else if (siuop_json_size(part) > 0)
    siuop_stream_other(s, i);
}

void siuop_gemini_take_piece(struct siuop_stream *s, const siuop_json *piece)
{
  static const char *const keys[] = {"modelVersion", "usageMetadata", "promptFeedback"};
  const siuop_json *candidates = siuop_json_get(piece, "candidates");
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
    siuop_stream_keep(s, keys[i], siuop_json_get(piece, keys[i]));
  if (siuop_json_get(siuop_json_get(piece, "promptFeedback"), "blockReason") != NULL)
    siuop_stream_complete(s);
  for (size_t i = 0; i < siuop_json_size(candidates); i++) {
    const siuop_json *candidate = siuop_json_at(candidates, i);
    const siuop_json *parts = siuop_json_get(siuop_json_get(candidate, "content"), "parts");
    int64_t index = siuop_json_integer(siuop_json_get(candidate, "index"));
    size_t of = index < 0 ? 0 : (size_t)index;
    for (size_t k = 0; k < siuop_json_size(parts); k++)
      take_part(s, of, siuop_json_at(parts, k));
    siuop_stream_put(s, of, SIUOP_STREAM_END, siuop_json_get(candidate, "finishReason"));
  }
}

void siuop_gemini_write_streamed(const struct siuop_stream *s, siuo_buf *b)
{
  siuop_buf_add_text(b, ",\"candidates\":[");
  const char *comma = "";
  for (size_t i = 0; i < siuop_stream_count(s); i++) {
    const struct siuop_streamed *a = siuop_stream_answer(s, i);
    if (a == NULL)
      continue;
    siuop_buf_printf(b, "%s{\"index\":%zu,\"content\":{\"parts\":[{}", comma, i);
    comma = ",";
    if (a->fields[SIUOP_STREAM_REASONING] != NULL)
      siuop_buf_add_text(b, ",{\"text\":\"\",\"thought\":true}");
    if (a->fields[SIUOP_STREAM_TEXT] != NULL) {
      siuop_streamed_add(b, a, SIUOP_STREAM_TEXT, ",{\"text\":");
      siuop_buf_add_text(b, "}");
    }
    siuop_buf_add_text(b, a->has_other ? ",{\"functionCall\":{}}]}" : "]}");
    siuop_streamed_add(b, a, SIUOP_STREAM_END, ",\"finishReason\":");
    siuop_buf_add_text(b, "}");
  }
  siuop_buf_add_text(b, "]");
}
