/* fast_clock.c: preloaded into siuo-eval: its clock runs forty times as fast, for tests of what takes minutes. */
#include <dlfcn.h>
#include <stdint.h>
#include <time.h>

#define TIMES 40

int clock_gettime(clockid_t clock, struct timespec *out)
{
  int (*real)(clockid_t, struct timespec *) = NULL;
  *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
  int rc = real == NULL ? -1 : real(clock, out);
  if (rc != 0 || clock == CLOCK_REALTIME)
    return rc;
  int64_t ns = (int64_t)out->tv_nsec * TIMES;
  out->tv_sec = out->tv_sec * TIMES + (time_t)(ns / 1000000000);
  out->tv_nsec = (long)(ns % 1000000000);
  return 0;
}
