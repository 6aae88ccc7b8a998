/* wire_text.c: what came where no reply of an API did, such as the page of a gateway: its type, its title or its first
 * words. And the server's id of a request. */
#include "wire.h"

#include "utf8.h"

#include <stdio.h>
#include <string.h>

#define ID_SIZE   80   /* bytes of a request's id as it is shown, with its NUL */
#define MOST_SEEN 4096 /* bytes of a body in which a title is looked for */
#define MOST_SAID 120  /* bytes of it that are shown */

static int is_page_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Where a tag of that name (small letters) ends, such as <title> or <TITLE class="x">; NULL: it isn't there. */
static const char *after_tag(const char *s, size_t len, const char *name)
{
  size_t n = strlen(name);
  for (size_t at = 0; at + n + 1 < len; at++) {
    size_t i = 0;
    while (s[at] == '<' && i < n && siuop_ascii_lower((unsigned char)s[at + 1 + i]) == name[i])
      i++;
    if (i == n && n > 0 && (s[at + 1 + n] == '>' || is_page_blank(s[at + 1 + n]))) {
      const char *end = memchr(s + at, '>', len - at);
      return end == NULL ? NULL : end + 1;
    }
  }
  return NULL;
}

/* The page's title, else all of it. */
static void find_words(const char **s, size_t *len)
{
  const char *title = after_tag(*s, *len, "title");
  const char *end = title == NULL ? NULL : memchr(title, '<', *len - (size_t)(title - *s));
  if (end != NULL && end > title) {
    *s = title;
    *len = (size_t)(end - title);
  }
}

/* Text, that of a page without its tags, each run of white space as one blank. */
static size_t strip(char *out, size_t size, const char *s, size_t len, int is_page)
{
  size_t n = 0;
  int in_tag = 0;
  for (size_t i = 0; i < len && n + 1 < size; i++) {
    int opens = is_page && s[i] == '<';
    int gap = is_page_blank(s[i]) || opens || in_tag;
    in_tag = opens || (in_tag && s[i] != '>');
    if (!gap)
      out[n++] = s[i];
    else if (n > 0 && out[n - 1] != ' ')
      out[n++] = ' ';
  }
  while (n > 0 && out[n - 1] == ' ')
    n--;
  return n;
}

/* The content type without its parameters; "": not said. */
static void find_type(const struct siuop_message *m, char *type, size_t size)
{
  type[0] = '\0';
  siuop_http_header(m->headers, m->headers_len, "content-type", type, size);
  type[strcspn(type, "; ,")] = '\0';
}

void siuop_reply_describe(struct siuop_reply *r, int kind, const char *what, const struct siuop_message *m)
{
  char type[80], words[512], plain[MOST_SAID + 1], shown[2 * MOST_SAID];
  const char *s = m->body;
  size_t len = m->len < MOST_SEEN ? m->len : MOST_SEEN;
  siuop_trim(&s, &len);
  find_type(m, type, sizeof type);
  size_t at = (size_t)snprintf(words, sizeof words, "%s", what);
  if (len > 0 && type[0] != '\0')
    at += (size_t)snprintf(words + at, sizeof words - at, " (%s)", type);
  int is_page = len > 0 && s[0] == '<';
  if (is_page)
    find_words(&s, &len);
  siuop_utf8_escape(shown, sizeof shown, plain, strip(plain, sizeof plain, s, len, is_page));
  if (shown[0] != '\0')
    snprintf(words + at, sizeof words - at, ": %s", shown);
  siuop_reply_reason(r, kind, words, strlen(words));
}

void siuop_reply_add_id(struct siuop_reply *r, const struct siuop_message *m, const siuop_json *body)
{
  char id[ID_SIZE], escaped[ID_SIZE];
  size_t len = 0;
  const char *text = siuop_json_text(siuop_json_get(body, "request_id"), &len);
  if (siuop_http_request_id(m->headers, m->headers_len, id, sizeof id)) {
    text = id;
    len = strlen(id);
  }
  if (text == NULL || len == 0)
    return;
  siuop_utf8_escape(escaped, sizeof escaped, text, len);
  size_t at = strlen(r->reason);
  snprintf(r->reason + at, sizeof r->reason - at, " (request %s)", escaped);
}
