/* headers.c: further headers of requests: whose they are, and their values out of the environment. */
#include "headers.h"

#include "cli.h"
#include "http.h"
#include "secrets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Bytes of a header's name: RFC 9110, 5.6.2. */
#define NAME_BYTES "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

const char *shown_variable(const char *name)
{
  return name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0' ? name : "that was named";
}

/* ---- reading options ---- */

/* Shows what came as far as it may be a name: "NAME: value" and a value alone are mistakes that are made. */
static int complain_form(const struct headers *h, const char *text, const char *form)
{
  char name[64];
  snprintf(name, sizeof name, "%.*s", (int)strspn(text, NAME_BYTES), text);
  return complain("--%s%s%s: expected %s", h->option, name[0] == '\0' || secret_is_random(name) ? "" : " ",
                  secret_is_random(name) ? "" : name, form);
}

static int is_header_named(const struct header *h, const char *name, size_t len)
{
  return h->name_len == len && strncasecmp(h->name, name, len) == 0;
}

/* That of this name for the judge alone (0: for all); NULL: none. */
static const struct header *find_header(const struct headers *h, uint32_t judge, const char *name, size_t len)
{
  for (size_t i = 0; i < h->count; i++)
    if (h->each[i].judge == judge && is_header_named(&h->each[i], name, len))
      return &h->each[i];
  return NULL;
}

static int parse_header(struct headers *h, const char *text, uint32_t judge, const char *form)
{
  const char *equals = strchr(text, '=');
  size_t len = equals == NULL ? 0 : (size_t)(equals - text);
  if (len == 0 || equals[1] == '\0' || strspn(text, NAME_BYTES) != len)
    return complain_form(h, text, form);
  if (find_header(h, judge, text, len) != NULL)
    return complain("--%s %.*s is given twice", h->option, (int)len, text);
  if (h->count == MOST_HEADERS)
    return complain("--%s: at most %d", h->option, MOST_HEADERS);
  struct header *header = &h->each[h->count++];
  header->name = text;
  header->name_len = len;
  header->variable = equals + 1;
  header->judge = judge;
  return EXIT_DONE;
}

int headers_parse(struct headers *h, const char *text)
{
  h->option = "header";
  return parse_header(h, text, 0, "NAME=ENVVAR");
}

int headers_parse_judges(struct headers *h, const char *text)
{
  static const char form[] = "NAME=ENVVAR or N:NAME=ENVVAR";
  size_t digits = strspn(text, "0123456789");
  h->option = "judge-header";
  if (digits == 0 || text[digits] != ':')
    return text[0] == ':' ? complain_form(h, text, form) : parse_header(h, text, 0, form);
  unsigned long judge = digits > 4 ? 0 : strtoul(text, NULL, 10);
  if (judge == 0)
    return complain("--judge-header %.*s: judges are numbered from 1, as --judge names them", (int)digits, text);
  return parse_header(h, text + digits + 1, (uint32_t)judge, form);
}

int headers_check_judges(const struct headers *h, uint32_t judges, uint32_t effectiveness_judges)
{
  for (size_t i = 0; i < h->count; i++)
    if (h->each[i].judge > judges + effectiveness_judges)
      return complain("--judge-header %u:%.*s: there is no such judge: --judge names %u%s", (unsigned)h->each[i].judge,
                      (int)h->each[i].name_len, h->each[i].name, (unsigned)judges,
                      effectiveness_judges > 0 ? ", and --effectiveness-judge as many after them" : "");
  return EXIT_DONE;
}

int headers_check_values(const struct headers *h)
{
  for (size_t i = 0; i < h->count; i++) {
    const struct header *header = &h->each[i];
    const char *value = getenv(header->variable);
    int len = (int)header->name_len;
    if (value == NULL)
      return complain("--%s %.*s: the environment variable %s is not set", h->option, len, header->name,
                      shown_variable(header->variable));
    if (!http_is_value(value))
      return complain("--%s %.*s: " NO_VALUE, h->option, len, header->name, shown_variable(header->variable));
  }
  return EXIT_DONE;
}

/* ---- for a server ---- */

static int add_header_line(const struct header *header, struct curl_slist **list)
{
  const char *value = getenv(header->variable);
  size_t size = header->name_len + strlen(value) + 3;
  char *line = malloc(size);
  if (line == NULL)
    return complain("out of memory");
  snprintf(line, size, "%.*s: %s", (int)header->name_len, header->name, value);
  struct curl_slist *longer = curl_slist_append(*list, line);
  memset(line, 0, size);
  free(line);
  if (longer == NULL)
    return complain("out of memory");
  *list = longer;
  return EXIT_DONE;
}

/* One judge's own header takes the place of all judges' of that name. */
static int is_for(const struct headers *h, const struct header *header, uint32_t judge)
{
  if (judge == 0 || header->judge == judge)
    return 1;
  return header->judge == 0 && find_header(h, judge, header->name, header->name_len) == NULL;
}

int headers_add(const struct headers *h, uint32_t judge, struct curl_slist **list)
{
  int status = EXIT_DONE;
  for (size_t i = 0; status == EXIT_DONE && i < h->count; i++)
    if (is_for(h, &h->each[i], judge))
      status = add_header_line(&h->each[i], list);
  return status;
}
