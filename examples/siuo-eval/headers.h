/* headers.h: further headers of requests: whose they are, and their values out of the environment. */
#ifndef SIUO_EVAL_HEADERS_H
#define SIUO_EVAL_HEADERS_H

#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

#define MOST_HEADERS 16 /* of an option */

/* NAME=VAR; of judges, also N:NAME=VAR. */
struct header {
  const char *name; /* borrowed; no NUL behind it */
  size_t name_len;
  const char *variable; /* borrowed */
  uint32_t judge;       /* whose server gets it, from 1; 0: all of them */
};

struct headers {
  const char *option; /* that names them, for messages */
  struct header each[MOST_HEADERS];
  size_t count;
};

/* Takes one more: EXIT_DONE, or EXIT_USE after saying why. No message shows what may be a value in a name's place. */
int headers_parse(struct headers *h, const char *text);
int headers_parse_judges(struct headers *h, const char *text);

/* EXIT_USE, after saying so, if one is for a judge beyond the last one. Judges' numbers are those of --judge; those of
 * --effectiveness-judge go on after them. */
int headers_check_judges(const struct headers *h, uint32_t judges, uint32_t effectiveness_judges);

/* EXIT_USE, after saying so, if the environment lacks a value, or has one that no header may have. */
int headers_check_values(const struct headers *h);

/* Adds "NAME: value" lines to a server's list: all, or (judge > 0) those of that judge, which take the place of all
 * judges' of the same name. The values were checked. EXIT_DONE, or EXIT_USE (out of memory) after saying so. */
int headers_add(const struct headers *h, uint32_t judge, struct curl_slist **list);

/* The name of an environment variable as messages show it: not if it might be a key that stands in its place. */
const char *shown_variable(const char *name);

#endif
