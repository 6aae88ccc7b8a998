/* wire_gemini.c: generateContent. The model is part of the URL, which is the host's. */
#include "wire.h"

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

/* Whether a finish or block reason is a decision on safety. JAILBREAK and MODEL_ARMOR block prompts only. */
static int is_safety(const siuop_json *reason)
{
  static const char *const reasons[] = {"SAFETY",    "BLOCKLIST",    "PROHIBITED_CONTENT",
                                        "SPII",      "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT",
                                        "JAILBREAK", "MODEL_ARMOR"};
  return SIUOP_JSON_IS_ONE_OF(reason, reasons);
}

static int finish_of(const siuop_json *reason)
{
  if (is_safety(reason))
    return SIUOP_FINISH_BLOCKED;
  if (siuop_json_is(reason, "MAX_TOKENS"))
    return SIUOP_FINISH_LENGTH;
  if (siuop_json_text(reason, NULL) != NULL && !siuop_json_is(reason, "STOP"))
    return SIUOP_FINISH_OTHER;
  return SIUOP_FINISH_STOP;
}

/* A candidate without text has no content, but a reason; one with neither is none. */
static int read_candidate(struct siuop_reply *r, const siuop_json *candidate)
{
  const siuop_json *content = siuop_json_get(candidate, "content");
  const siuop_json *reason = siuop_json_get(candidate, "finishReason");
  if (siuop_json_type(content) != SIUOP_JSON_OBJECT && siuop_json_text(reason, NULL) == NULL)
    return SIUO_OK;
  return siuop_reply_add_content(r, siuop_json_get(content, "parts"), finish_of(reason));
}

static int read_answers(struct siuop_reply *r, const siuop_json *body)
{
  const siuop_json *candidates = siuop_json_get(body, "candidates");
  const siuop_json *usage = siuop_json_get(body, "usageMetadata");
  const siuop_json *blocked = siuop_json_get(siuop_json_get(body, "promptFeedback"), "blockReason");
  r->input_tokens = siuop_wire_tokens(usage, "promptTokenCount");
  r->reasoning_tokens = siuop_wire_tokens(usage, "thoughtsTokenCount");
  r->output_tokens = siuop_wire_tokens(usage, "candidatesTokenCount") + r->reasoning_tokens;
  int rc = siuop_reply_served(r, siuop_json_get(body, "modelVersion"), NULL);
  if (rc == SIUO_OK && siuop_json_size(candidates) == 0 && siuop_json_text(blocked, NULL) != NULL) {
    if (is_safety(blocked))
      return siuop_reply_block(r);
    static const char words[] = "the prompt was blocked for another reason than safety";
    siuop_reply_reason(r, SIUOP_REPLY_FINAL, words, sizeof words - 1);
  }
  for (size_t i = 0; rc == SIUO_OK && i < siuop_json_size(candidates); i++)
    rc = read_candidate(r, siuop_json_at(candidates, i));
  return rc;
}

/* The delay that an error's details ask for, such as "31s" or "0.5s"; below 0: none. */
static double retry_delay(const siuop_json *error)
{
  const siuop_json *details = siuop_json_get(error, "details");
  for (size_t i = 0; i < siuop_json_size(details); i++) {
    const char *delay = siuop_json_text(siuop_json_get(siuop_json_at(details, i), "retryDelay"), NULL);
    double seconds = delay == NULL ? -1 : siuop_http_seconds(delay, "s");
    if (seconds >= 0)
      return seconds;
  }
  return -1;
}

int siuop_gemini_read(struct siuop_reply *r, const siuop_json *body)
{
  const siuop_json *error = siuop_wire_error(body);
  if (error == NULL)
    return r->kind == SIUOP_REPLY_ANSWERS ? read_answers(r, body) : SIUO_OK;
  if (r->retry_after < 0)
    r->retry_after = retry_delay(error);
  siuop_reply_error(r, error);
  return SIUO_OK;
}
