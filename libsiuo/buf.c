/* buf.c: a growing buffer of bytes. */
#include "buf.h"

#include "os.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct siuo_buf {
  siuo_ctx *ctx;
  char *bytes;
  size_t size, capacity;
  int status;
};

int siuop_buf_new(siuo_buf **out, siuo_ctx *ctx)
{
  *out = siuop_zalloc(ctx, 1, sizeof **out);
  if (*out == NULL)
    return SIUO_ENOMEM;
  (*out)->ctx = ctx;
  return SIUO_OK;
}

void siuo_buf_free(siuo_buf *b)
{
  if (b == NULL)
    return;
  siuop_free(b->ctx, b->bytes);
  siuop_free(b->ctx, b);
}

const char *siuo_buf_data(const siuo_buf *b)
{
  return b == NULL || b->bytes == NULL ? "" : b->bytes;
}

size_t siuo_buf_size(const siuo_buf *b)
{
  return b == NULL ? 0 : b->size;
}

char *siuop_buf_room(siuo_buf *b, size_t len)
{
  if (b->status != SIUO_OK)
    return NULL;
  if (len > SIZE_MAX - b->size - 1)
    b->status = siuop_fail_plain(b->ctx, SIUO_ENOMEM);
  else
    b->status = siuop_reserve(b->ctx, &b->bytes, &b->capacity, b->size + len + 1, 1);
  return b->status == SIUO_OK ? b->bytes + b->size : NULL;
}

void siuop_buf_wrote(siuo_buf *b, size_t len)
{
  b->size += len;
  b->bytes[b->size] = '\0';
}

int siuop_buf_add(siuo_buf *b, const void *bytes, size_t len)
{
  char *room = siuop_buf_room(b, len);
  if (room == NULL)
    return b->status;
  if (len > 0)
    memcpy(room, bytes, len);
  siuop_buf_wrote(b, len);
  return SIUO_OK;
}

int siuop_buf_add_text(siuo_buf *b, const char *text)
{
  return siuop_buf_add(b, text, strlen(text));
}

int siuop_buf_add_char(siuo_buf *b, char c, size_t count)
{
  char *room = siuop_buf_room(b, count);
  if (room == NULL)
    return b->status;
  memset(room, c, count);
  siuop_buf_wrote(b, count);
  return SIUO_OK;
}

int siuop_buf_printf(siuo_buf *b, const char *format, ...)
{
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int n = vsnprintf(NULL, 0, format, args);
  char *room = n < 0 ? NULL : siuop_buf_room(b, (size_t)n);
  if (room != NULL) {
    vsnprintf(room, (size_t)n + 1, format, again);
    siuop_buf_wrote(b, (size_t)n);
  } else if (b->status == SIUO_OK) {
    b->status = siuop_fail_plain(b->ctx, SIUO_EINVAL);
  }
  va_end(again);
  va_end(args);
  return b->status;
}

int siuop_buf_status(const siuo_buf *b)
{
  return b->status;
}

siuo_ctx *siuop_buf_ctx(const siuo_buf *b)
{
  return b->ctx;
}

void siuop_buf_fail(siuo_buf *b)
{
  if (b->status == SIUO_OK)
    b->status = siuop_fail_plain(b->ctx, SIUO_ENOMEM);
}

int siuop_buf_add_clean(siuo_buf *b, const char *text, size_t len)
{
  size_t good = 0; /* from here on nothing is appended yet */
  for (size_t at = 0, used = 0; at < len; at += used) {
    int valid = 1;
    siuop_utf8_decode(text + at, len - at, &used, &valid);
    if (valid && text[at] != '\0')
      continue;
    siuop_buf_add(b, text + good, at - good);
    siuop_buf_add_text(b, "\xEF\xBF\xBD");
    good = at + used;
  }
  return siuop_buf_add(b, text + good, len - good);
}

void siuop_buf_drop(siuo_buf *b, size_t n)
{
  if (n == 0)
    return;
  b->size -= n;
  memmove(b->bytes, b->bytes + n, b->size);
  b->bytes[b->size] = '\0';
}

#define CHUNK 65536

int siuop_buf_read_file(siuo_buf **out, siuo_ctx *ctx, const char *path, uint64_t limit)
{
  int fd = -1;
  size_t got = 1;
  int rc = siuop_buf_new(out, ctx);
  if (rc == SIUO_OK)
    rc = siuop_os_open(ctx, path, &fd);
  while (rc == SIUO_OK && got > 0) {
    char *room = siuop_buf_room(*out, CHUNK);
    rc = room == NULL ? SIUO_ENOMEM : siuop_os_read(ctx, fd, path, room, CHUNK, &got);
    if (rc != SIUO_OK)
      break;
    siuop_buf_wrote(*out, got);
    if ((*out)->size > limit)
      rc = siuop_fail(ctx, SIUO_ELIMIT, "%s: longer than the limit of %llu bytes (max_document of the context)", path,
                      (unsigned long long)limit);
  }
  siuop_os_close(fd);
  if (rc != SIUO_OK) {
    siuo_buf_free(*out);
    *out = NULL;
  }
  return rc;
}

int siuo_buf_save(const siuo_buf *b, siuo_ctx *ctx, const char *path)
{
  if (b == NULL || ctx == NULL || path == NULL)
    return SIUO_EINVAL;
  return siuop_os_replace(ctx, path, siuo_buf_data(b), b->size);
}
