/* fuzz_judge.c: verdicts and choices out of any reply: within bounds, and the same twice. */
#include "fuzz.h"

static void read_kind(int rules, int kind, const char *text, size_t len)
{
  siuo_verdict v, again;
  memset(&v, 0, sizeof v);
  memset(&again, 0, sizeof again);
  v.size = again.size = sizeof v;
  MUST(siuo_judge_read(rules, kind, text, len, NULL, &v) == SIUO_OK);
  MUST(siuo_judge_read(rules, kind, text, len, NULL, &again) == SIUO_OK);
  MUST(memcmp(&v, &again, sizeof v) == 0);
  MUST(v.begin <= v.end && v.end <= len);
  MUST(v.outcome >= SIUO_OUTCOME_PARSED && v.outcome <= SIUO_OUTCOME_CONFLICT);
  if (kind != SIUO_JOB_CHOOSE)
    MUST(v.value >= -1 && v.value <= 2 && (v.outcome == SIUO_OUTCOME_PARSED) == (v.value >= 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
  for (int rules = 0; rules < 4; rules++)
    for (int kind = SIUO_JOB_CHOOSE; kind <= SIUO_JOB_JUDGE_EFFECTIVENESS; kind++)
      read_kind(rules, kind, (const char *)bytes, len);
  return 0;
}
