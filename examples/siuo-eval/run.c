/* run.c: siuo-eval run: an evaluation from the data to the report, its replies journalled as they come. */
#include "cli.h"
#include "scoring.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SYNC_EVERY 64 /* replies between two flushes of the journal */

#define MOST_JUDGES 16

/* Whom a question is put to. */
struct party {
  char model[128];
  int api;
};

struct run_options {
  const char *data, *out, *replay, *protocol;
  struct party model, judges[MOST_JUDGES];
  uint32_t judge_count;
  uint32_t max_tokens, judge_max_tokens; /* 0: the protocol's */
  int task;                              /* SIUO_TASK_*, 0: both */
  int rules;
  uint32_t samples, permutations;
  uint64_t limit, shard_index, shard_count;
  struct undetermined_limit undetermined;
};

struct run {
  const struct run_options *o;
  siuo_ctx *ctx;
  siuo_dataset *dataset;
  siuo_images *images;
  siuo_protocol *protocol;
  siuo_session *session;
  siuo_journal *journal;
  siuo_replay *replay;
};

/* ---- options ---- */

/* A whole number from least to most. */
static int parse_number(const char *name, const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
  char *end = NULL;
  errno = 0;
  unsigned long long n = strtoull(text, &end, 10);
  if (errno != 0 || end == text || *end != '\0' || strchr(text, '-') != NULL || n < least || n > most)
    return complain("--%s %s: expected a number from %llu to %llu", name, text, (unsigned long long)least,
                    (unsigned long long)most);
  *out = n;
  return EXIT_DONE;
}

static int parse_small(const char *name, const char *text, uint32_t most, uint32_t *out)
{
  uint64_t n = 0;
  int status = parse_number(name, text, 1, most, &n);
  *out = (uint32_t)n;
  return status;
}

/* I/N, I from 1. */
static int parse_shard(struct run_options *o, const char *text)
{
  unsigned long long i = 0, n = 0;
  char rest = '\0';
  if (sscanf(text, "%9llu/%9llu%c", &i, &n, &rest) != 2 || i < 1 || i > n)
    return complain("--shard %s: expected I/N, I from 1 to N", text);
  o->shard_index = i - 1;
  o->shard_count = n;
  return EXIT_DONE;
}

static int parse_name(const char *option, const char *text, size_t len, char *name, size_t size)
{
  if (len == 0 || len >= size)
    return complain("--%s: a model's name has 1 to %zu bytes", option, size - 1);
  memcpy(name, text, len);
  name[len] = '\0';
  return EXIT_DONE;
}

static int parse_api(const char *option, const char *text, size_t len, int *api)
{
  char name[32] = "";
  if (len < sizeof name)
    memcpy(name, text, len);
  *api = siuo_api_by_name(name);
  return *api <= SIUO_API_TEXT ? complain("--%s: this version has no API %.*s", option, (int)len, text) : EXIT_DONE;
}

/* MODEL,API,URL[,KEYENV]; of a replay only the first two matter. */
static int parse_judge(struct run_options *o, const char *text)
{
  const char *api = strchr(text, ',');
  const char *url = api == NULL ? NULL : strchr(api + 1, ',');
  if (o->judge_count == MOST_JUDGES)
    return complain("--judge: at most %d judges", MOST_JUDGES);
  if (url == NULL)
    return complain("--judge %s: expected MODEL,API,URL or MODEL,API,URL,KEYENV", text);
  struct party *judge = &o->judges[o->judge_count++];
  int status = parse_name("judge", text, (size_t)(api - text), judge->model, sizeof judge->model);
  return status == EXIT_DONE ? parse_api("judge", api + 1, (size_t)(url - api - 1), &judge->api) : status;
}

static int parse_task(struct run_options *o, const char *text)
{
  static const char *const names[] = {"all", "gen", "mcqa"};
  for (int i = 0; i < 3; i++)
    if (strcmp(text, names[i]) == 0) {
      o->task = i; /* 0, SIUO_TASK_GENERATION, SIUO_TASK_CHOICE */
      return EXIT_DONE;
    }
  return complain("--task %s: expected gen, mcqa or all", text);
}

static int parse_option(struct run_options *o, int letter, const char *value)
{
  switch (letter) {
  case 'd':
    o->data = value;
    return EXIT_DONE;
  case 'o':
    o->out = value;
    return EXIT_DONE;
  case 'y':
    o->replay = value;
    return EXIT_DONE;
  case 'p':
    o->protocol = value;
    return EXIT_DONE;
  case 'm':
    return parse_name("model", value, strlen(value), o->model.model, sizeof o->model.model);
  case 'a':
    return parse_api("api", value, strlen(value), &o->model.api);
  case 'x': /* of no effect where nothing is sent */
    return EXIT_DONE;
  case 'k':
    return parse_small("max-tokens", value, 1000000, &o->max_tokens);
  case 'K':
    return parse_small("judge-max-tokens", value, 1000000, &o->judge_max_tokens);
  case 't':
    return parse_task(o, value);
  case 'n':
    return parse_small("samples", value, 512, &o->samples);
  case 'v':
    return parse_small("permutations", value, 256, &o->permutations);
  case 'j':
    return parse_judge(o, value);
  case 'l':
    return parse_number("limit", value, 1, UINT64_MAX / 2, &o->limit);
  case 's':
    return parse_shard(o, value);
  case 'u':
    return parse_undetermined(&o->undetermined, value);
  default:
    o->rules = siuo_rules_by_name(value);
    return o->rules < 0 ? complain("--rules %s: expected standard, released, olmo or vlmevalkit", value) : EXIT_DONE;
  }
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

static int select_items(struct run *r)
{
  siuo_cursor_options which;
  int rc = siuo_cursor_options_init(&which, sizeof which);
  which.task = r->o->task;
  which.limit = r->o->limit;
  which.shard_index = r->o->shard_index;
  which.shard_count = r->o->shard_count;
  return rc == SIUO_OK ? siuo_session_select(r->session, &which) : rc;
}

static int path_in(const struct run *r, const char *name, char *path, size_t size)
{
  int n = snprintf(path, size, "%s/%s", r->o->out, name);
  return n > 0 && (size_t)n < size;
}

static int open_session(struct run *r)
{
  siuo_session_options options;
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
  options.sink = siuo_journal_sink;
  options.sink_user = r->journal;
  rc = siuo_session_new(&r->session, r->ctx, r->dataset, r->protocol, &options);
  if (rc == SIUO_OK)
    rc = set_targets(r);
  if (rc == SIUO_OK)
    rc = select_items(r);
  return rc == SIUO_OK ? siuo_journal_attach(r->journal, r->session, siuo_images_fingerprint(r->images)) : rc;
}

static int open_all(struct run *r)
{
  int rc = siuo_dataset_open(&r->dataset, r->ctx, r->o->data, NULL);
  if (rc == SIUO_OK)
    rc = open_protocol(r);
  if (rc == SIUO_OK)
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

static int run_jobs(struct run *r)
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
      return rc;
  }
  return rc == SIUO_DONE ? siuo_journal_sync(r->journal) : rc;
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
  s.protocol = r->protocol;
  s.images = r->images;
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
  int rc = run_jobs(r);
  say_progress(r);
  if (rc != SIUO_OK) {
    status = complain_status(r->ctx, rc);
    complain("what was answered is kept in %s: the same command goes on from there", r->o->out);
    return status;
  }
  return report(r);
}

int run_run(const struct command *self, int argc, char **argv)
{
  static const struct option options[] = {{"data", 1, NULL, 'd'},
                                          {"task", 1, NULL, 't'},
                                          {"replay", 1, NULL, 'y'},
                                          {"out", 1, NULL, 'o'},
                                          {"samples", 1, NULL, 'n'},
                                          {"permutations", 1, NULL, 'v'},
                                          {"judge", 1, NULL, 'j'},
                                          {"limit", 1, NULL, 'l'},
                                          {"shard", 1, NULL, 's'},
                                          {"protocol", 1, NULL, 'p'},
                                          {"model", 1, NULL, 'm'},
                                          {"rules", 1, NULL, 'r'},
                                          {"help", 0, NULL, 'h'},
                                          {"max-undetermined", 1, NULL, 'u'},
                                          {"api", 1, NULL, 'a'},
                                          {"endpoint", 1, NULL, 'x'},
                                          {"key-env", 1, NULL, 'x'},
                                          {"concurrency", 1, NULL, 'x'},
                                          {"max-tokens", 1, NULL, 'k'},
                                          {"judge-max-tokens", 1, NULL, 'K'},
                                          {NULL, 0, NULL, 0}};
  static const struct party replayed = {"replay", SIUO_API_OPENAI};
  struct run_options o;
  struct run r;
  int status = EXIT_DONE;
  memset(&o, 0, sizeof o);
  memset(&r, 0, sizeof r);
  o.undetermined.items = -1;
  o.model = replayed;
  r.o = &o;
  for (int letter; (letter = next_option(self, argc, argv, ":h", options, &status)) != -1;) {
    if (letter == 'h')
      return status;
    status = parse_option(&o, letter, optarg);
    if (status != EXIT_DONE)
      return status;
  }
  if (optind != argc)
    return complain("run: unexpected argument %s; see siuo-eval run --help", argv[optind]);
  if (o.judge_count == 0)
    o.judges[o.judge_count++] = replayed;
  if (o.data == NULL || o.out == NULL || o.replay == NULL)
    return complain("run: --data, --out and --replay are needed; see siuo-eval run --help");
  int rc = siuo_ctx_new(&r.ctx, NULL);
  status = rc == SIUO_OK ? run_all(&r) : complain_status(r.ctx, rc);
  close_all(&r);
  return status;
}
