/* ctx.h: the context: where memory comes from, how large input may be, and what went wrong last.
 *
 * A context belongs to one thread at a time; separate contexts share nothing. It outlives everything that is
 * made from it. The library has no other state. */
#ifndef SIUO_CTX_H
#define SIUO_CTX_H

#include <siuo/api.h>

SIUO_BEGIN_DECLS

typedef struct siuo_ctx siuo_ctx;

#define SIUO_LOG_NOTE    1
#define SIUO_LOG_WARNING 2

/* Set up with siuo_ctx_options_init(), then change what you like. The three allocation functions go together:
 * all NULL (the C library's) or all set. They may be called from the thread that uses the context only. */
typedef struct siuo_ctx_options {
  uint32_t size;
  uint32_t reserved;
  void *(*allocate)(size_t size, void *user_data);                /* size > 0; NULL: none left */
  void *(*reallocate)(void *block, size_t size, void *user_data); /* block may be NULL; size > 0 */
  void (*release)(void *block, void *user_data);                  /* block may be NULL */
  void *memory_user_data;
  void (*log)(int level, const char *message, void *user_data); /* SIUO_LOG_*; NULL: silent */
  void *log_user_data;
  uint64_t max_document; /* bytes of a JSON document: 256 MiB */
  uint64_t max_line;     /* bytes of a JSONL line, and of a prompt: 64 MiB */
  uint64_t max_items;    /* items of a data set or result: 50 million */
  uint64_t max_picture;  /* bytes of a picture file: 64 MiB */
  uint64_t max_pixels;   /* pixels of a decoded picture: 100 million */
  uint64_t max_reply;    /* bytes of a model's or judge's reply: 16 MiB */
} siuo_ctx_options;

/* Zeroes size bytes, then sets size and the defaults above.
 * Errors: SIUO_EINVAL (o is NULL), SIUO_EABI (size is smaller than the first published struct).
 * @since 0.1.0 */
SIUO_API int siuo_ctx_options_init(siuo_ctx_options *o, size_t size);

/* Makes a context; opts may be NULL. Errors: SIUO_EINVAL, SIUO_EABI, SIUO_ENOMEM; *out is then NULL.
 * The caller owns *out.
 * @since 0.1.0 */
SIUO_API int siuo_ctx_new(siuo_ctx **out, const siuo_ctx_options *opts);

/* Frees the context, after everything made from it. NULL is fine.
 * @since 0.1.0 */
SIUO_API void siuo_ctx_free(siuo_ctx *ctx);

/* What the last failing call on this context has to say: what happened, where (file, line or item) and what to
 * do. One line of UTF-8 without control characters, whatever the input held; "" before the first failure.
 * Borrowed until the next failing call or the context's end.
 * @since 0.1.0 */
SIUO_API const char *siuo_ctx_errmsg(const siuo_ctx *ctx);

SIUO_END_DECLS

#endif
