/* prices.h: what models cost, from a file of the user's: docs/running.md. */
#ifndef SIUO_EVAL_PRICES_H
#define SIUO_EVAL_PRICES_H

struct prices;

/* Dollars for a million tokens. */
struct price {
  double input, output;
};

/* Reads a file; NULL after saying what is wrong with it. */
struct prices *prices_read(const char *path);

/* A model's price: 1, or 0 where the file has none. */
int prices_find(const struct prices *p, const char *model, struct price *out);

void prices_free(struct prices *p);

#endif
