/* jobs.h: the questions of a session that are still to be asked: what other runs were told is taken first. */
#ifndef SIUO_EVAL_JOBS_H
#define SIUO_EVAL_JOBS_H

#include <siuo/siuo.h>

struct jobs {
  siuo_session *session;
  siuo_reuse *reuse;        /* NULL: nothing to take */
  const siuo_job **waiting; /* handed out, and without a recorded reply: first in, first out */
  size_t first, count, capacity;
  uint64_t reused, input_tokens, output_tokens; /* replies taken, and what servers had counted for them */
};

/* Takes every recorded reply that can be taken now; what is left then waits: SIUO_OK, or a failure's status. */
int jobs_take_recorded(struct jobs *j);

/* The next job to ask about, as siuo_session_next(). */
int jobs_next(struct jobs *j, const siuo_job **out);

void jobs_free(struct jobs *j);

#endif
