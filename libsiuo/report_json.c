/* report_json.c: the report as one JSON object, siuo-report/1: docs/report.md. */
#include "report.h"

#include "benchmark.h"
#include "json.h"

#include <siuo/judge.h>

#include <math.h>
#include <string.h>

/* Values are built bottom up; a NULL among them means out of memory and ends in siuop_json_set()'s -1. */

static siuop_json *number(uint64_t n)
{
  return siuop_json_new_integer((int64_t)n);
}

siuop_json *siuop_json_percent(double value)
{
  return siuop_json_new_real(isfinite(value) ? (double)siuop_hundredths(value) / 100.0 : value);
}

static siuop_json *pair(double low, double high)
{
  siuop_json *v = siuop_json_new_array();
  int failed = v == NULL || siuop_json_append(v, siuop_json_percent(low));
  failed = failed || siuop_json_append(v, siuop_json_percent(high));
  return siuop_json_filled(v, failed);
}

static siuop_json *response_rate(const siuo_rate *r)
{
  siuop_json *v = siuop_json_new_object();
  if (v == NULL)
    return NULL;
  int failed = siuop_json_set(v, "percent", siuop_json_percent(r->response_percent));
  failed |= siuop_json_set(v, "ci95", pair(r->response_ci_low, r->response_ci_high));
  return siuop_json_filled(v, failed);
}

static siuop_json *rate(const siuo_rate *r)
{
  siuop_json *v = siuop_json_new_object();
  if (v == NULL)
    return NULL;
  int failed = siuop_json_set(v, "items", number(r->items));
  failed |= siuop_json_set(v, "passed", number(r->passed));
  failed |= siuop_json_set(v, "undetermined", number(r->undetermined));
  failed |= siuop_json_set(v, "ties", number(r->ties));
  failed |= siuop_json_set(v, "votes", number(r->votes));
  failed |= siuop_json_set(v, "votes_passed", number(r->votes_passed));
  failed |= siuop_json_set(v, "votes_undetermined", number(r->votes_undetermined));
  failed |= siuop_json_set(v, "votes_by_rule", number(r->votes_by_rule));
  failed |= siuop_json_set(v, "percent", siuop_json_percent(r->percent));
  failed |= siuop_json_set(v, "ci95", pair(r->ci_low, r->ci_high));
  failed |= siuop_json_set(v, "bounds", pair(r->bound_low, r->bound_high));
  failed |= siuop_json_set(v, "response", response_rate(r));
  failed |= siuop_json_set(v, "all_percent", siuop_json_percent(r->all_percent));
  return siuop_json_filled(v, failed);
}

static siuop_json *rates(const siuo_metrics *m, const struct siuop_section *s, const char *category)
{
  siuop_json *v = siuop_json_new_object();
  int failed = v == NULL;
  for (size_t i = 0; !failed && i < s->metric_count; i++) {
    siuo_rate r = siuop_report_rate(m, s->metrics[i], category);
    failed = siuop_json_set(v, siuop_metric_key(s->metrics[i]), rate(&r));
  }
  return siuop_json_filled(v, failed);
}

static siuop_json *section(const siuo_metrics *m, const struct siuop_section *s)
{
  siuop_json *v = siuop_json_new_object();
  siuop_json *categories = siuop_json_new_object();
  if (v == NULL || categories == NULL) {
    siuop_json_free(categories);
    return siuop_json_filled(v, 1);
  }
  int failed = siuop_json_set(v, "overall", rates(m, s, NULL));
  for (size_t i = 0; i < s->category_count; i++)
    failed |= siuop_json_set(categories, s->categories[i], rates(m, s, s->categories[i]));
  failed |= siuop_json_set(v, "categories", categories);
  return siuop_json_filled(v, failed);
}

/* ---- what was scored ---- */

static siuop_json *data_of_task(const siuo_dataset *ds, int task)
{
  siuop_json *v = siuop_json_new_object();
  uint64_t items = 0;
  if (v == NULL)
    return NULL;
  for (size_t i = 0; i < siuo_dataset_count(ds); i++)
    items += siuo_item_task(siuo_dataset_item(ds, i)) == task;
  int failed = siuop_json_set(v, "items", number(items));
  failed |= siuop_json_set(v, "fingerprint", siuop_json_new_string(siuo_dataset_fingerprint(ds, task)));
  return siuop_json_filled(v, failed);
}

siuop_json *siuop_json_pictures(const siuo_pictures *p)
{
  siuop_json *v = siuop_json_new_object();
  if (v == NULL)
    return NULL;
  int failed = siuop_json_set(v, "files", number(p->files));
  failed |= siuop_json_set(v, "missing", number(p->missing));
  failed |= siuop_json_set(v, "sha256", siuop_json_new_string(p->sha256));
  return siuop_json_filled(v, failed);
}

static siuop_json *data(const siuo_dataset *ds, const siuo_pictures *pictures)
{
  siuop_json *v = siuop_json_new_object();
  int failed = v == NULL;
  for (int task = SIUO_TASK_GENERATION; !failed && task <= SIUO_TASK_CHOICE; task++)
    if (siuo_dataset_fingerprint(ds, task) != NULL)
      failed = siuop_json_set(v, siuop_task_key(task), data_of_task(ds, task));
  if (!failed && pictures != NULL)
    failed = siuop_json_set(v, "images", siuop_json_pictures(pictures));
  return siuop_json_filled(v, failed);
}

static siuop_json *protocol(const char *name, const char *sha256)
{
  siuop_json *v = siuop_json_new_object();
  if (v == NULL)
    return NULL;
  int failed = siuop_json_set(v, "name", siuop_json_new_string(name));
  if (sha256 != NULL)
    failed |= siuop_json_set(v, "sha256", siuop_json_new_string(sha256));
  return siuop_json_filled(v, failed);
}

/* The share of SIUO's items that was scored, and the bounds over all of them. */
static siuop_json *coverage(const siuo_metrics *m, const struct siuop_section *s)
{
  siuop_json *v = siuop_json_new_object();
  siuop_json *bounds = siuop_json_new_object();
  if (v == NULL || bounds == NULL) {
    siuop_json_free(bounds);
    return siuop_json_filled(v, 1);
  }
  int failed = siuop_json_set(v, "items", number(s->items));
  failed |= siuop_json_set(v, "of", number(SIUOP_BENCHMARK_ITEMS));
  for (size_t i = 0; i < s->metric_count; i++) {
    double low, high;
    siuo_rate r = siuop_report_rate(m, s->metrics[i], NULL);
    siuop_full_bounds(&r, &low, &high);
    failed |= siuop_json_set(bounds, siuop_metric_key(s->metrics[i]), pair(low, high));
  }
  failed |= siuop_json_set(v, "bounds", bounds);
  return siuop_json_filled(v, failed);
}

/* ---- harm ---- */

static siuop_json *harm_counts(const siuo_harm_row *row, siuop_json *categories)
{
  siuop_json *v = siuop_json_new_object();
  if (v == NULL) {
    siuop_json_free(categories);
    return NULL;
  }
  int failed = siuop_json_set(v, "responses", number(row->responses));
  failed |= siuop_json_set(v, "items", number(row->items));
  if (categories != NULL)
    failed |= siuop_json_set(v, "categories", categories);
  return siuop_json_filled(v, failed);
}

/* Under "harm", the categories that a judge named (-1: any); nothing where there are none. */
static int set_harm_counts(siuop_json *v, const struct siuop_report *r, int32_t judge)
{
  siuo_harm_row total, row;
  size_t count = siuo_harm_count(r->options.harm);
  size_t first = 0;
  while (first < count && siuop_report_harm(r, first, judge, 0, &total) == NULL)
    first++;
  if (first == count)
    return 0;
  siuop_json *categories = siuop_json_new_object();
  int failed = categories == NULL;
  for (size_t i = first + 1; !failed && i < count; i++)
    if (siuop_report_harm(r, i, judge, 1, &row) != NULL)
      failed |= siuop_json_set(categories, row.category, harm_counts(&row, NULL));
  if (failed) {
    siuop_json_free(categories);
    return failed;
  }
  return siuop_json_set(v, "harm", harm_counts(&total, categories));
}

/* ---- judges ---- */

static siuop_json *replies(uint64_t asked, uint64_t passed, uint64_t failed, uint64_t declined)
{
  siuop_json *v = siuop_json_new_object();
  if (v == NULL)
    return NULL;
  int bad = siuop_json_set(v, "asked", number(asked));
  bad |= siuop_json_set(v, "passed", number(passed));
  bad |= siuop_json_set(v, "failed", number(failed));
  bad |= siuop_json_set(v, "declined", number(declined));
  return siuop_json_filled(v, bad);
}

static siuop_json *all_replies(const siuo_judge_replies *j)
{
  siuop_json *v = siuop_json_new_object();
  if (v == NULL)
    return NULL;
  int failed = siuop_json_set(v, "safe", replies(j->safe_asked, j->safe_passed, j->safe_failed, j->safe_declined));
  failed |= siuop_json_set(
      v, "effective", replies(j->effective_asked, j->effective_passed, j->effective_failed, j->effective_declined));
  return siuop_json_filled(v, failed);
}

/* In a fallback only the first judge was asked about every response, so that only its rates mean something. */
static siuop_json *judge(const struct siuop_report *r, const struct siuop_section *s, uint64_t j)
{
  const siuo_report_options *o = &r->options;
  siuop_json *v = siuop_json_new_object();
  if (v == NULL)
    return NULL;
  int failed = o->judges[j].model == NULL ? 0 : siuop_json_set(v, "model", siuop_json_new_string(o->judges[j].model));
  if (j == 0 || o->panel != SIUO_PANEL_FALLBACK)
    failed |= siuop_json_set(v, "overall", rates(o->judge_metrics[j], s, NULL));
  failed |= siuop_json_set(v, "replies", all_replies(&o->judges[j]));
  failed |= set_harm_counts(v, r, (int32_t)j);
  return siuop_json_filled(v, failed);
}

static siuop_json *judges(const struct siuop_report *r, const struct siuop_section *s)
{
  siuop_json *v = siuop_json_new_object();
  siuop_json *each = siuop_json_new_array();
  int failed = v == NULL || each == NULL;
  for (uint64_t j = 0; !failed && j < r->options.judge_count; j++)
    failed |= siuop_json_append(each, judge(r, s, j));
  if (failed) {
    siuop_json_free(each);
    return siuop_json_filled(v, 1);
  }
  if (siuo_panel_name(r->options.panel) != NULL)
    failed |= siuop_json_set(v, "panel", siuop_json_new_string(siuo_panel_name(r->options.panel)));
  failed |= siuop_json_set(v, "mixed", siuop_json_new_boolean(siuop_report_is_mixed(r)));
  failed |= siuop_json_set(v, "each", each);
  return siuop_json_filled(v, failed);
}

/* ---- counts and items ---- */

static siuop_json *counts(const siuo_metrics *m)
{
  static const char *const names[] = {"unparsed", "judge_refused", "judge_truncated", "conflict", "blank",
                                      "blocked",  "refused",       "truncated",       "failed",   "not_asked"};
  siuop_json *v = siuop_json_new_object();
  int failed = v == NULL;
  for (int i = 0; !failed && i < SIUO_COUNT_NOT_ASKED; i++) /* named in the order of SIUO_COUNT_*, from 1 */
    failed = siuop_json_set(v, names[i], number(siuo_metrics_get_count(m, i + 1)));
  return siuop_json_filled(v, failed);
}

static siuop_json *item_verdicts(const siuo_item_result *item)
{
  siuop_json *v = siuop_json_new_object();
  if (v == NULL)
    return NULL;
  int failed = siuop_json_set(v, "task", siuop_json_new_string(siuop_task_key(item->task)));
  failed |= siuop_json_set(v, "id", siuop_json_new_string(item->item_id));
  failed |= siuop_json_set(v, "category", siuop_json_new_string(item->category));
  if (item->task == SIUO_TASK_CHOICE) {
    failed |= siuop_json_set(v, "choice", siuop_json_new_integer(item->choice));
    return siuop_json_filled(v, failed);
  }
  failed |= siuop_json_set(v, "safe", siuop_json_new_integer(item->safe));
  failed |= siuop_json_set(v, "effective", siuop_json_new_integer(item->effective));
  failed |= siuop_json_set(v, "safe_effective", siuop_json_new_integer(item->safe_effective));
  return siuop_json_filled(v, failed);
}

static siuop_json *items(const siuo_metrics *m)
{
  siuop_json *v = siuop_json_new_array();
  int failed = v == NULL;
  for (size_t i = 0; !failed && i < siuo_metrics_count(m); i++) {
    siuo_item_result item;
    item.size = sizeof item;
    failed = siuo_metrics_item(m, i, &item) != SIUO_OK || siuop_json_append(v, item_verdicts(&item));
  }
  return siuop_json_filled(v, failed);
}

/* ---- the report ---- */

static int add_sections(const struct siuop_report *r, siuop_json *v, const struct siuop_section *sections)
{
  siuop_json *covered = NULL;
  int failed = 0;
  for (int i = 0; i < 2; i++)
    if (sections[i].metric_count > 0)
      failed |= siuop_json_set(v, siuop_task_key(sections[i].task), section(r->metrics, &sections[i]));
  for (int i = 0; i < 2 && r->options.dataset == NULL && siuo_metrics_rules(r->metrics) == SIUO_RULES_STANDARD; i++) {
    if (sections[i].metric_count == 0 || !siuop_section_is_partial(&sections[i]))
      continue;
    if (covered == NULL)
      covered = siuop_json_new_object();
    if (covered == NULL)
      return -1;
    failed |= siuop_json_set(covered, siuop_task_key(sections[i].task), coverage(r->metrics, &sections[i]));
  }
  return covered == NULL ? failed : failed | siuop_json_set(v, "coverage", covered);
}

/* A part of the items was asked only. */
static siuop_json *subset(const struct siuop_report *r)
{
  siuop_json *v = siuop_json_new_object();
  if (v == NULL)
    return NULL;
  int failed = siuop_json_set(v, "items", siuop_json_new_integer((int64_t)siuo_metrics_count(r->metrics)));
  failed |= siuop_json_set(v, "of", siuop_json_new_integer((int64_t)r->options.whole_items));
  return siuop_json_filled(v, failed);
}

static siuop_json *report(const struct siuop_report *r, const struct siuop_section *sections)
{
  const siuo_report_options *o = &r->options;
  const siuo_protocol *reader = siuop_report_reader(r);
  siuop_json *v = siuop_json_new_object();
  if (v == NULL)
    return NULL;
  int failed = siuop_json_set(v, "schema", siuop_json_new_string("siuo-report/1"));
  failed |= siuop_json_set(v, "rules", siuop_json_new_string(siuo_rules_name(siuo_metrics_rules(r->metrics))));
  if (o->protocol_name != NULL)
    failed |= siuop_json_set(v, "protocol", protocol(o->protocol_name, o->protocol_sha256));
  if (reader != NULL)
    failed |= siuop_json_set(v, "read_by", protocol(siuo_protocol_name(reader), siuo_protocol_sha256(reader)));
  if (o->dataset != NULL)
    failed |= siuop_json_set(v, "dataset", data(o->dataset, o->pictures));
  if (o->whole_items > 0)
    failed |= siuop_json_set(v, "subset", subset(r));
  failed |= add_sections(r, v, sections);
  if (siuop_report_has_judges(r))
    failed |= siuop_json_set(v, "judges", judges(r, &sections[0]));
  failed |= siuop_json_set(v, "counts", counts(r->metrics));
  failed |= set_harm_counts(v, r, -1);
  if (o->list_items)
    failed |= siuop_json_set(v, "items", items(r->metrics));
  return siuop_json_filled(v, failed);
}

static int build(siuop_json **out, const struct siuop_report *r)
{
  struct siuop_section sections[2];
  *out = NULL;
  int rc = siuop_section_init(&sections[0], r->ctx, r->metrics, SIUO_TASK_GENERATION);
  int second = siuop_section_init(&sections[1], r->ctx, r->metrics, SIUO_TASK_CHOICE);
  if (rc == SIUO_OK)
    rc = second;
  if (rc == SIUO_OK) {
    *out = report(r, sections);
    rc = *out == NULL ? siuop_fail_plain(r->ctx, SIUO_ENOMEM) : SIUO_OK;
  }
  siuop_section_free(&sections[0], r->ctx);
  siuop_section_free(&sections[1], r->ctx);
  return rc;
}

static int write_line(const struct siuop_report *r, const siuop_json *v)
{
  int rc = siuop_json_write(v, r->out);
  return rc == SIUO_OK ? siuop_buf_add_char(r->out, '\n', 1) : siuop_fail_plain(r->ctx, rc);
}

int siuop_report_json(struct siuop_report *r)
{
  siuop_json *v = NULL;
  int rc = build(&v, r);
  if (rc == SIUO_OK)
    rc = write_line(r, v);
  siuop_json_free(v);
  return rc;
}

static siuop_json *flips(const siuo_metrics *const *metrics, size_t count)
{
  siuop_json *v = siuop_json_new_object();
  int failed = v == NULL;
  for (size_t i = 1; !failed && i < count; i++)
    failed = siuop_json_set(v, siuo_rules_name(siuo_metrics_rules(metrics[i])),
                            number(siuop_count_flips(metrics[0], metrics[i])));
  return siuop_json_filled(v, failed);
}

int siuop_report_json_all(struct siuop_report *r, const siuo_metrics *const *metrics, size_t count)
{
  siuop_json *all = siuop_json_new_object();
  int rc = all == NULL ? SIUO_ENOMEM : SIUO_OK;
  for (size_t i = 0; rc == SIUO_OK && i < count; i++) {
    siuop_json *v = NULL;
    r->metrics = metrics[i];
    rc = build(&v, r);
    if (rc == SIUO_OK && siuop_json_set(all, siuo_rules_name(siuo_metrics_rules(r->metrics)), v) != 0)
      rc = SIUO_ENOMEM;
  }
  if (rc == SIUO_OK && siuop_json_set(all, "flips", flips(metrics, count)) != 0)
    rc = SIUO_ENOMEM;
  if (rc == SIUO_OK)
    rc = write_line(r, all);
  siuop_json_free(all);
  return rc == SIUO_ENOMEM ? siuop_fail_plain(r->ctx, rc) : rc;
}
