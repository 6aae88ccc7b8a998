/* siphash.h: SipHash-2-4, a keyed hash for tables: who doesn't know the key can't make keys that meet in one place. */
#ifndef SIUOP_SIPHASH_H
#define SIUOP_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siuop_siphash_key {
  uint64_t k[2];
};

uint64_t siuop_siphash(const struct siuop_siphash_key *key, const void *bytes, size_t len);

#endif
