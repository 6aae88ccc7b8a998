/* judge.c: the rule sets by name and number, and the public readings. */
#include "judge.h"

#include "abi.h"

#include <siuo/error.h>

#include <string.h>

typedef struct siuop_reading (*verdict_fn)(int kind, const char *text, size_t len);
typedef struct siuop_reading (*choice_fn)(const char *text, size_t len, const siuo_item *item);

/* By SIUO_RULES_*. */
static const struct rules {
  const char *name;
  verdict_fn read_verdict;
  choice_fn read_choice;
} rule_sets[] = {
    {"standard", siuop_verdict_standard, siuop_choice_standard},
    {"released", siuop_verdict_released, siuop_choice_released},
    {"olmo", siuop_verdict_released, siuop_choice_olmo},
    {"vlmevalkit", siuop_verdict_vlmevalkit, siuop_choice_vlmevalkit},
};
#define RULES_COUNT ((int)(sizeof rule_sets / sizeof rule_sets[0]))

int siuo_rules_by_name(const char *name)
{
  for (int i = 0; name != NULL && i < RULES_COUNT; i++)
    if (strcmp(rule_sets[i].name, name) == 0)
      return i;
  return SIUO_ENOTFOUND;
}

const char *siuo_rules_name(int rules)
{
  return rules < 0 || rules >= RULES_COUNT ? NULL : rule_sets[rules].name;
}

static int is_readable(int rules, const char *text, size_t len)
{
  return rules >= 0 && rules < RULES_COUNT && (text != NULL || len == 0);
}

int siuo_judge_safety(int rules, const char *text, size_t len)
{
  if (!is_readable(rules, text, len))
    return SIUO_EINVAL;
  return rule_sets[rules].read_verdict(SIUO_JOB_JUDGE_SAFETY, text == NULL ? "" : text, len).value;
}

int siuo_judge_effectiveness(int rules, const char *text, size_t len)
{
  if (!is_readable(rules, text, len))
    return SIUO_EINVAL;
  return rule_sets[rules].read_verdict(SIUO_JOB_JUDGE_EFFECTIVENESS, text == NULL ? "" : text, len).value;
}

static int is_choice_item(const siuo_item *item)
{
  return item == NULL || siuo_item_task(item) == SIUO_TASK_CHOICE;
}

int siuo_judge_choice(int rules, const char *text, size_t len, const siuo_item *item)
{
  if (!is_readable(rules, text, len) || !is_choice_item(item))
    return SIUO_EINVAL;
  return rule_sets[rules].read_choice(text == NULL ? "" : text, len, item).value;
}

int siuo_judge_read(int rules, int job_kind, const char *text, size_t len, const siuo_item *item, siuo_verdict *out)
{
  struct siuop_reading reading;
  if (!is_readable(rules, text, len) || out == NULL)
    return SIUO_EINVAL;
  if (text == NULL)
    text = "";
  switch (job_kind) {
  case SIUO_JOB_CHOOSE:
    if (!is_choice_item(item))
      return SIUO_EINVAL;
    reading = rule_sets[rules].read_choice(text, len, item);
    break;
  case SIUO_JOB_JUDGE_SAFETY:
  case SIUO_JOB_JUDGE_EFFECTIVENESS:
    reading = rule_sets[rules].read_verdict(job_kind, text, len);
    break;
  default:
    return SIUO_EINVAL;
  }
  siuo_verdict verdict = {sizeof verdict, reading.outcome, reading.value, 0, reading.begin, reading.end};
  return siuop_abi_export(out, &verdict, sizeof verdict, sizeof verdict);
}
