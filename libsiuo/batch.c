/* batch.c: the providers' batch files, as they are sent. */
#include "abi.h"
#include "body.h"
#include "session.h"

#include <siuo/batch.h>

#include <stdio.h>

#define OPENAI(path)                                                                                                   \
  "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"" path "\",\"body\":",                                          \
  {                                                                                                                    \
    sizeof(siuo_batch_file), 0, "", "\n", "\n", ".jsonl", path, 50000, 200000000                                       \
  }

static const struct {
  int api;
  const char *before; /* of a request's body; its last brace follows it */
  siuo_batch_file file;
} formats[] = {
    {SIUO_API_OPENAI, OPENAI("/v1/chat/completions")},
    {SIUO_API_OPENAI_RESPONSES, OPENAI("/v1/responses")},
    {SIUO_API_ANTHROPIC,
     "{\"custom_id\":\"%s\",\"params\":",
     {sizeof(siuo_batch_file), 0, "{\"requests\":[\n", ",\n", "\n]}\n", ".json", "/v1/messages", 100000, 256000000}},
};
#define FORMAT_COUNT (sizeof formats / sizeof formats[0])

/* FORMAT_COUNT: there is none. */
static size_t format_of(int api)
{
  size_t i = 0;
  while (i < FORMAT_COUNT && formats[i].api != api)
    i++;
  return i;
}

int siuo_batch_describe(siuo_batch_file *out, int api)
{
  size_t format = format_of(api);
  if (out == NULL)
    return SIUO_EINVAL;
  if (format == FORMAT_COUNT)
    return SIUO_EUNSUPPORTED;
  return siuop_abi_export(out, &formats[format].file, sizeof *out, sizeof *out);
}

int siuo_batch_request(siuo_body **out, siuo_ctx *ctx, const siuo_job *j)
{
  char before[128];
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (j == NULL || ctx == NULL)
    return SIUO_EINVAL;
  int api = j->session->targets[j->name.kind - 1][j->name.judge].api;
  size_t format = format_of(api);
  if (format == FORMAT_COUNT)
    return siuop_fail(ctx, SIUO_EUNSUPPORTED,
                      "job %s: there are batch files of openai, openai-responses and anthropic, not of %s", j->key,
                      siuo_api_name(api));
  int rc = siuop_job_write(j, ctx, 0, out);
  if (rc != SIUO_OK)
    return rc;
  snprintf(before, sizeof before, formats[format].before, j->key);
  rc = siuop_body_wrap(*out, before, "}");
  if (rc != SIUO_OK) {
    siuo_body_free(*out);
    *out = NULL;
  }
  return rc;
}
