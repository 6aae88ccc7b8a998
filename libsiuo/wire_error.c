/* wire_error.c: what an error in a reply says: a content filter's decision, whether asking again can help, in which
 * words. Servers and the gateways before them put that in many places: an error may stand in a list, in another one, in
 * the text of another one as JSON, or in no member of its own at all. */
#include "wire.h"

#include "utf8.h"

#include <stdio.h>
#include <string.h>

#define MOST_DEPTH 5     /* errors within errors */
#define MOST_LIST  3     /* of a list, the first so many */
#define MOST_TEXT  65536 /* bytes of a text that may be JSON itself */

/* What was found so far. */
struct fault {
  siuo_ctx *ctx;
  int filtered, spent, status; /* status: 0 for none */
  double seconds;              /* to wait; below 0: not said */
  char reset[32];              /* when a limit begins anew, as the header says that a gateway passes on */
  char words[400];             /* cleaned */
  int rc;                      /* SIUO_ENOMEM */
};

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

/* The member of that name, if it says something. */
static const siuop_json *error_under(const siuop_json *v, const char *key)
{
  const siuop_json *error = siuop_json_get(v, key);
  int is_list = siuop_json_type(error) == SIUOP_JSON_ARRAY;
  return is_nothing(error) || (is_list && is_nothing(siuop_json_at(error, 0))) ? NULL : error;
}

const siuop_json *siuop_wire_error(const siuop_json *body)
{
  const siuop_json *choices = siuop_json_get(body, "choices");
  const siuop_json *error = error_under(body, "error");
  if (error == NULL && siuop_json_type(siuop_json_get(body, "errors")) == SIUOP_JSON_ARRAY)
    error = error_under(body, "errors");
  return error == NULL && siuop_json_size(choices) == 1 ? error_under(siuop_json_at(choices, 0), "error") : error;
}

/* ---- what an object says ---- */

static void fault_add_words(struct fault *f, const char *text, size_t len)
{
  char clean[300];
  size_t at = strlen(f->words);
  if (f->seconds < 0)
    f->seconds = siuop_wait_in_words(text, len);
  siuop_trim(&text, &len);
  siuop_utf8_escape(clean, sizeof clean, text, len);
  if (clean[0] == '\0' || strstr(f->words, clean) != NULL)
    return;
  snprintf(f->words + at, sizeof f->words - at, "%s%s", at == 0 ? "" : ": ", clean);
}

static void add_string(struct fault *f, const siuop_json *v)
{
  size_t len = 0;
  const char *text = siuop_json_text(v, &len);
  if (text != NULL)
    fault_add_words(f, text, len);
}

/* A code, type or status of an error. */
static void take_code(struct fault *f, const siuop_json *v)
{
  f->filtered |= siuop_word_is_block(v);
  f->spent |= siuop_word_is_spent(v);
  if (f->status == 0)
    f->status = siuop_word_status(v);
}

/* A moderation that OpenRouter tells of, and the part of a conversation that Zhipu's filter stopped. */
static int is_moderated(const siuop_json *v)
{
  const siuop_json *moderation = siuop_json_get(v, "metadata");
  return siuop_json_size(siuop_json_get(v, "contentFilter")) > 0 ||
         (siuop_json_size(siuop_json_get(moderation, "reasons")) > 0 &&
          siuop_json_get(moderation, "flagged_input") != NULL);
}

static void take_codes(struct fault *f, const siuop_json *v)
{
  static const char *const keys[] = {"code", "type", "status", "statusCode", "status_code", "error_code"};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
    take_code(f, siuop_json_get(v, keys[i]));
  f->filtered |= is_moderated(v);
}

/* When to ask again: Google's details, and the headers that OpenRouter passes on. */
static void take_wait(struct fault *f, const siuop_json *v)
{
  const siuop_json *details = siuop_json_get(v, "details");
  const siuop_json *headers = siuop_json_get(siuop_json_get(v, "metadata"), "headers");
  const char *reset = siuop_json_text(siuop_json_get(headers, "X-RateLimit-Reset"), NULL);
  if (reset != NULL)
    snprintf(f->reset, sizeof f->reset, "%s", reset);
  for (size_t i = 0; f->seconds < 0 && i < siuop_json_size(details); i++) {
    size_t len = 0;
    const char *delay = siuop_json_text(siuop_json_get(siuop_json_at(details, i), "retryDelay"), &len);
    f->seconds = len == 0 || delay[len - 1] != 's' ? -1 : siuop_wait_of(delay, len);
  }
}

/* ---- where it says it ---- */

static void look_for_fault(struct fault *f, const siuop_json *v, int depth);

/* A text, which may be JSON of another server. */
static void look_into_text(struct fault *f, const siuop_json *v, int depth)
{
  siuop_json *inner = NULL;
  size_t len = 0;
  const char *text = siuop_json_text(v, &len);
  siuop_trim(&text, &len);
  if (len > 1 && len <= MOST_TEXT && (text[0] == '{' || text[0] == '[')) {
    int rc = siuop_json_parse_reply(&inner, f->ctx, "error", 1, text, len);
    f->rc = rc == SIUO_ENOMEM ? rc : f->rc;
  }
  if (inner != NULL)
    look_for_fault(f, inner, depth - 1);
  else
    fault_add_words(f, text, len);
  siuop_json_free(inner);
}

/* The field that a list of FastAPI's is about. */
static void add_place(struct fault *f, const siuop_json *v)
{
  const siuop_json *place = siuop_json_get(v, "loc");
  add_string(f, siuop_json_at(place, siuop_json_size(place) == 0 ? 0 : siuop_json_size(place) - 1));
}

static void look_into_object(struct fault *f, const siuop_json *v, int depth)
{
  static const char *const inner[] = {"message", "msg",       "error_msg", "status_msg", "Message",
                                      "title",   "detail",    "error",     "errors",     "faultstring",
                                      "fault",   "base_resp", "innererror"};
  const siuop_json *metadata = siuop_json_get(v, "metadata");
  take_codes(f, v);
  take_wait(f, v);
  for (size_t i = 0; i < sizeof inner / sizeof inner[0]; i++)
    look_for_fault(f, siuop_json_get(v, inner[i]), depth - 1);
  add_place(f, v);
  add_string(f, siuop_json_get(metadata, "provider_name"));
  look_for_fault(f, siuop_json_get(metadata, "raw"), depth - 1);
  look_for_fault(f, siuop_json_get(v, "provider_specific_fields"), depth - 1); /* LiteLLM */
}

static void look_for_fault(struct fault *f, const siuop_json *v, int depth)
{
  if (depth == 0 || f->rc != SIUO_OK)
    return;
  switch (siuop_json_type(v)) {
  case SIUOP_JSON_STRING:
    look_into_text(f, v, depth);
    break;
  case SIUOP_JSON_ARRAY:
    for (size_t i = 0; i < siuop_json_size(v) && i < MOST_LIST; i++)
      look_for_fault(f, siuop_json_at(v, i), depth - 1);
    break;
  case SIUOP_JSON_OBJECT:
    look_into_object(f, v, depth);
    break;
  default:
    break;
  }
}

/* The error's words, or its code's. */
static void read_fault(struct fault *f, siuo_ctx *ctx, const siuop_json *error)
{
  static const char *const keys[] = {"code", "type", "status"};
  memset(f, 0, sizeof *f);
  f->ctx = ctx;
  f->seconds = -1;
  look_for_fault(f, error, MOST_DEPTH);
  for (size_t i = 0; i < sizeof keys / sizeof keys[0] && f->words[0] == '\0'; i++)
    add_string(f, siuop_json_get(error, keys[i]));
}

int siuop_wire_error_words(siuo_ctx *ctx, const siuop_json *error, char *out, size_t size)
{
  struct fault f;
  read_fault(&f, ctx, error);
  snprintf(out, size, "%s", f.words);
  return f.rc;
}

/* ---- what becomes of it ---- */

int siuop_reply_block(struct siuop_reply *r)
{
  r->kind = SIUOP_REPLY_ANSWERS;
  r->for_all = 1;
  r->error_status = 0;
  return siuop_reply_add(r, NULL, 0, SIUOP_FINISH_BLOCKED);
}

void siuop_reply_reason(struct siuop_reply *r, int kind, const char *text, size_t len)
{
  r->kind = kind;
  siuop_utf8_escape(r->reason, sizeof r->reason - 100, text, len); /* a request's id fits, too */
}

/* Of an error under a status of answers. */
static int kind_of_status(int status)
{
  return status != 0 && siuop_http_kind(status) == SIUOP_REPLY_RETRY ? SIUOP_REPLY_RETRY : SIUOP_REPLY_FINAL;
}

int siuop_finish_of_error(struct siuop_reply *r, const siuop_json *error)
{
  struct fault f;
  read_fault(&f, r->arena->ctx, error);
  if (f.filtered)
    return SIUOP_FINISH_BLOCKED;
  if (r->reason[0] == '\0')
    snprintf(r->reason, sizeof r->reason - 100, "%s", f.words);
  return kind_of_status(f.status) == SIUOP_REPLY_RETRY ? SIUOP_FINISH_PASSING : SIUOP_FINISH_OTHER;
}

/* Waiting until a limit begins anew, or as long as the words ask, where headers don't ask for more than nothing. */
static void wait_for(struct siuop_reply *r, const struct fault *f, const struct siuop_message *m)
{
  double seconds = f->seconds;
  if (seconds < 0 && f->reset[0] != '\0')
    seconds = siuop_wait_until(f->reset, m->headers, m->headers_len);
  if (r->retry_after <= 0 && seconds >= 0)
    r->retry_after = seconds;
}

int siuop_reply_error(struct siuop_reply *r, const struct siuop_message *m, const char *what, const siuop_json *body,
                      const siuop_json *error)
{
  struct fault f;
  int kind = r->kind;
  read_fault(&f, r->arena->ctx, error == NULL ? body : error);
  if (error != NULL)
    take_codes(&f, body); /* xAI's code stands beside the error */
  if (f.rc != SIUO_OK || (error == NULL && !f.filtered && f.status == 0 && f.words[0] == '\0'))
    return f.rc; /* it speaks of no error */
  if (f.filtered)
    return siuop_reply_block(r);
  if (kind == SIUOP_REPLY_ANSWERS) {
    kind = error == NULL && f.status == 0 ? SIUOP_REPLY_RETRY : kind_of_status(f.status);
    r->error_status = f.status != 0 ? f.status : kind == SIUOP_REPLY_FINAL ? 400 : 0;
  }
  /* OpenAI says that nothing is left to spend as it says that requests come too fast: no waiting mends the first */
  if (kind == SIUOP_REPLY_RETRY && r->retry_after <= 0 && f.spent)
    kind = SIUOP_REPLY_FINAL;
  wait_for(r, &f, m);
  r->kind = kind;
  if (f.words[0] != '\0')
    snprintf(r->reason, sizeof r->reason - 100, "%s%s%s", error == NULL ? what : "", error == NULL ? ": " : "",
             f.words);
  return SIUO_OK;
}
