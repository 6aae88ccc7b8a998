/* buf.h: a growing buffer of bytes, also the one that callers get. */
#ifndef SIUOP_BUF_H
#define SIUOP_BUF_H

#include "ctx.h"

#include <siuo/buf.h>

/* A whole file ("-": standard input), of at most `limit` bytes. SIUO_ENOTFOUND, SIUO_EIO, SIUO_EINVAL (a folder),
 * SIUO_ELIMIT, SIUO_ENOMEM. */
int siuop_buf_read_file(siuo_buf **out, siuo_ctx *ctx, const char *path, uint64_t limit);

/* Errors stick: after a failed append every further one fails too, so that a writer may check once, at the end
 * (siuop_buf_status). */
int siuop_buf_new(siuo_buf **out, siuo_ctx *ctx);
int siuop_buf_add(siuo_buf *b, const void *bytes, size_t len);
int siuop_buf_add_text(siuo_buf *b, const char *text);
int siuop_buf_add_char(siuo_buf *b, char c, size_t count);
int siuop_buf_printf(siuo_buf *b, const char *format, ...) SIUOP_PRINTF(2, 3); /* no floating point: locale */
int siuop_buf_status(const siuo_buf *b);
siuo_ctx *siuop_buf_ctx(const siuo_buf *b);

/* Lets it be out of memory, for writers that append through others. */
void siuop_buf_fail(siuo_buf *b);

/* Appends a text that nobody vouches for: each byte that is not UTF-8, and each NUL, as U+FFFD. */
int siuop_buf_add_clean(siuo_buf *b, const char *text, size_t len);

/* Room for at least len more bytes: where to write them (NULL: out of memory); siuop_buf_wrote says how many
 * were written there. */
char *siuop_buf_room(siuo_buf *b, size_t len);
void siuop_buf_wrote(siuo_buf *b, size_t len);

/* Takes the first n bytes away; the memory stays. */
void siuop_buf_drop(siuo_buf *b, size_t n);

#endif
