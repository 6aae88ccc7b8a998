/* jobs.c: the questions of a session that are still to be asked. */
#include "jobs.h"

#include <stdlib.h>

static int take_recorded(struct jobs *j, const siuo_job *job)
{
  siuo_progress before, after;
  if (j->reuse == NULL)
    return SIUO_ENOTFOUND;
  before.size = after.size = sizeof before;
  siuo_session_progress(j->session, &before);
  int rc = siuo_reuse_answer(j->reuse, j->session, job);
  siuo_session_progress(j->session, &after);
  j->reused += (uint64_t)(rc == SIUO_OK);
  j->input_tokens += after.input_tokens - before.input_tokens;
  j->output_tokens += after.output_tokens - before.output_tokens;
  return rc;
}

/* The next job that nobody has answered yet. */
static int next_unanswered(struct jobs *j, const siuo_job **out)
{
  int rc;
  while ((rc = siuo_session_next(j->session, out)) == SIUO_OK) {
    rc = take_recorded(j, *out);
    if (rc == SIUO_ENOTFOUND)
      return SIUO_OK;
    if (rc != SIUO_OK)
      return rc;
  }
  return rc;
}

static int wait_with(struct jobs *j, const siuo_job *job)
{
  if (j->count == j->capacity) {
    size_t more = j->capacity == 0 ? 256 : 2 * j->capacity;
    const siuo_job **longer = realloc(j->waiting, more * sizeof(const siuo_job *));
    if (longer == NULL)
      return SIUO_ENOMEM;
    j->waiting = longer;
    j->capacity = more;
  }
  j->waiting[j->count++] = job;
  return SIUO_OK;
}

int jobs_take_recorded(struct jobs *j)
{
  const siuo_job *job = NULL;
  int rc = SIUO_OK;
  while (rc == SIUO_OK && (rc = next_unanswered(j, &job)) == SIUO_OK)
    rc = wait_with(j, job);
  return rc == SIUO_WAIT || rc == SIUO_DONE ? SIUO_OK : rc;
}

int jobs_next(struct jobs *j, const siuo_job **out)
{
  if (j->first == j->count)
    return next_unanswered(j, out);
  *out = j->waiting[j->first++];
  return SIUO_OK;
}

void jobs_free(struct jobs *j)
{
  free(j->waiting);
  siuo_reuse_free(j->reuse);
}
