/* wire_http.c: what a status and headers say (RFC 9110, 15). */
#include "wire.h"

#include "utf8.h"

#include <string.h>

int siuop_http_kind(int status)
{
  static const int passing[] = {408, 409, 425, 429, 498, 499};
  if (status >= 200 && status < 300)
    return SIUOP_REPLY_ANSWERS;
  for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++)
    if (status == passing[i])
      return SIUOP_REPLY_RETRY;
  return status >= 500 || status <= 0 ? SIUOP_REPLY_RETRY : SIUOP_REPLY_FINAL;
}

/* ---- headers ---- */

static int is_name(const char *line, size_t len, const char *name)
{
  size_t i = 0;
  while (i < len && name[i] != '\0' && siuop_ascii_lower((unsigned char)line[i]) == name[i])
    i++;
  return name[i] == '\0' && i < len && line[i] == ':';
}

int siuop_http_header(const char *headers, size_t len, const char *name, char *value, size_t size)
{
  int found = 0;
  for (size_t at = 0; headers != NULL && at < len;) {
    const char *end = memchr(headers + at, '\n', len - at);
    size_t line = end == NULL ? len - at : (size_t)(end - headers) - at;
    if (is_name(headers + at, line, name)) {
      const char *s = headers + at + strlen(name) + 1;
      size_t n = line - strlen(name) - 1;
      siuop_trim(&s, &n);
      found = n < size;
      if (found) {
        memcpy(value, s, n);
        value[n] = '\0';
      }
    }
    at += line + 1;
  }
  return found;
}

double siuop_http_number(const char *text)
{
  double value = 0;
  double unit = 1;
  int digits = 0;
  for (; siuop_ascii_is_digit(*text); text++, digits++)
    value = 10 * value + (*text - '0');
  if (*text == '.')
    for (text++; siuop_ascii_is_digit(*text); text++, digits++)
      value += (*text - '0') * (unit /= 10);
  return *text == '\0' && digits > 0 && digits < 20 ? value : -1;
}

int siuop_http_request_id(const char *headers, size_t len, char *id, size_t size)
{
  static const char *const names[] = {"x-request-id", "request-id", "apim-request-id"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (siuop_http_header(headers, len, names[i], id, size) && id[0] != '\0')
      return 1;
  return 0;
}

int siuop_http_should_retry(const char *headers, size_t len)
{
  char value[8];
  if (!siuop_http_header(headers, len, "x-should-retry", value, sizeof value))
    return -1;
  return strcmp(value, "true") == 0 ? 1 : strcmp(value, "false") == 0 ? 0 : -1;
}
