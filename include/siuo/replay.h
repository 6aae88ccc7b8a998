/* replay.h: recorded replies in a model's place.
 *
 * A file of JSON lines (or an array), one reply each: {"job": "generate", "id": "1001", "sample": 0, "text": "…"}, or
 * "api", "http_status" and "body" instead of "text": docs/session.md. A journal is such a file, too. */
#ifndef SIUO_REPLAY_H
#define SIUO_REPLAY_H

#include <siuo/session.h>

SIUO_BEGIN_DECLS

typedef struct siuo_replay siuo_replay;

/* Reads a file ("-": standard input). Errors: SIUO_EIO, SIUO_ENOTFOUND, SIUO_EFORMAT (the message names file and line;
 * also two replies to one job), SIUO_ELIMIT, SIUO_ENOMEM. The caller owns *out.
 * @since 0.1.0 */
SIUO_API int siuo_replay_open(siuo_replay **out, siuo_ctx *ctx, const char *path);

/* NULL is fine.
 * @since 0.1.0 */
SIUO_API void siuo_replay_free(siuo_replay *r);

/* Replies recorded.
 * @since 0.1.0 */
SIUO_API size_t siuo_replay_count(const siuo_replay *r);

/* Gives the session the recorded reply to an open job, which closes it; without one, or where the recorded reply is one
 * to ask again for, the job is failed. A raw reply is read as one of the API that it was recorded from, whatever the
 * job's target; one with several answers answers the samples that follow, too, if no other job asks for them. Errors:
 * those of siuo_session_submit().
 * @since 0.1.0 */
SIUO_API int siuo_replay_answer(const siuo_replay *r, siuo_session *s, const siuo_job *j);

SIUO_END_DECLS

#endif
