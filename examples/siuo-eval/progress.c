/* progress.c: how far a run is, on standard error. */
#include "progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BAR_WIDTH 20

struct progress {
  const siuo_session *session;
  int quiet, terminal;
  double begin, last;
  uint64_t done_before; /* items that an earlier run had finished */
  int line_stands;
};

double seconds_now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static siuo_progress numbers(const struct progress *p)
{
  siuo_progress n;
  memset(&n, 0, sizeof n);
  n.size = sizeof n;
  siuo_session_progress(p->session, &n);
  return n;
}

struct progress *progress_new(const siuo_session *s, int quiet)
{
  struct progress *p = calloc(1, sizeof *p);
  if (p == NULL)
    return NULL;
  p->session = s;
  p->quiet = quiet;
  p->terminal = isatty(STDERR_FILENO);
  p->begin = p->last = seconds_now();
  p->done_before = numbers(p).items_done;
  return p;
}

void progress_free(struct progress *p)
{
  free(p);
}

int progress_is_due(const struct progress *p, double now)
{
  return !p->quiet && now - p->last >= (p->terminal ? 0.25 : 10);
}

/* "safe 83.3 % (78.0 to 88.6)" of the responses that have a verdict so far; "" before there is one. */
static void write_rate(const struct progress *p, char *out, size_t size)
{
  const siuo_metrics *m = siuo_session_metrics(p->session);
  siuo_rate r;
  r.size = sizeof r;
  int metric = m != NULL && siuo_metrics_has(m, SIUO_METRIC_SAFE) ? SIUO_METRIC_SAFE : SIUO_METRIC_CHOICE;
  *out = '\0';
  if (m == NULL || siuo_metrics_rate(m, metric, NULL, &r) != SIUO_OK || !isfinite(r.response_percent))
    return;
  int n = snprintf(out, size, ", %s so far %.1f %%", metric == SIUO_METRIC_SAFE ? "safe" : "right", r.response_percent);
  if (isfinite(r.response_ci_low) && n > 0 && (size_t)n < size)
    snprintf(out + n, size - (size_t)n, " (%.1f to %.1f)", r.response_ci_low, r.response_ci_high);
}

static void write_time_left(const struct progress *p, const siuo_progress *n, double now, char *out, size_t size)
{
  uint64_t done = n->items_done - p->done_before;
  double left = done == 0 ? 0 : (now - p->begin) / (double)done * (double)(n->items - n->items_done);
  *out = '\0';
  if (left >= 1)
    snprintf(out, size, ", %d:%02d left", (int)(left / 60), (int)left % 60);
}

void progress_show(struct progress *p, double now, size_t active)
{
  siuo_progress n = numbers(p);
  char bar[BAR_WIDTH + 1], rate[96], left[32];
  size_t full = n.items == 0 ? 0 : (size_t)(n.items_done * BAR_WIDTH / n.items);
  memset(bar, '.', BAR_WIDTH);
  memset(bar, '#', full);
  bar[BAR_WIDTH] = '\0';
  write_rate(p, rate, sizeof rate);
  write_time_left(p, &n, now, left, sizeof left);
  p->last = now;
  fprintf(stderr, "%s[%s] %llu/%llu items, %llu replies%s%s, %zu under way",
          p->terminal ? "\r\x1b[K" : "siuo-eval: ", bar, (unsigned long long)n.items_done, (unsigned long long)n.items,
          (unsigned long long)n.answered, left, rate, active);
  if (n.retries > 0)
    fprintf(stderr, ", %llu again", (unsigned long long)n.retries);
  if (n.failed > 0)
    fprintf(stderr, ", %llu failed", (unsigned long long)n.failed);
  if (n.output_tokens > 0)
    fprintf(stderr, ", %llu tokens in, %llu out", (unsigned long long)n.input_tokens,
            (unsigned long long)n.output_tokens);
  p->line_stands = p->terminal;
  if (!p->terminal)
    fputc('\n', stderr);
}

void progress_clear(struct progress *p)
{
  if (p->line_stands)
    fputs("\r\x1b[K", stderr);
  p->line_stands = 0;
}

void progress_end(struct progress *p, size_t active)
{
  if (!p->quiet && p->terminal) {
    progress_show(p, seconds_now(), active);
    fputc('\n', stderr);
  }
  p->line_stands = 0;
}
