/* report.c: options, the table of formats, and what the formats share. */
#include "report.h"

#include "abi.h"
#include "benchmark.h"

#include <siuo/judge.h>

#include <math.h>
#include <stddef.h>
#include <string.h>

static const struct format {
  int number;
  const char *name;
  int (*render)(struct siuop_report *r);
  int (*render_all)(struct siuop_report *r, const siuo_metrics *const *metrics, size_t count);
  int (*describe)(struct siuop_data_report *r);
} formats[] = {
    {SIUO_FORMAT_TEXT, "text", siuop_report_text, siuop_report_text_all, siuop_data_text},
    {SIUO_FORMAT_JSON, "json", siuop_report_json, siuop_report_json_all, siuop_data_json},
};
#define FORMAT_COUNT (sizeof formats / sizeof formats[0])

int siuo_format_by_name(const char *name)
{
  for (size_t i = 0; name != NULL && i < FORMAT_COUNT; i++)
    if (strcmp(formats[i].name, name) == 0)
      return formats[i].number;
  return SIUO_ENOTFOUND;
}

static const struct format *find_format(siuo_ctx *ctx, int number)
{
  for (size_t i = 0; i < FORMAT_COUNT; i++)
    if (formats[i].number == number)
      return &formats[i];
  siuop_fail(ctx, SIUO_EINVAL, "there is no report format %d", number);
  return NULL;
}

#define OPTIONS_FIRST_SIZE (offsetof(siuo_report_options, reserved) + sizeof(uint32_t))
#define OTHER_FIRST_SIZE   sizeof(siuo_report_other)

int siuo_report_options_init(siuo_report_options *o, size_t size)
{
  siuo_report_options defaults;
  memset(&defaults, 0, sizeof defaults);
  return siuop_abi_init(o, size, &defaults, sizeof defaults, OPTIONS_FIRST_SIZE);
}

static int import_options(siuo_report_options *to, const siuo_report_options *from)
{
  memset(to, 0, sizeof *to);
  if (from == NULL)
    return SIUO_OK;
  int rc = siuop_abi_import(to, sizeof *to, from, OPTIONS_FIRST_SIZE);
  if (rc == SIUO_OK && to->others == NULL && to->other_count != 0)
    return SIUO_EINVAL;
  for (uint64_t i = 0; rc == SIUO_OK && i < to->other_count; i++) {
    siuo_report_other other;
    rc = siuop_abi_import(&other, sizeof other, &to->others[i], OTHER_FIRST_SIZE);
    if (rc == SIUO_OK && (other.metrics == NULL || other.size != to->others[i].size))
      rc = SIUO_EINVAL; /* an array's stride is the size that both sides know */
  }
  for (uint64_t j = 0; rc == SIUO_OK && j < to->judge_count; j++)
    if (to->judges == NULL || to->judges[j].size != sizeof to->judges[j] || to->judge_metrics == NULL ||
        to->judge_metrics[j] == NULL)
      rc = SIUO_EINVAL;
  return rc == SIUO_OK && to->reserved != 0 ? SIUO_EABI : rc;
}

/* metrics: one for a plain report; all: the report of several rule sets, even if count is 1. */
static int render(siuo_buf **out, siuo_ctx *ctx, const siuo_metrics *const *metrics, size_t count, int all, int format,
                  const siuo_report_options *opts)
{
  struct siuop_report r;
  const struct format *f = find_format(ctx, format);
  if (f == NULL)
    return SIUO_EINVAL;
  r.ctx = ctx;
  r.metrics = metrics[0];
  int rc = import_options(&r.options, opts);
  if (rc != SIUO_OK)
    return siuop_fail_plain(ctx, rc);
  rc = siuop_buf_new(&r.out, ctx);
  if (rc == SIUO_OK)
    rc = all ? f->render_all(&r, metrics, count) : f->render(&r);
  if (rc == SIUO_OK)
    rc = siuop_buf_status(r.out);
  if (rc == SIUO_OK)
    *out = r.out;
  else
    siuo_buf_free(r.out);
  return rc;
}

int siuo_report_render(siuo_buf **out, siuo_ctx *ctx, const siuo_metrics *m, int format,
                       const siuo_report_options *opts)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL || m == NULL)
    return SIUO_EINVAL;
  return render(out, ctx, &m, 1, 0, format, opts);
}

int siuo_report_render_all(siuo_buf **out, siuo_ctx *ctx, const siuo_metrics *const *metrics, size_t count, int format,
                           const siuo_report_options *opts)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL || metrics == NULL || count == 0)
    return SIUO_EINVAL;
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k <= i; k++)
      if (metrics[i] == NULL || (k < i && siuo_metrics_rules(metrics[k]) == siuo_metrics_rules(metrics[i])))
        return siuop_fail(ctx, SIUO_EINVAL, "reports under several rule sets need each of them once");
  return render(out, ctx, metrics, count, 1, format, opts);
}

/* ---- a data set described ---- */

#define DESCRIBE_FIRST_SIZE sizeof(siuo_report_describe_options)

int siuo_report_describe_options_init(siuo_report_describe_options *o, size_t size)
{
  siuo_report_describe_options defaults;
  memset(&defaults, 0, sizeof defaults);
  return siuop_abi_init(o, size, &defaults, sizeof defaults, DESCRIBE_FIRST_SIZE);
}

static int import_describe_options(siuo_report_describe_options *to, const siuo_report_describe_options *from)
{
  memset(to, 0, sizeof *to);
  int rc = from == NULL ? SIUO_OK : siuop_abi_import(to, sizeof *to, from, DESCRIBE_FIRST_SIZE);
  return rc == SIUO_OK && to->reserved != 0 ? SIUO_EABI : rc;
}

int siuo_report_describe(siuo_buf **out, siuo_ctx *ctx, const siuo_dataset *ds, int format,
                         const siuo_report_describe_options *opts)
{
  siuo_report_describe_options o;
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL || ds == NULL)
    return SIUO_EINVAL;
  int rc = import_describe_options(&o, opts);
  if (rc != SIUO_OK)
    return siuop_fail_plain(ctx, rc);
  const struct format *f = find_format(ctx, format);
  if (f == NULL)
    return SIUO_EINVAL;
  struct siuop_data_report r = {ctx, NULL, ds, o.lint, o.images, NULL, 0, NULL, 0};
  rc = siuop_buf_new(&r.out, ctx);
  if (rc == SIUO_OK)
    rc = siuop_sort_notes(&r);
  if (rc == SIUO_OK)
    rc = siuop_count_data(&r);
  if (rc == SIUO_OK)
    rc = f->describe(&r);
  if (rc == SIUO_OK)
    rc = siuop_buf_status(r.out);
  siuop_free(ctx, r.notes);
  siuop_free(ctx, r.counts);
  if (rc == SIUO_OK)
    *out = r.out;
  else
    siuo_buf_free(r.out);
  return rc;
}

int siuo_report_dataset(siuo_buf **out, siuo_ctx *ctx, const siuo_dataset *ds, const siuo_lint *lint, int format)
{
  siuo_report_describe_options o;
  siuo_report_describe_options_init(&o, sizeof o);
  o.lint = lint;
  return siuo_report_describe(out, ctx, ds, format, &o);
}

/* ---- sections ---- */

/* The place of a category among those that are listed, in report order. */
static size_t place_of(const siuo_metrics *m, const char *category)
{
  size_t low = 0;
  for (size_t high = siuo_metrics_category_count(m); high - low > 1;) {
    size_t middle = low + (high - low) / 2;
    const char *name = siuo_metrics_category(m, middle);
    if (siuop_category_compare(category, strlen(category), name, strlen(name)) < 0)
      high = middle;
    else
      low = middle;
  }
  return low;
}

/* Marks each category that items of the task have. */
static int find_categories(struct siuop_section *s, const siuo_metrics *m, unsigned char *has)
{
  size_t at = 0; /* neighbours mostly share their category */
  for (size_t i = 0; i < siuo_metrics_count(m); i++) {
    siuo_item_result item;
    item.size = sizeof item;
    int rc = siuo_metrics_item(m, i, &item);
    if (rc != SIUO_OK)
      return rc;
    if (item.task != s->task)
      continue;
    if (strcmp(siuo_metrics_category(m, at), item.category) != 0)
      at = place_of(m, item.category);
    has[at] = 1;
    s->items++;
    s->benchmark_items += (size_t)siuop_is_benchmark_id(item.item_id, strlen(item.item_id));
  }
  return SIUO_OK;
}

int siuop_section_init(struct siuop_section *s, siuo_ctx *ctx, const siuo_metrics *m, int task)
{
  static const int generation[] = {SIUO_METRIC_SAFE, SIUO_METRIC_EFFECTIVE, SIUO_METRIC_SAFE_EFFECTIVE, 0};
  static const int choice[] = {SIUO_METRIC_CHOICE, 0};
  size_t count = siuo_metrics_category_count(m);
  memset(s, 0, sizeof *s);
  s->task = task;
  for (const int *metric = task == SIUO_TASK_CHOICE ? choice : generation; *metric != 0; metric++)
    if (siuo_metrics_has(m, *metric))
      s->metrics[s->metric_count++] = *metric;
  unsigned char *has = siuop_zalloc(ctx, count, 1);
  s->categories = siuop_zalloc(ctx, count, sizeof *s->categories);
  int rc = has == NULL || s->categories == NULL ? SIUO_ENOMEM : find_categories(s, m, has);
  for (size_t i = 0; rc == SIUO_OK && i < count; i++)
    if (has[i])
      s->categories[s->category_count++] = siuo_metrics_category(m, i);
  siuop_free(ctx, has);
  return rc;
}

void siuop_section_free(struct siuop_section *s, siuo_ctx *ctx)
{
  siuop_free(ctx, (void *)s->categories);
  s->categories = NULL;
}

int siuop_section_is_partial(const struct siuop_section *s)
{
  return s->items > 0 && s->benchmark_items == s->items && s->items < SIUOP_BENCHMARK_ITEMS;
}

void siuop_full_bounds(const siuo_rate *rate, double *low, double *high)
{
  double items = (double)rate->items;
  double missing = SIUOP_BENCHMARK_ITEMS - items;
  *low = 100.0 * floor(rate->bound_low * items / 100.0 + 0.5) / SIUOP_BENCHMARK_ITEMS;
  *high = 100.0 * (floor(rate->bound_high * items / 100.0 + 0.5) + missing) / SIUOP_BENCHMARK_ITEMS;
}

/* ---- who read ---- */

const siuo_protocol *siuop_report_reader(const struct siuop_report *r)
{
  const siuo_protocol *reader = r->options.reader;
  const char *asked = r->options.protocol_sha256;
  if (reader == NULL || siuo_metrics_rules(r->metrics) != SIUO_RULES_STANDARD)
    return NULL;
  return asked != NULL && strcmp(asked, siuo_protocol_sha256(reader)) == 0 ? NULL : reader;
}

/* ---- harm ---- */

const siuo_harm_row *siuop_report_harm(const struct siuop_report *r, size_t i, int32_t judge, int named,
                                       siuo_harm_row *row)
{
  row->size = sizeof *row;
  if (siuo_metrics_rules(r->metrics) != SIUO_RULES_STANDARD || siuo_harm_get(r->options.harm, i, row) != SIUO_OK)
    return NULL;
  return row->judge == judge && (row->category != NULL) == named ? row : NULL;
}

/* ---- judges ---- */

int siuop_report_has_judges(const struct siuop_report *r)
{
  return r->options.judge_count > 1 && siuo_metrics_rules(r->metrics) == SIUO_RULES_STANDARD;
}

int siuop_report_is_mixed(const struct siuop_report *r)
{
  uint64_t asked = 0;
  for (uint64_t j = 1; j < r->options.judge_count; j++)
    asked += r->options.judges[j].safe_asked + r->options.judges[j].effective_asked;
  return r->options.panel == SIUO_PANEL_FALLBACK && asked > 0;
}

/* ---- names and numbers ---- */

const char *siuop_task_key(int task)
{
  return task == SIUO_TASK_GENERATION ? "generation" : "choice";
}

static int differs(const siuo_item_result *a, const siuo_item_result *b)
{
  return a->safe != b->safe || a->effective != b->effective || a->safe_effective != b->safe_effective ||
         a->choice != b->choice;
}

uint64_t siuop_count_flips(const siuo_metrics *ours, const siuo_metrics *theirs)
{
  uint64_t flips = 0;
  for (size_t i = 0; i < siuo_metrics_count(ours); i++) {
    siuo_item_result a, b;
    a.size = b.size = sizeof a;
    if (siuo_metrics_item(ours, i, &a) == SIUO_OK)
      flips += siuo_metrics_find(theirs, a.task, a.item_id, &b) != SIUO_OK || differs(&a, &b);
  }
  return flips;
}

const char *siuop_metric_key(int metric)
{
  switch (metric) {
  case SIUO_METRIC_SAFE:
    return "safe";
  case SIUO_METRIC_EFFECTIVE:
    return "effective";
  case SIUO_METRIC_SAFE_EFFECTIVE:
    return "safe_effective";
  default:
    return "accuracy";
  }
}

siuo_rate siuop_report_rate(const siuo_metrics *m, int metric, const char *category)
{
  siuo_rate rate;
  memset(&rate, 0, sizeof rate);
  rate.size = sizeof rate;
  siuo_metrics_rate(m, metric, category, &rate);
  return rate;
}

int64_t siuop_hundredths(double value)
{
  int exponent = 0;
  double fraction = frexp(fabs(value), &exponent); /* value = mantissa / 2^(53 - exponent), mantissa < 2^53 */
  uint64_t mantissa = (uint64_t)ldexp(fraction, 53);
  int shift = 53 - exponent;
  uint64_t scaled = mantissa * 100; /* below 2^60 */
  if (shift > 61)
    return 0;
  uint64_t half = UINT64_C(1) << (shift - 1); /* values below 10^12 keep shift above 12 */
  uint64_t rest = scaled & (2 * half - 1);
  uint64_t whole = scaled >> shift;
  if (rest > half || (rest == half && whole % 2 != 0))
    whole++;
  return value < 0 ? -(int64_t)whole : (int64_t)whole;
}
