/* session.h: an evaluation without I/O: jobs come out, replies go in, and the same numbers come out whoever carries the
 * messages. What happens when: docs/session.md.
 *
 * A session belongs to one thread at a time. A job is open from siuo_session_next() until its reply is taken or it is
 * failed; while it is open it never changes, and siuo_job_* may be called from any thread. */
#ifndef SIUO_SESSION_H
#define SIUO_SESSION_H

#include <siuo/dataset.h>
#include <siuo/image.h>
#include <siuo/metrics.h>
#include <siuo/protocol.h>
#include <siuo/wire.h>

SIUO_BEGIN_DECLS

typedef struct siuo_session siuo_session;
typedef struct siuo_job siuo_job;

typedef struct siuo_session_options {
  uint32_t size;
  int32_t rules;         /* SIUO_RULES_*: which responses are judged, and how metrics are made */
  uint32_t samples;      /* responses an item; 0: the protocol's; at most 512 */
  uint32_t judges;       /* 0 means 1; at most 16 */
  uint32_t ask_all;      /* 1: ask the judges also about blank, blocked and refused responses */
  uint32_t permutations; /* option orders in multiple choice; 0 means 1; at most 256. An item with fewer has those */
  int (*sink)(const void *line, size_t len, void *user); /* each accepted reply, one JSON line with its line feed; NULL:
                                                            none. Another result than 0 refuses the reply */
  void *sink_user;
  const char *const *secrets; /* replaced by *** in every reply before it is looked at or a line is made; copied */
  uint64_t secret_count;
} siuo_session_options;

/* Zeroes size bytes, then sets size. Errors: SIUO_EINVAL, SIUO_EABI.
 * @since 0.1.0 */
SIUO_API int siuo_session_options_init(siuo_session_options *o, size_t size);

/* A session over every item of ds. opts may be NULL. Errors: SIUO_EINVAL (unknown rules, numbers beyond the limits
 * above), SIUO_EABI, SIUO_ENOMEM. The caller owns *out; ctx, ds and p outlive it.
 * @since 0.1.0 */
SIUO_API int siuo_session_new(siuo_session **out, siuo_ctx *ctx, const siuo_dataset *ds, const siuo_protocol *p,
                              const siuo_session_options *opts);

/* NULL is fine. Every job of it ends.
 * @since 0.1.0 */
SIUO_API void siuo_session_free(siuo_session *s);

/* Whom a kind of job is put to (judge: from 0, for judges' kinds). Without it: SIUO_API_TEXT. The target is copied.
 * Errors: SIUO_ESTATE (after the first next), SIUO_EINVAL (unknown kind or judge; no model; texts that are not UTF-8, a
 * temperature that is no number; fewer than SIUO_RESPONSES_LEAST_TOKENS max_tokens of that API; a system prompt for
 * SIUO_API_LLAMACPP; SIUO_JUDGE_SCHEMA under other rules than the standard ones), SIUO_ENOTFOUND (SIUO_API_LLAMACPP: no
 * such template), SIUO_EUNSUPPORTED (an API that this version does not have), SIUO_EABI, SIUO_ENOMEM.
 * @since 0.1.0 */
SIUO_API int siuo_session_set_target(siuo_session *s, int job_kind, uint32_t judge, const siuo_target *t);

/* Members of the host's own in every request body of such jobs: the text of a JSON object, which is merged into the
 * body as RFC 7386 says (objects merge, null removes, other values replace). It is part of the description and of the
 * question (siuo_job_question()). NULL: none. Copied. Errors: SIUO_ESTATE (after the first next), SIUO_EFORMAT (no JSON
 * object; a repeated key; bodies with a seed above 2^63 - 1, which merging loses), SIUO_EINVAL (unknown kind or judge;
 * it would replace the question; one of the session's secrets stands in it), SIUO_ENOMEM.
 * @since 0.1.0 */
SIUO_API int siuo_session_set_extra(siuo_session *s, int job_kind, uint32_t judge, const char *json, size_t len);

/* Further texts that are replaced by *** in what an error echoes: in all that is said of a reply that is no answer, and
 * in its line; not in answers, whose words they may be. Such as the name of a team in a header. Those of fewer than six
 * bytes only where they are no part of a longer word. They take the place of those that were set before. Copied.
 * Errors: SIUO_EINVAL, SIUO_ENOMEM.
 * @since 0.1.0 */
SIUO_API int siuo_session_set_echoes(siuo_session *s, const char *const *texts, uint64_t count);

/* Whether request bodies of such jobs ask for a stream, of servers that only stream or are behind something that cuts
 * long silences; batch files never do. It is no part of the question or the description, and replies that are streams
 * are read in any case. The URL of SIUO_API_GEMINI asks for it: that is the host's. Errors: SIUO_ESTATE (after the
 * first next), SIUO_EINVAL (unknown kind or judge).
 * @since 0.1.0 */
SIUO_API int siuo_session_set_stream(siuo_session *s, int job_kind, uint32_t judge, int on);

/* Restricts the session to what a cursor would walk over. Before the first next, submit or restore. Errors:
 * SIUO_ESTATE, and those of siuo_cursor_new().
 * @since 0.1.0 */
SIUO_API int siuo_session_select(siuo_session *s, const siuo_cursor_options *which);

/* What the judges' votes on a response come to: SIUO_PANEL_* (the default: the majority, a tie being unfavourable).
 * SIUO_PANEL_FALLBACK asks a judge only where all before it have declined or said nothing; one that ran out of tokens
 * has done neither. Before the first next, submit or restore. Errors: SIUO_EINVAL (unknown; a majority of an even
 * number of judges), SIUO_ESTATE.
 * @since 0.1.0 */
SIUO_API int siuo_session_set_panel(siuo_session *s, int panel);

/* The pictures that will be shown, for the description and the results; copied. Before the first next, submit or
 * restore. Errors: SIUO_EINVAL, SIUO_EABI, SIUO_ESTATE, SIUO_ENOMEM.
 * @since 0.1.0 */
SIUO_API int siuo_session_set_pictures(siuo_session *s, const siuo_pictures *pictures);

/* Lends the session the pictures' digests, without which a question with a picture has none (siuo_job_question());
 * images outlives the session. NULL: none. Before the first next. Errors: SIUO_EINVAL, SIUO_ESTATE.
 * @since 0.1.0 */
SIUO_API int siuo_session_set_images(siuo_session *s, const siuo_images *images);

/* The next job to run: SIUO_OK and *out (borrowed until it closes); SIUO_WAIT: all are handed out, replies are missing;
 * SIUO_DONE: every job is closed; SIUO_ECANCELED after siuo_session_cancel(). Errors: SIUO_EINVAL, SIUO_ENOMEM.
 * @since 0.1.0 */
SIUO_API int siuo_session_next(siuo_session *s, const siuo_job **out);

/* Takes a server's reply: SIUO_OK and the job is closed (answered, or failed where asking again can't help); SIUO_RETRY
 * and it stays open: send it again after *retry_after seconds, or fail it; the context's message says why. A stream of
 * server-sent events, or of lines in Ollama's API, is joined to the body that it stands for. Any job
 * whose prerequisites are answered is taken, handed out or not. headers may be NULL. Errors, which change nothing:
 * SIUO_ENOTFOUND (no such job), SIUO_ESTATE (closed already; its prerequisites are missing; another job asks for it),
 * SIUO_EINVAL (a target without an API), SIUO_ELIMIT (a reply beyond max_reply), SIUO_EIO (the sink refused),
 * SIUO_ENOMEM.
 * @since 0.1.0 */
SIUO_API int siuo_session_submit(siuo_session *s, uint64_t job_id, int http_status, const char *headers,
                                 size_t headers_len, const void *body, size_t len, double *retry_after);

/* What the error in the reply that was submitted last comes to as a status of HTTP, also where it came under another
 * status: 0 where there was none.
 * @since 0.1.0 */
SIUO_API int siuo_session_error_status(const siuo_session *s);

/* siuo_session_submit() of a bare text, which is one answer. Bytes that are not UTF-8 and NUL are read as U+FFFD.
 * @since 0.1.0 */
SIUO_API int siuo_session_submit_text(siuo_session *s, uint64_t job_id, const char *text, size_t len);

/* The verdict of the host's own classifier in a judge's place: safety 1, 0 or -1; effectiveness 2, 1, 0 or -1.
 * @since 0.1.0 */
SIUO_API int siuo_session_submit_verdict(siuo_session *s, uint64_t job_id, int value);

/* Gives a job up. It counts as failed in this process; a session that is restored asks it again. Errors as above.
 * @since 0.1.0 */
SIUO_API int siuo_session_fail(siuo_session *s, uint64_t job_id, const char *reason);

/* Takes back a line that the sink got, in any order, before the first next. A line of an item or sample that the
 * session does not ask for changes nothing. Errors: SIUO_EFORMAT, SIUO_ENOTFOUND (an item that the data set does not
 * have), SIUO_ESTATE (after the first next; answered already), SIUO_ENOMEM.
 * @since 0.1.0 */
SIUO_API int siuo_session_restore(siuo_session *s, const void *line, size_t len);

/* No further jobs are handed out; replies to open ones are still taken.
 * @since 0.1.0 */
SIUO_API void siuo_session_cancel(siuo_session *s);

/* How far the session is. */
typedef struct siuo_progress {
  uint32_t size;
  uint32_t reserved;
  uint64_t items, items_done;                             /* items; those with nothing left to ask */
  uint64_t answered, failed;                              /* jobs closed in this process */
  uint64_t restored;                                      /* jobs that were answered before */
  uint64_t open;                                          /* handed out */
  uint64_t retries;                                       /* replies that have to be asked again */
  uint64_t surplus;                                       /* answers beyond those asked for, dropped */
  uint64_t input_tokens, output_tokens, reasoning_tokens; /* as servers count them */
  uint64_t reasoned, reasoned_judgements; /* replies whose words all came as reasoning, though the model had finished:
                                             more tokens don't help; also those that were restored */
} siuo_progress;

/* The caller sets out->size. Errors: SIUO_EINVAL, SIUO_EABI.
 * @since 0.1.0 */
SIUO_API int siuo_session_progress(const siuo_session *s, siuo_progress *out);

/* Calls back after each job that is closed; another result than 0 cancels the session. fn NULL: no more.
 * @since 0.1.0 */
SIUO_API int siuo_session_set_progress(siuo_session *s, int (*fn)(const siuo_progress *progress, void *user),
                                       void *user);

/* The votes so far, under the session's rules; items without any answer are there without votes. Borrowed until the
 * session changes or ends; NULL: out of memory.
 * @since 0.1.0 */
SIUO_API const siuo_metrics *siuo_session_metrics(const siuo_session *s);

/* What was recorded of a task, in the shape that siuo_results_read() reads: a JSON array, "[]" without any answer. The
 * caller owns *out. Errors: SIUO_EINVAL, SIUO_ENOMEM.
 * @since 0.1.0 */
SIUO_API int siuo_session_results(const siuo_session *s, siuo_ctx *ctx, int task, siuo_buf **out);

/* What decides the questions and their reading, as one JSON object: fingerprints of data, pictures and protocol,
 * rules, targets.
 * Two sessions with the same description can take each other's lines. The caller owns *out. Errors as above.
 * @since 0.1.0 */
SIUO_API int siuo_session_describe(const siuo_session *s, siuo_ctx *ctx, siuo_buf **out);

/* ---- jobs ---- */

/* Its id, from kind, item, sample, judge and variant: the same in every process; as 16 hex digits.
 * @since 0.1.0 */
SIUO_API uint64_t siuo_job_id(const siuo_job *j);
SIUO_API const char *siuo_job_key(const siuo_job *j);

/* SIUO_JOB_*; the data set's item; the first sample it asks for, and the answers it asks for; the judge; the order of
 * the options (0: the file's).
 * @since 0.1.0 */
SIUO_API int siuo_job_kind(const siuo_job *j);
SIUO_API const siuo_item *siuo_job_item(const siuo_job *j);
SIUO_API uint32_t siuo_job_sample(const siuo_job *j);
SIUO_API uint32_t siuo_job_count(const siuo_job *j);
SIUO_API uint32_t siuo_job_judge(const siuo_job *j);
SIUO_API uint32_t siuo_job_variant(const siuo_job *j);

/* The text to ask, filled. Borrowed until the job closes.
 * @since 0.1.0 */
SIUO_API const char *siuo_job_prompt(const siuo_job *j, size_t *len);

/* A digest of the question, as 64 hex digits: two questions are the same if API, model, system prompt, temperature,
 * most tokens, seed, extra members, the picture, its place and detail, and the prompt are (docs/session.md). NULL: not
 * known, since there is a picture and siuo_session_set_images() was not called, or since the target has no model.
 * Borrowed until the job closes.
 * @since 0.1.0 */
SIUO_API const char *siuo_job_question(const siuo_job *j);

/* 1 if the picture belongs to the question, else 0.
 * @since 0.1.0 */
SIUO_API int siuo_job_has_picture(const siuo_job *j);

/* The request body for the job's target, with the calling thread's own context. Errors: SIUO_EUNSUPPORTED (a target
 * without an API), those of siuo_image_open(), SIUO_ELIMIT (a picture that the API is known to refuse), SIUO_ENOMEM.
 * The caller owns *out; it may outlive the job.
 * @since 0.1.0 */
SIUO_API int siuo_job_body(const siuo_job *j, siuo_ctx *ctx, siuo_body **out);

SIUO_END_DECLS

#endif
