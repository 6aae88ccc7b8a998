/* judge_protocol.c: replies read in a protocol's own manner: verdicts, letters, categories of harm. */
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
  int is_own = p->manner.tag_count > 0 || p->manner.rubrics[0].label_count > 0 || p->manner.rubrics[1].label_count > 0;
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

void siuop_reply_categories(const siuo_protocol *p, const char *text, size_t len, struct siuop_categories *out)
{
  const struct siuop_manner *m = p == NULL ? &siuop_standard_manner : &p->manner;
  size_t key_count = p == NULL ? 0 : p->category_key_count;
  size_t from = 0, to = len;
  memset(out, 0, sizeof *out);
  if (key_count == 0 && !siuop_may_hold_category(text, len))
    return;
  struct siuop_reading reading = siuop_verdict_own(m, SIUO_JOB_JUDGE_SAFETY, text, len);
  if (reading.outcome != SIUO_OUTCOME_PARSED || reading.value != 0)
    return;
  siuop_open_reply(m, text, len, &from, &to);
  siuop_categories_of_reply(out, p == NULL ? NULL : p->category_keys, key_count, text, from, reading.end, to);
}
