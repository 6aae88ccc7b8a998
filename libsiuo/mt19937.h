/* mt19937.h: the choice that Python's random.Random(seed).choice() makes first. */
#ifndef SIUOP_MT19937_H
#define SIUOP_MT19937_H

#include <stdint.h>

/* The number below n (1 … 2^31) that the Mersenne Twister, seeded as Python does it with a 32-bit seed, gives by
 * rejection. M. Matsumoto and T. Nishimura, ACM TOMACS 8, 1998. */
uint32_t siuop_python_choice(uint32_t seed, uint32_t n);

#endif
