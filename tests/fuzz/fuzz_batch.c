/* fuzz_batch.c: any lines as the results of a batch, @KEY@ and @JUDGE@ in them being keys of the session: it never
 * breaks, each line becomes one thing, and the same lines again change nothing. */
#include "fuzz.h"

#include <stdio.h>

static const char items[] =
    "[{\"question_id\": 1, \"image\": \"a\", \"question\": \"q\", \"category\": \"c\", \"safety_warning\": \"w\", "
    "\"reference_answer\": \"r\"}]";

static int count_lines(const void *line, size_t len, void *user)
{
  (void)line;
  (void)len;
  ++*(size_t *)user;
  return 0;
}

/* A copy with the keys of a job and of its judge in the places of their words; the caller frees it. */
static char *with_keys(const uint8_t *bytes, size_t *len, uint64_t id)
{
  static const char *const words[] = {"@KEY@", "@JUDGE@"};
  char *out = malloc(*len * 4 + 17);
  size_t to = 0;
  MUST(out != NULL);
  for (size_t at = 0; at < *len;) {
    int i = 0;
    while (i < 2 && (*len - at < strlen(words[i]) || memcmp(bytes + at, words[i], strlen(words[i])) != 0))
      i++;
    if (i == 2) {
      out[to++] = (char)bytes[at++];
      continue;
    }
    uint64_t kind = i == 0 ? SIUO_JOB_GENERATE : SIUO_JOB_JUDGE_SAFETY; /* its place in an id: session_id.c */
    to += (size_t)snprintf(out + to, 17, "%016llx", (unsigned long long)((id & ~(UINT64_C(7) << 21)) | kind << 21));
    at += strlen(words[i]);
  }
  *len = to;
  return out;
}

static void take_all(siuo_ctx *ctx, siuo_batch *b, const char *text, size_t len)
{
  for (size_t at = 0; at < len;) {
    const char *end = memchr(text + at, '\n', len - at);
    size_t n = end == NULL ? len - at : (size_t)(end - text) - at;
    int what = -1;
    int rc = siuo_batch_take(b, text + at, n, &what);
    fuzz_check_message(ctx, rc);
    MUST(rc == SIUO_OK || rc == SIUO_EFORMAT);
    MUST(rc == SIUO_OK ? what >= SIUO_BATCH_TAKEN && what <= SIUO_BATCH_HELD : what == 0);
    at += n + 1;
  }
  MUST(siuo_batch_finish(b) == SIUO_OK);
}

static siuo_session *make(siuo_ctx *ctx, const siuo_dataset *ds, const siuo_protocol *p, int api, size_t *lines)
{
  siuo_session_options o;
  siuo_session *s = NULL;
  siuo_session_options_init(&o, sizeof o);
  o.samples = 2;
  o.sink = count_lines;
  o.sink_user = lines;
  MUST(siuo_session_new(&s, ctx, ds, p, &o) == SIUO_OK);
  for (int kind = 1; kind <= 4; kind++) {
    siuo_target t;
    siuo_target_init(&t, sizeof t, p, kind);
    t.api = api;
    t.model = "m";
    MUST(siuo_session_set_target(s, kind, 0, &t) == SIUO_OK);
  }
  return s;
}

static void run(siuo_ctx *ctx, siuo_session *s, const char *text, size_t len, size_t *lines)
{
  siuo_batch *b = NULL;
  MUST(siuo_batch_new(&b, s) == SIUO_OK);
  take_all(ctx, b, text, len);
  uint64_t closed = siuo_batch_count(b, SIUO_BATCH_TAKEN) + siuo_batch_count(b, SIUO_BATCH_FAILED);
  MUST(closed == *lines);
  uint64_t held = siuo_batch_count(b, SIUO_BATCH_HELD);
  take_all(ctx, b, text, len);
  MUST(siuo_batch_count(b, SIUO_BATCH_TAKEN) + siuo_batch_count(b, SIUO_BATCH_FAILED) == closed && *lines == closed);
  MUST(held == 0 || siuo_batch_count(b, SIUO_BATCH_HELD) >= held);
  siuo_batch_free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
  siuo_ctx *ctx = fuzz_ctx();
  siuo_dataset *ds = NULL;
  siuo_protocol *p = NULL;
  size_t lines = 0;
  int api = SIUO_API_OPENAI + (len == 0 ? 0 : bytes[len - 1] % 3);
  const siuo_job *job = NULL;
  MUST(siuo_dataset_parse(&ds, ctx, items, sizeof items - 1, NULL) == SIUO_OK);
  MUST(siuo_protocol_default(&p, ctx) == SIUO_OK);
  siuo_session *s = make(ctx, ds, p, api, &lines);
  siuo_session *other = make(ctx, ds, p, api, &lines);
  MUST(siuo_session_next(other, &job) == SIUO_OK);
  char *text = with_keys(bytes, &len, siuo_job_id(job));
  siuo_session_free(other);
  run(ctx, s, text, len, &lines);
  siuo_session_free(s);
  siuo_protocol_free(p);
  siuo_dataset_free(ds);
  siuo_ctx_free(ctx);
  free(text);
  return 0;
}
