/* growth.h: how work grows with its input: n and 4 n are compared, in processor time. */
#ifndef SIUO_TESTS_GROWTH_H
#define SIUO_TESTS_GROWTH_H

#include <stddef.h>

/* Makes an input of size n; works on it, which is measured; and frees it. */
struct growth_work {
  const char *name;
  size_t n; /* large enough for some milliseconds */
  void *(*make)(size_t n);
  void (*work)(void *input);
  void (*release)(void *input);
};

/* Asserts that four times as much input takes no more than nine times as long: linear work takes four to six, for
 * larger tables leave the caches, quadratic work sixteen. The least of several measurements counts, and a suspicious
 * one is repeated. */
void growth_expect_linear(const struct growth_work *w);

#endif
