/* growth.c: how work grows with its input. */
#include "growth.h"

#include <check.h>
#include <time.h>

static double seconds_of(const struct growth_work *w, size_t n)
{
  struct timespec begin, end;
  void *input = w->make(n);
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
  w->work(input);
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
  w->release(input);
  return (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
}

static double least(double a, double b)
{
  return a < b ? a : b;
}

void growth_expect_linear(const struct growth_work *w)
{
  double once = seconds_of(w, w->n);
  double four_times = seconds_of(w, 4 * w->n);
  for (int tried = 0; tried < 5 && four_times > 9 * once; tried++) {
    once = least(once, seconds_of(w, w->n));
    four_times = least(four_times, seconds_of(w, 4 * w->n));
  }
  ck_assert_msg(four_times <= 9 * once, "%s: %.4f s for %zu, %.4f s for four times as many", w->name, once, w->n,
                four_times);
}
