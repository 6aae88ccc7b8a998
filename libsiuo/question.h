/* question.h: what makes two questions the same. */
#ifndef SIUOP_QUESTION_H
#define SIUOP_QUESTION_H

#include "session.h"

/* Fills a job's prompt. SIUO_ENOMEM. */
int siuop_question_fill(const siuo_session *s, const struct siuop_case *c, const struct siuop_job_name *name,
                        siuo_buf **out);

/* The digest of the question with that prompt; "" where there is none: docs/session.md. SIUO_ENOMEM. */
int siuop_question_digest(const siuo_session *s, const struct siuop_case *c, const struct siuop_job_name *name,
                          const siuo_buf *prompt, char out[SIUOP_DIGEST_HEX]);

#endif
