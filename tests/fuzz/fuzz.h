/* fuzz.h: what the fuzzers share: a context with small limits, and a failure that stops. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <siuo/siuo.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What must hold whatever the input is. */
#define MUST(condition)                                                                                                \
  do {                                                                                                                 \
    if (!(condition))                                                                                                  \
      abort();                                                                                                         \
  } while (0)

static inline siuo_ctx *fuzz_ctx(void)
{
  siuo_ctx *ctx = NULL;
  MUST(siuo_ctx_new(&ctx, NULL) == SIUO_OK);
  return ctx;
}

/* A failing call says why, in one line without control characters. */
static inline void fuzz_check_message(const siuo_ctx *ctx, int rc)
{
  const char *words = siuo_ctx_errmsg(ctx);
  MUST(rc != -1);
  MUST(rc >= 0 || *words != '\0');
  for (; rc < 0 && *words != '\0'; words++)
    MUST((unsigned char)*words >= 0x20 && *words != 0x7F);
}

#endif
