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
  const struct siuop_ask *ask; /* picture's place and detail */
  const char *prompt;
  size_t prompt_len;
  uint32_t count;    /* answers wanted */
  siuo_image *image; /* NULL: no picture; consumed by siuop_body_add_picture() */
};

/* ---- answers ---- */

/* How an answer ended. */
#define SIUOP_FINISH_STOP    0 /* also: not known */
#define SIUOP_FINISH_LENGTH  1
#define SIUOP_FINISH_BLOCKED 2 /* a content filter's structured word */
#define SIUOP_FINISH_REFUSED 3 /* the API's own refusal field or stop reason */
#define SIUOP_FINISH_OTHER   4 /* without an answer, and no decision on safety */

struct siuop_answer {
  const char *text; /* UTF-8 without NUL; NULL: none. Lives as long as the arena of the reply */
  size_t len;
  int outcome; /* SIUO_RESPONSE_* */
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
  const char *model; /* that served; NULL: not said */
};

/* Adds an answer of this text (NULL: none) and end; decides its outcome: docs/session.md. SIUO_ENOMEM. Answers beyond
 * SIUOP_MOST_ANSWERS are dropped. */
int siuop_reply_add(struct siuop_reply *r, const char *text, size_t len, int finish);

/* Sets what the server said. */
void siuop_reply_reason(struct siuop_reply *r, int kind, const char *text, size_t len);

/* ---- the table ---- */

struct siuop_wire {
  const char *name;
  int has_n;
  void (*write)(siuo_body *body, const struct siuop_question *q); /* failures stick to body->text */

  /* Reads a body with HTTP status 200 to 299 (answers), or another (an error that may be an answer). r->kind is set
   * before to what the status alone says. SIUO_OK also for a body that can't be understood; SIUO_ENOMEM. */
  int (*read)(struct siuop_reply *r, const siuop_json *body, int status);
};

/* NULL: not in this version, or SIUO_API_TEXT. */
const struct siuop_wire *siuop_wire(int api);

/* Makes the body of a question. */
int siuop_wire_body(siuo_body **out, siuo_ctx *ctx, const struct siuop_question *q);

/* Reads a whole HTTP reply. r is filled; its texts are in the arena. SIUO_OK, SIUO_ENOMEM, SIUO_ELIMIT. */
int siuop_wire_read(struct siuop_reply *r, siuo_ctx *ctx, struct siuop_arena *arena, int api, int status,
                    const char *headers, size_t headers_len, const void *body, size_t len);

/* Answers from a plain text, of a host that has no API: one answer. */
int siuop_wire_read_text(struct siuop_reply *r, siuo_ctx *ctx, struct siuop_arena *arena, const char *text, size_t len);

/* ---- HTTP (wire_http.c) ---- */

/* What the status alone says: SIUOP_REPLY_*. */
int siuop_http_kind(int status);

/* Reads retry hints: x-should-retry overrides *kind (of a failure), Retry-After or retry-after-ms give *seconds (left
 * alone where there are none). A date is understood beside the reply's own Date. */
void siuop_http_retry(const char *headers, size_t len, int *kind, double *seconds);

/* ---- APIs ---- */

void siuop_openai_write(siuo_body *body, const struct siuop_question *q);
int siuop_openai_read(struct siuop_reply *r, const siuop_json *body, int status);

#endif
