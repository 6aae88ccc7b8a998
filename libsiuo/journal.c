/* journal.c: a session's lines in a file, each chained to the one before: docs/session.md. */
#include "buf.h"
#include "digest.h"
#include "json.h"
#include "os.h"

#include <siuo/journal.h>

#include <string.h>

#define PREFIX     "{\"prev\":\""
#define PREFIX_LEN (sizeof PREFIX - 1)
#define HEX_LEN    (SIUOP_DIGEST_HEX - 1)
#define CHUNK      65536

/* What a journal begins with: a file that begins otherwise is somebody else's, and nothing in it is touched. */
#define HEADER "{\"siuo\":\"journal/1\",\"session\":"

struct siuo_journal {
  siuo_ctx *ctx;
  siuo_buf *path;
  int fd;
  int attached;
  int broken;    /* a failed write could not be taken back */
  uint64_t size; /* bytes of whole lines */
  uint64_t lines;
  char last[SIUOP_DIGEST_HEX]; /* digest of the last line, without its line feed */
  siuo_buf *line;
};

static const char *path_of(const siuo_journal *j)
{
  return siuo_buf_data(j->path);
}

static int too_long(const siuo_journal *j)
{
  return siuop_fail(j->ctx, SIUO_ELIMIT,
                    "%s:%llu: the line is longer than the limit of %llu bytes (max_line of the context)", path_of(j),
                    (unsigned long long)j->lines + 1, (unsigned long long)siuop_limits(j->ctx)->line);
}

static int is_foreign(const siuo_journal *j)
{
  return siuop_fail(j->ctx, SIUO_EFORMAT, "%s:1: this is no journal of this version", path_of(j));
}

/* ---- opening ---- */

static int open_file(siuo_journal *j, const char *path, int (*open)(siuo_ctx *ctx, const char *path, int *fd))
{
  int rc = siuop_buf_new(&j->path, j->ctx);
  if (rc == SIUO_OK)
    rc = siuop_buf_add_text(j->path, path);
  if (rc == SIUO_OK)
    rc = siuop_buf_new(&j->line, j->ctx);
  if (rc == SIUO_OK)
    rc = open(j->ctx, path, &j->fd);
  return rc;
}

static int make(siuo_journal **out, siuo_ctx *ctx, const char *path,
                int (*open)(siuo_ctx *ctx, const char *path, int *fd))
{
  siuo_journal *j = siuop_zalloc(ctx, 1, sizeof *j);
  if (j == NULL)
    return SIUO_ENOMEM;
  j->ctx = ctx;
  j->fd = -1;
  int rc = open_file(j, path, open);
  if (rc == SIUO_OK)
    *out = j;
  else
    siuo_journal_free(j);
  return rc;
}

int siuo_journal_open(siuo_journal **out, siuo_ctx *ctx, const char *path)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  return ctx == NULL || path == NULL ? SIUO_EINVAL : make(out, ctx, path, siuop_os_open_journal);
}

void siuo_journal_free(siuo_journal *j)
{
  if (j == NULL)
    return;
  siuop_os_close(j->fd);
  siuo_buf_free(j->line);
  siuo_buf_free(j->path);
  siuop_free(j->ctx, j);
}

/* ---- writing ---- */

static void sum(const char *bytes, size_t len, char out[SIUOP_DIGEST_HEX])
{
  struct siuop_digest d;
  siuop_digest_init(&d);
  siuop_digest_add(&d, bytes, len);
  siuop_digest_hex(&d, out);
}

/* Writes a whole line, or takes back what was written of it. */
static int append(siuo_journal *j, const char *line, size_t len)
{
  if (j->broken)
    return siuop_fail(j->ctx, SIUO_ESTATE, "%s: an earlier write failed half way: start again", path_of(j));
  int rc = siuop_os_write(j->ctx, j->fd, path_of(j), line, len);
  if (rc != SIUO_OK) {
    if (siuop_os_truncate(j->fd, j->size) != 0)
      j->broken = 1;
    return rc;
  }
  j->size += len;
  j->lines++;
  sum(line, len - 1, j->last);
  return SIUO_OK;
}

int siuo_journal_sink(const void *line, size_t len, void *journal)
{
  siuo_journal *j = journal;
  const char *text = line;
  if (j == NULL || text == NULL || len < 3 || text[0] != '{' || text[len - 1] != '\n')
    return SIUO_EINVAL;
  if (!j->attached)
    return siuop_fail(j->ctx, SIUO_ESTATE, "%s: no session is attached", path_of(j));
  siuop_buf_drop(j->line, siuo_buf_size(j->line));
  siuop_buf_add_text(j->line, PREFIX);
  siuop_buf_add(j->line, j->last, HEX_LEN);
  siuop_buf_add_text(j->line, "\",");
  int rc = siuop_buf_add(j->line, text + 1, len - 1);
  if (rc == SIUO_OK && siuo_buf_size(j->line) > siuop_limits(j->ctx)->line)
    return too_long(j); /* it could not be read back */
  return rc == SIUO_OK ? append(j, siuo_buf_data(j->line), siuo_buf_size(j->line)) : rc;
}

int siuo_journal_sync(siuo_journal *j)
{
  if (j == NULL)
    return SIUO_EINVAL;
  if (!j->attached)
    return siuop_fail(j->ctx, SIUO_ESTATE, "%s: no session is attached", path_of(j));
  return siuop_os_sync(j->ctx, j->fd, path_of(j));
}

/* ---- the first line ---- */

static int write_header(siuo_buf *b, siuo_ctx *ctx, const siuo_session *s)
{
  siuo_buf *session = NULL;
  int rc = siuo_session_describe(s, ctx, &session);
  if (rc != SIUO_OK)
    return rc;
  siuop_buf_add_text(b, HEADER);
  siuop_buf_add(b, siuo_buf_data(session), siuo_buf_size(session));
  rc = siuop_buf_add_text(b, "}\n");
  siuo_buf_free(session);
  return rc;
}

static int is_same(siuo_ctx *ctx, const siuop_json *a, const siuop_json *b, int *same)
{
  siuo_buf *x = NULL;
  siuo_buf *y = NULL;
  *same = a == NULL && b == NULL;
  if (a == NULL || b == NULL)
    return SIUO_OK;
  int rc = siuop_buf_new(&x, ctx);
  if (rc == SIUO_OK)
    rc = siuop_buf_new(&y, ctx);
  if (rc == SIUO_OK)
    rc = siuop_json_write_line(a, x);
  if (rc == SIUO_OK)
    rc = siuop_json_write_line(b, y);
  *same = rc == SIUO_OK && siuo_buf_size(x) == siuo_buf_size(y) &&
          memcmp(siuo_buf_data(x), siuo_buf_data(y), siuo_buf_size(x)) == 0;
  siuo_buf_free(x);
  siuo_buf_free(y);
  return rc;
}

/* The member by which two targets, or lists of judges' targets, differ first; NULL: not by one that both may have. */
static int find_difference(siuo_ctx *ctx, const siuop_json *a, const siuop_json *b, const char **member)
{
  static const char *const members[] = {"model",      "api",  "system", "temperature",
                                        "max_tokens", "seed", "schema", "extra"};
  int same = 1;
  int rc = SIUO_OK;
  *member = NULL;
  for (size_t i = 0; siuop_json_type(a) == SIUOP_JSON_ARRAY && i < siuop_json_size(a) && i < siuop_json_size(b); i++)
    if ((rc = find_difference(ctx, siuop_json_at(a, i), siuop_json_at(b, i), member)) != SIUO_OK || *member != NULL)
      return rc;
  for (size_t i = 0; siuop_json_type(a) == SIUOP_JSON_OBJECT && i < sizeof members / sizeof members[0]; i++) {
    rc = is_same(ctx, siuop_json_get(a, members[i]), siuop_json_get(b, members[i]), &same);
    if (rc == SIUO_OK && same)
      continue;
    *member = i == 0 ? NULL : members[i]; /* another model is said already */
    return rc;
  }
  return SIUO_OK;
}

/* What a difference in the first line is called. */
static int compare_headers(siuo_journal *j, const siuop_json *theirs, const siuop_json *ours)
{
  static const struct {
    const char *section, *key, *words;
  } parts[] = {{"data", "generation", "other data (generation)"},
               {"data", "choice", "other data (multiple choice)"},
               {"protocol", "sha256", "another protocol"},
               {"targets", "generate", "another model (generation)"},
               {"targets", "choose", "another model (multiple choice)"},
               {"targets", "judge_safety", "another judge of safety"},
               {"targets", "judge_effectiveness", "another judge of effectiveness"},
               {NULL, "pictures", "other pictures"},
               {NULL, "rules", "other rules"},
               {NULL, "panel", "another panel of judges"},
               {NULL, "ask_all", "another setting of ask_all"}};
  int same = 0;
  int rc = SIUO_OK;
  const char *words = NULL;
  const char *member = NULL;
  for (size_t i = 0; rc == SIUO_OK && words == NULL && i < sizeof parts / sizeof parts[0]; i++) {
    const siuop_json *a = siuop_json_get(theirs, "session");
    const siuop_json *b = siuop_json_get(ours, "session");
    if (parts[i].section != NULL) {
      a = siuop_json_get(a, parts[i].section);
      b = siuop_json_get(b, parts[i].section);
    }
    rc = is_same(j->ctx, siuop_json_get(a, parts[i].key), siuop_json_get(b, parts[i].key), &same);
    words = same ? NULL : parts[i].words;
    if (rc == SIUO_OK && !same && parts[i].section != NULL && strcmp(parts[i].section, "targets") == 0)
      rc = find_difference(j->ctx, siuop_json_get(a, parts[i].key), siuop_json_get(b, parts[i].key), &member);
  }
  if (rc != SIUO_OK || words == NULL)
    return rc;
  return siuop_fail(j->ctx, SIUO_ESTATE,
                    "%s: this journal was made with %s%s%s: choose another folder, or the same settings", path_of(j),
                    words, member == NULL ? "" : ", by its ", member == NULL ? "" : member);
}

static int check_header(siuo_journal *j, const siuo_session *s, const char *line, size_t len)
{
  siuo_buf *own = NULL;
  siuop_json *theirs = NULL;
  siuop_json *ours = NULL;
  int rc = siuop_json_parse(&theirs, j->ctx, path_of(j), 1, line, len);
  const char *kind = rc == SIUO_OK ? siuop_json_text(siuop_json_get(theirs, "siuo"), NULL) : NULL;
  if (rc == SIUO_OK && (kind == NULL || strcmp(kind, "journal/1") != 0))
    rc = is_foreign(j);
  if (rc == SIUO_OK)
    rc = siuop_buf_new(&own, j->ctx);
  if (rc == SIUO_OK)
    rc = write_header(own, j->ctx, s);
  if (rc == SIUO_OK)
    rc = siuop_json_parse(&ours, j->ctx, "session", 1, siuo_buf_data(own), siuo_buf_size(own));
  if (rc == SIUO_OK)
    rc = compare_headers(j, theirs, ours);
  siuop_json_free(theirs);
  siuop_json_free(ours);
  siuo_buf_free(own);
  return rc;
}

/* ---- reading ---- */

static int damaged(siuo_journal *j, const char *words)
{
  return siuop_fail(j->ctx, SIUO_EFORMAT, "%s:%llu: damaged: %s", path_of(j), (unsigned long long)j->lines + 1, words);
}

/* One whole line, without its line feed. */
static int take_line(siuo_journal *j, siuo_session *s, const char *line, size_t len)
{
  int rc;
  if (j->lines == 0) {
    rc = check_header(j, s, line, len);
  } else if (len < PREFIX_LEN + HEX_LEN + 2 || memcmp(line, PREFIX, PREFIX_LEN) != 0) {
    rc = damaged(j, "the line does not begin with the digest of the line before");
  } else if (memcmp(line + PREFIX_LEN, j->last, HEX_LEN) != 0) {
    rc = damaged(j, "the digest is not that of the line before, so a line was changed, lost or added");
  } else {
    rc = siuo_session_restore(s, line, len);
    if (rc == SIUO_EFORMAT || rc == SIUO_ENOTFOUND || rc == SIUO_ESTATE) {
      char words[256];
      siuop_message_copy(j->ctx, words, sizeof words);
      rc = siuop_fail(j->ctx, rc, "%s:%llu: %s", path_of(j), (unsigned long long)j->lines + 1, words);
    }
  }
  if (rc != SIUO_OK)
    return rc;
  j->lines++;
  j->size += len + 1;
  sum(line, len, j->last);
  return SIUO_OK;
}

static int take_lines(siuo_journal *j, siuo_session *s, siuo_buf *bytes)
{
  size_t at = 0;
  int rc = SIUO_OK;
  while (rc == SIUO_OK) {
    const char *line = siuo_buf_data(bytes) + at;
    const char *end = memchr(line, '\n', siuo_buf_size(bytes) - at);
    if (end == NULL)
      break;
    rc = take_line(j, s, line, (size_t)(end - line));
    at += (size_t)(end - line) + 1;
  }
  siuop_buf_drop(bytes, at);
  return rc == SIUO_OK && siuo_buf_size(bytes) > siuop_limits(j->ctx)->line ? too_long(j) : rc;
}

/* Whether what was cut off could be the beginning of a journal's first line. */
static int is_begun(const siuo_buf *bytes)
{
  size_t len = siuo_buf_size(bytes);
  return memcmp(siuo_buf_data(bytes), HEADER, len < sizeof HEADER - 1 ? len : sizeof HEADER - 1) == 0;
}

/* Reads the file from its beginning to its end; *torn gets the bytes of a last line that was cut off. */
static int read_all(siuo_journal *j, siuo_session *s, size_t *torn)
{
  siuo_buf *bytes = NULL;
  size_t got = 1;
  j->size = j->lines = 0;
  int rc = siuop_buf_new(&bytes, j->ctx);
  if (rc == SIUO_OK)
    rc = siuop_os_rewind(j->ctx, j->fd, path_of(j));
  while (rc == SIUO_OK && got > 0) {
    char *room = siuop_buf_room(bytes, CHUNK);
    rc = room == NULL ? SIUO_ENOMEM : siuop_os_read(j->ctx, j->fd, path_of(j), room, CHUNK, &got);
    if (rc != SIUO_OK)
      break;
    siuop_buf_wrote(bytes, got);
    rc = take_lines(j, s, bytes);
  }
  *torn = siuo_buf_size(bytes);
  if (rc == SIUO_OK && j->lines == 0 && !is_begun(bytes))
    rc = is_foreign(j);
  siuo_buf_free(bytes);
  return rc;
}

static int drop_torn(siuo_journal *j, size_t torn)
{
  if (torn == 0)
    return SIUO_OK;
  siuop_log(j->ctx, SIUO_LOG_NOTE, "%s:%llu: the last line was cut off; its %llu bytes are dropped", path_of(j),
            (unsigned long long)j->lines + 1, (unsigned long long)torn);
  if (siuop_os_truncate(j->fd, j->size) != 0)
    return siuop_fail(j->ctx, SIUO_EIO, "%s: cannot drop a last line that was cut off", path_of(j));
  return SIUO_OK;
}

static int begin(siuo_journal *j, const siuo_session *s)
{
  siuop_buf_drop(j->line, siuo_buf_size(j->line));
  int rc = write_header(j->line, j->ctx, s);
  if (rc == SIUO_OK)
    rc = append(j, siuo_buf_data(j->line), siuo_buf_size(j->line));
  if (rc == SIUO_OK)
    rc = siuop_os_sync(j->ctx, j->fd, path_of(j));
  return rc == SIUO_OK ? siuop_os_sync_folder(j->ctx, path_of(j)) : rc;
}

int siuo_journal_attach(siuo_journal *j, siuo_session *s)
{
  size_t torn = 0;
  if (j == NULL || s == NULL)
    return SIUO_EINVAL;
  if (j->attached)
    return siuop_fail(j->ctx, SIUO_ESTATE, "%s: a session is attached already", path_of(j));
  int rc = read_all(j, s, &torn);
  if (rc == SIUO_OK)
    rc = drop_torn(j, torn);
  if (rc == SIUO_OK && j->lines == 0)
    rc = begin(j, s);
  j->attached = rc == SIUO_OK;
  return rc;
}

int siuo_journal_restore(siuo_session *s, siuo_ctx *ctx, const char *path)
{
  siuo_journal *j = NULL;
  size_t torn = 0;
  if (s == NULL || ctx == NULL || path == NULL)
    return SIUO_EINVAL;
  int rc = make(&j, ctx, path, siuop_os_open);
  if (rc == SIUO_OK)
    rc = read_all(j, s, &torn);
  siuo_journal_free(j);
  return rc;
}
