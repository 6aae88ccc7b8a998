/* batch_mistake.c: files that are taken for a batch's results and are something else: compressed, a page, the
 * description of the batch or of the file, what was sent. */
#include "batch_mistake.h"

#include "json.h"
#include "os.h"
#include "utf8.h"
#include "wire.h"

#include <stdio.h>
#include <string.h>

#define HEAD_SIZE 65536 /* bytes that are looked at: descriptions are much shorter */

/* First bytes of files that are no text. */
static const struct {
  const char *bytes;
  size_t len;
  const char *words;
} heads[] = {
    {"\x1F\x8B", 2, "it is compressed (gzip): gunzip it first"},
    {"PK\x03\x04", 4, "it is a zip archive: unpack it first"},
    {"\x28\xB5\x2F\xFD", 4, "it is compressed (zstd): unzstd it first"},
    {"BZh", 3, "it is compressed (bzip2): bunzip2 it first"},
    {"\xFD"
     "7zXZ",
     5, "it is compressed (xz): unxz it first"},
    {"\xFF\xFE", 2, "it is UTF-16: make it UTF-8 first"},
    {"\xFE\xFF", 2, "it is UTF-16: make it UTF-8 first"},
    {"{\"requests\":", 12, "it holds requests: it is a file to send"},
};

/* A member's text as it may be shown, or what stands for none. */
static const char *shown(const siuop_json *v, const char *key, const char *none, char *out, size_t size)
{
  size_t len = 0;
  const char *text = siuop_json_text(siuop_json_get(v, key), &len);
  if (text == NULL)
    return none;
  siuop_utf8_escape(out, size, text, len);
  return out;
}

/* The description of a batch, of a file, or a list of those, as the providers' pages about them give it. */
static int name_description(siuo_ctx *ctx, const siuop_json *v, char *words, size_t size)
{
  const siuop_json *object = siuop_json_get(v, "object");
  char status[40], output[80], error[80];
  if (siuop_json_is(object, "batch"))
    snprintf(words, size, "it describes the batch (%s): its results are the contents of the files %s and %s",
             shown(v, "status", "no status", status, sizeof status),
             shown(v, "output_file_id", "output_file_id (none yet)", output, sizeof output),
             shown(v, "error_file_id", "error_file_id (none)", error, sizeof error));
  else if (siuop_json_is(siuop_json_get(v, "type"), "message_batch"))
    snprintf(words, size, "it describes the batch (%s): its results are at its results_url",
             shown(v, "processing_status", "no status", status, sizeof status));
  else if (siuop_json_is(object, "file"))
    snprintf(words, size, "it describes the file %s: its content has the results",
             shown(v, "id", "", output, sizeof output));
  else if (siuop_json_is(object, "list") || siuop_json_type(siuop_json_get(v, "data")) == SIUOP_JSON_ARRAY)
    snprintf(words, size, "it is a list of batches or files: fetch the results of one");
  else if (siuop_wire_error(v) != NULL && siuop_json_get(v, "custom_id") == NULL) {
    int at = snprintf(words, size, "it is an error of the server: ");
    return siuop_wire_error_words(ctx, siuop_wire_error(v), words + at, size - (size_t)at);
  }
  return SIUO_OK;
}

static int name_head(siuo_ctx *ctx, const char *head, size_t len, char *words, size_t size)
{
  siuop_json *v = NULL;
  if (len >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0) {
    head += 3;
    len -= 3;
  }
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
    if (len >= heads[i].len && memcmp(head, heads[i].bytes, heads[i].len) == 0) {
      snprintf(words, size, "%s", heads[i].words);
      return SIUO_OK;
    }
  siuop_trim(&head, &len);
  if (len > 0 && head[0] == '<')
    snprintf(words, size, "it is a page of HTML or XML, perhaps an error of the download");
  if (len == 0 || head[0] != '{')
    return SIUO_OK;
  int rc = siuop_json_parse_reply(&v, ctx, "batch", 1, head, len);
  rc = rc == SIUO_EFORMAT ? SIUO_OK : rc; /* lines, or longer than this */
  if (rc == SIUO_OK && v != NULL)
    rc = name_description(ctx, v, words, size);
  siuop_json_free(v);
  return rc;
}

int siuop_batch_mistake(siuo_ctx *ctx, const char *path, char *words, size_t size)
{
  size_t len = 0, got = 1;
  int fd = -1;
  char before[512];
  words[0] = '\0';
  if (strcmp(path, "-") == 0)
    return SIUO_OK;
  siuop_message_copy(ctx, before, sizeof before);
  char *head = siuop_alloc(ctx, HEAD_SIZE, 1);
  if (head == NULL)
    return SIUO_ENOMEM;
  int rc = siuop_os_open(ctx, path, &fd);
  while (rc == SIUO_OK && got > 0 && len < HEAD_SIZE) {
    rc = siuop_os_read(ctx, fd, path, head + len, HEAD_SIZE - len, &got);
    len += rc == SIUO_OK ? got : 0;
  }
  siuop_os_close(fd);
  rc = rc == SIUO_OK ? name_head(ctx, head, len, words, size) : SIUO_OK;
  siuop_free(ctx, head);
  if (rc == SIUO_OK && words[0] == '\0')
    siuop_fail(ctx, SIUO_EFORMAT, "%s", before); /* the message that was there stays */
  return rc;
}
