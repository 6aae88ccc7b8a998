/* wire_stream.c: replies that come as a stream, read piece by piece into the body that the same server gives without
 * streaming. Server-sent events (WHATWG HTML, 9.2), a line of JSON a piece, as Ollama sends them, or a list; what a
 * piece says is its API's affair. Time and memory are linear in the stream. */
#include "wire.h"

#include "buf.h"
#include "utf8.h"

#include <string.h>

struct siuop_stream {
  siuo_ctx *ctx;
  const struct siuop_wire *wire;
  siuo_buf *line, *data; /* what came of a line; of an event */
  siuop_json *kept;      /* members of the body */
  siuop_json *error;     /* the first piece that is one */
  struct siuop_streamed *answers;
  size_t count, capacity;
  uint64_t pieces, bytes;
  int complete; /* the server said that this was all */
  int started;  /* a byte came that is no mark */
  int by_lines; /* no events: each line is a piece */
  int is_list;  /* nor that: all of it is a list of pieces */
  int after_cr; /* a line feed here ends no line */
  int bad;      /* a piece was no JSON */
  int status;   /* SIUO_OK, or what has failed */
};

static void stream_fails(struct siuop_stream *s, int failed)
{
  if (failed && s->status == SIUO_OK)
    s->status = siuop_fail_plain(s->ctx, SIUO_ENOMEM);
}

/* ---- what it is ---- */

static int begins_with(const struct siuop_message *m, const char *words)
{
  const char *s = m->body;
  size_t len = m->len;
  if (len >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0) {
    s += 3;
    len -= 3;
  }
  siuop_trim(&s, &len);
  return len >= strlen(words) && memcmp(s, words, strlen(words)) == 0;
}

static int type_is(const struct siuop_message *m, const char *type)
{
  char value[80];
  if (!siuop_http_header(m->headers, m->headers_len, "content-type", value, sizeof value))
    return 0;
  for (char *c = value; *c != '\0'; c++)
    *c = (char)siuop_ascii_lower((unsigned char)*c);
  return strncmp(value, type, strlen(type)) == 0;
}

/* Whether a second line holds an object, too: one of pretty JSON is a member or a brace that closes. */
static int has_lines(const struct siuop_message *m)
{
  const char *end = m->len == 0 ? NULL : memchr(m->body, '\n', m->len);
  return end != NULL && end > m->body && (end[-1] == '}' || (end[-1] == '\r' && end - m->body > 1 && end[-2] == '}')) &&
         (size_t)(end + 1 - m->body) < m->len && end[1] == '{';
}

/* Google's stream without events is a list of pieces. */
static int is_list(const struct siuop_message *m)
{
  const char *s = m->body;
  size_t len = m->len;
  siuop_trim(&s, &len);
  if (len == 0 || s[0] != '[')
    return 0;
  s++;
  len--;
  siuop_trim(&s, &len);
  return len > 0 && s[0] == '{';
}

int siuop_stream_is(int api, const struct siuop_message *m)
{
  static const char *const marks[] = {"data:", "event:", "id:", "retry:", ":"};
  for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
    if (begins_with(m, marks[i]))
      return 1;
  if (begins_with(m, "{"))
    return api == SIUO_API_OLLAMA && (has_lines(m) || type_is(m, "application/x-ndjson"));
  if (siuop_http_kind(m->status) == SIUOP_REPLY_ANSWERS && api == SIUO_API_GEMINI && is_list(m))
    return 1;
  return siuop_http_kind(m->status) == SIUOP_REPLY_ANSWERS && !begins_with(m, "[") && !begins_with(m, "<") &&
         type_is(m, "text/event-stream");
}

/* ---- answers ---- */

size_t siuop_stream_count(const struct siuop_stream *s)
{
  return s->count;
}

const struct siuop_streamed *siuop_stream_answer(const struct siuop_stream *s, size_t i)
{
  return i < s->count && s->answers[i].seen ? &s->answers[i] : NULL;
}

/* Makes room for an answer; NULL: out of memory, or one too many. */
static struct siuop_streamed *reach(struct siuop_stream *s, size_t answer)
{
  if (s->status != SIUO_OK || answer >= SIUOP_MOST_ANSWERS)
    return NULL;
  stream_fails(s, siuop_reserve(s->ctx, &s->answers, &s->capacity, answer + 1, sizeof *s->answers) != SIUO_OK);
  if (s->status != SIUO_OK)
    return NULL;
  for (; s->count <= answer; s->count++)
    memset(&s->answers[s->count], 0, sizeof *s->answers);
  s->answers[answer].seen = 1;
  return &s->answers[answer];
}

void siuop_stream_put(struct siuop_stream *s, size_t answer, int field, const siuop_json *text)
{
  size_t len = 0;
  const char *words = siuop_json_text(text, &len);
  struct siuop_streamed *a = words == NULL || (field == SIUOP_STREAM_END && len == 0) ? NULL : reach(s, answer);
  if (a == NULL)
    return;
  if (a->fields[field] == NULL)
    stream_fails(s, siuop_buf_new(&a->fields[field], s->ctx) != SIUO_OK);
  if (s->status != SIUO_OK)
    return;
  if (field == SIUOP_STREAM_END)
    siuop_buf_drop(a->fields[field], siuo_buf_size(a->fields[field])); /* the last word counts */
  stream_fails(s, siuop_buf_add(a->fields[field], words, len) != SIUO_OK);
}

void siuop_stream_begin(struct siuop_stream *s, size_t answer)
{
  reach(s, answer);
}

void siuop_stream_other(struct siuop_stream *s, size_t answer)
{
  struct siuop_streamed *a = reach(s, answer);
  if (a != NULL)
    a->has_other = 1;
}

void siuop_streamed_add(siuo_buf *b, const struct siuop_streamed *a, int field, const char *before)
{
  if (a == NULL || a->fields[field] == NULL)
    return;
  siuop_buf_add_text(b, before);
  siuop_json_add_text(b, siuo_buf_data(a->fields[field]), siuo_buf_size(a->fields[field]));
}

/* ---- the rest of a body ---- */

void siuop_stream_keep(struct siuop_stream *s, const char *key, const siuop_json *value)
{
  if (siuop_json_is_there(value) && s->status == SIUO_OK)
    stream_fails(s, siuop_json_set(s->kept, key, siuop_json_copy(value)) != 0);
}

void siuop_stream_merge(struct siuop_stream *s, const char *key, const siuop_json *members)
{
  siuop_json *patch = siuop_json_type(members) == SIUOP_JSON_OBJECT ? siuop_json_new_object() : NULL;
  if (siuop_json_type(members) != SIUOP_JSON_OBJECT)
    return;
  int failed = patch == NULL || siuop_json_set(patch, key, siuop_json_copy(members)) != 0;
  stream_fails(s, failed || siuop_json_merge(s->kept, patch) != 0);
  siuop_json_free(patch);
}

void siuop_stream_complete(struct siuop_stream *s)
{
  s->complete = 1;
}

/* ---- pieces ---- */

static void take_json(struct siuop_stream *s, const siuop_json *piece)
{
  if (siuop_wire_error(piece) == NULL)
    s->wire->take_piece(s, piece);
  else if (s->error == NULL)
    stream_fails(s, (s->error = siuop_json_copy(piece)) == NULL);
}

static void take_piece(struct siuop_stream *s, const char *text, size_t len)
{
  siuop_json *piece = NULL;
  siuop_trim(&text, &len);
  if (len == 0 || s->status != SIUO_OK)
    return;
  s->pieces++;
  if (len == 6 && memcmp(text, "[DONE]", 6) == 0) {
    s->complete = 1;
    return;
  }
  int rc = siuop_json_parse_reply(&piece, s->ctx, "stream", s->pieces, text, len);
  stream_fails(s, rc == SIUO_ENOMEM);
  s->bad |= rc == SIUO_EFORMAT;
  if (rc == SIUO_OK)
    take_json(s, piece);
  siuop_json_free(piece);
}

/* The line of an event: its data are a piece once an empty line ends it. */
static void take_field(struct siuop_stream *s, const char *line, size_t len)
{
  if (len == 0) {
    take_piece(s, siuo_buf_data(s->data), siuo_buf_size(s->data));
    siuop_buf_drop(s->data, siuo_buf_size(s->data));
  } else if (len >= 5 && memcmp(line, "data:", 5) == 0) {
    size_t from = len > 5 && line[5] == ' ' ? 6 : 5;
    if (siuo_buf_size(s->data) > 0)
      siuop_buf_add_char(s->data, '\n', 1);
    stream_fails(s, siuop_buf_add(s->data, line + from, len - from) != SIUO_OK);
  }
}

/* Sees by the first byte that is not blank what kind of stream it is. */
static void see_kind(struct siuop_stream *s, const char *line, size_t len)
{
  siuop_trim(&line, &len);
  s->started = len > 0;
  s->by_lines = len > 0 && line[0] == '{';
  s->is_list = len > 0 && line[0] == '[';
}

static void end_line(struct siuop_stream *s)
{
  const char *line = siuo_buf_data(s->line);
  size_t len = siuo_buf_size(s->line);
  if (!s->started && len >= 3 && memcmp(line, "\xEF\xBB\xBF", 3) == 0) {
    line += 3;
    len -= 3;
  }
  if (!s->started)
    see_kind(s, line, len);
  if (s->is_list)
    stream_fails(s, siuop_buf_add(s->data, line, len) != SIUO_OK);
  else if (s->by_lines)
    take_piece(s, line, len);
  else
    take_field(s, line, len);
  siuop_buf_drop(s->line, siuo_buf_size(s->line));
}

int siuop_stream_add(struct siuop_stream *s, const char *bytes, size_t len)
{
  size_t from = 0;
  s->bytes += len;
  if (s->bytes > siuop_limits(s->ctx)->reply && s->status == SIUO_OK)
    s->status = siuop_fail(s->ctx, SIUO_ELIMIT,
                           "a stream of replies is longer than the limit of %llu bytes (max_reply of the context)",
                           (unsigned long long)siuop_limits(s->ctx)->reply);
  for (size_t at = 0; at < len && s->status == SIUO_OK; at++) {
    char c = bytes[at];
    int passes = c == '\n' && s->after_cr; /* the second half of a line's end */
    s->after_cr = c == '\r';
    if (c != '\n' && c != '\r')
      continue;
    stream_fails(s, siuop_buf_add(s->line, bytes + from, at - from) != SIUO_OK);
    from = at + 1;
    if (!passes && s->status == SIUO_OK)
      end_line(s);
  }
  if (from < len && s->status == SIUO_OK) {
    s->after_cr = 0;
    stream_fails(s, siuop_buf_add(s->line, bytes + from, len - from) != SIUO_OK);
  }
  return s->status;
}

/* ---- from beginning to end ---- */

int siuop_stream_new(struct siuop_stream **out, siuo_ctx *ctx, int api)
{
  struct siuop_stream *s = siuop_zalloc(ctx, 1, sizeof *s);
  *out = s;
  if (s == NULL)
    return SIUO_ENOMEM;
  s->ctx = ctx;
  s->wire = siuop_wire(api);
  stream_fails(s, (s->kept = siuop_json_new_object()) == NULL);
  if (s->status == SIUO_OK)
    s->status = siuop_buf_new(&s->line, ctx);
  if (s->status == SIUO_OK)
    s->status = siuop_buf_new(&s->data, ctx);
  int rc = s->status;
  if (rc != SIUO_OK) {
    siuop_stream_free(s);
    *out = NULL;
  }
  return rc;
}

void siuop_stream_free(struct siuop_stream *s)
{
  if (s == NULL)
    return;
  for (size_t i = 0; i < s->count; i++)
    for (int field = 0; field < SIUOP_STREAM_FIELDS; field++)
      siuo_buf_free(s->answers[i].fields[field]);
  siuop_free(s->ctx, s->answers);
  siuo_buf_free(s->line);
  siuo_buf_free(s->data);
  siuop_json_free(s->kept);
  siuop_json_free(s->error);
  siuop_free(s->ctx, s);
}

/* The list of pieces, which is all that came. */
static void take_list(struct siuop_stream *s)
{
  siuop_json *list = NULL;
  int rc = siuop_json_parse_reply(&list, s->ctx, "stream", 1, siuo_buf_data(s->data), siuo_buf_size(s->data));
  stream_fails(s, rc == SIUO_ENOMEM);
  s->bad |= rc == SIUO_EFORMAT;
  s->pieces = siuop_json_size(list);
  for (size_t i = 0; s->status == SIUO_OK && i < siuop_json_size(list); i++)
    take_json(s, siuop_json_at(list, i));
  siuop_json_free(list);
}

/* Whether the server said how every answer ended: then it was all, though it didn't say so. */
static int is_ended(const struct siuop_stream *s)
{
  size_t i = 0;
  while (i < s->count && (!s->answers[i].seen || s->answers[i].fields[SIUOP_STREAM_END] != NULL))
    i++;
  return s->count > 0 && i == s->count;
}

static int write_cut(const struct siuop_stream *s, siuo_buf *body)
{
  siuop_buf_printf(
      body,
      "{\"error\":{\"message\":\"the event-stream was cut off after %llu pieces%s\",\"code\":\"stream_cut_off\"}}",
      (unsigned long long)s->pieces, s->bad ? ", of which not all are JSON" : "");
  return siuop_buf_status(body);
}

int siuop_stream_finish(struct siuop_stream *s, siuo_buf *body)
{
  siuo_buf *kept = NULL;
  if (s->status == SIUO_OK && siuo_buf_size(s->line) > 0)
    end_line(s);
  if (s->status == SIUO_OK && s->is_list)
    take_list(s);
  else if (s->status == SIUO_OK && siuo_buf_size(s->data) > 0)
    take_field(s, "", 0); /* the last empty line is often left out */
  if (s->status != SIUO_OK)
    return s->status;
  if (s->error != NULL)
    return siuop_json_write_line(s->error, body);
  if (s->bad || !(s->complete || is_ended(s)))
    return write_cut(s, body);
  int rc = siuop_buf_new(&kept, s->ctx);
  if (rc == SIUO_OK)
    rc = siuop_json_write_line(s->kept, kept);
  if (rc == SIUO_OK) {
    siuop_buf_add_text(body, "{\"streamed\":true");
    s->wire->write_streamed(s, body);
    if (siuo_buf_size(kept) > 2) { /* more than braces: its members follow */
      siuop_buf_add_text(body, ",");
      siuop_buf_add(body, siuo_buf_data(kept) + 1, siuo_buf_size(kept) - 2);
    }
    rc = siuop_buf_add_text(body, "}");
  }
  siuo_buf_free(kept);
  return rc;
}

int siuop_stream_read(siuo_buf *body, siuo_ctx *ctx, int api, const char *bytes, size_t len)
{
  struct siuop_stream *s = NULL;
  int rc = siuop_stream_new(&s, ctx, api);
  if (rc == SIUO_OK)
    rc = siuop_stream_add(s, bytes, len);
  if (rc == SIUO_OK)
    rc = siuop_stream_finish(s, body);
  siuop_stream_free(s);
  return rc;
}
