/* family.h: which maker's models are whose, as far as their names tell. */
#ifndef SIUOP_FAMILY_H
#define SIUOP_FAMILY_H

/* The family that both models are of, such as "GPT"; NULL if they are of different ones, or a name tells nothing. */
const char *siuop_same_family(const char *a, const char *b);

#endif
