/* judge_protocol.c: replies read in a protocol's own manner. */
#include "abi.h"
#include "protocol.h"

#include <string.h>

int siuo_judge_reply(const siuo_protocol *p, siuo_ctx *ctx, int rules, int job_kind, const siuo_item *item,
                     const char *text, size_t len, siuo_verdict *out)
{
  struct siuop_reading reading;
  siuo_verdict verdict;
  if (p == NULL || ctx == NULL)
    return SIUO_EINVAL;
  int rc = siuo_judge_read(rules, job_kind, text, len, item, out); /* checks everything, too */
  int is_own =
      p->manner.tag_count > 0 || p->manner.rubrics[0].marker_count > 0 || p->manner.rubrics[1].marker_count > 0;
  if (rc != SIUO_OK || rules != SIUO_RULES_STANDARD || !is_own)
    return rc;
  if (text == NULL)
    text = "";
  if (job_kind == SIUO_JOB_CHOOSE)
    reading = siuop_choice_own(&p->manner, text, len, item);
  else
    reading = siuop_verdict_own(&p->manner, job_kind, text, len);
  memset(&verdict, 0, sizeof verdict);
  verdict.size = sizeof verdict;
  verdict.outcome = reading.outcome;
  verdict.value = reading.value;
  verdict.begin = reading.begin;
  verdict.end = reading.end;
  return siuop_abi_export(out, &verdict, sizeof verdict, sizeof verdict);
}
