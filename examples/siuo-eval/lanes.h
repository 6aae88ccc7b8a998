/* lanes.h: the servers of a run, each with limits of its own: requests at once and a minute, tokens a minute, and the
 * time that it asked to wait. Times are those of seconds_now(). */
#ifndef SIUO_EVAL_LANES_H
#define SIUO_EVAL_LANES_H

#include "http.h"
#include "scoring.h"

#define MOST_ENDPOINTS (1 + 2 * MOST_JUDGES)

struct lane_limits {
  uint32_t concurrency;
  double per_minute, tokens_per_minute; /* 0: no limit */
};

struct lane {
  const struct endpoint *first; /* that is of this server */
  int is_judge;                 /* it is a judge's */
  struct lane_limits limits;
  size_t busy;               /* requests under way, and those to be sent again */
  size_t sending;            /* under way */
  size_t parked;             /* jobs that were not sent yet */
  double held_until;         /* as the server asked */
  double next_start;         /* by the requests a minute */
  double next_tokens;        /* by the tokens a minute */
  double heard;              /* a reply, or the first request after a time without any */
  double noted, patience;    /* when its silence was last told of, and after how long it is */
  double estimated, counted; /* tokens of the replies that say how many there were */
  uint64_t replies;          /* so many */
};

struct lanes {
  struct lane all[MOST_ENDPOINTS];
  size_t count;
  struct {
    const struct endpoint *to;
    struct lane *lane;
  } of[MOST_ENDPOINTS];
  size_t endpoints;
};

/* Endpoints of one origin and key are one server, which has the limits that were said first. */
void lanes_add(struct lanes *all, const struct endpoint *to, int is_judge, const struct lane_limits *limits);
struct lane *lanes_find(struct lanes *all, const struct endpoint *to);

/* Requests at once, of all together. */
size_t lanes_concurrency(const struct lanes *all);

/* When the next request may go out, by all but the requests under way. */
double lane_opens(const struct lane *l);

/* What the replies so far make of an estimate of tokens. */
double lane_factor(const struct lane *l);

/* A request goes out that will take about so many tokens. */
void lane_starts(struct lane *l, double now, double expected);

/* Its reply came, or trouble. counted: tokens as the server counts them; 0: it doesn't say; below 0: none were taken.
 */
void lane_hears(struct lane *l, double now, double estimate, double expected, double counted);

/* Nothing is sent there for so many seconds. */
void lane_hold(struct lane *l, double now, double seconds);

/* Says of each server that has been silent for a minute, though requests are under way, and then after twice as long
 * each time. timeout: seconds of a request. */
void lanes_note_silence(struct lanes *all, double now, double timeout);

#endif
