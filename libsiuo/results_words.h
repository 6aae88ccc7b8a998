/* results_words.h: the words of results files, for who reads them and who writes them. docs/results.md. */
#ifndef SIUOP_RESULTS_WORDS_H
#define SIUOP_RESULTS_WORDS_H

/* By SIUO_RESPONSE_*. */
#define SIUOP_OUTCOME_WORDS 6
extern const char *const siuop_outcome_words[SIUOP_OUTCOME_WORDS];

/* The keys of what one judge said, by SIUOP_SAFE and SIUOP_EFFECTIVE: its replies, votes, and the API's words on the
 * replies' ends. */
struct siuop_judge_keys {
  const char *replies, *votes, *ends;
};
extern const struct siuop_judge_keys siuop_judge_keys[2];

#endif
