/* lanes.c: the servers of a run, each with limits of its own. */
#include "lanes.h"

#include "address.h"
#include "cli.h"
#include "progress.h"

#include <string.h>

#define SILENT_SECONDS 60.0
#define ENOUGH_REPLIES 5 /* to correct an estimate by */

static int is_same_key(const char *a, const char *b)
{
  return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static int is_same_server(const struct endpoint *a, const struct endpoint *b)
{
  return address_is_same_origin(a->url, b->url) && is_same_key(a->key, b->key);
}

void lanes_add(struct lanes *all, const struct endpoint *to, int is_judge, const struct lane_limits *limits)
{
  size_t i = 0;
  while (i < all->count && !is_same_server(all->all[i].first, to))
    i++;
  struct lane *l = &all->all[i];
  if (i == all->count) {
    memset(l, 0, sizeof *l);
    l->first = to;
    l->is_judge = is_judge;
    l->limits = *limits;
    l->patience = SILENT_SECONDS;
    all->count++;
  }
  all->of[all->endpoints].to = to;
  all->of[all->endpoints++].lane = l;
}

struct lane *lanes_find(struct lanes *all, const struct endpoint *to)
{
  size_t i = 0;
  while (all->of[i].to != to)
    i++;
  return all->of[i].lane;
}

size_t lanes_concurrency(const struct lanes *all)
{
  size_t sum = 0;
  for (size_t i = 0; i < all->count; i++)
    sum += all->all[i].limits.concurrency;
  return sum;
}

/* ---- one server ---- */

static double latest(double a, double b)
{
  return a > b ? a : b;
}

double lane_opens(const struct lane *l)
{
  return latest(l->held_until, latest(l->next_start, l->next_tokens));
}

double lane_factor(const struct lane *l)
{
  return l->replies < ENOUGH_REPLIES ? 1 : l->counted / l->estimated;
}

void lane_starts(struct lane *l, double now, double expected)
{
  if (l->sending++ == 0)
    l->heard = now;
  if (l->limits.per_minute > 0)
    l->next_start = latest(l->next_start, now) + 60 / l->limits.per_minute;
  if (l->limits.tokens_per_minute > 0)
    l->next_tokens = latest(l->next_tokens, now) + expected * 60 / l->limits.tokens_per_minute;
}

void lane_hears(struct lane *l, double now, double estimate, double expected, double counted)
{
  l->sending--;
  l->heard = now;
  if (l->limits.tokens_per_minute > 0 && counted != 0)
    l->next_tokens += ((counted < 0 ? 0 : counted) - expected) * 60 / l->limits.tokens_per_minute;
  if (counted <= 0)
    return;
  l->estimated += estimate;
  l->counted += counted;
  l->replies++;
}

void lane_hold(struct lane *l, double now, double seconds)
{
  l->held_until = latest(l->held_until, now + seconds);
}

void lanes_note_silence(struct lanes *all, double now, double timeout)
{
  for (size_t i = 0; i < all->count; i++) {
    struct lane *l = &all->all[i];
    if (l->sending == 0 || now - latest(l->heard, l->noted) < l->patience)
      continue;
    progress_clear();
    complain("the %s %s at %s: no reply for %.0f s; %zu request%s under way, each for at most %.0f s (--timeout)",
             l->is_judge ? "judge" : "model", l->first->model, l->first->shown, now - l->heard, l->sending,
             l->sending == 1 ? " is" : "s are", timeout);
    l->noted = now;
    l->patience *= 2;
  }
}
