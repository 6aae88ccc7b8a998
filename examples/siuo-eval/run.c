/* run.c: siuo-eval run: an evaluation from the data to the report, its replies journalled as they come. */
#include "cli.h"
#include "run_options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MOST_SECRETS (1 + MOST_JUDGES + 16) /* keys, and headers that come from the environment */
#define SYNC_EVERY   64                     /* replies of a replay between two flushes of the journal */

struct run {
  const struct run_options *o;
  siuo_ctx *ctx;
  siuo_dataset *dataset;
  siuo_images *images;
  siuo_protocol *protocol;
  siuo_session *session;
  siuo_journal *journal;
  siuo_replay *replay; /* NULL: servers are asked */
  char *system;        /* NULL: none */
  const char *secrets[MOST_SECRETS];
  size_t secret_count;
  struct endpoint model, judges[MOST_JUDGES]; /* where to ask */
};

/* ---- servers ---- */

/* Keys come from the environment, and are kept out of everything that is written. */
static int find_key(struct run *r, const char *variable, const char **key)
{
  *key = variable == NULL ? NULL : getenv(variable);
  if (variable == NULL)
    return EXIT_DONE;
  if (*key == NULL || **key == '\0')
    return complain("the environment variable %s holds no key", variable);
  r->secrets[r->secret_count++] = *key;
  return EXIT_DONE;
}

static int open_endpoint(struct run *r, const struct party *party, struct endpoint *e)
{
  const char *key = NULL;
  int status = find_key(r, party->key_env, &key);
  return status == EXIT_DONE ? endpoint_init(e, party->api, party->endpoint, party->model, key, r->o->headers) : status;
}

static int open_endpoints(struct run *r)
{
  for (const struct curl_slist *h = r->o->headers; h != NULL; h = h->next) {
    if (r->secret_count == MOST_SECRETS - MOST_JUDGES - 1)
      return complain("--header: at most %d", MOST_SECRETS - MOST_JUDGES - 1);
    r->secrets[r->secret_count++] = strchr(h->data, ':') + 2;
  }
  int status = open_endpoint(r, &r->o->model, &r->model);
  for (uint32_t j = 0; status == EXIT_DONE && j < r->o->judge_count; j++)
    status = open_endpoint(r, &r->o->judges[j], &r->judges[j]);
  return status;
}

/* The whole of a small text file. */
static int read_system(struct run *r)
{
  enum { MOST = 1 << 20 };
  FILE *file = r->o->system == NULL ? NULL : fopen(r->o->system, "rb");
  if (r->o->system == NULL)
    return EXIT_DONE;
  if (file == NULL)
    return complain("--system %s: %s", r->o->system, strerror(errno));
  r->system = calloc(1, MOST + 1);
  size_t len = r->system == NULL ? 0 : fread(r->system, 1, MOST, file);
  int failed = r->system == NULL || ferror(file) || len == MOST || strlen(r->system) != len;
  fclose(file);
  return failed ? complain("--system %s: no text file of less than a megabyte", r->o->system) : EXIT_DONE;
}

/* ---- opening ---- */

static int is_folder(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int open_protocol(struct run *r)
{
  const char *path = r->o->protocol;
  if (path == NULL)
    return siuo_protocol_default(&r->protocol, r->ctx);
  return is_folder(path) ? siuo_protocol_import(&r->protocol, r->ctx, path)
                         : siuo_protocol_open(&r->protocol, r->ctx, path);
}

static int complain_pictures(const struct run *r)
{
  for (size_t i = 0; i < 5 && siuo_images_problem(r->images, i) != NULL; i++)
    complain("%s", siuo_images_problem(r->images, i));
  return complain("%zu of %zu pictures can't be used; see siuo-eval check --images %s", siuo_images_missing(r->images),
                  siuo_images_missing(r->images) + siuo_images_files(r->images), r->o->data);
}

static int set_target(struct run *r, int kind, uint32_t judge)
{
  siuo_target target;
  int is_judge = kind >= SIUO_JOB_JUDGE_SAFETY;
  const struct party *party = is_judge ? &r->o->judges[judge] : &r->o->model;
  uint32_t max_tokens = is_judge ? r->o->judge_max_tokens : kind == SIUO_JOB_GENERATE ? r->o->max_tokens : 0;
  int rc = siuo_target_init(&target, sizeof target, r->protocol, kind);
  target.api = party->api;
  target.model = party->model;
  target.omit |= r->o->omit;
  target.system = r->system;
  if (r->replay != NULL)
    target.n = 1; /* recordings hold one answer each */
  if (max_tokens > 0)
    target.max_tokens = (int32_t)max_tokens;
  return rc == SIUO_OK ? siuo_session_set_target(r->session, kind, judge, &target) : rc;
}

static int set_targets(struct run *r)
{
  int rc = SIUO_OK;
  for (int kind = SIUO_JOB_GENERATE; rc == SIUO_OK && kind <= SIUO_JOB_JUDGE_EFFECTIVENESS; kind++)
    for (uint32_t judge = 0; rc == SIUO_OK && judge < (kind >= SIUO_JOB_JUDGE_SAFETY ? r->o->judge_count : 1); judge++)
      rc = set_target(r, kind, judge);
  return rc;
}

static siuo_cursor_options selection(const struct run *r)
{
  siuo_cursor_options which;
  siuo_cursor_options_init(&which, sizeof which);
  which.task = r->o->task;
  which.limit = r->o->limit;
  which.shard_index = r->o->shard_index;
  which.shard_count = r->o->shard_count;
  return which;
}

static int select_items(struct run *r)
{
  siuo_cursor_options which = selection(r);
  return siuo_session_select(r->session, &which);
}

static int path_in(const struct run *r, const char *name, char *path, size_t size)
{
  int n = snprintf(path, size, "%s/%s", r->o->out, name);
  return n > 0 && (size_t)n < size;
}

static int open_session(struct run *r)
{
  siuo_session_options options;
  siuo_pictures pictures;
  char path[4096];
  if (!path_in(r, "journal.jsonl", path, sizeof path))
    return SIUO_EINVAL;
  int rc = siuo_session_options_init(&options, sizeof options);
  if (rc == SIUO_OK)
    rc = siuo_journal_open(&r->journal, r->ctx, path);
  if (rc != SIUO_OK)
    return rc;
  options.rules = r->o->rules;
  options.samples = r->o->samples;
  options.permutations = r->o->permutations;
  options.judges = r->o->judge_count;
  options.secrets = r->secrets;
  options.secret_count = r->secret_count;
  options.sink = siuo_journal_sink;
  options.sink_user = r->journal;
  rc = siuo_session_new(&r->session, r->ctx, r->dataset, r->protocol, &options);
  pictures.size = sizeof pictures;
  if (rc == SIUO_OK)
    rc = siuo_images_describe(r->images, &pictures);
  if (rc == SIUO_OK)
    rc = siuo_session_set_pictures(r->session, &pictures);
  if (rc == SIUO_OK)
    rc = set_targets(r);
  if (rc == SIUO_OK)
    rc = select_items(r);
  return rc == SIUO_OK ? siuo_journal_attach(r->journal, r->session) : rc;
}

static int open_all(struct run *r)
{
  int status = read_system(r);
  if (status == EXIT_DONE && r->o->replay == NULL)
    status = open_endpoints(r);
  if (status != EXIT_DONE)
    return status;
  int rc = siuo_dataset_open(&r->dataset, r->ctx, r->o->data, NULL);
  if (rc == SIUO_OK)
    rc = open_protocol(r);
  if (rc == SIUO_OK && r->o->replay != NULL)
    rc = siuo_replay_open(&r->replay, r->ctx, r->o->replay);
  if (rc == SIUO_OK)
    rc = siuo_images_new(&r->images, r->ctx, r->dataset);
  if (rc != SIUO_OK)
    return complain_status(r->ctx, rc);
  if (siuo_images_missing(r->images) > 0)
    return complain_pictures(r);
  if (mkdir(r->o->out, 0777) != 0 && (errno != EEXIST || !is_folder(r->o->out)))
    return complain("--out %s: cannot make the folder: %s", r->o->out, strerror(errno));
  rc = open_session(r);
  return rc == SIUO_OK ? EXIT_DONE : complain_status(r->ctx, rc);
}

static void close_all(struct run *r)
{
  endpoint_free(&r->model);
  for (int j = 0; j < MOST_JUDGES; j++)
    endpoint_free(&r->judges[j]);
  free(r->system);
  siuo_session_free(r->session);
  siuo_journal_free(r->journal);
  siuo_replay_free(r->replay);
  siuo_images_free(r->images);
  siuo_protocol_free(r->protocol);
  siuo_dataset_free(r->dataset);
  siuo_ctx_free(r->ctx);
}

/* ---- running ---- */

/* Makes the request body as a live run would send it. */
static int read_body(struct run *r, const siuo_job *job)
{
  static char bytes[65536];
  siuo_body *body = NULL;
  size_t got = 1;
  int rc = siuo_job_body(job, r->ctx, &body);
  while (rc == SIUO_OK && got > 0)
    rc = siuo_body_read(body, bytes, sizeof bytes, &got);
  siuo_body_free(body);
  return rc;
}

static int replay_jobs(struct run *r)
{
  const siuo_job *job = NULL;
  uint64_t answered = 0;
  int rc;
  while ((rc = siuo_session_next(r->session, &job)) == SIUO_OK) {
    rc = read_body(r, job);
    if (rc == SIUO_OK)
      rc = siuo_replay_answer(r->replay, r->session, job);
    if (rc == SIUO_OK && ++answered % SYNC_EVERY == 0)
      rc = siuo_journal_sync(r->journal);
    if (rc != SIUO_OK)
      return complain_status(r->ctx, rc);
  }
  if (rc == SIUO_DONE)
    rc = siuo_journal_sync(r->journal);
  return rc == SIUO_OK ? EXIT_DONE : complain_status(r->ctx, rc);
}

/* Responses that the run will ask for. */
static uint64_t count_responses(const struct run *r)
{
  siuo_cursor_options which = selection(r);
  siuo_cursor *cursor = NULL;
  const siuo_item *item = NULL;
  uint64_t count = 0;
  uint32_t samples = r->o->samples > 0 ? r->o->samples : siuo_protocol_samples(r->protocol);
  uint32_t orders = r->o->permutations > 0 ? r->o->permutations : 1;
  if (siuo_cursor_new(&cursor, r->ctx, r->dataset, &which) == SIUO_OK)
    while (siuo_cursor_next(cursor, &item) == SIUO_OK)
      count += siuo_item_task(item) == SIUO_TASK_CHOICE ? orders : samples;
  siuo_cursor_free(cursor);
  return count;
}

static int ask_servers(struct run *r)
{
  const struct run_options *o = r->o;
  struct live live;
  memset(&live, 0, sizeof live);
  live.ctx = r->ctx;
  live.session = r->session;
  live.journal = r->journal;
  live.model = &r->model;
  live.judges = r->judges;
  live.http.concurrency = o->concurrency;
  live.http.connect_timeout = o->connect_timeout;
  live.http.timeout = o->timeout;
  live.http.ca_file = o->ca_file;
  live.http.max_reply = 16u << 20;
  live.per_minute = o->per_minute;
  live.max_requests = o->max_requests;
  live.retries = o->retries;
  live.responses = count_responses(r);
  live.quiet = o->quiet;
  return live_run(&live);
}

static void say_progress(const struct run *r)
{
  siuo_progress p;
  p.size = sizeof p;
  siuo_session_progress(r->session, &p);
  fprintf(stderr, "siuo-eval: %llu of %llu items done; %llu replies taken, %llu from before, %llu failed\n",
          (unsigned long long)p.items_done, (unsigned long long)p.items, (unsigned long long)p.answered,
          (unsigned long long)p.restored, (unsigned long long)p.failed);
}

/* ---- results ---- */

/* Writes a task's results file; *path is it, or "" if the session asks nothing of that task. */
static int save_results(const struct run *r, int task, char *path, size_t size)
{
  siuo_buf *bytes = NULL;
  int has_answers;
  path[0] = '\0';
  int rc = siuo_session_results(r->session, r->ctx, task, &bytes);
  has_answers = siuo_buf_size(bytes) > strlen("[]\n");
  if (rc == SIUO_OK && has_answers) {
    rc = path_in(r, task == SIUO_TASK_CHOICE ? "results-mcqa.json" : "results-gen.json", path, size) ? SIUO_OK
                                                                                                     : SIUO_EINVAL;
    if (rc == SIUO_OK)
      rc = siuo_buf_save(bytes, r->ctx, path);
  }
  siuo_buf_free(bytes);
  return rc;
}

static int save_report(const struct run *r, const struct scoring *s)
{
  siuo_buf *json = NULL;
  siuo_buf *text = NULL;
  char path[4096];
  int rc = scoring_render(s, r->o->rules, SIUO_FORMAT_JSON, 1, &json);
  if (rc == SIUO_OK)
    rc = scoring_render(s, r->o->rules, SIUO_FORMAT_TEXT, 0, &text);
  if (rc == SIUO_OK)
    rc = path_in(r, "report.json", path, sizeof path) ? siuo_buf_save(json, r->ctx, path) : SIUO_EINVAL;
  int status = rc == SIUO_OK ? deliver(r->ctx, text, NULL) : complain_status(r->ctx, rc);
  siuo_buf_free(json);
  siuo_buf_free(text);
  return status == EXIT_DONE ? scoring_check(s, r->o->rules, &r->o->undetermined) : status;
}

/* The report is made from the results files, so that scoring them again gives the same. */
static int report(const struct run *r)
{
  char generation[4096], choice[4096];
  const char *paths[2];
  int count = 0;
  struct scoring s;
  siuo_progress p;
  p.size = sizeof p;
  siuo_session_progress(r->session, &p);
  memset(&s, 0, sizeof s);
  s.ctx = r->ctx;
  s.described = r->dataset;
  if (p.items < siuo_dataset_count(r->dataset) && (r->o->limit > 0 || r->o->shard_count > 1))
    s.whole_items = siuo_dataset_count(r->dataset);
  else
    s.answered = r->dataset;
  int rc = save_results(r, SIUO_TASK_GENERATION, generation, sizeof generation);
  if (rc == SIUO_OK)
    rc = save_results(r, SIUO_TASK_CHOICE, choice, sizeof choice);
  if (generation[0] != '\0')
    paths[count++] = generation;
  if (rc == SIUO_OK && choice[0] != '\0')
    paths[count++] = choice;
  if (rc == SIUO_OK && count == 0)
    return complain("nothing was answered, so there is nothing to report");
  if (rc == SIUO_OK)
    rc = scoring_load(&s, paths, count);
  int status = rc == SIUO_OK ? save_report(r, &s) : complain_status(r->ctx, rc);
  scoring_free(&s);
  return status;
}

static int run_all(struct run *r)
{
  int status = open_all(r);
  if (status != EXIT_DONE)
    return status;
  status = r->replay != NULL ? replay_jobs(r) : ask_servers(r);
  say_progress(r);
  if (status != EXIT_DONE) {
    complain("what was answered is kept in %s: the same command goes on from there", r->o->out);
    return status;
  }
  return report(r);
}

static void say(int level, const char *message, void *user)
{
  (void)user;
  fprintf(stderr, "siuo-eval: %s%s\n", level == SIUO_LOG_WARNING ? "warning: " : "", message);
}

static int make_context(struct run *r)
{
  siuo_ctx_options options;
  int rc = siuo_ctx_options_init(&options, sizeof options);
  if (rc == SIUO_OK && !r->o->quiet && r->o->replay == NULL)
    options.log = say;
  return rc == SIUO_OK ? siuo_ctx_new(&r->ctx, &options) : rc;
}

int run_run(const struct command *self, int argc, char **argv)
{
  struct run_options o;
  struct run r;
  int asked = 0;
  int status = run_options_read(&o, self, argc, argv, &asked);
  memset(&r, 0, sizeof r);
  r.o = &o;
  if (asked) {
    int rc = make_context(&r);
    status = rc == SIUO_OK ? run_all(&r) : complain_status(r.ctx, rc);
    close_all(&r);
  }
  run_options_free(&o);
  return status;
}
