/* address.c: what in an address nobody may see. */
#include "address.h"

#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Behind "http://", and any more slashes: libcurl passes over one more, too. */
static const char *authority_of(const char *url)
{
  const char *colon = strstr(url, "://");
  return colon == NULL ? url : colon + 3 + strspn(colon + 3, "/\\");
}

/* HOST or HOST:PORT; [HOST] for one with colons. */
static int is_host(const char *s, size_t len)
{
  const char *bracket = memchr(s, ']', len);
  size_t from = bracket == NULL ? 0 : (size_t)(bracket - s);
  const char *colon = memchr(s + from, ':', len - from);
  if (colon == NULL)
    return len > 0;
  size_t digits = strspn(colon + 1, "0123456789");
  return colon > s && digits <= 5 && colon + 1 + digits == s + len;
}

int address_has_password(const char *url)
{
  const char *authority = authority_of(url);
  size_t len = strcspn(authority, "/?#\\");
  if (memchr(authority, '@', len) != NULL)
    return 1;
  return !is_host(authority, len) && strchr(authority, '@') != NULL; /* a password with a slash in it */
}

static int starts_with(const char *s, const char *prefix)
{
  return strncmp(s, prefix, strlen(prefix)) == 0;
}

int address_is_same_origin(const char *a, const char *b)
{
  size_t of_a = (size_t)(authority_of(a) - a);
  size_t of_b = (size_t)(authority_of(b) - b);
  of_a += strcspn(a + of_a, "/?#\\");
  of_b += strcspn(b + of_b, "/?#\\");
  return of_a == of_b && strncasecmp(a, b, of_a) == 0;
}

static int is_open(const char *url)
{
  static const char *const own[] = {"localhost", "127.", "[::1]"};
  const char *host = authority_of(url);
  for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
    if (starts_with(host, own[i]))
      return 0;
  return starts_with(url, "http://");
}

void address_warn_if_open(const char *url)
{
  static char warned[256]; /* of the last one: mostly there is one */
  const char *host = authority_of(url);
  int len = (int)strcspn(host, "/?#\\");
  if (!is_open(url) || len >= (int)sizeof warned || (strncmp(warned, host, (size_t)len) == 0 && warned[len] == '\0'))
    return;
  snprintf(warned, sizeof warned, "%.*s", len, host);
  complain("warning: a key goes to %s over http, which is not encrypted: anybody on the way can read it", warned);
}

/* Puts *** in the place of `len` bytes of a text, fewer stars for fewer: it never becomes longer. */
static char *put_stars(char *at, size_t len)
{
  size_t stars = len < 3 ? len : 3;
  memset(at, '*', stars);
  memmove(at + stars, at + len, strlen(at + len) + 1);
  return at + stars;
}

void address_hide_passwords(char *words)
{
  for (char *at = words; (at = strstr(at, "://")) != NULL;) {
    at += 3 + strspn(at + 3, "/\\");
    size_t len = strcspn(at, " \t\r\n\"'<>");
    while (len > 0 && at[len - 1] != '@')
      len--;
    if (len > 1)
      at = put_stars(at, len - 1);
  }
}

/* Wherever the words repeat the value, as far as they do and farther than its scheme. */
static void hide_value(char *words, const char *value)
{
  size_t least = (size_t)(authority_of(value) - value) + 1;
  for (char *at = words; *at != '\0'; at++) {
    size_t same = 0;
    while (value[same] != '\0' && at[same] == value[same])
      same++;
    if (same >= least && same > 3)
      at = put_stars(at, same) - 1;
  }
}

const char *const address_proxies[] = {"http_proxy",  "https_proxy", "all_proxy", "HTTP_PROXY",
                                       "HTTPS_PROXY", "ALL_PROXY",   NULL};

void address_hide_proxies(char *words)
{
  for (size_t i = 0; address_proxies[i] != NULL; i++) {
    const char *value = getenv(address_proxies[i]);
    if (value != NULL && strchr(value, '@') != NULL)
      hide_value(words, value);
  }
}
