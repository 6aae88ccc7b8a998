/* costs.h: what a run has taken so far, in tokens and dollars, and where that ends. */
#ifndef SIUO_EVAL_COSTS_H
#define SIUO_EVAL_COSTS_H

#include "prices.h"

#include <stddef.h>
#include <stdint.h>

/* As servers count them: of replies that were taken, by this process. */
struct costs {
  struct prices *prices; /* NULL: not known */
  double most;           /* dollars; 0: no limit */
  uint64_t most_tokens;  /* 0: no limit */
  uint64_t input, output;
  double spent;                         /* dollars */
  double pending_tokens, pending_spent; /* about what the requests under way will take */
};

/* What so many tokens of that model cost; 0 without its price. */
double costs_of(const struct costs *c, const char *model, double input, double output);

/* A request goes out, for about so many tokens; its reply came. */
void costs_begin(struct costs *c, const char *model, double input, double output);
void costs_end(struct costs *c, const char *model, double input, double output);
void costs_count(struct costs *c, const char *model, uint64_t input, uint64_t output);

/* Whether a limit is reached, together with what is under way; then the words say which. */
int costs_are_reached(const struct costs *c, char *words, size_t size);

/* "$1.23", "$0.0042"; "" without prices. */
const char *costs_show(const struct costs *c, char out[24]);

#endif
