/* test_journal.c: journals: what was synced is never asked again, whatever happens to the process, the disk or the
 * file. And replays. */
#include "support/host.h"
#include "support/os_faults.h"
#include "support/support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define GROUP 16 /* replies between two flushes */

static siuo_ctx *ctx;
static siuo_dataset *data;
static siuo_protocol *protocol;
static char notes[1024];

static void log_note(int level, const char *message, void *user)
{
  (void)user;
  if (level == SIUO_LOG_NOTE)
    snprintf(notes, sizeof notes, "%s", message);
}

static void setup(void)
{
  struct os_faults none = {0};
  siuo_ctx_options o;
  os_faults = none;
  notes[0] = '\0';
  ck_assert_int_eq(siuo_ctx_options_init(&o, sizeof o), SIUO_OK);
  o.log = log_note;
  ck_assert_int_eq(siuo_ctx_new(&ctx, &o), SIUO_OK);
  ck_assert_int_eq(siuo_dataset_open(&data, ctx, support_path("examples/sample-suite"), NULL), SIUO_OK);
  ck_assert_int_eq(siuo_protocol_default(&protocol, ctx), SIUO_OK);
}

static void teardown(void)
{
  struct os_faults none = {0};
  os_faults = none;
  siuo_protocol_free(protocol);
  siuo_dataset_free(data);
  siuo_ctx_free(ctx);
}

static const char *path_of(const char *name)
{
  static char path[4096];
  snprintf(path, sizeof path, "%s/%s", support_folder(), name);
  return path;
}

/* ---- one process ---- */

struct process {
  siuo_journal *journal;
  siuo_session *session;
};

static siuo_session *session_for(siuo_journal *journal, int rules, const char *model)
{
  siuo_session_options o;
  siuo_session *s = NULL;
  siuo_target t;
  ck_assert_int_eq(siuo_session_options_init(&o, sizeof o), SIUO_OK);
  o.rules = rules;
  o.samples = 2;
  o.sink = siuo_journal_sink;
  o.sink_user = journal;
  ck_assert_int_eq(siuo_session_new(&s, ctx, data, protocol, &o), SIUO_OK);
  ck_assert_int_eq(siuo_target_init(&t, sizeof t, protocol, SIUO_JOB_GENERATE), SIUO_OK);
  t.model = model;
  ck_assert_int_eq(siuo_session_set_target(s, SIUO_JOB_GENERATE, 0, &t), SIUO_OK);
  return s;
}

static int start_with(struct process *p, const char *path, int rules, const char *model, const char *pictures)
{
  p->session = NULL;
  int rc = siuo_journal_open(&p->journal, ctx, path);
  if (rc != SIUO_OK)
    return rc;
  p->session = session_for(p->journal, rules, model);
  if (pictures != NULL) {
    siuo_pictures known = {sizeof known, 0, 2, 0, pictures};
    ck_assert_int_eq(siuo_session_set_pictures(p->session, &known), SIUO_OK);
  }
  return siuo_journal_attach(p->journal, p->session);
}

static int start(struct process *p, const char *path)
{
  return start_with(p, path, SIUO_RULES_STANDARD, "m", "abc");
}

static void end(struct process *p)
{
  siuo_session_free(p->session);
  siuo_journal_free(p->journal);
}

/* Answers one job; 0: there is none left. */
static int step(struct process *p)
{
  const siuo_job *job = NULL;
  int rc = siuo_session_next(p->session, &job);
  if (rc == SIUO_DONE)
    return 0;
  ck_assert_int_eq(rc, SIUO_OK);
  const char *text = host_answer(job, siuo_job_sample(job));
  text = text == NULL ? "nothing" : text; /* no failures here: those are asked again by design */
  ck_assert_msg(siuo_session_submit_text(p->session, siuo_job_id(job), text, strlen(text)) == SIUO_OK, "%s",
                siuo_ctx_errmsg(ctx));
  return 1;
}

static siuo_buf *finish(struct process *p, uint64_t *asked)
{
  while (step(p))
    ++*asked;
  ck_assert_int_eq(siuo_journal_sync(p->journal), SIUO_OK);
  siuo_buf *report = host_report(ctx, p->session);
  end(p);
  return report;
}

static uint64_t restored(const struct process *p)
{
  siuo_progress x;
  x.size = sizeof x;
  ck_assert_int_eq(siuo_session_progress(p->session, &x), SIUO_OK);
  return x.restored;
}

/* A finished journal, and its report. */
static siuo_buf *make(const char *path, uint64_t *asked)
{
  struct process p;
  *asked = 0;
  unlink(path);
  ck_assert_msg(start(&p, path) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  return finish(&p, asked);
}

/* ---- crashes ---- */

static size_t lines_in(const char *path, uint64_t size)
{
  size_t len = 0, lines = 0;
  char *bytes = support_read_file(path, &len);
  for (size_t i = 0; i < len && i < size; i++)
    lines += bytes[i] == '\n';
  free(bytes);
  return lines;
}

/* The machine dies: of what was not flushed, a random part is on the disk, sometimes with a torn line. */
static void crash(const char *path, uint64_t *random, int within_line)
{
  struct stat st;
  ck_assert_int_eq(stat(path, &st), 0);
  uint64_t lost = (uint64_t)st.st_size - os_record.synced;
  uint64_t keep = os_record.synced + (lost == 0 ? 0 : host_below(random, lost));
  if (!within_line) {
    size_t len = 0;
    char *bytes = support_read_file(path, &len);
    while (keep > os_record.synced && bytes[keep - 1] != '\n')
      keep--;
    free(bytes);
  }
  ck_assert_int_eq(truncate(path, (off_t)keep), 0);
}

START_TEST(a_hundred_crashes)
{
  char path[4096];
  uint64_t asked = 0, again = 0, torn = 0;
  snprintf(path, sizeof path, "%s", path_of("crashes.jsonl"));
  siuo_buf *expected = make(path, &asked);
  size_t lines = lines_in(path, UINT64_MAX);
  ck_assert_uint_eq(lines, asked + 1);
  for (uint64_t seed = 1; seed <= 100; seed++) {
    struct process p;
    uint64_t random = seed, taken = 0;
    unlink(path);
    ck_assert_int_eq(start(&p, path), SIUO_OK);
    uint64_t until = host_below(&random, asked);
    while (taken < until && step(&p))
      if (++taken % GROUP == 0)
        ck_assert_int_eq(siuo_journal_sync(p.journal), SIUO_OK);
    size_t synced = lines_in(path, os_record.synced) - 1; /* the first line is no reply */
    end(&p);
    crash(path, &random, seed % 4 != 0);
    notes[0] = '\0';
    ck_assert_msg(start(&p, path) == SIUO_OK, "seed %d: %s", (int)seed, siuo_ctx_errmsg(ctx));
    torn += strstr(notes, "cut off") != NULL;
    ck_assert_uint_ge(restored(&p), synced);
    ck_assert_uint_lt(taken - restored(&p), GROUP + 1);
    again += taken - restored(&p);
    siuo_buf *report = finish(&p, &taken);
    ck_assert_str_eq(siuo_buf_data(report), siuo_buf_data(expected));
    ck_assert_uint_eq(lines_in(path, UINT64_MAX), lines);
    siuo_buf_free(report);
  }
  ck_assert_uint_ge(torn, 10); /* cuts within a line */
  ck_assert_uint_gt(again, 0);
  siuo_buf_free(expected);
}
END_TEST

/* A process that is killed, rather than the machine, loses nothing at all. */
START_TEST(a_process_that_is_killed)
{
  char path[4096];
  struct process p;
  uint64_t asked = 0;
  snprintf(path, sizeof path, "%s", path_of("killed.jsonl"));
  siuo_buf *expected = make(path, &asked);
  unlink(path);
  pid_t child = fork();
  if (child == 0) {
    if (start(&p, path) == SIUO_OK)
      for (int i = 0; i < 37; i++)
        step(&p);
    _exit(0);
  }
  int status = 0;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert_int_eq(start(&p, path), SIUO_OK);
  ck_assert_uint_eq(restored(&p), 37);
  uint64_t rest = 0;
  siuo_buf *report = finish(&p, &rest);
  ck_assert_uint_eq(rest, asked - 37);
  ck_assert_str_eq(siuo_buf_data(report), siuo_buf_data(expected));
  siuo_buf_free(report);
  siuo_buf_free(expected);
}
END_TEST

/* ---- a full disk ---- */

START_TEST(a_full_disk)
{
  char path[4096];
  struct process p;
  struct os_faults none = {0};
  uint64_t asked = 0, more = 0;
  const siuo_job *job = NULL;
  snprintf(path, sizeof path, "%s", path_of("full.jsonl"));
  siuo_buf *expected = make(path, &asked);
  unlink(path);
  ck_assert_int_eq(start(&p, path), SIUO_OK);
  for (int i = 0; i < 10; i++)
    step(&p);
  ck_assert_int_eq(siuo_session_next(p.session, &job), SIUO_OK);
  os_faults.write_error = ENOSPC;
  os_faults.room = 20;
  support_expect_error(ctx, siuo_session_submit_text(p.session, siuo_job_id(job), "a", 1), SIUO_EIO, "no space left");
  os_faults = none;
  ck_assert_uint_eq(lines_in(path, UINT64_MAX), 11);
  const char *text = host_answer(job, siuo_job_sample(job)); /* space was made */
  text = text == NULL ? "nothing" : text;
  ck_assert_int_eq(siuo_session_submit_text(p.session, siuo_job_id(job), text, strlen(text)), SIUO_OK);
  os_faults.fsync_error = EIO;
  support_expect_error(ctx, siuo_journal_sync(p.journal), SIUO_EIO, "input/output");
  os_faults = none;
  end(&p);
  ck_assert_int_eq(start(&p, path), SIUO_OK);
  ck_assert_uint_eq(restored(&p), 11);
  siuo_buf *report = finish(&p, &more);
  ck_assert_str_eq(siuo_buf_data(report), siuo_buf_data(expected));
  siuo_buf_free(report);
  siuo_buf_free(expected);
}
END_TEST

START_TEST(short_and_interrupted_calls)
{
  uint64_t asked = 0;
  siuo_buf *plain = make(path_of("plain.jsonl"), &asked);
  os_faults.at_most = 7;
  os_faults.interrupted = 2;
  siuo_buf *slow = make(path_of("slow.jsonl"), &asked);
  ck_assert_str_eq(siuo_buf_data(slow), siuo_buf_data(plain));
  struct process p;
  ck_assert_int_eq(start(&p, path_of("slow.jsonl")), SIUO_OK);
  ck_assert_uint_eq(restored(&p), asked);
  end(&p);
  siuo_buf_free(plain);
  siuo_buf_free(slow);
}
END_TEST

/* ---- damage ---- */

static void expect_refusal(const char *bytes, size_t len, int status, const char *words)
{
  struct process p;
  const char *path = support_file("damaged.jsonl", bytes, len);
  char copy[4096];
  size_t after = 0;
  snprintf(copy, sizeof copy, "%s", path);
  support_expect_error(ctx, start(&p, copy), status, words);
  end(&p);
  char *kept = support_read_file(copy, &after);
  ck_assert_uint_eq(after, len);
  ck_assert_int_eq(memcmp(kept, bytes, len), 0);
  free(kept);
}

START_TEST(damage)
{
  char path[4096];
  uint64_t asked = 0;
  size_t len = 0;
  snprintf(path, sizeof path, "%s", path_of("whole.jsonl"));
  siuo_buf_free(make(path, &asked));
  char *bytes = support_read_file(path, &len);
  char *second = strchr(bytes, '\n') + 1;
  char *third = strchr(second, '\n') + 1;
  char *fourth = strchr(third, '\n') + 1;
  char *changed = malloc(len);
  memcpy(changed, bytes, len);
  char *text = strstr(changed + (third - bytes), "\"sample\":");
  text[9] = '7'; /* in line 3: seen in line 4 */
  expect_refusal(changed, len, SIUO_EFORMAT, "damaged.jsonl:4: damaged: the digest");
  memcpy(changed, bytes, len);
  changed[third - bytes + 2] = 'x';
  expect_refusal(changed, len, SIUO_EFORMAT, "damaged.jsonl:3: damaged: the line does not begin");
  memmove(changed, bytes, len);
  memmove(changed + (third - bytes), fourth, len - (size_t)(fourth - bytes)); /* line 3 is lost */
  expect_refusal(changed, len - (size_t)(fourth - third), SIUO_EFORMAT, "damaged.jsonl:3: damaged: the digest");
  memcpy(changed, bytes, len);
  changed[2] = 'x';
  expect_refusal(changed, len, SIUO_EFORMAT, "damaged.jsonl:1: this is no journal");
  expect_refusal("[]\n", 3, SIUO_EFORMAT, "damaged.jsonl:1: this is no journal");
  expect_refusal("hello\n", 6, SIUO_EFORMAT, "damaged.jsonl:1: not valid JSON");
  expect_refusal("hello", 5, SIUO_EFORMAT, "damaged.jsonl:1: this is no journal"); /* not a line of ours, cut off */
  expect_refusal("{\"siuo\":\"journal/2", 18, SIUO_EFORMAT, "damaged.jsonl:1: this is no journal");
  free(changed);
  free(bytes);
}
END_TEST

START_TEST(a_first_line_that_was_cut_off)
{
  struct process p;
  char path[4096];
  uint64_t asked = 0;
  snprintf(path, sizeof path, "%s", support_file("first.jsonl", "{\"siuo\":\"jour", 13));
  ck_assert_int_eq(start(&p, path), SIUO_OK);
  ck_assert_ptr_nonnull(strstr(notes, "cut off"));
  siuo_buf_free(finish(&p, &asked));
  ck_assert_int_eq(start(&p, path), SIUO_OK);
  ck_assert_uint_eq(restored(&p), asked);
  end(&p);
}
END_TEST

START_TEST(other_settings)
{
  struct process p;
  char path[4096];
  uint64_t asked = 0;
  siuo_protocol *other = NULL;
  static const char protocol_file[] = "{\"schema\": \"siuo-protocol/1\", \"name\": \"other\", \"nfkc\": true}";
  snprintf(path, sizeof path, "%s", path_of("settings.jsonl"));
  siuo_buf_free(make(path, &asked));
  support_expect_error(ctx, start_with(&p, path, SIUO_RULES_OLMO, "m", "abc"), SIUO_ESTATE, "other rules");
  end(&p);
  support_expect_error(ctx, start_with(&p, path, 0, "n", "abc"), SIUO_ESTATE, "another model (generation)");
  end(&p);
  support_expect_error(ctx, start_with(&p, path, 0, "m", "abd"), SIUO_ESTATE, "other pictures");
  end(&p);
  support_expect_error(ctx, start_with(&p, path, 0, "m", NULL), SIUO_ESTATE, "other pictures");
  end(&p);
  ck_assert_int_eq(siuo_protocol_parse(&other, ctx, protocol_file, sizeof protocol_file - 1, NULL), SIUO_OK);
  siuo_protocol *own = protocol;
  protocol = other;
  support_expect_error(ctx, start(&p, path), SIUO_ESTATE, "another protocol");
  end(&p);
  protocol = own;
  siuo_protocol_free(other);
  siuo_dataset *whole = data;
  ck_assert_int_eq(siuo_dataset_open(&data, ctx, support_path("examples/sample-suite/siuo_mcqa.json"), NULL), SIUO_OK);
  support_expect_error(ctx, start(&p, path), SIUO_ESTATE, "other data (generation)");
  end(&p);
  siuo_dataset_free(data);
  data = whole;
  ck_assert_int_eq(start(&p, path), SIUO_OK); /* nothing of that changed the file */
  ck_assert_uint_eq(restored(&p), asked);
  end(&p);
}
END_TEST

/* A journal that was refused can be attached to a session that fits, and nothing was added to it. */
START_TEST(refused_and_attached)
{
  struct process p;
  char path[4096];
  uint64_t asked = 0;
  size_t len = 0;
  size_t after = 0;
  snprintf(path, sizeof path, "%s", path_of("attached.jsonl"));
  unlink(path);
  siuo_buf *report = make(path, &asked);
  char *bytes = support_read_file(path, &len);
  support_expect_error(ctx, start_with(&p, path, SIUO_RULES_STANDARD, "other", "abc"), SIUO_ESTATE, "another model");
  siuo_session_free(p.session);
  p.session = session_for(p.journal, SIUO_RULES_STANDARD, "m");
  siuo_pictures known = {sizeof known, 0, 2, 0, "abc"};
  ck_assert_int_eq(siuo_session_set_pictures(p.session, &known), SIUO_OK);
  ck_assert_msg(siuo_journal_attach(p.journal, p.session) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  ck_assert_uint_eq(restored(&p), asked);
  end(&p);
  /* The same, refused after some lines: another answer is known to the third. */
  static const char other[] = "{\"job\":\"generate\",\"id\":\"1901\",\"sample\":1,\"text\":\"another\"}";
  ck_assert_int_eq(siuo_journal_open(&p.journal, ctx, path), SIUO_OK);
  p.session = session_for(p.journal, SIUO_RULES_STANDARD, "m");
  ck_assert_int_eq(siuo_session_set_pictures(p.session, &known), SIUO_OK);
  ck_assert_int_eq(siuo_session_restore(p.session, other, sizeof other - 1), SIUO_OK);
  support_expect_error(ctx, siuo_journal_attach(p.journal, p.session), SIUO_ESTATE, "another answer");
  siuo_session_free(p.session);
  p.session = session_for(p.journal, SIUO_RULES_STANDARD, "m");
  ck_assert_int_eq(siuo_session_set_pictures(p.session, &known), SIUO_OK);
  ck_assert_msg(siuo_journal_attach(p.journal, p.session) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  ck_assert_uint_eq(restored(&p), asked);
  end(&p);
  char *kept = support_read_file(path, &after);
  ck_assert_uint_eq(after, len);
  ck_assert_int_eq(memcmp(kept, bytes, len), 0);
  free(kept);
  free(bytes);
  siuo_buf_free(report);
}
END_TEST

/* The longest reply of control characters, which JSON makes six times as long, is a line that is read again. */
START_TEST(a_reply_of_control_characters)
{
  enum { LONGEST = 16 << 20 };
  struct process p;
  const siuo_job *job = NULL;
  char path[4096];
  char *reply = malloc(LONGEST);
  memset(reply, 1, LONGEST);
  snprintf(path, sizeof path, "%s", path_of("control.jsonl"));
  unlink(path);
  ck_assert_int_eq(start(&p, path), SIUO_OK);
  ck_assert_int_eq(siuo_session_next(p.session, &job), SIUO_OK);
  ck_assert_msg(siuo_session_submit_text(p.session, siuo_job_id(job), reply, LONGEST) == SIUO_OK, "%s",
                siuo_ctx_errmsg(ctx));
  end(&p);
  ck_assert_msg(start(&p, path) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  ck_assert_uint_eq(restored(&p), 1);
  end(&p);
  free(reply);
}
END_TEST

/* A line that could not be read back is not written. */
START_TEST(a_line_beyond_the_limit)
{
  siuo_ctx_options o;
  siuo_ctx *usual = ctx;
  struct process p;
  char path[4096];
  static char text[4096];
  const siuo_job *job = NULL;
  memset(text, 'x', sizeof text);
  snprintf(path, sizeof path, "%s", path_of("limit.jsonl"));
  unlink(path);
  ck_assert_int_eq(siuo_ctx_options_init(&o, sizeof o), SIUO_OK);
  o.max_line = sizeof text;
  ck_assert_int_eq(siuo_ctx_new(&ctx, &o), SIUO_OK);
  ck_assert_int_eq(start(&p, path), SIUO_OK);
  ck_assert_int_eq(siuo_session_next(p.session, &job), SIUO_OK);
  support_expect_error(ctx, siuo_session_submit_text(p.session, siuo_job_id(job), text, sizeof text), SIUO_ELIMIT,
                       "max_line");
  ck_assert_int_eq(siuo_session_submit_text(p.session, siuo_job_id(job), text, 100), SIUO_OK);
  end(&p);
  ck_assert_int_eq(start(&p, path), SIUO_OK);
  ck_assert_uint_eq(restored(&p), 1);
  end(&p);
  siuo_ctx_free(ctx);
  ctx = usual;
}
END_TEST

START_TEST(a_second_writer)
{
  struct process p, q;
  char path[4096];
  snprintf(path, sizeof path, "%s", path_of("locked.jsonl"));
  unlink(path);
  ck_assert_int_eq(start(&p, path), SIUO_OK);
  support_expect_error(ctx, siuo_journal_open(&q.journal, ctx, path), SIUO_ESTATE, "another process");
  ck_assert_ptr_null(q.journal);
  end(&p);
  ck_assert_int_eq(start(&q, path), SIUO_OK);
  end(&q);
}
END_TEST

START_TEST(wrong_use)
{
  siuo_journal *j = NULL;
  support_expect_error(ctx, siuo_journal_open(&j, ctx, support_folder()), SIUO_EINVAL, "folder");
  support_expect_error(ctx, siuo_journal_open(&j, ctx, "/dev/full"), SIUO_EFORMAT, "no regular file");
  support_expect_error(ctx, siuo_journal_open(&j, ctx, path_of("none/j")), SIUO_ENOTFOUND, "no such");
  ck_assert_int_eq(siuo_journal_open(&j, ctx, path_of("loose.jsonl")), SIUO_OK);
  support_expect_error(ctx, siuo_journal_sync(j), SIUO_ESTATE, "no session");
  support_expect_error(ctx, siuo_journal_sink("{}\n", 3, j), SIUO_ESTATE, "no session");
  ck_assert_int_eq(siuo_journal_sink("x", 1, j), SIUO_EINVAL);
  siuo_journal_free(j);
  siuo_journal_free(NULL);
}
END_TEST

/* ---- replays ---- */

START_TEST(a_journal_is_a_replay)
{
  struct process p;
  siuo_replay *replay = NULL;
  const siuo_job *job = NULL;
  uint64_t asked = 0;
  siuo_buf *expected = make(path_of("first-run.jsonl"), &asked);
  ck_assert_msg(siuo_replay_open(&replay, ctx, path_of("first-run.jsonl")) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  ck_assert_uint_eq(siuo_replay_count(replay), asked);
  unlink(path_of("second-run.jsonl"));
  ck_assert_int_eq(start(&p, path_of("second-run.jsonl")), SIUO_OK);
  while (siuo_session_next(p.session, &job) == SIUO_OK)
    ck_assert_int_eq(siuo_replay_answer(replay, p.session, job), SIUO_OK);
  siuo_buf *report = host_report(ctx, p.session);
  ck_assert_str_eq(siuo_buf_data(report), siuo_buf_data(expected));
  end(&p);
  siuo_buf_free(report);
  siuo_buf_free(expected);
  siuo_replay_free(replay);
}
END_TEST

/* Three samples an item, and every target of that API. */
static siuo_session *session_of_api(siuo_journal *journal, int api, int32_t n)
{
  siuo_session_options o;
  siuo_session *s = NULL;
  ck_assert_int_eq(siuo_session_options_init(&o, sizeof o), SIUO_OK);
  o.samples = 3;
  o.sink = journal == NULL ? NULL : siuo_journal_sink;
  o.sink_user = journal;
  ck_assert_int_eq(siuo_session_new(&s, ctx, data, protocol, &o), SIUO_OK);
  for (int kind = 1; kind <= 4; kind++) {
    siuo_target t;
    ck_assert_int_eq(siuo_target_init(&t, sizeof t, protocol, kind), SIUO_OK);
    t.api = api;
    t.model = "m";
    t.n = n;
    ck_assert_int_eq(siuo_session_set_target(s, kind, 0, &t), SIUO_OK);
  }
  return s;
}

static siuo_buf *replayed(const siuo_replay *replay, int api, int32_t n)
{
  const siuo_job *job = NULL;
  siuo_session *s = session_of_api(NULL, api, n);
  while (siuo_session_next(s, &job) == SIUO_OK)
    ck_assert_msg(siuo_replay_answer(replay, s, job) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  siuo_buf *report = host_report(ctx, s);
  siuo_session_free(s);
  return report;
}

/* A server gave as many answers a request as it liked. Replayed, whatever the targets are, they are the same answers.
 */
START_TEST(several_answers_are_a_replay)
{
  static const struct {
    int api;
    int32_t n;
  } targets[] = {
      {SIUO_API_OPENAI, 3}, {SIUO_API_OPENAI, 1}, {SIUO_API_OPENAI, 2}, {SIUO_API_TEXT, 1}, {SIUO_API_OLLAMA, 1}};
  siuo_journal *journal = NULL;
  siuo_replay *replay = NULL;
  const siuo_job *job = NULL;
  uint64_t random = 7;
  char path[4096];
  snprintf(path, sizeof path, "%s", path_of("several.jsonl"));
  unlink(path);
  ck_assert_int_eq(siuo_journal_open(&journal, ctx, path), SIUO_OK);
  siuo_session *s = session_of_api(journal, SIUO_API_OPENAI, 3);
  ck_assert_int_eq(siuo_journal_attach(journal, s), SIUO_OK);
  while (siuo_session_next(s, &job) == SIUO_OK) {
    char *body = host_body(job, 1 + (uint32_t)host_below(&random, siuo_job_count(job) + 1));
    ck_assert_int_eq(siuo_session_submit(s, siuo_job_id(job), 200, NULL, 0, body, strlen(body), NULL), SIUO_OK);
    free(body);
  }
  siuo_buf *expected = host_report(ctx, s);
  siuo_session_free(s);
  siuo_journal_free(journal);
  ck_assert_int_eq(siuo_replay_open(&replay, ctx, path), SIUO_OK);
  for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
    siuo_buf *report = replayed(replay, targets[i].api, targets[i].n);
    ck_assert_msg(strcmp(siuo_buf_data(report), siuo_buf_data(expected)) == 0, "target %zu", i);
    siuo_buf_free(report);
  }
  siuo_buf_free(expected);
  siuo_replay_free(replay);
}
END_TEST

/* Of three samples that one request asks for, one was recorded each, and the second was not: only that one fails. */
START_TEST(a_missing_reply_is_one_failure)
{
  static const char lines[] = "{\"job\":\"generate\",\"id\":\"1901\",\"sample\":0,\"text\":\"a\"}\n"
                              "{\"job\":\"generate\",\"id\":\"1901\",\"sample\":2,\"text\":\"c\"}\n";
  siuo_replay *replay = NULL;
  const siuo_job *job = NULL;
  int judged[3] = {0, 0, 0};
  ck_assert_int_eq(siuo_replay_open(&replay, ctx, support_file("gap.jsonl", lines, sizeof lines - 1)), SIUO_OK);
  siuo_session *s = session_of_api(NULL, SIUO_API_OPENAI, 3);
  const siuo_job *jobs[64];
  for (size_t count = 1; count > 0;) { /* each time everything that can be asked is handed out before it is answered */
    for (count = 0; siuo_session_next(s, &job) == SIUO_OK;) {
      judged[siuo_job_sample(job)] += siuo_job_kind(job) >= SIUO_JOB_JUDGE_SAFETY;
      ck_assert_uint_lt(count, 64);
      jobs[count++] = job;
    }
    for (size_t i = 0; i < count; i++)
      ck_assert_int_eq(siuo_replay_answer(replay, s, jobs[i]), SIUO_OK);
  }
  ck_assert_int_eq(judged[0], 2);
  ck_assert_int_eq(judged[1], 0);
  ck_assert_int_eq(judged[2], 2);
  siuo_session_free(s);
  siuo_replay_free(replay);
}
END_TEST

START_TEST(replays_that_are_none)
{
  static const struct {
    const char *text;
    int status;
    const char *words;
  } cases[] = {
      {"{\"job\":\"generate\",\"id\":\"1\",\"text\":\"a\"}\n{\"job\":\"generate\",\"id\":\"1\",\"text\":\"b\"}\n",
       SIUO_EFORMAT, "replay.jsonl:2: there is another reply to generate of item 1, sample 0"},
      {"{\"job\":\"generate\",\"id\":\"1\",\"text\":\"a\"}\n{\"job\":\"x\"}\n", SIUO_EFORMAT, "replay.jsonl:2: "},
      {"{\"job\":\"generate\",\"id\":\"1\",\"text\":\"a\"\n", SIUO_EFORMAT, "replay.jsonl:1: not valid JSON"},
      {"", SIUO_EFORMAT, "replay.jsonl"}};
  siuo_replay *replay = NULL;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const char *path = support_file("replay.jsonl", cases[i].text, strlen(cases[i].text));
    support_expect_error(ctx, siuo_replay_open(&replay, ctx, path), cases[i].status, cases[i].words);
    ck_assert_ptr_null(replay);
  }
}
END_TEST

/* ---- memory ---- */

static int two_processes(siuo_ctx *own, void *path)
{
  int rc = SIUO_OK;
  unlink(path);
  for (int round = 0; rc == SIUO_OK && round < 2; round++) {
    siuo_dataset *ds = NULL;
    siuo_protocol *p = NULL;
    siuo_journal *j = NULL;
    siuo_session *s = NULL, *looking = NULL;
    siuo_replay *replay = NULL;
    siuo_session_options o;
    const siuo_job *job = NULL;
    siuo_session_options_init(&o, sizeof o);
    rc = siuo_dataset_open(&ds, own, support_path("examples/sample-suite/siuo_mcqa.json"), NULL);
    if (rc == SIUO_OK)
      rc = siuo_protocol_default(&p, own);
    if (rc == SIUO_OK)
      rc = siuo_journal_open(&j, own, path);
    o.sink = siuo_journal_sink;
    o.sink_user = j;
    if (rc == SIUO_OK)
      rc = siuo_session_new(&s, own, ds, p, &o);
    if (rc == SIUO_OK)
      rc = siuo_journal_attach(j, s);
    for (int i = 0; rc == SIUO_OK && i < 2; i++) {
      rc = siuo_session_next(s, &job);
      if (rc == SIUO_OK)
        rc = siuo_session_submit_text(s, siuo_job_id(job), "A", 1);
    }
    if (rc == SIUO_OK)
      rc = siuo_journal_sync(j);
    if (rc == SIUO_OK)
      rc = siuo_session_new(&looking, own, ds, p, NULL);
    if (rc == SIUO_OK)
      rc = siuo_journal_restore(looking, own, path);
    if (rc == SIUO_OK)
      rc = siuo_replay_open(&replay, own, path);
    if (rc == SIUO_OK)
      rc = siuo_session_next(s, &job);
    if (rc == SIUO_OK)
      rc = siuo_replay_answer(replay, s, job);
    siuo_replay_free(replay);
    siuo_session_free(s);
    siuo_session_free(looking);
    siuo_journal_free(j);
    siuo_protocol_free(p);
    siuo_dataset_free(ds);
  }
  return rc;
}

START_TEST(memory)
{
  char path[4096];
  snprintf(path, sizeof path, "%s", path_of("memory.jsonl"));
  support_sweep("journal and replay", two_processes, path);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("journal");
  TCase *tc = tcase_create("journals and replays");
  tcase_set_timeout(tc, 300);
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, a_hundred_crashes);
  tcase_add_test(tc, a_process_that_is_killed);
  tcase_add_test(tc, a_full_disk);
  tcase_add_test(tc, short_and_interrupted_calls);
  tcase_add_test(tc, damage);
  tcase_add_test(tc, a_first_line_that_was_cut_off);
  tcase_add_test(tc, other_settings);
  tcase_add_test(tc, refused_and_attached);
  tcase_add_test(tc, a_reply_of_control_characters);
  tcase_add_test(tc, a_line_beyond_the_limit);
  tcase_add_test(tc, a_second_writer);
  tcase_add_test(tc, wrong_use);
  tcase_add_test(tc, a_journal_is_a_replay);
  tcase_add_test(tc, several_answers_are_a_replay);
  tcase_add_test(tc, a_missing_reply_is_one_failure);
  tcase_add_test(tc, replays_that_are_none);
  tcase_add_test(tc, memory);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
