/* session_submit.c: replies taken, from hosts and from lines of an earlier process. */
#include "session.h"

#include "buf.h"
#include "question.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

/* ---- which job ---- */

static int fail_job(siuo_session *s, int status, uint64_t id, const char *words)
{
  return siuop_fail(s->ctx, status, "job %016llx: %s", (unsigned long long)id, words);
}

static int is_judge(int kind)
{
  return kind == SIUO_JOB_JUDGE_SAFETY || kind == SIUO_JOB_JUDGE_EFFECTIVENESS;
}

/* Finds an open job by its id, which may not have been handed out: *job is NULL then. */
static int find_open(siuo_session *s, uint64_t id, struct siuop_case **c, struct siuop_job_name *name,
                     struct siuo_job **job)
{
  *name = siuop_job_unpack(id);
  *c = siuop_find_case(s, name->code);
  *job = NULL;
  if (*c == NULL || !siuop_job_exists(s, *c, name))
    return fail_job(s, SIUO_ENOTFOUND, id, "this session has no such job");
  const struct siuop_slot *slot = siuop_slot(s, *c, name, 0);
  if (slot != NULL && slot->state != SIUOP_SLOT_OPEN)
    return fail_job(s, SIUO_ESTATE, id,
                    slot->state == SIUOP_SLOT_ANSWERED ? "it is answered already" : "it was failed");
  if (is_judge(name->kind) && !siuop_judge_is_needed(s, *c, name))
    return fail_job(s, SIUO_ESTATE, id, "the response it is about is not answered, or needs no judge");
  if (slot != NULL && slot->job != NULL) {
    *job = slot->job;
    if ((*job)->id != id)
      return siuop_fail(s->ctx, SIUO_ESTATE, "job %016llx: job %s asks for it", (unsigned long long)id, (*job)->key);
  }
  return SIUO_OK;
}

/* ---- what a reply changes ---- */

/* The new contents of a job's slots, made before anything is changed. */
struct change {
  struct siuop_case *c;
  struct siuop_job_name name;
  uint32_t count;   /* samples that it asked for */
  uint32_t answers; /* of them answered: the first ones */
  int failed;       /* the whole job failed */
  int has_vote, vote;
  int declined; /* a judge's reply that is no opinion */
};

/* A judge's reply that was cut off says so even if it has text, which may lack its verdict. */
static int outcome_of_answer(const struct siuop_answer *a, int kind)
{
  return is_judge(kind) && a->cut_off && a->outcome == SIUO_RESPONSE_OK ? SIUO_RESPONSE_TRUNCATED : a->outcome;
}

/* The text of a judge's reply, which is never none: a judge that was asked and said nothing has an empty reply. */
static void put_answer(struct siuop_slot *slot, const struct siuop_answer *a, int kind)
{
  slot->state = a->outcome == SIUO_RESPONSE_FAILED ? SIUOP_SLOT_FAILED : SIUOP_SLOT_ANSWERED;
  slot->outcome = (int8_t)outcome_of_answer(a, kind);
  slot->text.s = a->text;
  slot->text.len = a->len;
  if (is_judge(kind) && slot->text.s == NULL) {
    slot->text.s = "";
    slot->text.len = 0;
  }
}

static const struct siuop_answer *answer_of(const siuo_session *s, uint32_t i)
{
  return &s->reply.answers[s->reply.for_all ? 0 : i];
}

static void apply(siuo_session *s, const struct change *x)
{
  for (uint32_t i = 0; i < x->count; i++) {
    struct siuop_slot *slot = siuop_slot(s, x->c, &x->name, i);
    if (slot->state == SIUOP_SLOT_ANSWERED) {
      continue; /* a line that is restored may say again what is known */
    } else if (x->failed) {
      slot->state = SIUOP_SLOT_FAILED;
      slot->outcome = SIUO_RESPONSE_FAILED;
    } else if (x->has_vote) {
      slot->state = SIUOP_SLOT_ANSWERED;
      slot->has_vote = 1;
      slot->vote = (int8_t)x->vote;
    } else if (i < x->answers && !answer_of(s, i)->passing) { /* what may pass is asked again */
      put_answer(slot, answer_of(s, i), x->name.kind);
      slot->declined = (int8_t)x->declined;
    }
  }
}

/* Room for all that applying the change will queue. */
static int prepare(siuo_session *s, const struct change *x)
{
  int rc = siuop_case_touch(s, x->c);
  if (rc == SIUO_OK && x->name.kind == SIUO_JOB_GENERATE)
    rc = siuop_queue_reserve(s, (size_t)x->count * (1 + 2 * (size_t)s->o.judges));
  else if (rc == SIUO_OK && is_judge(x->name.kind))
    rc = siuop_queue_reserve(s, 1); /* the next judge */
  return rc;
}

/* Answers whose words all came as reasoning, though the model had finished. */
static uint64_t count_reasoned(const siuo_session *s, const struct change *x)
{
  uint64_t n = 0;
  for (uint32_t i = 0; i < x->answers; i++)
    n += answer_of(s, i)->reasoned != 0;
  return n;
}

static void commit(siuo_session *s, const struct change *x, struct siuo_job *job)
{
  apply(s, x);
  siuop_note_model(s, &x->name, 0);
  siuop_note_reasoning(s, &x->name, count_reasoned(s, x), 0);
  if (job != NULL)
    siuop_job_close(s, job);
  for (uint32_t i = 0; x->name.kind == SIUO_JOB_GENERATE && i < x->count; i++)
    siuop_case_unlock(s, x->c, x->name.sample + i);
  if (x->declined)
    siuop_case_unlock_judge(s, x->c, &x->name);
  s->progress.surplus += !s->reply.for_all && s->reply.count > x->count ? s->reply.count - x->count : 0;
  s->progress.input_tokens += s->reply.input_tokens;
  s->progress.output_tokens += s->reply.output_tokens;
  s->progress.reasoning_tokens += s->reply.reasoning_tokens;
  siuop_case_changed(s, x->c);
}

/* ---- taking a reply ---- */

/* The question that a reply answers, also of a job that was not handed out. */
static int digest_question(const siuo_session *s, const struct siuop_case *c, const struct siuo_job *job,
                           const struct siuop_job_name *name, char out[SIUOP_DIGEST_HEX])
{
  siuo_buf *prompt = NULL;
  if (job != NULL) {
    memcpy(out, job->question, SIUOP_DIGEST_HEX);
    return SIUO_OK;
  }
  int rc = siuop_question_fill(s, c, name, &prompt);
  if (rc == SIUO_OK)
    rc = siuop_question_digest(s, c, name, prompt, out);
  siuo_buf_free(prompt);
  return rc;
}

static int give_line(siuo_session *s, const struct siuop_case *c, const struct siuo_job *job,
                     const struct siuop_arrival *a)
{
  siuo_buf *line = NULL;
  struct siuop_arrival asked = *a;
  char question[SIUOP_DIGEST_HEX] = "";
  int rc = SIUO_OK;
  if (s->o.sink == NULL)
    return SIUO_OK;
  if (s->reply.kind == SIUOP_REPLY_ANSWERS && !a->has_verdict)
    rc = digest_question(s, c, job, &a->name, question);
  asked.question = question[0] == '\0' ? NULL : question;
  if (rc == SIUO_OK)
    rc = siuop_buf_new(&line, s->ctx);
  if (rc == SIUO_OK)
    rc = siuop_line_write(line, c, &asked);
  if (rc == SIUO_OK) {
    fail_job(s, SIUO_EIO, siuop_job_pack(&a->name), "the sink refused its line"); /* unless it has better words */
    rc = s->o.sink(siuo_buf_data(line), siuo_buf_size(line), s->o.sink_user);
    rc = rc > 0 || rc == -1 ? SIUO_EIO : rc;
  }
  siuo_buf_free(line);
  return rc;
}

/* Up to a fifth less than 0.5, 1, 2, 4, 8 seconds, so that hosts spread out. */
static double backoff(uint32_t attempts, uint64_t id)
{
  double seconds = attempts > 4 ? 8 : 0.5 * (double)(1u << (attempts - 1));
  uint64_t mixed = (id + attempts) * UINT64_C(0x9E3779B97F4A7C15);
  return seconds * (0.8 + 0.2 * (double)(mixed >> 40) / (double)(UINT64_C(1) << 24));
}

/* A server's word counts where it asks for some time; of one that has said so before, it is the least. */
static double time_to_wait(const siuo_session *s, const struct siuo_job *job, uint64_t id)
{
  uint32_t attempts = job == NULL ? 1 : job->attempts;
  double said = s->reply.retry_after;
  double least = backoff(attempts, id);
  return said >= least || (said > 0 && attempts == 1) ? said : least;
}

static int retry(siuo_session *s, const struct siuop_arrival *a, struct siuo_job *job, double *retry_after)
{
  uint64_t id = siuop_job_pack(&a->name);
  if (job != NULL)
    job->attempts++;
  s->progress.retries++;
  if (retry_after != NULL)
    *retry_after = time_to_wait(s, job, id);
  return fail_job(s, SIUO_RETRY, id, s->reply.reason);
}

/* Reads the arrival's text or body into s->reply. */
static int read_reply(siuo_session *s, const struct siuop_arrival *a, const char *headers, size_t headers_len)
{
  const siuo_target *t = &s->targets[a->name.kind - 1][a->name.judge];
  int has_cap = t->api != SIUO_API_TEXT && (t->omit & SIUO_OMIT_MAX_TOKENS) == 0;
  struct siuop_message m = {a->http_status, headers, headers_len, a->body, a->body_len};
  s->error_status = 0;
  if (a->body != NULL) {
    int rc = siuop_wire_read(&s->reply, s->ctx, &s->arena, a->api, has_cap ? (uint64_t)t->max_tokens : 0, &m);
    s->error_status = s->reply.error_status;
    return rc;
  }
  if (a->text != NULL)
    return siuop_wire_read_text(&s->reply, s->ctx, &s->arena, a->text, a->text_len);
  s->reply.kind = a->failure != NULL ? SIUOP_REPLY_FINAL : SIUOP_REPLY_ANSWERS;
  s->reply.count = 0;
  s->reply.for_all = 0;
  s->reply.model = s->reply.fingerprint = s->reply.provider = NULL;
  s->reply.input_tokens = s->reply.output_tokens = s->reply.reasoning_tokens = 0;
  snprintf(s->reply.reason, sizeof s->reply.reason, "%s", a->failure == NULL ? "" : a->failure);
  return SIUO_OK;
}

/* Whether a judge's reply is no opinion, but not for want of tokens. */
static int is_declined(const siuo_session *s, int kind)
{
  siuo_verdict verdict;
  if (!is_judge(kind) || s->reply.kind != SIUOP_REPLY_ANSWERS || s->reply.count == 0 ||
      s->reply.answers[0].outcome == SIUO_RESPONSE_FAILED)
    return 0;
  verdict.size = sizeof verdict;
  const struct siuop_answer *a = &s->reply.answers[0];
  return siuo_judge_reply(s->protocol, s->ctx, SIUO_RULES_STANDARD, kind, NULL, a->text, a->len, &verdict) == SIUO_OK &&
         siuop_is_declined(siuop_outcome_by_end(verdict.outcome, outcome_of_answer(a, kind)));
}

static struct change change_of(const siuo_session *s, struct siuop_case *c, const struct siuop_arrival *a)
{
  struct change x;
  memset(&x, 0, sizeof x);
  x.c = c;
  x.name = a->name;
  x.count = a->count;
  x.failed = s->reply.kind == SIUOP_REPLY_FINAL;
  x.has_vote = a->has_verdict;
  x.vote = a->verdict;
  x.declined = is_declined(s, a->name.kind);
  x.answers = s->reply.for_all || s->reply.count > a->count ? a->count : (uint32_t)s->reply.count;
  return x;
}

/* Whether nothing of what was asked for was answered: the server failed, or each answer ended without one. */
static int came_to_nothing(const siuo_session *s, const struct change *x)
{
  for (uint32_t i = 0; i < x->count; i++)
    if (siuop_slot(s, x->c, &x->name, i)->state == SIUOP_SLOT_ANSWERED)
      return 0;
  return 1;
}

static void tell(siuo_session *s, int failed)
{
  s->progress.answered += !failed;
  s->progress.failed += (uint64_t)failed;
  if (s->on_progress != NULL && s->on_progress(&s->progress, s->progress_user) != 0)
    s->cancelled = 1;
}

/* ---- what errors echo ---- */

static int hide_in_reason(siuo_session *s)
{
  siuo_buf *clean = NULL;
  int rc = siuop_buf_new(&clean, s->ctx);
  if (rc == SIUO_OK)
    rc = siuop_scrub_echoes(clean, &s->echoes, s->reply.reason, strlen(s->reply.reason));
  if (rc == SIUO_OK)
    snprintf(s->reply.reason, sizeof s->reply.reason, "%s", siuo_buf_data(clean));
  siuo_buf_free(clean);
  return rc;
}

/* Reads once more what an error says, now without what it echoes: its reason may have been cut inside a word of that.
 * `bytes` gets what its line then holds. */
static int read_again(siuo_session *s, struct siuop_arrival *a, const char *headers, size_t headers_len,
                      siuo_buf *bytes)
{
  siuo_buf *clean = NULL;
  const char *said = a->body != NULL ? a->body : a->failure;
  int rc = siuop_buf_new(&clean, s->ctx);
  if (rc == SIUO_OK)
    rc = siuop_scrub_echoes(bytes, &s->echoes, said, a->body != NULL ? a->body_len : strlen(said));
  if (rc == SIUO_OK)
    rc = siuop_scrub_echoes(clean, &s->echoes, headers, headers_len);
  a->failure = a->body != NULL ? a->failure : siuo_buf_data(bytes);
  a->body_len = siuo_buf_size(bytes);
  a->body = a->body != NULL ? siuo_buf_data(bytes) : NULL;
  if (rc == SIUO_OK)
    rc = read_reply(s, a, siuo_buf_data(clean), siuo_buf_size(clean));
  siuo_buf_free(clean);
  return rc;
}

/* Takes what it echoes out of a reply that is no answer. What it comes to stays as it is, though the words that say so
 * may be among that. */
static int hide_echoes(siuo_session *s, struct siuop_arrival *a, const char *headers, size_t headers_len,
                       siuo_buf *bytes)
{
  char reason[sizeof s->reply.reason];
  int kind = s->reply.kind, status = s->error_status;
  double retry_after = s->reply.retry_after;
  if (s->echoes.secret_count == 0 || s->reply.reason[0] == '\0')
    return SIUO_OK;
  memcpy(reason, s->reply.reason, sizeof reason);
  int rc = kind == SIUOP_REPLY_ANSWERS ? SIUO_OK : read_again(s, a, headers, headers_len, bytes);
  if (rc == SIUO_OK && s->reply.kind != kind)
    memcpy(s->reply.reason, reason, sizeof reason);
  if (rc == SIUO_OK)
    rc = hide_in_reason(s);
  if (kind == SIUOP_REPLY_ANSWERS || rc != SIUO_OK)
    return rc;
  if (s->reply.kind != kind) { /* a line that would be read as something else */
    a->body = NULL;
    a->failure = s->reply.reason;
  }
  s->reply.kind = kind;
  s->reply.count = 0;
  s->reply.for_all = 0;
  s->reply.retry_after = retry_after;
  s->error_status = status;
  return SIUO_OK;
}

/* ---- taking it ---- */

/* Takes a reply whose job is open; what it refers to is scrubbed of secrets. `bytes` is for what a line holds. */
static int take(siuo_session *s, struct siuop_case *c, struct siuo_job *job, struct siuop_arrival *a,
                const char *headers, size_t headers_len, siuo_buf *bytes, double *retry_after)
{
  struct siuop_arena_mark mark = siuop_arena_mark(&s->arena);
  int rc = siuop_case_touch(s, c);
  if (rc != SIUO_OK)
    return rc;
  mark = siuop_arena_mark(&s->arena);
  rc = read_reply(s, a, headers, headers_len);
  if (rc == SIUO_OK)
    rc = hide_echoes(s, a, headers, headers_len, bytes);
  if (rc == SIUO_OK && s->reply.kind == SIUOP_REPLY_RETRY)
    rc = retry(s, a, job, retry_after);
  struct change x = change_of(s, c, a);
  if (rc == SIUO_OK)
    rc = prepare(s, &x);
  if (rc == SIUO_OK)
    rc = give_line(s, c, job, a);
  if (rc != SIUO_OK) {
    siuop_arena_rewind(&s->arena, mark);
    return rc;
  }
  commit(s, &x, job);
  int failed = came_to_nothing(s, &x);
  if (s->reply.reason[0] != '\0' || failed)
    siuop_note_failure(s, c, &a->name, failed);
  tell(s, failed);
  return SIUO_OK;
}

/* Makes of a stream the body that the server gives without streaming, which then is what came. */
static int join_stream(siuo_session *s, struct siuop_arrival *a, siuo_buf *joined, const char *headers,
                       size_t headers_len)
{
  struct siuop_message m = {a->http_status, headers, headers_len, a->body, a->body_len};
  if (a->body == NULL || !siuop_stream_is(a->api, &m))
    return SIUO_OK;
  int rc = siuop_stream_read(joined, s->ctx, a->api, a->body, a->body_len);
  if (rc == SIUO_OK) {
    a->body = siuo_buf_data(joined);
    a->body_len = siuo_buf_size(joined);
  }
  return rc;
}

/* Finds the job, replaces secrets in what came, takes it. `bytes` is one of the arrival's texts, or NULL. */
static int submit(siuo_session *s, uint64_t id, struct siuop_arrival *a, const char **bytes, size_t *len,
                  const char *headers, size_t headers_len, double *retry_after)
{
  struct siuop_case *c = NULL;
  struct siuo_job *job = NULL;
  siuo_buf *joined = NULL, *clean = NULL, *clean_headers = NULL, *unechoed = NULL;
  int rc = find_open(s, id, &c, &a->name, &job);
  if (rc != SIUO_OK)
    return rc;
  a->count = job != NULL ? job->count : siuop_job_capacity(s, c, &a->name);
  if (a->api == SIUO_API_TEXT)
    a->api = s->targets[a->name.kind - 1][a->name.judge].api;
  if (a->body != NULL && a->api == SIUO_API_TEXT)
    return fail_job(s, SIUO_EINVAL, id, "its target has no API: submit the text, or set a target");
  if (a->has_verdict && !is_judge(a->name.kind))
    return fail_job(s, SIUO_EINVAL, id, "a verdict answers a judge's job");
  rc = siuop_buf_new(&joined, s->ctx);
  if (rc == SIUO_OK)
    rc = siuop_buf_new(&clean, s->ctx);
  if (rc == SIUO_OK)
    rc = siuop_buf_new(&clean_headers, s->ctx);
  if (rc == SIUO_OK)
    rc = siuop_buf_new(&unechoed, s->ctx);
  if (rc == SIUO_OK)
    rc = join_stream(s, a, joined, headers, headers_len); /* before secrets, which may come in pieces */
  if (rc == SIUO_OK && bytes != NULL) {
    rc = siuop_scrub(clean, &s->o, *bytes, *len);
    *bytes = siuo_buf_data(clean);
    *len = siuo_buf_size(clean);
  }
  if (rc == SIUO_OK && headers_len > 0)
    rc = siuop_scrub(clean_headers, &s->o, headers, headers_len);
  if (rc == SIUO_OK)
    rc = take(s, c, job, a, siuo_buf_data(clean_headers), siuo_buf_size(clean_headers), unechoed, retry_after);
  siuo_buf_free(unechoed);
  siuo_buf_free(clean_headers);
  siuo_buf_free(clean);
  siuo_buf_free(joined);
  return rc;
}

/* api: SIUO_API_TEXT for the target's. */
static int submit_body(siuo_session *s, uint64_t job_id, int api, int http_status, const char *headers,
                       size_t headers_len, const void *body, size_t len, double *retry_after)
{
  struct siuop_arrival a;
  if (len > siuop_limits(s->ctx)->reply)
    return fail_job(s, SIUO_ELIMIT, job_id, "the reply is longer than the context allows (max_reply)");
  memset(&a, 0, sizeof a);
  a.api = api;
  a.http_status = http_status;
  a.body = body == NULL ? "" : body;
  a.body_len = len;
  return submit(s, job_id, &a, &a.body, &a.body_len, headers, headers_len, retry_after);
}

int siuo_session_submit(siuo_session *s, uint64_t job_id, int http_status, const char *headers, size_t headers_len,
                        const void *body, size_t len, double *retry_after)
{
  if (retry_after != NULL)
    *retry_after = 0;
  if (s == NULL || (body == NULL && len > 0) || (headers == NULL && headers_len > 0))
    return SIUO_EINVAL;
  return submit_body(s, job_id, SIUO_API_TEXT, http_status, headers, headers_len, body, len, retry_after);
}

int siuop_session_submit_as(siuo_session *s, uint64_t job_id, int api, int http_status, const char *body, size_t len)
{
  return submit_body(s, job_id, api, http_status, NULL, 0, body, len, NULL);
}

int siuo_session_submit_text(siuo_session *s, uint64_t job_id, const char *text, size_t len)
{
  struct siuop_arrival a;
  if (s == NULL || (text == NULL && len > 0))
    return SIUO_EINVAL;
  if (len > siuop_limits(s->ctx)->reply)
    return fail_job(s, SIUO_ELIMIT, job_id, "the reply is longer than the context allows (max_reply)");
  memset(&a, 0, sizeof a);
  a.text = text == NULL ? "" : text;
  a.text_len = len;
  return submit(s, job_id, &a, &a.text, &a.text_len, NULL, 0, NULL);
}

int siuo_session_submit_verdict(siuo_session *s, uint64_t job_id, int value)
{
  struct siuop_arrival a;
  if (s == NULL)
    return SIUO_EINVAL;
  int most = siuop_job_unpack(job_id).kind == SIUO_JOB_JUDGE_EFFECTIVENESS ? 2 : 1;
  if (value < -1 || value > most)
    return fail_job(s, SIUO_EINVAL, job_id, "there is no such verdict");
  memset(&a, 0, sizeof a);
  a.has_verdict = 1;
  a.verdict = value;
  return submit(s, job_id, &a, NULL, NULL, NULL, 0, NULL);
}

int siuo_session_fail(siuo_session *s, uint64_t job_id, const char *reason)
{
  struct siuop_arrival a;
  if (s == NULL)
    return SIUO_EINVAL;
  memset(&a, 0, sizeof a);
  a.failure = reason == NULL ? "" : reason;
  size_t len = strlen(a.failure);
  return submit(s, job_id, &a, &a.failure, &len, NULL, 0, NULL);
}

/* ---- lines of an earlier process ---- */

static int is_same_text(const struct siuop_slot *slot, const struct siuop_answer *a, int kind)
{
  struct siuop_slot other;
  memset(&other, 0, sizeof other);
  put_answer(&other, a, kind);
  return (slot->text.s == NULL) == (other.text.s == NULL) && slot->text.len == other.text.len &&
         (other.text.len == 0 || memcmp(slot->text.s, other.text.s, other.text.len) == 0);
}

/* A line may say again what is known already; another answer to the same job is an error. *fresh: it says more. What
 * failed was asked again, so that another line may have its answer. */
static int check_known(siuo_session *s, const struct change *x, int *fresh)
{
  *fresh = 0;
  for (uint32_t i = 0; i < x->answers || (x->has_vote && i < x->count); i++) {
    const struct siuop_slot *slot = siuop_slot(s, x->c, &x->name, i);
    const struct siuop_answer *a = x->has_vote ? NULL : answer_of(s, i);
    if (a != NULL && a->outcome == SIUO_RESPONSE_FAILED)
      continue;
    *fresh |= slot->state != SIUOP_SLOT_ANSWERED;
    if (slot->state != SIUOP_SLOT_ANSWERED)
      continue;
    int same =
        a == NULL ? slot->has_vote && slot->vote == x->vote : !slot->has_vote && is_same_text(slot, a, x->name.kind);
    if (!same)
      return fail_job(s, SIUO_ESTATE, siuop_job_pack(&x->name), "another line has another answer to it");
  }
  return SIUO_OK;
}

static int restore(siuo_session *s, struct siuop_case *c, struct siuop_arrival *a)
{
  int fresh = 0;
  if (a->count > s->o.samples - a->name.sample && a->name.kind == SIUO_JOB_GENERATE)
    a->count = s->o.samples - a->name.sample; /* the session asks for fewer now */
  int rc = siuop_case_touch(s, c);
  struct siuop_arena_mark mark = siuop_arena_mark(&s->arena);
  if (rc == SIUO_OK)
    rc = read_reply(s, a, NULL, 0);
  struct change x = change_of(s, c, a);
  if (rc == SIUO_OK && s->reply.kind == SIUOP_REPLY_ANSWERS)
    rc = check_known(s, &x, &fresh);
  if (rc != SIUO_OK || !fresh) {
    siuop_arena_rewind(&s->arena, mark);
    return rc; /* what failed then is asked again */
  }
  apply(s, &x);
  siuop_note_model(s, &x.name, 1); /* so that the next run of the same folder sees another */
  siuop_note_reasoning(s, &x.name, count_reasoned(s, &x), 1);
  for (uint32_t i = 0; i < x.count; i++) {
    struct siuop_slot *slot = siuop_slot(s, c, &x.name, i);
    if (slot->state == SIUOP_SLOT_FAILED)
      memset(slot, 0, sizeof *slot);
  }
  s->progress.restored++;
  siuop_case_changed(s, c);
  return SIUO_OK;
}

int siuo_session_restore(siuo_session *s, const void *line, size_t len)
{
  struct siuop_arrival a;
  siuop_json *json = NULL;
  siuo_buf *scratch = NULL;
  const char *item_id = NULL;
  if (s == NULL || (line == NULL && len > 0))
    return SIUO_EINVAL;
  if (s->started)
    return siuop_fail(s->ctx, SIUO_ESTATE, "session: lines are restored before the first job is handed out");
  int rc = siuop_buf_new(&scratch, s->ctx);
  if (rc == SIUO_OK)
    rc = siuop_line_read(s->ctx, line == NULL ? "" : line, len, &json, scratch, &a, &item_id);
  if (rc == SIUO_OK) {
    int task = a.name.kind == SIUO_JOB_CHOOSE ? SIUO_TASK_CHOICE : SIUO_TASK_GENERATION;
    const siuo_item *item = siuo_dataset_find(s->ds, task, item_id);
    struct siuop_case *c = item == NULL ? NULL : siuop_find_case(s, s->codes[item - s->ds->items]);
    a.name.code = c == NULL ? 0 : c->code;
    if (item == NULL)
      rc = siuop_fail(s->ctx, SIUO_ENOTFOUND, "restore: question_id %.80s is not in the data set", item_id);
    else if (c != NULL && siuop_job_exists(s, c, &a.name))
      rc = restore(s, c, &a);
  }
  siuop_json_free(json);
  siuo_buf_free(scratch);
  return rc;
}
