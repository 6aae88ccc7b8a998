/* test_wire_stream.c: replies that come as a stream: tests/cases/wire/streams.jsonl. */
#include "support/support.h"

#include "buf.h"
#include "records.h"
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static siuo_ctx *ctx;

static void setup(void)
{
  ctx = support_ctx();
}

static void teardown(void)
{
  siuo_ctx_free(ctx);
}

/* What is read is kept until the next one of the same place is. */
static struct siuop_reply replies[2];
static struct siuop_arena arenas[2];

static const struct siuop_reply *read_at(int place, int api, const char *body, size_t len)
{
  static const char headers[] = "content-type: text/event-stream; charset=utf-8\r\n";
  struct siuop_message m = {200, headers, sizeof headers - 1, body, len};
  siuop_arena_free(&arenas[place]);
  siuop_arena_init(&arenas[place], ctx);
  ck_assert_int_eq(siuop_wire_read(&replies[place], ctx, &arenas[place], api, 0, &m), SIUO_OK);
  return &replies[place];
}

static int is_same_text(const char *a, const char *b)
{
  return (a == NULL) == (b == NULL) && (a == NULL || strcmp(a, b) == 0);
}

static int is_same(const struct siuop_reply *a, const struct siuop_reply *b)
{
  int same = a->kind == b->kind && a->count == b->count && a->input_tokens == b->input_tokens &&
             a->output_tokens == b->output_tokens && a->reasoning_tokens == b->reasoning_tokens &&
             is_same_text(a->model, b->model) && is_same_text(a->fingerprint, b->fingerprint) &&
             (a->kind == SIUOP_REPLY_ANSWERS || strcmp(a->reason, b->reason) == 0);
  for (size_t i = 0; same && i < a->count; i++)
    same = a->answers[i].outcome == b->answers[i].outcome && a->answers[i].cut_off == b->answers[i].cut_off &&
           is_same_text(a->answers[i].text, b->answers[i].text);
  return same;
}

static const char *string_of(const struct siuop_record *record, const char *key, size_t *len)
{
  return siuop_json_text(siuop_json_get(record->value, key), len);
}

/* The body that a stream gives, fed in pieces of so many bytes. */
static siuo_buf *join(int api, const char *bytes, size_t len, size_t piece)
{
  struct siuop_stream *s = NULL;
  siuo_buf *body = NULL;
  ck_assert_int_eq(siuop_stream_new(&s, ctx, api), SIUO_OK);
  ck_assert_int_eq(siuop_buf_new(&body, ctx), SIUO_OK);
  for (size_t at = 0; at < len; at += piece)
    ck_assert_int_eq(siuop_stream_add(s, bytes + at, len - at < piece ? len - at : piece), SIUO_OK);
  ck_assert_int_eq(siuop_stream_finish(s, body), SIUO_OK);
  siuop_stream_free(s);
  return body;
}

static void check_pieces(int api, const char *bytes, size_t len, const char *about)
{
  siuo_buf *whole = join(api, bytes, len, len + 1);
  for (size_t piece = 1; piece < 8; piece++) {
    siuo_buf *pieces = join(api, bytes, len, piece);
    ck_assert_msg(strcmp(siuo_buf_data(pieces), siuo_buf_data(whole)) == 0, "%s: pieces of %zu: %s, not %s", about,
                  piece, siuo_buf_data(pieces), siuo_buf_data(whole));
    siuo_buf_free(pieces);
  }
  siuo_buf_free(whole);
}

/* Lines of events may end in three ways, those of JSON in two. */
static void check_line_ends(int api, const char *bytes, size_t len, const char *about)
{
  static const char *const ends[] = {"\r\n", "\r"};
  for (int i = 0; i < (api == SIUO_API_OLLAMA ? 1 : 2); i++) {
    siuo_buf *other = NULL;
    ck_assert_int_eq(siuop_buf_new(&other, ctx), SIUO_OK);
    for (size_t at = 0; at < len; at++)
      siuop_buf_add(other, bytes[at] == '\n' ? ends[i] : &bytes[at], bytes[at] == '\n' ? strlen(ends[i]) : 1);
    const struct siuop_reply *r = read_at(0, api, siuo_buf_data(other), siuo_buf_size(other));
    ck_assert_msg(is_same(r, &replies[1]), "%s: line ends %d: %s", about, i, r->reason);
    check_pieces(api, siuo_buf_data(other), siuo_buf_size(other), about);
    siuo_buf_free(other);
  }
}

/* A stream gives what the body says that the server would have sent without one. */
static int check_stream(siuo_ctx *unused, const struct siuop_record *record, void *rows)
{
  size_t len = 0, whole_len = 0;
  const char *about = string_of(record, "about", NULL);
  int api = siuo_api_by_name(string_of(record, "api", NULL));
  const char *stream = string_of(record, "stream", &len);
  const char *whole = string_of(record, "body", &whole_len);
  (void)unused;
  read_at(1, api, whole, whole_len);
  const struct siuop_reply *r = read_at(0, api, stream, len);
  ck_assert_msg(is_same(r, &replies[1]), "%s: %s; %s: %s", about, r->reason, replies[1].reason,
                r->count > 0 && r->answers[0].text != NULL ? r->answers[0].text : "no text");
  check_pieces(api, stream, len, about);
  check_line_ends(api, stream, len, about);
  ++*(int *)rows;
  return SIUO_OK;
}

/* Cut off anywhere, it is asked again, or nothing that counts was lost: whole answers, which are asked for by
 * themselves, or less. */
static int check_beginnings(siuo_ctx *unused, const struct siuop_record *record, void *rows)
{
  size_t len = 0;
  int api = siuo_api_by_name(string_of(record, "api", NULL));
  const char *stream = string_of(record, "stream", &len);
  (void)unused;
  read_at(1, api, stream, len);
  for (size_t cut = 0; cut < len; cut++) {
    char *copy = malloc(cut + 1);
    memcpy(copy, stream, cut);
    const struct siuop_reply *r = read_at(0, api, copy, cut);
    int lost = r->kind != SIUOP_REPLY_RETRY && (r->kind != replies[1].kind || r->count > replies[1].count);
    for (size_t i = 0; r->kind == SIUOP_REPLY_ANSWERS && i < r->count; i++)
      lost |= !is_same_text(r->answers[i].text, replies[1].answers[i].text);
    ck_assert_msg(!lost, "%s: cut at %zu", string_of(record, "about", NULL), cut);
    free(copy);
  }
  ++*(int *)rows;
  return SIUO_OK;
}

static void each_row(siuop_record_fn check, int least)
{
  int rows = 0;
  ck_assert_msg(siuop_records_read(ctx, support_path("tests/cases/wire/streams.jsonl"), check, &rows) == SIUO_OK, "%s",
                siuo_ctx_errmsg(ctx));
  ck_assert_int_ge(rows, least);
  for (int i = 0; i < 2; i++)
    siuop_arena_free(&arenas[i]);
}

START_TEST(streams)
{
  each_row(check_stream, 49);
}
END_TEST

START_TEST(streams_that_are_cut)
{
  each_row(check_beginnings, 49);
}
END_TEST

/* ---- what is a stream ---- */

START_TEST(signs)
{
  static const struct {
    int status, api;
    const char *type, *body;
    int is;
  } rows[] = {{200, SIUO_API_OPENAI, "text/event-stream", "data: {}\n\n", 1},
              {200, SIUO_API_OPENAI, "application/json", "data: {}\n\n", 1},
              {200, SIUO_API_OPENAI, "Text/Event-Stream;charset=utf-8", "", 1},
              {200, SIUO_API_OPENAI, "", ": wait\n\n", 1},
              {200, SIUO_API_OPENAI, "", "\n\nevent: x\n", 1},
              {200, SIUO_API_OPENAI, "",
               "\xEF\xBB\xBF"
               "data:x\n",
               1},
              {200, SIUO_API_OPENAI, "text/event-stream", "{\"choices\": []}", 0},
              {200, SIUO_API_OPENAI, "text/event-stream", "[{}]", 0},
              {200, SIUO_API_OPENAI, "text/event-stream", "<html>", 0},
              {502, SIUO_API_OPENAI, "text/event-stream", "Bad gateway", 0},
              {429, SIUO_API_OPENAI, "text/event-stream", "data: {\"error\": \"Slow.\"}\n\n", 1},
              {200, SIUO_API_OPENAI, "application/x-ndjson", "{}\n{}\n", 0},
              {200, SIUO_API_OLLAMA, "application/x-ndjson", "{}", 1},
              {200, SIUO_API_OLLAMA, "", "{}\n{}\n", 1},
              {200, SIUO_API_OLLAMA, "", "{\n\"message\": {}\n}\n", 0},
              {200, SIUO_API_OLLAMA, "", "{}\n", 0},
              {200, SIUO_API_OLLAMA, "", "", 0},
              {200, SIUO_API_OPENAI, "text/plain", "date: x", 0},
              {200, SIUO_API_GEMINI, "application/json", " [\n{}]", 1},
              {200, SIUO_API_GEMINI, "application/json", "[]", 0},
              {429, SIUO_API_GEMINI, "application/json", "[{}]", 0}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char headers[100];
    int n = snprintf(headers, sizeof headers, "content-type: %s\r\n", rows[i].type);
    struct siuop_message m = {rows[i].status, headers, (size_t)n, rows[i].body, strlen(rows[i].body)};
    ck_assert_msg(siuop_stream_is(rows[i].api, &m) == rows[i].is, "row %zu", i);
  }
}
END_TEST

/* Beyond the limit of a reply it ends, however it comes. */
START_TEST(a_stream_that_is_too_long)
{
  siuo_ctx_options o;
  siuo_ctx *own = NULL;
  struct siuop_stream *s = NULL;
  char piece[100];
  int rc = SIUO_OK;
  memset(piece, 'x', sizeof piece);
  ck_assert_int_eq(siuo_ctx_options_init(&o, sizeof o), SIUO_OK);
  o.max_reply = 1000;
  ck_assert_int_eq(siuo_ctx_new(&own, &o), SIUO_OK);
  ck_assert_int_eq(siuop_stream_new(&s, own, SIUO_API_OPENAI), SIUO_OK);
  for (int i = 0; i < 10; i++)
    ck_assert_int_eq(siuop_stream_add(s, piece, sizeof piece), SIUO_OK);
  rc = siuop_stream_add(s, piece, 1);
  support_expect_error(own, rc, SIUO_ELIMIT, "max_reply");
  siuop_stream_free(s);
  siuo_ctx_free(own);
}
END_TEST

/* ---- time ---- */

/* Bodies that grow by repeating a part: how long each takes to read must grow as it does. */
static const struct {
  const char *head, *part, *tail;
  int status;
} growing[] = {
    {"", "data: {\"choices\":[{\"delta\":{\"content\":\"ab\"}}],\"usage\":{\"completion_tokens\":1}}\n\n",
     "data: [DONE]\n\n", 200},
    {"data: {\"choices\":[]}\n", "data: \n", "\n", 200},
    {"", ": wait\n\n", "", 200},
    {"data: ", "xxxxxxxxxxxxxxxx", "", 200},
    {"data: x\n", "\r\n\r\r", "", 200},
    {"{\"error\":{\"message\":\"", "try again in 5 turns, retry in 1 ", "\"}}", 429},
    {"{\"error\":{\"message\":\"try again in 1", "                ", "x\"}}", 429},
    {"{\"error\":{\"message\":\"try again in ", "1s1m", "\"}}", 429},
    {"{\"error\":[", "{\"message\":\"{}\"},", "1]}", 400},
    {"{\"error\":{\"message\":\"[", "[1],", "1]\"}}", 400},
    {"<html>", "<title <title", "", 502},
    {"  ", "                ", "", 200},
    {"{\"choices\":[", "{\"message\":null,\"finish_reason\":\"abort\"},", "{}]}", 200},
};

/* Processor time to read a body of n parts, the least of three. */
static double time_of(size_t row, size_t n)
{
  siuo_buf *body = NULL;
  double least = 1e9;
  ck_assert_int_eq(siuop_buf_new(&body, ctx), SIUO_OK);
  siuop_buf_add_text(body, growing[row].head);
  for (size_t i = 0; i < n; i++)
    siuop_buf_add_text(body, growing[row].part);
  ck_assert_int_eq(siuop_buf_add_text(body, growing[row].tail), SIUO_OK);
  for (int turn = 0; turn < 3; turn++) {
    struct siuop_message m = {growing[row].status, "", 0, siuo_buf_data(body), siuo_buf_size(body)};
    clock_t from = clock();
    siuop_arena_free(&arenas[0]);
    siuop_arena_init(&arenas[0], ctx);
    ck_assert_int_eq(siuop_wire_read(&replies[0], ctx, &arenas[0], SIUO_API_OPENAI, 0, &m), SIUO_OK);
    double seconds = (double)(clock() - from) / CLOCKS_PER_SEC;
    least = seconds < least ? seconds : least;
  }
  siuop_arena_free(&arenas[0]);
  siuo_buf_free(body);
  return least;
}

/* Four times as much takes four times as long, not sixteen; small times are let be. */
START_TEST(time_grows_with_the_body)
{
  for (size_t row = 0; row < sizeof growing / sizeof growing[0]; row++) {
    double once = time_of(row, 20000), four = time_of(row, 80000);
    ck_assert_msg(four < 0.02 || four < 9 * once, "row %zu: %g s, then %g s", row, once, four);
  }
}
END_TEST

/* ---- memory ---- */

static int one_of_each(siuo_ctx *own, void *unused)
{
  static const char pieces[] =
      "event: message_start\n"
      "data: {\"type\":\"message_start\",\"message\":{\"model\":\"m\",\"usage\":{\"input_tokens\":1}},"
      "\"choices\":[{\"delta\":{\"content\":\"a\",\"reasoning\":\"r\"},\"finish_reason\":\"stop\"}],"
      "\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"},{\"x\":1}]},\"finishReason\":\"STOP\"}],"
      "\"content\":\"c\",\"stop\":true,\"stop_type\":\"eos\",\"usage\":{\"completion_tokens\":1}}\n\n"
      "data: {\"type\":\"response.completed\",\"message\":{\"content\":\"d\"},\"done\":true,\"response\":{\"output\":[]}}\n\n"
      "data: {\"type\":\"message_stop\"}\n\n";
  int rc = SIUO_OK;
  (void)unused;
  for (int api = SIUO_API_OPENAI; rc == SIUO_OK && siuo_api_name(api) != NULL; api++) {
    siuo_buf *body = NULL;
    rc = siuop_buf_new(&body, own);
    if (rc == SIUO_OK)
      rc = siuop_stream_read(body, own, api, pieces, sizeof pieces - 1);
    ck_assert(rc != SIUO_OK || strstr(siuo_buf_data(body), "cut off") == NULL);
    siuo_buf_free(body);
  }
  return rc;
}

START_TEST(memory)
{
  support_sweep("streams", one_of_each, NULL);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("streams");
  TCase *tc = tcase_create("streams");
  tcase_set_timeout(tc, 49);
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, streams);
  tcase_add_test(tc, streams_that_are_cut);
  tcase_add_test(tc, signs);
  tcase_add_test(tc, a_stream_that_is_too_long);
  tcase_add_test(tc, time_grows_with_the_body);
  tcase_add_test(tc, memory);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
