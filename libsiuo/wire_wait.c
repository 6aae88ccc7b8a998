/* wire_wait.c: when a server wants to be asked again, as headers, errors and their words say it (RFC 9110, 10.2.3). */
#include "wire.h"

#include "utf8.h"

#include <stdio.h>
#include <string.h>

/* ---- dates ---- */

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

/* Seconds since 1970 of fields; -1: there is no such time. */
static int64_t seconds_of(const struct date *d, int month)
{
  if (d->year < 1970 || month < 1 || month > 12 || d->day < 1 || d->day > 31 || d->hour < 0 || d->hour > 23 ||
      d->minute < 0 || d->minute > 59 || d->second < 0 || d->second > 60)
    return -1;
  return ((days_of(d->year, month, d->day) * 24 + d->hour) * 60 + d->minute) * 60 + d->second;
}

/* Seconds since 1970; -1 for what is no date. */
static int64_t parse_date(const char *s)
{
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  struct date d;
  if (!read_fields(s, &d))
    return -1;
  const char *at = strstr(months, d.month);
  if (strlen(d.month) != 3 || at == NULL || (at - months) % 3 != 0)
    return -1;
  return seconds_of(&d, (int)(at - months) / 3 + 1);
}

/* "2026-11-25T20:20:00Z" (RFC 3339), in UTC; parts of a second are let go. */
static int64_t parse_timestamp(const char *s)
{
  struct date d;
  int month = 0, end = 0;
  if (sscanf(s, "%4d-%2d-%2dT%2d:%2d:%2d%n", &d.year, &month, &d.day, &d.hour, &d.minute, &d.second, &end) != 6)
    return -1;
  s += end;
  if (*s == '.')
    s += 1 + strspn(s + 1, "0123456789");
  return strcmp(s, "Z") == 0 || strcmp(s, "+00:00") == 0 ? seconds_of(&d, month) : -1;
}

/* Seconds from the reply's own date to a time; -1: it has none. */
static double since_reply(int64_t then, const char *headers, size_t len)
{
  char date[64];
  int64_t now = siuop_http_header(headers, len, "date", date, sizeof date) ? parse_date(date) : -1;
  if (then < 0 || now < 0)
    return -1;
  return then > now ? (double)(then - now) : 0;
}

/* ---- durations ---- */

/* Units, the longer of two that begin alike first. */
static const struct {
  const char *name;
  double seconds;
} units[] = {{"ms", 0.001},   {"milliseconds", 0.001}, {"minutes", 60}, {"minute", 60}, {"mins", 60},    {"min", 60},
             {"m", 60},       {"seconds", 1},          {"second", 1},   {"secs", 1},    {"sec", 1},      {"s", 1},
             {"hours", 3600}, {"hour", 3600},          {"hrs", 3600},   {"h", 3600},    {"days", 86400}, {"day", 86400},
             {"d", 86400}};

static int is_unit_letter(char c)
{
  int lower = siuop_ascii_lower((unsigned char)c);
  return lower >= 'a' && lower <= 'z';
}

static size_t past_blanks(const char *s, size_t len, size_t at)
{
  while (at < len && (s[at] == ' ' || s[at] == '\t'))
    at++;
  return at;
}

/* Bytes of a unit at s, which is a whole word, or followed by a digit; 0: none. */
static size_t unit_at(const char *s, size_t len, double *seconds)
{
  size_t n = 0;
  while (n < len && is_unit_letter(s[n]))
    n++;
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
    if (strlen(units[i].name) == n && memcmp(units[i].name, s, n) == 0) {
      *seconds = units[i].seconds;
      return n;
    }
  return 0;
}

/* Bytes of a number at s; 0: none. A point at the end of a sentence is none of its own. */
static size_t number_at(const char *s, size_t len, double *value)
{
  char digits[20];
  size_t n = 0;
  while (n < len && n + 1 < sizeof digits &&
         (siuop_ascii_is_digit(s[n]) ||
          (s[n] == '.' && n > 0 && n + 1 < len && siuop_ascii_is_digit(s[n + 1]) && memchr(s, '.', n) == NULL)))
    n++;
  memcpy(digits, s, n);
  digits[n] = '\0';
  *value = siuop_http_number(digits);
  return *value < 0 || (n < len && siuop_ascii_is_digit(s[n])) ? 0 : n;
}

/* Bytes of the duration at s, in *seconds; 0: none. */
static size_t duration_at(const char *s, size_t len, double *seconds)
{
  size_t end = 0;
  *seconds = 0;
  for (size_t at = 0; at < len;) {
    double value = 0, unit = 1;
    size_t n = number_at(s + at, len - at, &value);
    if (n == 0)
      break;
    size_t after = past_blanks(s, len, at + n);
    size_t named = unit_at(s + after, len - after, &unit);
    if (named == 0 && (end > 0 || (after < len && is_unit_letter(s[after]))))
      break; /* so many of something else */
    *seconds += value * unit;
    end = named > 0 ? after + named : at + n;
    if (named == 0)
      break;
    at = past_blanks(s, len, end);
  }
  return end;
}

double siuop_wait_of(const char *text, size_t len)
{
  double seconds = 0;
  return len > 0 && duration_at(text, len, &seconds) == len ? seconds : -1;
}

/* ---- words ---- */

/* Bytes of `words` (small letters) at s; 0: it isn't there. */
static size_t words_at(const char *s, size_t len, const char *words)
{
  size_t n = strlen(words);
  if (n > len)
    return 0;
  for (size_t i = 0; i < n; i++)
    if (siuop_ascii_lower((unsigned char)s[i]) != words[i])
      return 0;
  return n;
}

double siuop_wait_in_words(const char *text, size_t len)
{
  static const char *const asks[] = {"try again in ", "try again after ", "retry in ",    "retry after ",
                                     "again in ",     "please wait ",     "retrying in ", "available in "};
  for (size_t at = 0; at < len; at++)
    for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++) {
      double seconds = 0;
      size_t n = words_at(text + at, len - at, asks[i]);
      if (n > 0 && duration_at(text + at + n, len - at - n, &seconds) > 0)
        return seconds;
    }
  return -1;
}

/* ---- headers ---- */

double siuop_wait_in_headers(const char *headers, size_t len)
{
  static const char *const in_ms[] = {"retry-after-ms", "x-ms-retry-after-ms"};
  char value[64];
  for (size_t i = 0; i < 2; i++)
    if (siuop_http_header(headers, len, in_ms[i], value, sizeof value) && siuop_http_number(value) >= 0)
      return siuop_http_number(value) / 1000;
  if (!siuop_http_header(headers, len, "retry-after", value, sizeof value))
    return -1;
  double seconds = siuop_http_number(value);
  if (seconds < 0)
    seconds = siuop_wait_of(value, strlen(value));
  return seconds >= 0 ? seconds : since_reply(parse_date(value), headers, len);
}

double siuop_wait_until(const char *value, const char *headers, size_t len)
{
  double n = siuop_http_number(value);
  if (n >= 1e12)
    return since_reply((int64_t)(n / 1000), headers, len);
  if (n >= 1e9)
    return since_reply((int64_t)n, headers, len);
  if (n >= 0)
    return n;
  double seconds = siuop_wait_of(value, strlen(value));
  if (seconds >= 0)
    return seconds;
  return since_reply(parse_timestamp(value) >= 0 ? parse_timestamp(value) : parse_date(value), headers, len);
}

double siuop_wait_of_limits(const char *headers, size_t len)
{
  static const struct {
    const char *remaining, *reset;
  } limits[] = {
      {"x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"},
      {"x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"},
      {"x-ratelimit-remaining", "x-ratelimit-reset"},
      {"ratelimit-remaining", "ratelimit-reset"},
      {"anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"},
      {"anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"},
      {"anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"},
      {"anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"},
  };
  double used_up = -1, soonest = -1; /* all that are used up begin anew; the first of those that say no more */
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
    char left[64], reset[64];
    if (!siuop_http_header(headers, len, limits[i].reset, reset, sizeof reset))
      continue;
    double seconds = siuop_wait_until(reset, headers, len);
    int says = siuop_http_header(headers, len, limits[i].remaining, left, sizeof left);
    if (says && siuop_http_number(left) == 0)
      used_up = seconds > used_up ? seconds : used_up;
    else if (!says && seconds >= 0 && (soonest < 0 || seconds < soonest))
      soonest = seconds;
  }
  return used_up >= 0 ? used_up : soonest;
}
