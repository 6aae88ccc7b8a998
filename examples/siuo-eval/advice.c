/* advice.c: which option helps against what a server says. */
#include "advice.h"

#include <siuo/siuo.h>

#include <string.h>

const char *advice_cap_option(int kind)
{
  switch (kind) {
  case SIUO_JOB_GENERATE:
    return "--max-tokens";
  case SIUO_JOB_CHOOSE:
    return "--choice-max-tokens";
  default:
    return "--judge-max-tokens";
  }
}

/* Words of an error, and what helps where the model was asked, and where a judge was (NULL: nothing that is known). The
 * first row that fits counts. */
static const struct {
  const char *words;
  const char *model, *judge;
} known[] = {
    {"credit balance", "the account has nothing left to spend", "the account has nothing left to spend"},
    {"API_KEY_INVALID", "check the key", "check the key"},
    {"higher max_tokens", "raise --max-tokens, or for multiple choice --choice-max-tokens", "raise --judge-max-tokens"},
    {"context length", "lower --max-tokens", "lower --judge-max-tokens"},
    {"too large: ", "lower --max-tokens", "lower --judge-max-tokens"},
    {"Use 'max_completion_tokens'", "leave --old-max-tokens out", "leave --old-max-tokens out"},
    {"max_completion_tokens", "--old-max-tokens gives that field its older name",
     "--old-max-tokens gives that field its older name"},
    {"temperature", "--omit temperature leaves that field out", "--judge-omit temperature leaves that field out"},
    {"candidate", "--omit n asks for one answer a request", NULL},
    {"greedy sampling", "--omit n asks for one answer a request", NULL},
    {"n_cmpl", "--omit n asks for one answer a request", NULL},
    {"tokenize prompt", "does the model's name give the server's media_marker after an @, as GET /props tells it?",
     "does the judge's name give the server's media_marker after an @, as GET /props tells it?"},
    {"response_format", NULL, "leave --judge-schema out"},
    {"schema", NULL, "leave --judge-schema out"},
};

static int holds(const char *body, size_t len, const char *words)
{
  size_t n = strlen(words);
  for (size_t i = 0; i + n <= len; i++)
    if (body[i] == words[0] && memcmp(body + i, words, n) == 0)
      return 1;
  return 0;
}

static const char *advice_of_status(int status)
{
  switch (status) {
  case 401:
  case 403:
    return "check the key, and whether it may use the model";
  case 402:
  case 429:
    return "has the account anything left to spend?";
  case 404:
  case 405:
    return "check the model's name, --api, and the endpoint, whose path ends before what was added here";
  case 413:
    return "the pictures are larger than the server takes";
  default:
    if (status < 300 || status >= 500)
      return NULL;
    return status < 400 ? "redirects are not followed: is it https, or another address?"
                        : "check the options that shape the requests";
  }
}

const char *advice_of(int kind, int status, const char *body, size_t len)
{
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    const char *helps = kind >= SIUO_JOB_JUDGE_SAFETY ? known[i].judge : known[i].model;
    if (helps != NULL && holds(body, len, known[i].words))
      return helps;
  }
  return advice_of_status(status);
}
