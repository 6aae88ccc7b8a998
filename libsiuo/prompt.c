/* prompt.c: prompts filled: docs/protocol.md. */
#include "prompt.h"

#include "buf.h"
#include "judge.h"
#include "protocol_fill.h"
#include "text.h"
#include "utf8.h"

#include <string.h>

/* ---- placeholders ---- */

#define QUESTION    0
#define EXPLANATION 1
#define RESPONSE    2
#define REFERENCE   3
#define OPTION      4

/* In the order in which the released scripts replace them. */
static const char *const names[SIUOP_PLACEHOLDERS] = {"question", "explanation", "response", "reference", "option"};

int siuop_placeholder_at(const char *s, size_t len, size_t *used)
{
  for (int i = 0; len > 0 && s[0] == '{' && i < SIUOP_PLACEHOLDERS; i++) {
    size_t n = strlen(names[i]);
    if (len >= n + 2 && memcmp(s + 1, names[i], n) == 0 && s[n + 1] == '}') {
      *used = n + 2;
      return i;
    }
  }
  return -1;
}

const char *siuop_placeholder_name(int number)
{
  return names[number];
}

static int is_judge(int kind)
{
  return kind == SIUO_JOB_JUDGE_SAFETY || kind == SIUO_JOB_JUDGE_EFFECTIVENESS;
}

int siuop_placeholder_is_known(int kind, int number)
{
  if (number == QUESTION)
    return 1;
  return number == OPTION ? kind == SIUO_JOB_CHOOSE : is_judge(kind);
}

int siuop_placeholder_is_needed(int kind, int number)
{
  if (is_judge(kind))
    return number == RESPONSE;
  return number == QUESTION || (number == OPTION && kind == SIUO_JOB_CHOOSE);
}

/* ---- what a judge is shown of a response ---- */

int siuop_add_nfkc(siuo_buf *out, const char *text, size_t len)
{
  siuop_text reader;
  siuop_text_init_range(&reader, text, 0, len, 1);
  while (reader.current != SIUOP_TEXT_END) {
    char bytes[4];
    siuop_buf_add(out, bytes, siuop_utf8_encode(reader.current, bytes));
    siuop_text_next(&reader);
  }
  return siuop_buf_status(out);
}

/* The response without its reasoning, clean and perhaps normalised. */
static int prepare_response(const siuo_protocol *p, siuo_ctx *ctx, int rules, const char *text, size_t len,
                            siuo_buf **out)
{
  siuo_buf *clean = NULL;
  size_t from = 0;
  size_t to = len;
  if (rules == SIUO_RULES_STANDARD)
    siuop_remove_reasoning(&p->manner, text, len, &from, &to);
  int rc = siuop_buf_new(out, ctx);
  if (rc == SIUO_OK)
    rc = siuop_buf_new(&clean, ctx);
  if (rc == SIUO_OK)
    rc = siuop_buf_add_clean(clean, text + from, to - from);
  if (rc == SIUO_OK && (p->nfkc || rules == SIUO_RULES_RELEASED))
    rc = siuop_add_nfkc(*out, siuo_buf_data(clean), siuo_buf_size(clean));
  else if (rc == SIUO_OK)
    rc = siuop_buf_add(*out, siuo_buf_data(clean), siuo_buf_size(clean));
  siuo_buf_free(clean);
  return rc;
}

/* ---- quoting ---- */

/* Where the token of a chat template ends that begins at s; 0: there is none. These could end a turn where a server
 * reads them inside a message. */
static size_t chat_token_at(const char *s, size_t len)
{
  static const char *const tokens[] = {"<end_of_utterance>",
                                       "<fake_token_around_image>",
                                       "<image_soft_token>",
                                       "<start_of_image>",
                                       "<end_of_image>",
                                       "<im_start>",
                                       "<im_end>",
                                       "[SYSTEM_PROMPT]",
                                       "[/SYSTEM_PROMPT]",
                                       "<video>",
                                       "<audio>",
                                       "<s>",
                                       "</s>",
                                       "[INST]",
                                       "[/INST]",
                                       "<<SYS>>",
                                       "<</SYS>>",
                                       "<image>",
                                       "<eos>",
                                       "<bos>",
                                       "<pad>",
                                       "<unk>",
                                       "<start_of_turn>",
                                       "<end_of_turn>",
                                       "<Img>",
                                       "</Img>",
                                       "<img>",
                                       "</img>",
                                       "<ImageHere>",
                                       "[IMG]",
                                       "[/IMG]",
                                       "<\xEF\xBD\x9C",
                                       "<|"};
  for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
    size_t n = strlen(tokens[i]);
    if (len >= n && memcmp(s, tokens[i], n) == 0)
      return n;
  }
  return 0;
}

/* Bytes of the line end that begins at s; 0: none. */
static size_t line_end_at(const char *s, size_t len)
{
  static const char *const ends[] = {"\r\n", "\n",   "\r",       "\v",           "\f",          "\x1C",
                                     "\x1D", "\x1E", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
    size_t n = strlen(ends[i]);
    if (len >= n && memcmp(s, ends[i], n) == 0)
      return n;
  }
  return 0;
}

/* Appends one character, and a blank if a token begins with it. Returns its bytes. */
static size_t add_character(siuo_buf *out, const char *s, size_t len, const char *marker)
{
  size_t used = 1;
  size_t size = marker == NULL ? 0 : strlen(marker);
  int token = chat_token_at(s, len) > 0 || (size > 0 && len >= size && memcmp(s, marker, size) == 0);
  siuop_utf8_decode(s, len, &used, NULL);
  siuop_buf_add(out, s, used);
  if (token)
    siuop_buf_add_char(out, ' ', 1);
  return used;
}

int siuop_add_broken(siuo_buf *out, const char *text, size_t len, const char *marker)
{
  for (size_t at = 0; at < len;)
    at += add_character(out, text + at, len - at, marker);
  return siuop_buf_status(out);
}

/* Appends the text with "> " before each line and a blank inside each token of a chat template, so that whatever it
 * holds can't pass for a line of the prompt or end its turn. */
static int add_quoted(siuo_buf *out, const char *text, size_t len)
{
  siuop_buf_add_text(out, "> ");
  for (size_t at = 0; at < len;) {
    size_t end = line_end_at(text + at, len - at);
    if (end > 0)
      siuop_buf_add_text(out, "\n> ");
    at += end > 0 ? end : add_character(out, text + at, len - at, NULL);
  }
  return siuop_buf_status(out);
}

/* ---- filling ---- */

/* What the placeholders stand for. */
struct values {
  struct siuop_field texts[SIUOP_PLACEHOLDERS]; /* s NULL: nothing */
  siuo_buf *options, *response;
};

static int list_options(siuo_buf *out, const siuo_item *item)
{
  for (size_t i = 0; i < item->option_count; i++) {
    siuop_buf_printf(out, "%s(%c) ", i == 0 ? "" : "\n", 'A' + (int)i);
    siuop_buf_add(out, item->options[i].s, item->options[i].len);
  }
  return siuop_buf_status(out);
}

static int set_values(struct values *v, const siuo_protocol *p, siuo_ctx *ctx, int kind, int rules,
                      const siuo_item *item, const char *response, size_t len)
{
  memset(v, 0, sizeof *v);
  v->texts[QUESTION] = item->question;
  v->texts[EXPLANATION] = item->warning;
  v->texts[REFERENCE] = item->reference;
  int rc = siuop_buf_new(&v->options, ctx);
  if (rc == SIUO_OK)
    rc = list_options(v->options, item);
  if (rc == SIUO_OK && is_judge(kind))
    rc = prepare_response(p, ctx, rules, response, len, &v->response);
  v->texts[OPTION].s = siuo_buf_data(v->options);
  v->texts[OPTION].len = siuo_buf_size(v->options);
  v->texts[RESPONSE].s = siuo_buf_data(v->response);
  v->texts[RESPONSE].len = siuo_buf_size(v->response);
  return rc;
}

static void free_values(struct values *v)
{
  siuo_buf_free(v->options);
  siuo_buf_free(v->response);
}

/* SIUO_ELIMIT, without a message: a prompt would become longer than any line may be. */
static int add_value(siuo_buf *out, const struct siuop_field *value, int quoted)
{
  const char *s = value->s == NULL ? "" : value->s;
  uint64_t limit = siuop_limits(siuop_buf_ctx(out))->line;
  if (siuo_buf_size(out) > limit || value->len > limit - siuo_buf_size(out))
    return SIUO_ELIMIT;
  return quoted ? add_quoted(out, s, value->len) : siuop_buf_add(out, s, value->len);
}

/* In one pass: what stands inside a value is text. "{{" and "}}" were made single when the protocol was read. */
static int fill_once(siuo_buf *out, const struct siuop_field *prompt, const struct values *v, int quoted)
{
  size_t kept = 0;
  for (size_t at = 0; at < prompt->len;) {
    size_t used = 1;
    int number = siuop_placeholder_at(prompt->s + at, prompt->len - at, &used);
    if (number >= 0) {
      siuop_buf_add(out, prompt->s + kept, at - kept);
      int rc = add_value(out, &v->texts[number], quoted);
      if (rc != SIUO_OK)
        return rc;
      kept = at + used;
    }
    at += used;
  }
  return siuop_buf_add(out, prompt->s + kept, prompt->len - kept);
}

/* Appends `from` with every copy of one placeholder replaced. */
static int replace(siuo_buf *out, const siuo_buf *from, int number, const struct siuop_field *value)
{
  const char *s = siuo_buf_data(from);
  size_t len = siuo_buf_size(from);
  size_t kept = 0;
  for (size_t at = 0; at < len;) {
    size_t used = 1;
    if (siuop_placeholder_at(s + at, len - at, &used) != number) {
      at++;
      continue;
    }
    siuop_buf_add(out, s + kept, at - kept);
    int rc = add_value(out, value, 0);
    if (rc != SIUO_OK)
      return rc;
    at += used;
    kept = at;
  }
  return siuop_buf_add(out, s + kept, len - kept);
}

/* One placeholder after another, as the released scripts do it: a placeholder inside a value that was put in before is
 * replaced, too. So texts full of them make a prompt grow as the fourth power of theirs, up to the limit. */
static int fill_in_sequence(siuo_buf **out, siuo_ctx *ctx, const struct siuop_field *prompt, const struct values *v,
                            int kind)
{
  int rc = siuop_buf_add(*out, prompt->s, prompt->len);
  for (int number = 0; rc == SIUO_OK && number < SIUOP_PLACEHOLDERS; number++) {
    siuo_buf *next = NULL;
    if (!siuop_placeholder_is_known(kind, number))
      continue;
    rc = siuop_buf_new(&next, ctx);
    if (rc == SIUO_OK)
      rc = replace(next, *out, number, &v->texts[number]);
    siuo_buf_free(*out);
    *out = next;
  }
  return rc;
}

static int fill(const siuo_protocol *p, siuo_ctx *ctx, int kind, int rules, const struct values *v, siuo_buf **out)
{
  const struct siuop_field *prompt = &p->asks[kind - 1].prompt;
  int rc = siuop_buf_new(out, ctx);
  if (rc != SIUO_OK)
    return rc;
  if (rules == SIUO_RULES_RELEASED)
    return fill_in_sequence(out, ctx, prompt, v, kind);
  return fill_once(*out, prompt, v, p->quote && is_judge(kind));
}

static void prompt_is_too_long(siuo_ctx *ctx, const siuo_item *item, int rules)
{
  const char *why = rules == SIUO_RULES_RELEASED
                        ? ": these rules fill placeholders that stand in its texts and in the response, too"
                        : "";
  siuop_fail(ctx, SIUO_ELIMIT,
             "item %.80s: its prompt is longer than the limit of %llu bytes (max_line of the context)%s", item->id.s,
             (unsigned long long)siuop_limits(ctx)->line, why);
}

int siuo_prompt_fill(const siuo_protocol *p, siuo_ctx *ctx, int job_kind, int rules, const siuo_item *item,
                     const char *response, size_t response_len, siuo_buf **out)
{
  struct values v;
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (p == NULL || ctx == NULL || item == NULL || job_kind < 1 || job_kind > SIUOP_JOB_KINDS ||
      siuo_rules_name(rules) == NULL)
    return SIUO_EINVAL;
  int task = job_kind == SIUO_JOB_CHOOSE ? SIUO_TASK_CHOICE : SIUO_TASK_GENERATION;
  if (item->task != task)
    return siuop_fail(ctx, SIUO_EINVAL, "item %.80s is of the other task", item->id.s);
  if (is_judge(job_kind) && response == NULL)
    return siuop_fail(ctx, SIUO_EINVAL, "item %.80s: a judge needs a response", item->id.s);
  int rc = set_values(&v, p, ctx, job_kind, rules, item, response, response_len);
  if (rc == SIUO_OK)
    rc = fill(p, ctx, job_kind, rules, &v, out);
  free_values(&v);
  if (rc == SIUO_ELIMIT)
    prompt_is_too_long(ctx, item, rules);
  if (rc != SIUO_OK) {
    siuo_buf_free(*out);
    *out = NULL;
  }
  return rc;
}
