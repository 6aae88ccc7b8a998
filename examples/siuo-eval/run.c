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

/* Each server with its limits. One that is the model's and a judge's, too, has the model's. */
static void set_lanes(struct evaluation *e, struct lanes *lanes)
{
  const struct run_options *o = e->o;
  const struct lane_limits model = {o->concurrency, o->per_minute, o->tokens_per_minute};
  const struct lane_limits judge = {o->judge_concurrency > 0 ? o->judge_concurrency : o->concurrency,
                                    o->judge_per_minute > 0 ? o->judge_per_minute : o->per_minute,
                                    o->tokens_per_minute};
  memset(lanes, 0, sizeof *lanes);
  lanes_add(lanes, &e->model, 0, &model);
  for (uint32_t j = 0; j < o->judge_count; j++)
    lanes_add(lanes, &e->judges[j], 1, &judge);
  for (uint32_t j = 0; j < o->effectiveness_judge_count; j++)
    lanes_add(lanes, &e->effectiveness_judges[j], 1, &judge);
}

static int describe_targets(const struct evaluation *e, struct live *live)
{
  int rc = SIUO_OK;
  for (int kind = SIUO_JOB_GENERATE; rc == SIUO_OK && kind <= SIUO_JOB_JUDGE_EFFECTIVENESS; kind++)
    for (uint32_t j = 0; rc == SIUO_OK && j < (kind >= SIUO_JOB_JUDGE_SAFETY ? e->o->judge_count : 1); j++)
      rc = evaluation_target(e, kind, j, &live->targets[kind - 1][j]);
  return rc;
}

static int ask_servers(struct evaluation *e, struct costs *costs)
{
  const struct run_options *o = e->o;
  static struct live live;
  static struct lanes lanes;
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
  live.lanes = &lanes;
  live.costs = costs;
  live.http.connect_timeout = o->connect_timeout;
  live.http.timeout = o->timeout;
  live.http.ca_file = o->ca_file;
  live.http.max_reply = 16u << 20;
  live.max_requests = o->max_requests;
  live.retries = o->retries;
  live.expected = evaluation_expected(e);
  live.max_cut_off = o->max_cut_off;
  live.resumed = before.restored > 0;
  live.quiet = o->quiet;
  live.last_warning = e->last_warning;
  live.failures = e->failures;
  live.failures_size = sizeof e->failures;
  set_lanes(e, &lanes);
  int rc = describe_targets(e, &live);
  return rc == SIUO_OK ? live_run(&live) : complain_status(e->ctx, rc);
}

static int run_all(struct evaluation *e, struct costs *costs)
{
  int status = evaluation_reuse(e);
  if (status == EXIT_DONE)
    status = e->replay != NULL ? replay_jobs(e) : ask_servers(e, costs);
  int stopped = status != EXIT_DONE;
  evaluation_say_progress(e, costs);
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

static int require_price(const struct run_options *o, const struct costs *costs, const struct party *party)
{
  struct price price;
  if (prices_find(costs->prices, party->model, &price))
    return EXIT_DONE;
  if (o->max_cost > 0)
    return complain("--max-cost: %s has no price for %s", o->prices, party->model);
  complain("warning: %s has no price for %s: the costs leave it out", o->prices, party->model);
  return EXIT_DONE;
}

/* A live run's prices, before anything is opened or asked. */
static int open_costs(const struct run_options *o, struct costs *costs)
{
  memset(costs, 0, sizeof *costs);
  costs->most = o->max_cost;
  costs->most_tokens = o->max_tokens_total;
  if (o->prices == NULL || o->dry_run)
    return EXIT_DONE;
  costs->prices = prices_read(o->prices);
  int status = costs->prices == NULL ? EXIT_USE : require_price(o, costs, &o->model);
  for (uint32_t j = 0; status == EXIT_DONE && j < o->judge_count; j++)
    status = require_price(o, costs, &o->judges[j]);
  for (uint32_t j = 0; status == EXIT_DONE && j < o->effectiveness_judge_count; j++)
    status = require_price(o, costs, &o->effectiveness_judges[j]);
  return status;
}

int run_run(const struct command *self, int argc, char **argv)
{
  struct run_options o;
  struct evaluation e;
  struct costs costs;
  int asked = 0;
  int status = run_options_read(&o, self, argc, argv, &asked);
  if (asked && (status = open_costs(&o, &costs)) == EXIT_DONE) {
    status = evaluation_open(&e, &o);
    if (status == EXIT_DONE)
      status = o.dry_run ? dry_run(&e) : run_all(&e, &costs);
    evaluation_close(&e);
  }
  if (asked)
    prices_free(costs.prices);
  return status;
}
