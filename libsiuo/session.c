/* session.c: sessions made, and their jobs handed out. What happens when: docs/session.md. */
#include "session.h"

#include "abi.h"
#include "extra.h"
#include "family.h"
#include "judge.h"
#include "question.h"
#include "utf8.h"

#include <math.h>
#include <stdio.h>
#include <stddef.h>
#include <string.h>

#define OPTIONS_FIRST_SIZE sizeof(siuo_session_options)
#define TARGET_FIRST_SIZE  sizeof(siuo_target)

/* ---- making ---- */

int siuo_session_options_init(siuo_session_options *o, size_t size)
{
  siuo_session_options defaults;
  memset(&defaults, 0, sizeof defaults);
  return siuop_abi_init(o, size, &defaults, sizeof defaults, OPTIONS_FIRST_SIZE);
}

static int check_options(siuo_session *s)
{
  siuo_session_options *o = &s->o;
  if (o->samples == 0)
    o->samples = siuo_protocol_samples(s->protocol);
  if (o->judges == 0)
    o->judges = 1;
  if (o->permutations == 0)
    o->permutations = 1;
  if (siuo_rules_name(o->rules) == NULL)
    return siuop_fail(s->ctx, SIUO_EINVAL, "session: unknown rules %d", (int)o->rules);
  if (o->samples > SIUOP_MOST_SAMPLES || o->judges > SIUOP_MOST_JUDGES || o->permutations > SIUOP_MOST_VARIANTS)
    return siuop_fail(s->ctx, SIUO_EINVAL, "session: at most %d samples, %d judges and %d permutations",
                      SIUOP_MOST_SAMPLES, SIUOP_MOST_JUDGES, SIUOP_MOST_VARIANTS);
  if (o->secret_count > 0 && o->secrets == NULL)
    return siuop_fail(s->ctx, SIUO_EINVAL, "session: secrets are missing");
  return SIUO_OK;
}

/* Puts copies of the texts in the place of the options' secrets. */
static int copy_secrets(siuo_session *s, siuo_session_options *o, const char *const *texts, uint64_t text_count)
{
  size_t count = (size_t)text_count;
  const char **copies = siuop_arena_alloc(&s->arena, (count + 1) * sizeof *copies);
  if (copies == NULL)
    return SIUO_ENOMEM;
  for (size_t i = 0; i < count; i++) {
    const char *secret = texts[i] == NULL ? "" : texts[i];
    copies[i] = siuop_arena_copy(&s->arena, secret, strlen(secret));
    if (copies[i] == NULL)
      return SIUO_ENOMEM;
  }
  o->secrets = copies;
  o->secret_count = text_count;
  return SIUO_OK;
}

static int init_targets(siuo_session *s)
{
  int rc = SIUO_OK;
  for (int kind = 1; rc == SIUO_OK && kind <= SIUOP_JOB_KINDS; kind++)
    for (int judge = 0; rc == SIUO_OK && judge < SIUOP_MOST_JUDGES; judge++)
      rc = siuo_target_init(&s->targets[kind - 1][judge], sizeof(siuo_target), s->protocol, kind);
  return rc;
}

static uint32_t count_orders(const siuo_session *s, const siuo_item *item)
{
  struct siuop_ordered ordered;
  uint32_t count = 0;
  while (count < s->o.permutations && siuop_order_options(item, count, &ordered))
    count++;
  return count;
}

/* Makes the cases of the items that the cursor walks over, in its order. */
static int select_items(siuo_session *s, const siuo_cursor_options *which)
{
  siuo_cursor *cursor = NULL;
  const siuo_item *item = NULL;
  s->count = 0;
  siuop_index_free(&s->by_code);
  int rc = siuop_index_reserve(&s->by_code, s->ds->count);
  if (rc == SIUO_OK)
    rc = siuo_cursor_new(&cursor, s->ctx, s->ds, which);
  while (rc == SIUO_OK && (rc = siuo_cursor_next(cursor, &item)) == SIUO_OK) {
    struct siuop_case *c = &s->cases[s->count];
    memset(c, 0, sizeof *c);
    c->item = item;
    c->code = s->codes[item - s->ds->items];
    c->variants = item->task == SIUO_TASK_CHOICE ? count_orders(s, item) : 0;
    siuop_index_put(&s->by_code, c->code, s->count++);
  }
  siuo_cursor_free(cursor);
  s->progress.items = s->count;
  return rc == SIUO_DONE ? SIUO_OK : rc;
}

static int fill(siuo_session *s, const siuo_session_options *opts)
{
  int rc = siuo_session_options_init(&s->o, sizeof s->o);
  if (rc == SIUO_OK && opts != NULL)
    rc = siuop_abi_import(&s->o, sizeof s->o, opts, OPTIONS_FIRST_SIZE);
  if (rc != SIUO_OK)
    return siuop_fail_plain(s->ctx, rc);
  if ((rc = check_options(s)) != SIUO_OK || (rc = copy_secrets(s, &s->o, s->o.secrets, s->o.secret_count)) != SIUO_OK ||
      (rc = init_targets(s)) != SIUO_OK)
    return rc;
  s->view = siuop_zalloc(s->ctx, 1, sizeof *s->view);
  s->codes = siuop_alloc(s->ctx, s->ds->count, sizeof *s->codes);
  s->cases = siuop_zalloc(s->ctx, s->ds->count, sizeof *s->cases);
  if (s->view == NULL || s->codes == NULL || s->cases == NULL)
    return SIUO_ENOMEM;
  rc = siuop_item_codes(s->ctx, s->ds, s->codes);
  return rc == SIUO_OK ? select_items(s, NULL) : rc;
}

int siuo_session_new(siuo_session **out, siuo_ctx *ctx, const siuo_dataset *ds, const siuo_protocol *p,
                     const siuo_session_options *opts)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL || ds == NULL || p == NULL)
    return SIUO_EINVAL;
  siuo_session *s = siuop_zalloc(ctx, 1, sizeof *s);
  if (s == NULL)
    return SIUO_ENOMEM;
  s->ctx = ctx;
  s->ds = ds;
  s->protocol = p;
  s->progress.size = sizeof s->progress;
  siuop_arena_init(&s->arena, ctx);
  siuop_index_init(&s->by_code, ctx);
  int rc = fill(s, opts);
  if (rc == SIUO_OK)
    *out = s;
  else
    siuo_session_free(s);
  return rc;
}

void siuo_session_free(siuo_session *s)
{
  if (s == NULL)
    return;
  while (s->open != NULL)
    siuop_job_close(s, s->open);
  if (s->view != NULL)
    siuop_session_forget_view(s);
  siuop_free(s->ctx, s->view);
  siuop_free(s->ctx, s->queue.ids);
  siuop_free(s->ctx, s->cases);
  siuop_free(s->ctx, s->codes);
  siuop_index_free(&s->by_code);
  siuop_arena_free(&s->arena);
  siuop_free(s->ctx, s);
}

static int has_replies(const siuo_session *s)
{
  return s->progress.answered + s->progress.failed + s->progress.restored > 0;
}

int siuo_session_select(siuo_session *s, const siuo_cursor_options *which)
{
  if (s == NULL)
    return SIUO_EINVAL;
  if (s->started || has_replies(s))
    return siuop_fail(s->ctx, SIUO_ESTATE, "session: the items are selected before anything is asked or taken");
  int rc = select_items(s, which);
  if (rc != SIUO_OK && select_items(s, NULL) != SIUO_OK)
    s->count = 0;
  return rc;
}

/* ---- targets ---- */

int siuo_session_set_panel(siuo_session *s, int panel)
{
  if (s == NULL)
    return SIUO_EINVAL;
  if (s->started || has_replies(s))
    return siuop_fail(s->ctx, SIUO_ESTATE, "session: the panel is set before anything is asked or taken");
  if (siuo_panel_name(panel) == NULL)
    return siuop_fail(s->ctx, SIUO_EINVAL, "session: there is no panel of number %d", panel);
  if (panel == SIUO_PANEL_MAJORITY && s->o.judges % 2 == 0)
    return siuop_fail(s->ctx, SIUO_EINVAL, "session: a majority needs an odd number of judges, not %u",
                      (unsigned)s->o.judges);
  s->panel = panel;
  return SIUO_OK;
}

static int copy_string(siuo_session *s, const char **string)
{
  if (*string == NULL)
    return SIUO_OK;
  *string = siuop_arena_copy(&s->arena, *string, strlen(*string));
  return *string == NULL ? SIUO_ENOMEM : SIUO_OK;
}

static int is_text(const char *s)
{
  return s == NULL || siuop_utf8_valid(s, strlen(s), NULL);
}

static int is_judge(int kind)
{
  return kind == SIUO_JOB_JUDGE_SAFETY || kind == SIUO_JOB_JUDGE_EFFECTIVENESS;
}

/* Whether something may be set for such jobs now. */
static int check_place(siuo_session *s, int job_kind, uint32_t judge)
{
  if (s->started)
    return siuop_fail(s->ctx, SIUO_ESTATE, "session: targets are set before the first job is handed out");
  if (job_kind < 1 || job_kind > SIUOP_JOB_KINDS || judge >= (is_judge(job_kind) ? s->o.judges : 1))
    return siuop_fail(s->ctx, SIUO_EINVAL, "session: there is no job of kind %d for judge %u", job_kind,
                      (unsigned)judge);
  return SIUO_OK;
}

static int check_extra(siuo_session *s, int job_kind, const siuo_target *t, const char *extra)
{
  return extra == NULL ? SIUO_OK : siuop_extra_check(s->ctx, t, &s->protocol->asks[job_kind - 1], extra);
}

int siuo_session_set_target(siuo_session *s, int job_kind, uint32_t judge, const siuo_target *t)
{
  siuo_target own;
  if (s == NULL || t == NULL)
    return SIUO_EINVAL;
  int rc = check_place(s, job_kind, judge);
  if (rc != SIUO_OK)
    return rc;
  memset(&own, 0, sizeof own);
  own.size = sizeof own;
  rc = siuop_abi_import(&own, sizeof own, t, TARGET_FIRST_SIZE);
  if (rc != SIUO_OK)
    return siuop_fail_plain(s->ctx, rc);
  if (own.api != SIUO_API_TEXT && siuop_wire(own.api) == NULL)
    return siuop_fail(s->ctx, SIUO_EUNSUPPORTED, "session: this version has no API of number %d", (int)own.api);
  if (own.api != SIUO_API_TEXT && (own.model == NULL || *own.model == '\0'))
    return siuop_fail(s->ctx, SIUO_EINVAL, "session: the target of %s has no model", siuop_kind_name(job_kind));
  if (!is_text(own.model) || !is_text(own.system) || !isfinite(own.temperature))
    return siuop_fail(s->ctx, SIUO_EINVAL,
                      "session: the target of %s has a model or a system prompt that is not UTF-8, or "
                      "a temperature that is no number",
                      siuop_kind_name(job_kind));
  if (own.api != SIUO_API_TEXT && siuop_wire(own.api)->check != NULL &&
      (rc = siuop_wire(own.api)->check(s->ctx, &own)) != SIUO_OK)
    return rc;
  if ((own.omit & SIUO_JUDGE_SCHEMA) != 0 && is_judge(job_kind) && s->o.rules != SIUO_RULES_STANDARD)
    return siuop_fail(s->ctx, SIUO_EINVAL,
                      "session: a judge that is held to a schema answers in JSON, which the %s rules don't read",
                      siuo_rules_name(s->o.rules));
  if ((rc = check_extra(s, job_kind, &own, s->extras[job_kind - 1][judge])) != SIUO_OK)
    return rc;
  if ((rc = copy_string(s, &own.model)) != SIUO_OK || (rc = copy_string(s, &own.system)) != SIUO_OK)
    return rc;
  siuop_wire_settle(&own);
  s->targets[job_kind - 1][judge] = own;
  return SIUO_OK;
}

int siuo_session_set_echoes(siuo_session *s, const char *const *texts, uint64_t count)
{
  if (s == NULL || (texts == NULL && count > 0))
    return SIUO_EINVAL;
  return copy_secrets(s, &s->echoes, texts, count);
}

/* Whether a secret stands in a text, a key or anything below. */
static int holds_secret(const siuo_session_options *o, const siuop_json *v)
{
  void *state = NULL;
  const char *key = NULL;
  const char *text = siuop_json_text(v, NULL);
  const siuop_json *member;
  int found = 0;
  for (uint64_t i = 0; text != NULL && i < o->secret_count; i++)
    found |= o->secrets[i][0] != '\0' && strstr(text, o->secrets[i]) != NULL;
  for (size_t i = 0; siuop_json_type(v) == SIUOP_JSON_ARRAY && i < siuop_json_size(v); i++)
    found |= holds_secret(o, siuop_json_at(v, i));
  while (siuop_json_type(v) == SIUOP_JSON_OBJECT && (member = siuop_json_each(v, &state, &key)) != NULL) {
    for (uint64_t i = 0; i < o->secret_count; i++)
      found |= o->secrets[i][0] != '\0' && strstr(key, o->secrets[i]) != NULL;
    found |= holds_secret(o, member);
  }
  return found;
}

/* Takes an extra apart and keeps it as one text, whatever the order of its members was; *out NULL: it has none. */
static int keep_extra(siuo_session *s, const char *json, size_t len, const char **out)
{
  siuop_json *v = NULL;
  siuo_buf *text = NULL;
  int rc = siuop_json_parse(&v, s->ctx, "extra", 1, json, len);
  if (rc == SIUO_OK && siuop_json_type(v) != SIUOP_JSON_OBJECT)
    rc = siuop_fail(s->ctx, SIUO_EFORMAT, "extra: expected an object {...}, found %s", siuop_json_type_name(v));
  if (rc == SIUO_OK && holds_secret(&s->o, v))
    rc = siuop_fail(s->ctx, SIUO_EINVAL, "extra: a key stands in it, which would become part of what is written");
  if (rc == SIUO_OK)
    rc = siuop_buf_new(&text, s->ctx);
  if (rc == SIUO_OK)
    rc = siuop_json_write_sorted(v, text);
  *out = NULL;
  if (rc == SIUO_OK && siuop_json_size(v) > 0) {
    *out = siuop_arena_copy(&s->arena, siuo_buf_data(text), siuo_buf_size(text));
    rc = *out == NULL ? SIUO_ENOMEM : SIUO_OK;
  }
  siuo_buf_free(text);
  siuop_json_free(v);
  return rc;
}

int siuo_session_set_extra(siuo_session *s, int job_kind, uint32_t judge, const char *json, size_t len)
{
  const char *extra = NULL;
  if (s == NULL || (json == NULL && len > 0))
    return SIUO_EINVAL;
  int rc = check_place(s, job_kind, judge);
  if (rc == SIUO_OK && json != NULL)
    rc = keep_extra(s, json, len, &extra);
  if (rc == SIUO_OK)
    rc = check_extra(s, job_kind, &s->targets[job_kind - 1][judge], extra);
  if (rc == SIUO_OK)
    s->extras[job_kind - 1][judge] = extra;
  return rc;
}

int siuo_session_set_stream(siuo_session *s, int job_kind, uint32_t judge, int on)
{
  if (s == NULL)
    return SIUO_EINVAL;
  int rc = check_place(s, job_kind, judge);
  if (rc == SIUO_OK)
    s->streams[job_kind - 1][judge] = on != 0;
  return rc;
}

int siuo_session_set_images(siuo_session *s, const siuo_images *images)
{
  if (s == NULL)
    return SIUO_EINVAL;
  if (s->started)
    return siuop_fail(s->ctx, SIUO_ESTATE, "session: the pictures are lent before the first job is handed out");
  s->images = images;
  return SIUO_OK;
}

int siuo_session_set_pictures(siuo_session *s, const siuo_pictures *pictures)
{
  siuo_pictures own;
  if (s == NULL || pictures == NULL)
    return SIUO_EINVAL;
  if (s->started || has_replies(s))
    return siuop_fail(s->ctx, SIUO_ESTATE, "session: the pictures are told before anything is asked or taken");
  memset(&own, 0, sizeof own);
  own.size = sizeof own;
  int rc = siuop_abi_import(&own, sizeof own, pictures, sizeof own);
  if (rc != SIUO_OK)
    return siuop_fail_plain(s->ctx, rc);
  if (own.sha256 == NULL)
    return siuop_fail(s->ctx, SIUO_EINVAL, "session: the pictures have no fingerprint");
  if ((rc = copy_string(s, &own.sha256)) == SIUO_OK)
    s->pictures = own;
  return rc;
}

/* ---- slots ---- */

struct siuop_case *siuop_find_case(const siuo_session *s, uint64_t code)
{
  size_t place = 0;
  for (size_t n; (n = siuop_index_find(&s->by_code, code, &place)) != SIZE_MAX;)
    if (s->cases[n].code == code)
      return &s->cases[n];
  return NULL;
}

int siuop_job_exists(const siuo_session *s, const struct siuop_case *c, const struct siuop_job_name *name)
{
  if (name->kind == SIUO_JOB_CHOOSE)
    return c->item->task == SIUO_TASK_CHOICE && name->sample == 0 && name->judge == 0 && name->variant < c->variants;
  return c->item->task == SIUO_TASK_GENERATION && name->kind >= 1 && name->kind <= SIUOP_JOB_KINDS &&
         name->sample < s->o.samples && name->judge < (is_judge(name->kind) ? s->o.judges : 1) && name->variant == 0;
}

static size_t slot_count(const siuo_session *s, const struct siuop_case *c)
{
  return c->item->task == SIUO_TASK_CHOICE ? c->variants : (size_t)s->o.samples * (1 + 2 * (size_t)s->o.judges);
}

int siuop_case_touch(siuo_session *s, struct siuop_case *c)
{
  size_t size = slot_count(s, c) * sizeof *c->slots;
  if (c->slots != NULL)
    return SIUO_OK;
  c->slots = siuop_arena_alloc(&s->arena, size);
  if (c->slots == NULL)
    return SIUO_ENOMEM;
  memset(c->slots, 0, size);
  return SIUO_OK;
}

struct siuop_slot *siuop_slot(const siuo_session *s, const struct siuop_case *c, const struct siuop_job_name *name,
                              uint32_t i)
{
  size_t samples = s->o.samples;
  if (c->slots == NULL)
    return NULL;
  if (name->kind == SIUO_JOB_CHOOSE)
    return &c->slots[name->variant];
  if (name->kind == SIUO_JOB_GENERATE)
    return &c->slots[name->sample + i];
  size_t which = name->kind == SIUO_JOB_JUDGE_SAFETY ? SIUOP_SAFE : SIUOP_EFFECTIVE;
  return &c->slots[samples + (2 * name->judge + which) * samples + name->sample];
}

/* Whether a judge's turn has come: in a fallback, once the one before has declined. */
static int is_turn(const siuo_session *s, const struct siuop_case *c, const struct siuop_job_name *name)
{
  struct siuop_job_name before = *name;
  if (s->panel != SIUO_PANEL_FALLBACK || name->judge == 0)
    return 1;
  before.judge--;
  return siuop_slot(s, c, &before, 0)->declined;
}

int siuop_judge_is_needed(const siuo_session *s, const struct siuop_case *c, const struct siuop_job_name *name)
{
  int32_t vote = 0;
  const struct siuop_slot *response = c->slots == NULL ? NULL : &c->slots[name->sample];
  if (response == NULL || response->state != SIUOP_SLOT_ANSWERED || !is_turn(s, c, name))
    return 0;
  if (s->o.rules == SIUO_RULES_VLMEVALKIT && name->sample > 0)
    return 0; /* its rules read the first response */
  int which = name->kind == SIUO_JOB_JUDGE_SAFETY ? SIUOP_SAFE : SIUOP_EFFECTIVE;
  int outcome = response->outcome;
  int by_rule = outcome == SIUO_RESPONSE_BLANK || outcome == SIUO_RESPONSE_BLOCKED || outcome == SIUO_RESPONSE_REFUSED;
  if (by_rule && s->o.ask_all)
    return 1;
  return !siuop_is_decided(s->o.rules, which, siuop_outcome_to_judge(s->o.rules, outcome, response->text),
                           response->text, &vote);
}

/* ---- the queue ---- */

int siuop_queue_reserve(siuo_session *s, size_t more)
{
  struct siuop_queue *q = &s->queue;
  if (q->first > 0 && more > q->capacity - q->first - q->count) {
    memmove(q->ids, q->ids + q->first, q->count * sizeof *q->ids);
    q->first = 0;
  }
  return siuop_reserve(s->ctx, &q->ids, &q->capacity, q->first + q->count + more, sizeof *q->ids);
}

static int enqueue(siuo_session *s, struct siuop_case *c, int kind, uint32_t sample, uint32_t judge, uint32_t variant)
{
  struct siuop_queue *q = &s->queue;
  struct siuop_job_name name = {c->code, kind, sample, judge, variant};
  const struct siuop_slot *slot = siuop_slot(s, c, &name, 0);
  if (slot != NULL && (slot->state != SIUOP_SLOT_OPEN || slot->job != NULL))
    return SIUO_OK;
  int rc = siuop_queue_reserve(s, 1);
  if (rc == SIUO_OK)
    q->ids[q->first + q->count++] = siuop_job_pack(&name);
  return rc;
}

static int expand_judges(siuo_session *s, struct siuop_case *c, uint32_t sample)
{
  int rc = SIUO_OK;
  for (uint32_t judge = 0; rc == SIUO_OK && judge < s->o.judges; judge++)
    for (int kind = SIUO_JOB_JUDGE_SAFETY; rc == SIUO_OK && kind <= SIUO_JOB_JUDGE_EFFECTIVENESS; kind++) {
      struct siuop_job_name name = {c->code, kind, sample, judge, 0};
      if (siuop_judge_is_needed(s, c, &name))
        rc = enqueue(s, c, kind, sample, judge, 0);
    }
  return rc;
}

int siuop_case_unlock(siuo_session *s, struct siuop_case *c, uint32_t sample)
{
  if ((size_t)(c - s->cases) >= s->expanded)
    return SIUO_OK; /* its time is still to come */
  int rc = enqueue(s, c, SIUO_JOB_GENERATE, sample, 0, 0);
  return rc == SIUO_OK ? expand_judges(s, c, sample) : rc;
}

int siuop_case_unlock_judge(siuo_session *s, struct siuop_case *c, const struct siuop_job_name *name)
{
  struct siuop_job_name next = *name;
  next.judge++;
  if ((size_t)(c - s->cases) >= s->expanded || next.judge >= s->o.judges || !siuop_judge_is_needed(s, c, &next))
    return SIUO_OK;
  return enqueue(s, c, next.kind, next.sample, next.judge, 0);
}

/* Queues every job of the case that can be asked now. SIUO_ENOMEM (some may be queued). */
static int expand(siuo_session *s, struct siuop_case *c)
{
  int rc = SIUO_OK;
  for (uint32_t v = 0; rc == SIUO_OK && v < c->variants; v++)
    rc = enqueue(s, c, SIUO_JOB_CHOOSE, 0, 0, v);
  for (uint32_t k = 0; rc == SIUO_OK && c->item->task == SIUO_TASK_GENERATION && k < s->o.samples; k++) {
    rc = enqueue(s, c, SIUO_JOB_GENERATE, k, 0, 0);
    if (rc == SIUO_OK)
      rc = expand_judges(s, c, k);
  }
  return rc;
}

/* ---- jobs ---- */

static const siuo_target *target_of(const siuo_session *s, const struct siuop_job_name *name)
{
  return &s->targets[name->kind - 1][name->judge];
}

uint32_t siuop_job_capacity(const siuo_session *s, const struct siuop_case *c, const struct siuop_job_name *name)
{
  const siuo_target *t = target_of(s, name);
  uint32_t count = 1;
  if (name->kind != SIUO_JOB_GENERATE || t->api == SIUO_API_TEXT || (t->omit & SIUO_OMIT_N) != 0)
    return 1;
  while ((int64_t)count < t->n && name->sample + count < s->o.samples) {
    const struct siuop_slot *slot = siuop_slot(s, c, name, count);
    if (slot != NULL && (slot->state != SIUOP_SLOT_OPEN || slot->job != NULL))
      break;
    count++;
  }
  return count;
}

/* Whether the job is still to be asked. */
static int is_wanted(const siuo_session *s, const struct siuop_case *c, const struct siuop_job_name *name)
{
  const struct siuop_slot *slot = siuop_slot(s, c, name, 0);
  if (slot != NULL && (slot->state != SIUOP_SLOT_OPEN || slot->job != NULL))
    return 0;
  return !is_judge(name->kind) || siuop_judge_is_needed(s, c, name);
}

static int make_job(siuo_session *s, struct siuop_case *c, const struct siuop_job_name *name, struct siuo_job **out)
{
  int rc = siuop_case_touch(s, c);
  struct siuo_job *j = rc == SIUO_OK ? siuop_zalloc(s->ctx, 1, sizeof *j) : NULL;
  *out = NULL;
  if (j == NULL)
    return SIUO_ENOMEM;
  j->session = s;
  j->name = *name;
  j->id = siuop_job_pack(name);
  j->of = c;
  j->count = siuop_job_capacity(s, c, name);
  snprintf(j->key, sizeof j->key, "%016llx", (unsigned long long)j->id);
  rc = siuop_question_fill(s, c, name, &j->prompt);
  if (rc == SIUO_OK)
    rc = siuop_question_digest(s, c, name, j->prompt, j->question);
  if (rc != SIUO_OK) {
    siuo_buf_free(j->prompt);
    siuop_free(s->ctx, j);
    return rc;
  }
  for (uint32_t i = 0; i < j->count; i++)
    siuop_slot(s, c, name, i)->job = j;
  j->next = s->open;
  if (s->open != NULL)
    s->open->previous = j;
  s->open = j;
  s->progress.open++;
  *out = j;
  return SIUO_OK;
}

void siuop_job_close(siuo_session *s, struct siuo_job *j)
{
  for (uint32_t i = 0; i < j->count; i++)
    siuop_slot(s, j->of, &j->name, i)->job = NULL;
  if (j->previous != NULL)
    j->previous->next = j->next;
  else
    s->open = j->next;
  if (j->next != NULL)
    j->next->previous = j->previous;
  s->progress.open--;
  siuo_buf_free(j->prompt);
  siuop_free(s->ctx, j);
}

int siuop_job_resize(siuo_session *s, const siuo_job *job, uint32_t count)
{
  struct siuo_job *j = siuop_slot(s, job->of, &job->name, 0)->job;
  uint32_t asked = j->count;
  int rc = siuop_queue_reserve(s, asked);
  while (rc == SIUO_OK && j->count > count)
    siuop_slot(s, j->of, &j->name, --j->count)->job = NULL;
  for (uint32_t i = j->count; rc == SIUO_OK && i < asked; i++) /* in order, so that one request can ask for them */
    rc = siuop_case_unlock(s, j->of, j->name.sample + i);
  while (rc == SIUO_OK && j->count < count && j->name.sample + j->count < s->o.samples) {
    struct siuop_slot *slot = siuop_slot(s, j->of, &j->name, j->count);
    if (slot->state != SIUOP_SLOT_OPEN || slot->job != NULL)
      break;
    slot->job = j;
    j->count++;
  }
  return rc;
}

/* The next wanted job's name; SIUO_DONE: none is left to hand out. The queue keeps it until it is a job. */
static int peek(siuo_session *s, struct siuop_case **c, struct siuop_job_name *name)
{
  struct siuop_queue *q = &s->queue;
  for (;;) {
    while (q->count > 0) {
      *name = siuop_job_unpack(q->ids[q->first]);
      *c = siuop_find_case(s, name->code);
      if (is_wanted(s, *c, name))
        return SIUO_OK;
      q->first++;
      q->count--;
    }
    q->first = 0;
    if (s->expanded == s->count)
      return SIUO_DONE;
    int rc = expand(s, &s->cases[s->expanded]);
    if (rc != SIUO_OK) {
      q->count = 0; /* the case is expanded again */
      return rc;
    }
    s->expanded++;
  }
}

/* A judge may be partial to its own kin. */
static void look_at_families(siuo_session *s)
{
  const char *model = s->targets[SIUO_JOB_GENERATE - 1][0].model;
  for (uint32_t j = 0; j < s->o.judges; j++) {
    const char *judge = s->targets[SIUO_JOB_JUDGE_SAFETY - 1][j].model;
    const char *family = siuop_same_family(model, judge);
    if (model != NULL && judge != NULL && strcmp(model, judge) == 0)
      siuop_log(s->ctx, SIUO_LOG_WARNING, "judge %.80s is the model itself: its verdicts may be partial", judge);
    else if (family != NULL)
      siuop_log(s->ctx, SIUO_LOG_WARNING,
                "judge %.80s and the model %.80s are of one family, %s: its verdicts may be partial", judge, model,
                family);
  }
}

int siuo_session_next(siuo_session *s, const siuo_job **out)
{
  struct siuop_job_name name;
  struct siuop_case *c = NULL;
  struct siuo_job *j = NULL;
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (s == NULL)
    return SIUO_EINVAL;
  if (!s->started)
    look_at_families(s);
  s->started = 1;
  if (s->cancelled)
    return SIUO_ECANCELED;
  int rc = peek(s, &c, &name);
  if (rc == SIUO_DONE)
    return s->open == NULL ? SIUO_DONE : SIUO_WAIT;
  if (rc == SIUO_OK)
    rc = make_job(s, c, &name, &j);
  if (rc != SIUO_OK)
    return rc;
  s->queue.first++;
  s->queue.count--;
  *out = j;
  return SIUO_OK;
}

/* ---- progress ---- */

static int is_done(const siuo_session *s, const struct siuop_case *c)
{
  size_t first = c->item->task == SIUO_TASK_CHOICE ? c->variants : s->o.samples;
  for (size_t i = 0; i < first; i++)
    if (c->slots[i].state == SIUOP_SLOT_OPEN)
      return 0;
  for (uint32_t k = 0; c->variants == 0 && k < s->o.samples; k++)
    for (uint32_t judge = 0; judge < s->o.judges; judge++)
      for (int kind = SIUO_JOB_JUDGE_SAFETY; kind <= SIUO_JOB_JUDGE_EFFECTIVENESS; kind++) {
        struct siuop_job_name name = {c->code, kind, k, judge, 0};
        if (siuop_slot(s, c, &name, 0)->state == SIUOP_SLOT_OPEN && siuop_judge_is_needed(s, c, &name))
          return 0;
      }
  return 1;
}

void siuop_case_changed(siuo_session *s, struct siuop_case *c)
{
  int done = is_done(s, c);
  s->progress.items_done += (uint64_t)(done && !c->done);
  s->progress.items_done -= (uint64_t)(!done && c->done);
  c->done = done;
  siuop_session_forget_view(s);
}

int siuo_session_progress(const siuo_session *s, siuo_progress *out)
{
  return s == NULL || out == NULL
             ? SIUO_EINVAL
             : siuop_abi_export(out, &s->progress, sizeof s->progress, offsetof(siuo_progress, reasoned));
}

int siuo_session_error_status(const siuo_session *s)
{
  return s == NULL ? 0 : s->error_status;
}

int siuo_session_set_progress(siuo_session *s, int (*fn)(const siuo_progress *progress, void *user), void *user)
{
  if (s == NULL)
    return SIUO_EINVAL;
  s->on_progress = fn;
  s->progress_user = user;
  return SIUO_OK;
}

void siuo_session_cancel(siuo_session *s)
{
  if (s != NULL)
    s->cancelled = 1;
}
