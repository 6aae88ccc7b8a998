/* run_options.c: the command line of siuo-eval run. */
#include "run_options.h"

#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- values ---- */

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

/* Dollars, such as 2.50. */
static int parse_cost(struct run_options *o, const char *text)
{
  static const char form[] = "0123456789.";
  char *end = NULL;
  o->max_cost = strspn(text, form) == strlen(text) ? strtod(text, &end) : 0;
  if (end == NULL || *end != '\0' || !(o->max_cost > 0))
    return complain("--max-cost %s: expected dollars, such as 2.50", text);
  return EXIT_DONE;
}

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

static int parse_name(const char *option, const char *text, char *name, size_t size)
{
  size_t len = strlen(text);
  if (len == 0 || len >= size)
    return complain("--%s: a model's name has 1 to %zu bytes", option, size - 1);
  memcpy(name, text, len + 1);
  return EXIT_DONE;
}

static int parse_api(const char *option, const char *text, int *api)
{
  *api = siuo_api_by_name(text);
  return *api <= SIUO_API_TEXT ? complain("--%s: this version has no API %s", option, text) : EXIT_DONE;
}

/* MODEL,API,URL[,KEYENV]: one more of the judges. Takes the text apart in place. */
static int parse_judge(const char *option, char *text, struct party *judges, uint32_t *count)
{
  struct party *judge = &judges[*count];
  char *api = strchr(text, ',');
  char *url = api == NULL ? NULL : strchr(api + 1, ',');
  char *key = url == NULL ? NULL : strchr(url + 1, ',');
  if (*count == MOST_JUDGES)
    return complain("--%s: at most %d judges", option, MOST_JUDGES);
  if (api == NULL)
    return complain("--%s %s: expected MODEL,API,URL or MODEL,API,URL,KEYENV", option, text);
  *api = '\0';
  if (url != NULL)
    *url = '\0';
  if (key != NULL)
    *key = '\0';
  judge->endpoint = url == NULL ? NULL : url + 1;
  judge->key_env = key == NULL ? NULL : key + 1;
  ++*count;
  int status = parse_name(option, text, judge->model, sizeof judge->model);
  return status == EXIT_DONE ? parse_api(option, api + 1, &judge->api) : status;
}

/* A percentage; its sign may be left out. */
static int parse_cut_off(struct run_options *o, const char *text)
{
  char *end = NULL;
  size_t len = strspn(text, "0123456789.");
  o->max_cut_off = strtod(text, &end);
  if (strspn(text, "0123456789") == 0 || end != text + len || (*end != '\0' && strcmp(end, "%") != 0) ||
      o->max_cut_off > 100)
    return complain("--max-cut-off %s: expected a percentage from 0 to 100", text);
  return EXIT_DONE;
}

/* --panel or --judge-fallback: not both. */
static int set_panel(struct run_options *o, int panel)
{
  if (o->panel >= 0 && o->panel != panel)
    return complain("--panel and --judge-fallback exclude each other");
  o->panel = panel;
  return EXIT_DONE;
}

static int parse_panel(struct run_options *o, const char *name)
{
  int panel = siuo_panel_by_name(name);
  if (panel < 0 || panel == SIUO_PANEL_FALLBACK)
    return complain("--panel %s: expected majority, all or any", name);
  return set_panel(o, panel);
}

/* Names of fields, with commas between. */
static int parse_omit(const char *option, const char *text, uint64_t *omit)
{
  static const struct {
    const char *name;
    uint64_t flag;
  } fields[] = {{"temperature", SIUO_OMIT_TEMPERATURE},
                {"max_tokens", SIUO_OMIT_MAX_TOKENS},
                {"seed", SIUO_OMIT_SEED},
                {"n", SIUO_OMIT_N}};
  while (*text != '\0') {
    size_t len = strcspn(text, ",");
    size_t i = 0;
    while (i < 4 && (strlen(fields[i].name) != len || memcmp(fields[i].name, text, len) != 0))
      i++;
    if (i == 4)
      return complain("--%s %s: expected temperature, max_tokens, seed or n, with commas between", option, text);
    *omit |= fields[i].flag;
    text += len + (text[len] == ',');
  }
  return EXIT_DONE;
}

static int parse_reuse(struct run_options *o, const char *path)
{
  if (o->reuse_count == MOST_REUSED)
    return complain("--reuse: at most %d runs", MOST_REUSED);
  o->reuse[o->reuse_count++] = path;
  return EXIT_DONE;
}

/* ---- options ---- */

static const struct option options[] = {{"data", 1, NULL, 'd'},
                                        {"out", 1, NULL, 'o'},
                                        {"replay", 1, NULL, 'y'},
                                        {"reuse", 1, NULL, 'U'},
                                        {"dry-run", 0, NULL, 'D'},
                                        {"prices", 1, NULL, 'i'},
                                        {"protocol", 1, NULL, 'p'},
                                        {"reasoning-tags", 1, NULL, 'g'},
                                        {"system", 1, NULL, 'S'},
                                        {"extra", 1, NULL, 'E'},
                                        {"judge-extra", 1, NULL, 'J'},
                                        {"ca-file", 1, NULL, 'A'},
                                        {"model", 1, NULL, 'm'},
                                        {"api", 1, NULL, 'a'},
                                        {"endpoint", 1, NULL, 'e'},
                                        {"key-env", 1, NULL, 'k'},
                                        {"judge", 1, NULL, 'j'},
                                        {"effectiveness-judge", 1, NULL, 'f'},
                                        {"panel", 1, NULL, 'P'},
                                        {"judge-fallback", 0, NULL, 'F'},
                                        {"task", 1, NULL, 't'},
                                        {"rules", 1, NULL, 'r'},
                                        {"samples", 1, NULL, 'n'},
                                        {"permutations", 1, NULL, 'v'},
                                        {"limit", 1, NULL, 'l'},
                                        {"shard", 1, NULL, 's'},
                                        {"max-tokens", 1, NULL, 'x'},
                                        {"choice-max-tokens", 1, NULL, 'K'},
                                        {"judge-max-tokens", 1, NULL, 'X'},
                                        {"omit", 1, NULL, 'O'},
                                        {"judge-omit", 1, NULL, 'I'},
                                        {"old-max-tokens", 0, NULL, 'M'},
                                        {"judge-schema", 0, NULL, 'C'},
                                        {"concurrency", 1, NULL, 'c'},
                                        {"judge-concurrency", 1, NULL, 'b'},
                                        {"rpm", 1, NULL, 'R'},
                                        {"judge-rpm", 1, NULL, 'G'},
                                        {"tpm", 1, NULL, 'L'},
                                        {"max-cost", 1, NULL, 'V'},
                                        {"max-tokens-total", 1, NULL, 'Y'},
                                        {"stream", 0, NULL, 'z'},
                                        {"judge-stream", 0, NULL, 'Z'},
                                        {"retries", 1, NULL, 'T'},
                                        {"timeout", 1, NULL, 'w'},
                                        {"connect-timeout", 1, NULL, 'W'},
                                        {"max-requests", 1, NULL, 'q'},
                                        {"header", 1, NULL, 'H'},
                                        {"judge-header", 1, NULL, '1'},
                                        {"max-file-requests", 1, NULL, 'N'},
                                        {"max-file-bytes", 1, NULL, 'B'},
                                        {"quiet", 0, NULL, 'Q'},
                                        {"max-undetermined", 1, NULL, 'u'},
                                        {"max-cut-off", 1, NULL, '2'},
                                        {"help", 0, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};

/* Options whose value is taken as it is: where it goes. */
static const char **text_of(struct run_options *o, int letter)
{
  switch (letter) {
  case 'd':
    return &o->data;
  case 'o':
    return &o->out;
  case 'y':
    return &o->replay;
  case 'p':
    return &o->protocol;
  case 'S':
    return &o->system;
  case 'A':
    return &o->ca_file;
  case 'E':
    return &o->extra;
  case 'J':
    return &o->judge_extra;
  case 'i':
    return &o->prices;
  case 'e':
    return &o->model.endpoint;
  case 'k':
    return &o->model.key_env;
  default:
    return NULL;
  }
}

/* Options whose value is a number from 1: where it goes, and the most. */
static uint32_t *number_of(struct run_options *o, int letter, uint32_t *most)
{
  *most = 1000000;
  switch (letter) {
  case 'n':
    *most = 512;
    return &o->samples;
  case 'v':
    *most = 256;
    return &o->permutations;
  case 'x':
    return &o->max_tokens;
  case 'K':
    return &o->choice_max_tokens;
  case 'X':
    return &o->judge_max_tokens;
  case 'c':
    *most = 1024;
    return &o->concurrency;
  case 'b':
    *most = 1024;
    return &o->judge_concurrency;
  case 'R':
    return &o->per_minute;
  case 'G':
    return &o->judge_per_minute;
  case 'L':
    *most = 1000000000;
    return &o->tokens_per_minute;
  case 'T':
    *most = 100;
    return &o->retries;
  case 'w':
    return &o->timeout;
  case 'W':
    return &o->connect_timeout;
  default:
    return NULL;
  }
}

/* Options without a value: where it is kept that they are there. */
static int *flag_of(struct run_options *o, int letter)
{
  switch (letter) {
  case 'M':
    return &o->old_max_tokens;
  case 'C':
    return &o->judge_schema;
  case 'Q':
    return &o->quiet;
  case 'D':
    return &o->dry_run;
  case 'z':
    return &o->stream;
  case 'Z':
    return &o->judge_stream;
  default:
    return NULL;
  }
}

static int parse_other(struct run_options *o, int letter, char *value)
{
  switch (letter) {
  case 'm':
    return parse_name("model", value, o->model.model, sizeof o->model.model);
  case 'a':
    return parse_api("api", value, &o->model.api);
  case 'j':
    return parse_judge("judge", value, o->judges, &o->judge_count);
  case 'f':
    return parse_judge("effectiveness-judge", value, o->effectiveness_judges, &o->effectiveness_judge_count);
  case 'g':
    return parse_reasoning_tags(&o->tags, value);
  case 'P':
    return parse_panel(o, value);
  case 'F':
    return set_panel(o, SIUO_PANEL_FALLBACK);
  case 't':
    return parse_task(o, value);
  case 'l':
    return parse_number("limit", value, 1, UINT64_MAX / 2, &o->limit);
  case 'q':
    return parse_number("max-requests", value, 1, UINT64_MAX / 2, &o->max_requests);
  case 'V':
    return parse_cost(o, value);
  case 'Y':
    return parse_number("max-tokens-total", value, 1, UINT64_MAX / 2, &o->max_tokens_total);
  case 's':
    return parse_shard(o, value);
  case 'O':
    return parse_omit("omit", value, &o->omit);
  case 'I':
    o->has_judge_omit = 1;
    return parse_omit("judge-omit", value, &o->judge_omit);
  case 'H':
    return headers_parse(&o->headers, value);
  case '1':
    return headers_parse_judges(&o->judge_headers, value);
  case 'N':
    return parse_number("max-file-requests", value, 1, UINT64_MAX / 2, &o->file_requests);
  case 'B':
    return parse_number("max-file-bytes", value, 1, UINT64_MAX / 2, &o->file_bytes);
  case 'U':
    return parse_reuse(o, value);
  case 'u':
    return parse_undetermined(&o->undetermined, value);
  case '2':
    return parse_cut_off(o, value);
  default:
    o->rules = siuo_rules_by_name(value);
    return o->rules < 0 ? complain("--rules %s: expected standard, released, olmo or vlmevalkit", value) : EXIT_DONE;
  }
}

static const char *name_of(int letter)
{
  size_t i = 0;
  while (options[i].val != letter)
    i++;
  return options[i].name;
}

static int parse_option(struct run_options *o, int letter, char *value)
{
  uint32_t most = 0;
  const char **text = text_of(o, letter);
  uint32_t *number = number_of(o, letter, &most);
  int *flag = flag_of(o, letter);
  if (flag != NULL) {
    *flag = 1;
    return EXIT_DONE;
  }
  if (text != NULL) {
    *text = value;
    return EXIT_DONE;
  }
  return number != NULL ? parse_small(name_of(letter), value, most, number) : parse_other(o, letter, value);
}

/* ---- the whole ---- */

/* A guard model tells safe from unsafe, and nothing else. */
static int check_effectiveness(const struct run_options *o)
{
  if (o->effectiveness_judge_count > 0 && o->effectiveness_judge_count != o->judge_count)
    return complain("--effectiveness-judge: expected one for each --judge, %u, not %u", (unsigned)o->judge_count,
                    (unsigned)o->effectiveness_judge_count);
  if (is_guard_protocol(o->protocol) && o->effectiveness_judge_count == 0 && o->task != SIUO_TASK_CHOICE &&
      o->replay == NULL)
    return complain("--protocol guard: guard models say nothing of effectiveness: add --effectiveness-judge "
                    "MODEL,API,URL[,KEYENV]");
  return EXIT_DONE;
}

static int check_judges(const struct run_options *o)
{
  if (check_effectiveness(o) != EXIT_DONE ||
      headers_check_judges(&o->judge_headers, o->judge_count, o->effectiveness_judge_count) != EXIT_DONE)
    return EXIT_USE;
  if (o->panel >= 0 && o->judge_count < 2)
    return complain("%s needs more than one --judge", o->panel == SIUO_PANEL_FALLBACK ? "--judge-fallback" : "--panel");
  if (o->panel <= SIUO_PANEL_MAJORITY && o->judge_count > 0 && o->judge_count % 2 == 0)
    return complain("a majority needs an odd number of judges, not %u; or choose --panel all, --panel any or "
                    "--judge-fallback",
                    (unsigned)o->judge_count);
  return EXIT_DONE;
}

static int check_batch(const struct run_options *o)
{
  if (o->data == NULL || o->out == NULL || o->model.model[0] == '\0')
    return complain("batch: --data, --out and --model are needed; see siuo-eval batch --help");
  if (o->replay != NULL)
    return complain("batch: --replay is an option of siuo-eval run");
  if (o->dry_run || o->prices != NULL)
    return complain("batch: --dry-run and --prices are options of siuo-eval run");
  if (o->judge_count == 0 && o->task != SIUO_TASK_CHOICE)
    return complain("batch: responses need a judge: --judge MODEL,API, or --task mcqa");
  return check_judges(o);
}

/* Where nothing is sent, judges need no URL. */
static int check_urls(const struct run_options *o, const char *option, const struct party *judges, uint32_t count)
{
  for (uint32_t i = 0; i < count && !o->dry_run; i++)
    if (judges[i].endpoint == NULL)
      return complain("--%s %s,%s: expected MODEL,API,URL or MODEL,API,URL,KEYENV", option, judges[i].model,
                      siuo_api_name(judges[i].api));
  return EXIT_DONE;
}

static int check_dry_run(const struct run_options *o)
{
  if (o->dry_run && o->replay != NULL)
    return complain("run: --dry-run and --replay exclude each other: a replay asks nobody");
  if (o->replay != NULL && (o->prices != NULL || o->max_cost > 0 || o->max_tokens_total > 0))
    return complain("run: --prices, --max-cost and --max-tokens-total are for servers: a replay asks nobody");
  if (o->max_cost > 0 && o->prices == NULL)
    return complain("run: --max-cost needs --prices FILE");
  return check_judges(o);
}

/* Where nothing is sent, the environment need not hold them. */
static int check_header_values(const struct run_options *o)
{
  if (o->dry_run || o->replay != NULL)
    return EXIT_DONE;
  int status = headers_check_values(&o->headers);
  return status == EXIT_DONE ? headers_check_values(&o->judge_headers) : status;
}

static int check(struct run_options *o)
{
  static const struct party replayed = {"replay", SIUO_API_OPENAI, NULL, NULL};
  if (o->file_requests > 0 || o->file_bytes > 0)
    return complain("run: --max-file-requests and --max-file-bytes are options of siuo-eval batch export");
  if (check_header_values(o) != EXIT_DONE)
    return EXIT_USE;
  if (check_urls(o, "judge", o->judges, o->judge_count) != EXIT_DONE ||
      check_urls(o, "effectiveness-judge", o->effectiveness_judges, o->effectiveness_judge_count) != EXIT_DONE)
    return EXIT_USE;
  if (o->data == NULL || (o->out == NULL && !o->dry_run))
    return complain("run: --data and --out are needed; see siuo-eval run --help");
  int status = check_dry_run(o);
  if (status != EXIT_DONE)
    return status;
  if (o->replay != NULL) {
    if (o->judge_count == 0)
      o->judges[o->judge_count++] = replayed;
    if (o->model.model[0] == '\0')
      memcpy(o->model.model, replayed.model, sizeof replayed.model);
    return EXIT_DONE;
  }
  if (o->ca_file != NULL && access(o->ca_file, R_OK) != 0)
    return complain("--ca-file %s: %s", o->ca_file, strerror(errno));
  if (o->model.model[0] == '\0' || (o->model.endpoint == NULL && !o->dry_run))
    return complain("run: --model and --endpoint are needed, or --replay; see siuo-eval run --help");
  if (o->judge_count == 0 && o->task != SIUO_TASK_CHOICE)
    return complain("run: responses need a judge: --judge MODEL,API,URL[,KEYENV], or --task mcqa");
  return EXIT_DONE;
}

static int read_options(struct run_options *o, const struct command *self, int argc, char **argv, int *asked, int batch)
{
  int status = EXIT_DONE;
  memset(o, 0, sizeof *o);
  *asked = 0;
  o->batch = batch;
  o->undetermined.items = RUN_UNDETERMINED;
  o->undetermined.is_percent = 1;
  o->max_cut_off = CUT_OFF_PERCENT;
  o->panel = -1;
  o->model.api = SIUO_API_OPENAI;
  o->concurrency = 8;
  o->retries = 8;
  o->timeout = 600;
  o->connect_timeout = 20;
  for (int letter; (letter = next_option(self, argc, argv, ":h", options, &status)) != -1;) {
    if (letter == 'h')
      return status;
    status = parse_option(o, letter, optarg);
    if (status != EXIT_DONE)
      return status;
  }
  o->files = argv + optind;
  o->file_count = argc - optind;
  if (o->file_count > 0 && !batch)
    return complain("run: unexpected argument %s; see siuo-eval run --help", argv[optind]);
  status = batch ? check_batch(o) : check(o);
  *asked = status == EXIT_DONE;
  return status;
}

int run_options_read(struct run_options *o, const struct command *self, int argc, char **argv, int *asked)
{
  return read_options(o, self, argc, argv, asked, 0);
}

int run_options_read_batch(struct run_options *o, const struct command *self, int argc, char **argv, int *asked)
{
  return read_options(o, self, argc, argv, asked, 1);
}

const struct party *run_options_party(const struct run_options *o, int kind, uint32_t judge)
{
  if (kind < SIUO_JOB_JUDGE_SAFETY)
    return &o->model;
  return kind == SIUO_JOB_JUDGE_EFFECTIVENESS && o->effectiveness_judge_count > 0 ? &o->effectiveness_judges[judge]
                                                                                  : &o->judges[judge];
}
