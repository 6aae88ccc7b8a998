/* digest.h: SHA-256, fed in pieces. */
#ifndef SIUOP_DIGEST_H
#define SIUOP_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define SIUOP_DIGEST_HEX 65 /* 64 hex digits and a NUL */

/* Opaque; as large as nettle's state, which digest.c checks. */
struct siuop_digest {
  uint64_t state[16];
};

void siuop_digest_init(struct siuop_digest *d);
void siuop_digest_add(struct siuop_digest *d, const void *bytes, size_t len);

/* A field of a record: its length as eight bytes, big end first, then its bytes, so that no two lists of fields
 * give the same input. */
void siuop_digest_field(struct siuop_digest *d, const char *bytes, size_t len);

/* The sum in hex; d is as after init. */
void siuop_digest_hex(struct siuop_digest *d, char out[SIUOP_DIGEST_HEX]);

/* CRC-32 (IEEE 802.3), as zlib.crc32 of Python. */
uint32_t siuop_crc32(const void *bytes, size_t len);

#endif
