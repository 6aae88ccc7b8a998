/* protocol_import.c: the released prompts, out of the user's clone of the benchmark's repository. */
#include "protocol_fill.h"

#include "buf.h"
#include "python_literal.h"

#include <stdio.h>
#include <string.h>

#define VARIABLE "prompt_template"

/* What is looked for: the literal that holds this placeholder, or in its file the one that does not. */
struct wanted {
  int kind;
  const char *file;
  const char *holds;
  int without; /* 1: the other literal of the file */
  const char *sha256;
};

/* Sums of the released prompts (siuo-facts). */
static const struct wanted prompts[] = {
    {SIUO_JOB_JUDGE_SAFETY, "eval/gpt-eval.py", "{explanation}", 0,
     "9f88d13da10699af3956271026c3527cbddb75cbd15c0829b3d5fa6e29bb78f6"},
    {SIUO_JOB_JUDGE_EFFECTIVENESS, "eval/gpt-eval.py", "{explanation}", 1,
     "ee0819fb408e638082a612176a16c2365ad8e537f1a418a3a1af5a1962fcd6f8"},
    {SIUO_JOB_CHOOSE, "eval/generation-gpt4o-mcqa.py", "{option}", 0,
     "bf0cfa1ba3f6c355c86a2b7cd1b589bcfd62c3c339a8dab6bd3fbefb28322c24"},
};
#define PROMPT_COUNT (sizeof prompts / sizeof prompts[0])

static int holds(const siuo_buf *text, const char *words)
{
  return strstr(siuo_buf_data(text), words) != NULL;
}

static size_t skip_blanks(const char *line, size_t len, size_t i)
{
  while (i < len && (line[i] == ' ' || line[i] == '\t'))
    i++;
  return i;
}

/* Whether a line assigns to the variable; *at is then where the value begins or, of an assignment such as +=, which
 * changes what was read, the operator: no value that can be read. */
static int is_assignment(const char *line, size_t len, size_t *at)
{
  size_t i = skip_blanks(line, len, 0);
  if (len - i < strlen(VARIABLE) || memcmp(line + i, VARIABLE, strlen(VARIABLE)) != 0)
    return 0;
  *at = i = skip_blanks(line, len, i + strlen(VARIABLE));
  if (len - i >= 2 && strchr("+*%", line[i]) != NULL && line[i + 1] == '=')
    return 1;
  if (i < len && line[i] == ':') /* a type: prompt_template: str = ... */
    while (i < len && line[i] != '=' && line[i] != '"' && line[i] != '\'' && line[i] != '#')
      i++;
  if (i == len || line[i] != '=' || (i + 1 < len && line[i + 1] == '='))
    return 0;
  *at = skip_blanks(line, len, i + 1);
  return 1;
}

/* A search through one file. */
struct search {
  siuo_ctx *ctx;
  const char *path;
  const struct wanted *wanted;
  siuo_buf *found; /* NULL: not yet */
};

/* Takes the literal if it is the wanted one. */
static int take(struct search *s, unsigned long line, const char *value, size_t len)
{
  siuo_buf *text = NULL;
  int rc = siuop_buf_new(&text, s->ctx);
  const char *trouble = rc == SIUO_OK ? siuop_python_literal(value, len, text) : NULL;
  if (rc == SIUO_OK && trouble != NULL)
    rc = siuop_fail(s->ctx, SIUO_EFORMAT, "%s:%lu: %s is assigned what can't be read: %s", s->path, line, VARIABLE,
                    trouble);
  if (rc == SIUO_OK)
    rc = siuop_buf_status(text);
  if (rc == SIUO_OK && holds(text, s->wanted->holds) != s->wanted->without) {
    if (s->found != NULL)
      rc = siuop_fail(s->ctx, SIUO_EFORMAT, "%s:%lu: there is more than one prompt %s %s", s->path, line,
                      s->wanted->without ? "without" : "with", s->wanted->holds);
    else {
      s->found = text;
      text = NULL;
    }
  }
  siuo_buf_free(text);
  return rc;
}

static int search_lines(struct search *s, const siuo_buf *file)
{
  const char *bytes = siuo_buf_data(file);
  size_t size = siuo_buf_size(file);
  unsigned long line = 1;
  for (size_t at = 0; at < size; line++) {
    const char *end = memchr(bytes + at, '\n', size - at);
    size_t len = end == NULL ? size - at : (size_t)(end - bytes) - at;
    size_t value = 0;
    if (is_assignment(bytes + at, len, &value)) {
      int rc = take(s, line, bytes + at + value, len - value);
      if (rc != SIUO_OK)
        return rc;
    }
    at += len + 1;
  }
  if (s->found != NULL)
    return SIUO_OK;
  return siuop_fail(s->ctx, SIUO_EFORMAT, "%s: no one-line string %s %s is assigned to %s", s->path,
                    s->wanted->without ? "without" : "with", s->wanted->holds, VARIABLE);
}

static int is_released(const struct wanted *w, const siuo_buf *text)
{
  struct siuop_digest d;
  char hex[SIUOP_DIGEST_HEX];
  siuop_digest_init(&d);
  siuop_digest_add(&d, siuo_buf_data(text), siuo_buf_size(text));
  siuop_digest_hex(&d, hex);
  return strcmp(hex, w->sha256) == 0;
}

/* Checks that the prompt has what its kind needs; takes it. */
static int keep(siuo_protocol *p, const struct search *s)
{
  struct siuop_ask *ask = &p->asks[s->wanted->kind - 1];
  const char *text = siuo_buf_data(s->found);
  for (int i = 0; i < SIUOP_PLACEHOLDERS; i++) {
    char placeholder[32];
    snprintf(placeholder, sizeof placeholder, "{%s}", siuop_placeholder_name(i));
    if (siuop_placeholder_is_needed(s->wanted->kind, i) && strstr(text, placeholder) == NULL)
      return siuop_fail(s->ctx, SIUO_EFORMAT, "%s: the prompt lacks %s", s->path, placeholder);
  }
  ask->prompt.len = siuo_buf_size(s->found);
  ask->prompt.s = siuop_arena_copy(&p->arena, text, ask->prompt.len);
  p->released &= is_released(s->wanted, s->found);
  return ask->prompt.s == NULL ? SIUO_ENOMEM : SIUO_OK;
}

static int import_one(siuo_protocol *p, const char *clone, const struct wanted *w)
{
  siuo_buf *path = NULL;
  siuo_buf *file = NULL;
  struct search s = {p->ctx, NULL, w, NULL};
  int rc = siuop_buf_new(&path, p->ctx);
  if (rc == SIUO_OK)
    rc = siuop_buf_printf(path, "%s/%s", clone, w->file);
  s.path = siuo_buf_data(path);
  if (rc == SIUO_OK)
    rc = siuop_buf_read_file(&file, p->ctx, s.path, siuop_limits(p->ctx)->document);
  if (rc == SIUO_ENOTFOUND)
    rc = siuop_fail(p->ctx, rc, "%s: this is no clone of the benchmark's repository: there is no %s", clone, w->file);
  if (rc == SIUO_OK)
    rc = search_lines(&s, file);
  if (rc == SIUO_OK)
    rc = keep(p, &s);
  siuo_buf_free(s.found);
  siuo_buf_free(file);
  siuo_buf_free(path);
  return rc;
}

/* The settings of the released scripts (siuo-facts). */
static void set_released(siuo_protocol *p)
{
  static const int32_t max_tokens[] = {500, 5, 200, 200};
  p->samples = 3;
  p->nfkc = 1;
  p->quote = 0;
  for (int kind = 1; kind <= SIUOP_JOB_KINDS; kind++) {
    struct siuop_ask *ask = &p->asks[kind - 1];
    ask->picture = SIUOP_PICTURE_AFTER;
    ask->max_tokens = max_tokens[kind - 1];
    ask->has_temperature = kind != SIUO_JOB_GENERATE;
  }
  p->asks[SIUO_JOB_GENERATE - 1].prompt.s = "{question}";
  p->asks[SIUO_JOB_GENERATE - 1].prompt.len = strlen("{question}");
}

int siuo_protocol_import(siuo_protocol **out, siuo_ctx *ctx, const char *clone)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL || clone == NULL)
    return SIUO_EINVAL;
  int rc = siuop_protocol_new(out, ctx);
  if (rc != SIUO_OK)
    return rc;
  set_released(*out);
  (*out)->released = 1;
  for (size_t i = 0; rc == SIUO_OK && i < PROMPT_COUNT; i++)
    rc = import_one(*out, clone, &prompts[i]);
  if (rc == SIUO_OK) {
    (*out)->name = (*out)->released ? SIUOP_PROTOCOL_RELEASED : SIUOP_PROTOCOL_EDITED;
    siuop_protocol_sum(*out);
    return SIUO_OK;
  }
  siuo_protocol_free(*out);
  *out = NULL;
  return rc;
}
