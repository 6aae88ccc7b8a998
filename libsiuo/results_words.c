/* results_words.c: the words of results files. */
#include "results_words.h"

const char *const siuop_outcome_words[SIUOP_OUTCOME_WORDS] = {"ok",      "blank",     "blocked",
                                                              "refused", "truncated", "failed"};

const struct siuop_judge_keys siuop_judge_keys[2] = {
    {"safety_evaluation", "safety_gpt", "safety_outcomes"},
    {"effectiveness_evaluation", "effectiveness_gpt", "effectiveness_outcomes"},
};
