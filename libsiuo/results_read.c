/* results_read.c: one record of a results file, checked and copied. */
#include "results.h"

#include "dataset.h"
#include "records.h"
#include "results_words.h"
#include "utf8.h"

#include <string.h>

/* A record on its way in. */
struct reader {
  siuo_results *results;
  const struct siuop_record *record;
  struct siuop_recorded item;
  const char *counted; /* the list that gave item.count, NULL before there was one */
};

static int fail_key(const struct reader *r, const char *key, const char *words, const char *found)
{
  return siuop_record_fail(r->results->ctx, r->record, SIUO_EFORMAT, "question_id %.80s: \"%s\" %s%s", r->item.id, key,
                           words, found);
}

static const siuop_json *get(const struct reader *r, const char *key)
{
  return siuop_json_get(r->record->value, key);
}

/* ---- lists ---- */

static const char *noun(const char *key)
{
  if (strcmp(key, "responses") == 0)
    return "responses";
  if (strstr(key, "outcomes") != NULL)
    return "outcomes";
  return strstr(key, "_gpt") != NULL ? "votes" : "replies";
}

/* Checks that v is an array as long as the lists before it. */
static int check_list(struct reader *r, const char *key, const siuop_json *v)
{
  if (siuop_json_type(v) != SIUOP_JSON_ARRAY)
    return fail_key(r, key, "must be an array, not ", siuop_json_type_name(v));
  size_t count = siuop_json_size(v);
  if (r->counted == NULL) {
    r->counted = key;
    r->item.count = count;
  }
  if (count == r->item.count)
    return SIUO_OK;
  return siuop_record_fail(r->results->ctx, r->record, SIUO_EFORMAT,
                           "question_id %.80s: \"%s\" holds %llu %s for %llu %s", r->item.id, key,
                           (unsigned long long)count, noun(key), (unsigned long long)r->item.count, noun(r->counted));
}

static int read_text(struct reader *r, const char *key, const siuop_json *v, struct siuop_recorded_text *out)
{
  int type = siuop_json_type(v);
  out->s = NULL;
  out->len = 0;
  if (type == SIUOP_JSON_NULL)
    return SIUO_OK;
  if (type != SIUOP_JSON_STRING)
    return fail_key(r, key, "must hold strings or null, not ", siuop_json_type_name(v));
  const char *text = siuop_json_text(v, &out->len);
  uint64_t limit = siuop_limits(r->results->ctx)->reply;
  if (out->len > limit)
    return siuop_record_fail(r->results->ctx, r->record, SIUO_ELIMIT,
                             "question_id %.80s: a text of \"%s\" is longer than the limit of %llu bytes (max_reply of "
                             "the context)",
                             r->item.id, key, (unsigned long long)limit);
  out->s = siuop_arena_copy(&r->results->arena, text, out->len);
  return out->s == NULL ? SIUO_ENOMEM : SIUO_OK;
}

/* Absent or null: *out stays NULL. */
static int read_texts(struct reader *r, const char *key, const siuop_json *list, const struct siuop_recorded_text **out)
{
  if (list == NULL || siuop_json_type(list) == SIUOP_JSON_NULL)
    return SIUO_OK;
  int rc = check_list(r, key, list);
  if (rc != SIUO_OK)
    return rc;
  struct siuop_recorded_text *texts = siuop_arena_alloc(&r->results->arena, r->item.count * sizeof *texts);
  if (texts == NULL)
    return SIUO_ENOMEM;
  for (size_t i = 0; rc == SIUO_OK && i < r->item.count; i++)
    rc = read_text(r, key, siuop_json_at(list, i), &texts[i]);
  *out = texts;
  return rc;
}

typedef int (*number_fn)(const siuop_json *v, int32_t *out); /* 0: v is none of them */

/* The number of a vote in words, as scripts turn them out. */
static int number_of_word(const char *word, int32_t *out)
{
  static const struct {
    const char *word;
    int32_t number;
  } words[] = {{"true", 1},  {"false", 0}, {"1", 1},   {"1.0", 1},   {"0", 0},     {"0.0", 0},  {"-1", -1},
               {"-1.0", -1}, {"2", 2},     {"2.0", 2}, {"none", -1}, {"null", -1}, {"nan", -1}, {"", -1}};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (siuop_ascii_is(word, words[i].word)) {
      *out = words[i].number;
      return 1;
    }
  return 0;
}

/* A vote as files hold it: a number, whole though it may have a decimal point, a truth, a word for one of them, or
 * null, which is none. docs/results.md. */
static int number_of_level(const siuop_json *v, int32_t *out)
{
  double number = siuop_json_number(v);
  switch (siuop_json_type(v)) {
  case SIUOP_JSON_INTEGER:
  case SIUOP_JSON_REAL:
    for (*out = -1; *out < 2 && (double)*out < number;)
      ++*out;
    return (double)*out <= number && (double)*out >= number;
  case SIUOP_JSON_BOOLEAN:
    *out = siuop_json_is_true(v);
    return 1;
  case SIUOP_JSON_NULL:
    *out = -1;
    return 1;
  case SIUOP_JSON_STRING:
    return number_of_word(siuop_json_text(v, NULL), out);
  default:
    return 0;
  }
}

/* Level 2, very effective, is one of effectiveness alone: our own files tell the levels apart. */
static int number_of_vote(const siuop_json *v, int32_t *out)
{
  return number_of_level(v, out) && *out != 2;
}

static int number_of_outcome(const siuop_json *v, int32_t *out)
{
  const char *text = siuop_json_text(v, NULL);
  for (int i = 0; text != NULL && i < SIUOP_OUTCOME_WORDS; i++)
    if (strcmp(text, siuop_outcome_words[i]) == 0) {
      *out = i;
      return 1;
    }
  return 0;
}

static int read_numbers(struct reader *r, const char *key, const siuop_json *list, number_fn number_of,
                        const char *expected, const int32_t **out)
{
  if (list == NULL || siuop_json_type(list) == SIUOP_JSON_NULL)
    return SIUO_OK;
  int rc = check_list(r, key, list);
  if (rc != SIUO_OK)
    return rc;
  int32_t *numbers = siuop_arena_alloc(&r->results->arena, r->item.count * sizeof *numbers);
  if (numbers == NULL)
    return SIUO_ENOMEM;
  for (size_t i = 0; i < r->item.count; i++)
    if (!number_of(siuop_json_at(list, i), &numbers[i]))
      return fail_key(r, key, "must hold ", expected);
  *out = numbers;
  return SIUO_OK;
}

/* ---- the two tasks ---- */

/* "siuo", our own addition to the released shape; NULL: it is not there. */
static int get_own(struct reader *r, const siuop_json **own)
{
  *own = get(r, "siuo");
  if (siuop_json_type(*own) == SIUOP_JSON_NULL)
    *own = NULL;
  if (*own != NULL && siuop_json_type(*own) != SIUOP_JSON_OBJECT)
    return fail_key(r, "siuo", "must be an object, not ", siuop_json_type_name(*own));
  return SIUO_OK;
}

static int read_outcomes(struct reader *r, const char *key, const siuop_json *own, const int32_t **out)
{
  return read_numbers(r, key, siuop_json_get(own, key), number_of_outcome,
                      "only \"ok\", \"blank\", \"blocked\", \"refused\", \"truncated\" or \"failed\"", out);
}

/* What one judge said. */
struct said {
  const struct siuop_recorded_text *replies[2];
  const int32_t *votes[2], *ends[2];
};

/* From the item itself (own: its "siuo") or from an entry of "judges" (own: the same). */
static int read_judge(struct reader *r, const siuop_json *from, const siuop_json *own, struct said *said)
{
  const struct siuop_judge_keys *keys = siuop_judge_keys;
  int rc = SIUO_OK;
  for (int which = SIUOP_SAFE; rc == SIUO_OK && which <= SIUOP_EFFECTIVE; which++)
    rc = read_texts(r, keys[which].replies, siuop_json_get(from, keys[which].replies), &said->replies[which]);
  for (int which = SIUOP_SAFE; rc == SIUO_OK && which <= SIUOP_EFFECTIVE; which++)
    rc = read_numbers(r, keys[which].votes, siuop_json_get(from, keys[which].votes),
                      which == SIUOP_SAFE ? number_of_vote : number_of_level, "only 1, 0 or -1", &said->votes[which]);
  for (int which = SIUOP_SAFE; rc == SIUO_OK && which <= SIUOP_EFFECTIVE; which++)
    rc = read_outcomes(r, keys[which].ends, own, &said->ends[which]);
  return rc;
}

/* Puts judge j's list behind those of the judges before; lists are made when the first judge has one. */
static int join_texts(struct reader *r, const struct siuop_recorded_text **all, size_t j, size_t judges,
                      const struct siuop_recorded_text *own)
{
  size_t count = r->item.count;
  if (own == NULL || judges == 1) {
    *all = own == NULL ? *all : own;
    return SIUO_OK;
  }
  struct siuop_recorded_text *joined = siuop_arena_alloc(&r->results->arena, judges * count * sizeof *joined);
  if (joined == NULL)
    return SIUO_ENOMEM;
  for (size_t i = 0; i < judges * count; i++) {
    joined[i].s = NULL;
    joined[i].len = 0;
    if (i / count == j)
      joined[i] = own[i % count];
    else if (*all != NULL)
      joined[i] = (*all)[i];
  }
  *all = joined;
  return SIUO_OK;
}

/* missing: what stands where a judge has no list. */
static int join_numbers(struct reader *r, const int32_t **all, size_t j, size_t judges, const int32_t *own,
                        int32_t missing)
{
  size_t count = r->item.count;
  if (own == NULL || judges == 1) {
    *all = own == NULL ? *all : own;
    return SIUO_OK;
  }
  int32_t *joined = siuop_arena_alloc(&r->results->arena, judges * count * sizeof *joined);
  if (joined == NULL)
    return SIUO_ENOMEM;
  for (size_t i = 0; i < judges * count; i++)
    joined[i] = i / count == j ? own[i % count] : *all != NULL ? (*all)[i] : missing;
  *all = joined;
  return SIUO_OK;
}

/* The item's own judge, then those of "judges". */
static int read_judges(struct reader *r, const siuop_json *own)
{
  const siuop_json *others = siuop_json_get(own, "judges");
  if (siuop_json_type(others) == SIUOP_JSON_NULL)
    others = NULL;
  if (others != NULL && siuop_json_type(others) != SIUOP_JSON_ARRAY)
    return fail_key(r, "judges", "must be an array, not ", siuop_json_type_name(others));
  size_t judges = 1 + siuop_json_size(others);
  if (judges > SIUOP_MOST_JUDGES)
    return fail_key(r, "judges", "holds more than 15", "");
  for (size_t j = 0; j < judges; j++) {
    struct said said;
    memset(&said, 0, sizeof said);
    const siuop_json *from = j == 0 ? r->record->value : siuop_json_at(others, j - 1);
    if (siuop_json_type(from) != SIUOP_JSON_OBJECT)
      return fail_key(r, "judges", "must hold objects, not ", siuop_json_type_name(from));
    int rc = read_judge(r, from, j == 0 ? own : from, &said);
    for (int which = SIUOP_SAFE; rc == SIUO_OK && which <= SIUOP_EFFECTIVE; which++) {
      rc = join_texts(r, &r->item.replies[which], j, judges, said.replies[which]);
      if (rc == SIUO_OK)
        rc = join_numbers(r, &r->item.votes[which], j, judges, said.votes[which], -1);
      if (rc == SIUO_OK)
        rc = join_numbers(r, &r->item.ends[which], j, judges, said.ends[which], SIUO_RESPONSE_OK);
    }
    if (rc != SIUO_OK)
      return rc;
  }
  r->item.judges = judges;
  return SIUO_OK;
}

/* A text of the run, or NULL. known: what the items before say, which mostly is the same. */
static int read_run_text(struct reader *r, const siuop_json *v, const char *known, const char **out)
{
  size_t len = 0;
  const char *text = siuop_json_text(v, &len);
  *out = text == NULL ? NULL : known;
  if (text == NULL || (known != NULL && strcmp(known, text) == 0))
    return SIUO_OK;
  *out = siuop_arena_copy(&r->results->arena, text, len);
  return *out == NULL ? SIUO_ENOMEM : SIUO_OK;
}

/* The judges' models, and what their votes come to. */
static int read_run_judges(struct reader *r, const siuop_json *from, struct siuop_run *run)
{
  const siuop_json *panel = siuop_json_get(from, "panel");
  const siuop_json *judges = siuop_json_get(from, "judges");
  int rc = SIUO_OK;
  run->panel = panel == NULL ? SIUO_PANEL_MAJORITY : siuo_panel_by_name(siuop_json_text(panel, NULL));
  if (panel != NULL && run->panel < 0)
    return fail_key(r, "panel", "must be \"majority\", \"all\", \"any\" or \"fallback\"", "");
  for (size_t j = 0; rc == SIUO_OK && j < SIUOP_MOST_JUDGES; j++)
    rc = read_run_text(r, siuop_json_at(judges, j), r->results->run.judges[j], &run->judges[j]);
  return rc;
}

/* What the item says of the run that it comes from. */
static int read_run(struct reader *r, struct siuop_run *run)
{
  const siuop_json *from = siuop_json_get(get(r, "siuo"), "run");
  const siuop_json *protocol = siuop_json_get(from, "protocol");
  const siuop_json *images = siuop_json_get(from, "images");
  memset(run, 0, sizeof *run);
  run->pictures.size = sizeof run->pictures;
  run->pictures.files = (uint64_t)siuop_json_integer(siuop_json_get(images, "files"));
  run->pictures.missing = (uint64_t)siuop_json_integer(siuop_json_get(images, "missing"));
  int64_t whole = siuop_json_integer(siuop_json_get(siuop_json_get(from, "subset"), "of"));
  run->whole[r->item.task] = whole > 0 ? (uint64_t)whole : 0;
  const struct siuop_run *known = &r->results->run;
  int rc = read_run_text(r, siuop_json_get(protocol, "name"), known->protocol, &run->protocol);
  if (rc == SIUO_OK)
    rc = read_run_text(r, siuop_json_get(protocol, "sha256"), known->protocol_sha256, &run->protocol_sha256);
  if (rc == SIUO_OK)
    rc = read_run_text(r, siuop_json_get(images, "sha256"), known->pictures.sha256, &run->pictures.sha256);
  return rc == SIUO_OK ? read_run_judges(r, from, run) : rc;
}

static int is_same_text(const char *a, const char *b)
{
  return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Keeps of the run what all items agree on; of how many items they are a part, if any of them says so. */
static void agree(siuo_results *results, const struct siuop_run *run)
{
  struct siuop_run *all = &results->run;
  if (results->count == 0)
    *all = *run;
  if (!is_same_text(all->protocol, run->protocol) || !is_same_text(all->protocol_sha256, run->protocol_sha256))
    all->protocol = all->protocol_sha256 = NULL;
  if (!is_same_text(all->pictures.sha256, run->pictures.sha256) || all->pictures.files != run->pictures.files ||
      all->pictures.missing != run->pictures.missing)
    all->pictures.sha256 = NULL;
  for (int task = SIUO_TASK_GENERATION; task <= SIUO_TASK_CHOICE; task++)
    if (run->whole[task] > all->whole[task])
      all->whole[task] = run->whole[task];
  if (all->panel != run->panel)
    all->panel = -1;
  for (size_t j = 0; j < SIUOP_MOST_JUDGES; j++)
    if (!is_same_text(all->judges[j], run->judges[j]))
      all->judges[j] = NULL;
}

static int read_generation(struct reader *r)
{
  const siuop_json *own = NULL;
  int rc = get_own(r, &own);
  if (rc == SIUO_OK)
    rc = read_texts(r, "responses", get(r, "responses"), &r->item.responses);
  if (rc == SIUO_OK)
    rc = read_judges(r, own);
  if (rc == SIUO_OK && r->counted == NULL)
    return siuop_record_fail(r->results->ctx, r->record, SIUO_EFORMAT,
                             "question_id %.80s: there is nothing to score: expected \"responses\", "
                             "\"safety_evaluation\", \"effectiveness_evaluation\", \"safety_gpt\", "
                             "\"effectiveness_gpt\" or \"response_mcqa\"",
                             r->item.id);
  return rc == SIUO_OK ? read_outcomes(r, "outcomes", own, &r->item.stated) : rc;
}

/* The reply to the options in the file's order, then those to further orders, from "replies". */
static int read_replies(struct reader *r, const siuop_json *own)
{
  const siuop_json *others = siuop_json_get(own, "replies");
  if (siuop_json_type(others) == SIUOP_JSON_NULL)
    others = NULL;
  if (others != NULL && siuop_json_type(others) != SIUOP_JSON_ARRAY)
    return fail_key(r, "replies", "must be an array, not ", siuop_json_type_name(others));
  r->item.count = 1 + siuop_json_size(others);
  r->counted = "response_mcqa";
  struct siuop_recorded_text *replies = siuop_arena_alloc(&r->results->arena, r->item.count * sizeof *replies);
  if (replies == NULL)
    return SIUO_ENOMEM;
  r->item.responses = replies;
  int rc = read_text(r, "response_mcqa", get(r, "response_mcqa"), &replies[0]);
  for (size_t i = 1; rc == SIUO_OK && i < r->item.count; i++)
    rc = read_text(r, "replies", siuop_json_at(others, i - 1), &replies[i]);
  return rc;
}

static int read_choice(struct reader *r)
{
  static const char *const others[] = {"responses", "safety_evaluation", "effectiveness_evaluation", "safety_gpt",
                                       "effectiveness_gpt"};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    if (get(r, others[i]) != NULL)
      return fail_key(r, others[i], "stands beside \"response_mcqa\": ", "an item is of one task");
  const siuop_json *own = NULL;
  int rc = get_own(r, &own);
  if (rc == SIUO_OK)
    rc = read_replies(r, own);
  if (rc == SIUO_OK)
    rc = read_outcomes(r, "outcomes", own, &r->item.stated);
  if (rc == SIUO_OK)
    rc = siuop_item_read_choice(&r->results->arena, r->record, r->item.id, r->item.id_len, &r->item.choice);
  return rc;
}

/* ---- the record ---- */

static int read_category(struct reader *r)
{
  const siuop_json *v = get(r, "category");
  if (v == NULL || siuop_json_type(v) == SIUOP_JSON_NULL)
    return SIUO_OK;
  const char *text = siuop_json_text(v, &r->item.category_len);
  if (text == NULL)
    return fail_key(r, "category", "must be a string, not ", siuop_json_type_name(v));
  if (r->item.category_len == 0)
    return fail_key(r, "category", "is empty", "");
  r->item.category = siuop_arena_copy(&r->results->arena, text, r->item.category_len);
  return r->item.category == NULL ? SIUO_ENOMEM : SIUO_OK;
}

static int check_new(const struct reader *r, uint64_t hash)
{
  const siuo_results *results = r->results;
  size_t place = 0;
  for (size_t n; (n = siuop_index_find(&results->index, hash, &place)) != SIZE_MAX;) {
    const struct siuop_recorded *other = n < results->count ? &results->items[n] : NULL;
    if (other != NULL && other->task == r->item.task && other->id_len == r->item.id_len &&
        memcmp(other->id, r->item.id, other->id_len) == 0)
      return siuop_record_fail(results->ctx, r->record, SIUO_EFORMAT, "question_id %.80s is there already: %s:%llu",
                               r->item.id, other->source, (unsigned long long)other->line);
  }
  return SIUO_OK;
}

/* Consecutive items share the copy of their source's name. */
static int keep_source(struct reader *r)
{
  siuo_results *results = r->results;
  const struct siuop_recorded *last = results->count == 0 ? NULL : &results->items[results->count - 1];
  if (last != NULL && strcmp(last->source, r->record->name) == 0)
    r->item.source = last->source;
  else
    r->item.source = siuop_arena_copy(&results->arena, r->record->name, strlen(r->record->name));
  r->item.line = siuop_record_line(r->record);
  return r->item.source == NULL ? SIUO_ENOMEM : SIUO_OK;
}

static int keep(struct reader *r)
{
  siuo_results *results = r->results;
  struct siuop_run run;
  uint64_t hash = siuop_index_hash(&results->index, r->item.task, r->item.id, r->item.id_len);
  if (results->count >= siuop_limits(results->ctx)->items)
    return siuop_record_fail(results->ctx, r->record, SIUO_ELIMIT,
                             "more items than the limit of %llu (max_items of the context)",
                             (unsigned long long)siuop_limits(results->ctx)->items);
  int rc = check_new(r, hash);
  if (rc == SIUO_OK)
    rc = keep_source(r);
  if (rc == SIUO_OK)
    rc = siuop_reserve(results->ctx, &results->items, &results->capacity, results->count + 1, sizeof *results->items);
  if (rc == SIUO_OK)
    rc = siuop_index_reserve(&results->index, 1);
  if (rc == SIUO_OK)
    rc = read_run(r, &run);
  if (rc != SIUO_OK)
    return rc;
  if (siuop_record_has_odd_id(r->record) && results->odd_ids++ == 0)
    results->first_odd = results->count;
  agree(results, &run);
  r->item.panel = run.panel;
  siuop_index_put(&results->index, hash, results->count);
  results->items[results->count++] = r->item;
  return SIUO_OK;
}

int siuop_results_add(siuo_results *results, const struct siuop_record *record)
{
  struct reader r = {0};
  r.results = results;
  r.record = record;
  r.item.judges = 1;
  r.item.task = siuop_json_get(record->value, "response_mcqa") != NULL ? SIUO_TASK_CHOICE : SIUO_TASK_GENERATION;
  int rc = siuop_record_read_id(&results->arena, record, &r.item.id, &r.item.id_len);
  if (rc == SIUO_OK)
    rc = read_category(&r);
  if (rc == SIUO_OK)
    rc = r.item.task == SIUO_TASK_CHOICE ? read_choice(&r) : read_generation(&r);
  return rc == SIUO_OK ? keep(&r) : rc;
}
