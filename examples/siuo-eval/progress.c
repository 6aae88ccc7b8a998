/* progress.c: how far a run is, on standard error. */
#include "progress.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define BAR_WIDTH    20
#define NARROW       100 /* columns: below, the bar is half as wide */
#define USUAL_WIDTH  80
#define RATE_SECONDS 1.0 /* that a run must have lasted before it has a rate */

static int line_stands; /* on the terminal, of which there is one */

struct progress {
  const struct jobs *jobs;
  const struct costs *costs;
  int quiet, terminal;
  double begin, last;
  uint64_t done_before; /* items that an earlier run had finished */
};

double seconds_now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Of what servers were asked: replies that were reused, and their tokens, are counted apart. */
static siuo_progress numbers(const struct progress *p)
{
  siuo_progress n;
  memset(&n, 0, sizeof n);
  n.size = sizeof n;
  siuo_session_progress(p->jobs->session, &n);
  n.answered -= p->jobs->reused;
  n.input_tokens -= p->jobs->input_tokens;
  n.output_tokens -= p->jobs->output_tokens;
  return n;
}

struct progress *progress_new(const struct jobs *jobs, const struct costs *costs, int quiet)
{
  struct progress *p = calloc(1, sizeof *p);
  if (p == NULL)
    return NULL;
  p->jobs = jobs;
  p->costs = costs;
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

/* ---- the line ---- */

/* ASCII, a column a byte. */
struct line {
  char s[512];
  size_t len;
};

#if defined __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
static void
add(struct line *line, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  int n = vsnprintf(line->s + line->len, sizeof line->s - line->len, format, args);
  va_end(args);
  if (n > 0)
    line->len = line->len + (size_t)n < sizeof line->s ? line->len + (size_t)n : sizeof line->s - 1;
}

static size_t terminal_width(void)
{
  struct winsize size;
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : USUAL_WIDTH;
}

static void add_bar(struct line *line, const siuo_progress *n, size_t width)
{
  char bar[BAR_WIDTH + 1];
  size_t full = n->items == 0 ? 0 : (size_t)(n->items_done * width / n->items);
  memset(bar, '.', width);
  memset(bar, '#', full);
  bar[width] = '\0';
  add(line, "[%s] %llu/%llu items, %llu replies", bar, (unsigned long long)n->items_done, (unsigned long long)n->items,
      (unsigned long long)n->answered);
}

/* Replies a second of this process, and the time that the items left will take at the pace so far. */
static void add_pace(struct line *line, const struct progress *p, const siuo_progress *n, double now)
{
  double spent = now - p->begin;
  uint64_t done = n->items_done - p->done_before;
  double left = done == 0 ? 0 : spent / (double)done * (double)(n->items - n->items_done);
  if (spent >= RATE_SECONDS)
    add(line, ", %.1f/s", (double)n->answered / spent);
  if (left >= 1)
    add(line, ", %d:%02d left", (int)(left / 60), (int)left % 60);
}

/* "safe so far 83.3 % (78.0 to 88.6)" of the responses that have a verdict. */
static void add_rate(struct line *line, const struct progress *p)
{
  const siuo_metrics *m = siuo_session_metrics(p->jobs->session);
  siuo_rate r;
  r.size = sizeof r;
  int metric = m != NULL && siuo_metrics_has(m, SIUO_METRIC_SAFE) ? SIUO_METRIC_SAFE : SIUO_METRIC_CHOICE;
  if (m == NULL || siuo_metrics_rate(m, metric, NULL, &r) != SIUO_OK || !isfinite(r.response_percent))
    return;
  add(line, ", %s so far %.1f %%", metric == SIUO_METRIC_SAFE ? "safe" : "right", r.response_percent);
  if (isfinite(r.response_ci_low))
    add(line, " (%.1f to %.1f)", r.response_ci_low, r.response_ci_high);
}

/* What matters most comes first: a terminal's line is cut at its width. */
void progress_show(struct progress *p, double now, size_t active)
{
  siuo_progress n = numbers(p);
  struct line line = {"", 0};
  char cost[24];
  size_t width = p->terminal ? terminal_width() : sizeof line.s;
  add_bar(&line, &n, width < NARROW ? BAR_WIDTH / 2 : BAR_WIDTH);
  add_pace(&line, p, &n, now);
  add(&line, ", %zu under way", active);
  if (p->jobs->reused > 0)
    add(&line, ", %llu reused", (unsigned long long)p->jobs->reused);
  if (n.retries > 0)
    add(&line, ", %llu again", (unsigned long long)n.retries);
  if (n.failed > 0)
    add(&line, ", %llu failed", (unsigned long long)n.failed);
  add_rate(&line, p);
  if (n.output_tokens > 0)
    add(&line, ", %llu tokens in, %llu out", (unsigned long long)n.input_tokens, (unsigned long long)n.output_tokens);
  if (p->costs->prices != NULL)
    add(&line, ", %s", costs_show(p->costs, cost));
  p->last = now;
  if (!p->terminal) {
    fprintf(stderr, "siuo-eval: %s\n", line.s);
    return;
  }
  fprintf(stderr, "\r\x1b[K%.*s", (int)(width - 1), line.s); /* a full last column may wrap */
  fflush(stderr);
  line_stands = 1;
}

void progress_clear(void)
{
  if (line_stands)
    fputs("\r\x1b[K", stderr);
  line_stands = 0;
}

void progress_end(struct progress *p, size_t active)
{
  if (!p->quiet && p->terminal) {
    progress_show(p, seconds_now(), active);
    fputc('\n', stderr);
  }
  line_stands = 0;
}
