/* image_sides.c: a picture's width and height, as its head says them: PNG (its specification, 11.2.2), GIF (GIF89a,
 * 18), WebP (RFC 9649, 2), JPEG (ITU-T T.81, B.2.2). Nothing is decoded. */
#include "image.h"

#include <string.h>

struct source {
  siuo_image *image;
  unsigned char bytes[4096];
  size_t at, len;
  int status; /* SIUO_OK, or what reading said */
};

/* The next byte; -1 at the end, or after a failure. */
static int take(struct source *s)
{
  if (s->at == s->len && s->status == SIUO_OK) {
    s->at = s->len = 0;
    s->status = siuo_image_read(s->image, s->bytes, sizeof s->bytes, &s->len);
  }
  return s->at == s->len ? -1 : s->bytes[s->at++];
}

static int take_all(struct source *s, unsigned char *out, size_t len)
{
  int c = 0;
  for (size_t i = 0; i < len && (c = take(s)) >= 0; i++)
    out[i] = (unsigned char)c;
  return c >= 0;
}

static uint32_t big(const unsigned char *s, int len)
{
  uint32_t n = 0;
  for (int i = 0; i < len; i++)
    n = n << 8 | s[i];
  return n;
}

static uint32_t little(const unsigned char *s, int len)
{
  uint32_t n = 0;
  for (int i = len; i-- > 0;)
    n = n << 8 | s[i];
  return n;
}

static int is_frame(int marker)
{
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* Walks from segment to segment to the frame's. */
static void read_jpeg(struct source *s, uint32_t *width, uint32_t *height)
{
  unsigned char head[5];
  int marker = 0;
  if (!take_all(s, head, 2))
    return;
  while (take(s) == 0xFF) {
    while ((marker = take(s)) == 0xFF)
      ;
    if (marker < 0 || marker == 0xD9 || marker == 0xDA || !take_all(s, head, 2))
      return;
    uint32_t left = big(head, 2);
    if (is_frame(marker) && left >= 7 && take_all(s, head, 5)) {
      *height = big(head + 1, 2);
      *width = big(head + 3, 2);
      return;
    }
    for (left = left < 2 ? 0 : left - 2; left > 0 && take(s) >= 0; left--)
      ;
  }
}

static void read_webp(const unsigned char *head, uint32_t *width, uint32_t *height)
{
  uint32_t bits = little(head + 21, 4);
  if (memcmp(head + 12, "VP8 ", 4) == 0) {
    *width = little(head + 26, 2) & 0x3FFF;
    *height = little(head + 28, 2) & 0x3FFF;
  } else if (memcmp(head + 12, "VP8L", 4) == 0) {
    *width = (bits & 0x3FFF) + 1;
    *height = (bits >> 14 & 0x3FFF) + 1;
  } else if (memcmp(head + 12, "VP8X", 4) == 0) {
    *width = little(head + 24, 3) + 1;
    *height = little(head + 27, 3) + 1;
  }
}

int siuop_image_sides(siuo_image *image, uint32_t *width, uint32_t *height)
{
  struct source s;
  unsigned char head[30];
  int type = siuo_image_type(image);
  size_t needed = type == SIUO_IMAGE_GIF ? 10 : type == SIUO_IMAGE_PNG ? 24 : sizeof head;
  memset(&s, 0, sizeof s);
  s.image = image;
  *width = *height = 0;
  if (type == SIUO_IMAGE_JPEG) {
    read_jpeg(&s, width, height);
  } else if (take_all(&s, head, needed)) {
    if (type == SIUO_IMAGE_WEBP) {
      read_webp(head, width, height);
    } else {
      *width = type == SIUO_IMAGE_PNG ? big(head + 16, 4) : little(head + 6, 2);
      *height = type == SIUO_IMAGE_PNG ? big(head + 20, 4) : little(head + 8, 2);
    }
  }
  return s.status == SIUO_OK ? siuo_image_rewind(image) : s.status;
}
