/* recorded.c: replies in files, read, kept and given to a session again. */
#include "recorded.h"

#include <string.h>

int siuop_recorded_is_header(const siuop_json *record)
{
  return siuop_json_get(record, "job") == NULL && siuop_json_get(record, "siuo") != NULL;
}

int siuop_recorded_read(siuo_ctx *ctx, const struct siuop_record *record, siuo_buf *scratch,
                        struct siuop_recorded_reply *out)
{
  int rc = siuop_line_read_json(ctx, record->value, scratch, &out->a, &out->id);
  if (rc == SIUO_EFORMAT) {
    char words[256];
    siuop_message_copy(ctx, words, sizeof words);
    rc = siuop_record_fail(ctx, record, rc, "%s", words);
  }
  return rc;
}

static int keep_bytes(struct siuop_arena *arena, const char **bytes, size_t len)
{
  if (*bytes == NULL)
    return SIUO_OK;
  *bytes = siuop_arena_copy(arena, *bytes, len);
  return *bytes == NULL ? SIUO_ENOMEM : SIUO_OK;
}

static int keep_string(struct siuop_arena *arena, const char **string)
{
  return *string == NULL ? SIUO_OK : keep_bytes(arena, string, strlen(*string));
}

int siuop_recorded_keep(struct siuop_arena *arena, struct siuop_recorded_reply *reply)
{
  struct siuop_arrival *a = &reply->a;
  int rc = keep_string(arena, &reply->id);
  if (rc == SIUO_OK)
    rc = keep_bytes(arena, &a->text, a->text_len);
  if (rc == SIUO_OK)
    rc = keep_bytes(arena, &a->body, a->body_len);
  if (rc == SIUO_OK)
    rc = keep_string(arena, &a->failure);
  return rc == SIUO_OK ? keep_string(arena, &a->question) : rc;
}

int siuop_recorded_answer(siuo_session *s, const siuo_job *j, const struct siuop_arrival *a)
{
  if (a->text != NULL)
    return siuo_session_submit_text(s, j->id, a->text, a->text_len);
  if (a->has_verdict)
    return siuo_session_submit_verdict(s, j->id, a->verdict);
  if (a->failure != NULL)
    return siuo_session_fail(s, j->id, a->failure);
  int rc = siuop_session_submit_as(s, j->id, a->api, a->http_status, a->body, a->body_len);
  return rc == SIUO_RETRY ? siuo_session_fail(s, j->id, siuo_ctx_errmsg(s->ctx)) : rc;
}
