/* score.c: siuo-eval score: recorded results to a report. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RULES_COUNT 4
#define ALL_RULES   (-1)

struct score_options {
  const char *data, *output;
  int rules; /* SIUO_RULES_*, or ALL_RULES */
  int format;
  uint32_t items;
  double max_undetermined; /* below 0: no limit */
  int max_is_percent;
};

/* Everything a run holds. */
struct scoring {
  siuo_ctx *ctx;
  siuo_results *results;
  siuo_dataset *dataset;
  siuo_metrics *metrics[RULES_COUNT];
  char title[1024];
};

/* ---- options ---- */

static int parse_limit(struct score_options *o, const char *text)
{
  char *end = NULL;
  o->max_undetermined = strtod(text, &end);
  o->max_is_percent = *end == '%';
  if (end == text || *(end + o->max_is_percent) != '\0' || !(o->max_undetermined >= 0))
    return complain("--max-undetermined %s: expected a number of items, or a percentage such as 2%%", text);
  return EXIT_DONE;
}

static int parse_option(struct score_options *o, int letter, const char *value)
{
  switch (letter) {
  case 'd':
    o->data = value;
    return EXIT_DONE;
  case 'o':
    o->output = value;
    return EXIT_DONE;
  case 'i':
    o->items = 1;
    return EXIT_DONE;
  case 'u':
    return parse_limit(o, value);
  case 'f':
    o->format = siuo_format_by_name(value);
    return o->format < 0 ? complain("--format %s: expected text or json", value) : EXIT_DONE;
  default:
    o->rules = strcmp(value, "all") == 0 ? ALL_RULES : siuo_rules_by_name(value);
    return o->rules < ALL_RULES ? complain("--rules %s: expected standard, released, olmo, vlmevalkit or all", value)
                                : EXIT_DONE;
  }
}

/* ---- reading and scoring ---- */

static int load(struct scoring *s, const struct score_options *o, int count, char **paths)
{
  int rc = siuo_results_new(&s->results, s->ctx);
  size_t used = 0;
  for (int i = 0; rc == SIUO_OK && i < count; i++) {
    rc = siuo_results_read(s->results, paths[i]);
    const char *name = strrchr(paths[i], '/') == NULL ? paths[i] : strrchr(paths[i], '/') + 1;
    if (used < sizeof s->title)
      used += (size_t)snprintf(s->title + used, sizeof s->title - used, "%s%s", i == 0 ? "" : ", ", name);
  }
  if (rc == SIUO_OK && o->data != NULL)
    rc = siuo_dataset_open(&s->dataset, s->ctx, o->data, NULL);
  for (int rules = 0; rc == SIUO_OK && rules < RULES_COUNT; rules++)
    rc = siuo_results_score(s->results, s->ctx, rules, s->dataset, &s->metrics[rules]);
  return rc;
}

static void unload(struct scoring *s)
{
  for (int rules = 0; rules < RULES_COUNT; rules++)
    siuo_metrics_free(s->metrics[rules]);
  siuo_dataset_free(s->dataset);
  siuo_results_free(s->results);
  siuo_ctx_free(s->ctx);
}

/* ---- reporting ---- */

/* The other rule sets' numbers stand in the standard report, a line each. */
static int compare_rules(const struct scoring *s, siuo_report_other others[RULES_COUNT - 1])
{
  int rc = SIUO_OK;
  for (int i = 0; rc == SIUO_OK && i < RULES_COUNT - 1; i++) {
    memset(&others[i], 0, sizeof others[i]);
    others[i].size = sizeof others[i];
    others[i].metrics = s->metrics[i + 1];
    rc = siuo_results_recognised(s->results, i + 1, &others[i].recognised, &others[i].standard);
  }
  return rc;
}

static int render(const struct scoring *s, const struct score_options *o, siuo_buf **out)
{
  siuo_report_options options;
  siuo_report_other others[RULES_COUNT - 1];
  int rc = siuo_report_options_init(&options, sizeof options);
  if (rc == SIUO_OK)
    rc = compare_rules(s, others);
  if (rc != SIUO_OK)
    return rc;
  options.list_items = o->items;
  options.dataset = s->dataset;
  options.title = s->title;
  options.others = others;
  options.other_count = RULES_COUNT - 1;
  if (o->rules == ALL_RULES)
    return siuo_report_render_all(out, s->ctx, (const siuo_metrics *const *)s->metrics, RULES_COUNT, o->format,
                                  &options);
  return siuo_report_render(out, s->ctx, s->metrics[o->rules], o->format, &options);
}

static int report(const struct scoring *s, const struct score_options *o)
{
  siuo_buf *bytes = NULL;
  int rc = render(s, o, &bytes);
  int status = rc == SIUO_OK ? deliver(s->ctx, bytes, o->output) : complain_status(s->ctx, rc);
  siuo_buf_free(bytes);
  return status;
}

/* ---- the limit on undetermined items ---- */

static int check_undetermined(const struct scoring *s, const struct score_options *o)
{
  const siuo_metrics *m = s->metrics[o->rules == ALL_RULES ? SIUO_RULES_STANDARD : o->rules];
  for (int metric = SIUO_METRIC_SAFE; metric <= SIUO_METRIC_CHOICE && o->max_undetermined >= 0; metric++) {
    siuo_rate rate;
    rate.size = sizeof rate;
    if (!siuo_metrics_has(m, metric) || siuo_metrics_rate(m, metric, NULL, &rate) != SIUO_OK)
      continue;
    double limit = o->max_is_percent ? o->max_undetermined * (double)rate.items / 100 : o->max_undetermined;
    if ((double)rate.undetermined > limit) {
      complain("%llu of %llu items are undetermined, more than --max-undetermined allows",
               (unsigned long long)rate.undetermined, (unsigned long long)rate.items);
      return EXIT_UNDETERMINED;
    }
  }
  return EXIT_DONE;
}

int run_score(const struct command *self, int argc, char **argv)
{
  static const struct option options[] = {{"data", 1, NULL, 'd'},
                                          {"rules", 1, NULL, 'r'},
                                          {"format", 1, NULL, 'f'},
                                          {"items", 0, NULL, 'i'},
                                          {"max-undetermined", 1, NULL, 'u'},
                                          {"help", 0, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
  struct score_options o = {NULL, NULL, SIUO_RULES_STANDARD, SIUO_FORMAT_TEXT, 0, -1, 0};
  struct scoring s;
  int status = EXIT_DONE;
  for (int letter; (letter = next_option(self, argc, argv, ":ho:", options, &status)) != -1;) {
    if (letter == 'h')
      return status;
    status = parse_option(&o, letter, optarg);
    if (status != EXIT_DONE)
      return status;
  }
  if (optind == argc)
    return complain("score: no results file; see siuo-eval score --help");
  memset(&s, 0, sizeof s);
  int rc = siuo_ctx_new(&s.ctx, NULL);
  if (rc == SIUO_OK)
    rc = load(&s, &o, argc - optind, argv + optind);
  if (rc != SIUO_OK)
    status = complain_status(s.ctx, rc);
  else
    status = report(&s, &o);
  if (status == EXIT_DONE)
    status = check_undetermined(&s, &o);
  unload(&s);
  return status;
}
