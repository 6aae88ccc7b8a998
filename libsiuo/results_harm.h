/* results_harm.h: the categories of harm that judges name beside unsafe verdicts, of what was recorded. */
#ifndef SIUOP_RESULTS_HARM_H
#define SIUOP_RESULTS_HARM_H

#include "judge_guard.h"
#include "score.h"

/* Those that judge j named of response k, read in p's manner (NULL: in the standard one); none where the rules decide
 * the vote themselves. */
void siuop_harm_of(const siuo_protocol *p, const struct siuop_recorded *item, size_t j, size_t k,
                   struct siuop_categories *out);

#endif
