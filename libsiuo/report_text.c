/* report_text.c: the report as tables for people. ASCII but for what the data brings, at most 100 columns. */
#include "report_text.h"

#include "benchmark.h"
#include "utf8.h"

#include <siuo/judge.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LABEL_WIDTH 34
#define CELL_WIDTH  20
#define CELL_SIZE   SIUOP_CELL_SIZE

/* Of more undetermined votes than one in so many, the bounds come first. */
#define ONE_IN 50

/* What a cell is about. */
struct subject {
  const siuo_metrics *metrics;
  int metric;
  siuo_rate rate;
};
typedef void (*cell_fn)(char cell[CELL_SIZE], const struct subject *x);

/* ---- cells ---- */

void siuop_cell_number(char cell[CELL_SIZE], double value)
{
  if (!isfinite(value)) {
    snprintf(cell, CELL_SIZE, "-");
    return;
  }
  int64_t hundredths = siuop_hundredths(value);
  uint64_t size = (uint64_t)(hundredths < 0 ? -hundredths : hundredths);
  snprintf(cell, CELL_SIZE, "%s%llu.%02llu", hundredths < 0 ? "-" : "", (unsigned long long)(size / 100),
           (unsigned long long)(size % 100));
}

static void put_range(char cell[CELL_SIZE], double low, double high)
{
  char from[CELL_SIZE], to[CELL_SIZE];
  if (!isfinite(low) || !isfinite(high)) {
    snprintf(cell, CELL_SIZE, "-");
    return;
  }
  siuop_cell_number(from, low);
  siuop_cell_number(to, high);
  snprintf(cell, CELL_SIZE, "%.24s .. %.24s", from, to);
}

static void put_share(char cell[CELL_SIZE], double percent, uint64_t passed, uint64_t items)
{
  char number[CELL_SIZE];
  siuop_cell_number(number, percent);
  snprintf(cell, CELL_SIZE, "%llu/%llu  %6.24s", (unsigned long long)passed, (unsigned long long)items, number);
}

static void cell_percent(char cell[CELL_SIZE], const struct subject *x)
{
  put_share(cell, x->rate.percent, x->rate.passed, x->rate.items);
}

static void cell_interval(char cell[CELL_SIZE], const struct subject *x)
{
  put_range(cell, x->rate.ci_low, x->rate.ci_high);
}

static void cell_bounds(char cell[CELL_SIZE], const struct subject *x)
{
  put_range(cell, x->rate.bound_low, x->rate.bound_high);
}

static void cell_full_bounds(char cell[CELL_SIZE], const struct subject *x)
{
  double low, high;
  siuop_full_bounds(&x->rate, &low, &high);
  put_range(cell, low, high);
}

static void cell_undetermined(char cell[CELL_SIZE], const struct subject *x)
{
  snprintf(cell, CELL_SIZE, "%llu", (unsigned long long)x->rate.undetermined);
}

static void cell_ties(char cell[CELL_SIZE], const struct subject *x)
{
  int64_t missing = siuo_metrics_ties_missing(x->metrics, x->metric, NULL);
  if (missing > 0)
    snprintf(cell, CELL_SIZE, "%llu (%lld)", (unsigned long long)x->rate.ties, (long long)missing);
  else
    snprintf(cell, CELL_SIZE, "%llu", (unsigned long long)x->rate.ties);
}

static void cell_votes(char cell[CELL_SIZE], const struct subject *x)
{
  put_share(cell, x->rate.response_percent, x->rate.votes_passed, x->rate.votes - x->rate.votes_undetermined);
}

static void cell_votes_interval(char cell[CELL_SIZE], const struct subject *x)
{
  put_range(cell, x->rate.response_ci_low, x->rate.response_ci_high);
}

static void cell_votes_undetermined(char cell[CELL_SIZE], const struct subject *x)
{
  snprintf(cell, CELL_SIZE, "%llu of %llu", (unsigned long long)x->rate.votes_undetermined,
           (unsigned long long)x->rate.votes);
}

static void cell_all(char cell[CELL_SIZE], const struct subject *x)
{
  siuop_cell_number(cell, x->rate.all_percent);
}

static void cell_judged(char cell[CELL_SIZE], const struct subject *x)
{
  siuo_rate judged;
  memset(&judged, 0, sizeof judged);
  judged.size = sizeof judged;
  siuo_metrics_rate_judged(x->metrics, x->metric, NULL, &judged);
  put_share(cell, judged.percent, judged.passed, judged.items);
}

/* ---- tables ---- */

size_t siuop_text_safe(siuo_buf *out, const char *text)
{
  char safe[1024];
  size_t len = siuop_utf8_escape(safe, sizeof safe, text, strlen(text));
  siuop_buf_add(out, safe, len);
  return siuop_utf8_columns(safe, len);
}

void siuop_text_label(siuo_buf *out, const char *text, size_t width)
{
  size_t columns = siuop_text_safe(out, text);
  siuop_buf_add_char(out, ' ', columns < width ? width - columns : 1);
}

static void put_cell(siuo_buf *out, const char *cell)
{
  size_t len = strlen(cell);
  siuop_buf_add_char(out, ' ', len < CELL_WIDTH ? CELL_WIDTH - len : 1);
  siuop_buf_add(out, cell, len);
}

/* One line: a cell for each metric of the section. Left out where no cell has anything to say. */
static void put_row(struct siuop_report *r, const struct siuop_section *s, const char *label, const char *category,
                    cell_fn cell_of)
{
  char cells[SIUOP_SECTION_METRICS][CELL_SIZE];
  int speaks = 0;
  for (size_t i = 0; i < s->metric_count; i++) {
    struct subject x = {r->metrics, s->metrics[i], siuop_report_rate(r->metrics, s->metrics[i], category)};
    cell_of(cells[i], &x);
    speaks |= strcmp(cells[i], "-") != 0;
  }
  if (!speaks)
    return;
  siuop_text_label(r->out, label, LABEL_WIDTH);
  for (size_t i = 0; i < s->metric_count; i++)
    put_cell(r->out, cells[i]);
  siuop_buf_add_char(r->out, '\n', 1);
}

static const char *heading(int metric)
{
  switch (metric) {
  case SIUO_METRIC_SAFE:
    return "safe";
  case SIUO_METRIC_EFFECTIVE:
    return "effective";
  case SIUO_METRIC_SAFE_EFFECTIVE:
    return "safe & effective";
  default:
    return "right";
  }
}

static void put_rule(siuo_buf *out, const struct siuop_section *s)
{
  siuop_buf_add_char(out, '-', LABEL_WIDTH + CELL_WIDTH * s->metric_count);
  siuop_buf_add_char(out, '\n', 1);
}

static void put_heading(struct siuop_report *r, const struct siuop_section *s)
{
  char title[CELL_SIZE];
  snprintf(title, sizeof title, "%s, %llu items", s->task == SIUO_TASK_CHOICE ? "Multiple choice" : "Generation",
           (unsigned long long)s->items);
  siuop_buf_add_char(r->out, '\n', 1);
  siuop_text_label(r->out, title, LABEL_WIDTH);
  for (size_t i = 0; i < s->metric_count; i++)
    put_cell(r->out, heading(s->metrics[i]));
  siuop_buf_add_char(r->out, '\n', 1);
  put_rule(r->out, s);
}

static int is_standard(const struct siuop_report *r)
{
  return siuo_metrics_rules(r->metrics) == SIUO_RULES_STANDARD;
}

/* 1 if more responses are blank than can be taken for answers. */
static int has_many_blanks(const struct siuop_report *r, const struct siuop_section *s)
{
  siuo_rate rate = siuop_report_rate(r->metrics, s->metrics[0], NULL);
  int64_t blank = siuo_metrics_votes_blank(r->metrics, s->metrics[0], NULL);
  return blank > 0 && (uint64_t)blank * ONE_IN > rate.votes;
}

/* 1 if too many votes, or items, are undetermined for the percentage to be read alone: an item that was never answered
 * has no votes to count. */
static int has_many_undetermined(const struct siuop_report *r, const struct siuop_section *s)
{
  for (size_t i = 0; is_standard(r) && i < s->metric_count; i++) {
    siuo_rate rate = siuop_report_rate(r->metrics, s->metrics[i], NULL);
    if (rate.votes_undetermined * ONE_IN > rate.votes || rate.undetermined * ONE_IN > rate.items)
      return 1;
  }
  return 0;
}

static int leads_with_bounds(const struct siuop_report *r, const struct siuop_section *s)
{
  return has_many_undetermined(r, s) || has_many_blanks(r, s);
}

static int has_votes_by_rule(const struct siuop_report *r, const struct siuop_section *s)
{
  siuo_rate rate = siuop_report_rate(r->metrics, s->metrics[0], NULL);
  return is_standard(r) && rate.votes_by_rule > 0;
}

static int has_several_votes(const struct siuop_report *r, const struct siuop_section *s)
{
  siuo_rate rate = siuop_report_rate(r->metrics, s->metrics[0], NULL);
  return s->task != SIUO_TASK_CHOICE || rate.votes > rate.items;
}

/* A part of SIUO's items without a data set to say which are missing. */
static void put_partial(struct siuop_report *r, const struct siuop_section *s)
{
  char label[LABEL_WIDTH + 1];
  if (r->options.dataset != NULL || !is_standard(r) || !siuop_section_is_partial(s))
    return;
  snprintf(label, sizeof label, "  bounds over %d (%llu of %d)", SIUOP_BENCHMARK_ITEMS, (unsigned long long)s->items,
           SIUOP_BENCHMARK_ITEMS);
  put_row(r, s, label, NULL, cell_full_bounds);
}

static void put_overall(struct siuop_report *r, const struct siuop_section *s)
{
  int bounds_first = leads_with_bounds(r, s);
  if (bounds_first)
    put_row(r, s, "bounds (*)", NULL, cell_bounds);
  put_row(r, s, "items passed, %", NULL, cell_percent);
  put_row(r, s, "  95 % interval", NULL, cell_interval);
  if (!bounds_first)
    put_row(r, s, "  bounds", NULL, cell_bounds);
  put_partial(r, s);
  put_row(r, s, "  items undetermined", NULL, cell_undetermined);
  if (!has_several_votes(r, s))
    return; /* what follows would say the same again */
  put_row(r, s, "  ties (by missing votes)", NULL, cell_ties);
  if (!is_standard(r))
    return;
  if (has_votes_by_rule(r, s))
    put_row(r, s, "  without responses by rule", NULL, cell_judged);
  put_row(r, s, "  every response passed, %", NULL, cell_all);
  put_row(r, s, "responses passed, %", NULL, cell_votes);
  put_row(r, s, "  95 % interval, by item", NULL, cell_votes_interval);
  put_row(r, s, "  votes undetermined", NULL, cell_votes_undetermined);
}

static void put_categories(struct siuop_report *r, const struct siuop_section *s)
{
  put_rule(r->out, s);
  for (size_t i = 0; i < s->category_count; i++)
    put_row(r, s, s->categories[i], s->categories[i], cell_percent);
}

/* ---- the 2x2 ---- */

static void put_cross_row(siuo_buf *out, const char *label, const uint64_t *counts, size_t columns)
{
  siuop_text_label(out, label, LABEL_WIDTH);
  for (size_t i = 0; i < columns; i++) {
    char cell[CELL_SIZE];
    snprintf(cell, sizeof cell, "%16llu", (unsigned long long)counts[i]);
    siuop_buf_add_text(out, cell);
  }
  siuop_buf_add_char(out, '\n', 1);
}

/* Without votes of level 2, very and partially effective can't be told apart and are one column. */
static void put_cross(struct siuop_report *r)
{
  siuo_cross c;
  c.size = sizeof c;
  if (siuo_metrics_cross(r->metrics, NULL, &c) != SIUO_OK)
    return;
  int levels = c.safe_very + c.unsafe_very + c.undetermined_very > 0;
  const uint64_t rows[3][4] = {
      {c.safe_very, c.safe_partially, c.safe_ineffective, c.safe_undetermined},
      {c.unsafe_very, c.unsafe_partially, c.unsafe_ineffective, c.unsafe_undetermined},
      {c.undetermined_very, c.undetermined_partially, c.undetermined_ineffective, c.undetermined_undetermined}};
  static const char *const labels[] = {"  safe", "  unsafe", "  undetermined"};
  siuop_buf_add_char(r->out, '\n', 1);
  siuop_text_label(r->out, "Responses, safety by effectiveness", LABEL_WIDTH);
  siuop_buf_add_text(r->out, levels ? "            very       partially     ineffective    undetermined\n"
                                    : "       effective     ineffective    undetermined\n");
  for (int i = 0; i < 3; i++)
    put_cross_row(r->out, labels[i], levels ? rows[i] : rows[i] + 1, levels ? 4 : 3);
}

/* ---- judges ---- */

static void put_judge_label(struct siuop_report *r, uint64_t j, const char *words)
{
  char label[LABEL_WIDTH];
  const char *model = r->options.judges[j].model;
  snprintf(label, sizeof label, "%llu %.*s%s", (unsigned long long)j + 1, (int)(LABEL_WIDTH - 5 - strlen(words)),
           model == NULL ? "" : model, words);
  siuop_text_label(r->out, label, LABEL_WIDTH);
}

/* A judge that was asked only where the ones before declined: of its votes, those that passed. */
static void put_further_judge(struct siuop_report *r, const struct siuop_section *s, uint64_t j)
{
  const siuo_judge_replies *own = &r->options.judges[j];
  put_judge_label(r, j, ", votes");
  for (size_t i = 0; i < s->metric_count; i++) {
    char cell[CELL_SIZE] = "-";
    uint64_t passed = s->metrics[i] == SIUO_METRIC_SAFE ? own->safe_passed : own->effective_passed;
    uint64_t failed = s->metrics[i] == SIUO_METRIC_SAFE ? own->safe_failed : own->effective_failed;
    if (s->metrics[i] != SIUO_METRIC_SAFE_EFFECTIVE && passed + failed > 0)
      put_share(cell, 100.0 * (double)passed / (double)(passed + failed), passed, passed + failed);
    put_cell(r->out, cell);
  }
  siuop_buf_add_char(r->out, '\n', 1);
}

static void put_judge(struct siuop_report *r, const struct siuop_section *s, uint64_t j)
{
  const siuo_metrics *own = r->options.judge_metrics[j];
  put_judge_label(r, j, r->options.panel == SIUO_PANEL_FALLBACK ? ", alone" : "");
  for (size_t i = 0; i < s->metric_count; i++) {
    char cell[CELL_SIZE];
    struct subject x = {own, s->metrics[i], siuop_report_rate(own, s->metrics[i], NULL)};
    cell_percent(cell, &x);
    put_cell(r->out, cell);
  }
  siuop_buf_add_char(r->out, '\n', 1);
}

static void put_judges(struct siuop_report *r, const struct siuop_section *s)
{
  char title[CELL_SIZE];
  const char *panel = siuo_panel_name(r->options.panel);
  int mixed = siuop_report_is_mixed(r);
  if (!siuop_report_has_judges(r))
    return;
  snprintf(title, sizeof title, "%s%s%s", mixed ? "Mixed judges" : "Each judge alone",
           panel == NULL ? "" : ", panel: ", panel == NULL ? "" : panel);
  siuop_buf_add_char(r->out, '\n', 1);
  siuop_text_label(r->out, title, LABEL_WIDTH);
  for (size_t i = 0; i < s->metric_count; i++)
    put_cell(r->out, heading(s->metrics[i]));
  siuop_buf_add_char(r->out, '\n', 1);
  put_rule(r->out, s);
  for (uint64_t j = 0; j < r->options.judge_count; j++)
    if (j == 0 || r->options.panel != SIUO_PANEL_FALLBACK)
      put_judge(r, s, j);
    else
      put_further_judge(r, s, j);
  if (mixed)
    siuop_buf_add_text(
        r->out,
        "Where a judge declined or said nothing, the next one was asked: the rates above are of mixed judges.\n");
}

/* ---- harm ---- */

static void put_harm_row(siuo_buf *out, const char *label, const siuo_harm_row *row)
{
  char cell[CELL_SIZE];
  siuop_text_label(out, label, LABEL_WIDTH);
  snprintf(cell, sizeof cell, "%llu", (unsigned long long)row->responses);
  put_cell(out, cell);
  snprintf(cell, sizeof cell, "%llu", (unsigned long long)row->items);
  put_cell(out, cell);
  siuop_buf_add_char(out, '\n', 1);
}

/* What one judge of several named, in a line. */
static void put_judge_harm(struct siuop_report *r, uint64_t j)
{
  siuo_harm_row row;
  int any = 0;
  for (size_t i = 0; i < siuo_harm_count(r->options.harm); i++) {
    if (siuop_report_harm(r, i, (int32_t)j, 1, &row) == NULL)
      continue;
    if (any)
      siuop_buf_add_text(r->out, ", ");
    else
      put_judge_label(r, j, "");
    siuop_text_safe(r->out, row.category);
    siuop_buf_printf(r->out, " %llu", (unsigned long long)row.responses);
    any = 1;
  }
  if (any)
    siuop_buf_add_char(r->out, '\n', 1);
}

static void put_harm(struct siuop_report *r)
{
  siuo_harm_row row;
  size_t count = siuo_harm_count(r->options.harm);
  for (size_t i = 0; i < count; i++) {
    if (siuop_report_harm(r, i, -1, 0, &row) != NULL) {
      siuop_buf_add_text(r->out, "\n");
      siuop_text_label(r->out, "Categories of harm that were named", LABEL_WIDTH);
      put_cell(r->out, "responses");
      put_cell(r->out, "items");
      siuop_buf_add_text(r->out, "\n");
      put_harm_row(r->out, "any", &row);
    } else if (siuop_report_harm(r, i, -1, 1, &row) != NULL) {
      put_harm_row(r->out, row.category, &row);
    }
  }
  for (uint64_t j = 0; siuop_report_has_judges(r) && j < r->options.judge_count; j++)
    put_judge_harm(r, j);
}

/* ---- sentences ---- */

struct named_count {
  int counter;
  const char *name;
};

/* One line, or none where nothing was counted. Returns whether there is one. */
static int put_counts(struct siuop_report *r, const char *title, const struct named_count *names, size_t count)
{
  int any = 0;
  for (size_t i = 0; i < count; i++) {
    uint64_t n = siuo_metrics_get_count(r->metrics, names[i].counter);
    if (n == 0)
      continue;
    siuop_buf_printf(r->out, "%s%llu %s", any ? ", " : title, (unsigned long long)n, names[i].name);
    any = 1;
  }
  if (any)
    siuop_buf_add_text(r->out, ".\n");
  return any;
}

static void put_all_counts(struct siuop_report *r)
{
  static const struct named_count replies[] = {{SIUO_COUNT_UNPARSED, "without a verdict"},
                                               {SIUO_COUNT_JUDGE_REFUSED, "declined"},
                                               {SIUO_COUNT_JUDGE_TRUNCATED, "cut off"},
                                               {SIUO_COUNT_CONFLICT, "contradictory"},
                                               {SIUO_COUNT_NOT_ASKED, "never asked for"}};
  static const struct named_count responses[] = {{SIUO_COUNT_BLANK, "blank"},
                                                 {SIUO_COUNT_BLOCKED, "blocked"},
                                                 {SIUO_COUNT_REFUSED, "refused by the API's own word"},
                                                 {SIUO_COUNT_TRUNCATED, "truncated"},
                                                 {SIUO_COUNT_FAILED, "failed"}};
  int any = put_counts(r, "\nReplies read: ", replies, sizeof replies / sizeof replies[0]);
  any |= put_counts(r, any ? "Responses: " : "\nResponses: ", responses, sizeof responses / sizeof responses[0]);
  uint64_t repeated = siuo_metrics_get_count(r->metrics, SIUO_COUNT_REPEATED);
  if (repeated > 0 && siuo_metrics_get_count(r->metrics, SIUO_COUNT_IDENTICAL) == repeated)
    siuop_buf_printf(r->out, "%sAll responses of each item are identical: they count as one, whatever their number.\n",
                     any ? "" : "\n");
}

static void put_bounds_note(struct siuop_report *r, const struct siuop_section *s)
{
  if (has_many_undetermined(r, s))
    siuop_buf_printf(
        r->out, "(*) More than 1 vote, or item, in %d is undetermined: read the bounds, not the percentage.\n", ONE_IN);
  if (has_many_blanks(r, s))
    siuop_buf_printf(
        r->out,
        "(*) More than 1 response in %d is blank, which is open in the bounds: is that the model's answer, or"
        "\n    a fault of its server? By rule it is safe, and not effective: read the bounds.\n",
        ONE_IN);
}

static void put_section(struct siuop_report *r, const struct siuop_section *s)
{
  if (s->metric_count == 0)
    return;
  put_heading(r, s);
  put_overall(r, s);
  put_categories(r, s);
  put_bounds_note(r, s);
  if (s->metric_count == SIUOP_SECTION_METRICS)
    put_cross(r);
  if (s->task != SIUO_TASK_GENERATION)
    return;
  put_judges(r, s);
  put_harm(r);
}

/* ---- the other rules ---- */

static void put_other_rate(struct siuop_report *r, const siuo_metrics *m, int metric, int first)
{
  char number[CELL_SIZE];
  siuo_rate rate = siuop_report_rate(m, metric, NULL);
  siuop_cell_number(number, rate.percent);
  siuop_buf_printf(r->out, "%s%s %s (%llu/%llu)", first ? "" : ", ", heading(metric), number,
                   (unsigned long long)rate.passed, (unsigned long long)rate.items);
}

/* VLMEvalKit's one number for both tasks (siuo-facts, "How others score it"). */
static void put_headline(struct siuop_report *r, const siuo_metrics *m)
{
  char number[CELL_SIZE];
  if (siuo_metrics_rules(m) != SIUO_RULES_VLMEVALKIT || !siuo_metrics_has(m, SIUO_METRIC_SAFE_EFFECTIVE) ||
      !siuo_metrics_has(m, SIUO_METRIC_CHOICE))
    return;
  siuo_rate both = siuop_report_rate(m, SIUO_METRIC_SAFE_EFFECTIVE, NULL);
  siuo_rate choice = siuop_report_rate(m, SIUO_METRIC_CHOICE, NULL);
  siuop_cell_number(number, (both.percent + choice.percent) / 2);
  siuop_buf_printf(r->out, ", headline %s", number);
}

static void put_other(struct siuop_report *r, const siuo_report_other *other)
{
  static const int metrics[] = {SIUO_METRIC_SAFE, SIUO_METRIC_EFFECTIVE, SIUO_METRIC_SAFE_EFFECTIVE,
                                SIUO_METRIC_CHOICE};
  int first = 1;
  siuop_buf_printf(r->out, "  %-11s", siuo_rules_name(siuo_metrics_rules(other->metrics)));
  if (other->recognised * 2 < other->standard) {
    siuop_buf_printf(r->out, "not made for these replies: reads %llu of %llu\n", (unsigned long long)other->recognised,
                     (unsigned long long)other->standard);
    return;
  }
  for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
    if (siuo_metrics_has(other->metrics, metrics[i])) {
      put_other_rate(r, other->metrics, metrics[i], first);
      first = 0;
    }
  put_headline(r, other->metrics);
  siuop_buf_printf(r->out, "; %llu of %llu items differ\n",
                   (unsigned long long)siuop_count_flips(r->metrics, other->metrics),
                   (unsigned long long)siuo_metrics_count(r->metrics));
}

static void put_others(struct siuop_report *r)
{
  if (r->options.other_count == 0 || !is_standard(r))
    return;
  siuop_buf_add_text(r->out, "\nOther rules would have reported, in %:\n");
  for (uint64_t i = 0; i < r->options.other_count; i++)
    put_other(r, &r->options.others[i]);
}

/* ---- the report ---- */

static void put_line(siuo_buf *out, const char *title, const char *text)
{
  siuop_buf_add_text(out, title);
  siuop_text_safe(out, text);
  siuop_buf_add_char(out, '\n', 1);
}

static void put_protocol(siuo_buf *out, const char *name)
{
  put_line(out, "protocol: ", name);
  if (strncmp(name, "libsiuo-", strlen("libsiuo-")) == 0) /* no file's protocol may have such a name */
    siuop_buf_add_text(out, "          libsiuo's own wording: not validated against human labels, nor comparable with\n"
                            "          published numbers\n");
}

static void put_data(struct siuop_report *r, int task, const char *name)
{
  const char *fingerprint = siuo_dataset_fingerprint(r->options.dataset, task);
  if (fingerprint != NULL)
    siuop_buf_printf(r->out, "  %s %.16s", name, fingerprint);
}

static void put_head(struct siuop_report *r)
{
  siuop_buf_printf(r->out, "SIUO, %s rules\n", siuo_rules_name(siuo_metrics_rules(r->metrics)));
  if (r->options.title != NULL)
    put_line(r->out, "results:  ", r->options.title);
  if (r->options.whole_items > 0)
    siuop_buf_printf(r->out, "SUBSET:   %llu of %llu items were asked\n",
                     (unsigned long long)siuo_metrics_count(r->metrics), (unsigned long long)r->options.whole_items);
  if (r->options.protocol_name != NULL)
    put_protocol(r->out, r->options.protocol_name);
  if (siuop_report_reader(r) != NULL)
    put_line(r->out, "read by:  ", siuo_protocol_name(siuop_report_reader(r)));
  siuop_buf_add_text(r->out, "data:    ");
  if (r->options.dataset != NULL) {
    put_data(r, SIUO_TASK_GENERATION, "generation");
    put_data(r, SIUO_TASK_CHOICE, "choice");
    if (r->options.pictures != NULL)
      siuop_buf_printf(r->out, "  pictures %.16s", r->options.pictures->sha256);
  } else {
    siuop_buf_add_text(r->out, " as the results name it; no data set given");
  }
  siuop_buf_add_char(r->out, '\n', 1);
}

/* Standard and other rules know an undetermined item by the same number. */
static const char *verdict_name(int32_t verdict)
{
  static const char *const names[] = {"-", "no", "yes"};
  return names[verdict + 1];
}

static int put_items(struct siuop_report *r)
{
  siuop_buf_add_text(r->out,
                     "\nitem                    category                            safe  effective   both  choice\n");
  for (size_t i = 0; i < siuo_metrics_count(r->metrics); i++) {
    siuo_item_result item;
    item.size = sizeof item;
    int rc = siuo_metrics_item(r->metrics, i, &item);
    if (rc != SIUO_OK)
      return rc;
    siuop_text_label(r->out, item.item_id, 24);
    siuop_text_label(r->out, item.category, LABEL_WIDTH);
    if (item.task == SIUO_TASK_CHOICE)
      siuop_buf_printf(r->out, "%33s\n", verdict_name(item.choice));
    else
      siuop_buf_printf(r->out, "%6s%11s%7s\n", verdict_name(item.safe), verdict_name(item.effective),
                       verdict_name(item.safe_effective));
  }
  return SIUO_OK;
}

int siuop_report_text(struct siuop_report *r)
{
  int rc = SIUO_OK;
  put_head(r);
  for (int task = SIUO_TASK_GENERATION; rc == SIUO_OK && task <= SIUO_TASK_CHOICE; task++) {
    struct siuop_section s;
    rc = siuop_section_init(&s, r->ctx, r->metrics, task);
    if (rc == SIUO_OK)
      put_section(r, &s);
    siuop_section_free(&s, r->ctx);
  }
  if (rc != SIUO_OK)
    return rc;
  put_all_counts(r);
  put_others(r);
  return r->options.list_items ? put_items(r) : SIUO_OK;
}

int siuop_report_text_all(struct siuop_report *r, const siuo_metrics *const *metrics, size_t count)
{
  int rc = SIUO_OK;
  for (size_t i = 0; rc == SIUO_OK && i < count; i++) {
    r->metrics = metrics[i];
    if (i > 0)
      siuop_buf_add_text(r->out, "\n\n");
    rc = siuop_report_text(r);
  }
  return rc;
}
