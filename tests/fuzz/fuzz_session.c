/* fuzz_session.c: a session that gets any lines to restore and any replies: it never breaks, and what it gives to its
 * sink it takes back. */
#include "fuzz.h"

static const char items[] =
    "[{\"question_id\": 1, \"image\": \"a\", \"question\": \"q\", \"category\": \"c\", \"safety_warning\": \"w\", "
    "\"reference_answer\": \"r\"},\n {\"question_id\": 2, \"image\": \"a\", \"question\": \"q\", \"category\": \"c\", \"options\": "
    "{\"A\": \"x\", \"B\": \"y\"}, \"correct_option\": \"B\"}]";

static siuo_session *other; /* what was made of the same lines */

static int sink(const void *line, size_t len, void *user)
{
  siuo_ctx *ctx = user;
  int rc = siuo_session_restore(other, line, len);
  fuzz_check_message(ctx, rc);
  MUST(rc == SIUO_OK);
  return 0;
}

static siuo_session *make(siuo_ctx *ctx, const siuo_dataset *ds, const siuo_protocol *p, int with_sink, int api)
{
  siuo_session_options o;
  siuo_session *s = NULL;
  siuo_session_options_init(&o, sizeof o);
  o.samples = 2;
  o.judges = 2;
  o.permutations = 2;
  o.sink = with_sink ? sink : NULL;
  o.sink_user = ctx;
  MUST(siuo_session_new(&s, ctx, ds, p, &o) == SIUO_OK);
  for (int kind = 1; kind <= 4; kind++)
    for (uint32_t judge = 0; judge < (kind > 2 ? 2u : 1u); judge++) {
      siuo_target t;
      siuo_target_init(&t, sizeof t, p, kind);
      t.api = api;
      t.model = "blip-2"; /* a template for llamacpp, a name for the others */
      MUST(siuo_session_set_target(s, kind, judge, &t) == SIUO_OK);
    }
  return s;
}

/* Lines: each is restored, or refused. */
static void restore_all(siuo_ctx *ctx, siuo_session *s, const char *text, size_t len)
{
  for (size_t at = 0; at < len;) {
    const char *end = memchr(text + at, '\n', len - at);
    size_t n = end == NULL ? len - at : (size_t)(end - text) - at;
    fuzz_check_message(ctx, siuo_session_restore(s, text + at, n));
    at += n + 1;
  }
}

static void answer_all(siuo_ctx *ctx, siuo_session *s, const char *text, size_t len, int api)
{
  const siuo_job *job = NULL;
  for (int i = 0; i < 64 && siuo_session_next(s, &job) == SIUO_OK; i++) {
    uint64_t id = siuo_job_id(job);
    double wait = 0;
    int rc = i % 2 == 0 || api == SIUO_API_TEXT ? siuo_session_submit_text(s, id, text, len)
                                                : siuo_session_submit(s, id, 200, text, len, text, len, &wait);
    fuzz_check_message(ctx, rc);
    if (rc != SIUO_OK)
      MUST(siuo_session_fail(s, id, "no") == SIUO_OK);
  }
  MUST(siuo_session_metrics(s) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
  siuo_ctx *ctx = fuzz_ctx();
  siuo_dataset *ds = NULL;
  siuo_protocol *p = NULL;
  int api = len == 0 ? 0 : bytes[0] % 7;
  MUST(siuo_dataset_parse(&ds, ctx, items, sizeof items - 1, NULL) == SIUO_OK);
  MUST(siuo_protocol_default(&p, ctx) == SIUO_OK);
  other = make(ctx, ds, p, 0, api);
  siuo_session *s = make(ctx, ds, p, 1, api);
  siuo_session *restored = make(ctx, ds, p, 0, api);
  answer_all(ctx, s, (const char *)bytes, len, api);
  restore_all(ctx, restored, (const char *)bytes, len);
  answer_all(ctx, restored, "True", 4, api);
  siuo_session_free(s);
  siuo_session_free(other);
  siuo_session_free(restored);
  siuo_protocol_free(p);
  siuo_dataset_free(ds);
  siuo_ctx_free(ctx);
  return 0;
}
