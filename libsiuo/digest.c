/* digest.c: SHA-256 by nettle, CRC-32 by zlib. */
#include "digest.h"

#include <nettle/sha2.h>
#include <string.h>
#include <zlib.h>

/* The state is kept as words so that no header of ours needs nettle's. */
typedef char state_fits[sizeof(struct sha256_ctx) <= sizeof(((struct siuop_digest *)0)->state) ? 1 : -1];

static struct sha256_ctx *sha(struct siuop_digest *d)
{
  return (struct sha256_ctx *)(void *)d->state;
}

void siuop_digest_init(struct siuop_digest *d)
{
  sha256_init(sha(d));
}

void siuop_digest_add(struct siuop_digest *d, const void *bytes, size_t len)
{
  sha256_update(sha(d), len, bytes);
}

void siuop_digest_field(struct siuop_digest *d, const char *bytes, size_t len)
{
  unsigned char prefix[8];
  for (int i = 0; i < 8; i++)
    prefix[i] = (unsigned char)((uint64_t)len >> (56 - 8 * i));
  siuop_digest_add(d, prefix, sizeof prefix);
  if (len > 0)
    siuop_digest_add(d, bytes, len);
}

void siuop_digest_hex(struct siuop_digest *d, char out[SIUOP_DIGEST_HEX])
{
  unsigned char sum[SHA256_DIGEST_SIZE];
  sha256_digest(sha(d), sizeof sum, sum);
  for (size_t i = 0; i < sizeof sum; i++) {
    out[2 * i] = "0123456789abcdef"[sum[i] >> 4];
    out[2 * i + 1] = "0123456789abcdef"[sum[i] & 15];
  }
  out[2 * sizeof sum] = '\0';
}

uint32_t siuop_crc32(const void *bytes, size_t len)
{
  uLong crc = crc32(0, Z_NULL, 0);
  const unsigned char *at = bytes;
  while (len > 0) {
    uInt part = len > 0x40000000u ? 0x40000000u : (uInt)len;
    crc = crc32(crc, at, part);
    at += part;
    len -= part;
  }
  return (uint32_t)crc;
}
