/* http.h: many HTTP requests at once in one thread, by libcurl's multi interface. */
#ifndef SIUO_EVAL_HTTP_H
#define SIUO_EVAL_HTTP_H

#include <siuo/siuo.h>

#include <curl/curl.h>

#define MOST_MODEL 128 /* bytes of a model's name, with its NUL */

/* Where an API's requests go. */
struct endpoint {
  char url[2048];
  char shown[2048];  /* the URL without its query, where there may be a key */
  const char *model; /* borrowed */
  const char *key;   /* borrowed; NULL: none */
  int has_key;
  struct curl_slist *headers;
};

/* Whether a header may have this value: visible ASCII, also with blanks inside. */
int http_is_value(const char *value);
#define NO_VALUE                                                                                                       \
  "the environment variable %s is empty, or holds a line break, a blank at an end or something else that no header may"

/* The URL and headers of an API; streamed: replies come as a stream. key: NULL for none; more: "NAME: value" lines that
 * are added, NULL for none. Complains; EXIT_DONE or EXIT_USE. */
int endpoint_init(struct endpoint *e, int api, int streamed, const char *base, const char *model, const char *key,
                  const struct curl_slist *more);
void endpoint_free(struct endpoint *e);

struct http_options {
  size_t concurrency;
  double connect_timeout, timeout; /* seconds */
  const char *ca_file;             /* NULL: the system's */
  uint64_t max_reply;              /* bytes of a reply; a longer one is cut off and counts as none */
};

/* What came of a request. status 0: nothing came, and `trouble` says why. */
struct http_reply {
  uint64_t id;
  int status;
  const char *headers, *body; /* borrowed until the callback returns */
  size_t headers_len, len;
  const char *trouble;
  int hopeless;    /* trouble that sending again can't mend: a certificate, an address that is none */
  int unreachable; /* no connection came about */
};

struct http;

/* NULL: out of memory. */
struct http *http_new(const struct http_options *o);
void http_free(struct http *h);

/* Requests under way. */
size_t http_active(const struct http *h);

/* Starts a request; the body is consumed. 0, or -1: out of memory. */
int http_start(struct http *h, const struct endpoint *e, uint64_t id, siuo_body *body);

/* Waits for at most so many seconds, and calls back for each request that ended. */
void http_wait(struct http *h, double seconds, void (*ended)(const struct http_reply *reply, void *user), void *user);

#endif
