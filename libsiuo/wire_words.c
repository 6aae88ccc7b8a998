/* wire_words.c: the words for how an answer ended, and the codes and types of errors, of all APIs at once: gateways
 * pass each other's on. Case doesn't count, and neither does what stands behind a colon. */
#include "wire.h"

#include "utf8.h"

#include <string.h>

#define MOST_WORD 48 /* bytes of a word, with its NUL: longer ones are none that is known */

struct meaning {
  const char *word;
  int is; /* SIUOP_FINISH_*, or a status of HTTP */
};

static const struct meaning ends[] = {
    {"stop", SIUOP_FINISH_STOP},
    {"end_turn", SIUOP_FINISH_STOP},
    {"stop_sequence", SIUOP_FINISH_STOP},
    {"eos", SIUOP_FINISH_STOP},
    {"eos_token", SIUOP_FINISH_STOP},
    {"word", SIUOP_FINISH_STOP},
    {"complete", SIUOP_FINISH_STOP},
    {"completed", SIUOP_FINISH_STOP},
    {"length", SIUOP_FINISH_LENGTH},
    {"max_length", SIUOP_FINISH_LENGTH},
    {"max_tokens", SIUOP_FINISH_LENGTH},
    {"max_output_tokens", SIUOP_FINISH_LENGTH},
    {"model_length", SIUOP_FINISH_LENGTH},
    {"model_context_window_exceeded", SIUOP_FINISH_LENGTH},
    {"limit", SIUOP_FINISH_LENGTH},
    {"refusal", SIUOP_FINISH_REFUSED},
    {"refused", SIUOP_FINISH_REFUSED},
    {"abort", SIUOP_FINISH_PASSING},
    {"aborted", SIUOP_FINISH_PASSING},
    {"error", SIUOP_FINISH_PASSING},
    {"network_error", SIUOP_FINISH_PASSING},
    {"insufficient_system_resource", SIUOP_FINISH_PASSING},
    {"server_error", SIUOP_FINISH_PASSING},
    {"timeout", SIUOP_FINISH_PASSING},
};
static const char malformed[] = "malformed_"; /* begins several: a call or a form that the model spoilt this time */

/* A content filter's, as an end or as an error's code or type. */
static const char *const blocks[] = {
    "content_filter",
    "content_filtered",
    "content_policy_violation",
    "image_content_policy_violation",
    "safety",
    "blocklist",
    "prohibited_content",
    "spii",
    "image_safety",
    "jailbreak",
    "image_prohibited_content",
    "model_armor",
    "sensitive",
    "moderation_blocked",
    "guardrail_intervened",
    "data_inspection_failed",
    "datainspectionfailed",
    "inputimagesensitivecontentdetected",
    "responsibleaipolicyviolation",
    "inputtextsensitivecontentdetected",
    "outputtextsensitivecontentdetected",
};

static const char *const spent[] = {
    "insufficient_quota", "insufficient_balance",         "insufficient_user_quota", "arrearage",
    "billing_error",      "exceeded_current_quota_error", "billing_not_active",      "billing_hard_limit_reached"};

/* Errors by name, and the status that means the same. */
static const struct meaning errors[] = {
    {"invalid_request_error", 400},
    {"exceed_context_size_error", 400},
    {"invalid_argument", 400},
    {"invalidparameter", 400},
    {"failed_precondition", 400},
    {"authentication_error", 401},
    {"invalid_api_key", 401},
    {"invalidapikey", 401},
    {"unauthenticated", 401},
    {"unauthorized", 401},
    {"payment_required", 402},
    {"permission_error", 403},
    {"permission_denied", 403},
    {"accessdenied", 403},
    {"not_found_error", 404},
    {"not_found", 404},
    {"model_not_found", 404},
    {"request_too_large", 413},
    {"rate_limit_error", 429},
    {"rate_limit_exceeded", 429},
    {"rate_limit_reached_error", 429},
    {"resource_exhausted", 429},
    {"throttling", 429},
    {"too_many_requests", 429},
    {"cancelled", 499},
    {"server_error", 500},
    {"internal", 500},
    {"internal_error", 500},
    {"internal_server_error", 500},
    {"internalerror", 500},
    {"api_error", 500},
    {"aborted", 503},
    {"unavailable", 503},
    {"unavailable_error", 503},
    {"service_unavailable", 503},
    {"service_unavailable_error", 503},
    {"stream_cut_off", 503},
    {"timeout", 504},
    {"timeout_error", 504},
    {"request_timeout", 504},
    {"deadline_exceeded", 504},
    {"overloaded", 529},
    {"overloaded_error", 529},
    {"engine_overloaded_error", 529},
};
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The word in small letters up to a colon or a full stop; "": it is none, or too long to be known. */
static void small_word(const siuop_json *v, char out[MOST_WORD])
{
  size_t len = 0, n = 0;
  const char *s = siuop_json_text(v, &len);
  while (n < len && s[n] != ':' && s[n] != '.' && n + 1 < MOST_WORD) {
    out[n] = (char)siuop_ascii_lower((unsigned char)s[n]);
    n++;
  }
  out[n < len && s[n] != ':' && s[n] != '.' ? 0 : n] = '\0';
}

/* -1: not in the table. */
static int meaning_of(const struct meaning *table, size_t count, const char *word)
{
  for (size_t i = 0; i < count; i++)
    if (strcmp(table[i].word, word) == 0)
      return table[i].is;
  return -1;
}

static int is_one_of(const char *const *table, size_t count, const char *word)
{
  for (size_t i = 0; i < count; i++)
    if (strcmp(table[i], word) == 0)
      return 1;
  return 0;
}

int siuop_word_is_none(const siuop_json *word)
{
  return siuop_json_text(word, NULL) == NULL || siuop_json_is(word, "") || siuop_json_is(word, "null");
}

int siuop_word_is_block(const siuop_json *word)
{
  char text[MOST_WORD];
  small_word(word, text);
  return is_one_of(blocks, COUNT(blocks), text);
}

int siuop_word_is_spent(const siuop_json *word)
{
  char text[MOST_WORD];
  small_word(word, text);
  return is_one_of(spent, COUNT(spent), text);
}

int siuop_finish_of(struct siuop_reply *r, const siuop_json *word)
{
  char text[MOST_WORD];
  r->word = siuop_word_is_none(word) ? NULL : word;
  if (r->word == NULL)
    return SIUOP_FINISH_STOP;
  small_word(word, text);
  if (is_one_of(blocks, COUNT(blocks), text))
    return SIUOP_FINISH_BLOCKED;
  if (strncmp(text, malformed, sizeof malformed - 1) == 0)
    return SIUOP_FINISH_PASSING;
  int finish = meaning_of(ends, COUNT(ends), text);
  return finish < 0 ? SIUOP_FINISH_OTHER : finish;
}

int siuop_finish_by_tokens(const struct siuop_reply *r, int finish)
{
  int ended = finish == SIUOP_FINISH_STOP || finish == SIUOP_FINISH_REASONED;
  return ended && r->cap > 0 && r->output_tokens >= r->cap ? SIUOP_FINISH_LENGTH : finish;
}

int siuop_word_status(const siuop_json *word)
{
  char text[MOST_WORD];
  const char *digits = siuop_json_text(word, NULL);
  double n = digits == NULL ? (double)siuop_json_integer(word) : siuop_http_number(digits);
  if (n >= 100 && n < 600)
    return (int)n;
  small_word(word, text);
  int status = meaning_of(errors, COUNT(errors), text);
  return status < 0 ? 0 : status;
}
