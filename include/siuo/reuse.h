/* reuse.h: replies of other runs, given to identical questions (siuo_job_question()) instead of asking again.
 *
 * A run with another judge, other rules or another protocol differs from an earlier one in some questions only. Its
 * session takes the replies to the others from the earlier run's journal: each is journalled again, so that the new
 * journal is complete by itself. */
#ifndef SIUO_REUSE_H
#define SIUO_REUSE_H

#include <siuo/session.h>

SIUO_BEGIN_DECLS

typedef struct siuo_reuse siuo_reuse;

/* Without any replies. Errors: SIUO_EINVAL, SIUO_ENOMEM. The caller owns *out; it must not outlive ctx.
 * @since 0.1.0 */
SIUO_API int siuo_reuse_new(siuo_reuse **out, siuo_ctx *ctx);

/* NULL is fine.
 * @since 0.1.0 */
SIUO_API void siuo_reuse_free(siuo_reuse *r);

/* Adds the replies of a journal, or of the journal.jsonl in a folder. It may be in the middle of being written: a last
 * line that is cut off is passed over, with a note to the context's log. Left out: failures, replies that hold a
 * failure, verdicts of a host's own classifier, and replies whose question is not known. A reply that another file
 * holds as well, byte for byte, is taken as a copy of it and counts once. Errors: SIUO_ENOTFOUND, SIUO_EIO,
 * SIUO_EFORMAT (the message names file and line), SIUO_ELIMIT, SIUO_ENOMEM; some replies may have been added then.
 * @since 0.1.0 */
SIUO_API int siuo_reuse_add(siuo_reuse *r, const char *path);

/* Takes out what a journal holds already: that of the run that goes on, so that no reply is given a second time. Errors
 * as above.
 * @since 0.1.0 */
SIUO_API int siuo_reuse_exclude(siuo_reuse *r, const char *path);

/* Replies that are still to be given.
 * @since 0.1.0 */
SIUO_API size_t siuo_reuse_count(const siuo_reuse *r);

/* Gives the session a reply to the question of an open job, which closes it; each reply once. Preferred are those to
 * the same sample and judge number, then the earlier sample, then the earlier file. A reply of several answers is
 * given to as many samples as are still to be asked; the job's count becomes that. Errors: SIUO_ENOTFOUND (none;
 * nothing changed), those of siuo_session_submit().
 * @since 0.1.0 */
SIUO_API int siuo_reuse_answer(siuo_reuse *r, siuo_session *s, const siuo_job *j);

SIUO_END_DECLS

#endif
