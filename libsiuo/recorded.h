/* recorded.h: replies in files, read, kept and given to a session again. */
#ifndef SIUOP_RECORDED_H
#define SIUOP_RECORDED_H

#include "session.h"

struct siuop_recorded_reply {
  const char *id;         /* the item's */
  struct siuop_arrival a; /* its texts borrow like those of siuop_line_read_json(), or are in an arena */
};

/* Whether a record is a journal's first line, which is no reply. */
int siuop_recorded_is_header(const siuop_json *record);

/* Reads a record; messages name file and line. scratch is empty before. */
int siuop_recorded_read(siuo_ctx *ctx, const struct siuop_record *record, siuo_buf *scratch,
                        struct siuop_recorded_reply *out);

/* Copies what it borrows into the arena. SIUO_ENOMEM. */
int siuop_recorded_keep(struct siuop_arena *arena, struct siuop_recorded_reply *reply);

/* Submits it as the job's; one to ask again for fails the job. */
int siuop_recorded_answer(siuo_session *s, const siuo_job *j, const struct siuop_arrival *a);

#endif
