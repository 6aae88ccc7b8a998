/* mt19937.c: the Mersenne Twister, as far as Python's random.Random(seed).choice() goes. */
#include "mt19937.h"

#define N 624
#define M 397

struct twister {
  uint32_t state[N];
  int at;
};

static void seed_simply(struct twister *t, uint32_t seed)
{
  t->state[0] = seed;
  for (uint32_t i = 1; i < N; i++)
    t->state[i] = UINT32_C(1812433253) * (t->state[i - 1] ^ (t->state[i - 1] >> 30)) + i;
}

/* Initialisation by an array of one word. */
static void seed_as_python(struct twister *t, uint32_t key)
{
  uint32_t *s = t->state;
  uint32_t i = 1;
  seed_simply(t, UINT32_C(19650218));
  for (int k = 0; k < N; k++) {
    s[i] = (s[i] ^ ((s[i - 1] ^ (s[i - 1] >> 30)) * UINT32_C(1664525))) + key;
    if (++i == N) {
      s[0] = s[N - 1];
      i = 1;
    }
  }
  for (int k = 0; k < N - 1; k++) {
    s[i] = (s[i] ^ ((s[i - 1] ^ (s[i - 1] >> 30)) * UINT32_C(1566083941))) - i;
    if (++i == N) {
      s[0] = s[N - 1];
      i = 1;
    }
  }
  s[0] = UINT32_C(0x80000000);
  t->at = N;
}

static void twist(struct twister *t)
{
  uint32_t *s = t->state;
  for (int i = 0; i < N; i++) {
    uint32_t y = (s[i] & UINT32_C(0x80000000)) | (s[(i + 1) % N] & UINT32_C(0x7fffffff));
    s[i] = s[(i + M) % N] ^ (y >> 1) ^ ((y & 1) != 0 ? UINT32_C(0x9908b0df) : 0);
  }
  t->at = 0;
}

static uint32_t next_word(struct twister *t)
{
  if (t->at == N)
    twist(t);
  uint32_t y = t->state[t->at++];
  y ^= y >> 11;
  y ^= (y << 7) & UINT32_C(0x9d2c5680);
  y ^= (y << 15) & UINT32_C(0xefc60000);
  return y ^ (y >> 18);
}

uint32_t siuop_python_choice(uint32_t seed, uint32_t n)
{
  struct twister t;
  int bits = 0;
  while (bits < 32 && n >> bits != 0)
    bits++;
  seed_as_python(&t, seed);
  uint32_t drawn;
  do
    drawn = next_word(&t) >> (32 - bits);
  while (drawn >= n);
  return drawn;
}
