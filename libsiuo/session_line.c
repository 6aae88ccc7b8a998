/* session_line.c: replies as lines of JSON, which the sink gets and restoring takes: docs/session.md. */
#include "session.h"

#include "base64.h"
#include "utf8.h"

#include <string.h>

/* ---- secrets ---- */

/* A secret may stand in a reply as an escape of a JSON string has it, and once more escaped for each string that the
 * reply was put into: "\"" becomes "\\\"" and so on. So a quotation mark or slash may have any number of backslashes
 * before it, as \u0041 may, and a backslash of the secret's own is one or more. */

#define MOST_BACKSLASHES 64 /* of six escapings; without an end, a text of them would take long */

static size_t backslashes_at(const char *s, size_t len)
{
  size_t n = 0;
  while (n < len && n < MOST_BACKSLASHES && s[n] == '\\')
    n++;
  return n;
}

/* Decodes u0041, which stood behind a backslash, to UTF-8; returns its bytes, 0: it is something else. */
static size_t escaped_unit_at(const char *s, size_t len, char out[4], size_t *out_len)
{
  int32_t c = 0;
  if (len < 5 || s[0] != 'u')
    return 0;
  for (size_t i = 1; i < 5; i++) {
    int value = siuop_ascii_hex_value((unsigned char)s[i]);
    if (value < 0)
      return 0;
    c = 16 * c + value;
  }
  *out_len = siuop_utf8_encode(c, out);
  return 5;
}

/* Bytes at s that stand for the backslashes at the secret's beginning, *own of them; 0: there are not as many. The last
 * one of a run may belong to what follows: to an escape, or to the quotation mark that ends the string. */
static size_t spelled_backslashes(const char *s, size_t len, const char *secret, size_t *own)
{
  size_t at = 0;
  size_t found = 0;
  *own = strspn(secret, "\\");
  for (size_t raw; found < MOST_BACKSLASHES && (raw = backslashes_at(s + at, len - at)) > 0;) {
    char c[4];
    size_t c_len = 0;
    size_t used = escaped_unit_at(s + at + raw, len - at - raw, c, &c_len);
    if (used > 0 && c_len == 1 && c[0] == '\\') {
      found++;
      at += raw + used;
      continue;
    }
    int is_next = secret[*own] == '\0' ? raw % 2 == 1 : used > 0 && strncmp(secret + *own, c, c_len) == 0;
    raw -= (size_t)(is_next && found + raw > *own);
    found += raw;
    at += raw;
    break;
  }
  return found < *own ? 0 : at;
}

/* Bytes at s that stand for the secret's first character, which is no backslash, *own bytes of it; 0: they don't. */
static size_t spelled_character(const char *s, size_t len, const char *secret, size_t *own)
{
  char c[4];
  size_t raw = backslashes_at(s, len);
  size_t used = raw == 0 ? 0 : escaped_unit_at(s + raw, len - raw, c, own);
  if (used > 0 && strncmp(secret, c, *own) == 0)
    return raw + used;
  *own = 1;
  if (raw == len || s[raw] != *secret || (raw > 0 && *secret != '"' && *secret != '/'))
    return 0;
  return raw + 1;
}

/* Bytes at s that spell the secret; 0: they don't. */
static size_t spelled_at(const char *s, size_t len, const char *secret)
{
  size_t at = 0;
  while (*secret != '\0') {
    size_t own = 0;
    size_t used = *secret == '\\' ? spelled_backslashes(s + at, len - at, secret, &own)
                                  : spelled_character(s + at, len - at, secret, &own);
    if (used == 0)
      return 0;
    at += used;
    secret += own;
  }
  return at;
}

#define SHORT_ECHO 6 /* bytes */

static int is_echo_word_byte(unsigned char c)
{
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

/* Whether a letter or digit stands before `at` that is no part of an escape, such as \n or \u000a. */
static int echo_follows_word(const char *bytes, size_t at)
{
  if (at == 0 || !is_echo_word_byte((unsigned char)bytes[at - 1]))
    return 0;
  return !(at >= 2 && bytes[at - 2] == '\\') && !(at >= 6 && bytes[at - 6] == '\\' && bytes[at - 5] == 'u');
}

static int is_echo_inside_word(const char *bytes, size_t len, size_t at, size_t n)
{
  return echo_follows_word(bytes, at) || (at + n < len && is_echo_word_byte((unsigned char)bytes[at + n]));
}

/* Bytes of the longest secret that stands at `at`; 0: none. */
static size_t secret_at(const siuo_session_options *o, int is_echo, const char *bytes, size_t len, size_t at)
{
  size_t longest = 0;
  for (uint64_t i = 0; i < o->secret_count; i++) {
    size_t n = strlen(o->secrets[i]);
    size_t used = spelled_at(bytes + at, len - at, o->secrets[i]);
    if (n > used && n <= len - at && memcmp(bytes + at, o->secrets[i], n) == 0)
      used = n;
    if (used > longest && !(is_echo && n < SHORT_ECHO && is_echo_inside_word(bytes, len, at, used)))
      longest = used;
  }
  return longest;
}

static int scrub(siuo_buf *b, const siuo_session_options *o, int is_echo, const char *bytes, size_t len)
{
  size_t kept = 0;
  for (size_t at = 0; o->secret_count > 0 && at < len;) {
    size_t n = secret_at(o, is_echo, bytes, len, at);
    if (n == 0) {
      at++;
      continue;
    }
    siuop_buf_add(b, bytes + kept, at - kept);
    siuop_buf_add_text(b, "***");
    at += n;
    kept = at;
  }
  return siuop_buf_add(b, bytes + kept, len - kept);
}

int siuop_scrub(siuo_buf *b, const siuo_session_options *o, const char *bytes, size_t len)
{
  return scrub(b, o, 0, bytes, len);
}

int siuop_scrub_echoes(siuo_buf *b, const siuo_session_options *o, const char *bytes, size_t len)
{
  return scrub(b, o, 1, bytes, len);
}

/* ---- writing ---- */

/* Whether a JSON string can hold the bytes; and, of many, in little more than twice their number: control characters
 * take six, which would make a line of a longest reply longer than a line may be. */
static int fits_text(const char *bytes, size_t len)
{
  size_t control = 0;
  for (size_t i = 0; i < len; i++)
    control += (unsigned char)bytes[i] < 0x20 && strchr("\b\f\n\r\t", bytes[i]) == NULL;
  return (control < 65536 || control < len / 4) && siuop_utf8_valid(bytes, len, NULL) &&
         memchr(bytes, '\0', len) == NULL;
}

/* Bytes under a key or, where they don't fit a text, in base64 under "KEY_b64". */
static int set_bytes(siuop_json *line, const char *key, const char *key_b64, const char *bytes, size_t len,
                     siuo_ctx *ctx)
{
  if (fits_text(bytes, len))
    return siuop_json_set(line, key, siuop_json_new_text(bytes, len));
  size_t size = (size_t)siuop_base64_size(len);
  char *encoded = siuop_alloc(ctx, size, 1);
  if (encoded == NULL)
    return -1;
  siuop_base64_encode(encoded, bytes, len);
  int failed = siuop_json_set(line, key_b64, siuop_json_new_text(encoded, size));
  siuop_free(ctx, encoded);
  return failed;
}

static int set_number(siuop_json *line, const char *key, int64_t number)
{
  return siuop_json_set(line, key, siuop_json_new_integer(number));
}

static int set_reply(siuop_json *line, const struct siuop_arrival *a, siuo_ctx *ctx)
{
  int failed = 0;
  if (a->body != NULL) {
    failed |= siuop_json_set(line, "api", siuop_json_new_string(siuo_api_name(a->api)));
    failed |= set_number(line, "http_status", a->http_status);
    failed |= set_bytes(line, "body", "body_b64", a->body, a->body_len, ctx);
  } else if (a->text != NULL) {
    failed |= set_bytes(line, "text", "text_b64", a->text, a->text_len, ctx);
  } else if (a->has_verdict) {
    failed |= set_number(line, "verdict", a->verdict);
  } else {
    failed |= set_bytes(line, "failed", "failed_b64", a->failure, strlen(a->failure), ctx);
  }
  return failed;
}

int siuop_line_write(siuo_buf *b, const struct siuop_case *c, const struct siuop_arrival *a)
{
  siuop_json *line = siuop_json_new_object();
  const struct siuop_job_name *name = &a->name;
  int failed = line == NULL;
  if (!failed) {
    failed |= siuop_json_set(line, "job", siuop_json_new_string(siuop_kind_name(name->kind)));
    failed |= siuop_json_set(line, "id", siuop_json_new_text(c->item->id.s, c->item->id.len));
    failed |= set_number(line, "sample", name->sample);
    if (a->count > 1)
      failed |= set_number(line, "count", a->count);
    if (name->judge > 0)
      failed |= set_number(line, "judge", name->judge);
    if (name->variant > 0)
      failed |= set_number(line, "variant", name->variant);
    if (a->question != NULL)
      failed |= siuop_json_set(line, "question", siuop_json_new_string(a->question));
    failed |= set_reply(line, a, siuop_buf_ctx(b));
  }
  int rc = failed ? siuop_fail_plain(siuop_buf_ctx(b), SIUO_ENOMEM) : siuop_json_write_line(line, b);
  if (rc == SIUO_OK)
    rc = siuop_buf_add_char(b, '\n', 1);
  siuop_json_free(line);
  return rc;
}

/* ---- reading ---- */

static int fail_line(siuo_ctx *ctx, const char *key, const char *words)
{
  return siuop_fail(ctx, SIUO_EFORMAT, "recorded reply: \"%s\" %s", key, words);
}

/* A number from 0 to most-1; absent: 0. */
static int read_number(siuo_ctx *ctx, const siuop_json *line, const char *key, int64_t most, uint32_t *out)
{
  const siuop_json *v = siuop_json_get(line, key);
  int64_t n = siuop_json_integer(v);
  if (v != NULL && (siuop_json_type(v) != SIUOP_JSON_INTEGER || n < 0 || n >= most))
    return fail_line(ctx, key, "is no number that can be");
  *out = (uint32_t)n;
  return SIUO_OK;
}

/* Bytes under either key; *bytes stays NULL where neither is there. */
static int read_bytes(siuo_ctx *ctx, const siuop_json *line, const char *key, const char *key_b64, siuo_buf *scratch,
                      const char **bytes, size_t *len)
{
  const siuop_json *plain = siuop_json_get(line, key);
  const siuop_json *encoded = siuop_json_get(line, key_b64);
  size_t encoded_len = 0;
  *bytes = siuop_json_text(plain, len);
  if (plain != NULL && *bytes == NULL)
    return fail_line(ctx, key, "must be a string");
  if (plain != NULL || encoded == NULL)
    return SIUO_OK;
  const char *text = siuop_json_text(encoded, &encoded_len);
  int rc = text == NULL ? SIUO_EFORMAT : siuop_base64_decode(scratch, text, encoded_len);
  if (rc != SIUO_OK)
    return rc == SIUO_EFORMAT ? fail_line(ctx, key_b64, "is not base64") : rc;
  *bytes = siuo_buf_data(scratch);
  *len = siuo_buf_size(scratch);
  return SIUO_OK;
}

static int read_body(siuo_ctx *ctx, const siuop_json *line, struct siuop_arrival *a)
{
  const char *api = siuop_json_text(siuop_json_get(line, "api"), NULL);
  const siuop_json *status = siuop_json_get(line, "http_status");
  a->api = siuo_api_by_name(api);
  if (siuop_wire(a->api) == NULL)
    return fail_line(ctx, "api", "is none that this version has");
  int64_t number = status == NULL ? 200 : siuop_json_integer(status);
  if ((status != NULL && siuop_json_type(status) != SIUOP_JSON_INTEGER) || number < INT32_MIN || number > INT32_MAX)
    return fail_line(ctx, "http_status", "must be an integer");
  a->http_status = (int)number;
  return SIUO_OK;
}

static int read_reply(siuo_ctx *ctx, const siuop_json *line, siuo_buf *scratch, struct siuop_arrival *a)
{
  const siuop_json *verdict = siuop_json_get(line, "verdict");
  size_t len = 0;
  int rc = read_bytes(ctx, line, "body", "body_b64", scratch, &a->body, &a->body_len);
  if (rc == SIUO_OK && a->body != NULL)
    return read_body(ctx, line, a);
  if (rc == SIUO_OK)
    rc = read_bytes(ctx, line, "text", "text_b64", scratch, &a->text, &a->text_len);
  if (rc == SIUO_OK && a->text == NULL)
    rc = read_bytes(ctx, line, "failed", "failed_b64", scratch, &a->failure, &len);
  if (rc != SIUO_OK || a->text != NULL || a->failure != NULL)
    return rc;
  a->verdict = (int)siuop_json_integer(verdict);
  a->has_verdict = 1;
  int most = a->name.kind == SIUO_JOB_JUDGE_EFFECTIVENESS ? 2 : 1;
  if (siuop_json_type(verdict) != SIUOP_JSON_INTEGER || siuop_json_integer(verdict) < -1 ||
      siuop_json_integer(verdict) > most || a->name.kind < SIUO_JOB_JUDGE_SAFETY)
    return fail_line(ctx, "text", "is missing, and so are \"body\", \"verdict\" and \"failed\"");
  return SIUO_OK;
}

static int read_name(siuo_ctx *ctx, const siuop_json *line, struct siuop_arrival *a, const char **item_id)
{
  a->name.kind = siuop_kind_by_name(siuop_json_text(siuop_json_get(line, "job"), NULL));
  *item_id = siuop_json_text(siuop_json_get(line, "id"), NULL);
  if (a->name.kind == 0)
    return fail_line(ctx, "job", "must be generate, choose, judge_safety or judge_effectiveness");
  if (*item_id == NULL)
    return fail_line(ctx, "id", "must be a string");
  int rc = read_number(ctx, line, "sample", SIUOP_MOST_SAMPLES, &a->name.sample);
  if (rc == SIUO_OK)
    rc = read_number(ctx, line, "count", SIUOP_MOST_SAMPLES + 1, &a->count);
  if (rc == SIUO_OK)
    rc = read_number(ctx, line, "judge", SIUOP_MOST_JUDGES, &a->name.judge);
  if (rc == SIUO_OK)
    rc = read_number(ctx, line, "variant", SIUOP_MOST_VARIANTS, &a->name.variant);
  a->question = siuop_json_text(siuop_json_get(line, "question"), NULL);
  if (a->count == 0 || a->name.kind != SIUO_JOB_GENERATE)
    a->count = 1;
  return rc;
}

int siuop_line_read(siuo_ctx *ctx, const char *line, size_t len, siuop_json **json, siuo_buf *scratch,
                    struct siuop_arrival *a, const char **item_id)
{
  memset(a, 0, sizeof *a);
  int rc = siuop_json_parse(json, ctx, "recorded reply", 1, line, len);
  if (rc == SIUO_OK)
    rc = siuop_line_read_json(ctx, *json, scratch, a, item_id);
  return rc;
}

int siuop_line_read_json(siuo_ctx *ctx, const siuop_json *line, siuo_buf *scratch, struct siuop_arrival *a,
                         const char **item_id)
{
  memset(a, 0, sizeof *a);
  if (siuop_json_type(line) != SIUOP_JSON_OBJECT)
    return siuop_fail(ctx, SIUO_EFORMAT, "recorded reply: not an object");
  int rc = read_name(ctx, line, a, item_id);
  return rc == SIUO_OK ? read_reply(ctx, line, scratch, a) : rc;
}
