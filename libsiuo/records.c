/* records.c: a source's records one after another. */
#include "records.h"

#include "buf.h"
#include "json_mend.h"
#include "os.h"
#include "records_kind.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define READ_SIZE 65536u

struct walk {
  siuo_ctx *ctx;
  const char *name;
  siuop_record_fn each;
  siuop_record_bad_fn bad; /* NULL: what is no record ends the walk; else it is a walk over what servers sent */
  void *user_data;
  const char *bytes; /* what is in memory: all of it, or of a file what was read and is still needed */
  size_t len;
  siuo_buf *buffer; /* a file's bytes; NULL for bytes in memory */
  int fd;
  int at_end;                  /* there are no bytes beyond these */
  int is_journal;              /* its last line may be cut off */
  struct siuop_mended *mended; /* NULL: what is no JSON stays none */
  siuo_buf *mended_text;
  int byte_order_mark;
  size_t number;  /* records handed out */
  uint64_t line;  /* JSONL: of the next line */
  uint64_t blank; /* white space since the last record */
};

static int is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* ---- messages ---- */

/* Steps over one byte of a valid array, an escaped quotation mark with its backslash. */
static void pass_byte(struct siuop_elements *e)
{
  char c = e->s[e->at++];
  if (c == '\n')
    e->line++;
  else if (c == '"')
    e->in_string = !e->in_string;
  else if (e->in_string)
    e->at += c == '\\';
  else if (c == '[' || c == '{')
    e->depth++;
  else if (c == ']' || c == '}')
    e->depth--;
  else
    e->passed += e->depth == 1 && c == ',';
}

/* The line of the element of that number: behind so many commas, and the white space after the last of them. */
static uint64_t element_line(struct siuop_elements *e, size_t number)
{
  while (e->at < e->len && (e->passed < number || e->depth == 0))
    pass_byte(e);
  while (e->at < e->len && is_blank(e->s[e->at]))
    pass_byte(e);
  return e->line;
}

uint64_t siuop_record_line(const struct siuop_record *record)
{
  return record->elements == NULL ? record->line : element_line(record->elements, record->number);
}

int siuop_record_fail(siuo_ctx *ctx, const struct siuop_record *record, int status, const char *format, ...)
{
  char words[768];
  va_list args;
  va_start(args, format);
  vsnprintf(words, sizeof words, format, args);
  va_end(args);
  return siuop_fail(ctx, status, "%s:%llu: %s", record->name, (unsigned long long)siuop_record_line(record), words);
}

/* Past a record, or what should have been one. */
static int passed(struct walk *w, int rc)
{
  w->number++;
  w->blank = 0;
  return rc == SIUO_EFORMAT && w->bad != NULL ? w->bad(w->ctx, w->user_data) : rc;
}

static int hand_out(struct walk *w, struct siuop_record *record)
{
  int rc;
  record->name = w->name;
  record->number = w->number;
  record->byte_order_mark = w->byte_order_mark;
  if (siuop_json_type(record->value) != SIUOP_JSON_OBJECT)
    rc = siuop_record_fail(w->ctx, record, SIUO_EFORMAT, "expected an object {...}, found %s",
                           siuop_json_type_name(record->value));
  else
    rc = w->each(w->ctx, record, w->user_data);
  return passed(w, rc);
}

/* ---- bytes ---- */

static int too_long(const struct walk *w, const char *what, uint64_t limit, const char *option)
{
  return siuop_fail(w->ctx, SIUO_ELIMIT, "%s:%llu: %s is longer than the limit of %llu bytes (%s of the context)",
                    w->name, (unsigned long long)w->line, what, (unsigned long long)limit, option);
}

/* Reads once more behind what there is. */
static int read_more(struct walk *w)
{
  size_t got = 0;
  char *room = siuop_buf_room(w->buffer, READ_SIZE);
  if (room == NULL)
    return SIUO_ENOMEM;
  int rc = siuop_os_read(w->ctx, w->fd, w->name, room, READ_SIZE, &got);
  if (rc == SIUO_OK)
    siuop_buf_wrote(w->buffer, got);
  w->at_end = got == 0;
  w->bytes = siuo_buf_data(w->buffer);
  w->len = siuo_buf_size(w->buffer);
  return rc;
}

/* ---- the two forms ---- */

/* Mends the text, where that is wished: *bytes and *len become those that are parsed. */
static int mend(struct walk *w, uint64_t line, const char **bytes, size_t *len)
{
  if (w->mended == NULL)
    return SIUO_OK;
  siuop_buf_drop(w->mended_text, siuo_buf_size(w->mended_text));
  int rc = siuop_json_mend(w->mended_text, *bytes, *len, line, w->mended);
  if (siuo_buf_size(w->mended_text) > 0) {
    *bytes = siuo_buf_data(w->mended_text);
    *len = siuo_buf_size(w->mended_text);
  }
  return rc;
}

static int walk_array(struct walk *w, size_t from)
{
  uint64_t limit = siuop_limits(w->ctx)->document;
  siuop_json *array = NULL;
  int rc = SIUO_OK;
  while (rc == SIUO_OK && !w->at_end && w->len <= limit)
    rc = read_more(w);
  if (rc != SIUO_OK)
    return rc;
  if (w->len > limit)
    return too_long(w, "the document", limit, "max_document");
  struct siuop_elements elements = {w->bytes + from, w->len - from, 0, 0, 0, 0, 1};
  rc = mend(w, 1, &elements.s, &elements.len);
  if (rc == SIUO_OK)
    rc = siuop_json_parse(&array, w->ctx, w->name, 1, elements.s, elements.len);
  for (size_t i = 0; rc == SIUO_OK && i < siuop_json_size(array); i++) {
    struct siuop_record record = {0};
    record.value = siuop_json_at(array, i);
    record.elements = &elements;
    rc = hand_out(w, &record);
  }
  siuop_json_free(array);
  return rc;
}

static int walk_line(struct walk *w, const char *bytes, size_t len)
{
  const struct siuop_limits *limits = siuop_limits(w->ctx);
  size_t blank = 0;
  if (len > limits->line)
    return too_long(w, "this line", limits->line, "max_line");
  while (blank < len && is_blank(bytes[blank]))
    blank++;
  if (blank == len) {
    w->blank += len + 1;
    w->line++;
    return w->blank > limits->line ? too_long(w, "the white space", limits->line, "max_line") : SIUO_OK;
  }
  struct siuop_record record = {0};
  siuop_json *value = NULL;
  record.line = w->line++;
  int rc = mend(w, record.line, &bytes, &len);
  if (rc != SIUO_OK)
    return rc;
  rc = w->bad != NULL ? siuop_json_parse_reply(&value, w->ctx, w->name, record.line, bytes, len)
                      : siuop_json_parse(&value, w->ctx, w->name, record.line, bytes, len);
  record.value = value;
  rc = rc == SIUO_OK ? hand_out(w, &record) : passed(w, rc);
  siuop_json_free(value);
  return rc;
}

/* What stands behind the last line feed. */
static int walk_rest(struct walk *w, size_t from)
{
  if (from == w->len || !w->is_journal)
    return from < w->len ? walk_line(w, w->bytes + from, w->len - from) : SIUO_OK;
  siuop_log(w->ctx, SIUO_LOG_NOTE, "%s:%llu: the last line is cut off, and is passed over", w->name,
            (unsigned long long)w->line);
  return SIUO_OK;
}

static int walk_lines(struct walk *w, size_t from)
{
  size_t scanned = from; /* there is no line feed between from and here */
  int rc = SIUO_OK;
  while (rc == SIUO_OK) {
    const char *end = memchr(w->bytes + scanned, '\n', w->len - scanned);
    if (end != NULL) {
      rc = walk_line(w, w->bytes + from, (size_t)(end - w->bytes) - from);
      from = scanned = (size_t)(end - w->bytes) + 1;
    } else if (w->at_end) {
      return walk_rest(w, from);
    } else if (w->len - from > siuop_limits(w->ctx)->line) {
      rc = too_long(w, "this line", siuop_limits(w->ctx)->line, "max_line");
    } else {
      siuop_buf_drop(w->buffer, from);
      scanned = w->len - from;
      from = 0;
      rc = read_more(w);
    }
  }
  return rc;
}

/* ---- telling them apart ---- */

static int wrong_kind(const struct walk *w, const char *kind)
{
  return siuop_fail(w->ctx, SIUO_EFORMAT, "%s: no JSON, but %s (it begins with byte 0x%02X)", w->name, kind,
                    (unsigned)(unsigned char)w->bytes[0]);
}

static int wrong_start(const struct walk *w, size_t at)
{
  if (at == w->len)
    return siuop_fail(w->ctx, SIUO_EFORMAT, "%s: it is empty; expected a JSON array or JSONL", w->name);
  const char *kind = siuop_kind_of_text(w->bytes + at, w->len - at);
  if (kind != NULL)
    return wrong_kind(w, kind);
  return siuop_fail(w->ctx, SIUO_EFORMAT,
                    "%s:%llu: begins with byte 0x%02X; expected [ (a JSON array) or { (JSONL, one object a line)",
                    w->name, (unsigned long long)w->line, (unsigned)(unsigned char)w->bytes[at]);
}

/* Passes over a byte order mark (*from gets where the text begins) and white space (*at gets the first byte that
 * is none). */
static int find_start(struct walk *w, size_t *from, size_t *at)
{
  int rc = SIUO_OK;
  while (rc == SIUO_OK && !w->at_end && w->len < 3)
    rc = read_more(w);
  w->byte_order_mark = w->len >= 3 && memcmp(w->bytes, "\xEF\xBB\xBF", 3) == 0;
  *at = *from = w->byte_order_mark ? 3 : 0;
  while (rc == SIUO_OK) {
    while (*at < w->len && is_blank(w->bytes[*at]))
      w->line += w->bytes[(*at)++] == '\n';
    if (*at < w->len || w->at_end)
      break;
    if (*at > siuop_limits(w->ctx)->line)
      return too_long(w, "the white space", siuop_limits(w->ctx)->line, "max_line");
    rc = read_more(w);
  }
  return rc;
}

static int walk_source(struct walk *w)
{
  size_t from = 0;
  size_t at = 0;
  int rc = find_start(w, &from, &at);
  if (rc != SIUO_OK)
    return rc;
  if (at == w->len && w->is_journal)
    return SIUO_OK;
  const char *kind = siuop_kind_of_bytes(w->bytes, w->len);
  if (kind != NULL)
    return wrong_kind(w, kind);
  char first = at < w->len ? w->bytes[at] : '\0';
  int is_bad_line = w->bad != NULL && at < w->len; /* as any other may be */
  if (first != '[' && first != '{' && !is_bad_line)
    return wrong_start(w, at);
  w->line = 1;
  rc = first == '[' ? walk_array(w, from) : walk_lines(w, from);
  if (rc == SIUO_OK && w->number == 0 && !w->is_journal)
    return siuop_fail(w->ctx, SIUO_EFORMAT, "%s: there are no items in it", w->name);
  return rc;
}

/* Walks what scripts wrote, and tells what had to be mended. */
static int walk_mending(struct walk *w)
{
  struct siuop_mended mended = {{0}, {0}};
  w->mended = &mended;
  int rc = siuop_buf_new(&w->mended_text, w->ctx);
  if (rc == SIUO_OK)
    rc = walk_source(w);
  if (rc == SIUO_OK)
    siuop_json_tell_mended(w->ctx, w->name, &mended);
  siuo_buf_free(w->mended_text);
  return rc;
}

static int parse_bytes(siuo_ctx *ctx, const char *name, const void *bytes, size_t len, siuop_record_fn each,
                       void *user_data, int (*walk)(struct walk *w))
{
  struct walk w = {0};
  w.ctx = ctx;
  w.name = name;
  w.each = each;
  w.user_data = user_data;
  w.bytes = len == 0 ? "" : bytes;
  w.len = len;
  w.at_end = 1;
  w.line = 1;
  return walk(&w);
}

int siuop_records_parse(siuo_ctx *ctx, const char *name, const void *bytes, size_t len, siuop_record_fn each,
                        void *user_data)
{
  return parse_bytes(ctx, name, bytes, len, each, user_data, walk_source);
}

int siuop_records_parse_mending(siuo_ctx *ctx, const char *name, const void *bytes, size_t len, siuop_record_fn each,
                                void *user_data)
{
  return parse_bytes(ctx, name, bytes, len, each, user_data, walk_mending);
}

static int read_file(siuo_ctx *ctx, const char *path, int is_journal, siuop_record_fn each, siuop_record_bad_fn bad,
                     void *user_data, int (*walk)(struct walk *w))
{
  struct walk w = {0};
  w.ctx = ctx;
  w.name = strcmp(path, "-") == 0 ? "<standard input>" : path;
  w.each = each;
  w.bad = bad;
  w.user_data = user_data;
  w.bytes = "";
  w.line = 1;
  w.is_journal = is_journal;
  int rc = siuop_os_open(ctx, path, &w.fd);
  if (rc == SIUO_OK)
    rc = siuop_buf_new(&w.buffer, ctx);
  if (rc == SIUO_OK)
    rc = walk(&w);
  siuo_buf_free(w.buffer);
  siuop_os_close(w.fd);
  return rc;
}

int siuop_records_read(siuo_ctx *ctx, const char *path, siuop_record_fn each, void *user_data)
{
  return read_file(ctx, path, 0, each, NULL, user_data, walk_source);
}

int siuop_records_read_mending(siuo_ctx *ctx, const char *path, siuop_record_fn each, void *user_data)
{
  return read_file(ctx, path, 0, each, NULL, user_data, walk_mending);
}

int siuop_records_read_journal(siuo_ctx *ctx, const char *path, siuop_record_fn each, void *user_data)
{
  return read_file(ctx, path, 1, each, NULL, user_data, walk_source);
}

int siuop_records_read_replies(siuo_ctx *ctx, const char *path, siuop_record_fn each, siuop_record_bad_fn bad,
                               void *user_data)
{
  return read_file(ctx, path, 0, each, bad, user_data, walk_source);
}
