/* buf.h: bytes that the library hands to the caller to keep. */
#ifndef SIUO_BUF_H
#define SIUO_BUF_H

#include <siuo/ctx.h>

SIUO_BEGIN_DECLS

typedef struct siuo_buf siuo_buf;

/* The bytes, followed by a NUL that the size does not count. Never NULL for a buffer of the library's; "" for
 * NULL. Borrowed until siuo_buf_free().
 * @since 0.1.0 */
SIUO_API const char *siuo_buf_data(const siuo_buf *b);

/* Number of bytes; 0 for NULL.
 * @since 0.1.0 */
SIUO_API size_t siuo_buf_size(const siuo_buf *b);

/* Makes the file at path hold exactly these bytes, or leaves what was there: writes beside it, flushes to disk,
 * then renames. A pipe or device is written to directly. Errors: SIUO_EIO, SIUO_ENOTFOUND (no such folder),
 * SIUO_EINVAL (a folder).
 * @since 0.1.0 */
SIUO_API int siuo_buf_save(const siuo_buf *b, siuo_ctx *ctx, const char *path);

/* Frees the buffer. NULL is fine.
 * @since 0.1.0 */
SIUO_API void siuo_buf_free(siuo_buf *b);

SIUO_END_DECLS

#endif
