/* wire.h: the model APIs' request bodies. Sending them is the host's work: URL, headers and keys never come here. */
#ifndef SIUO_WIRE_H
#define SIUO_WIRE_H

#include <siuo/protocol.h>

SIUO_BEGIN_DECLS

#define SIUO_API_TEXT             0 /* no wire format: the host sends prompt and picture its own way */
#define SIUO_API_OPENAI           1 /* Chat Completions, also of vLLM, llama.cpp, Azure and most gateways */
#define SIUO_API_OPENAI_RESPONSES 2
#define SIUO_API_ANTHROPIC        3
#define SIUO_API_GEMINI           4
#define SIUO_API_OLLAMA           5
#define SIUO_API_LLAMACPP         6 /* raw completion; the model names a chat template: docs/running.md */

/* The API of a name ("text", "openai", …) that this version has; SIUO_ENOTFOUND for others.
 * @since 0.1.0 */
SIUO_API int siuo_api_by_name(const char *name);

/* Its name; NULL for one that this version does not have. Borrowed, static.
 * @since 0.1.0 */
SIUO_API const char *siuo_api_name(int api);

/* What siuo_target.omit holds. Fields that are left out of a body, since some models reject them; where an API has no
 * such field (seed, n), it is left out unasked. */
#define SIUO_OMIT_TEMPERATURE 1u
#define SIUO_OMIT_MAX_TOKENS  2u /* not of SIUO_API_ANTHROPIC, which needs it */
#define SIUO_OMIT_SEED        4u
#define SIUO_OMIT_N           8u
/* And how a field is written: SIUO_API_OPENAI's "max_tokens", the older name, in place of "max_completion_tokens". */
#define SIUO_OLD_MAX_TOKENS 16u
/* And what is asked of a judge's reply (other kinds ignore it): to be JSON, an object of "reasons" and the verdict as
 * one of the protocol's labels. Only the standard rules read such replies. */
#define SIUO_JUDGE_SCHEMA 32u

/* The least max_tokens that SIUO_API_OPENAI_RESPONSES takes, unless they are omitted. */
#define SIUO_RESPONSES_LEAST_TOKENS 16

/* Whom a kind of question is put to, and how. */
typedef struct siuo_target {
  uint32_t size;
  int32_t api;        /* SIUO_API_* */
  const char *model;  /* NULL for SIUO_API_TEXT only */
  const char *system; /* NULL: none; SIUO_API_LLAMACPP takes none */
  double temperature;
  uint64_t seed;
  int32_t max_tokens;
  int32_t n;     /* answers a request; 1 where the API has no n */
  uint64_t omit; /* SIUO_OMIT_*, SIUO_OLD_MAX_TOKENS, SIUO_JUDGE_SCHEMA */
} siuo_target;

/* Zeroes size bytes, then sets size and what the protocol says for SIUO_JOB_*: temperature (or SIUO_OMIT_TEMPERATURE),
 * max_tokens, n (generation: the protocol's samples, else 1); SIUO_OMIT_SEED. Errors: SIUO_EINVAL, SIUO_EABI.
 * @since 0.1.0 */
SIUO_API int siuo_target_init(siuo_target *t, size_t size, const siuo_protocol *p, int job_kind);

/* A request body, made as it is read: the picture's bytes pass through a small buffer only. */
typedef struct siuo_body siuo_body;

/* Its bytes in all. @since 0.1.0 */
SIUO_API uint64_t siuo_body_size(const siuo_body *b);

/* The next bytes, at most cap; *got 0 is the end. Errors: SIUO_EINVAL, SIUO_EIO (the picture's file changed or can't
 * be read).
 * @since 0.1.0 */
SIUO_API int siuo_body_read(siuo_body *b, void *buf, size_t cap, size_t *got);

/* Starts again from the first byte. Errors: SIUO_EINVAL, SIUO_EIO.
 * @since 0.1.0 */
SIUO_API int siuo_body_rewind(siuo_body *b);

/* NULL is fine.
 * @since 0.1.0 */
SIUO_API void siuo_body_free(siuo_body *b);

SIUO_END_DECLS

#endif
