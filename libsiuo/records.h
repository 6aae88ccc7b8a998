/* records.h: a source's records one after another: the elements of a JSON array, or the lines of a JSONL file.
 *
 * Which of the two is seen from the first byte that is not white space: [ or {. A byte order mark is passed
 * over. An array is held whole (limit: a document), JSONL a line at a time (limit: a line; empty lines are
 * passed over). */
#ifndef SIUOP_RECORDS_H
#define SIUOP_RECORDS_H

#include "json.h"

struct siuop_record {
  const char *name;                /* the source's name */
  const siuop_json *value;         /* an object; borrowed until the callback returns */
  size_t number;                   /* from 0 */
  int byte_order_mark;             /* the source begins with one */
  uint64_t line;                   /* JSONL: the line; an array: 0, see siuop_record_line() */
  struct siuop_elements *elements; /* an array's, else NULL */
};

/* How far an array's text was scanned for the places of its elements. */
struct siuop_elements {
  const char *s;
  size_t len, at;
  size_t passed; /* commas at the first level before `at` */
  size_t depth;
  int in_string;
  uint64_t line;
};

/* Gets each record; another status than SIUO_OK ends the walk and is passed on. */
typedef int (*siuop_record_fn)(siuo_ctx *ctx, const struct siuop_record *record, void *user_data);

/* Walks a file ("-": standard input) or bytes. SIUO_ENOTFOUND, SIUO_EIO, SIUO_EFORMAT (not JSON, a record that is
 * no object, no record at all), SIUO_ELIMIT, SIUO_ENOMEM, or what the callback returned. */
int siuop_records_read(siuo_ctx *ctx, const char *path, siuop_record_fn each, void *user_data);
int siuop_records_parse(siuo_ctx *ctx, const char *name, const void *bytes, size_t len, siuop_record_fn each,
                        void *user_data);

/* The same of what scripts wrote: NaN is null, half of a character and NUL are U+FFFD, and the context's log says so.
 */
int siuop_records_read_mending(siuo_ctx *ctx, const char *path, siuop_record_fn each, void *user_data);
int siuop_records_parse_mending(siuo_ctx *ctx, const char *name, const void *bytes, size_t len, siuop_record_fn each,
                                void *user_data);

/* The same of a journal, which may be in the middle of being written: a last line without its line feed is passed over,
 * with a note, and no record at all is fine. */
int siuop_records_read_journal(siuo_ctx *ctx, const char *path, siuop_record_fn each, void *user_data);

/* Called after a failure that its message describes; another status than SIUO_OK ends the walk and is passed on. */
typedef int (*siuop_record_bad_fn)(siuo_ctx *ctx, void *user_data);

/* Walks a file of what servers sent: NUL inside strings and repeated keys are taken. A line that is no JSON, a record
 * that is no object, and one that `each` calls SIUO_EFORMAT, go to `bad`, and the walk goes on. */
int siuop_records_read_replies(siuo_ctx *ctx, const char *path, siuop_record_fn each, siuop_record_bad_fn bad,
                               void *user_data);

/* The line on which the record begins, from 1. Scans an array's text up to there, from the last record that was asked
 * for on. */
uint64_t siuop_record_line(const struct siuop_record *record);

/* siuop_fail() with "NAME:LINE: " before the words. */
int siuop_record_fail(siuo_ctx *ctx, const struct siuop_record *record, int status, const char *format, ...)
    SIUOP_PRINTF(4, 5);

#endif
