/* run.c: siuo-eval run: an evaluation from the data to the report, its replies journalled as they come. */
#include "cli.h"
#include "dry_run.h"
#include "evaluation.h"

#include <string.h>

#define SYNC_EVERY 64 /* replies of a replay between two flushes of the journal */

/* Makes the request body as a live run would send it. */
static int read_body(struct evaluation *e, const siuo_job *job)
{
  static char bytes[65536];
  siuo_body *body = NULL;
  size_t got = 1;
  int rc = siuo_job_body(job, e->ctx, &body);
  while (rc == SIUO_OK && got > 0)
    rc = siuo_body_read(body, bytes, sizeof bytes, &got);
  siuo_body_free(body);
  return rc;
}

static int replay_jobs(struct evaluation *e)
{
  const siuo_job *job = NULL;
  uint64_t answered = 0;
  int rc;
  while ((rc = jobs_next(&e->jobs, &job)) == SIUO_OK) {
    rc = read_body(e, job);
    if (rc == SIUO_OK)
      rc = siuo_replay_answer(e->replay, e->session, job);
    if (rc == SIUO_OK && ++answered % SYNC_EVERY == 0)
      rc = siuo_journal_sync(e->journal);
    if (rc != SIUO_OK)
      return complain_stopped(e->ctx, rc);
  }
  if (rc == SIUO_DONE)
    rc = siuo_journal_sync(e->journal);
  return rc == SIUO_OK ? EXIT_DONE : complain_stopped(e->ctx, rc);
}

static int ask_servers(struct evaluation *e)
{
  const struct run_options *o = e->o;
  struct live live;
  siuo_progress before;
  before.size = sizeof before;
  siuo_session_progress(e->session, &before);
  memset(&live, 0, sizeof live);
  live.ctx = e->ctx;
  live.session = e->session;
  live.jobs = &e->jobs;
  live.journal = e->journal;
  live.model = &e->model;
  live.judges = e->judges;
  live.effectiveness_judges = o->effectiveness_judge_count > 0 ? e->effectiveness_judges : e->judges;
  live.http.concurrency = o->concurrency;
  live.http.connect_timeout = o->connect_timeout;
  live.http.timeout = o->timeout;
  live.http.ca_file = o->ca_file;
  live.http.max_reply = 16u << 20;
  live.per_minute = o->per_minute;
  live.max_requests = o->max_requests;
  live.retries = o->retries;
  live.expected = evaluation_expected(e);
  live.max_cut_off = o->max_cut_off;
  live.resumed = before.restored > 0;
  live.quiet = o->quiet;
  live.last_warning = e->last_warning;
  live.failures = e->failures;
  live.failures_size = sizeof e->failures;
  return live_run(&live);
}

static int run_all(struct evaluation *e)
{
  int status = evaluation_reuse(e);
  if (status == EXIT_DONE)
    status = e->replay != NULL ? replay_jobs(e) : ask_servers(e);
  int stopped = status != EXIT_DONE;
  evaluation_say_progress(e);
  if (!stopped)
    status = evaluation_report(e);
  if (status == EXIT_UNDETERMINED && e->failures[0] != '\0')
    complain("%s", e->failures);
  if (evaluation_discard(e))
    complain("nothing was answered, so no journal is kept, and other settings may follow");
  else if (stopped)
    complain(
        "what was answered is kept in %s: the same command goes on from there; with other settings, --reuse %s and "
        "another --out do",
        e->o->out, e->o->out);
  return status;
}

int run_run(const struct command *self, int argc, char **argv)
{
  struct run_options o;
  struct evaluation e;
  int asked = 0;
  int status = run_options_read(&o, self, argc, argv, &asked);
  if (asked) {
    status = evaluation_open(&e, &o);
    if (status == EXIT_DONE)
      status = o.dry_run ? dry_run(&e) : run_all(&e);
    evaluation_close(&e);
  }
  return status;
}
