/* test_schedules.c: random hosts. Whatever the order, the delays, the repetitions, failures, retries and crashes, a
 * session ends in the same report, and no job is lost or counted twice: the invariants of docs/session.md. */
#include "support/host.h"
#include "support/support.h"

#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_LINES 4096
#define MOST_OPEN  4096

/* What every schedule of one setting has in common. */
struct setting {
  int rules;
  uint32_t samples, judges, permutations, ask_all;
  int api;
  int32_t n;
  int panel; /* SIUO_PANEL_* */
};

static const struct setting settings[] = {
    {SIUO_RULES_STANDARD, 3, 1, 1, 0, SIUO_API_TEXT, 1, SIUO_PANEL_MAJORITY},
    {SIUO_RULES_STANDARD, 2, 3, 4, 0, SIUO_API_TEXT, 1, SIUO_PANEL_MAJORITY},
    {SIUO_RULES_STANDARD, 3, 1, 2, 1, SIUO_API_OPENAI, 3, SIUO_PANEL_MAJORITY},
    {SIUO_RULES_RELEASED, 3, 1, 1, 0, SIUO_API_OPENAI, 2, SIUO_PANEL_MAJORITY},
    {SIUO_RULES_OLMO, 1, 1, 1, 0, SIUO_API_TEXT, 1, SIUO_PANEL_MAJORITY},
    {SIUO_RULES_VLMEVALKIT, 2, 1, 1, 0, SIUO_API_OPENAI, 2, SIUO_PANEL_MAJORITY},
    {SIUO_RULES_STANDARD, 3, 3, 1, 0, SIUO_API_OPENAI, 2, SIUO_PANEL_FALLBACK},
    {SIUO_RULES_STANDARD, 2, 4, 1, 1, SIUO_API_TEXT, 1, SIUO_PANEL_FALLBACK},
    {SIUO_RULES_STANDARD, 2, 2, 1, 0, SIUO_API_TEXT, 1, SIUO_PANEL_ANY},
};
#define SETTINGS (sizeof settings / sizeof settings[0])

static siuo_ctx *ctx;
static siuo_dataset *data;
static siuo_protocol *protocol;

/* ---- the states of docs/session.md, as a host sees them: of each answer, by the id of its own job ---- */

#define STATE_NOT_OPEN 0 /* locked, not needed or ready */
#define STATE_OPEN     1
#define STATE_ANSWERED 2
#define STATE_FAILED   3
#define MOST_STATES    16384 /* a power of two, many more than there are answers */

static struct {
  uint64_t id;
  int state;
} states[MOST_STATES];

static int *state_of(uint64_t id)
{
  size_t at = (size_t)(id * UINT64_C(0x9E3779B97F4A7C15) >> 50);
  while (states[at].id != 0 && states[at].id != id)
    at = (at + 1) % MOST_STATES;
  states[at].id = id;
  return &states[at].state;
}

/* The id of a job's i-th answer, asked for by itself. */
static uint64_t answer_id(uint64_t id, uint32_t i)
{
  struct siuop_job_name name = siuop_job_unpack(id);
  name.sample += i;
  return siuop_job_pack(&name);
}

/* Invariant 1: what is handed out is neither open nor closed, and a judge's response is answered. */
static void check_handed_out(const siuo_job *job)
{
  struct siuop_job_name response = siuop_job_unpack(siuo_job_id(job));
  response.kind = SIUO_JOB_GENERATE;
  response.judge = 0;
  if (siuo_job_kind(job) == SIUO_JOB_JUDGE_SAFETY || siuo_job_kind(job) == SIUO_JOB_JUDGE_EFFECTIVENESS)
    ck_assert_int_eq(*state_of(siuop_job_pack(&response)), STATE_ANSWERED);
  for (uint32_t i = 0; i < siuo_job_count(job); i++) {
    int *state = state_of(answer_id(siuo_job_id(job), i));
    ck_assert_int_eq(*state, STATE_NOT_OPEN);
    *state = STATE_OPEN;
  }
}

/* What a reply makes of its job's answers. */
struct effect {
  uint64_t id;
  uint32_t count;
  int states[8];
};

/* A line is taken once: an answer that is closed is never taken again (invariants 2 and 3). */
static void take_effect(const struct effect *effect)
{
  for (uint32_t i = 0; i < effect->count; i++) {
    int *state = state_of(answer_id(effect->id, i));
    ck_assert_int_eq(*state, STATE_OPEN);
    *state = effect->states[i];
  }
}

/* Failures are asked again by the next process (invariant 6). */
static void restore_effect(const struct effect *effect)
{
  for (uint32_t i = 0; i < effect->count; i++)
    if (effect->states[i] == STATE_ANSWERED) {
      int *state = state_of(answer_id(effect->id, i));
      ck_assert_int_eq(*state, STATE_NOT_OPEN);
      *state = STATE_ANSWERED;
    }
}

/* The lines that the sinks of one evaluation got, over all its processes, and what each did. */
static struct {
  char *lines[MOST_LINES];
  size_t lens[MOST_LINES];
  struct effect effects[MOST_LINES];
  size_t count;
  int refuse; /* the next line is refused */
} kept;

static int keep_line(const void *line, size_t len, void *user)
{
  (void)user;
  if (kept.refuse) {
    kept.refuse = 0;
    return 1;
  }
  ck_assert_uint_lt(kept.count, MOST_LINES);
  ck_assert_int_eq(((const char *)line)[len - 1], '\n');
  kept.lines[kept.count] = malloc(len + 1);
  memcpy(kept.lines[kept.count], line, len);
  kept.lines[kept.count][len] = '\0';
  kept.lens[kept.count++] = len;
  return 0;
}

static void forget_lines(void)
{
  for (size_t i = 0; i < kept.count; i++)
    free(kept.lines[i]);
  memset(&kept, 0, sizeof kept);
}

static void setup(void)
{
  ctx = support_ctx();
  ck_assert_int_eq(siuo_dataset_open(&data, ctx, support_path("examples/sample-suite"), NULL), SIUO_OK);
  ck_assert_int_eq(siuo_protocol_default(&protocol, ctx), SIUO_OK);
}

static void teardown(void)
{
  forget_lines();
  siuo_protocol_free(protocol);
  siuo_dataset_free(data);
  siuo_ctx_free(ctx);
}

/* ---- one process ---- */

struct host {
  const struct setting *setting;
  siuo_session *session;
  const siuo_job *open[MOST_OPEN];
  size_t count;
  uint64_t random;
};

static siuo_session *make_session(const struct setting *x)
{
  siuo_session_options o;
  siuo_session *s = NULL;
  ck_assert_int_eq(siuo_session_options_init(&o, sizeof o), SIUO_OK);
  o.rules = x->rules;
  o.samples = x->samples;
  o.judges = x->judges;
  o.permutations = x->permutations;
  o.ask_all = x->ask_all;
  o.sink = keep_line;
  ck_assert_int_eq(siuo_session_new(&s, ctx, data, protocol, &o), SIUO_OK);
  ck_assert_int_eq(siuo_session_set_panel(s, x->panel), SIUO_OK);
  for (int kind = 1; kind <= 4; kind++)
    for (uint32_t judge = 0; judge < (kind > 2 ? x->judges : 1); judge++) {
      siuo_target t;
      ck_assert_int_eq(siuo_target_init(&t, sizeof t, protocol, kind), SIUO_OK);
      t.api = x->api;
      t.model = "m";
      t.n = x->n;
      ck_assert_int_eq(siuo_session_set_target(s, kind, judge, &t), SIUO_OK);
    }
  return s;
}

/* Every line so far, in a random order. */
static void restore(struct host *h)
{
  size_t order[MOST_LINES];
  for (size_t i = 0; i < kept.count; i++) {
    size_t j = (size_t)host_below(&h->random, i + 1);
    order[i] = order[j];
    order[j] = i;
  }
  for (size_t i = 0; i < kept.count; i++)
    ck_assert_msg(siuo_session_restore(h->session, kept.lines[order[i]], kept.lens[order[i]]) == SIUO_OK, "%s",
                  siuo_ctx_errmsg(ctx));
}

static void start(struct host *h)
{
  h->session = make_session(h->setting);
  h->count = 0;
  memset(states, 0, sizeof states);
  for (size_t i = 0; i < kept.count; i++)
    restore_effect(&kept.effects[i]);
  restore(h);
}

static siuo_progress progress_of(const struct host *h)
{
  siuo_progress p;
  p.size = sizeof p;
  ck_assert_int_eq(siuo_session_progress(h->session, &p), SIUO_OK);
  return p;
}

static void submit_wrongly(struct host *h, uint64_t id)
{
  size_t lines = kept.count;
  uint64_t open = progress_of(h).open;
  ck_assert_int_lt(siuo_session_submit_text(h->session, id, "x", 1), 0);
  ck_assert_int_lt(siuo_session_submit_verdict(h->session, id, 1), 0);
  ck_assert_int_lt(siuo_session_fail(h->session, id, "x"), 0);
  ck_assert_uint_eq(kept.count, lines);
  ck_assert_uint_eq(progress_of(h).open, open);
}

/* What `given` answers make of a job; an answer may end without a text. */
static struct effect effect_of(const siuo_job *job, uint32_t given)
{
  struct effect effect = {siuo_job_id(job), siuo_job_count(job), {0}};
  ck_assert_uint_le(effect.count, 8);
  for (uint32_t i = 0; i < effect.count && i < given; i++)
    effect.states[i] = host_answer(job, siuo_job_sample(job) + i) == NULL ? STATE_FAILED : STATE_ANSWERED;
  return effect;
}

/* Answers a job by the API of its target; *effect is what that does if it is taken. */
static int answer(struct host *h, const siuo_job *job, struct effect *effect)
{
  uint64_t id = siuo_job_id(job);
  const char *text = host_answer(job, siuo_job_sample(job));
  *effect = effect_of(job, 1);
  if (h->setting->api == SIUO_API_TEXT)
    return text == NULL ? siuo_session_fail(h->session, id, "always fails")
                        : siuo_session_submit_text(h->session, id, text, strlen(text));
  uint32_t count = siuo_job_count(job);
  uint32_t given = (uint32_t)host_below(&h->random, count + 2); /* fewer, as many, or one too many */
  given = given == 0 ? count : given;
  *effect = effect_of(job, given);
  char *body = host_body(job, given);
  int rc = siuo_session_submit(h->session, id, 200, NULL, 0, body, strlen(body), NULL);
  free(body);
  return rc;
}

/* A server's trouble leaves the job open. */
static void meet_trouble(struct host *h, const siuo_job *job)
{
  static const char words[] = "{\"error\": {\"message\": \"overloaded\"}}";
  double wait = -1;
  if (h->setting->api == SIUO_API_TEXT || host_below(&h->random, 4) > 0)
    return;
  ck_assert_int_eq(siuo_session_submit(h->session, siuo_job_id(job), 503, NULL, 0, words, sizeof words - 1, &wait),
                   SIUO_RETRY);
  ck_assert(wait > 0 && wait <= 8);
}

static void refuse_a_line(struct host *h, const siuo_job *job)
{
  size_t lines = kept.count;
  struct effect unused;
  if (host_below(&h->random, 8) > 0)
    return;
  kept.refuse = 1;
  ck_assert_int_eq(answer(h, job, &unused), SIUO_EIO);
  ck_assert_uint_eq(kept.count, lines);
}

static void answer_one(struct host *h)
{
  size_t at = (size_t)host_below(&h->random, h->count);
  const siuo_job *job = h->open[at];
  uint64_t id = siuo_job_id(job);
  h->open[at] = h->open[--h->count];
  meet_trouble(h, job);
  refuse_a_line(h, job);
  size_t lines = kept.count;
  struct effect effect;
  ck_assert_msg(answer(h, job, &effect) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  ck_assert_uint_eq(kept.count, lines + 1);
  kept.effects[lines] = effect;
  take_effect(&effect);
  if (host_below(&h->random, 3) == 0)
    submit_wrongly(h, id); /* closed */
}

/* Takes a job: no open job is handed out again. */
static int take_one(struct host *h)
{
  const siuo_job *job = NULL;
  int rc = siuo_session_next(h->session, &job);
  if (rc == SIUO_WAIT)
    ck_assert_uint_gt(h->count, 0);
  if (rc == SIUO_DONE)
    ck_assert_uint_eq(h->count, 0);
  if (rc != SIUO_OK)
    return rc;
  check_handed_out(job);
  ck_assert_uint_lt(h->count, MOST_OPEN);
  h->open[h->count++] = job;
  ck_assert_uint_eq(progress_of(h).open, h->count);
  return SIUO_OK;
}

/* Runs to the end or, with crashes, to a random accepted line. Returns whether it ended. */
static int run_process(struct host *h, int may_crash)
{
  size_t crash = may_crash ? kept.count + (size_t)host_below(&h->random, 60) : SIZE_MAX;
  size_t window = 1 + (size_t)host_below(&h->random, 40);
  int rc = SIUO_OK;
  while (kept.count < crash) {
    if (h->count < window && rc != SIUO_DONE)
      rc = take_one(h);
    if (rc == SIUO_DONE)
      return 1;
    if (h->count > 0 && (rc == SIUO_WAIT || h->count >= window || host_below(&h->random, 2) == 0)) {
      answer_one(h);
      rc = SIUO_OK;
    }
    if (host_below(&h->random, 50) == 0)
      submit_wrongly(h, host_random(&h->random));
  }
  return 0;
}

/* ---- a whole evaluation ---- */

static int is_failure(size_t i)
{
  return strstr(kept.lines[i], "\"failed\":\"") != NULL || strstr(kept.lines[i], "tool_calls") != NULL;
}

/* The line's job and sample; failures are given again by each process. */
static void job_of_line(size_t i, char *out, size_t size)
{
  const char *end = strstr(kept.lines[i], strstr(kept.lines[i], "\"api\":") != NULL ? "\"api\":" : "\"text\":");
  size_t len = end == NULL ? 0 : (size_t)(end - kept.lines[i]);
  ck_assert_uint_lt(len, size);
  memcpy(out, kept.lines[i], len);
  out[len] = '\0';
}

/* No job was answered twice. */
static void check_lines(void)
{
  for (size_t i = 0; i < kept.count; i++) {
    char a[256], b[256];
    if (is_failure(i))
      continue;
    job_of_line(i, a, sizeof a);
    for (size_t k = 0; k < i; k++) {
      if (is_failure(k))
        continue;
      job_of_line(k, b, sizeof b);
      ck_assert_str_ne(a, b);
    }
  }
}

/* At the end nothing is open, and what an earlier process failed at was asked again by this one. */
static void check_end(const struct host *h)
{
  siuo_progress p = progress_of(h);
  ck_assert_uint_eq(p.items_done, p.items);
  ck_assert_uint_eq(p.open, 0);
  for (size_t k = 0; k < kept.count; k++)
    for (uint32_t i = 0; i < kept.effects[k].count; i++)
      ck_assert_int_ge(*state_of(answer_id(kept.effects[k].id, i)), STATE_ANSWERED);
}

static siuo_buf *evaluate(const struct setting *x, uint64_t seed, int crashes)
{
  struct host h;
  memset(&h, 0, sizeof h);
  h.setting = x;
  h.random = seed;
  forget_lines();
  for (;;) {
    start(&h);
    int ended = run_process(&h, crashes > 0);
    if (ended)
      break;
    crashes--;
    siuo_session_free(h.session);
  }
  check_end(&h);
  siuo_buf *report = host_report(ctx, h.session);
  siuo_session_free(h.session);
  return report;
}

static void check_schedules(size_t seeds)
{
  siuo_buf *expected[SETTINGS];
  for (size_t i = 0; i < SETTINGS; i++)
    expected[i] = evaluate(&settings[i], 1, 0);
  for (size_t seed = 0; seed < seeds; seed++) {
    size_t i = seed % SETTINGS;
    siuo_buf *report = evaluate(&settings[i], 1000 + seed, (int)(seed / SETTINGS % 5));
    if (seed % 16 == 0)
      check_lines();
    ck_assert_msg(strcmp(siuo_buf_data(report), siuo_buf_data(expected[i])) == 0, "seed %zu: another report", seed);
    siuo_buf_free(report);
  }
  for (size_t i = 0; i < SETTINGS; i++)
    siuo_buf_free(expected[i]);
}

START_TEST(a_thousand_schedules)
{
  check_schedules(getenv("SIUO_SANITIZE") != NULL && *getenv("SIUO_SANITIZE") != '\0' ? 200 : 1000);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("schedules");
  TCase *tc = tcase_create("random hosts");
  tcase_set_timeout(tc, 600);
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, a_thousand_schedules);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
