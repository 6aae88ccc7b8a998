/* progress.h: how far a run is, on standard error: a line that stays on a terminal, a line every few seconds elsewhere.
 */
#ifndef SIUO_EVAL_PROGRESS_H
#define SIUO_EVAL_PROGRESS_H

#include "costs.h"
#include "jobs.h"

/* A clock that never goes back. */
double seconds_now(void);

struct progress;

/* NULL: out of memory. */
struct progress *progress_new(const struct jobs *jobs, const struct costs *costs, int quiet);
void progress_free(struct progress *p);

int progress_is_due(const struct progress *p, double now);
void progress_show(struct progress *p, double now, size_t active); /* active: requests under way */

/* Takes the line away, where one stands, before anything else is said. */
void progress_clear(void);

/* Shows it for the last time. */
void progress_end(struct progress *p, size_t active);

#endif
