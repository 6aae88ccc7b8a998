/* test_text.c: UTF-8, NFKC, classes of characters, JSON and its records. */
#include "support/support.h"

#include "buf.h"
#include "records.h"
#include "text.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static siuo_ctx *ctx;

static void setup(void)
{
  ctx = support_ctx();
}

static void teardown(void)
{
  siuo_ctx_free(ctx);
}

static size_t encode(int32_t c, char out[4])
{
  uint32_t u = (uint32_t)c;
  if (u < 0x80) {
    out[0] = (char)u;
    return 1;
  }
  size_t len = u < 0x800 ? 2 : u < 0x10000 ? 3 : 4;
  static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
  for (size_t i = len - 1; i > 0; i--, u >>= 6)
    out[i] = (char)(0x80 | (u & 0x3F));
  out[0] = (char)(first[len] | u);
  return len;
}

/* ---- UTF-8 ---- */

/* Whether it is decoded, and rejected where it is cut short or half a pair. */
static int is_decoded(int32_t c)
{
  char bytes[4];
  size_t used = 0;
  int valid = 1;
  size_t len = encode(c, bytes);
  int32_t got = siuop_utf8_decode(bytes, len, &used, &valid);
  int right =
      c >= 0xD800 && c < 0xE000 ? got == SIUOP_REPLACEMENT && used == 1 && !valid : got == c && used == len && valid;
  if (len == 1)
    return right;
  valid = 1;
  got = siuop_utf8_decode(bytes, len - 1, &used, &valid);
  return right && got == SIUOP_REPLACEMENT && used == 1 && !valid;
}

START_TEST(every_code_point)
{
  for (int32_t c = 0; c < 0x110000; c++)
    if (!is_decoded(c)) /* a million assertions would take their time */
      ck_abort_msg("U+%04X", (unsigned)c);
}
END_TEST

START_TEST(bytes_that_are_not_utf8)
{
  /* clang-format off */
  static const char *const bad[] = {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80",
                                    "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
                                    "\xFE", "\xFF", "\xE2\x28\xA1", "\xC3("};
  /* clang-format on */
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    char text[16] = "ab";
    size_t at = 0;
    strcat(text, bad[i]);
    ck_assert_int_eq(siuop_utf8_valid(text, strlen(text), &at), 0);
    ck_assert_uint_eq(at, 2);
  }
  ck_assert_int_eq(siuop_utf8_valid("a\0b", 3, NULL), 1);
  ck_assert_uint_eq(siuop_utf8_length("\xC3\xA9\xFFz", 4), 3);
}
END_TEST

START_TEST(escapes_and_columns)
{
  char out[64], small[6];
  ck_assert_uint_eq(siuop_utf8_escape(out, sizeof out, "a\x1b\xC2\x9B\xE2\x80\xA8\xC3\xA9\xFF", 10), 31);
  ck_assert_str_eq(out, "a\\x1B\\xC2\\x9B\\xE2\\x80\\xA8\xC3\xA9\\xFF");
  siuop_utf8_escape(small, sizeof small, "ab\xC3\xA9\xC3\xA9", 6);
  ck_assert_str_eq(small, "ab\xC3\xA9"); /* not half a character */
  ck_assert_uint_eq(siuop_utf8_columns("e\xCC\x81z\xE4\xBA\xBA", 7), 4);
}
END_TEST

START_TEST(trimming)
{
  const char *s = "\xC2\xA0 \t a b \xE3\x80\x80\n";
  size_t len = strlen(s);
  siuop_trim(&s, &len);
  ck_assert(len == 3 && memcmp(s, "a b", 3) == 0);
  s = " \n";
  len = 2;
  siuop_trim(&s, &len);
  ck_assert_uint_eq(len, 0);
}
END_TEST

/* ---- against Python's unicodedata and re ---- */

static int check_nfkc(siuo_ctx *unused, const struct siuop_record *record, void *rows)
{
  size_t text_len = 0, wanted_len = 0;
  char got[512];
  size_t len = 0;
  const char *text = siuop_json_text(siuop_json_get(record->value, "text"), &text_len);
  const char *wanted = siuop_json_text(siuop_json_get(record->value, "nfkc"), &wanted_len);
  siuop_text t;
  (void)unused;
  for (siuop_text_init(&t, text, text_len, 1); t.current != SIUOP_TEXT_END; siuop_text_next(&t)) {
    ck_assert(t.begin < t.end && t.end <= text_len);
    len += encode(t.current, got + len);
  }
  ck_assert_msg(len == wanted_len && memcmp(got, wanted, len) == 0, "row %d: %.*s is not %s", (int)record->line,
                (int)len, got, wanted);
  ++*(int *)rows;
  return SIUO_OK;
}

static int check_class(siuo_ctx *unused, const struct siuop_record *record, void *rows)
{
  const siuop_json *points = siuop_json_get(record->value, "points");
  int word = (int)siuop_json_integer(siuop_json_get(record->value, "word"));
  int space = (int)siuop_json_integer(siuop_json_get(record->value, "space"));
  (void)unused;
  for (size_t i = 0; i < siuop_json_size(points); i++) {
    int32_t c = (int32_t)siuop_json_integer(siuop_json_at(points, i));
    ck_assert_msg((siuop_is_word(c) != 0) == word && (siuop_is_python_space(c) != 0) == space, "U+%04X", (unsigned)c);
    ++*(int *)rows;
  }
  return SIUO_OK;
}

START_TEST(as_python_has_it)
{
  int rows = 0;
  ck_assert_msg(siuop_records_read(ctx, support_path("tests/cases/text/nfkc.jsonl"), check_nfkc, &rows) == SIUO_OK,
                "%s", siuo_ctx_errmsg(ctx));
  ck_assert_int_gt(rows, 400);
  ck_assert_msg(siuop_records_read(ctx, support_path("tests/cases/text/classes.jsonl"), check_class, &rows) == SIUO_OK,
                "%s", siuo_ctx_errmsg(ctx));
  ck_assert_int_gt(rows, 4000);
}
END_TEST

/* ---- the reader ---- */

START_TEST(reader)
{
  siuop_text t;
  siuop_text_init(&t, "ab, c", 5, 1);
  ck_assert_int_eq(t.previous, SIUOP_TEXT_END);
  ck_assert_int_eq(siuop_text_take(&t, "AB", 0), 0);
  ck_assert_int_eq(siuop_text_take(&t, "abc", 1), 0);
  ck_assert_int_eq(t.current, 'a');
  ck_assert_int_eq(siuop_text_take(&t, "ab", 1), 1);
  ck_assert(t.current == ',' && t.previous == 'b' && t.before_previous == 'a');
  ck_assert_int_eq(siuop_text_seek(&t, "xc", 0), 1);
  ck_assert(t.current == 'c' && t.previous == ' ' && t.begin == 4);
  ck_assert_int_eq(siuop_text_seek(&t, "x", 0), 0);
  ck_assert(t.current == SIUOP_TEXT_END && t.begin == 5);
  siuop_text_next(&t);
  ck_assert_int_eq(t.current, SIUOP_TEXT_END);
  siuop_text_init(&t, "x\xEF\xBC\xA2 ", 5, 1);
  ck_assert_int_eq(siuop_text_seek(&t, "q", 1), 0); /* a full-width B is ASCII once it is normalised */
  siuop_text_init(&t, "x\xEF\xBC\xA2 \xE7\xAD\x94", 8, 1);
  ck_assert_int_eq(siuop_text_seek(&t, "B", 0), 1);
  ck_assert(t.begin == 1 && t.end == 4);
  siuop_text_next(&t);
  siuop_text_skip_space(&t);
  ck_assert_int_eq(t.current, 0x7B54);
  siuop_text_next(&t);
  ck_assert_int_eq(t.current, SIUOP_TEXT_END);
  siuop_text_init(&t, "", 0, 1);
  ck_assert_int_eq(t.current, SIUOP_TEXT_END);
}
END_TEST

/* ---- JSON and records ---- */

START_TEST(json_values)
{
  siuop_json *v = NULL;
  siuo_buf *out = NULL;
  const char *text = "{\"a\": [1, -2.5, \"x\", null, true], \"b\": {}}";
  ck_assert_int_eq(siuop_json_parse(&v, ctx, "t", 1, text, strlen(text)), SIUO_OK);
  const siuop_json *a = siuop_json_get(v, "a");
  static const int types[] = {SIUOP_JSON_INTEGER, SIUOP_JSON_REAL, SIUOP_JSON_STRING, SIUOP_JSON_NULL,
                              SIUOP_JSON_BOOLEAN};
  for (size_t i = 0; i < 5; i++)
    ck_assert_int_eq(siuop_json_type(siuop_json_at(a, i)), types[i]);
  ck_assert_ptr_null(siuop_json_at(a, 5));
  ck_assert_ptr_null(siuop_json_get(v, "c"));
  ck_assert_int_eq(siuop_json_type(NULL), 0);
  ck_assert_str_eq(siuop_json_type_name(siuop_json_get(v, "b")), "an object");
  ck_assert_int_eq(siuop_buf_new(&out, ctx), SIUO_OK);
  ck_assert_int_eq(siuop_json_write(v, out), SIUO_OK);
  ck_assert_str_eq(siuo_buf_data(out), "{\n \"a\": [\n  1,\n  -2.5,\n  \"x\",\n  null,\n  true\n ],\n \"b\": {}\n}");
  siuo_buf_free(out);
  siuop_json_free(v);
  support_expect_error(ctx, siuop_json_parse(&v, ctx, "t", 5, "[1,\n2,,]", 8), SIUO_EFORMAT, "t:6: not valid JSON");
  support_expect_error(ctx, siuop_json_parse(&v, ctx, "t", 1, "{\"a\":1,\"a\":2}", 13), SIUO_EFORMAT, "duplicate");
  support_expect_error(ctx, siuop_json_parse(&v, ctx, "t", 1, "\"\\u0000\"", 8), SIUO_EFORMAT, "not valid JSON");
  ck_assert_ptr_null(v);
}
END_TEST

/* Notes each record's line. */
static int note_line(siuo_ctx *unused, const struct siuop_record *record, void *user_data)
{
  char *lines = user_data;
  (void)unused;
  sprintf(lines + strlen(lines), "%d ", (int)siuop_record_line(record));
  return SIUO_OK;
}

START_TEST(record_lines)
{
  static const struct {
    const char *text, *lines;
  } cases[] = {{"{\"a\":1}\n{\"a\":2}", "1 2 "},
               {"\xEF\xBB\xBF{\"a\":1}\r\n\r\n \t\n{\"a\":2}\r\n", "1 4 "},
               {"\n\n{\"a\":1}\n", "3 "},
               {"[\n{\"a\": \"x,]}\\\"{\"},\n\n {\"b\": [{}, {\n}]}, {\"c\":1}\n]\n", "2 4 5 "},
               {"\n[{\"a\":1},\n{\"a\":2}]", "2 3 "}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char lines[64] = "";
    int rc = siuop_records_parse(ctx, "t", cases[i].text, strlen(cases[i].text), note_line, lines);
    ck_assert_msg(rc == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
    ck_assert_str_eq(lines, cases[i].lines);
    /* the same from a file, which is read in pieces */
    lines[0] = '\0';
    const char *path = support_file("records", cases[i].text, strlen(cases[i].text));
    ck_assert_int_eq(siuop_records_read(ctx, path, note_line, lines), SIUO_OK);
    ck_assert_str_eq(lines, cases[i].lines);
  }
}
END_TEST

static int stop_at_second(siuo_ctx *c, const struct siuop_record *record, void *user_data)
{
  ++*(int *)user_data;
  return record->number == 1 ? siuop_record_fail(c, record, SIUO_ECANCELED, "stopped") : SIUO_OK;
}

START_TEST(record_callbacks)
{
  int seen = 0;
  const char *text = "{}\n{}\n{}\n";
  support_expect_error(ctx, siuop_records_parse(ctx, "t", text, strlen(text), stop_at_second, &seen), SIUO_ECANCELED,
                       "t:2: stopped");
  ck_assert_int_eq(seen, 2);
  support_expect_error(ctx, siuop_records_parse(ctx, "t", "{}\n[]\n", 6, stop_at_second, &seen), SIUO_EFORMAT,
                       "t:2: expected an object {...}, found an array");
}
END_TEST

/* Lines longer than what is read at once. */
START_TEST(long_records)
{
  size_t size = 300000;
  char *text = malloc(2 * size + 100);
  int seen = 0;
  ck_assert_ptr_nonnull(text);
  memset(text, 'x', 2 * size);
  memcpy(text, "{\"a\":\"", 6);
  memcpy(text + size, "\"}\n{\"a\":\"", 9);
  memcpy(text + 2 * size, "\"}", 3);
  const char *path = support_file("long", text, strlen(text));
  ck_assert_msg(siuop_records_read(ctx, path, stop_at_second, &seen) == SIUO_ECANCELED, "%s", siuo_ctx_errmsg(ctx));
  ck_assert_int_eq(seen, 2);
  free(text);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("text");
  TCase *tc = tcase_create("all");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, every_code_point);
  tcase_add_test(tc, bytes_that_are_not_utf8);
  tcase_add_test(tc, escapes_and_columns);
  tcase_add_test(tc, trimming);
  tcase_add_test(tc, as_python_has_it);
  tcase_add_test(tc, reader);
  tcase_add_test(tc, json_values);
  tcase_add_test(tc, record_lines);
  tcase_add_test(tc, record_callbacks);
  tcase_add_test(tc, long_records);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
