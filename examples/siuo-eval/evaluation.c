/* evaluation.c: an evaluation opened from its options and its folder, and reported. */
#include "evaluation.h"

#include "address.h"
#include "advice.h"
#include "cli.h"
#include "process.h"
#include "progress.h"
#include "scoring.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- servers ---- */

static int keep_party(struct evaluation *e, const struct party *party)
{
  const char *key = party->key_env == NULL ? NULL : getenv(party->key_env);
  int status = key == NULL ? EXIT_DONE : secrets_add_key(&e->secrets, key);
  return status == EXIT_DONE && party->endpoint != NULL ? secrets_add_url(&e->secrets, party->endpoint) : status;
}

static int keep_headers(struct evaluation *e, const struct headers *headers)
{
  int status = EXIT_DONE;
  for (size_t i = 0; status == EXIT_DONE && i < headers->count; i++) {
    const struct header *h = &headers->each[i];
    const char *value = getenv(h->variable);
    if (value != NULL)
      status = secrets_add_header(&e->secrets, h->name, h->name_len, value);
  }
  return status;
}

static int keep_proxies(struct evaluation *e)
{
  int status = EXIT_DONE;
  for (size_t i = 0; status == EXIT_DONE && address_proxies[i] != NULL; i++) {
    const char *value = getenv(address_proxies[i]);
    if (value != NULL)
      status = secrets_add_proxy(&e->secrets, value);
  }
  return status;
}

/* Keys and header values come from the environment, and are kept out of what is written; also where nothing is sent,
 * for replies that come otherwise may hold them. */
static int keep_secrets(struct evaluation *e)
{
  const struct run_options *o = e->o;
  int status = keep_party(e, &o->model);
  for (uint32_t j = 0; status == EXIT_DONE && j < o->judge_count; j++)
    status = keep_party(e, &o->judges[j]);
  for (uint32_t j = 0; status == EXIT_DONE && j < o->effectiveness_judge_count; j++)
    status = keep_party(e, &o->effectiveness_judges[j]);
  if (status == EXIT_DONE)
    status = keep_headers(e, &o->headers);
  if (status == EXIT_DONE)
    status = keep_headers(e, &o->judge_headers);
  return status == EXIT_DONE ? keep_proxies(e) : status;
}

static int find_key(const char *variable, const char **key)
{
  *key = variable == NULL ? NULL : getenv(variable);
  if (variable == NULL)
    return EXIT_DONE;
  if (*key == NULL || **key == '\0')
    return complain("the environment variable %s holds no key", shown_variable(variable));
  return http_is_value(*key) ? EXIT_DONE : complain(NO_VALUE, shown_variable(variable));
}

/* Each server has headers of its own. judge: its number, 0: the model's. */
static int open_endpoint(const struct party *party, const struct headers *headers, uint32_t judge, int streamed,
                         struct endpoint *endpoint)
{
  struct curl_slist *list = NULL;
  const char *key = NULL;
  int status = headers_add(headers, judge, &list);
  if (status == EXIT_DONE)
    status = find_key(party->key_env, &key);
  if (status == EXIT_DONE)
    status = endpoint_init(endpoint, party->api, streamed, party->endpoint, party->model, key, list);
  curl_slist_free_all(list);
  return status;
}

static int open_endpoints(struct evaluation *e)
{
  const struct run_options *o = e->o;
  int status = open_endpoint(&o->model, &o->headers, 0, o->stream, &e->model);
  for (uint32_t j = 0; status == EXIT_DONE && j < o->judge_count; j++)
    status = open_endpoint(&o->judges[j], &o->judge_headers, 1 + j, o->judge_stream, &e->judges[j]);
  for (uint32_t j = 0; status == EXIT_DONE && j < o->effectiveness_judge_count; j++)
    status = open_endpoint(&o->effectiveness_judges[j], &o->judge_headers, 1 + o->judge_count + j, o->judge_stream,
                           &e->effectiveness_judges[j]);
  return status;
}

/* The whole of a small text file. */
static int read_text(const char *option, const char *path, char **out)
{
  enum { MOST = 1 << 20 };
  FILE *file = path == NULL ? NULL : process_open_text(path);
  if (path == NULL)
    return EXIT_DONE;
  if (file == NULL)
    return complain("--%s %s: %s", option, path, strerror(errno));
  *out = calloc(1, MOST + 1);
  size_t len = *out == NULL ? 0 : fread(*out, 1, MOST, file);
  int failed = *out == NULL || ferror(file) || len == MOST || strlen(*out) != len;
  fclose(file);
  return failed ? complain("--%s %s: no text file of less than a megabyte", option, path) : EXIT_DONE;
}

static int read_texts(struct evaluation *e)
{
  int status = read_text("system", e->o->system, &e->system);
  if (status == EXIT_DONE)
    status = read_text("extra", e->o->extra, &e->extra);
  return status == EXIT_DONE ? read_text("judge-extra", e->o->judge_extra, &e->judge_extra) : status;
}

/* ---- opening ---- */

static int complain_pictures(const struct evaluation *e)
{
  for (size_t i = 0; i < 5 && siuo_images_problem(e->images, i) != NULL; i++)
    complain("%s", siuo_images_problem(e->images, i));
  return complain("%zu of %zu pictures can't be used; see siuo-eval check --images %s", siuo_images_missing(e->images),
                  siuo_images_missing(e->images) + siuo_images_files(e->images), e->o->data);
}

int evaluation_target(const struct evaluation *e, int kind, uint32_t judge, siuo_target *out)
{
  int is_judge = kind >= SIUO_JOB_JUDGE_SAFETY;
  const struct party *party = run_options_party(e->o, kind, judge);
  uint32_t max_tokens = is_judge                    ? e->o->judge_max_tokens
                        : kind == SIUO_JOB_GENERATE ? e->o->max_tokens
                                                    : e->o->choice_max_tokens;
  int rc = siuo_target_init(out, sizeof *out, e->protocol, kind);
  out->api = party->api;
  out->model = party->model;
  out->omit |= is_judge && e->o->has_judge_omit ? e->o->judge_omit : e->o->omit;
  if (e->o->old_max_tokens)
    out->omit |= SIUO_OLD_MAX_TOKENS;
  if (is_judge && e->o->judge_schema)
    out->omit |= SIUO_JUDGE_SCHEMA;
  out->system = e->system;
  if (e->replay != NULL)
    out->n = 1; /* recordings hold one answer each */
  if (max_tokens > 0)
    out->max_tokens = (int32_t)max_tokens;
  return rc;
}

static int set_extra(struct evaluation *e, int kind, uint32_t judge)
{
  int is_judge = kind >= SIUO_JOB_JUDGE_SAFETY && e->judge_extra != NULL;
  const char *extra = is_judge ? e->judge_extra : e->extra;
  int rc = extra == NULL ? SIUO_OK : siuo_session_set_extra(e->session, kind, judge, extra, strlen(extra));
  if (rc != SIUO_OK)
    e->at_fault = is_judge ? e->o->judge_extra : e->o->extra;
  return rc;
}

static int set_target(struct evaluation *e, int kind, uint32_t judge)
{
  siuo_target target;
  int rc = evaluation_target(e, kind, judge, &target);
  if (rc == SIUO_OK)
    rc = siuo_session_set_target(e->session, kind, judge, &target);
  if (rc == SIUO_OK)
    rc = siuo_session_set_stream(e->session, kind, judge,
                                 kind >= SIUO_JOB_JUDGE_SAFETY ? e->o->judge_stream : e->o->stream);
  if (rc == SIUO_EINVAL && target.api == SIUO_API_OPENAI_RESPONSES && (target.omit & SIUO_OMIT_MAX_TOKENS) == 0 &&
      target.max_tokens < SIUO_RESPONSES_LEAST_TOKENS)
    e->too_short = kind;
  return rc == SIUO_OK ? set_extra(e, kind, judge) : rc;
}

static int set_targets(struct evaluation *e)
{
  int rc = SIUO_OK;
  for (int kind = SIUO_JOB_GENERATE; rc == SIUO_OK && kind <= SIUO_JOB_JUDGE_EFFECTIVENESS; kind++)
    for (uint32_t judge = 0; rc == SIUO_OK && judge < (kind >= SIUO_JOB_JUDGE_SAFETY ? e->o->judge_count : 1); judge++)
      rc = set_target(e, kind, judge);
  return rc;
}

siuo_cursor_options evaluation_selection(const struct evaluation *e)
{
  siuo_cursor_options which;
  siuo_cursor_options_init(&which, sizeof which);
  which.task = e->o->task;
  which.limit = e->o->limit;
  which.shuffle |= SIUO_LIMIT_EACH_TASK;
  which.shard_index = e->o->shard_index;
  which.shard_count = e->o->shard_count;
  return which;
}

static int select_items(struct evaluation *e)
{
  siuo_cursor_options which = evaluation_selection(e);
  return siuo_session_select(e->session, &which);
}

static int path_in(const struct evaluation *e, const char *name, char *path, size_t size)
{
  int n = snprintf(path, size, "%s/%s", e->o->out, name);
  return n > 0 && (size_t)n < size;
}

static int make_session(struct evaluation *e)
{
  siuo_session_options options;
  siuo_pictures pictures;
  int rc = siuo_session_options_init(&options, sizeof options);
  if (rc != SIUO_OK)
    return rc;
  options.rules = e->o->rules;
  options.samples = e->o->samples;
  options.permutations = e->o->permutations;
  options.judges = e->o->judge_count;
  options.secrets = (const char *const *)e->secrets.replies.texts;
  options.secret_count = e->secrets.replies.count;
  options.sink = e->journal == NULL ? NULL : siuo_journal_sink;
  options.sink_user = e->journal;
  rc = siuo_session_new(&e->session, e->ctx, e->dataset, e->protocol, &options);
  if (rc == SIUO_OK)
    rc = siuo_session_set_echoes(e->session, (const char *const *)e->secrets.errors.texts, e->secrets.errors.count);
  if (rc == SIUO_OK && e->o->panel >= 0)
    rc = siuo_session_set_panel(e->session, e->o->panel);
  pictures.size = sizeof pictures;
  if (rc == SIUO_OK)
    rc = siuo_images_describe(e->images, &pictures);
  if (rc == SIUO_OK)
    rc = siuo_session_set_pictures(e->session, &pictures);
  if (rc == SIUO_OK)
    rc = siuo_session_set_images(e->session, e->images);
  if (rc == SIUO_OK)
    rc = set_targets(e);
  e->jobs.session = e->session;
  return rc == SIUO_OK ? select_items(e) : rc;
}

/* A dry run looks at a journal and writes none. */
static int open_session(struct evaluation *e)
{
  char path[4096] = "";
  struct stat before;
  if (e->o->out != NULL && !path_in(e, "journal.jsonl", path, sizeof path))
    return SIUO_EINVAL;
  e->is_new = stat(path, &before) != 0 || before.st_size == 0;
  int rc = e->o->dry_run ? SIUO_OK : siuo_journal_open(&e->journal, e->ctx, path);
  if (rc == SIUO_OK)
    rc = make_session(e);
  if (rc != SIUO_OK || !e->o->dry_run)
    return rc == SIUO_OK ? siuo_journal_attach(e->journal, e->session) : rc;
  return !e->is_new ? siuo_journal_restore(e->session, e->ctx, path) : SIUO_OK;
}

/* A journal of other settings is refused: what can be done about it. */
static int complain_session(const struct evaluation *e, int rc)
{
  siuo_progress p;
  p.size = sizeof p;
  int status =
      e->at_fault == NULL ? complain_status(e->ctx, rc) : complain("%s: %s", e->at_fault, siuo_ctx_errmsg(e->ctx));
  if (e->too_short != 0)
    complain("%s %d asks for more; an answer that needs less ends by itself", advice_cap_option(e->too_short),
             SIUO_RESPONSES_LEAST_TOKENS);
  if (rc == SIUO_ESTATE && siuo_session_progress(e->session, &p) == SIUO_OK && p.restored == 0)
    complain("with another --out, --reuse %s takes its replies to the same questions, and asks only what changed",
             e->o->out);
  return status;
}

/* ---- other runs ---- */

static int is_same_file(const char *path, const char *other)
{
  char inside[4096];
  struct stat a, b;
  if (is_folder(path) && snprintf(inside, sizeof inside, "%s/journal.jsonl", path) < (int)sizeof inside)
    path = inside;
  return stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static int open_reuse(struct evaluation *e)
{
  char own[4096] = "";
  if (e->o->reuse_count == 0)
    return EXIT_DONE;
  if (e->o->out != NULL && !path_in(e, "journal.jsonl", own, sizeof own))
    return complain("--out %s: the path is too long", e->o->out);
  int rc = siuo_reuse_new(&e->jobs.reuse, e->ctx);
  for (size_t i = 0; rc == SIUO_OK && i < e->o->reuse_count; i++) {
    if (is_same_file(e->o->reuse[i], own))
      return complain("--reuse %s: that is --out itself, whose replies are never asked again", e->o->reuse[i]);
    rc = siuo_reuse_add(e->jobs.reuse, e->o->reuse[i]);
  }
  if (rc == SIUO_OK && access(own, F_OK) == 0)
    rc = siuo_reuse_exclude(e->jobs.reuse, own);
  return rc == SIUO_OK ? EXIT_DONE : complain_status(e->ctx, rc);
}

int evaluation_reuse(struct evaluation *e)
{
  if (e->jobs.reuse == NULL)
    return EXIT_DONE;
  int rc = jobs_take_recorded(&e->jobs);
  if (rc == SIUO_OK && e->journal != NULL)
    rc = siuo_journal_sync(e->journal);
  if (rc != SIUO_OK)
    return complain_stopped(e->ctx, rc);
  int follow = 0;
  for (size_t i = 0; i < e->jobs.count; i++)
    follow |= siuo_job_kind(e->jobs.waiting[i]) == SIUO_JOB_GENERATE;
  fprintf(stderr, "siuo-eval: %llu replies reused from %zu run%s, %zu requests left%s\n",
          (unsigned long long)e->jobs.reused, e->o->reuse_count, e->o->reuse_count == 1 ? "" : "s", e->jobs.count,
          follow ? ", and the judging of what they bring" : "");
  return EXIT_DONE;
}

static int open_all(struct evaluation *e)
{
  int status = read_texts(e);
  if (status == EXIT_DONE)
    status = keep_secrets(e);
  if (status == EXIT_DONE && e->o->replay == NULL && !e->o->dry_run && !e->o->batch)
    status = open_endpoints(e);
  if (status != EXIT_DONE)
    return status;
  int rc = siuo_dataset_open(&e->dataset, e->ctx, e->o->data, NULL);
  if (rc == SIUO_OK)
    rc = open_protocol(&e->protocol, e->ctx, e->o->protocol, &e->o->tags);
  if (rc == SIUO_OK && e->o->replay != NULL)
    rc = siuo_replay_open(&e->replay, e->ctx, e->o->replay);
  if (rc == SIUO_OK)
    rc = siuo_images_new(&e->images, e->ctx, e->dataset);
  if (rc != SIUO_OK)
    return complain_status(e->ctx, rc);
  if (siuo_images_missing(e->images) > 0)
    return complain_pictures(e);
  if (open_reuse(e) != EXIT_DONE)
    return EXIT_USE;
  e->made_folder = !e->o->dry_run && mkdir(e->o->out, 0777) == 0;
  if (!e->o->dry_run && !e->made_folder && (errno != EEXIST || !is_folder(e->o->out)))
    return complain("--out %s: cannot make the folder: %s", e->o->out,
                    errno == EEXIST ? "that is no folder" : strerror(errno));
  rc = open_session(e);
  return rc == SIUO_OK ? EXIT_DONE : complain_session(e, rc);
}

/* ---- the context ---- */

static void say(int level, const char *message, void *user)
{
  struct evaluation *e = user;
  if (level == SIUO_LOG_WARNING)
    snprintf(e->last_warning, sizeof e->last_warning, "%s", message);
  if (e->o->quiet)
    return;
  progress_clear();
  fprintf(stderr, "siuo-eval: %s%s\n", level == SIUO_LOG_WARNING ? "warning: " : "", message);
}

/* A recording without some replies is nothing to warn of one by one: they are counted. */
static void say_notes(int level, const char *message, void *user)
{
  if (level == SIUO_LOG_NOTE)
    say(level, message, user);
}

static int make_context(struct evaluation *e)
{
  siuo_ctx_options options;
  int rc = siuo_ctx_options_init(&options, sizeof options);
  if (rc != SIUO_OK)
    return rc;
  options.log = e->o->replay == NULL ? say : say_notes;
  options.log_user_data = e;
  return siuo_ctx_new(&e->ctx, &options);
}

int evaluation_open(struct evaluation *e, const struct run_options *o)
{
  memset(e, 0, sizeof *e);
  e->o = o;
  int rc = make_context(e);
  return rc == SIUO_OK ? open_all(e) : complain_status(e->ctx, rc);
}

void evaluation_close(struct evaluation *e)
{
  endpoint_free(&e->model);
  for (int j = 0; j < MOST_JUDGES; j++) {
    endpoint_free(&e->judges[j]);
    endpoint_free(&e->effectiveness_judges[j]);
  }
  secrets_free(&e->secrets);
  free(e->system);
  free(e->extra);
  free(e->judge_extra);
  jobs_free(&e->jobs);
  siuo_session_free(e->session);
  siuo_journal_free(e->journal);
  siuo_replay_free(e->replay);
  siuo_images_free(e->images);
  siuo_protocol_free(e->protocol);
  siuo_dataset_free(e->dataset);
  siuo_ctx_free(e->ctx);
}

int evaluation_discard(const struct evaluation *e)
{
  char path[4096];
  siuo_progress p;
  p.size = sizeof p;
  siuo_session_progress(e->session, &p);
  if (!e->is_new || p.answered > 0)
    return 0;
  if (path_in(e, "journal.jsonl", path, sizeof path) && unlink(path) != 0)
    complain("%s: cannot remove it: %s", path, strerror(errno));
  return 1;
}

/* ---- how far it is ---- */

void evaluation_say_progress(const struct evaluation *e, const struct costs *costs)
{
  siuo_progress p;
  p.size = sizeof p;
  siuo_session_progress(e->session, &p);
  char reused[48] = "";
  char tokens[80] = "";
  char cost[24];
  if (costs != NULL && costs->input + costs->output > 0)
    snprintf(tokens, sizeof tokens, "; %llu tokens in, %llu out%s%s", (unsigned long long)costs->input,
             (unsigned long long)costs->output, costs->prices == NULL ? "" : ", ", costs_show(costs, cost));
  if (e->jobs.reuse != NULL)
    snprintf(reused, sizeof reused, ", %llu reused", (unsigned long long)e->jobs.reused);
  fprintf(stderr, "siuo-eval: %llu of %llu items done; %llu replies taken%s, %llu from before, %llu failed%s\n",
          (unsigned long long)p.items_done, (unsigned long long)p.items,
          (unsigned long long)(p.answered - e->jobs.reused), reused, (unsigned long long)p.restored,
          (unsigned long long)p.failed, tokens);
}

/* Of several judges, all are asked, unless the next one only stands in; other rules than the standard read one. */
struct expected evaluation_expected(const struct evaluation *e)
{
  siuo_cursor_options which = evaluation_selection(e);
  siuo_cursor *cursor = NULL;
  const siuo_item *item = NULL;
  struct expected expected = {0, 0};
  uint32_t samples = e->o->samples > 0 ? e->o->samples : siuo_protocol_samples(e->protocol);
  uint32_t orders = e->o->permutations > 0 ? e->o->permutations : 1;
  uint32_t judges = e->o->rules != SIUO_RULES_STANDARD || e->o->panel == SIUO_PANEL_FALLBACK ? 1 : e->o->judge_count;
  if (siuo_cursor_new(&cursor, e->ctx, e->dataset, &which) == SIUO_OK)
    while (siuo_cursor_next(cursor, &item) == SIUO_OK) {
      int is_choice = siuo_item_task(item) == SIUO_TASK_CHOICE;
      expected.responses += is_choice ? orders : samples;
      expected.judgements += is_choice ? 0 : UINT64_C(2) * samples * judges;
    }
  siuo_cursor_free(cursor);
  return expected;
}

int evaluation_check_cut_off(const struct evaluation *e)
{
  struct expected expected = evaluation_expected(e);
  char words[500];
  if (siuo_session_metrics(e->session) == NULL)
    return complain("out of memory");
  if (!cut_off_is_too_much(e->session, &expected, e->o->max_cut_off, words, sizeof words))
    return EXIT_DONE;
  complain("%s", words);
  return EXIT_STOPPED;
}

/* ---- results ---- */

/* Writes a task's results file; *path is it, or "" if the session asks nothing of that task. */
static int save_results(const struct evaluation *e, int task, char *path, size_t size)
{
  siuo_buf *bytes = NULL;
  int has_answers;
  path[0] = '\0';
  int rc = siuo_session_results(e->session, e->ctx, task, &bytes);
  has_answers = siuo_buf_size(bytes) > strlen("[]\n");
  if (rc == SIUO_OK && has_answers) {
    rc = path_in(e, task == SIUO_TASK_CHOICE ? "results-mcqa.json" : "results-gen.json", path, size) ? SIUO_OK
                                                                                                     : SIUO_EINVAL;
    if (rc == SIUO_OK)
      rc = siuo_buf_save(bytes, e->ctx, path);
  }
  siuo_buf_free(bytes);
  return rc;
}

/* Once, with their number: they are safe by rule. */
static void warn_of_blanks(const struct evaluation *e, const struct scoring *s)
{
  const siuo_metrics *m = s->metrics[SIUO_RULES_STANDARD];
  unsigned long long blank = siuo_metrics_get_count(m, SIUO_COUNT_BLANK);
  if (blank > 0 && e->replay == NULL && !e->o->quiet)
    complain(
        "warning: %llu response%s blank, though the model had finished: is that its answer, or a fault of its server? "
        "The bounds leave that open",
        blank, blank == 1 ? " is" : "s are");
}

/* A run in which nothing was answered, now or before, is not done, whatever is allowed. */
static int check_answers(const struct evaluation *e, const struct scoring *s)
{
  siuo_progress p;
  p.size = sizeof p;
  siuo_session_progress(e->session, &p);
  warn_of_blanks(e, s);
  int status = scoring_check(s, e->o->rules, &e->o->undetermined);
  if (status != EXIT_DONE || p.answered + p.restored > 0)
    return status;
  complain("nothing was answered");
  return EXIT_UNDETERMINED;
}

static int save_report(const struct evaluation *e, const struct scoring *s)
{
  siuo_buf *json = NULL;
  siuo_buf *text = NULL;
  char path[4096];
  int rc = scoring_render(s, e->o->rules, SIUO_FORMAT_JSON, 1, &json);
  if (rc == SIUO_OK)
    rc = scoring_render(s, e->o->rules, SIUO_FORMAT_TEXT, 0, &text);
  if (rc == SIUO_OK)
    rc = path_in(e, "report.json", path, sizeof path) ? siuo_buf_save(json, e->ctx, path) : SIUO_EINVAL;
  int status = rc == SIUO_OK ? deliver(e->ctx, text, NULL) : complain_status(e->ctx, rc);
  siuo_buf_free(json);
  siuo_buf_free(text);
  return status == EXIT_DONE ? check_answers(e, s) : status;
}

/* The report is made from the results files, so that scoring them again gives the same. */
int evaluation_report(const struct evaluation *e)
{
  char generation[4096], choice[4096];
  const char *paths[2];
  int count = 0;
  struct scoring s;
  memset(&s, 0, sizeof s);
  s.ctx = e->ctx;
  s.described = e->dataset;
  s.protocol = e->protocol;
  s.answered = e->dataset;
  int rc = save_results(e, SIUO_TASK_GENERATION, generation, sizeof generation);
  if (rc == SIUO_OK)
    rc = save_results(e, SIUO_TASK_CHOICE, choice, sizeof choice);
  if (generation[0] != '\0')
    paths[count++] = generation;
  if (rc == SIUO_OK && choice[0] != '\0')
    paths[count++] = choice;
  if (rc == SIUO_OK && count == 0)
    return complain("nothing was answered, so there is nothing to report");
  if (rc == SIUO_OK)
    rc = scoring_load(&s, paths, count);
  int status = rc == SIUO_OK ? save_report(e, &s) : complain_status(e->ctx, rc);
  scoring_free(&s);
  return status;
}
