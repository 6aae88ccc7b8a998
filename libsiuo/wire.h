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
  int stream;        /* the reply is wanted as one */
};

/* ---- answers ---- */

/* How an answer ended. */
#define SIUOP_FINISH_STOP     0 /* also: not known */
#define SIUOP_FINISH_LENGTH   1
#define SIUOP_FINISH_BLOCKED  2 /* a content filter's structured word */
#define SIUOP_FINISH_REFUSED  3 /* the API's own refusal field or stop reason */
#define SIUOP_FINISH_OTHER    4 /* without an answer, and no decision on safety: a text is only a part of one */
#define SIUOP_FINISH_REASONED 5 /* stop, and there is reasoning apart from the text: without text it is cut off */
#define SIUOP_FINISH_PASSING  6 /* the server's trouble, which may pass: a text is only a part of an answer */

struct siuop_answer {
  const char *text; /* UTF-8 without NUL; NULL: none. Lives as long as the arena of the reply */
  size_t len;
  int outcome;  /* SIUO_RESPONSE_* */
  int cut_off;  /* it ended when the tokens were used up, with a text or without */
  int passing;  /* it failed, and may not when asked again */
  int reasoned; /* truncated, though the model had finished: all its words came as reasoning */
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
  char reason[512];   /* of a retry, an end or an answer that failed: what the server said, cleaned and cut */
  double retry_after; /* seconds; below 0: not said */
  int error_status;   /* what an error comes to as a status of HTTP, also one under another status; 0: none */
  uint64_t cap;       /* tokens that were asked for at the most; 0: not known */
  uint64_t input_tokens, output_tokens, reasoning_tokens;
  const char *model;       /* that served; NULL: not said */
  const char *fingerprint; /* of what served it (OpenAI's system_fingerprint); NULL: not said */
  const char *provider;    /* behind a gateway (OpenRouter's provider); NULL: not said */
  const siuop_json *word;  /* how the answer that is added next ended, as the server says; NULL: not said */
};

/* Adds an answer of this text (NULL: none) and end; decides its outcome: docs/session.md. SIUO_ENOMEM. Answers beyond
 * SIUOP_MOST_ANSWERS are dropped. */
int siuop_reply_add(struct siuop_reply *r, const char *text, size_t len, int finish);

/* Adds what a message holds as one answer: a text, or a list of parts, whose texts come joined and without reasoning.
 * Null, nothing and an empty list are an answer without text; where there is only something else (a call of a tool, a
 * picture, a number), it failed. SIUO_ENOMEM. */
int siuop_reply_add_content(struct siuop_reply *r, const siuop_json *content, int finish);

/* Whether an end says something where what it would be the end of is missing: stop does not, lest any JSON be a blank
 * answer. */
int siuop_finish_is_word(int finish);

/* Keeps who served, as the body says under these keys: the model; the fingerprint of what served it (NULL: the API has
 * none); and the provider behind a gateway. Each is a string or not there. SIUO_ENOMEM. */
int siuop_reply_served(struct siuop_reply *r, const siuop_json *body, const char *model, const char *fingerprint);

/* A count of tokens; 0 where there is none. */
uint64_t siuop_wire_tokens(const siuop_json *usage, const char *key);

/* ---- words (wire_words.c) ---- */

/* What the word for an end means, in any API's language: SIUOP_FINISH_STOP (also for none), _OTHER for one that is not
 * known. The reply keeps the word for the answer that is added next. */
int siuop_finish_of(struct siuop_reply *r, const siuop_json *word);

/* The same where the server may not say that the tokens were used up: as many as were asked for say it. Only where the
 * reply's tokens are those of one answer. */
int siuop_finish_by_tokens(const struct siuop_reply *r, int finish);

/* Whether nothing is said of an end. */
int siuop_word_is_none(const siuop_json *word);

/* Whether a word is a content filter's. */
int siuop_word_is_block(const siuop_json *word);

/* Whether an error's code or type says that nothing is left to spend. */
int siuop_word_is_spent(const siuop_json *word);

/* The status of HTTP that an error's code or type names, as a number, its digits or a name; 0: none. */
int siuop_word_status(const siuop_json *word);

/* ---- errors (wire_error.c) ---- */

/* The error in a body, or in a part of one: under "error" or "errors", or of its only choice (OpenRouter); NULL: there
 * is none. */
const siuop_json *siuop_wire_error(const siuop_json *body);

/* The request itself was blocked: that is the answer to every sample. SIUO_ENOMEM. */
int siuop_reply_block(struct siuop_reply *r);

/* A whole reply of HTTP. */
struct siuop_message {
  int status;
  const char *headers; /* NULL: none */
  size_t headers_len;
  const char *body;
  size_t len;
};

/* Takes the error in a body, or (error NULL) a body that may be one itself; `what` stands before the words of such a
 * one. A content filter's decision, by its codes and types alone, is an answer. What comes under a status of answers is
 * asked again if its code or type is that of a passing trouble, else it is final. A body that speaks of no error is
 * left alone. SIUO_ENOMEM. */
int siuop_reply_error(struct siuop_reply *r, const struct siuop_message *m, const char *what, const siuop_json *body,
                      const siuop_json *error);

/* The words of an error alone, cleaned; "": it has none. SIUO_OK, SIUO_ENOMEM. */
int siuop_wire_error_words(siuo_ctx *ctx, const siuop_json *error, char *out, size_t size);

/* How a part of a reply ends that holds an error: SIUOP_FINISH_*; the reply's reason has its words, if it had none. */
int siuop_finish_of_error(struct siuop_reply *r, const siuop_json *error);

/* Sets what the server said. */
void siuop_reply_reason(struct siuop_reply *r, int kind, const char *text, size_t len);

/* ---- what is no reply of an API (wire_text.c) ---- */

/* Says what came, after `what`: its type, and its title or first words. */
void siuop_reply_describe(struct siuop_reply *r, int kind, const char *what, const struct siuop_message *m);

/* Adds the server's id of the request: what its makers ask for. */
void siuop_reply_add_id(struct siuop_reply *r, const struct siuop_message *m, const siuop_json *body);

/* ---- streams (wire_stream.c) ---- */

/* Whether a reply comes as a stream: by its type, or since its body begins as one. */
int siuop_stream_is(int api, const struct siuop_message *m);

/* A stream that is read piece by piece, into the body that the API gives without streaming. */
struct siuop_stream;
int siuop_stream_new(struct siuop_stream **out, siuo_ctx *ctx, int api);
void siuop_stream_free(struct siuop_stream *s);
int siuop_stream_add(struct siuop_stream *s, const char *bytes, size_t len); /* SIUO_ENOMEM, SIUO_ELIMIT */

/* Appends the body. A stream that was cut off gives an error of a kind that may pass. SIUO_ENOMEM. */
int siuop_stream_finish(struct siuop_stream *s, siuo_buf *body);

/* All of that at once. */
int siuop_stream_read(siuo_buf *body, siuo_ctx *ctx, int api, const char *bytes, size_t len);

/* What the pieces of an answer are joined to. */
#define SIUOP_STREAM_TEXT      0
#define SIUOP_STREAM_REASONING 1
#define SIUOP_STREAM_REFUSAL   2
#define SIUOP_STREAM_END       3 /* the word for its end */
#define SIUOP_STREAM_FIELDS    4

/* An answer of a stream, as far as it came. */
struct siuop_streamed {
  siuo_buf *fields[SIUOP_STREAM_FIELDS]; /* NULL: nothing came */
  int seen;                              /* something of it came */
  int has_other;                         /* something else than text came, too */
};

/* What the APIs' own readers of pieces do. Each failure sticks to the stream. */
void siuop_stream_put(struct siuop_stream *s, size_t answer, int field, const siuop_json *text);
void siuop_stream_begin(struct siuop_stream *s, size_t answer);
void siuop_stream_other(struct siuop_stream *s, size_t answer);
void siuop_stream_keep(struct siuop_stream *s, const char *key, const siuop_json *value); /* of the body; no null */
void siuop_stream_merge(struct siuop_stream *s, const char *key, const siuop_json *members);
void siuop_stream_complete(struct siuop_stream *s);

/* What they write a body with. Of an answer nothing may have come, and then it is none: NULL. */
size_t siuop_stream_count(const struct siuop_stream *s);
const struct siuop_streamed *siuop_stream_answer(const struct siuop_stream *s, size_t i);
void siuop_streamed_add(siuo_buf *b, const struct siuop_streamed *a, int field, const char *before);

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

  /* Reads a body with HTTP status 200 to 299 that holds no error. SIUO_OK also for one that can't be understood;
   * SIUO_ENOMEM. */
  int (*read)(struct siuop_reply *r, const siuop_json *body);

  /* Takes a piece of a stream; writes what the body has of its answers, as members that each begin with a comma. */
  void (*take_piece)(struct siuop_stream *s, const siuop_json *piece);
  void (*write_streamed)(const struct siuop_stream *s, siuo_buf *b);

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

/* Writes the text if a stream is wanted. */
void siuop_wire_stream(siuo_buf *b, const struct siuop_question *q, const char *text);

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

/* Reads a whole HTTP reply, also one that comes as a stream. cap: tokens that were asked for at the most; 0: not known.
 * r is filled; its texts are in the arena. SIUO_OK, SIUO_ENOMEM, SIUO_ELIMIT. */
int siuop_wire_read(struct siuop_reply *r, siuo_ctx *ctx, struct siuop_arena *arena, int api, uint64_t cap,
                    const struct siuop_message *m);

/* Answers from a plain text, of a host that has no API: one answer. */
int siuop_wire_read_text(struct siuop_reply *r, siuo_ctx *ctx, struct siuop_arena *arena, const char *text, size_t len);

/* ---- HTTP (wire_http.c) ---- */

/* What the status alone says: SIUOP_REPLY_*. */
int siuop_http_kind(int status);

/* A number of digits, perhaps with a point, whatever the locale; -1 for anything else. */
double siuop_http_number(const char *text);

/* The value of the last header of that name (in lower case): 1, or 0 if there is none or it is too long. */
int siuop_http_header(const char *headers, size_t len, const char *name, char *value, size_t size);

/* Whether the server says, in x-should-retry, that asking again helps: 1, 0; -1: it doesn't say. */
int siuop_http_should_retry(const char *headers, size_t len);

/* ---- waiting (wire_wait.c) ---- */

#define SIUOP_WAIT_MOST 604800.0 /* seconds: what is said beyond a week is cut to it */

/* Seconds of a duration such as 31s, 1m30s, 23h59m0s, 250 ms, 2 minutes, or a bare number of them; -1: none. All of the
 * text, or, for a place in a sentence, as far as it goes. */
double siuop_wait_of(const char *text, size_t len);

/* Seconds that a sentence asks to wait ("try again in 1m30s"); -1: it doesn't. */
double siuop_wait_in_words(const char *text, size_t len);

/* What Retry-After and its kin say; a date is understood beside the reply's own Date. -1: nothing. */
double siuop_wait_in_headers(const char *headers, size_t len);

/* When the limit that is used up begins anew, by x-ratelimit-reset-* and its kin; -1: not said. */
double siuop_wait_of_limits(const char *headers, size_t len);

/* Of a time as servers write it in such a header (a duration, seconds, seconds or milliseconds since 1970, a date). */
double siuop_wait_until(const char *value, const char *headers, size_t len);

/* The server's id of the request, in its headers: 1 and it is in id, else 0. */
int siuop_http_request_id(const char *headers, size_t len, char *id, size_t size);

/* ---- APIs (wire_NAME.c) ---- */

void siuop_openai_write(siuo_body *body, const struct siuop_question *q);
int siuop_openai_read(struct siuop_reply *r, const siuop_json *body);
void siuop_openai_take_piece(struct siuop_stream *s, const siuop_json *piece);
void siuop_openai_write_streamed(const struct siuop_stream *s, siuo_buf *b);
void siuop_openai_responses_write(siuo_body *body, const struct siuop_question *q);
int siuop_openai_responses_read(struct siuop_reply *r, const siuop_json *body);
void siuop_openai_responses_take_piece(struct siuop_stream *s, const siuop_json *piece);
void siuop_openai_responses_write_streamed(const struct siuop_stream *s, siuo_buf *b);
int siuop_openai_responses_check(siuo_ctx *ctx, const siuo_target *t);
void siuop_anthropic_write(siuo_body *body, const struct siuop_question *q);
int siuop_anthropic_read(struct siuop_reply *r, const siuop_json *body);
void siuop_anthropic_take_piece(struct siuop_stream *s, const siuop_json *piece);
void siuop_anthropic_write_streamed(const struct siuop_stream *s, siuo_buf *b);
void siuop_gemini_write(siuo_body *body, const struct siuop_question *q);
int siuop_gemini_read(struct siuop_reply *r, const siuop_json *body);
void siuop_gemini_take_piece(struct siuop_stream *s, const siuop_json *piece);
void siuop_gemini_write_streamed(const struct siuop_stream *s, siuo_buf *b);
void siuop_ollama_write(siuo_body *body, const struct siuop_question *q);
int siuop_ollama_read(struct siuop_reply *r, const siuop_json *body);
void siuop_ollama_take_piece(struct siuop_stream *s, const siuop_json *piece);
void siuop_ollama_write_streamed(const struct siuop_stream *s, siuo_buf *b);
void siuop_llamacpp_write(siuo_body *body, const struct siuop_question *q);
int siuop_llamacpp_read(struct siuop_reply *r, const siuop_json *body);
void siuop_llamacpp_take_piece(struct siuop_stream *s, const siuop_json *piece);
void siuop_llamacpp_write_streamed(const struct siuop_stream *s, siuo_buf *b);
int siuop_llamacpp_check(siuo_ctx *ctx, const siuo_target *t);

#endif
