/* job.c: what a job tells the host. */
#include "extra.h"
#include "session.h"

uint64_t siuo_job_id(const siuo_job *j)
{
  return j == NULL ? 0 : j->id;
}

const char *siuo_job_key(const siuo_job *j)
{
  return j == NULL ? NULL : j->key;
}

int siuo_job_kind(const siuo_job *j)
{
  return j == NULL ? 0 : j->name.kind;
}

const siuo_item *siuo_job_item(const siuo_job *j)
{
  return j == NULL ? NULL : j->of->item;
}

uint32_t siuo_job_sample(const siuo_job *j)
{
  return j == NULL ? 0 : j->name.sample;
}

uint32_t siuo_job_count(const siuo_job *j)
{
  return j == NULL ? 0 : j->count;
}

uint32_t siuo_job_judge(const siuo_job *j)
{
  return j == NULL ? 0 : j->name.judge;
}

uint32_t siuo_job_variant(const siuo_job *j)
{
  return j == NULL ? 0 : j->name.variant;
}

const char *siuo_job_prompt(const siuo_job *j, size_t *len)
{
  if (len != NULL)
    *len = j == NULL ? 0 : siuo_buf_size(j->prompt);
  return j == NULL ? NULL : siuo_buf_data(j->prompt);
}

const char *siuo_job_question(const siuo_job *j)
{
  return j == NULL || j->question[0] == '\0' ? NULL : j->question;
}

static const struct siuop_ask *ask_of(const siuo_job *j)
{
  return &j->session->protocol->asks[j->name.kind - 1];
}

int siuo_job_has_picture(const siuo_job *j)
{
  return j != NULL && ask_of(j)->picture != SIUOP_PICTURE_NONE;
}

int siuo_job_body(const siuo_job *j, siuo_ctx *ctx, siuo_body **out)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (j == NULL || ctx == NULL)
    return SIUO_EINVAL;
  return siuop_job_write(j, ctx, j->session->streams[j->name.kind - 1][j->name.judge], out);
}

int siuop_job_write(const siuo_job *j, siuo_ctx *ctx, int stream, siuo_body **out)
{
  struct siuop_question q;
  q.stream = stream;
  q.target = &j->session->targets[j->name.kind - 1][j->name.judge];
  q.ask = ask_of(j);
  q.kind = j->name.kind;
  q.manner = &j->session->protocol->manner;
  q.prompt = siuo_job_prompt(j, &q.prompt_len);
  q.count = j->count;
  q.image = NULL;
  if (q.target->api == SIUO_API_TEXT)
    return siuop_fail(ctx, SIUO_EUNSUPPORTED, "job %s: its target has no API, so it has no body", j->key);
  if (siuo_job_has_picture(j)) {
    int rc = siuo_image_open(&q.image, ctx, j->session->ds, j->of->item);
    if (rc != SIUO_OK)
      return rc;
  }
  int rc = siuop_wire_body(out, ctx, &q);
  const char *extra = j->session->extras[j->name.kind - 1][j->name.judge];
  if (rc == SIUO_OK && extra != NULL)
    rc = siuop_extra_add(*out, ctx, extra);
  if (rc != SIUO_OK) {
    siuo_body_free(*out);
    *out = NULL;
  }
  return rc;
}
