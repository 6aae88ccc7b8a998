/* http.c: many HTTP requests at once in one thread, by libcurl's multi interface. */
#include "http.h"

#include "address.h"
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- where ---- */

/* What an API appends to its base, and how it wants its key. */
static const struct {
  int api;
  const char *path; /* %s: the model */
  const char *key_header;
  const char *header; /* one more; NULL: none */
} services[] = {
    {SIUO_API_OPENAI, "/chat/completions", "Authorization: Bearer ", NULL},
    {SIUO_API_OPENAI_RESPONSES, "/responses", "Authorization: Bearer ", NULL},
    {SIUO_API_ANTHROPIC, "/v1/messages", "x-api-key: ", "anthropic-version: 2023-06-01"},
    {SIUO_API_GEMINI, "/v1beta/models/%s:generateContent", "x-goog-api-key: ", NULL},
    {SIUO_API_LLAMACPP, "/completion", "Authorization: Bearer ", NULL},
    {SIUO_API_OLLAMA, "/api/chat", "Authorization: Bearer ", NULL},
};
#define SERVICE_COUNT (sizeof services / sizeof services[0])

/* The one API that is asked for a stream by its URL. */
#define GEMINI_STREAM "/v1beta/models/%s:streamGenerateContent"

static int add_header(struct curl_slist **list, const char *line)
{
  struct curl_slist *longer = curl_slist_append(*list, line);
  if (longer == NULL)
    return -1;
  *list = longer;
  return 0;
}

/* Whether one of the lines has the name of this one. */
static int has_name(const struct curl_slist *lines, const char *line)
{
  size_t len = strcspn(line, ":") + 1;
  while (lines != NULL && strncasecmp(lines->data, line, len) != 0)
    lines = lines->next;
  return lines != NULL;
}

/* A header of ours, unless the user has another value for it. */
static int add_own(struct curl_slist **list, const char *line, const struct curl_slist *more)
{
  return has_name(more, line) ? 0 : add_header(list, line);
}

static int add_key(struct curl_slist **list, const char *header, const char *key)
{
  size_t size = strlen(header) + strlen(key) + 1;
  char *line = malloc(size);
  if (line == NULL)
    return -1;
  snprintf(line, size, "%s%s", header, key);
  int rc = add_header(list, line);
  memset(line, 0, size);
  free(line);
  return rc;
}

/* The path, with the model in the place of %s: its bytes but those that a path segment may hold percent-escaped (RFC
 * 3986, 2.1 and 3.3). */
static void make_path(char *path, size_t size, const char *form, const char *model)
{
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~@";
  char escaped[3 * MOST_MODEL + 1];
  size_t at = 0;
  for (; *model != '\0' && at + 3 < sizeof escaped; model++)
    at += (size_t)snprintf(escaped + at, 4, strchr(plain, *model) != NULL ? "%c" : "%%%02X", (unsigned char)*model);
  escaped[at] = '\0';
  const char *place = strstr(form, "%s");
  size_t before = place == NULL ? strlen(form) : (size_t)(place - form);
  snprintf(path, size, "%.*s%s%s", (int)before, form, place == NULL ? "" : escaped, place == NULL ? "" : place + 2);
}

int http_is_value(const char *value)
{
  size_t len = strlen(value);
  for (size_t i = 0; i < len; i++)
    if ((unsigned char)value[i] < 0x20 || (unsigned char)value[i] > 0x7e)
      return 0;
  return len > 0 && value[0] != ' ' && value[len - 1] != ' ';
}

int endpoint_init(struct endpoint *e, int api, int streamed, const char *base, const char *model, const char *key,
                  const struct curl_slist *more)
{
  char path[768];
  size_t i = 0;
  const char *query = base + strcspn(base, "?"); /* of Azure's deployments: what the API appends goes before it */
  size_t len = (size_t)(query - base);
  memset(e, 0, sizeof *e);
  e->model = model;
  e->key = key;
  e->has_key = key != NULL || more != NULL;
  while (i < SERVICE_COUNT && services[i].api != api)
    i++;
  if (i == SERVICE_COUNT)
    return complain("there is no endpoint for the API %s", siuo_api_name(api));
  if (strncmp(base, "http://", 7) != 0 && strncmp(base, "https://", 8) != 0)
    return complain("the endpoint of %s does not begin with http:// or https://", model);
  if (address_has_password(base))
    return complain(
        "the endpoint of %s holds a password, which everybody can see there: --key-env and --header take one "
        "from the environment",
        model);
  while (len > 0 && base[len - 1] == '/')
    len--;
  const char *form = services[i].path;
  const char *more_query = "";
  if (streamed && api == SIUO_API_GEMINI) {
    form = GEMINI_STREAM;
    more_query = *query == '?' ? "&alt=sse" : "?alt=sse";
  }
  make_path(path, sizeof path, form, model);
  if ((size_t)snprintf(e->url, sizeof e->url, "%.*s%s%s%s", (int)len, base, path, query, more_query) >= sizeof e->url)
    return complain("the endpoint of %s is too long", model);
  snprintf(e->shown, sizeof e->shown, "%.*s%s", (int)len, base, path);
  if (key != NULL && has_name(more, services[i].key_header))
    return complain("%s: its key goes in the header %.*s, which is given besides: leave one of them out", model,
                    (int)strcspn(services[i].key_header, ":"), services[i].key_header);
  int rc = add_own(&e->headers, "Content-Type: application/json", more);
  rc |= add_header(&e->headers, "Expect:"); /* no round trip before the body */
  if (services[i].header != NULL)
    rc |= add_own(&e->headers, services[i].header, more);
  if (key != NULL)
    rc |= add_key(&e->headers, services[i].key_header, key);
  for (; more != NULL; more = more->next)
    rc |= add_header(&e->headers, more->data);
  if (e->has_key)
    address_warn_if_open(base);
  return rc == 0 ? EXIT_DONE : complain("out of memory");
}

void endpoint_free(struct endpoint *e)
{
  curl_slist_free_all(e->headers);
  e->headers = NULL;
}

/* ---- one request ---- */

struct bytes {
  char *s;
  size_t len, capacity;
};

struct exchange {
  CURL *easy;
  siuo_body *body; /* NULL: the exchange is free */
  uint64_t id;
  uint64_t max_reply;
  int too_long;
  struct bytes headers, reply;
  char trouble[CURL_ERROR_SIZE];
};

struct http {
  struct http_options o;
  CURLM *multi;
  struct exchange *exchanges;
  size_t active;
};

static int append(struct bytes *b, const char *s, size_t len)
{
  if (len > b->capacity - b->len) {
    size_t capacity = 2 * b->capacity > b->len + len ? 2 * b->capacity : b->len + len;
    char *longer = realloc(b->s, capacity);
    if (longer == NULL)
      return -1;
    b->s = longer;
    b->capacity = capacity;
  }
  memcpy(b->s + b->len, s, len);
  b->len += len;
  return 0;
}

static size_t on_header(char *s, size_t size, size_t count, void *user)
{
  struct exchange *x = user;
  if (count * size >= 5 && memcmp(s, "HTTP/", 5) == 0)
    x->headers.len = 0; /* of the last reply: a proxy may have sent some of its own */
  return x->headers.len + size * count > 65536 || append(&x->headers, s, size * count) != 0 ? 0 : size * count;
}

static size_t on_reply(char *s, size_t size, size_t count, void *user)
{
  struct exchange *x = user;
  if (x->reply.len + size * count > x->max_reply) {
    x->too_long = 1;
    return 0;
  }
  return append(&x->reply, s, size * count) != 0 ? 0 : size * count;
}

static size_t on_body(char *to, size_t size, size_t count, void *user)
{
  struct exchange *x = user;
  size_t got = 0;
  return siuo_body_read(x->body, to, size * count, &got) == SIUO_OK ? got : CURL_READFUNC_ABORT;
}

static int on_seek(void *user, curl_off_t offset, int origin)
{
  struct exchange *x = user;
  if (offset != 0 || origin != SEEK_SET)
    return CURL_SEEKFUNC_CANTSEEK;
  return siuo_body_rewind(x->body) == SIUO_OK ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

static void set_up(struct http *h, struct exchange *x, const struct endpoint *e)
{
  CURL *easy = x->easy;
  curl_easy_reset(easy);
  curl_easy_setopt(easy, CURLOPT_URL, e->url);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L); /* credentials go where they were meant to go only */
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, e->headers);
  curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE); /* none to the proxy of a tunnel */
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)siuo_body_size(x->body));
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_READDATA, x);
  curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek);
  curl_easy_setopt(easy, CURLOPT_SEEKDATA, x);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, x);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_reply);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, x);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, x->trouble);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(h->o.connect_timeout * 1000));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(h->o.timeout * 1000));
  curl_easy_setopt(easy, CURLOPT_PRIVATE, x);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "siuo-eval");
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L); /* some gateways forget a connection that is silent for minutes */
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, 45L);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, 30L);
  if (h->o.ca_file != NULL)
    curl_easy_setopt(easy, CURLOPT_CAINFO, h->o.ca_file);
}

static void release(struct exchange *x)
{
  siuo_body_free(x->body);
  x->body = NULL;
}

/* ---- all of them ---- */

struct http *http_new(const struct http_options *o)
{
  struct http *h = calloc(1, sizeof *h);
  if (h == NULL)
    return NULL;
  h->o = *o;
  h->multi = curl_multi_init();
  h->exchanges = calloc(o->concurrency, sizeof *h->exchanges);
  int whole = h->multi != NULL && h->exchanges != NULL;
  for (size_t i = 0; whole && i < o->concurrency; i++) {
    h->exchanges[i].easy = curl_easy_init();
    h->exchanges[i].max_reply = o->max_reply;
    whole = h->exchanges[i].easy != NULL;
  }
  if (whole) {
    curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)o->concurrency);
    return h;
  }
  http_free(h);
  return NULL;
}

void http_free(struct http *h)
{
  if (h == NULL)
    return;
  for (size_t i = 0; h->exchanges != NULL && i < h->o.concurrency; i++) {
    struct exchange *x = &h->exchanges[i];
    if (x->body != NULL)
      curl_multi_remove_handle(h->multi, x->easy);
    release(x);
    curl_easy_cleanup(x->easy);
    free(x->headers.s);
    free(x->reply.s);
  }
  free(h->exchanges);
  curl_multi_cleanup(h->multi);
  free(h);
}

size_t http_active(const struct http *h)
{
  return h->active;
}

int http_start(struct http *h, const struct endpoint *e, uint64_t id, siuo_body *body)
{
  struct exchange *x = h->exchanges;
  while (x->body != NULL)
    x++; /* the caller keeps to the concurrency */
  x->body = body;
  x->id = id;
  x->too_long = 0;
  x->headers.len = x->reply.len = 0;
  x->trouble[0] = '\0';
  set_up(h, x, e);
  if (curl_multi_add_handle(h->multi, x->easy) != CURLM_OK) {
    release(x);
    return -1;
  }
  h->active++;
  return 0;
}

static int is_hopeless(CURLcode code)
{
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE || code == CURLE_URL_MALFORMAT;
}

/* Whether it ended before anything could be sent: no address, no connection, no TLS. */
static int is_unreachable(CURL *easy)
{
  curl_off_t ready = 0;
  curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
  return ready == 0;
}

/* What went wrong, in words. There may be some of the server's among them, such as a certificate's name. */
static const char *trouble_of(struct exchange *x, CURLcode code)
{
  if (x->too_long)
    return "the reply is longer than allowed";
  address_hide_proxies(x->trouble);
  address_hide_passwords(x->trouble);
  for (char *c = x->trouble; *c != '\0'; c++)
    if (*c < 0x20 || *c > 0x7e)
      *c = '?';
  return x->trouble[0] == '\0' ? curl_easy_strerror(code) : x->trouble;
}

static void end(struct http *h, struct exchange *x, CURLcode code,
                void (*ended)(const struct http_reply *reply, void *user), void *user)
{
  struct http_reply reply;
  long status = 0;
  curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
  memset(&reply, 0, sizeof reply);
  reply.id = x->id;
  if (code == CURLE_OK) {
    reply.status = (int)status;
    reply.headers = x->headers.s;
    reply.headers_len = x->headers.len;
    reply.body = x->reply.len == 0 ? "" : x->reply.s;
    reply.len = x->reply.len;
  } else {
    reply.trouble = trouble_of(x, code);
    reply.hopeless = is_hopeless(code);
    reply.unreachable = is_unreachable(x->easy);
  }
  curl_multi_remove_handle(h->multi, x->easy);
  h->active--;
  release(x);
  ended(&reply, user);
}

void http_wait(struct http *h, double seconds, void (*ended)(const struct http_reply *reply, void *user), void *user)
{
  int running = 0;
  int left = 0;
  curl_multi_poll(h->multi, NULL, 0, (int)(seconds * 1000), NULL);
  curl_multi_perform(h->multi, &running);
  for (CURLMsg *m; (m = curl_multi_info_read(h->multi, &left)) != NULL;)
    if (m->msg == CURLMSG_DONE) {
      struct exchange *x = NULL;
      CURLcode code = m->data.result;
      curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&x);
      end(h, x, code, ended, user);
    }
}
