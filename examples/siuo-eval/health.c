/* health.c: how each server has answered, and whether there is use in going on. */
#include "health.h"

#include "advice.h"
#include "cli.h"
#include "progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define FIRST_ERRORS 5    /* before any answer */
#define ENOUGH_ITEMS 3    /* one that a server can't cope with is no sign that it copes with none */
#define MANY_ITEMS   50   /* after an answer: that many in a row are refused for what they ask hardly ever */
#define FIRST_TRIES  4    /* of a question to a server that was never reached */
#define NOTE_SECONDS 60.0 /* between two notes on a server's trouble */

/* "the judge M at URL" */
#define WHO       "the %s %s at %s"
#define WHO_OF(q) (is_judge(q) ? "judge" : "model"), (q)->to->model, (q)->to->shown

static int is_judge(const struct asked *q)
{
  return q->kind >= SIUO_JOB_JUDGE_SAFETY;
}

static struct server *server_of(struct health *h, const struct asked *q)
{
  return &h->servers[is_judge(q) ? 1 + q->judge + (q->apart ? MOST_JUDGES : 0) : 0];
}

static struct standing *standing_of(struct health *h, const struct asked *q)
{
  return &server_of(h, q)->standings[q->kind == SIUO_JOB_CHOOSE || q->kind == SIUO_JOB_JUDGE_EFFECTIVENESS];
}

static void lengthen(struct streak *s, const siuo_item *item)
{
  s->questions++;
  s->items += s->last != item;
  s->last = item;
}

void health_init(struct health *h, const siuo_session *session, int resumed, int quiet, const char *last_warning)
{
  memset(h, 0, sizeof *h);
  h->session = session;
  h->quiet = quiet;
  h->last_warning = last_warning;
  for (size_t i = 0; i < sizeof h->servers / sizeof h->servers[0]; i++)
    h->servers[i].standings[0].answered = h->servers[i].standings[1].answered = resumed;
}

void health_answered(struct health *h, const struct asked *q)
{
  struct standing *s = standing_of(h, q);
  memset(s, 0, sizeof *s);
  s->answered = 1;
  server_of(h, q)->reached = 1;
}

/* Whether such a status means every question. 403 may be about one alone, which was moderated. */
static int is_about_all(const struct asked *q, int status)
{
  return status == 401 || status == 402 || status == 404 || status == 405 || status == 407 || status == 429 ||
         (status == 403 && !q->to->has_key);
}

/* ": " and what may help, or nothing. status: the reply's, if it was the last word, else 0. */
static void add_advice(const struct asked *q, int status, const struct http_reply *reply, char *words, size_t size)
{
  int keyless = (status == 401 || status == 403) && !q->to->has_key;
  const char *no_key =
      is_judge(q) ? "it was given no key: a fourth part of --judge or --judge-header gives one" : "it was given no key";
  const char *advice = keyless ? no_key : advice_of(q->kind, status, reply->body, reply->len);
  size_t at = strlen(words);
  if (advice != NULL)
    snprintf(words + at, size - at, ": %s", advice);
}

/* Whether errors that asking again can't help have come often enough. */
static int is_enough(const struct standing *s)
{
  return s->answered ? s->errors.items >= MANY_ITEMS
                     : s->errors.questions >= FIRST_ERRORS && s->errors.items >= ENOUGH_ITEMS;
}

/* What all replies of a server were so far. */
static void say_errors(const struct health *h, const struct standing *s, const struct asked *q, int status,
                       const struct http_reply *reply, char *words, size_t size)
{
  const char *under = reply->status < 300 ? ", under 200" : "";
  const char *colon = h->quiet ? ": " : "";
  const char *said = h->quiet ? h->last_warning : ""; /* else it was shown */
  if (is_about_all(q, status))
    snprintf(words, size, WHO " answers with HTTP status %d%s%s%s", WHO_OF(q), status, under, colon, said);
  else
    snprintf(words, size,
             "each of the %s %u replies of " WHO " is an error that asking again can't help (HTTP status %d%s)%s%s",
             s->answered ? "last" : "first", (unsigned)s->errors.questions, WHO_OF(q), status, under, colon, said);
  add_advice(q, status, reply, words, size);
}

/* Keeps it for the end, should too many be open then. */
static void keep_failure(struct health *h, const struct asked *q, int status, const struct http_reply *reply,
                         const char *why)
{
  snprintf(h->last_failure, sizeof h->last_failure, "of those that failed, the last one was put to " WHO ": %.600s",
           WHO_OF(q), why);
  add_advice(q, status, reply, h->last_failure, sizeof h->last_failure);
}

static void keep_unanswered(struct health *h, const struct standing *s, const char *words)
{
  if (s->answered)
    return;
  h->whose = s;
  snprintf(h->unanswered, sizeof h->unanswered, "%s", words);
}

int health_failed(struct health *h, const struct asked *q, const struct http_reply *reply, char *words, size_t size)
{
  struct standing *s = standing_of(h, q);
  int status = siuo_session_error_status(h->session);
  server_of(h, q)->reached = 1;
  keep_failure(h, q, status, reply, h->last_warning);
  if (status == 0)
    return 0; /* an answer that ended badly is about its own question */
  lengthen(&s->errors, q->item);
  say_errors(h, s, q, status, reply, words, size);
  if (is_about_all(q, status) || is_enough(s))
    return 1;
  keep_unanswered(h, s, words);
  return 0;
}

const char *health_at_end(const struct health *h)
{
  return h->whose == NULL || h->whose->answered ? "" : h->unanswered;
}

const char *health_of_failures(const struct health *h)
{
  return h->last_failure;
}

/* Says once a minute what is amiss while nothing seems to happen. */
static void note(struct health *h, const struct asked *q, const struct http_reply *reply, const char *why, double wait)
{
  struct server *s = server_of(h, q);
  double now = seconds_now();
  char words[700];
  if (h->quiet || (s->noted > 0 && now - s->noted < NOTE_SECONDS))
    return;
  s->noted = now;
  snprintf(words, sizeof words, "%.500s", why);
  add_advice(q, 0, reply, words, sizeof words);
  progress_clear();
  complain(WHO ": asking again in %.1f s: %s", WHO_OF(q), wait, words);
}

/* Says when a server that asks for a long time may be asked again. */
static void say_when(const struct asked *q, const char *why, double wait, char *words, size_t size)
{
  char when[40] = "";
  time_t then = time(NULL) + (time_t)wait;
  struct tm local;
  if (localtime_r(&then, &local) != NULL)
    strftime(when, sizeof when, "%Y-%m-%d %H:%M", &local);
  snprintf(words, size, WHO " asks to wait for %.0f h %.0f min: %s: start the same command again after %s", WHO_OF(q),
           floor(wait / 3600), floor(fmod(wait, 3600) / 60), why, when);
}

int health_troubled(struct health *h, const struct asked *q, const struct http_reply *reply, const char *why,
                    uint32_t tries, uint32_t most, double wait, char *words, size_t size)
{
  struct server *s = server_of(h, q);
  s->reached |= !reply->unreachable;
  if (reply->hopeless) {
    snprintf(words, size, WHO ": %s: check the endpoint and --ca-file", WHO_OF(q), why);
    return 1;
  }
  if (wait > HEALTH_MOST_WAIT) {
    say_when(q, why, wait, words, size);
    return 1;
  }
  if (!s->reached && tries >= (most < FIRST_TRIES ? most : FIRST_TRIES)) {
    snprintf(words, size,
             WHO " can't be reached: %s: is the server up? Check the address (http or https), the network, and the "
                 "environment variables of a proxy",
             WHO_OF(q), why);
    return 1;
  }
  if (tries < most) {
    note(h, q, reply, why, wait);
    return 0;
  }
  struct standing *standing = standing_of(h, q);
  struct streak *lost = &standing->lost;
  lengthen(lost, q->item);
  keep_failure(h, q, 0, reply, why);
  snprintf(words, size, WHO " has answered none of the last %u questions, each of them asked %u times: %s", WHO_OF(q),
           (unsigned)lost->questions, (unsigned)most, why);
  add_advice(q, 0, reply, words, size);
  if (lost->items >= (standing->answered && !reply->unreachable ? MANY_ITEMS : ENOUGH_ITEMS))
    return 1;
  keep_unanswered(h, standing, words);
  return 0; /* where a few items are too much for a server, they come last, in a row: the rest has its report */
}
