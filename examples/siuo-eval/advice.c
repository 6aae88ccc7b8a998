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

#define BOTH(words) words, words
#define FEWER       "lower --max-tokens, or for multiple choice --choice-max-tokens"
#define JUDGE_FEWER "lower --judge-max-tokens"
#define WIDER       ", or give the server a larger context (llama.cpp: --ctx-size; vLLM: --max-model-len)"
#define ONE         "--omit n asks for one answer a request"
#define OLDER       "--old-max-tokens gives that field its older name"
#define NO_SCHEMA   "leave --judge-schema out"
#define NO_GRAMMAR  "leave --judge-schema out: the server can't hold a reply to it"
#define CHECK_NAME  "check the model's name"
#define CHECK_PATH  "check --endpoint: it ends before what was added here, as in /v1"
#define OTHER_FORM                                                                                                     \
  "the server can't read the picture: make it PNG or JPEG (llama.cpp reads WebP only if it was built to)"
#define NO_EYES "the server's model takes no pictures: it lacks its projector (llama.cpp: --mmproj), or is another one"
#define STREAM_ONLY                                                                                                    \
  "the model answers only as a stream: --stream asks for one",                                                         \
      "the judge answers only as a stream: --judge-stream asks for one"
#define NAME_IN_BODY "the server routes by a model's name, which these requests don't hold: say it in a file for "

/* Words of an error, others that stand in it, too (NULL: none), and what helps where the model was asked, and where a
 * judge was (NULL: nothing that is known). The first row that fits counts. */
static const struct {
  const char *words, *others;
  const char *model, *judge;
} known[] = {
    {"credit balance", NULL, BOTH("the account has nothing left to spend")},
    {"nsufficient credits", NULL, BOTH("the account has nothing left to spend")},
    {"nsufficient Balance", NULL, BOTH("the account has nothing left to spend")},
    {" per day", NULL, BOTH("that is a limit of a day: the same command goes on when it is over")},
    {"PerDay", NULL, BOTH("that is a limit of a day: the same command goes on when it is over")},
    {"per-day", NULL, BOTH("that is a limit of a day: the same command goes on when it is over")},
    {"API_KEY_INVALID", NULL, BOTH("check the key")},
    {"Proxy Authentication", NULL,
     BOTH("a proxy wants a password: see the environment variables http_proxy, https_proxy and no_proxy")},
    {"Unexpected endpoint", NULL, BOTH(CHECK_PATH)},
    {"Unknown request URL", NULL, BOTH(CHECK_PATH)},
    {"Invalid URL", NULL, BOTH(CHECK_PATH)},
    {"Cannot POST", NULL, BOTH(CHECK_PATH)},
    {"model name is missing", NULL, NAME_IN_BODY "--extra, such as {\"model\": \"NAME\"}",
     NAME_IN_BODY "--judge-extra, such as {\"model\": \"NAME\"}"},
    {"higher max_tokens", NULL, "raise --max-tokens, or for multiple choice --choice-max-tokens",
     "raise --judge-max-tokens"},
    {"_tokens", "less than or equal", FEWER, JUDGE_FEWER},
    {"_tokens", "Value must be between", FEWER, JUDGE_FEWER},
    {"n_predict", "Value must be between", FEWER, JUDGE_FEWER},
    {"maximum allowed number of output tokens", NULL, FEWER, JUDGE_FEWER},
    {"too large: ", NULL, FEWER, JUDGE_FEWER},
    {"context length", NULL, FEWER WIDER, JUDGE_FEWER WIDER},
    {"context size", NULL, FEWER WIDER, JUDGE_FEWER WIDER},
    {"context_size", NULL, FEWER WIDER, JUDGE_FEWER WIDER},
    {"context window", NULL, FEWER WIDER, JUDGE_FEWER WIDER},
    {"context_length", NULL, FEWER WIDER, JUDGE_FEWER WIDER},
    {"Use 'max_completion_tokens'", NULL, BOTH("leave --old-max-tokens out")},
    {"max_completion_tokens", NULL, BOTH(OLDER)},
    {"temperature", NULL, "--omit temperature leaves that field out", "--judge-omit temperature leaves that field out"},
    {"candidate", NULL, ONE, NULL},
    {"greedy sampling", NULL, ONE, NULL},
    {"n_cmpl", NULL, ONE, NULL},
    {"'n'", NULL, ONE, NULL},
    {"parameter n", NULL, ONE, NULL},
    {"n > 1", NULL, ONE, NULL},
    {"tokenize prompt", NULL,
     "does the model's name give the server's media_marker after an @, as GET /props tells it?",
     "does the judge's name give the server's media_marker after an @, as GET /props tells it?"},
    {"initialize samplers", NULL, "the server can't make a grammar of what --extra asks for", NO_GRAMMAR},
    {"grammar", NULL, "the server can't make a grammar of what --extra asks for", NO_GRAMMAR},
    {"response_format", NULL, NULL, NO_SCHEMA},
    {"output_config", NULL, NULL, NO_SCHEMA},
    {"schema", NULL, NULL, NO_SCHEMA},
    {"load image", NULL, BOTH(OTHER_FORM)},
    {"identify image", NULL, BOTH(OTHER_FORM)},
    {"decode image", NULL, BOTH(OTHER_FORM)},
    {"image: unknown format", NULL, BOTH(OTHER_FORM)},
    {"nsupported image", NULL, BOTH(OTHER_FORM)},
    {"nvalid image", NULL, BOTH(OTHER_FORM)},
    {"process image", NULL, BOTH(OTHER_FORM)},
    {"valid image", NULL, BOTH(OTHER_FORM)},
    {"mmproj", NULL, BOTH(NO_EYES)},
    {"image input is not supported", NULL, BOTH(NO_EYES)},
    {"not support image", NULL, BOTH(NO_EYES)},
    {"not a multimodal model", NULL, BOTH(NO_EYES)},
    {"only support stream", NULL, STREAM_ONLY},
    {"only supports stream", NULL, STREAM_ONLY},
    {"non-stream", NULL, STREAM_ONLY},
    {"treaming is required", NULL, STREAM_ONLY},
    {"identifier is invalid", NULL, BOTH(CHECK_NAME)},
    {"model", "not found", BOTH(CHECK_NAME)},
    {"model", "does not exist", BOTH(CHECK_NAME)},
    {"model", "not a valid", BOTH(CHECK_NAME)},
    {"nvalid model", NULL, BOTH(CHECK_NAME)},
    {"nknown model", NULL, BOTH(CHECK_NAME)},
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
  case 407:
  case 511:
    return "a proxy wants a password: see the environment variables http_proxy, https_proxy and no_proxy";
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
    if (helps != NULL && holds(body, len, known[i].words) &&
        (known[i].others == NULL || holds(body, len, known[i].others)))
      return helps;
  }
  return advice_of_status(status);
}
