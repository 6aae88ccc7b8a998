/* live.c: a session's jobs, put to servers: when to send, when to send again, when to stop. */
#include "live.h"

#include "cli.h"
#include "health.h"
#include "process.h"
#include "progress.h"
#include "tokens.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define SYNC_SECONDS  0.25 /* between two flushes of the journal: nothing is sent or taken while one goes on */
#define GRACE_SECONDS 5.0  /* for replies under way after an interruption */
#define MOST_PARKED   256  /* jobs of a server that may be looked past for those of another */

/* An open job: under way, waiting to be sent again, or parked until its server has room. */
struct attempt {
  const siuo_job *job;
  uint64_t id;
  uint64_t number;   /* in the order of the session */
  struct lane *lane; /* of its server */
  const char *model; /* that is asked */
  double in, out;    /* tokens, estimated */
  double factor;     /* by which that is corrected */
  double due;        /* when to send it (again) */
  uint32_t tries;
  int sending, is_parked;
};

struct loop {
  const struct live *l;
  struct http *http;
  struct progress *progress;
  struct health health;
  struct attempt *attempts;
  size_t count;
  uint64_t handed; /* jobs, out of the session */
  double last_sync;
  uint64_t sent;
  uint64_t random;
  int unsynced;   /* replies came since the last flush */
  int exhausted;  /* the session has nothing more to hand out for now */
  int stopped;    /* no new requests */
  double give_up; /* when stopped: replies that come later are not waited for */
  int status;     /* EXIT_* */
};

static volatile sig_atomic_t interrupted; /* how often */

static void on_signal(int number)
{
  (void)number;
  if (interrupted < 2)
    interrupted++;
}

#define MOST_WORDS 4096 /* bytes of what is said when a run stops: there are addresses in it */

/* ---- stopping ---- */

/* No new requests; replies under way are taken for so many seconds. */
static void stop_within(struct loop *x, double seconds, int status, const char *words)
{
  if (x->stopped)
    return;
  x->stopped = 1;
  x->give_up = seconds_now() + seconds;
  x->status = status;
  progress_clear();
  complain("%s", words);
}

static void stop(struct loop *x, const char *words)
{
  stop_within(x, GRACE_SECONDS, EXIT_STOPPED, words);
}

/* For a call of the library that failed. */
static void stop_failed(struct loop *x, int rc)
{
  stop_within(x, GRACE_SECONDS, stopped_by(rc), siuo_ctx_errmsg(x->l->ctx));
}

static void interrupt(struct loop *x)
{
  char words[120];
  double last = seconds_now() + GRACE_SECONDS;
  snprintf(words, sizeof words,
           "interrupted: %zu replies are under way and taken for up to %.0f seconds; again ends it",
           http_active(x->http), GRACE_SECONDS);
  stop(x, http_active(x->http) == 0 ? "interrupted" : words);
  if (x->give_up > last)
    x->give_up = last; /* it had stopped, and waited for all replies */
}

static int sync_journal(struct loop *x)
{
  int rc = siuo_journal_sync(x->l->journal);
  x->unsynced = 0;
  x->last_sync = seconds_now();
  if (rc != SIUO_OK)
    stop_failed(x, rc);
  return rc;
}

/* ---- replies ---- */

static struct attempt *find(struct loop *x, uint64_t id)
{
  size_t i = 0;
  while (x->attempts[i].id != id)
    i++;
  return &x->attempts[i];
}

static void forget(struct loop *x, struct attempt *a)
{
  a->lane->busy--;
  *a = x->attempts[--x->count];
  x->exhausted = 0; /* an answer may have unlocked further jobs */
}

static void taken(struct loop *x, struct attempt *a)
{
  forget(x, a);
  x->unsynced = 1;
}

static struct asked asked_of(const struct loop *x, const struct attempt *a)
{
  struct asked q;
  q.kind = siuo_job_kind(a->job);
  q.judge = siuo_job_judge(a->job);
  q.apart = q.kind == SIUO_JOB_JUDGE_EFFECTIVENESS && x->l->effectiveness_judges != x->l->judges;
  q.item = siuo_job_item(a->job);
  q.to = q.kind == SIUO_JOB_JUDGE_SAFETY          ? &x->l->judges[q.judge]
         : q.kind == SIUO_JOB_JUDGE_EFFECTIVENESS ? &x->l->effectiveness_judges[q.judge]
                                                  : x->l->model;
  return q;
}

/* The next run asks it. */
static void leave_open(struct attempt *a)
{
  a->sending = 0;
  a->due = INFINITY;
}

/* Its words, without the job's name, which says nothing to the user. */
static const char *reason_of(const struct loop *x)
{
  const char *words = siuo_ctx_errmsg(x->l->ctx);
  const char *rest = strncmp(words, "job ", 4) == 0 ? strstr(words, ": ") : NULL;
  return rest == NULL ? words : rest + 2;
}

static void try_again(struct loop *x, struct attempt *a, double wait, const char *why, const struct http_reply *reply)
{
  char words[MOST_WORDS];
  struct asked q = asked_of(x, a);
  int rc;
  leave_open(a);
  if (x->stopped)
    return;
  a->tries++;
  if (health_troubled(&x->health, &q, reply, why, a->tries, x->l->retries + 1, wait, words, sizeof words))
    stop(x, words);
  else if (a->tries <= x->l->retries)
    a->due = seconds_now() + wait;
  else if ((rc = siuo_session_fail(x->l->session, a->id, why)) != SIUO_OK)
    stop_failed(x, rc);
  else
    taken(x, a);
}

/* Up to a fifth less than 0.5, 1, 2, 4, 8 seconds, as the session waits: requests that failed together come apart. */
static double backoff(struct loop *x, uint32_t tries)
{
  double seconds = tries > 4 ? 8 : 0.5 * (double)(1u << tries);
  x->random = x->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407); /* Knuth's, for MMIX */
  return seconds * (1 - 0.2 * (double)(x->random >> 40) / (double)(UINT64_C(1) << 24));
}

static uint64_t count_failed(const struct loop *x)
{
  siuo_progress progress;
  progress.size = sizeof progress;
  return siuo_session_progress(x->l->session, &progress) == SIUO_OK ? progress.failed : 0;
}

/* Whether a header says when to come again. */
static int says_when(const struct http_reply *reply)
{
  static const char name[] = "retry-after";
  for (size_t i = 0; i + sizeof name <= reply->headers_len; i++)
    if (strncasecmp(reply->headers + i, name, sizeof name - 1) == 0)
      return 1;
  return 0;
}

/* A limit holds for everything that is asked there: 429; of a server that has too much to do, if it says until when. */
static int is_limit(const struct loop *x, const struct http_reply *reply)
{
  int status = siuo_session_error_status(x->l->session);
  if (status == 0)
    status = reply->status;
  return status == 429 || ((status == 503 || status == 529) && says_when(reply));
}

/* Counts the tokens of a reply that was given to the session. */
static void count_tokens(struct loop *x, const struct attempt *a, int rc, const siuo_progress *before)
{
  siuo_progress after;
  after.size = sizeof after;
  siuo_session_progress(x->l->session, &after);
  uint64_t in = after.input_tokens - before->input_tokens;
  uint64_t out = after.output_tokens - before->output_tokens;
  double estimate = a->in + a->out;
  lane_hears(a->lane, seconds_now(), estimate, a->factor * estimate, rc == SIUO_OK ? (double)(in + out) : -1);
  costs_count(x->l->costs, a->model, in, out);
}

/* Gives the reply to the session, which answers or fails the job, or wants it asked again. A content filter's word is
 * an answer, though its status may be an error's. */
static void submit(struct loop *x, struct attempt *a, const struct http_reply *reply)
{
  char words[MOST_WORDS];
  struct asked q = asked_of(x, a); /* the job ends with its answer */
  siuo_progress before;
  double wait = 0;
  before.size = sizeof before;
  siuo_session_progress(x->l->session, &before);
  int rc = siuo_session_submit(x->l->session, a->id, reply->status, reply->headers, reply->headers_len, reply->body,
                               reply->len, &wait);
  count_tokens(x, a, rc, &before);
  if (rc == SIUO_RETRY) {
    if (is_limit(x, reply))
      lane_hold(a->lane, seconds_now(), wait);
    snprintf(words, sizeof words, "%s", reason_of(x));
    try_again(x, a, wait, words, reply);
  } else if (rc != SIUO_OK) {
    leave_open(a);
    stop_failed(x, rc); /* the disk is full, or memory is out */
  } else {
    taken(x, a);
    if (count_failed(x) == before.failed)
      health_answered(&x->health, &q);
    else if (health_failed(&x->health, &q, reply, words, sizeof words))
      stop(x, words);
  }
}

static void on_reply(const struct http_reply *reply, void *user)
{
  struct loop *x = user;
  struct attempt *a = find(x, reply->id);
  costs_end(x->l->costs, a->model, a->in * a->factor, a->out * a->factor);
  if (reply->trouble != NULL || (x->stopped && reply->status >= 300))
    lane_hears(a->lane, seconds_now(), 0, a->factor * (a->in + a->out), -1);
  if (x->stopped && (reply->trouble != NULL || reply->status >= 300))
    leave_open(a); /* more of what was said already */
  else if (reply->trouble != NULL)
    try_again(x, a, backoff(x, a->tries), reply->trouble, reply);
  else
    submit(x, a, reply);
}

/* ---- requests ---- */

static void send_job(struct loop *x, struct attempt *a)
{
  siuo_body *body = NULL;
  int rc = siuo_job_body(a->job, x->l->ctx, &body);
  if (rc != SIUO_OK || http_start(x->http, asked_of(x, a).to, a->id, body) != 0) {
    stop_failed(x, rc == SIUO_OK ? SIUO_ENOMEM : rc);
    return;
  }
  a->sending = 1;
  a->lane->busy += (size_t)a->is_parked;
  a->lane->parked -= (size_t)a->is_parked;
  a->is_parked = 0;
  a->factor = lane_factor(a->lane);
  lane_starts(a->lane, seconds_now(), a->factor * (a->in + a->out));
  costs_begin(x->l->costs, a->model, a->in * a->factor, a->out * a->factor);
  x->sent++;
  if (x->l->max_requests > 0 && x->sent >= x->l->max_requests)
    stop_within(x, INFINITY, EXIT_STOPPED, "--max-requests is reached");
}

/* Whether the one is to be sent before the other: what was asked before, then in the session's order. */
static int is_before(const struct attempt *a, const struct attempt *b)
{
  if (a->is_parked != b->is_parked)
    return b->is_parked;
  return a->due < b->due || (a->due <= b->due && a->number < b->number);
}

static int has_room(const struct lane *l)
{
  return l->busy < l->limits.concurrency;
}

/* The open job to send to the server now; NULL: none. */
static struct attempt *choose(struct loop *x, const struct lane *l, double now)
{
  struct attempt *first = NULL;
  for (size_t i = 0; i < x->count; i++) {
    struct attempt *a = &x->attempts[i];
    if (a->lane == l && !a->sending && a->due <= now && (!a->is_parked || has_room(l)) &&
        (first == NULL || is_before(a, first)))
      first = a;
  }
  return first;
}

static void park(struct loop *x, const siuo_job *job)
{
  struct attempt *a = &x->attempts[x->count++];
  memset(a, 0, sizeof *a);
  a->job = job;
  a->id = siuo_job_id(job);
  a->number = x->handed++;
  struct asked q = asked_of(x, a);
  const siuo_target *t = &x->l->targets[q.kind - 1][q.judge];
  a->lane = lanes_find(x->l->lanes, q.to);
  a->model = q.to->model;
  a->in = tokens_sent(t, job);
  a->out = siuo_job_count(job) * tokens_expected(t, q.kind);
  a->is_parked = 1;
  a->lane->parked++;
}

/* Whether one more job can be taken out of the session, whosever it is. */
static int may_look_further(const struct loop *x)
{
  for (size_t i = 0; i < x->l->lanes->count; i++)
    if (x->l->lanes->all[i].parked >= MOST_PARKED)
      return 0;
  return !x->exhausted && !x->stopped;
}

/* Takes jobs out of the session until there is one for the server: whether there is. */
static int look_for(struct loop *x, const struct lane *l)
{
  const siuo_job *job = NULL;
  while (l->parked == 0 && may_look_further(x)) {
    int rc = jobs_next(x->l->jobs, &job);
    if (rc == SIUO_OK) {
      park(x, job);
      continue;
    }
    x->exhausted = 1;
    if (rc < 0)
      stop_failed(x, rc);
  }
  return l->parked > 0;
}

static void send_to(struct loop *x, struct lane *l)
{
  char words[200];
  while (!x->stopped && lane_opens(l) <= seconds_now()) {
    struct attempt *a = choose(x, l, seconds_now());
    if (a == NULL && has_room(l) && look_for(x, l))
      a = choose(x, l, seconds_now());
    if (a == NULL)
      return;
    if (costs_are_reached(x->l->costs, words, sizeof words))
      stop_within(x, INFINITY, EXIT_STOPPED, words);
    else
      send_job(x, a);
  }
}

static void send_what_can_be_sent(struct loop *x)
{
  for (size_t i = 0; i < x->l->lanes->count; i++)
    send_to(x, &x->l->lanes->all[i]);
  if (x->count == 0)
    look_for(x, &x->l->lanes->all[0]); /* whether there is an end, though no server may be asked now */
}

/* ---- the loop ---- */

static void check_cut_off(struct loop *x)
{
  char words[500];
  if (cut_off_is_too_much(x->l->session, &x->l->expected, x->l->max_cut_off, words, sizeof words))
    stop(x, words);
}

static double sooner(double a, double b)
{
  return a < b ? a : b;
}

/* Seconds until something has to be done without a reply. */
static double pause_of(const struct loop *x, double now)
{
  double then = now + 0.25;
  for (size_t i = 0; i < x->count && !x->stopped; i++) {
    const struct attempt *a = &x->attempts[i];
    if (!a->sending && (!a->is_parked || has_room(a->lane)))
      then = sooner(then, a->due > lane_opens(a->lane) ? a->due : lane_opens(a->lane));
  }
  for (size_t i = 0; i < x->l->lanes->count && may_look_further(x); i++) {
    const struct lane *l = &x->l->lanes->all[i];
    if (has_room(l) && lane_opens(l) > now)
      then = sooner(then, lane_opens(l));
  }
  return then > now ? then - now : 0;
}

static void go_round(struct loop *x)
{
  double last_look = 0;
  while (!x->stopped || http_active(x->http) > 0) {
    double now = seconds_now();
    if (interrupted)
      interrupt(x);
    if (x->stopped && (now > x->give_up || interrupted > 1))
      break;
    send_what_can_be_sent(x);
    if (x->count == 0 && x->exhausted)
      break; /* everything is answered or failed */
    http_wait(x->http, pause_of(x, seconds_now()), on_reply, x);
    now = seconds_now();
    if (x->unsynced && now - x->last_sync >= SYNC_SECONDS)
      sync_journal(x);
    if (progress_is_due(x->progress, now))
      progress_show(x->progress, now, http_active(x->http));
    if (now - last_look >= 0.5) {
      last_look = now;
      check_cut_off(x);
      if (!x->l->quiet)
        lanes_note_silence(x->l->lanes, now, x->l->http.timeout);
    }
  }
  check_cut_off(x);
}

/* Where it stopped, that was said. */
static void say_at_end(const struct loop *x)
{
  if (x->stopped)
    return;
  if (*health_at_end(&x->health) != '\0')
    complain("%s", health_at_end(&x->health));
  else
    snprintf(x->l->failures, x->l->failures_size, "%s", health_of_failures(&x->health));
}

int live_run(const struct live *l)
{
  struct loop x;
  memset(&x, 0, sizeof x);
  x.l = l;
  health_init(&x.health, l->session, l->resumed, l->quiet, l->last_warning);
  x.last_sync = seconds_now();
  x.random = (uint64_t)(x.last_sync * 1e9) ^ (uint64_t)getpid() << 32;
  struct http_options http = l->http;
  http.concurrency = lanes_concurrency(l->lanes);
  x.http = http_new(&http);
  x.attempts = calloc(http.concurrency + l->lanes->count * MOST_PARKED, sizeof *x.attempts);
  x.progress = progress_new(l->jobs, l->costs, l->quiet);
  if (x.http == NULL || x.attempts == NULL || x.progress == NULL) {
    x.status = complain("out of memory");
  } else {
    interrupted = 0;
    process_handle_signals(on_signal);
    go_round(&x);
    sync_journal(&x);
    process_handle_signals(SIG_DFL);
    progress_end(x.progress, http_active(x.http));
    say_at_end(&x);
  }
  http_free(x.http);
  free(x.attempts);
  progress_free(x.progress);
  return x.status;
}
