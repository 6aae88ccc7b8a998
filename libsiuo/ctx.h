/* ctx.h: what the library's own code asks of a context: memory, limits, the message. */
#ifndef SIUOP_CTX_H
#define SIUOP_CTX_H

#include "siphash.h"

#include <siuo/ctx.h>
#include <siuo/error.h>

/* Limits that siuo_ctx_options set. */
struct siuop_limits {
  uint64_t document, line, items, picture, pixels, reply;
};
const struct siuop_limits *siuop_limits(const siuo_ctx *ctx);

/* The context's own key of hashes, drawn when it was made. */
const struct siuop_siphash_key *siuop_hash_key(const siuo_ctx *ctx);

/* Memory of the context. A failing call leaves the message "out of memory" and returns NULL. Sizes are in
 * elements times element size and checked for overflow; 0 bytes are served as 1. */
void *siuop_alloc(siuo_ctx *ctx, size_t count, size_t size);
void *siuop_zalloc(siuo_ctx *ctx, size_t count, size_t size);
void siuop_free(siuo_ctx *ctx, void *block);

/* Makes room for at least need elements in *array, at least doubling *capacity: SIUO_OK or SIUO_ENOMEM (nothing
 * changed). *array may be NULL with *capacity 0. */
int siuop_reserve(siuo_ctx *ctx, void *array, size_t *capacity, size_t need, size_t size);

#if defined(__GNUC__)
#define SIUOP_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define SIUOP_PRINTF(f, a)
#endif

/* Sets the message and returns status, so that a failing function ends in `return siuop_fail(...)`. The result
 * is made safe for terminals: control characters and bytes that are not UTF-8 appear as \xNN. The format must
 * not print floating-point numbers (the locale would show). */
int siuop_fail(siuo_ctx *ctx, int status, const char *format, ...) SIUOP_PRINTF(3, 4);

/* The message of an error that came up where no better words were found: siuo_strerror(status). */
int siuop_fail_plain(siuo_ctx *ctx, int status);

/* Copies the message, for a caller that puts words before it. */
void siuop_message_copy(const siuo_ctx *ctx, char *out, size_t size);

/* Passes a line to the host's log, made safe likewise. */
void siuop_log(siuo_ctx *ctx, int level, const char *format, ...) SIUOP_PRINTF(3, 4);

#endif
