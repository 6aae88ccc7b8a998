/* secrets.c: what is kept out of replies, and what out of errors alone. A header may hold a key, or the name of a team:
 * a name that were cut out of answers would change what they say. */
#include "secrets.h"

#include "cli.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- what is one ---- */

#define LEAST_RANDOM 16 /* bytes */

static int is_ascii_letter(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int is_ascii_digit(char c)
{
  return c >= '0' && c <= '9';
}

int secret_is_random(const char *text)
{
  int letters = 0, digits = 0, signs = 0;
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == ' ')
      return 0;
    letters |= is_ascii_letter(*c);
    digits |= is_ascii_digit(*c);
    signs |= !is_ascii_letter(*c) && !is_ascii_digit(*c);
  }
  return strlen(text) >= LEAST_RANDOM && letters + digits + signs >= 2;
}

static int says_secret(const char *name, size_t name_len)
{
  static const char *const words[] = {"authorization", "key", "token", "secret", "cookie", "password", "credential"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    size_t len = strlen(words[i]);
    for (size_t at = 0; at + len <= name_len; at++)
      if (strncasecmp(name + at, words[i], len) == 0)
        return 1;
  }
  return 0;
}

int secret_is_under(const char *name, size_t name_len, const char *value)
{
  return secret_is_random(value) || (strlen(value) >= LEAST_SECRET && says_secret(name, name_len));
}

/* ---- keeping them ---- */

static int keep_copy(struct secret_list *list, const char *text, size_t len)
{
  char **longer = len == 0 ? NULL : realloc(list->texts, (list->count + 1) * sizeof *longer);
  char *copy = longer == NULL ? NULL : malloc(len + 1);
  if (longer != NULL)
    list->texts = longer;
  if (len == 0)
    return EXIT_DONE;
  if (copy == NULL)
    return complain("out of memory");
  memcpy(copy, text, len);
  copy[len] = '\0';
  list->texts[list->count++] = copy;
  return EXIT_DONE;
}

static int keep_secret(struct secrets *s, const char *text, int everywhere)
{
  return keep_copy(everywhere ? &s->replies : &s->errors, text, strlen(text));
}

int secrets_add_key(struct secrets *s, const char *key)
{
  return keep_secret(s, key, strlen(key) >= LEAST_SECRET);
}

/* The parts that are secrets by themselves, such as a cookie's: what is between blanks, ; , and &, and behind its =. Of
 * an address, each has a name. */
static int keep_parts(struct secrets *s, const char *value, int is_address)
{
  int status = EXIT_DONE;
  char *copy = malloc(strlen(value) + 1);
  char *rest = NULL;
  if (copy == NULL)
    return complain("out of memory");
  strcpy(copy, value);
  for (char *part = strtok_r(copy, " ;,&", &rest); part != NULL && status == EXIT_DONE;
       part = strtok_r(NULL, " ;,&", &rest)) {
    const char *equals = strchr(part, '=');
    size_t name_len = equals == NULL || !is_address ? 0 : (size_t)(equals - part);
    if (secret_is_random(part) && !is_address)
      status = keep_secret(s, part, 1);
    if (status == EXIT_DONE && equals != NULL && secret_is_under(part, name_len, equals + 1))
      status = keep_secret(s, equals + 1, 1);
  }
  free(copy);
  return status;
}

int secrets_add_header(struct secrets *s, const char *name, size_t name_len, const char *value)
{
  const char *blank = strchr(value, ' ');
  int status = keep_secret(s, value, secret_is_under(name, name_len, value));
  if (status == EXIT_DONE && blank != NULL && says_secret(name, name_len)) /* of "Bearer KEY", a server tells KEY */
    status = keep_secret(s, blank + 1, secret_is_under(name, name_len, blank + 1));
  return status == EXIT_DONE ? keep_parts(s, value, 0) : status;
}

int secrets_add_url(struct secrets *s, const char *url)
{
  const char *query = strchr(url, '?');
  return query == NULL ? EXIT_DONE : keep_parts(s, query + 1, 1);
}

/* ---- proxies ---- */

/* Decodes %41 in place. */
static void unescape_user(char *text)
{
  char *to = text;
  for (const char *c = text; *c != '\0'; c++) {
    char hex[3] = {'\0', '\0', '\0'};
    if (*c == '%' && isxdigit((unsigned char)c[1]) && isxdigit((unsigned char)c[2])) {
      hex[0] = *++c;
      hex[1] = *++c;
      *to++ = (char)strtol(hex, NULL, 16);
    } else {
      *to++ = *c;
    }
  }
  *to = '\0';
}

/* "USER:PASSWORD" as a proxy gets it. */
static void encode_user(const char *text, char *out)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  size_t len = strlen(text);
  for (size_t i = 0; i < len; i += 3) {
    unsigned bits = 0;
    for (size_t k = 0; k < 3; k++)
      bits = bits << 8 | (i + k < len ? (unsigned char)text[i + k] : 0u);
    for (size_t k = 0; k < 4; k++)
      *out++ = i + k <= len ? digits[bits >> (18 - 6 * k) & 63] : '=';
  }
  *out = '\0';
}

static int keep_password(struct secrets *s, char *user)
{
  char encoded[4096];
  char *colon = strchr(user, ':');
  int status = colon == NULL ? EXIT_DONE : secrets_add_key(s, colon + 1);
  unescape_user(user);
  colon = strchr(user, ':');
  if (status == EXIT_DONE && colon != NULL)
    status = secrets_add_key(s, colon + 1);
  if (strlen(user) / 3 * 4 + 5 > sizeof encoded)
    return status;
  encode_user(user, encoded);
  return status == EXIT_DONE ? secrets_add_key(s, encoded) : status;
}

int secrets_add_proxy(struct secrets *s, const char *address)
{
  const char *scheme = strstr(address, "://");
  const char *begin = scheme == NULL ? address : scheme + 3;
  const char *at = strrchr(begin, '@');
  size_t len = at == NULL ? 0 : (size_t)(at - begin);
  char *user = at == NULL ? NULL : malloc(len + 1);
  if (at == NULL)
    return EXIT_DONE;
  if (user == NULL)
    return complain("out of memory");
  memcpy(user, begin, len);
  user[len] = '\0';
  int status = keep_password(s, user);
  free(user);
  return status;
}

static void free_secrets(struct secret_list *list)
{
  for (size_t i = 0; i < list->count; i++)
    free(list->texts[i]);
  free(list->texts);
  memset(list, 0, sizeof *list);
}

void secrets_free(struct secrets *s)
{
  free_secrets(&s->replies);
  free_secrets(&s->errors);
}
