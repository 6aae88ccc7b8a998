/* live.c: a session's jobs, put to servers: when to send, when to send again, when to stop. */
#include "live.h"

#include "cli.h"
#include "progress.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SYNC_SECONDS  0.25  /* between two flushes of the journal: nothing is sent or taken while one goes on */
#define MOST_WAIT     600.0 /* seconds before asking again, whatever the server says */
#define GRACE_SECONDS 5.0   /* for replies under way after an interruption */
#define FIRST_ERRORS  5     /* replies: if all of the first are errors that sending again can't help, the run stops */

/* An open job: under way, or waiting to be sent again. */
struct attempt {
  const siuo_job *job;
  uint64_t id;
  uint32_t tries;
  double due; /* when to send it (again) */
  int sending;
};

struct loop {
  const struct live *l;
  struct http *http;
  struct progress *progress;
  struct attempt *attempts;
  size_t count;
  double next_start; /* the earliest time for the next request, by the rate */
  double last_sync;
  uint64_t sent, answered, hopeless;
  int unsynced;   /* replies came since the last flush */
  int exhausted;  /* the session has nothing more to hand out for now */
  int stopped;    /* no new requests */
  double give_up; /* when stopped: replies that come later are not waited for */
  int status;     /* EXIT_* */
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
  (void)number;
  interrupted = 1;
}

/* ---- stopping ---- */

static void stop(struct loop *x, const char *words)
{
  if (x->stopped)
    return;
  x->stopped = 1;
  x->give_up = seconds_now() + GRACE_SECONDS;
  x->status = EXIT_USE;
  progress_clear();
  complain("%s", words);
}

static int sync_journal(struct loop *x)
{
  int rc = siuo_journal_sync(x->l->journal);
  x->unsynced = 0;
  x->last_sync = seconds_now();
  if (rc != SIUO_OK)
    stop(x, siuo_ctx_errmsg(x->l->ctx));
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
  *a = x->attempts[--x->count];
  x->exhausted = 0; /* an answer may have unlocked further jobs */
}

/* The status of a job that failed. A server that says so once will say it every time; 429 is a matter of waiting,
 * unless the first reply with it was the last: the account has nothing left to spend. */
static void look_at_status(struct loop *x, int status, int asked_again)
{
  char words[160];
  x->hopeless += status >= 300 && status < 500;
  if (status == 401 || status == 402 || status == 403 || status == 404 || (status == 429 && !asked_again))
    snprintf(words, sizeof words,
             "the server answers HTTP status %d, as the warning above says: check the key and its account, the "
             "endpoint and the model",
             status);
  else if (x->answered == FIRST_ERRORS && x->hopeless == FIRST_ERRORS)
    snprintf(words, sizeof words, "each of the first %d replies is an error that asking again can't help",
             FIRST_ERRORS);
  else
    return;
  stop(x, words);
}

/* The job is closed. status: 0 if it is answered. */
static void taken(struct loop *x, struct attempt *a, int status, int asked_again)
{
  forget(x, a);
  x->answered++;
  x->unsynced = 1;
  look_at_status(x, status, asked_again);
}

static void try_again(struct loop *x, struct attempt *a, double wait, const char *why, int status)
{
  a->sending = 0;
  a->due = seconds_now() + (wait < MOST_WAIT ? wait : MOST_WAIT);
  if (++a->tries <= x->l->retries)
    return;
  if (siuo_session_fail(x->l->session, a->id, why) != SIUO_OK)
    stop(x, siuo_ctx_errmsg(x->l->ctx));
  else
    taken(x, a, status, 1);
}

static uint64_t count_failed(const struct loop *x)
{
  siuo_progress progress;
  progress.size = sizeof progress;
  return siuo_session_progress(x->l->session, &progress) == SIUO_OK ? progress.failed : 0;
}

static double backoff(uint32_t tries)
{
  return tries > 4 ? 8 : 0.5 * (double)(1u << tries);
}

static void on_reply(const struct http_reply *reply, void *user)
{
  struct loop *x = user;
  struct attempt *a = find(x, reply->id);
  double wait = 0;
  if (reply->hopeless) {
    char words[512];
    snprintf(words, sizeof words, "%.400s: check the endpoint and --ca-file", reply->trouble);
    a->sending = 0;
    a->due = INFINITY;
    stop(x, words);
    return;
  }
  if (reply->trouble != NULL) {
    try_again(x, a, backoff(a->tries), reply->trouble, 0);
    return;
  }
  uint64_t failed = count_failed(x);
  int rc = siuo_session_submit(x->l->session, a->id, reply->status, reply->headers, reply->headers_len, reply->body,
                               reply->len, &wait);
  if (rc == SIUO_OK) {
    taken(x, a, count_failed(x) == failed ? 0 : reply->status, 0); /* a content filter answers with an error's status */
  } else if (rc == SIUO_RETRY) {
    char why[512];
    snprintf(why, sizeof why, "%s", siuo_ctx_errmsg(x->l->ctx));
    try_again(x, a, wait, why, reply->status);
  } else {
    a->sending = 0;
    a->due = INFINITY;
    stop(x, siuo_ctx_errmsg(x->l->ctx)); /* the disk is full, or memory is out */
  }
}

/* ---- requests ---- */

static void send_job(struct loop *x, struct attempt *a)
{
  siuo_body *body = NULL;
  int kind = siuo_job_kind(a->job);
  const struct endpoint *e = kind >= SIUO_JOB_JUDGE_SAFETY ? &x->l->judges[siuo_job_judge(a->job)] : x->l->model;
  if (siuo_job_body(a->job, x->l->ctx, &body) != SIUO_OK || http_start(x->http, e, a->id, body) != 0) {
    stop(x, siuo_ctx_errmsg(x->l->ctx));
    return;
  }
  a->sending = 1;
  x->sent++;
  if (x->l->per_minute > 0) {
    double now = seconds_now();
    x->next_start = (x->next_start > now ? x->next_start : now) + 60 / x->l->per_minute;
  }
  if (x->l->max_requests > 0 && x->sent >= x->l->max_requests)
    stop(x, "--max-requests is reached");
}

/* The job to send now: the one to be sent again that is due first, else a new one; NULL: none. */
static struct attempt *choose(struct loop *x, double now)
{
  struct attempt *first = NULL;
  const siuo_job *job = NULL;
  for (size_t i = 0; i < x->count; i++) {
    struct attempt *a = &x->attempts[i];
    if (!a->sending && a->due <= now && (first == NULL || a->due < first->due))
      first = a;
  }
  if (first != NULL || x->exhausted || x->count == x->l->http.concurrency)
    return first;
  int rc = jobs_next(x->l->jobs, &job);
  if (rc != SIUO_OK) {
    x->exhausted = 1;
    if (rc < 0)
      stop(x, siuo_ctx_errmsg(x->l->ctx));
    return NULL;
  }
  first = &x->attempts[x->count++];
  memset(first, 0, sizeof *first);
  first->job = job;
  first->id = siuo_job_id(job);
  return first;
}

static void send_what_can_be_sent(struct loop *x)
{
  while (!x->stopped && http_active(x->http) < x->l->http.concurrency && seconds_now() >= x->next_start) {
    struct attempt *a = choose(x, seconds_now());
    if (a == NULL)
      break;
    send_job(x, a);
  }
}

/* ---- the loop ---- */

static void check_truncated(struct loop *x)
{
  const siuo_metrics *m = siuo_session_metrics(x->l->session);
  uint64_t truncated = siuo_metrics_get_count(m, SIUO_COUNT_TRUNCATED);
  char words[200];
  if (m == NULL || truncated * 50 <= x->l->responses)
    return;
  snprintf(words, sizeof words, "%llu responses ended before any answer, more than 2 %% of %llu: raise --max-tokens",
           (unsigned long long)truncated, (unsigned long long)x->l->responses);
  stop(x, words);
}

/* Seconds until something has to be done without a reply. */
static double pause_of(const struct loop *x, double now)
{
  double wait = 0.25;
  for (size_t i = 0; i < x->count && !x->stopped; i++)
    if (!x->attempts[i].sending && x->attempts[i].due - now < wait)
      wait = x->attempts[i].due - now;
  if (x->next_start > now && x->next_start - now < wait)
    wait = x->next_start - now;
  return wait > 0 ? wait : 0;
}

static void go_round(struct loop *x)
{
  double last_look = 0;
  while (!x->stopped || http_active(x->http) > 0) {
    double now = seconds_now();
    if (interrupted)
      stop(x, "interrupted");
    if (x->stopped && now > x->give_up)
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
      check_truncated(x);
    }
  }
  check_truncated(x);
}

int live_run(const struct live *l)
{
  struct loop x;
  memset(&x, 0, sizeof x);
  x.l = l;
  x.last_sync = seconds_now();
  x.http = http_new(&l->http);
  x.attempts = calloc(l->http.concurrency, sizeof *x.attempts);
  x.progress = progress_new(l->jobs, l->quiet);
  if (x.http == NULL || x.attempts == NULL || x.progress == NULL) {
    x.status = complain("out of memory");
  } else {
    interrupted = 0;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    go_round(&x);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    sync_journal(&x);
    progress_end(x.progress, http_active(x.http));
  }
  http_free(x.http);
  free(x.attempts);
  progress_free(x.progress);
  return x.status;
}
