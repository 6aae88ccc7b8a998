/* body.c: request bodies, made as they are read. */
#include "body.h"

#include "base64.h"

#include <string.h>

int siuop_body_new(siuo_body **out, siuo_ctx *ctx)
{
  *out = siuop_zalloc(ctx, 1, sizeof **out);
  if (*out == NULL)
    return SIUO_ENOMEM;
  (*out)->ctx = ctx;
  int rc = siuop_buf_new(&(*out)->text, ctx);
  if (rc != SIUO_OK) {
    siuo_body_free(*out);
    *out = NULL;
  }
  return rc;
}

void siuo_body_free(siuo_body *b)
{
  if (b == NULL)
    return;
  siuo_image_free(b->image);
  siuo_buf_free(b->text);
  siuop_free(b->ctx, b);
}

void siuop_body_add_picture(siuo_body *b, siuo_image *image)
{
  b->image = image;
  b->split = siuo_buf_size(b->text);
}

int siuop_body_wrap(siuo_body *b, const char *before, const char *after)
{
  siuo_buf *text = NULL;
  int rc = siuop_buf_new(&text, b->ctx);
  if (rc != SIUO_OK)
    return rc;
  siuop_buf_add_text(text, before);
  siuop_buf_add(text, siuo_buf_data(b->text), siuo_buf_size(b->text));
  rc = siuop_buf_add_text(text, after);
  siuo_buf *spare = rc == SIUO_OK ? b->text : text;
  if (rc == SIUO_OK) {
    b->text = text;
    b->split += strlen(before);
  }
  siuo_buf_free(spare);
  return rc;
}

static uint64_t picture_size(const siuo_body *b)
{
  return b->image == NULL ? 0 : siuop_base64_size(siuo_image_size(b->image));
}

uint64_t siuo_body_size(const siuo_body *b)
{
  return b == NULL ? 0 : siuo_buf_size(b->text) + picture_size(b);
}

/* Reads on until the chunk is full or the file ends: only the last piece of base64 may be padded. */
static int fill_chunk(siuo_body *b)
{
  unsigned char raw[SIUOP_BODY_CHUNK];
  size_t len = 0;
  size_t got = 1;
  while (len < sizeof raw && got > 0) {
    int rc = siuo_image_read(b->image, raw + len, sizeof raw - len, &got);
    if (rc != SIUO_OK)
      return rc;
    len += got;
  }
  siuop_base64_encode(b->encoded, raw, len);
  b->encoded_len = (size_t)siuop_base64_size(len);
  b->encoded_at = 0;
  return SIUO_OK;
}

static size_t take(char *to, size_t cap, const char *from, size_t len)
{
  size_t n = len < cap ? len : cap;
  memcpy(to, from, n);
  return n;
}

/* The next bytes from one of the three parts; 0 at the end. */
static int read_some(siuo_body *b, char *out, size_t cap, size_t *got)
{
  uint64_t picture = b->split + picture_size(b);
  const char *text = siuo_buf_data(b->text);
  *got = 0;
  if (b->at < b->split) {
    *got = take(out, cap, text + b->at, (size_t)(b->split - b->at));
  } else if (b->at < picture) {
    int rc = b->encoded_at < b->encoded_len ? SIUO_OK : fill_chunk(b);
    if (rc != SIUO_OK)
      return rc;
    *got = take(out, cap, b->encoded + b->encoded_at, b->encoded_len - b->encoded_at);
    b->encoded_at += *got;
  } else {
    size_t from = b->split + (size_t)(b->at - picture);
    *got = take(out, cap, text + from, siuo_buf_size(b->text) - from);
  }
  b->at += *got;
  return SIUO_OK;
}

int siuo_body_read(siuo_body *b, void *buf, size_t cap, size_t *got)
{
  if (b == NULL || got == NULL || (buf == NULL && cap > 0))
    return SIUO_EINVAL;
  *got = 0;
  while (*got < cap && b->at < siuo_body_size(b)) {
    size_t n = 0;
    int rc = read_some(b, (char *)buf + *got, cap - *got, &n);
    if (rc != SIUO_OK)
      return rc;
    *got += n;
  }
  return SIUO_OK;
}

int siuo_body_rewind(siuo_body *b)
{
  if (b == NULL)
    return SIUO_EINVAL;
  b->at = 0;
  b->encoded_at = b->encoded_len = 0;
  return b->image == NULL ? SIUO_OK : siuo_image_rewind(b->image);
}
