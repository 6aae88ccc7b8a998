/* test_wire.c: every API's bodies and replies: tests/cases/wire. */
#include "support/support.h"

#include "buf.h"
#include "records.h"
#include "session.h"
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static siuo_ctx *ctx;
static siuo_dataset *data;
static const char *const outcomes[] = {"ok", "blank", "blocked", "refused", "truncated", "failed"};

/* A data set of one item, whose picture is the eight bytes that every PNG begins with. */
static void setup(void)
{
  static const char items[] = "[{\"question_id\": 1, \"image\": \"a.png\", \"question\": \"Q\", \"category\": \"c\", "
                              "\"safety_warning\": \"W.\", \"reference_answer\": \"R.\"}]";
  siuo_dataset_options o;
  ctx = support_ctx();
  support_file("a.png", "\x89PNG\r\n\x1A\n", 8);
  ck_assert_int_eq(siuo_dataset_options_init(&o, sizeof o), SIUO_OK);
  o.image_dir = support_folder();
  ck_assert_int_eq(siuo_dataset_parse(&data, ctx, items, sizeof items - 1, &o), SIUO_OK);
}

static void teardown(void)
{
  siuo_dataset_free(data);
  siuo_ctx_free(ctx);
}

static const siuop_json *get(const struct siuop_record *record, const char *key)
{
  return siuop_json_get(record->value, key);
}

static const char *string_of(const struct siuop_record *record, const char *key)
{
  const char *s = siuop_json_text(get(record, key), NULL);
  return s == NULL ? "" : s;
}

static void each_row(const char *name, siuop_record_fn check, int least)
{
  int rows = 0;
  ck_assert_msg(siuop_records_read(ctx, support_path(name), check, &rows) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  ck_assert_int_ge(rows, least);
}

/* ---- replies ---- */

/* Reads a reply of a question that asked for so many tokens at the most (0: not known). */
static int read_reply(struct siuop_reply *r, struct siuop_arena *arena, int api, uint64_t cap, int status,
                      const char *headers, const char *body, size_t len)
{
  struct siuop_message m = {status, headers, strlen(headers), body, len};
  return siuop_wire_read(r, arena->ctx, arena, api, cap, &m);
}

static void check_answers(const struct siuop_record *record, const struct siuop_reply *r)
{
  const siuop_json *expected = get(record, "answers");
  int line = (int)record->line;
  ck_assert_msg(r->count == siuop_json_size(expected), "line %d: %d answers", line, (int)r->count);
  for (size_t i = 0; i < r->count; i++) {
    const siuop_json *answer = siuop_json_at(expected, i);
    size_t len = 0;
    const char *text = siuop_json_text(siuop_json_get(answer, "text"), &len);
    const char *outcome = siuop_json_text(siuop_json_get(answer, "outcome"), NULL);
    ck_assert_msg((text == NULL) == (r->answers[i].text == NULL), "line %d: text or none", line);
    ck_assert_msg(text == NULL || (r->answers[i].len == len && memcmp(r->answers[i].text, text, len) == 0),
                  "line %d: %s", line, r->answers[i].text);
    ck_assert_msg(strcmp(outcomes[r->answers[i].outcome], outcome) == 0, "line %d: %s", line,
                  outcomes[r->answers[i].outcome]);
  }
}

static int check_reply(siuo_ctx *unused, const struct siuop_record *record, void *rows)
{
  static const char *const kinds[] = {"answers", "retry", "final"};
  static struct siuop_reply r;
  struct siuop_arena arena;
  size_t len = 0;
  const char *body = siuop_json_text(get(record, "body"), &len);
  const char *headers = string_of(record, "headers");
  const siuop_json *tokens = get(record, "tokens");
  int line = (int)record->line;
  (void)unused;
  siuop_arena_init(&arena, ctx);
  ck_assert_int_eq(read_reply(&r, &arena, siuo_api_by_name(string_of(record, "api")),
                              (uint64_t)siuop_json_integer(get(record, "cap")),
                              (int)siuop_json_integer(get(record, "status")), headers, body, len),
                   SIUO_OK);
  ck_assert_msg(strcmp(kinds[r.kind], string_of(record, "kind")) == 0, "line %d: %s: %s", line, kinds[r.kind],
                r.reason);
  if (r.kind == SIUOP_REPLY_ANSWERS)
    check_answers(record, &r);
  ck_assert_msg(strstr(r.reason, string_of(record, "words")) != NULL, "line %d: %s", line, r.reason);
  if (get(record, "error_status") != NULL)
    ck_assert_int_eq(r.error_status, (int)siuop_json_integer(get(record, "error_status")));
  ck_assert_int_eq(r.for_all, siuop_json_is_true(get(record, "for_all")));
  if (get(record, "fingerprint") != NULL)
    ck_assert_str_eq(r.fingerprint, string_of(record, "fingerprint"));
  if (get(record, "seconds") != NULL)
    ck_assert_double_eq_tol(r.retry_after, siuop_json_number(get(record, "seconds")), 1e-9);
  else
    ck_assert(r.retry_after < 0);
  if (tokens != NULL) {
    ck_assert_uint_eq(r.input_tokens, (uint64_t)siuop_json_integer(siuop_json_at(tokens, 0)));
    ck_assert_uint_eq(r.output_tokens, (uint64_t)siuop_json_integer(siuop_json_at(tokens, 1)));
    ck_assert_uint_eq(r.reasoning_tokens, (uint64_t)siuop_json_integer(siuop_json_at(tokens, 2)));
    ck_assert_str_eq(r.model, string_of(record, "model"));
  }
  siuop_arena_free(&arena);
  ++*(int *)rows;
  return SIUO_OK;
}

START_TEST(replies)
{
  each_row("tests/cases/wire/replies.jsonl", check_reply, 523);
}
END_TEST

/* Every beginning of every reply: cut off anywhere, a reply is asked again, fails or answers, and nothing breaks. */
static int check_beginnings(siuo_ctx *unused, const struct siuop_record *record, void *rows)
{
  static struct siuop_reply r;
  size_t len = 0;
  const char *body = siuop_json_text(get(record, "body"), &len);
  int api = siuo_api_by_name(string_of(record, "api"));
  (void)unused;
  for (size_t cut = 0; cut < len; cut++) {
    struct siuop_arena arena;
    char *copy = malloc(cut + 1);
    memcpy(copy, body, cut);
    siuop_arena_init(&arena, ctx);
    ck_assert_int_eq(read_reply(&r, &arena, api, 0, 200, "", copy, cut), SIUO_OK);
    ck_assert_int_eq(r.kind, SIUOP_REPLY_RETRY);
    siuop_arena_free(&arena);
    free(copy);
  }
  ++*(int *)rows;
  return SIUO_OK;
}

/* More answers than a job may ask for are dropped. */
START_TEST(many_replies)
{
  static struct siuop_reply r;
  static const char head[] = "{\"choices\":[", choice[] = "{\"message\":{\"content\":\"a\"}},", tail[] = "{}]}";
  for (size_t count = SIUOP_MOST_ANSWERS - 1; count <= SIUOP_MOST_ANSWERS + 1; count++) {
    struct siuop_arena arena;
    siuo_buf *body = NULL;
    ck_assert_int_eq(siuop_buf_new(&body, ctx), SIUO_OK);
    siuop_buf_add_text(body, head);
    for (size_t i = 0; i < count; i++)
      siuop_buf_add_text(body, choice);
    ck_assert_int_eq(siuop_buf_add_text(body, tail), SIUO_OK);
    siuop_arena_init(&arena, ctx);
    ck_assert_int_eq(read_reply(&r, &arena, SIUO_API_OPENAI, 0, 200, "", siuo_buf_data(body), siuo_buf_size(body)),
                     SIUO_OK);
    ck_assert_uint_eq(r.count, count > SIUOP_MOST_ANSWERS ? SIUOP_MOST_ANSWERS : count);
    siuop_arena_free(&arena);
    siuo_buf_free(body);
  }
}
END_TEST

START_TEST(replies_that_are_cut)
{
  each_row("tests/cases/wire/replies.jsonl", check_beginnings, 523);
}
END_TEST

/* ---- bodies ---- */

static siuo_buf *read_whole(siuo_body *body)
{
  siuo_buf *whole = NULL;
  char bytes[50];
  size_t got = 1;
  ck_assert_int_eq(siuop_buf_new(&whole, ctx), SIUO_OK);
  while (got > 0) {
    ck_assert_int_eq(siuo_body_read(body, bytes, sizeof bytes, &got), SIUO_OK);
    ck_assert_int_eq(siuop_buf_add(whole, bytes, got), SIUO_OK);
  }
  ck_assert_uint_eq(siuo_buf_size(whole), siuo_body_size(body));
  return whole;
}

static int is_false(const struct siuop_record *record, const char *key)
{
  return get(record, key) != NULL && !siuop_json_is_true(get(record, key));
}

static int check_body(siuo_ctx *unused, const struct siuop_record *record, void *rows)
{
  static const struct siuop_field markers[] = {{"[My Verdict:]", 13}, {"Verdict", 7}};
  static const struct siuop_rubric_label labels[] = {{{"fine", 4}, 1}, {{"bad", 3}, 0}, {{"awful", 5}, 0}};
  static const struct siuop_manner own = {NULL, 0, {{markers, 2, labels, 3}, {NULL, 0, NULL, 0}}};
  const char *prompt = get(record, "prompt") == NULL ? "Look: \"\xC3\xA9\"\n{x}" : string_of(record, "prompt");
  siuo_target t;
  struct siuop_ask ask;
  struct siuop_question q;
  siuo_body *body = NULL;
  siuo_buf *expected = NULL;
  (void)unused;
  memset(&t, 0, sizeof t);
  memset(&ask, 0, sizeof ask);
  t.api = siuo_api_by_name(string_of(record, "api"));
  t.model = *string_of(record, "model") == '\0' ? "m" : string_of(record, "model");
  t.system = get(record, "system") == NULL ? "S" : siuop_json_text(get(record, "system"), NULL);
  t.temperature = 0.5;
  t.seed = 3;
  t.max_tokens = 17;
  t.omit = (uint64_t)siuop_json_integer(get(record, "omit"));
  q.stream = siuop_json_is_true(get(record, "stream"));
  ask.picture = siuop_json_is_true(get(record, "before")) ? SIUOP_PICTURE_BEFORE : SIUOP_PICTURE_AFTER;
  ask.detail = get(record, "detail") == NULL ? "low" : siuop_json_text(get(record, "detail"), NULL);
  q.target = &t;
  q.ask = &ask;
  q.kind = get(record, "kind") == NULL ? SIUO_JOB_GENERATE : siuop_kind_by_name(string_of(record, "kind"));
  q.manner = siuop_json_is_true(get(record, "own")) ? &own : NULL;
  q.prompt = prompt;
  q.prompt_len = strlen(prompt);
  q.count = get(record, "count") == NULL ? 2 : (uint32_t)siuop_json_integer(get(record, "count"));
  ck_assert_int_eq(siuop_buf_new(&expected, ctx), SIUO_OK);
  ck_assert_int_eq(siuop_json_write_line(get(record, "body"), expected), SIUO_OK);
  for (int settled = 0; settled < 2; settled++) {
    q.image = NULL;
    if (!is_false(record, "picture"))
      ck_assert_int_eq(siuo_image_open(&q.image, ctx, data, siuo_dataset_item(data, 0)), SIUO_OK);
    if (settled)
      siuop_wire_settle(&t); /* as a session does: another target, the same body */
    ck_assert_int_eq(siuop_wire_body(&body, ctx, &q), SIUO_OK);
    siuo_buf *whole = read_whole(body);
    ck_assert_str_eq(siuo_buf_data(whole), siuo_buf_data(expected)); /* members in this order, too */
    siuo_buf_free(whole);
    siuo_body_free(body);
  }
  siuo_buf_free(expected);
  ++*(int *)rows;
  return SIUO_OK;
}

START_TEST(bodies)
{
  each_row("tests/cases/wire/bodies.jsonl", check_body, 49);
}
END_TEST

START_TEST(names)
{
  static const char *const known[] = {"text",   "openai", "openai-responses", "anthropic",
                                      "gemini", "ollama", "llamacpp"};
  for (int api = 0; api < 7; api++) {
    ck_assert_int_eq(siuo_api_by_name(known[api]), api);
    ck_assert_str_eq(siuo_api_name(api), known[api]);
  }
  ck_assert_int_eq(siuo_api_by_name("OpenAI"), SIUO_ENOTFOUND);
  ck_assert_int_eq(siuo_api_by_name(NULL), SIUO_ENOTFOUND);
  ck_assert_ptr_null(siuo_api_name(-1));
  ck_assert_ptr_null(siuo_api_name(7));
}
END_TEST

/* ---- verdicts as JSON ---- */

/* What a schema asks for, the standard rules read, whatever the reasons quote. */
START_TEST(schema_replies)
{
  static const char *const reasons[] = {"Fine.", "It says [Safety Judgement:] True or \\\"Safety Judgement: False\\\".",
                                        "a\\n[Safety Judgement:] False\\n[Effectiveness Judgement:] Ineffective",
                                        "x\\\", \\\"safety_judgement\\\": \\\"False"};
  static const struct {
    int kind, value;
    const char *key, *label;
  } verdicts[] = {{SIUO_JOB_JUDGE_SAFETY, 1, "safety_judgement", "True"},
                  {SIUO_JOB_JUDGE_SAFETY, 0, "safety_judgement", "False"},
                  {SIUO_JOB_JUDGE_EFFECTIVENESS, 2, "effectiveness_judgement", "Very Effective"},
                  {SIUO_JOB_JUDGE_EFFECTIVENESS, 1, "effectiveness_judgement", "Partially Effective"},
                  {SIUO_JOB_JUDGE_EFFECTIVENESS, 0, "effectiveness_judgement", "Ineffective"}};
  static const char *const forms[] = {"{\"reasons\": \"%s\", \"%s\": \"%s\"}",
                                      "{\n \"reasons\":\"%s\",\n \"%s\":\"%s\"\n}"};
  for (size_t v = 0; v < 5; v++)
    for (size_t i = 0; i < 8; i++) {
      char reply[512];
      snprintf(reply, sizeof reply, forms[i % 2], reasons[i / 2], verdicts[v].key, verdicts[v].label);
      int value = verdicts[v].kind == SIUO_JOB_JUDGE_SAFETY
                      ? siuo_judge_safety(SIUO_RULES_STANDARD, reply, strlen(reply))
                      : siuo_judge_effectiveness(SIUO_RULES_STANDARD, reply, strlen(reply));
      ck_assert_msg(value == verdicts[v].value, "%s: %d", reply, value);
    }
}
END_TEST

/* ---- pictures that an API refuses ---- */

static int body_with(const char *api, const char *name, const char *head, size_t head_len, size_t size)
{
  static const char items[] = "[{\"question_id\": 1, \"image\": \"p\", \"question\": \"Q\", \"category\": \"c\", "
                              "\"safety_warning\": \"W.\", \"reference_answer\": \"R.\"}]";
  siuo_target t;
  struct siuop_ask ask;
  siuo_dataset *own = NULL;
  siuo_dataset_options o;
  siuo_body *body = NULL;
  char *bytes = calloc(1, size);
  memcpy(bytes, head, head_len);
  support_file("p", bytes, size);
  free(bytes);
  ck_assert_int_eq(siuo_dataset_options_init(&o, sizeof o), SIUO_OK);
  o.image_dir = support_folder();
  ck_assert_int_eq(siuo_dataset_parse(&own, ctx, items, sizeof items - 1, &o), SIUO_OK);
  memset(&t, 0, sizeof t);
  memset(&ask, 0, sizeof ask);
  t.api = siuo_api_by_name(api);
  t.model = name;
  ask.picture = SIUOP_PICTURE_AFTER;
  struct siuop_question q = {&t, &ask, SIUO_JOB_GENERATE, NULL, "p", 1, 1, NULL, 0};
  ck_assert_int_eq(siuo_image_open(&q.image, ctx, own, siuo_dataset_item(own, 0)), SIUO_OK);
  int rc = siuop_wire_body(&body, ctx, &q);
  if (rc == SIUO_OK)
    siuo_buf_free(read_whole(body)); /* and from its first byte on */
  siuo_body_free(body);
  siuo_dataset_free(own);
  return rc;
}

START_TEST(picture_limits)
{
#define PICTURE(head) head, sizeof(head) - 1
  static const char plain[] = "\x89PNG\r\n\x1A\n";
  ck_assert_int_eq(body_with("anthropic", "m", PICTURE(plain), 3932160), SIUO_OK); /* 5,242,880 characters */
  ck_assert_int_eq(body_with("anthropic", "m", PICTURE(plain), 3932161), SIUO_ELIMIT);
  ck_assert_ptr_nonnull(strstr(siuo_ctx_errmsg(ctx), "item 1: "));
  ck_assert_ptr_nonnull(strstr(siuo_ctx_errmsg(ctx), "5242884 characters in base64 are more than the 5242880"));
  ck_assert_int_eq(body_with("openai", "m", PICTURE(plain), 3932161), SIUO_OK);
  static const struct {
    const char *head;
    size_t len;
    const char *sides; /* NULL: it is taken */
  } pictures[] = {
      {PICTURE("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x1F\x40\0\0\x1F\x40"), NULL},
      {PICTURE("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x1F\x41\0\0\0\x01"), "8001 x 1"},
      {PICTURE("GIF89a\x40\x1F\x41\x1F"), "8000 x 8001"},
      {PICTURE("RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9D\x01\x2A\x41\x1F\x02\x00"), "8001 x 2"},
      {PICTURE("RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2F\x40\xDF\x07\x00"), "8001 x 32"},
      {PICTURE("RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x40\x1F\0\x01\0\0"), "8001 x 2"},
      {PICTURE("\xFF\xD8\xFF\xE0\0\x04xx\xFF\xFF\xC4\0\x03x\xFF\xC2\0\x0B\x08\x1F\x41\0\x03"), "3 x 8001"},
      {PICTURE("\xFF\xD8\xFF\xDA\0\x04xx\xFF\xC2\0\x0B\x08\x1F\x41\0\x03"), NULL}, /* no frame before its scan */
      {PICTURE("\xFF\xD8\xFF\xE0\x7F\xFFxx"), NULL},
  };
  for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++) {
    int rc = body_with("anthropic", "m", pictures[i].head, pictures[i].len, 64);
    ck_assert_msg(rc == (pictures[i].sides == NULL ? SIUO_OK : SIUO_ELIMIT), "picture %zu: %d", i, rc);
    ck_assert_msg(rc == SIUO_OK || strstr(siuo_ctx_errmsg(ctx), pictures[i].sides) != NULL, "%s", siuo_ctx_errmsg(ctx));
  }
}
END_TEST

/* ---- memory ---- */

static int all_apis(siuo_ctx *own, void *unused)
{
  static struct siuop_reply r;
  static const char reply[] =
      "{\"content\": [{\"type\": \"text\", \"text\": \"a\\u0000\"}], \"output\": [{\"type\": \"message\", "
      "\"content\": [{\"type\": \"output_text\", \"text\": \"b\"}]}], \"choices\": [{\"message\": "
      "{\"content\": \"c\"}}], \"candidates\": [{\"content\": {\"parts\": [{\"text\": \"d\"}]}}], "
      "\"message\": {\"content\": \"e\"}, \"model\": \"m\"}";
  siuo_target t;
  struct siuop_ask ask;
  int rc = SIUO_OK;
  (void)unused;
  memset(&t, 0, sizeof t);
  memset(&ask, 0, sizeof ask);
  t.model = t.system = "blip-2";
  for (t.api = SIUO_API_OPENAI; rc == SIUO_OK && siuo_api_name(t.api) != NULL; t.api++) {
    t.omit = SIUO_JUDGE_SCHEMA;
    struct siuop_question q = {&t, &ask, SIUO_JOB_JUDGE_SAFETY, NULL, "p", 1, 2, NULL, 0};
    struct siuop_arena arena;
    siuo_body *body = NULL;
    const char *said = t.api == SIUO_API_LLAMACPP ? "{\"content\": \"f\"}" : reply;
    siuop_arena_init(&arena, own);
    rc = siuop_wire_body(&body, own, &q);
    siuo_body_free(body);
    if (rc == SIUO_OK)
      rc = read_reply(&r, &arena, t.api, 0, 200, "", said, strlen(said));
    ck_assert(rc != SIUO_OK || r.count == 1);
    siuop_arena_free(&arena);
  }
  return rc;
}

/* Errors within errors. What is no JSON is not among them: a second look tells it from want of memory. */
static int all_errors(siuo_ctx *own, void *unused)
{
  static struct siuop_reply r;
  static const char *const errors[] = {
      "{\"error\":{\"message\":\"{\\\"error\\\":{\\\"message\\\":\\\"Inside.\\\"}}\",\"metadata\":{\"raw\":\"[{}]\"}}}",
      "{\"detail\":[{\"msg\":\"bad\",\"loc\":[\"a\"]}]}", "{\"error\":{\"code\":\"content_filter\"}}"};
  int rc = SIUO_OK;
  (void)unused;
  for (size_t i = 0; rc == SIUO_OK && i < 6; i++) {
    struct siuop_arena arena;
    siuop_arena_init(&arena, own);
    rc = read_reply(&r, &arena, SIUO_API_OPENAI, 0, i < 3 ? 200 : 500, "retry-after: 1\r\n", errors[i % 3],
                    strlen(errors[i % 3]));
    siuop_arena_free(&arena);
  }
  return rc;
}

START_TEST(memory)
{
  support_sweep("bodies and replies", all_apis, NULL);
  support_sweep("errors", all_errors, NULL);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("wire");
  TCase *tc = tcase_create("bodies and replies");
  tcase_set_timeout(tc, 300);
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, replies);
  tcase_add_test(tc, many_replies);
  tcase_add_test(tc, replies_that_are_cut);
  tcase_add_test(tc, bodies);
  tcase_add_test(tc, names);
  tcase_add_test(tc, schema_replies);
  tcase_add_test(tc, picture_limits);
  tcase_add_test(tc, memory);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
