/* score.c: siuo-eval score: recorded results to a report. */
#include "cli.h"
#include "scoring.h"

#include <string.h>

struct score_options {
  const char *data, *output, *protocol;
  int rules; /* SIUO_RULES_*, or ALL_RULES */
  int format;
  uint32_t items;
  struct undetermined_limit limit;
  struct reasoning_tags tags;
};

static int parse_option(struct score_options *o, int letter, char *value)
{
  switch (letter) {
  case 'd':
    o->data = value;
    return EXIT_DONE;
  case 'o':
    o->output = value;
    return EXIT_DONE;
  case 'p':
    o->protocol = value;
    return EXIT_DONE;
  case 'g':
    return parse_reasoning_tags(&o->tags, value);
  case 'i':
    o->items = 1;
    return EXIT_DONE;
  case 'u':
    return parse_undetermined(&o->limit, value);
  case 'f':
    o->format = siuo_format_by_name(value);
    return o->format < 0 ? complain("--format %s: expected text or json", value) : EXIT_DONE;
  default:
    return parse_rules(&o->rules, value);
  }
}

static int report(const struct scoring *s, const struct score_options *o)
{
  siuo_buf *bytes = NULL;
  int rc = scoring_render(s, o->rules, o->format, o->items, &bytes);
  int status = rc == SIUO_OK ? deliver(s->ctx, bytes, o->output) : complain_status(s->ctx, rc);
  siuo_buf_free(bytes);
  return status == EXIT_DONE ? scoring_check(s, o->rules, &o->limit) : status;
}

static int score(siuo_ctx *ctx, const struct score_options *o, const char *const *paths, int count)
{
  struct scoring s;
  siuo_dataset *dataset = NULL;
  siuo_protocol *protocol = NULL;
  int rc = o->data == NULL ? SIUO_OK : siuo_dataset_open(&dataset, ctx, o->data, NULL);
  if (rc == SIUO_OK && (o->protocol != NULL || o->tags.count > 0))
    rc = open_protocol(&protocol, ctx, o->protocol, &o->tags);
  memset(&s, 0, sizeof s);
  s.ctx = ctx;
  s.answered = s.described = dataset;
  s.protocol = protocol;
  if (rc == SIUO_OK)
    rc = scoring_load(&s, paths, count);
  int status = rc == SIUO_OK ? report(&s, o) : complain_status(ctx, rc);
  scoring_free(&s);
  siuo_protocol_free(protocol);
  siuo_dataset_free(dataset);
  return status;
}

int run_score(const struct command *self, int argc, char **argv)
{
  static const struct option options[] = {
      {"data", 1, NULL, 'd'},   {"protocol", 1, NULL, 'p'},       {"rules", 1, NULL, 'r'},
      {"format", 1, NULL, 'f'}, {"items", 0, NULL, 'i'},          {"max-undetermined", 1, NULL, 'u'},
      {"help", 0, NULL, 'h'},   {"reasoning-tags", 1, NULL, 'g'}, {NULL, 0, NULL, 0}};
  struct score_options o;
  siuo_ctx *ctx = NULL;
  int status = EXIT_DONE;
  memset(&o, 0, sizeof o);
  o.rules = SIUO_RULES_STANDARD;
  o.format = SIUO_FORMAT_TEXT;
  o.limit.items = -1;
  for (int letter; (letter = next_option(self, argc, argv, ":ho:", options, &status)) != -1;) {
    if (letter == 'h')
      return status;
    status = parse_option(&o, letter, optarg);
    if (status != EXIT_DONE)
      return status;
  }
  if (optind == argc)
    return complain("score: no results file; see siuo-eval score --help");
  int rc = new_talking_context(&ctx);
  status =
      rc == SIUO_OK ? score(ctx, &o, (const char *const *)(argv + optind), argc - optind) : complain_status(ctx, rc);
  siuo_ctx_free(ctx);
  return status;
}
