/* batch.h: jobs and replies in the providers' batch files, which are cheaper and take up to a day.
 *
 * Out: siuo_batch_request() of every job that the session hands out, in files of the form that siuo_batch_describe()
 * tells. Back: the lines of output and error files, in any order and in any process that has restored the session,
 * matched by custom_id, which is the job's key. docs/session.md. */
#ifndef SIUO_BATCH_H
#define SIUO_BATCH_H

#include <siuo/session.h>

SIUO_BEGIN_DECLS

/* ---- out ---- */

/* An API's batch file. Texts are static. */
typedef struct siuo_batch_file {
  uint32_t size;
  uint32_t reserved;
  const char *begin, *separator, *end; /* before the first request, between two, after the last */
  const char *suffix;                  /* of its name: ".jsonl", ".json" */
  const char *path;                    /* what its requests are posted to: "/v1/chat/completions" */
  uint64_t max_requests, max_bytes;    /* of one file */
} siuo_batch_file;

/* How files of an API look: SIUO_API_OPENAI, SIUO_API_OPENAI_RESPONSES, SIUO_API_ANTHROPIC. A file of the first two
 * holds requests of one model. The caller sets out->size. Errors: SIUO_EINVAL, SIUO_EABI, SIUO_EUNSUPPORTED (an API
 * without batch files).
 * @since 0.1.0 */
SIUO_API int siuo_batch_describe(siuo_batch_file *out, int api);

/* The job's entry in a batch file of its target's API, made as it is read, like siuo_job_body(). Errors: those of that,
 * and SIUO_EUNSUPPORTED for an API without batch files. The caller owns *out.
 * @since 0.1.0 */
SIUO_API int siuo_batch_request(siuo_body **out, siuo_ctx *ctx, const siuo_job *j);

/* ---- back ---- */

/* Results on their way into a session. */
typedef struct siuo_batch siuo_batch;

#define SIUO_BATCH_TAKEN   1 /* its job is answered */
#define SIUO_BATCH_FAILED  2 /* its job failed: a session that is restored asks it again */
#define SIUO_BATCH_KNOWN   3 /* its job was answered or failed before: nothing changed */
#define SIUO_BATCH_FOREIGN 4 /* the session has no such job: nothing changed */
#define SIUO_BATCH_HELD    5 /* held back: its response is not there yet, or it failed and another result may not have */

/* The session outlives *out, which the caller owns. Messages are on the session's context. Errors: SIUO_EINVAL,
 * SIUO_ENOMEM.
 * @since 0.1.0 */
SIUO_API int siuo_batch_new(siuo_batch **out, siuo_session *s);

/* Takes one line of an output or error file; *what (may be NULL) is SIUO_BATCH_*. Errors, which change nothing:
 * SIUO_EFORMAT (no result of a batch, or one of another API than the job's), SIUO_ELIMIT (a line beyond max_line),
 * SIUO_EIO (the session's sink refused), SIUO_ENOMEM.
 * @since 0.1.0 */
SIUO_API int siuo_batch_take(siuo_batch *b, const void *line, size_t len, int *what);

/* Takes every line of a file ("-": standard input). Lines that are none are passed over: SIUO_EFORMAT then, with a
 * message that names the first and counts the others. The context's log names the first result of no job of the
 * session. Errors: also SIUO_ENOTFOUND, SIUO_EIO, SIUO_ELIMIT, SIUO_ENOMEM, after which what came before is taken.
 * @since 0.1.0 */
SIUO_API int siuo_batch_read(siuo_batch *b, const char *path);

/* After the last file: takes what was held back. A job fails unless some result answered it. What still misses its
 * response stays held. Errors: SIUO_EINVAL, SIUO_EIO, SIUO_ENOMEM.
 * @since 0.1.0 */
SIUO_API int siuo_batch_finish(siuo_batch *b);

/* Results so far that became SIUO_BATCH_*; held: those that are.
 * @since 0.1.0 */
SIUO_API uint64_t siuo_batch_count(const siuo_batch *b, int what);

/* NULL is fine.
 * @since 0.1.0 */
SIUO_API void siuo_batch_free(siuo_batch *b);

SIUO_END_DECLS

#endif
