/* os.h: everything that asks the operating system. os_posix.c alone makes system calls.
 *
 * Every failure leaves a message that names the path. Interrupted calls go on; short reads and writes are
 * completed. */
#ifndef SIUOP_OS_H
#define SIUOP_OS_H

#include "ctx.h"

#define SIUOP_KIND_NONE   0 /* there is nothing of that name */
#define SIUOP_KIND_FILE   1 /* a file, a pipe, a device: something to read from */
#define SIUOP_KIND_FOLDER 2

/* What path is: SIUOP_KIND_*, or SIUO_EIO. */
int siuop_os_kind(siuo_ctx *ctx, const char *path);

/* Opens a file to read; "-" is standard input. *fd is closed with siuop_os_close(). A pipe into which nobody writes,
 * for some seconds, reads as empty. No descriptor from here is one of 0 to 2. SIUO_ENOTFOUND, SIUO_EIO, SIUO_EINVAL (a
 * folder). */
int siuop_os_open(siuo_ctx *ctx, const char *path, int *fd);

/* Reads at most cap bytes; *got 0 is the end. SIUO_EIO. */
int siuop_os_read(siuo_ctx *ctx, int fd, const char *path, void *bytes, size_t cap, size_t *got);

void siuop_os_close(int fd);

/* Calls back for the names in a folder, `most` of them; none where it can't be read. */
void siuop_os_list(const char *folder, size_t most, void (*each)(const char *name, void *user_data), void *user_data);

/* ---- files whose place matters ----
 *
 * `label` is what messages call the file. */

#define SIUOP_PATH_SIZE 4096 /* the longest path and its NUL */

/* The absolute path without links, "." and "..". SIUO_ENOTFOUND, SIUO_EIO. */
int siuop_os_real_path(siuo_ctx *ctx, const char *path, const char *label, char out[SIUOP_PATH_SIZE]);

/* 1 if the path's last part is a symbolic link, wherever it leads. */
int siuop_os_is_link(const char *path);

/* Opens the regular file of a real path to read, and tells its size. What is no regular file is not opened, so that
 * nothing blocks; where a part of the path has become a link since it was resolved, nothing is opened either.
 * SIUO_EFORMAT (no regular file), SIUO_ENOTFOUND, SIUO_EIO. */
int siuop_os_open_regular(siuo_ctx *ctx, const char *real_path, const char *label, int *fd, uint64_t *size);

/* Back to the first byte. SIUO_EIO. */
int siuop_os_rewind(siuo_ctx *ctx, int fd, const char *label);

/* ---- writing ---- */

/* Makes the file at path hold exactly these bytes, or leaves what was there: writes beside it, flushes to disk,
 * renames. The new file has the mode of the one that it replaces. A path that is no regular file (a pipe, a device) is
 * written to directly; a pipe that nobody reads for some seconds is an error. A link is not followed, but for the
 * system's own, such as /dev/stdout. SIUO_EIO. */
int siuop_os_replace(siuo_ctx *ctx, const char *path, const void *bytes, size_t len);

/* ---- journals ---- */

/* Opens a file to append to, creates it where it is missing, and locks it against others who open it so. Reads begin at
 * its start. A link is not followed. SIUO_ESTATE (locked), SIUO_EIO, SIUO_ENOTFOUND, SIUO_EINVAL (a folder). */
int siuop_os_open_journal(siuo_ctx *ctx, const char *path, int *fd);

/* Writes all of it. SIUO_EIO; some of it may be written then. */
int siuop_os_write(siuo_ctx *ctx, int fd, const char *path, const void *bytes, size_t len);

/* Flushes a file to disk; the folder that holds path, so that a new name in it stays. SIUO_EIO. */
int siuop_os_sync(siuo_ctx *ctx, int fd, const char *path);
int siuop_os_sync_folder(siuo_ctx *ctx, const char *path);

/* Cuts a file: 0, or -1. */
int siuop_os_truncate(int fd, uint64_t size);

/* ---- chance ---- */

/* Fills the bytes with what nobody can foresee, as far as the system has it. Can't fail. */
void siuop_os_random(void *bytes, size_t len);

#endif
