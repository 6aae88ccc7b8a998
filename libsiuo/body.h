/* body.h: a request body: text, the picture in base64, text. */
#ifndef SIUOP_BODY_H
#define SIUOP_BODY_H

#include "buf.h"

#include <siuo/image.h>
#include <siuo/wire.h>

#define SIUOP_BODY_CHUNK 6144 /* bytes of the picture that are held at once: a multiple of 3 */

struct siuo_body {
  siuo_ctx *ctx;
  siuo_buf *text;
  size_t split;      /* the picture stands before this byte of the text */
  siuo_image *image; /* NULL: none */
  uint64_t at;       /* bytes handed out */
  char encoded[SIUOP_BODY_CHUNK / 3 * 4];
  size_t encoded_at, encoded_len; /* what of them is still to hand out */
};

/* An empty body without a picture. */
int siuop_body_new(siuo_body **out, siuo_ctx *ctx);

/* Puts texts around what the body holds so far: of an entry that it is part of. SIUO_ENOMEM (nothing changed). */
int siuop_body_wrap(siuo_body *b, const char *before, const char *after);

/* The picture comes here, as base64; image is consumed. Once a body. */
void siuop_body_add_picture(siuo_body *b, siuo_image *image);

#endif
