/* wire_http.c: what a status and headers say about sending again (RFC 9110, 10.2.3 and 15). */
#include "wire.h"

#include "utf8.h"

#include <stdio.h>
#include <string.h>

int siuop_http_kind(int status)
{
  if (status >= 200 && status < 300)
    return SIUOP_REPLY_ANSWERS;
  return status == 408 || status == 409 || status == 429 || status >= 500 || status <= 0 ? SIUOP_REPLY_RETRY
                                                                                         : SIUOP_REPLY_FINAL;
}

/* ---- headers ---- */

static int is_name(const char *line, size_t len, const char *name)
{
  size_t i = 0;
  while (i < len && name[i] != '\0' && siuop_ascii_lower((unsigned char)line[i]) == name[i])
    i++;
  return name[i] == '\0' && i < len && line[i] == ':';
}

/* Copies the value of the last header of that name (lower case); 0 if there is none or it is too long. */
static int find_header(const char *headers, size_t len, const char *name, char *value, size_t size)
{
  int found = 0;
  for (size_t at = 0; at < len;) {
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

double siuop_http_seconds(const char *text, const char *suffix)
{
  double value = 0;
  double unit = 1;
  int digits = 0;
  for (; siuop_ascii_is_digit(*text); text++, digits++)
    value = 10 * value + (*text - '0');
  if (*text == '.')
    for (text++; siuop_ascii_is_digit(*text); text++, digits++)
      value += (*text - '0') * (unit /= 10);
  return strcmp(text, suffix) == 0 && digits > 0 && digits < 20 ? value : -1;
}

/* Days since 1970-01-01 of a Gregorian date. */
static int64_t days_of(int year, int month, int day)
{
  int64_t y = month > 2 ? year : year - 1;
  int64_t shifted = (month + 9) % 12; /* from March */
  return 365 * y + y / 4 - y / 100 + y / 400 + (153 * shifted + 2) / 5 + day - 1 - 719468;
}

/* A date's fields, as the three forms have them (RFC 9110, 5.6.7). */
struct date {
  char weekday[10], month[4];
  int year, day, hour, minute, second;
};

/* "Sun, 06 Nov 1994 08:49:37 GMT", or of old "Sunday, 06-Nov-94 08:49:37 GMT" and "Sun Nov  6 08:49:37 1994". */
static int read_fields(const char *s, struct date *d)
{
  int end = 0;
  if (sscanf(s, "%3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", d->weekday, &d->day, d->month, &d->year, &d->hour,
             &d->minute, &d->second, &end) == 7)
    return end > 0 && s[end] == '\0';
  if (sscanf(s, "%9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n", d->weekday, &d->day, d->month, &d->year, &d->hour,
             &d->minute, &d->second, &end) == 7) {
    d->year += d->year < 70 ? 2000 : 1900;
    return end > 0 && s[end] == '\0';
  }
  return sscanf(s, "%3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", d->weekday, d->month, &d->day, &d->hour, &d->minute,
                &d->second, &d->year, &end) == 7 &&
         s[end] == '\0';
}

/* Seconds since 1970; -1 for what is no date. */
static int64_t parse_date(const char *s)
{
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  struct date d;
  if (!read_fields(s, &d))
    return -1;
  const char *at = strstr(months, d.month);
  if (strlen(d.month) != 3 || at == NULL || (at - months) % 3 != 0 || d.year < 1970 || d.day < 1 || d.day > 31 ||
      d.hour < 0 || d.hour > 23 || d.minute < 0 || d.minute > 59 || d.second < 0 || d.second > 60)
    return -1;
  return ((days_of(d.year, (int)(at - months) / 3 + 1, d.day) * 24 + d.hour) * 60 + d.minute) * 60 + d.second;
}

int siuop_http_request_id(const char *headers, size_t len, char *id, size_t size)
{
  static const char *const names[] = {"x-request-id", "request-id", "apim-request-id"};
  for (size_t i = 0; headers != NULL && i < sizeof names / sizeof names[0]; i++)
    if (find_header(headers, len, names[i], id, size) && id[0] != '\0')
      return 1;
  return 0;
}

int siuop_http_should_retry(const char *headers, size_t len)
{
  char value[8];
  if (headers == NULL || !find_header(headers, len, "x-should-retry", value, sizeof value))
    return -1;
  return strcmp(value, "true") == 0 ? 1 : strcmp(value, "false") == 0 ? 0 : -1;
}

void siuop_http_retry_after(const char *headers, size_t len, double *seconds)
{
  char value[64], date[64];
  if (headers == NULL)
    return;
  if (find_header(headers, len, "retry-after-ms", value, sizeof value) && siuop_http_seconds(value, "") >= 0) {
    *seconds = siuop_http_seconds(value, "") / 1000;
  } else if (find_header(headers, len, "retry-after", value, sizeof value)) {
    if (siuop_http_seconds(value, "") >= 0) {
      *seconds = siuop_http_seconds(value, "");
    } else if (parse_date(value) >= 0 && find_header(headers, len, "date", date, sizeof date) &&
               parse_date(date) >= 0) {
      int64_t wait = parse_date(value) - parse_date(date);
      *seconds = wait > 0 ? (double)wait : 0;
    }
  }
}
