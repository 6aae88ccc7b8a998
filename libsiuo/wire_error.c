/* wire_error.c: what an error in a reply says: a content filter's decision, whether asking again can help, in which
 * words. */
#include "wire.h"

#include "utf8.h"

#include <stdio.h>
#include <string.h>

#define ID_SIZE 80 /* bytes of a request's id as it is shown, with its NUL */

/* Servers that always have the member put nothing, in one form or another, where there is no error. */
static int is_nothing(const siuop_json *v)
{
  size_t len = 0;
  switch (siuop_json_type(v)) {
  case SIUOP_JSON_STRING:
    siuop_json_text(v, &len);
    return len == 0;
  case SIUOP_JSON_BOOLEAN:
    return !siuop_json_is_true(v);
  case SIUOP_JSON_OBJECT:
  case SIUOP_JSON_ARRAY:
    return siuop_json_size(v) == 0;
  default:
    return !siuop_json_is_there(v) || siuop_json_number(v) == 0;
  }
}

const siuop_json *siuop_wire_error(const siuop_json *body)
{
  const siuop_json *error = siuop_json_get(body, "error");
  if (siuop_json_type(error) == SIUOP_JSON_ARRAY)
    error = siuop_json_at(error, 0);
  return is_nothing(error) ? NULL : error;
}

/* ---- content filters ---- */

int siuop_reply_block(struct siuop_reply *r)
{
  r->kind = SIUOP_REPLY_ANSWERS;
  r->for_all = 1;
  return siuop_reply_add(r, NULL, 0, SIUOP_FINISH_BLOCKED);
}

int siuop_wire_is_filtered(const siuop_json *error)
{
  static const char *const codes[] = {"content_filter", "content_policy_violation", "image_content_policy_violation"};
  static const char azure[] = "ResponsibleAIPolicyViolation";
  const siuop_json *passed_on = siuop_json_get(error, "provider_specific_fields"); /* by LiteLLM */
  const siuop_json *moderation = siuop_json_get(error, "metadata");                /* OpenRouter's */
  if (siuop_json_size(siuop_json_get(moderation, "reasons")) > 0 && siuop_json_get(moderation, "flagged_input") != NULL)
    return 1;
  return SIUOP_JSON_IS_ONE_OF(siuop_json_get(error, "code"), codes) ||
         siuop_json_is(siuop_json_get(siuop_json_get(error, "innererror"), "code"), azure) ||
         siuop_json_is(siuop_json_get(siuop_json_get(passed_on, "innererror"), "code"), azure);
}

/* ---- whether asking again can help ---- */

/* The HTTP status that an error names as its code, a number or its digits; 0: none. */
static int status_in(const siuop_json *code)
{
  const char *digits = siuop_json_text(code, NULL);
  double n = digits == NULL ? (double)siuop_json_integer(code) : siuop_http_seconds(digits, "");
  return n >= 100 && n < 600 ? (int)n : 0;
}

/* What an error in a reply whose own status is that of an answer says. */
static int kind_of(const siuop_json *error)
{
  static const char *const passing[] = {"rate_limit_exceeded", "server_error", "overloaded_error",
                                        "rate_limit_error",    "api_error",    "timeout_error"};
  const siuop_json *code = siuop_json_get(error, "code");
  if (status_in(code) != 0)
    return siuop_http_kind(status_in(code)) == SIUOP_REPLY_RETRY ? SIUOP_REPLY_RETRY : SIUOP_REPLY_FINAL;
  return SIUOP_JSON_IS_ONE_OF(code, passing) || SIUOP_JSON_IS_ONE_OF(siuop_json_get(error, "type"), passing)
             ? SIUOP_REPLY_RETRY
             : SIUOP_REPLY_FINAL;
}

/* OpenAI says that nothing is left to spend as it says that requests come too fast: no waiting mends the first. */
static int is_spent(const siuop_json *error)
{
  return siuop_json_is(siuop_json_get(error, "code"), "insufficient_quota") ||
         siuop_json_is(siuop_json_get(error, "type"), "insufficient_quota");
}

/* ---- words ---- */

void siuop_reply_error(struct siuop_reply *r, const siuop_json *error)
{
  static const char *const keys[] = {"message", "code", "type"};
  size_t len = 0;
  const char *text = siuop_json_text(error, &len);
  int kind = r->kind == SIUOP_REPLY_ANSWERS ? kind_of(error) : r->kind;
  if (kind == SIUOP_REPLY_RETRY && r->retry_after < 0 && is_spent(error))
    kind = SIUOP_REPLY_FINAL;
  for (size_t i = 0; i < sizeof keys / sizeof keys[0] && len == 0; i++)
    text = siuop_json_text(siuop_json_get(error, keys[i]), &len);
  siuop_reply_reason(r, kind, text == NULL ? "" : text, len);
}

void siuop_reply_reason(struct siuop_reply *r, int kind, const char *text, size_t len)
{
  r->kind = kind;
  siuop_utf8_escape(r->reason, sizeof r->reason - ID_SIZE - sizeof " (request )", text, len); /* its id fits, too */
}

/* Servers that have no error object, such as those made with FastAPI, say it under "message" or "detail", which may be
 * a list. */
static void reason_of_status(struct siuop_reply *r, int status, const siuop_json *body)
{
  static const char *const keys[] = {"message", "detail"};
  char words[256] = "";
  for (size_t i = 0; i < 2 && words[0] == '\0'; i++) {
    size_t len = 0;
    const siuop_json *said = siuop_json_get(body, keys[i]);
    if (siuop_json_type(said) == SIUOP_JSON_ARRAY)
      said = siuop_json_get(siuop_json_at(said, 0), "msg");
    const char *text = siuop_json_text(said, &len);
    if (text != NULL)
      siuop_utf8_escape(words, sizeof words, text, len);
  }
  snprintf(r->reason, sizeof r->reason, "HTTP status %d%s%s", status, words[0] == '\0' ? "" : ": ", words);
}

/* Adds the server's id of the request: what its makers ask for. */
static void add_request_id(struct siuop_reply *r, const char *headers, size_t headers_len, const siuop_json *body)
{
  char id[ID_SIZE], escaped[ID_SIZE];
  size_t len = 0;
  const char *text = siuop_json_text(siuop_json_get(body, "request_id"), &len);
  if (siuop_http_request_id(headers, headers_len, id, sizeof id)) {
    text = id;
    len = strlen(id);
  }
  if (text == NULL || len == 0)
    return;
  siuop_utf8_escape(escaped, sizeof escaped, text, len);
  size_t at = strlen(r->reason);
  snprintf(r->reason + at, sizeof r->reason - at, " (request %s)", escaped);
}

void siuop_reply_finish_reason(struct siuop_reply *r, int status, const char *headers, size_t headers_len,
                               const siuop_json *body)
{
  if (r->reason[0] == '\0')
    reason_of_status(r, status, body);
  add_request_id(r, headers, headers_len, body);
}
