/* session.h: how a session keeps what was asked and answered. */
#ifndef SIUOP_SESSION_H
#define SIUOP_SESSION_H

#include "options.h"
#include "panel.h"
#include "protocol.h"
#include "score.h"
#include "wire.h"

#include <siuo/session.h>

#define SIUOP_MOST_SAMPLES  512
#define SIUOP_MOST_VARIANTS 256

/* ---- job ids (session_id.c) ---- */

/* What a job id stands for. The item's code is 40 bits of a digest over task and id. */
struct siuop_job_name {
  uint64_t code;
  int kind;
  uint32_t sample, judge, variant;
};

uint64_t siuop_job_pack(const struct siuop_job_name *name);
struct siuop_job_name siuop_job_unpack(uint64_t id);

/* The codes of all items of ds, in its order, all different, whatever the order. SIUO_ENOMEM. */
int siuop_item_codes(siuo_ctx *ctx, const siuo_dataset *ds, uint64_t *codes);

/* "generate", "choose", "judge_safety", "judge_effectiveness"; 0 for another name. */
const char *siuop_kind_name(int kind);
int siuop_kind_by_name(const char *name);

/* ---- state ---- */

#define SIUOP_SLOT_OPEN     0
#define SIUOP_SLOT_ANSWERED 1
#define SIUOP_SLOT_FAILED   2 /* given up in this process */

/* One answer: a response, a choice, or one judge's reply to one question about one response. */
struct siuop_slot {
  struct siuop_recorded_text text; /* s NULL: none */
  struct siuo_job *job;            /* that asks for it now; NULL: none */
  int8_t state;                    /* SIUOP_SLOT_* */
  int8_t outcome;                  /* SIUO_RESPONSE_* */
  int8_t has_vote, vote;           /* a verdict given without a reply */
  int8_t declined;                 /* a judge that declined, or said nothing */
};

/* One item of the session. Slots: generation: its samples, then for each judge the replies on safety and those on
 * effectiveness, a sample each; choice: an order of the options each. */
struct siuop_case {
  const siuo_item *item;
  uint64_t code;
  struct siuop_slot *slots; /* NULL: nothing was asked yet */
  uint32_t variants;        /* choice: orders asked for */
  int done;                 /* nothing is left to ask */
};

struct siuo_job {
  const struct siuo_session *session;
  uint64_t id;
  char key[17];
  struct siuop_job_name name;
  struct siuop_case *of;
  uint32_t count, attempts;
  siuo_buf *prompt;
  char question[SIUOP_DIGEST_HEX];  /* "": none */
  struct siuo_job *previous, *next; /* all open jobs */
};

/* Job ids that may have become ready, first in, first out. Ids may stand here that are not needed any more. */
struct siuop_queue {
  uint64_t *ids;
  size_t first, count, capacity;
};

/* Who answered last, as a server says. */
struct siuop_served {
  const char *model, *fingerprint, *provider; /* NULL: not said */
  int fingerprint_changed;                    /* it was said already: fingerprints come and go with every replica */
  int provider_changed;                       /* likewise */
  int reasoned;                               /* it was said already that words came as reasoning only */
};

/* Metrics made from the state, kept until the state changes. Apart, since that changes nothing that a caller sees. */
struct siuop_session_view {
  siuo_metrics *metrics;
};

struct siuo_session {
  siuo_ctx *ctx;
  const siuo_dataset *ds;
  const siuo_protocol *protocol;
  siuo_session_options o;      /* with every default filled in */
  siuo_session_options echoes; /* its secrets alone: what errors echo */
  struct siuop_arena arena;
  int panel;       /* SIUO_PANEL_* of its judges */
  uint64_t *codes; /* of all items of ds */
  struct siuop_case *cases;
  size_t count;
  struct siuop_index by_code; /* of cases */
  siuo_target targets[SIUOP_JOB_KINDS][SIUOP_MOST_JUDGES];
  unsigned char streams[SIUOP_JOB_KINDS][SIUOP_MOST_JUDGES]; /* whether one is asked for */
  const char *extras[SIUOP_JOB_KINDS][SIUOP_MOST_JUDGES];    /* objects without blanks, keys sorted; NULL: none */
  siuo_pictures pictures;                                    /* sha256 NULL: not known */
  const siuo_images *images;                                 /* NULL: not known */
  struct siuop_served served[SIUOP_JOB_KINDS][SIUOP_MOST_JUDGES];
  struct siuop_queue queue;
  size_t expanded; /* cases before this one have had their jobs queued */
  int started, cancelled;
  struct siuo_job *open;
  siuo_progress progress;
  int (*on_progress)(const siuo_progress *progress, void *user);
  void *progress_user;
  struct siuop_session_view *view;
  struct siuop_reply reply; /* of the submit that runs */
  int error_status;         /* of the last reply that was submitted: siuo_session_error_status() */
};

/* ---- reaching into it (session.c) ---- */

/* The slot of a job, or of its i-th answer; NULL before anything was asked of the item. */
struct siuop_slot *siuop_slot(const siuo_session *s, const struct siuop_case *c, const struct siuop_job_name *name,
                              uint32_t i);

/* The case of an item's code; NULL: the session does not ask it. */
struct siuop_case *siuop_find_case(const siuo_session *s, uint64_t code);

/* Whether the session asks such a job of this case at all: its numbers are within bounds. */
int siuop_job_exists(const siuo_session *s, const struct siuop_case *c, const struct siuop_job_name *name);

/* Whether a judge's job has to be asked: its response is there and the rules leave it to the judge. */
int siuop_judge_is_needed(const siuo_session *s, const struct siuop_case *c, const struct siuop_job_name *name);

/* Gives the case its slots. SIUO_ENOMEM. */
int siuop_case_touch(siuo_session *s, struct siuop_case *c);

/* Queues what can be asked now about a response, after it was answered or was left out of an answer: its judges' jobs,
 * or itself again. Can't fail within the room of siuop_queue_reserve(). */
int siuop_case_unlock(siuo_session *s, struct siuop_case *c, uint32_t sample);
int siuop_queue_reserve(siuo_session *s, size_t more);

/* The same of the judge that comes after one that has declined. */
int siuop_case_unlock_judge(siuo_session *s, struct siuop_case *c, const struct siuop_job_name *name);

/* Number of answers that one request may ask for from this sample on. */
uint32_t siuop_job_capacity(const siuo_session *s, const struct siuop_case *c, const struct siuop_job_name *name);

/* Its body, as a stream is asked for or not. SIUO_EUNSUPPORTED, SIUO_EIO, SIUO_ENOMEM; *out is then NULL. */
int siuop_job_write(const siuo_job *j, siuo_ctx *ctx, int stream, siuo_body **out);

/* Ends an open job. */
void siuop_job_close(siuo_session *s, struct siuo_job *j);

/* Makes an open job one for `count` answers, as far as its samples are free: what was recorded of it has as many. Only
 * who holds the job may do that. SIUO_ENOMEM. */
int siuop_job_resize(siuo_session *s, const siuo_job *j, uint32_t count);

/* siuo_session_submit() of a body that perhaps another API than the target's made. */
int siuop_session_submit_as(siuo_session *s, uint64_t job_id, int api, int http_status, const char *body, size_t len);

/* Brings up to date what is derived from a case's slots. */
void siuop_case_changed(siuo_session *s, struct siuop_case *c);

/* ---- lines (session_line.c) ---- */

/* A reply on its way in, from a host or a line. Exactly one of text, body, verdict and failure is there. */
struct siuop_arrival {
  struct siuop_job_name name;
  uint32_t count;
  const char *text; /* a bare text */
  size_t text_len;
  int http_status; /* with body */
  const char *body;
  size_t body_len;
  int api;
  int has_verdict, verdict;
  const char *failure;
  const char *question; /* its digest; NULL: none */
};

/* Appends the line of a reply. */
int siuop_line_write(siuo_buf *b, const struct siuop_case *c, const struct siuop_arrival *a);

/* Reads a line; the arrival borrows from *json, and from scratch what stood there in base64. *item_id and task say
 * which item. SIUO_EFORMAT, SIUO_ENOMEM. */
int siuop_line_read(siuo_ctx *ctx, const char *line, size_t len, siuop_json **json, siuo_buf *scratch,
                    struct siuop_arrival *a, const char **item_id);

/* The same of a line that is parsed already. */
int siuop_line_read_json(siuo_ctx *ctx, const siuop_json *line, siuo_buf *scratch, struct siuop_arrival *a,
                         const char **item_id);

/* Appends bytes with every secret replaced by ***. siuop_scrub_echoes: a short one only where it is no part of a longer
 * word, of which nobody could tell it. */
int siuop_scrub(siuo_buf *b, const siuo_session_options *o, const char *bytes, size_t len);
int siuop_scrub_echoes(siuo_buf *b, const siuo_session_options *o, const char *bytes, size_t len);

/* ---- what is said of replies (session_notes.c) ---- */

/* A run's numbers should come of one model: remembers the server's word on it, and says where it changes. quietly: of a
 * line that is restored. */
void siuop_note_model(siuo_session *s, const struct siuop_job_name *name, int quietly);

/* Counts replies whose words all came as reasoning, and says so once. */
void siuop_note_reasoning(siuo_session *s, const struct siuop_job_name *name, uint64_t replies, int quietly);

/* Says that a question failed, or (failed 0) that some of its answers did, and why. */
void siuop_note_failure(siuo_session *s, const struct siuop_case *c, const struct siuop_job_name *name, int failed);

/* ---- what was recorded (session_results.c) ---- */

void siuop_session_forget_view(siuo_session *s);

#endif
