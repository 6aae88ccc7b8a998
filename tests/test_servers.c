/* test_servers.c: what model servers and gateways really send, and what a session makes of it:
 * tests/cases/wire/servers.jsonl, and the shared vectors where they are. */
#include "support/session_fixture.h"

#include "buf.h"
#include "records.h"
#include "session.h"

#include <stdio.h>
#include <string.h>

#define WAITED_FOR 3600 /* seconds: a run waits no longer */

static siuo_ctx *quiet; /* the fixture's */
static char said[8192]; /* warnings, and the last error's message */

static void keep_warning(int level, const char *message, void *user)
{
  size_t at = strlen(said);
  (void)user;
  if (level == SIUO_LOG_WARNING)
    snprintf(said + at, sizeof said - at, "%s\n", message);
}

static void setup(void)
{
  siuo_ctx_options o;
  session_setup();
  quiet = ctx;
  ck_assert_int_eq(siuo_ctx_options_init(&o, sizeof o), SIUO_OK);
  o.log = keep_warning;
  ck_assert_int_eq(siuo_ctx_new(&ctx, &o), SIUO_OK);
}

static void teardown(void)
{
  siuo_ctx_free(ctx);
  ctx = quiet;
  session_teardown();
}

/* ---- a row ---- */

struct row {
  const struct siuop_record *record;
  const char *want, *about;
  int kind, api;
  siuo_buf *body, *headers;
};

static const char *string_of(const struct row *row, const char *key)
{
  const char *s = siuop_json_text(siuop_json_get(row->record->value, key), NULL);
  return s == NULL ? "" : s;
}

static int64_t number_of(const struct row *row, const char *key)
{
  return siuop_json_integer(siuop_json_get(row->record->value, key));
}

/* A body stands as JSON, or as the text that was sent. */
static void read_body(struct row *row)
{
  const siuop_json *body = siuop_json_get(row->record->value, "body");
  size_t len = 0;
  const char *text = siuop_json_text(body, &len);
  int rc = text == NULL ? siuop_json_write_line(body, row->body) : siuop_buf_add(row->body, text, len);
  ck_assert_int_eq(rc, SIUO_OK);
}

static void read_headers(struct row *row)
{
  const siuop_json *headers = siuop_json_get(row->record->value, "headers");
  void *state = NULL;
  const char *name = NULL;
  const siuop_json *value;
  while ((value = siuop_json_each(headers, &state, &name)) != NULL)
    ck_assert_int_eq(siuop_buf_printf(row->headers, "%s: %s\r\n", name, siuop_json_text(value, NULL)), SIUO_OK);
}

static void read_row(struct row *row, const struct siuop_record *record)
{
  row->record = record;
  row->want = string_of(row, "want");
  row->about = string_of(row, "about");
  row->kind = *string_of(row, "kind") == '\0' ? SIUO_JOB_GENERATE : siuop_kind_by_name(string_of(row, "kind"));
  row->api = siuo_api_by_name(string_of(row, "api"));
  ck_assert_int_eq(siuop_buf_new(&row->body, ctx), SIUO_OK);
  ck_assert_int_eq(siuop_buf_new(&row->headers, ctx), SIUO_OK);
  read_body(row);
  read_headers(row);
}

/* ---- the session that gets it ---- */

/* One item, which is the model's only job, or the judge's; two judges, the second of which is asked where the first
 * declines. */
static siuo_session *session_for(const struct row *row, const siuo_job **job)
{
  siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 1);
  siuo_session *s = NULL;
  siuo_target t;
  o.judges = 2;
  s = session_with(&o, SIUO_TASK_GENERATION, 1, SIUO_API_TEXT, 1);
  ck_assert_int_eq(siuo_session_set_panel(s, SIUO_PANEL_FALLBACK), SIUO_OK);
  ck_assert_int_eq(siuo_target_init(&t, sizeof t, protocol, row->kind), SIUO_OK);
  t.api = row->api;
  t.model = row->api == SIUO_API_LLAMACPP ? "llava-1.5" : "m";
  t.n = 1;
  if (number_of(row, "cap") > 0)
    t.max_tokens = (int32_t)number_of(row, "cap");
  ck_assert_int_eq(siuo_session_set_target(s, row->kind, 0, &t), SIUO_OK);
  if (row->kind != SIUO_JOB_GENERATE)
    ck_assert_int_eq(session_say(s, session_next(s, SIUO_JOB_GENERATE), "Take care."), SIUO_OK);
  do
    ck_assert_int_eq(siuo_session_next(s, job), SIUO_OK);
  while (siuo_job_kind(*job) != row->kind);
  return s;
}

static int post(siuo_session *s, const struct row *row, uint64_t id, double *wait)
{
  int rc = siuo_session_submit(s, id, (int)number_of(row, "http_status"), siuo_buf_data(row->headers),
                               siuo_buf_size(row->headers), siuo_buf_data(row->body), siuo_buf_size(row->body), wait);
  size_t at = strlen(said);
  snprintf(said + at, sizeof said - at, "%s\n", rc == SIUO_RETRY ? siuo_ctx_errmsg(ctx) : "");
  return rc;
}

/* ---- what is made of it ---- */

static int begins(const char *text, const char *words)
{
  return strncmp(text, words, strlen(words)) == 0;
}

static void expect_words(const struct row *row)
{
  const siuop_json *says = siuop_json_get(row->record->value, "says");
  const siuop_json *says_not = siuop_json_get(row->record->value, "says_not");
  const siuop_json *journal = siuop_json_get(row->record->value, "journal");
  for (size_t i = 0; i < siuop_json_size(says); i++)
    ck_assert_msg(strstr(said, siuop_json_text(siuop_json_at(says, i), NULL)) != NULL, "%s: %s", row->about, said);
  for (size_t i = 0; i < siuop_json_size(says_not); i++)
    ck_assert_msg(strstr(said, siuop_json_text(siuop_json_at(says_not, i), NULL)) == NULL, "%s: %s", row->about, said);
  for (size_t i = 0; i < siuop_json_size(journal); i++)
    ck_assert_msg(strstr(session_sink.line, siuop_json_text(siuop_json_at(journal, i), NULL)) != NULL, "%s: %s",
                  row->about, session_sink.line);
}

static void expect_count(const struct row *row, const siuo_session *s, int counter)
{
  ck_assert_msg(session_count(s, counter) == 1, "%s: %s", row->about, said);
}

/* A response that is answered, and how. */
static void expect_response(const struct row *row, siuo_session *s)
{
  static const struct {
    const char *want;
    int counter;
  } wants[] = {{"blocked", SIUO_COUNT_BLOCKED},
               {"refused", SIUO_COUNT_REFUSED},
               {"truncated", SIUO_COUNT_TRUNCATED},
               {"blank", SIUO_COUNT_BLANK},
               {"failed", SIUO_COUNT_FAILED}};
  int with_text = strstr(row->want, "with text") != NULL || begins(row->want, "answered");
  for (size_t i = 0; i < sizeof wants / sizeof wants[0]; i++)
    if (begins(row->want, wants[i].want))
      expect_count(row, s, wants[i].counter);
  if (with_text)
    ck_assert_msg(siuo_job_kind(session_next(s, SIUO_JOB_JUDGE_SAFETY)) == SIUO_JOB_JUDGE_SAFETY, "%s", row->about);
  else
    session_expect_end(s, SIUO_DONE);
  if (*string_of(row, "text") != '\0')
    ck_assert_msg(strstr(session_sink.line, string_of(row, "text")) != NULL, "%s: %s", row->about, session_sink.line);
}

static void expect_judgement(const struct row *row, siuo_session *s)
{
  const siuo_job *next = NULL;
  if (strcmp(row->want, "cut off") == 0)
    expect_count(row, s, SIUO_COUNT_JUDGE_TRUNCATED);
  else if (strcmp(row->want, "failed") == 0)
    ck_assert_uint_eq(session_progress(s).failed, 1);
  int declined = strcmp(row->want, "declined") == 0;
  while (siuo_session_next(s, &next) == SIUO_OK && siuo_job_judge(next) == 0)
    continue;
  ck_assert_msg((next != NULL && siuo_job_judge(next) == 1) == declined, "%s: whom it asks next", row->about);
}

/* It is asked again, as often as the server says the same. */
static void expect_again(const struct row *row, siuo_session *s, uint64_t id)
{
  double least = siuop_json_number(siuop_json_get(row->record->value, "at_least"));
  double most = siuop_json_number(siuop_json_get(row->record->value, "at_most"));
  for (int turn = 0; turn < 3; turn++) {
    double wait = 0;
    ck_assert_msg(post(s, row, id, &wait) == SIUO_RETRY, "%s: turn %d", row->about, turn);
    ck_assert_msg(wait >= (least > 0 ? least : 0.4), "%s: waits %g s", row->about, wait);
    ck_assert_msg(most <= 0 || wait <= most || turn > 0, "%s: waits %g s", row->about, wait);
  }
}

/* No question can be answered for now: a day is to be waited, or the server says that it is about all. */
static void expect_stop(const struct row *row, siuo_session *s, uint64_t id)
{
  double wait = 0;
  int rc = post(s, row, id, &wait);
  int status = siuo_session_error_status(s);
  ck_assert_msg(rc == SIUO_RETRY ? wait > WAITED_FOR : status == 401 || status == 402 || status == 429, "%s: %d, %d",
                row->about, rc, status);
}

static void expect_blank(const struct row *row, siuo_session *s, uint64_t id)
{
  double wait = 0;
  int turn = 0;
  while (post(s, row, id, &wait) == SIUO_RETRY && turn < 2)
    turn++;
  expect_count(row, s, SIUO_COUNT_BLANK);
}

static int check_row(siuo_ctx *unused, const struct siuop_record *record, void *rows)
{
  struct row row;
  const siuo_job *job = NULL;
  double wait = 0;
  (void)unused;
  said[0] = '\0';
  read_row(&row, record);
  if (siuop_wire(row.api) != NULL) { /* a batch's is test_batch's */
    siuo_session *s = session_for(&row, &job);
    uint64_t id = siuo_job_id(job);
    if (strcmp(row.want, "ask again") == 0) {
      expect_again(&row, s, id);
    } else if (strcmp(row.want, "stop") == 0) {
      expect_stop(&row, s, id);
    } else if (begins(row.want, "ask again twice")) {
      expect_blank(&row, s, id);
    } else {
      ck_assert_msg(post(s, &row, id, &wait) == SIUO_OK, "%s: %s", row.about, siuo_ctx_errmsg(ctx));
      if (strcmp(row.want, "go on") == 0 || strcmp(row.want, "stop after a few") == 0)
        row.want = "failed";
      if (row.kind == SIUO_JOB_GENERATE)
        expect_response(&row, s);
      else
        expect_judgement(&row, s);
      ck_assert_int_eq(siuo_session_error_status(s) != 0, strcmp(row.want, "failed") == 0 &&
                                                              number_of(&row, "end") == 0 &&
                                                              strstr(said, "it ended with") == NULL);
    }
    if (!begins(row.want, "answered")) /* or its words */
      expect_words(&row);
    siuo_session_free(s);
  }
  siuo_buf_free(row.body);
  siuo_buf_free(row.headers);
  ++*(int *)rows;
  return SIUO_OK;
}

static void each_row(const char *path, int least)
{
  int rows = 0;
  ck_assert_msg(siuop_records_read(ctx, path, check_row, &rows) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  ck_assert_int_ge(rows, least);
}

START_TEST(cases)
{
  each_row(support_path("tests/cases/wire/servers.jsonl"), 408);
}
END_TEST

START_TEST(vectors)
{
  char path[4096];
  if (support_shared_missing("vectors of servers"))
    return;
  snprintf(path, sizeof path, "%s/vectors/wire.jsonl", support_shared());
  each_row(path, 30);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("servers");
  TCase *tc = tcase_create("servers");
  tcase_set_timeout(tc, 120);
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, cases);
  tcase_add_test(tc, vectors);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
