/* session_results.c: what a session recorded, as metrics and in the shape of results files. */
#include "session.h"

#include "judge.h"
#include "results_harm.h"
#include "results_words.h"

#include <string.h>

/* ---- one item, as it would be read from a results file ---- */

/* Room for the lists of one item. */
struct lists {
  siuo_ctx *ctx;
  int32_t *stated, *votes[2], *ends[2];
  struct siuop_recorded_text *responses, *replies[2];
};

static int lists_init(struct lists *l, siuo_ctx *ctx, const siuo_session *s)
{
  size_t most = s->o.samples > s->o.permutations ? s->o.samples : s->o.permutations;
  size_t judged = (size_t)s->o.samples * s->o.judges;
  memset(l, 0, sizeof *l);
  l->ctx = ctx;
  l->stated = siuop_alloc(ctx, most, sizeof *l->stated);
  l->responses = siuop_alloc(ctx, most, sizeof *l->responses);
  int whole = l->stated != NULL && l->responses != NULL;
  for (int which = 0; which < 2; which++) {
    l->votes[which] = siuop_alloc(ctx, judged, sizeof *l->votes[which]);
    l->replies[which] = siuop_alloc(ctx, judged, sizeof *l->replies[which]);
    l->ends[which] = siuop_alloc(ctx, judged, sizeof *l->ends[which]);
    whole &= l->votes[which] != NULL && l->replies[which] != NULL && l->ends[which] != NULL;
  }
  return whole ? SIUO_OK : SIUO_ENOMEM;
}

static void lists_free(struct lists *l)
{
  siuop_free(l->ctx, l->stated);
  siuop_free(l->ctx, l->responses);
  for (int which = 0; which < 2; which++) {
    siuop_free(l->ctx, l->votes[which]);
    siuop_free(l->ctx, l->replies[which]);
    siuop_free(l->ctx, l->ends[which]);
  }
}

static void list_responses(const struct siuop_case *c, struct lists *l, struct siuop_recorded *r)
{
  for (size_t i = 0; i < r->count; i++) {
    const struct siuop_slot *slot = &c->slots[i];
    int answered = slot->state == SIUOP_SLOT_ANSWERED;
    l->responses[i] = slot->text;
    if (!answered || slot->outcome == SIUO_RESPONSE_FAILED)
      l->responses[i].s = NULL;
    l->stated[i] = answered ? slot->outcome : SIUO_RESPONSE_FAILED;
  }
  r->responses = l->responses;
  r->stated = l->stated;
}

static int ended_early(int outcome)
{
  return outcome == SIUO_RESPONSE_BLOCKED || outcome == SIUO_RESPONSE_REFUSED || outcome == SIUO_RESPONSE_TRUNCATED;
}

/* Lists that would say nothing stay NULL. */
static void list_judges(const siuo_session *s, const struct siuop_case *c, struct lists *l, struct siuop_recorded *r)
{
  size_t samples = s->o.samples;
  for (size_t which = SIUOP_SAFE; which <= SIUOP_EFFECTIVE; which++) {
    int voted = 0;
    int early = 0;
    for (size_t i = 0; i < samples * s->o.judges; i++) {
      const struct siuop_slot *slot = &c->slots[samples + (2 * (i / samples) + which) * samples + i % samples];
      int answered = slot->state == SIUOP_SLOT_ANSWERED;
      l->replies[which][i] = slot->text;
      if (!answered)
        l->replies[which][i].s = NULL;
      l->votes[which][i] = answered && slot->has_vote ? slot->vote : -1;
      voted |= answered && slot->has_vote;
      l->ends[which][i] = answered && ended_early(slot->outcome) ? slot->outcome : SIUO_RESPONSE_OK;
      early |= l->ends[which][i] != SIUO_RESPONSE_OK;
    }
    r->ends[which] = early ? l->ends[which] : NULL;
    r->replies[which] = l->replies[which];
    r->votes[which] = voted ? l->votes[which] : NULL;
  }
}

static int is_touched(const siuo_session *s, const struct siuop_case *c)
{
  size_t count = c->item->task == SIUO_TASK_CHOICE ? c->variants : s->o.samples;
  for (size_t i = 0; c->slots != NULL && i < count; i++)
    if (c->slots[i].state != SIUOP_SLOT_OPEN)
      return 1;
  return 0;
}

/* An item that nobody answered yet has no responses: count 0. */
static void record(const siuo_session *s, const struct siuop_case *c, struct lists *l, struct siuop_recorded *r)
{
  memset(r, 0, sizeof *r);
  r->task = c->item->task;
  r->source = "session";
  r->id = c->item->id.s;
  r->id_len = c->item->id.len;
  r->category = c->item->category.s;
  r->category_len = c->item->category.len;
  r->choice = c->item;
  r->judges = s->o.judges;
  r->panel = s->panel;
  if (!is_touched(s, c))
    return;
  r->count = r->task == SIUO_TASK_CHOICE ? c->variants : s->o.samples;
  list_responses(c, l, r);
  if (r->task == SIUO_TASK_GENERATION)
    list_judges(s, c, l, r);
}

/* ---- metrics ---- */

void siuop_session_forget_view(siuo_session *s)
{
  siuo_metrics_free(s->view->metrics);
  s->view->metrics = NULL;
}

const siuo_metrics *siuo_session_metrics(const siuo_session *s)
{
  struct siuop_scorer scorer;
  struct siuop_recorded r;
  struct lists l;
  if (s == NULL || s->view->metrics != NULL)
    return s == NULL ? NULL : s->view->metrics;
  if (lists_init(&l, s->ctx, s) != SIUO_OK) {
    lists_free(&l);
    return NULL;
  }
  int rc = siuop_scorer_init(&scorer, s->ctx, s->o.rules);
  scorer.protocol = s->protocol;
  for (size_t i = 0; rc == SIUO_OK && i < s->count; i++) {
    record(s, &s->cases[i], &l, &r);
    rc = siuop_score_item(&scorer, &r, s->cases[i].item, r.category);
  }
  siuop_scorer_finish(&scorer, rc, &s->view->metrics);
  lists_free(&l);
  return s->view->metrics;
}

/* ---- the released shape ---- */

static siuop_json *text_or_null(const struct siuop_recorded_text *text)
{
  return text->s == NULL ? siuop_json_new_null() : siuop_json_new_text(text->s, text->len);
}

static siuop_json *json_of_texts(const struct siuop_recorded_text *texts, size_t count)
{
  siuop_json *list = siuop_json_new_array();
  int failed = list == NULL;
  for (size_t i = 0; !failed && i < count; i++)
    failed |= siuop_json_append(list, text_or_null(&texts[i]));
  return siuop_json_filled(list, failed);
}

static siuop_json *json_of_votes(const int32_t *votes, size_t count)
{
  siuop_json *list = siuop_json_new_array();
  int failed = list == NULL;
  for (size_t i = 0; !failed && i < count; i++)
    failed |= siuop_json_append(list, siuop_json_new_integer(votes[i]));
  return siuop_json_filled(list, failed);
}

static siuop_json *json_of_outcomes(const int32_t *stated, size_t count)
{
  siuop_json *list = siuop_json_new_array();
  int failed = list == NULL;
  for (size_t i = 0; !failed && i < count; i++)
    failed |= siuop_json_append(list, siuop_json_new_string(siuop_outcome_words[stated[i]]));
  return siuop_json_filled(list, failed);
}

static siuop_json *json_of_categories(struct siuop_categories *c, int *any)
{
  struct siuop_category each;
  siuop_json *list = siuop_json_new_array();
  int failed = list == NULL;
  while (!failed && siuop_categories_next(c, &each)) {
    failed |= siuop_json_append(list, siuop_json_new_text(each.s, each.len));
    *any = 1;
  }
  return siuop_json_filled(list, failed);
}

/* The categories of harm that a judge named, a list for each response; nothing where it named none. */
static int set_harm_of_judge(siuop_json *own, const siuo_protocol *p, const struct siuop_recorded *r, size_t judge)
{
  siuop_json *harm = siuop_json_new_array();
  int failed = harm == NULL;
  int any = 0;
  for (size_t k = 0; !failed && k < r->count; k++) {
    struct siuop_categories c;
    siuop_harm_of(p, r, judge, k, &c);
    failed |= siuop_json_append(harm, json_of_categories(&c, &any));
  }
  if (any && !failed)
    return siuop_json_set(own, "harm", harm);
  siuop_json_free(harm);
  return failed;
}

/* One judge's lists, into the item (own: its "siuo") or an entry of "judges" (own: the same). */
static int set_judge(siuop_json *to, siuop_json *own, const siuo_protocol *p, const struct siuop_recorded *r,
                     size_t judge)
{
  int failed = set_harm_of_judge(own, p, r, judge);
  for (int which = SIUOP_SAFE; which <= SIUOP_EFFECTIVE; which++) {
    const struct siuop_judge_keys *keys = &siuop_judge_keys[which];
    failed |= siuop_json_set(to, keys->replies, json_of_texts(r->replies[which] + judge * r->count, r->count));
    if (r->votes[which] != NULL)
      failed |= siuop_json_set(to, keys->votes, json_of_votes(r->votes[which] + judge * r->count, r->count));
    if (r->ends[which] != NULL)
      failed |= siuop_json_set(own, keys->ends, json_of_outcomes(r->ends[which] + judge * r->count, r->count));
  }
  return failed;
}

static siuop_json *json_of_judges(const siuo_protocol *p, const struct siuop_recorded *r)
{
  siuop_json *list = siuop_json_new_array();
  int failed = list == NULL;
  for (size_t j = 1; !failed && j < r->judges; j++) {
    siuop_json *judge = siuop_json_new_object();
    failed |= judge == NULL || set_judge(judge, judge, p, r, j) != 0;
    failed |= siuop_json_append(list, judge);
  }
  return siuop_json_filled(list, failed);
}

static int set_generation(siuop_json *item, siuop_json *own, const siuo_protocol *p, const struct siuop_recorded *r)
{
  int failed = siuop_json_set(item, "responses", json_of_texts(r->responses, r->count));
  failed |= set_judge(item, own, p, r, 0);
  if (r->judges > 1)
    failed |= siuop_json_set(own, "judges", json_of_judges(p, r));
  return failed;
}

static int set_choice(siuop_json *item, siuop_json *own, const struct siuop_recorded *r)
{
  siuop_json *options = siuop_json_new_object();
  char letter[2] = "A";
  int failed = options == NULL;
  for (size_t i = 0; !failed && i < r->choice->option_count; i++) {
    letter[0] = (char)('A' + i);
    failed |= siuop_json_set(options, letter, siuop_json_new_text(r->choice->options[i].s, r->choice->options[i].len));
  }
  letter[0] = (char)r->choice->correct;
  failed |= siuop_json_set(item, "options", options);
  failed |= siuop_json_set(item, "correct_option", siuop_json_new_string(letter));
  failed |= siuop_json_set(item, "response_mcqa", text_or_null(&r->responses[0]));
  if (r->count > 1)
    failed |= siuop_json_set(own, "replies", json_of_texts(r->responses + 1, r->count - 1));
  return failed;
}

/* An id that a data file gave as an integer is an integer again: "0" or digits that do not begin with one. */
static siuop_json *json_of_id(const struct siuop_recorded *r)
{
  int64_t number = 0;
  int digits = r->id_len > 0 && r->id_len < 18 && (r->id[0] != '0' || r->id_len == 1);
  for (size_t i = 0; digits && i < r->id_len; i++) {
    digits = r->id[i] >= '0' && r->id[i] <= '9';
    number = 10 * number + (r->id[i] - '0');
  }
  return digits ? siuop_json_new_integer(number) : siuop_json_new_text(r->id, r->id_len);
}

static int set_string(siuop_json *object, const char *key, const char *text)
{
  return text == NULL ? 0 : siuop_json_set(object, key, siuop_json_new_string(text));
}

static siuop_json *json_of_protocol(const siuo_session *s)
{
  siuop_json *v = siuop_json_new_object();
  if (v == NULL)
    return NULL;
  int failed = set_string(v, "name", siuo_protocol_name(s->protocol));
  failed |= set_string(v, "sha256", siuo_protocol_sha256(s->protocol));
  return siuop_json_filled(v, failed);
}

/* Who judges, where there are several: their models (null: none is known), and what their votes come to. */
static int set_panel(siuop_json *run, const siuo_session *s)
{
  siuop_json *judges = s->o.judges > 1 ? siuop_json_new_array() : NULL;
  int failed = s->o.judges > 1 && judges == NULL;
  for (uint32_t j = 0; !failed && j < s->o.judges && judges != NULL; j++) {
    const char *model = s->targets[SIUO_JOB_JUDGE_SAFETY - 1][j].model;
    failed |= siuop_json_append(judges, model == NULL ? siuop_json_new_null() : siuop_json_new_string(model));
  }
  if (failed || judges == NULL) {
    siuop_json_free(judges);
    return failed;
  }
  failed |= siuop_json_set(run, "judges", judges);
  return failed | set_string(run, "panel", siuo_panel_name(s->panel));
}

/* Items of a task: those that were asked for, and all. */
struct share {
  int64_t asked, all;
};

static struct share share_of(const siuo_session *s, int task)
{
  struct share share = {0, 0};
  for (size_t i = 0; i < s->count; i++)
    share.asked += s->cases[i].item->task == task;
  for (size_t i = 0; i < s->ds->count; i++)
    share.all += s->ds->items[i].task == task;
  return share;
}

/* A part of the data: what is made of it later has to say so, too. */
static int set_subset(siuop_json *run, const struct share *share)
{
  if (share->asked >= share->all)
    return 0;
  siuop_json *v = siuop_json_new_object();
  int failed = siuop_json_set(run, "subset", v);
  if (v == NULL || failed)
    return 1;
  failed |= siuop_json_set(v, "items", siuop_json_new_integer(share->asked));
  return failed | siuop_json_set(v, "of", siuop_json_new_integer(share->all));
}

/* What the run was made with: each item says it, so that it stays true of a part of the file. */
static siuop_json *json_of_run(const siuo_session *s, const struct share *share)
{
  siuop_json *v = siuop_json_new_object();
  if (v == NULL)
    return NULL;
  int failed = siuop_json_set(v, "protocol", json_of_protocol(s));
  failed |= set_panel(v, s);
  failed |= set_subset(v, share);
  if (s->pictures.sha256 != NULL) {
    siuop_json *pictures = siuop_json_new_object();
    failed |= siuop_json_set(v, "images", pictures);
    if (pictures == NULL || failed)
      return siuop_json_filled(v, 1);
    failed |= siuop_json_set(pictures, "files", siuop_json_new_integer((int64_t)s->pictures.files));
    failed |= siuop_json_set(pictures, "missing", siuop_json_new_integer((int64_t)s->pictures.missing));
    failed |= set_string(pictures, "sha256", s->pictures.sha256);
  }
  return siuop_json_filled(v, failed);
}

static siuop_json *json_of_item(const siuo_session *s, const struct share *share, const struct siuop_recorded *r)
{
  siuop_json *item = siuop_json_new_object();
  siuop_json *own = siuop_json_new_object();
  int failed = item == NULL || own == NULL;
  if (!failed) {
    failed |= siuop_json_set(item, "question_id", json_of_id(r));
    failed |= siuop_json_set(item, "category", siuop_json_new_text(r->category, r->category_len));
    failed |= siuop_json_set(own, "outcomes", json_of_outcomes(r->stated, r->count));
    failed |= siuop_json_set(own, "run", json_of_run(s, share));
    failed |= r->task == SIUO_TASK_CHOICE ? set_choice(item, own, r) : set_generation(item, own, s->protocol, r);
  }
  if (item == NULL)
    siuop_json_free(own);
  else
    failed |= siuop_json_set(item, "siuo", own);
  return siuop_json_filled(item, failed);
}

int siuo_session_results(const siuo_session *s, siuo_ctx *ctx, int task, siuo_buf **out)
{
  struct lists l;
  struct siuop_recorded r;
  size_t written = 0;
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (s == NULL || ctx == NULL || (task != SIUO_TASK_GENERATION && task != SIUO_TASK_CHOICE))
    return SIUO_EINVAL;
  struct share share = share_of(s, task);
  int rc = lists_init(&l, ctx, s);
  if (rc == SIUO_OK)
    rc = siuop_buf_new(out, ctx);
  if (rc == SIUO_OK)
    rc = siuop_buf_add_text(*out, "[");
  for (size_t i = 0; rc == SIUO_OK && i < s->count; i++) {
    if (s->cases[i].item->task != task || !is_touched(s, &s->cases[i]))
      continue;
    record(s, &s->cases[i], &l, &r);
    siuop_json *item = json_of_item(s, &share, &r);
    rc = item == NULL ? siuop_fail_plain(ctx, SIUO_ENOMEM) : siuop_buf_add_text(*out, written++ > 0 ? ",\n" : "\n");
    if (rc == SIUO_OK)
      rc = siuop_json_write(item, *out);
    siuop_json_free(item);
  }
  if (rc == SIUO_OK)
    rc = siuop_buf_add_text(*out, written > 0 ? "\n]\n" : "]\n");
  lists_free(&l);
  if (rc != SIUO_OK) {
    siuo_buf_free(*out);
    *out = NULL;
  }
  return rc;
}

/* ---- description ---- */

static siuop_json *json_of_target(const siuo_session *s, int kind, uint32_t judge)
{
  const siuo_target *t = &s->targets[kind - 1][judge];
  const char *extra = s->extras[kind - 1][judge];
  siuop_json *own = NULL;
  siuop_json *v = siuop_json_new_object();
  int failed = v == NULL;
  if (failed)
    return NULL;
  failed |= set_string(v, "api", siuo_api_name(t->api));
  failed |= set_string(v, "model", t->model);
  failed |= set_string(v, "system", t->system);
  if ((t->omit & SIUO_OMIT_TEMPERATURE) == 0)
    failed |= siuop_json_set(v, "temperature", siuop_json_new_real(t->temperature));
  if ((t->omit & SIUO_OMIT_MAX_TOKENS) == 0)
    failed |= siuop_json_set(v, "max_tokens", siuop_json_new_integer(t->max_tokens));
  if ((t->omit & SIUO_OMIT_SEED) == 0)
    failed |= siuop_json_set(v, "seed", siuop_json_new_integer((int64_t)t->seed));
  if ((t->omit & SIUO_JUDGE_SCHEMA) != 0)
    failed |= siuop_json_set(v, "schema", siuop_json_new_boolean(1));
  if (extra != NULL) {
    failed |= siuop_json_parse(&own, s->ctx, "extra", 1, extra, strlen(extra)) != SIUO_OK;
    failed |= siuop_json_set(v, "extra", own);
  }
  return siuop_json_filled(v, failed);
}

static siuop_json *json_of_targets(const siuo_session *s)
{
  siuop_json *targets = siuop_json_new_object();
  int failed = targets == NULL;
  for (int kind = SIUO_JOB_GENERATE; !failed && kind <= SIUO_JOB_CHOOSE; kind++)
    failed |= siuop_json_set(targets, siuop_kind_name(kind), json_of_target(s, kind, 0));
  for (int kind = SIUO_JOB_JUDGE_SAFETY; !failed && kind <= SIUO_JOB_JUDGE_EFFECTIVENESS; kind++) {
    siuop_json *judges = siuop_json_new_array();
    failed |= judges == NULL;
    for (uint32_t j = 0; !failed && j < s->o.judges; j++)
      failed |= siuop_json_append(judges, json_of_target(s, kind, j));
    failed |= siuop_json_set(targets, siuop_kind_name(kind), judges);
  }
  return siuop_json_filled(targets, failed);
}

static siuop_json *json_of_session(const siuo_session *s)
{
  siuop_json *v = siuop_json_new_object();
  siuop_json *data = siuop_json_new_object();
  int failed = v == NULL || data == NULL;
  if (!failed) {
    failed |= set_string(data, "generation", siuo_dataset_fingerprint(s->ds, SIUO_TASK_GENERATION));
    failed |= set_string(data, "choice", siuo_dataset_fingerprint(s->ds, SIUO_TASK_CHOICE));
    failed |= set_string(v, "rules", siuo_rules_name(s->o.rules));
    failed |= siuop_json_set(v, "ask_all", siuop_json_new_boolean(s->o.ask_all != 0));
    if (s->o.judges > 1)
      failed |= set_string(v, "panel", siuo_panel_name(s->panel));
    failed |= siuop_json_set(v, "targets", json_of_targets(s));
  }
  if (v == NULL) {
    siuop_json_free(data);
    return NULL;
  }
  failed |= siuop_json_set(v, "data", data);
  failed |= siuop_json_set(v, "protocol", json_of_protocol(s));
  failed |= set_string(v, "pictures", s->pictures.sha256);
  return siuop_json_filled(v, failed);
}

int siuo_session_describe(const siuo_session *s, siuo_ctx *ctx, siuo_buf **out)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (s == NULL || ctx == NULL)
    return SIUO_EINVAL;
  siuop_json *v = json_of_session(s);
  int rc = v == NULL ? siuop_fail_plain(ctx, SIUO_ENOMEM) : siuop_buf_new(out, ctx);
  if (rc == SIUO_OK)
    rc = siuop_json_write_line(v, *out);
  siuop_json_free(v);
  if (rc != SIUO_OK) {
    siuo_buf_free(*out);
    *out = NULL;
  }
  return rc;
}
