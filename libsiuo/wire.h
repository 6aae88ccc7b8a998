/* wire.h: one table row an API: how a body is written and a reply is read. A new API is one file and one row. */
#ifndef SIUOP_WIRE_H
#define SIUOP_WIRE_H

#include "body.h"
#include "json.h"
#include "protocol.h"
#include "score.h"

/* ---- asking ---- */

/* One question, as it goes into a body. */
struct siuop_question {
  const siuo_target *target;
  const struct siuop_ask *ask;       /* picture's place and detail */
  int kind;                          /* SIUO_JOB_* */
  const struct siuop_manner *manner; /* a protocol's own markers and labels; NULL: the standard ones */
  const char *prompt;
  size_t prompt_len;
  uint32_t count;    /* answers wanted */
  siuo_image *image; /* NULL: no picture; consumed by siuop_body_add_picture() */
};

/* ---- answers ---- */

/* How an answer ended. */
#define SIUOP_FINISH_STOP     0 /* also: not known */
#define SIUOP_FINISH_LENGTH   1
#define SIUOP_FINISH_BLOCKED  2 /* a content filter's structured word */
#define SIUOP_FINISH_REFUSED  3 /* the API's own refusal field or stop reason */
#define SIUOP_FINISH_OTHER    4 /* without an answer, and no decision on safety: a text is only a part of one */
#define SIUOP_FINISH_REASONED 5 /* stop, and there is reasoning apart from the text: without text it is cut off */
#define SIUOP_FINISH_UNKNOWN  6 /* a word of the server's own: a text is an answer, none is a failure */

struct siuop_answer {
  const char *text; /* UTF-8 without NUL; NULL: none. Lives as long as the arena of the reply */
  size_t len;
  int outcome; /* SIUO_RESPONSE_* */
  int cut_off; /* it ended when the tokens were used up, with a text or without */
};

#define SIUOP_REPLY_ANSWERS 0
#define SIUOP_REPLY_RETRY   1 /* send again */
#define SIUOP_REPLY_FINAL   2 /* sending again can't help */

#define SIUOP_MOST_ANSWERS 512

struct siuop_reply {
  struct siuop_arena *arena;
  int kind;    /* SIUOP_REPLY_* */
  int for_all; /* the one answer is that to every sample that was asked for: the request itself was blocked */
  size_t count;
  struct siuop_answer answers[SIUOP_MOST_ANSWERS];
  char reason[512];   /* of a retry or an end: what the server said, cleaned and cut */
  double retry_after; /* seconds; below 0: not said */
  uint64_t input_tokens, output_tokens, reasoning_tokens;
  const char *model;       /* that served; NULL: not said */
  const char *fingerprint; /* of what served it (OpenAI's system_fingerprint); NULL: not said */
};

/* Adds an answer of this text (NULL: none) and end; decides its outcome: docs/session.md. SIUO_ENOMEM. Answers beyond
 * SIUOP_MOST_ANSWERS are dropped. */
int siuop_reply_add(struct siuop_reply *r, const char *text, size_t len, int finish);

/* Adds what a message holds as one answer: a text, or a list of parts, whose texts come joined and without reasoning.
 * Null, nothing and an empty list are an answer without text; where there is only something else (a call of a tool, a
 * picture, a number), it failed. SIUO_ENOMEM. */
int siuop_reply_add_content(struct siuop_reply *r, const siuop_json *content, int finish);

/* Whether an end is an answer where what it would be the end of is missing: stop is not, lest any JSON be a blank one.
 */
int siuop_finish_is_answer(int finish);

/* Keeps the name of the model that served, and the fingerprint of what served it (NULL: the API has none); each is a
 * string or not there. SIUO_ENOMEM. */
int siuop_reply_served(struct siuop_reply *r, const siuop_json *model, const siuop_json *fingerprint);

/* A count of tokens; 0 where there is none. */
uint64_t siuop_wire_tokens(const siuop_json *usage, const char *key);

/* ---- errors (wire_error.c) ---- */

/* The error in a body, or in a part of one: under "error", the first of several; NULL: there is none. */
const siuop_json *siuop_wire_error(const siuop_json *body);

/* Whether a content filter's structured word, as OpenAI, Azure and gateways give it, is the error; wording alone never
 * counts. */
int siuop_wire_is_filtered(const siuop_json *error);

/* The request itself was blocked: that is the answer to every sample. SIUO_ENOMEM. */
int siuop_reply_block(struct siuop_reply *r);

/* Takes an error, a string or an object with "message". It is never an answer: a reply of that kind is asked again if
 * the error's code or type is that of a passing trouble, else it becomes a final one. */
void siuop_reply_error(struct siuop_reply *r, const siuop_json *error);

/* Sets what the server said. */
void siuop_reply_reason(struct siuop_reply *r, int kind, const char *text, size_t len);

/* Gives a reason to a reply that is no answer, if it has none, and the server's id of the request. */
void siuop_reply_finish_reason(struct siuop_reply *r, int status, const char *headers, size_t headers_len,
                               const siuop_json *body);

/* ---- the table ---- */

/* What of a picture a request says. */
#define SIUOP_WIRE_PLACE  1 /* before or after the text */
#define SIUOP_WIRE_DETAIL 2

struct siuop_wire {
  const char *name;
  int says;               /* SIUOP_WIRE_* */
  uint64_t lacks;         /* SIUO_OMIT_* of what its requests never hold */
  uint64_t ignores;       /* flags of siuo_target.omit that change nothing in its requests */
  uint64_t picture_limit; /* characters of a picture in base64; 0: no limit is known */
  uint32_t picture_side;  /* pixels; 0: no limit is known */
  void (*write)(siuo_body *body, const struct siuop_question *q); /* failures stick to body->text */

  /* Reads a body with HTTP status 200 to 299 (answers), or another (an error that may be an answer). r->kind is set
   * before to what the status alone says. SIUO_OK also for a body that can't be understood; SIUO_ENOMEM. */
  int (*read)(struct siuop_reply *r, const siuop_json *body);

  /* Whether the target fits this API: SIUO_OK, or an error with its message. NULL: any does. */
  int (*check)(siuo_ctx *ctx, const siuo_target *t);
};

/* NULL: not in this version, or SIUO_API_TEXT. */
const struct siuop_wire *siuop_wire(int api);

/* Makes the target's omit say what its API's requests leave out: no body becomes another by that. */
void siuop_wire_settle(siuo_target *t);

/* Writes the question's text and picture as two members of a list, in the protocol's order, with a comma between. */
void siuop_wire_parts(siuo_body *body, const struct siuop_question *q,
                      void (*text)(siuo_body *body, const struct siuop_question *q),
                      void (*picture)(siuo_body *body, const struct siuop_question *q));

/* Writes `before` and the number, unless the target omits such a field. */
void siuop_wire_temperature(siuo_buf *b, const siuo_target *t, const char *before);
void siuop_wire_max_tokens(siuo_buf *b, const siuo_target *t, const char *before);
void siuop_wire_seed(siuo_buf *b, const siuo_target *t, const char *before);
void siuop_wire_n(siuo_buf *b, const struct siuop_question *q, const char *before);

/* Writes an object of members that each begin with a comma: `before` ends with the brace, and the first comma goes. No
 * members, no object. */
void siuop_wire_object(siuo_buf *b, const char *before, const struct siuop_question *q,
                       void (*members)(siuo_buf *b, const struct siuop_question *q));

/* Whether the reply to the question is held to a schema; writes `before`, the schema, `after` if it is. */
#define SIUOP_SCHEMA_JSON   0 /* as json-schema.org has it */
#define SIUOP_SCHEMA_GEMINI 1 /* as an OpenAPI Schema object */
int siuop_wire_has_schema(const struct siuop_question *q);
void siuop_wire_schema(siuo_buf *b, const struct siuop_question *q, const char *before, int form, const char *after);

/* Makes the body of a question. A picture that the API is known to refuse is SIUO_ELIMIT; the message names it. */
int siuop_wire_body(siuo_body **out, siuo_ctx *ctx, const struct siuop_question *q);

/* Reads a whole HTTP reply. r is filled; its texts are in the arena. SIUO_OK, SIUO_ENOMEM, SIUO_ELIMIT. */
int siuop_wire_read(struct siuop_reply *r, siuo_ctx *ctx, struct siuop_arena *arena, int api, int status,
                    const char *headers, size_t headers_len, const void *body, size_t len);

/* Answers from a plain text, of a host that has no API: one answer. */
int siuop_wire_read_text(struct siuop_reply *r, siuo_ctx *ctx, struct siuop_arena *arena, const char *text, size_t len);

/* ---- HTTP (wire_http.c) ---- */

/* What the status alone says: SIUOP_REPLY_*. */
int siuop_http_kind(int status);

/* A number of seconds such as "1.5", with a suffix ("" for none), whatever the locale; -1 for anything else. */
double siuop_http_seconds(const char *text, const char *suffix);

/* Whether the server says, in x-should-retry, that asking again helps: 1, 0; -1: it doesn't say. */
int siuop_http_should_retry(const char *headers, size_t len);

/* Retry-After or retry-after-ms give *seconds, left alone where there are none. A date is understood beside the reply's
 * own Date. */
void siuop_http_retry_after(const char *headers, size_t len, double *seconds);

/* The server's id of the request, in its headers: 1 and it is in id, else 0. */
int siuop_http_request_id(const char *headers, size_t len, char *id, size_t size);

/* ---- APIs (wire_NAME.c) ---- */

void siuop_openai_write(siuo_body *body, const struct siuop_question *q);
int siuop_openai_read(struct siuop_reply *r, const siuop_json *body);
void siuop_openai_responses_write(siuo_body *body, const struct siuop_question *q);
int siuop_openai_responses_read(struct siuop_reply *r, const siuop_json *body);
int siuop_openai_responses_check(siuo_ctx *ctx, const siuo_target *t);
void siuop_anthropic_write(siuo_body *body, const struct siuop_question *q);
int siuop_anthropic_read(struct siuop_reply *r, const siuop_json *body);
void siuop_gemini_write(siuo_body *body, const struct siuop_question *q);
int siuop_gemini_read(struct siuop_reply *r, const siuop_json *body);
void siuop_ollama_write(siuo_body *body, const struct siuop_question *q);
int siuop_ollama_read(struct siuop_reply *r, const siuop_json *body);
void siuop_llamacpp_write(siuo_body *body, const struct siuop_question *q);
int siuop_llamacpp_read(struct siuop_reply *r, const siuop_json *body);
int siuop_llamacpp_check(siuo_ctx *ctx, const siuo_target *t);

#endif
