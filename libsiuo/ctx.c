/* ctx.c: the context. The only file that calls malloc and its kin. */
#include "ctx.h"

#include "abi.h"
#include "os.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_SIZE 1024

struct siuo_ctx {
  siuo_ctx_options options;
  struct siuop_limits limits;
  struct siuop_siphash_key hash_key;
  char message[MESSAGE_SIZE];
};

static void *default_allocate(size_t size, void *user_data)
{
  (void)user_data;
  return malloc(size);
}

static void *default_reallocate(void *block, size_t size, void *user_data)
{
  (void)user_data;
  return realloc(block, size);
}

static void default_release(void *block, void *user_data)
{
  (void)user_data;
  free(block);
}

/* ---- options ---- */

#define OPTIONS_FIRST_SIZE sizeof(siuo_ctx_options)

int siuo_ctx_options_init(siuo_ctx_options *o, size_t size)
{
  siuo_ctx_options defaults;
  memset(&defaults, 0, sizeof defaults);
  defaults.max_document = UINT64_C(256) << 20;
  defaults.max_line = UINT64_C(64) << 20;
  defaults.max_items = UINT64_C(50000000);
  defaults.max_picture = UINT64_C(64) << 20;
  defaults.max_pixels = UINT64_C(100000000);
  defaults.max_reply = UINT64_C(16) << 20;
  return siuop_abi_init(o, size, &defaults, sizeof defaults, OPTIONS_FIRST_SIZE);
}

static int import_options(siuo_ctx_options *to, const siuo_ctx_options *from)
{
  int rc = siuo_ctx_options_init(to, sizeof *to);
  if (rc != SIUO_OK || from == NULL)
    return rc;
  rc = siuop_abi_import(to, sizeof *to, from, OPTIONS_FIRST_SIZE);
  if (rc != SIUO_OK)
    return rc;
  if (to->reserved != 0)
    return SIUO_EABI;
  int set = (to->allocate != NULL) + (to->reallocate != NULL) + (to->release != NULL);
  return set == 0 || set == 3 ? SIUO_OK : SIUO_EINVAL;
}

int siuo_ctx_new(siuo_ctx **out, const siuo_ctx_options *opts)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  siuo_ctx_options o;
  int rc = import_options(&o, opts);
  if (rc != SIUO_OK)
    return rc;
  if (o.allocate == NULL) {
    o.allocate = default_allocate;
    o.reallocate = default_reallocate;
    o.release = default_release;
  }
  siuo_ctx *ctx = o.allocate(sizeof *ctx, o.memory_user_data);
  if (ctx == NULL)
    return SIUO_ENOMEM;
  memset(ctx, 0, sizeof *ctx);
  ctx->options = o;
  ctx->limits.document = o.max_document;
  ctx->limits.line = o.max_line;
  ctx->limits.items = o.max_items;
  ctx->limits.picture = o.max_picture;
  ctx->limits.pixels = o.max_pixels;
  ctx->limits.reply = o.max_reply;
  siuop_os_random(&ctx->hash_key, sizeof ctx->hash_key);
  *out = ctx;
  return SIUO_OK;
}

void siuo_ctx_free(siuo_ctx *ctx)
{
  if (ctx != NULL)
    ctx->options.release(ctx, ctx->options.memory_user_data);
}

const struct siuop_limits *siuop_limits(const siuo_ctx *ctx)
{
  return &ctx->limits;
}

const struct siuop_siphash_key *siuop_hash_key(const siuo_ctx *ctx)
{
  return &ctx->hash_key;
}

/* ---- memory ---- */

static int multiply(size_t count, size_t size, size_t *bytes)
{
  if (size != 0 && count > SIZE_MAX / size)
    return 0;
  *bytes = count * size;
  if (*bytes == 0)
    *bytes = 1;
  return 1;
}

void *siuop_alloc(siuo_ctx *ctx, size_t count, size_t size)
{
  size_t bytes = 0;
  void *block = NULL;
  if (multiply(count, size, &bytes))
    block = ctx->options.allocate(bytes, ctx->options.memory_user_data);
  if (block == NULL)
    siuop_fail_plain(ctx, SIUO_ENOMEM);
  return block;
}

void *siuop_zalloc(siuo_ctx *ctx, size_t count, size_t size)
{
  void *block = siuop_alloc(ctx, count, size);
  if (block != NULL)
    memset(block, 0, count * size);
  return block;
}

void siuop_free(siuo_ctx *ctx, void *block)
{
  if (block != NULL)
    ctx->options.release(block, ctx->options.memory_user_data);
}

int siuop_reserve(siuo_ctx *ctx, void *array, size_t *capacity, size_t need, size_t size)
{
  if (need <= *capacity)
    return SIUO_OK;
  size_t wish = *capacity < 8 ? 8 : *capacity;
  while (wish < need)
    wish = wish > SIZE_MAX / 2 ? need : wish * 2;
  size_t bytes = 0;
  void *block = NULL;
  void *old = NULL;
  memcpy(&old, array, sizeof old); /* array is a pointer to some T*; read it without aliasing trouble */
  if (multiply(wish, size, &bytes))
    block = ctx->options.reallocate(old, bytes, ctx->options.memory_user_data);
  if (block == NULL)
    return siuop_fail_plain(ctx, SIUO_ENOMEM);
  memcpy(array, &block, sizeof block);
  *capacity = wish;
  return SIUO_OK;
}

/* ---- the message ---- */

const char *siuo_ctx_errmsg(const siuo_ctx *ctx)
{
  return ctx == NULL ? "" : ctx->message;
}

void siuop_message_copy(const siuo_ctx *ctx, char *out, size_t size)
{
  snprintf(out, size, "%s", ctx->message);
}

static void format_safe(char *out, size_t out_size, const char *format, va_list args)
{
  char raw[MESSAGE_SIZE];
  int n = vsnprintf(raw, sizeof raw, format, args);
  size_t len = n < 0 ? 0 : (size_t)n;
  if (len >= sizeof raw) {
    len = sizeof raw - 1;
    while (len > 0 && ((unsigned char)raw[len] & 0xC0u) == 0x80u)
      len--; /* do not cut a character in half */
  }
  siuop_utf8_escape(out, out_size, raw, len);
}

int siuop_fail(siuo_ctx *ctx, int status, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  format_safe(ctx->message, sizeof ctx->message, format, args);
  va_end(args);
  return status;
}

int siuop_fail_plain(siuo_ctx *ctx, int status)
{
  return siuop_fail(ctx, status, "%s", siuo_strerror(status));
}

void siuop_log(siuo_ctx *ctx, int level, const char *format, ...)
{
  if (ctx->options.log == NULL)
    return;
  char line[MESSAGE_SIZE];
  va_list args;
  va_start(args, format);
  format_safe(line, sizeof line, format, args);
  va_end(args);
  ctx->options.log(level, line, ctx->options.log_user_data);
}
