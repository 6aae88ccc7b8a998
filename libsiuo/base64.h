/* base64.h: RFC 4648, with padding. */
#ifndef SIUOP_BASE64_H
#define SIUOP_BASE64_H

#include "ctx.h"

#include <siuo/buf.h>

/* Characters that len bytes take. */
uint64_t siuop_base64_size(uint64_t len);

/* Writes siuop_base64_size(len) characters. Pieces of a longer text, but the last, have a multiple of 3 bytes. */
void siuop_base64_encode(char *out, const void *bytes, size_t len);

/* Appends what a text stands for. SIUO_EFORMAT (no base64; no message), SIUO_ENOMEM. */
int siuop_base64_decode(siuo_buf *b, const char *text, size_t len);

#endif
