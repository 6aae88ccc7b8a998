/* extra.c: members of the host's own, merged into a request body. A body is text around one picture that is not in
 * memory, so a marker stands in the picture's place while the body is an object. */
#include "extra.h"

#include <stdio.h>
#include <string.h>

#define MARKER_SIZE 32

/* A word that stands in neither text. It is drawn by a key that nobody knows, so no text can be full of the words that
 * are tried; as good as always the first one will do. */
static void find_marker(siuo_ctx *ctx, const char *text, const char *extra, char marker[MARKER_SIZE])
{
  uint64_t n = 0;
  do {
    uint64_t drawn = siuop_siphash(siuop_hash_key(ctx), &n, sizeof n);
    snprintf(marker, MARKER_SIZE, "(place %016llx)", (unsigned long long)drawn);
    n++;
  } while (strstr(text, marker) != NULL || strstr(extra, marker) != NULL);
}

static int is_once(const char *text, const char *marker)
{
  const char *found = strstr(text, marker);
  return found != NULL && strstr(found + 1, marker) == NULL;
}

/* The body's text with the marker in the picture's place, and merged. */
static int merge(siuo_buf **out, siuo_ctx *ctx, const siuo_body *body, const char *marker, const char *extra)
{
  siuo_buf *marked = NULL;
  siuop_json *v = NULL;
  siuop_json *patch = NULL;
  const char *text = siuo_buf_data(body->text);
  size_t split = body->image == NULL ? siuo_buf_size(body->text) : body->split;
  int rc = siuop_buf_new(&marked, ctx);
  if (rc == SIUO_OK) {
    siuop_buf_add(marked, text, split);
    if (body->image != NULL)
      siuop_buf_add_text(marked, marker);
    rc = siuop_buf_add(marked, text + split, siuo_buf_size(body->text) - split);
  }
  if (rc == SIUO_OK)
    rc = siuop_json_parse(&v, ctx, "body", 1, siuo_buf_data(marked), siuo_buf_size(marked));
  if (rc == SIUO_OK)
    rc = siuop_json_parse(&patch, ctx, "extra", 1, extra, strlen(extra));
  if (rc == SIUO_OK && siuop_json_merge(v, patch) != 0)
    rc = siuop_fail_plain(ctx, SIUO_ENOMEM);
  if (rc == SIUO_OK)
    rc = siuop_buf_new(out, ctx);
  if (rc == SIUO_OK)
    rc = siuop_json_write_line(v, *out);
  siuop_json_free(v);
  siuop_json_free(patch);
  siuo_buf_free(marked);
  return rc;
}

static int touches(siuo_ctx *ctx)
{
  return siuop_fail(ctx, SIUO_EINVAL, "extra: it would replace the question or its picture in the request");
}

int siuop_extra_add(siuo_body *body, siuo_ctx *ctx, const char *extra)
{
  char marker[MARKER_SIZE];
  siuo_buf *merged = NULL;
  find_marker(ctx, siuo_buf_data(body->text), extra, marker);
  int rc = merge(&merged, ctx, body, marker, extra);
  if (rc == SIUO_OK && body->image != NULL && !is_once(siuo_buf_data(merged), marker))
    rc = touches(ctx);
  if (rc == SIUO_OK) {
    const char *text = siuo_buf_data(merged);
    const char *place = body->image == NULL ? text + siuo_buf_size(merged) : strstr(text, marker);
    const char *rest = body->image == NULL ? place : place + strlen(marker);
    body->split = (size_t)(place - text);
    siuop_buf_drop(body->text, siuo_buf_size(body->text));
    siuop_buf_add(body->text, text, body->split);
    rc = siuop_buf_add(body->text, rest, siuo_buf_size(merged) - (size_t)(rest - text));
  }
  siuo_buf_free(merged);
  return rc;
}

/* ---- the question ---- */

static int write_body(siuo_body **out, siuo_ctx *ctx, const siuo_target *t, const struct siuop_ask *ask,
                      const char *prompt)
{
  struct siuop_question q;
  memset(&q, 0, sizeof q);
  q.target = t;
  q.ask = ask;
  q.prompt = prompt;
  q.prompt_len = strlen(prompt);
  q.count = 1;
  return siuop_wire_body(out, ctx, &q);
}

int siuop_extra_check(siuo_ctx *ctx, const siuo_target *t, const struct siuop_ask *ask, const char *extra)
{
  char marker[MARKER_SIZE];
  siuo_body *body = NULL;
  siuo_buf *merged = NULL;
  if (siuop_wire(t->api) == NULL)
    return SIUO_OK; /* the host makes its own requests */
  int rc = write_body(&body, ctx, t, ask, "");
  if (rc == SIUO_OK) {
    find_marker(ctx, siuo_buf_data(body->text), extra, marker);
    siuo_body_free(body);
    rc = write_body(&body, ctx, t, ask, marker);
  }
  if (rc == SIUO_OK)
    rc = merge(&merged, ctx, body, marker, extra);
  if (rc == SIUO_OK && !is_once(siuo_buf_data(merged), marker))
    rc = touches(ctx);
  siuo_buf_free(merged);
  siuo_body_free(body);
  return rc;
}
