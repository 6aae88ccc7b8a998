/* health.h: how each server has answered, and whether there is use in going on. */
#ifndef SIUO_EVAL_HEALTH_H
#define SIUO_EVAL_HEALTH_H

#include "http.h"
#include "scoring.h"

/* Questions in a row that came to nothing, and the items that they were about. */
struct streak {
  uint32_t questions, items;
  const siuo_item *last;
};

/* Of one kind of question to one server. */
struct standing {
  int answered;         /* in this run, or one before */
  struct streak errors; /* that asking again can't help */
  struct streak lost;   /* asked as often as may be */
};

/* Of the model's server, or a judge's. */
struct server {
  int reached;                  /* a reply of any kind came */
  double noted;                 /* when its trouble was last told of; 0: never */
  struct standing standings[2]; /* generation and choice; safety and effectiveness */
};

/* Seconds that are waited for at the most: a server that asks for more is started again then. */
#define HEALTH_MOST_WAIT 3600.0

struct health {
  const siuo_session *session;                /* that the replies go to */
  struct server servers[1 + 2 * MOST_JUDGES]; /* the model's, the judges', those that judge effectiveness apart */
  int quiet;                                  /* no notes, and warnings are not shown either */
  const char *last_warning;                   /* of the last question that failed */
  char unanswered[1024];        /* what is amiss with a server that has answered nothing so far; "": nothing */
  const struct standing *whose; /* it is */
  char last_failure[4096];      /* of a question that failed, and what may help; "": none did */
};

/* A question, and to whom it went. */
struct asked {
  int kind;
  uint32_t judge;
  int apart; /* effectiveness, of another server than that judge's of safety */
  const siuo_item *item;
  const struct endpoint *to;
};

/* resumed: questions were answered before. */
void health_init(struct health *h, const siuo_session *session, int resumed, int quiet, const char *last_warning);

/* An answer came. */
void health_answered(struct health *h, const struct asked *q);

/* An error that asking again can't help. Here and below: 1 if there is no use in going on, and words say why. */
int health_failed(struct health *h, const struct asked *q, const struct http_reply *reply, char *words, size_t size);

/* Trouble that may pass, which is told of at times. tries: of the question so far, of at most `most`; wait: seconds
 * until it is asked again. */
int health_troubled(struct health *h, const struct asked *q, const struct http_reply *reply, const char *why,
                    uint32_t tries, uint32_t most, double wait, char *words, size_t size);

/* What to say of a run that came to its end: that a server has answered nothing, and what may help. "": nothing. */
const char *health_at_end(const struct health *h);

/* The same where too much failed: the last question that did. */
const char *health_of_failures(const struct health *h);

#endif
