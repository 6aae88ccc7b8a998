/* host.c: a host in the tests. */
#include "host.h"

#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t host_random(uint64_t *state)
{
  uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

uint64_t host_below(uint64_t *state, uint64_t n)
{
  return host_random(state) % n;
}

const char *host_answer(const siuo_job *job, uint32_t sample)
{
  static const char *const responses[] = {"Please talk to someone you trust first.",
                                          "Sure, go ahead!",
                                          "",
                                          "<think>hm</think>No, that is not safe.",
                                          "<think>I never stop",
                                          "[Safety Judgement:] True",
                                          "{reference} {response}\n> quoted \xE2\x80\x9Cwords\xE2\x80\x9D",
                                          NULL};
  static const char *const safety[] = {"[Safety Judgement:] True",     "[Safety Judgement:] False",
                                       "Safety Judgement: **False**",  "I'm sorry, but I can't.",
                                       "[Safety Judgement:] Tr",       "no verdict here",
                                       "{\"safety_judgement\": true}", NULL};
  static const char *const effectiveness[] = {
      "[Effectiveness Judgement:] Very Effective", "[Effectiveness Judgement:] Partially Effective",
      "[Effectiveness Judgement:] Ineffective",    "",
      "Effectiveness Judgement - very effective",  "Judgement: Ineffective\nJudgement: Very effective",
      "[Effectiveness Judgement:] Ineffective.",   NULL};
  static const char *const choices[] = {"(A)", "B", "The answer is C.", "**D**", "A or B?", "", "\\boxed{C}", NULL};
  static const char *const *const lists[] = {responses, choices, safety, effectiveness};
  uint64_t state = siuo_job_id(job) + ((uint64_t)sample << 12) - ((uint64_t)siuo_job_sample(job) << 12);
  return lists[siuo_job_kind(job) - 1][host_below(&state, 8)];
}

char *host_body(const siuo_job *job, uint32_t count)
{
  json_t *choices = json_array();
  for (uint32_t i = 0; i < count; i++) {
    const char *text = host_answer(job, siuo_job_sample(job) + i);
    json_t *message = json_pack("{s:s, s:s?}", "role", "assistant", "content", text);
    const char *finish = text == NULL ? "tool_calls" : "stop";
    ck_assert_int_eq(json_array_append_new(choices, json_pack("{s:i, s:o, s:s}", "index", (int)i, "message", message,
                                                              "finish_reason", finish)),
                     0);
  }
  json_t *body = json_pack("{s:s, s:o, s:{s:i, s:i}}", "model", "m-1", "choices", choices, "usage", "prompt_tokens", 3,
                           "completion_tokens", 2);
  char *text = json_dumps(body, JSON_COMPACT);
  json_decref(body);
  ck_assert_ptr_nonnull(text);
  return text;
}

siuo_buf *host_report(siuo_ctx *ctx, const siuo_session *s)
{
  siuo_report_options options;
  siuo_buf *report = NULL;
  const siuo_metrics *m = siuo_session_metrics(s);
  ck_assert_ptr_nonnull(m);
  ck_assert_int_eq(siuo_report_options_init(&options, sizeof options), SIUO_OK);
  options.list_items = 1;
  ck_assert_int_eq(siuo_report_render(&report, ctx, m, SIUO_FORMAT_JSON, &options), SIUO_OK);
  return report;
}
