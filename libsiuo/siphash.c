/* siphash.c: SipHash-2-4, from its description: Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012. */
#include "siphash.h"

struct state {
  uint64_t v[4];
};

static uint64_t turn(uint64_t x, int bits)
{
  return x << bits | x >> (64 - bits);
}

/* The paper's figure 2.1. */
static void make_round(struct state *s)
{
  s->v[0] += s->v[1];
  s->v[2] += s->v[3];
  s->v[1] = turn(s->v[1], 13) ^ s->v[0];
  s->v[3] = turn(s->v[3], 16) ^ s->v[2];
  s->v[0] = turn(s->v[0], 32);
  s->v[2] += s->v[1];
  s->v[0] += s->v[3];
  s->v[1] = turn(s->v[1], 17) ^ s->v[2];
  s->v[3] = turn(s->v[3], 21) ^ s->v[0];
  s->v[2] = turn(s->v[2], 32);
}

static void absorb(struct state *s, uint64_t word)
{
  s->v[3] ^= word;
  make_round(s);
  make_round(s);
  s->v[0] ^= word;
}

/* Eight bytes, the first one lowest: a single load where the machine has it so. */
static uint64_t word_at(const unsigned char *b)
{
  return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 |
         (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

/* The last bytes, fewer than eight. */
static uint64_t rest_of(const unsigned char *bytes, size_t len)
{
  uint64_t word = 0;
  for (size_t i = len; i > 0; i--)
    word = word << 8 | bytes[i - 1];
  return word;
}

uint64_t siuop_siphash(const struct siuop_siphash_key *key, const void *bytes, size_t len)
{
  const unsigned char *at = bytes;
  struct state s = {{key->k[0] ^ UINT64_C(0x736f6d6570736575), key->k[1] ^ UINT64_C(0x646f72616e646f6d),
                     key->k[0] ^ UINT64_C(0x6c7967656e657261), key->k[1] ^ UINT64_C(0x7465646279746573)}};
  size_t left = len;
  for (; left >= 8; left -= 8, at += 8)
    absorb(&s, word_at(at));
  absorb(&s, (uint64_t)(len & 0xff) << 56 | rest_of(at, left));
  s.v[2] ^= 0xff;
  for (int i = 0; i < 4; i++)
    make_round(&s);
  return s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3];
}
