/* base64.c: base64 by nettle. */
#include "base64.h"

#include "buf.h"

#include <nettle/base64.h>

uint64_t siuop_base64_size(uint64_t len)
{
  return (len + 2) / 3 * 4;
}

void siuop_base64_encode(char *out, const void *bytes, size_t len)
{
  base64_encode_raw(out, len, bytes);
}

int siuop_base64_decode(siuo_buf *b, const char *text, size_t len)
{
  struct base64_decode_ctx decoder;
  size_t written = 0;
  char *room = siuop_buf_room(b, BASE64_DECODE_LENGTH(len));
  if (room == NULL)
    return siuop_buf_status(b);
  base64_decode_init(&decoder);
  if (!base64_decode_update(&decoder, &written, (uint8_t *)room, len, text) || !base64_decode_final(&decoder))
    return SIUO_EFORMAT;
  siuop_buf_wrote(b, written);
  return SIUO_OK;
}
