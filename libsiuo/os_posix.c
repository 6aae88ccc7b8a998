/* os_posix.c: the operating system, as POSIX has it. The only file with system calls. */
#define _POSIX_C_SOURCE 200809L
#define _XOPEN_SOURCE   700
#define _GNU_SOURCE     /* O_PATH */

#include "os.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif
#if PATH_MAX > SIUOP_PATH_SIZE
#error "os.h: SIUOP_PATH_SIZE is too small for this system"
#endif
#ifndef O_PATH
#define O_PATH O_RDONLY /* then folders must be readable, not only passable */
#endif

/* strerror() speaks the user's language, and not from two threads at once. */
static const char *reason(int error)
{
  switch (error) {
  case ENOENT:
    return "no such file or folder";
  case EACCES:
  case EPERM:
    return "permission denied";
  case EISDIR:
    return "it is a folder, not a file";
  case ENOTDIR:
    return "a part of the path is not a folder";
  case ENOSPC:
  case EDQUOT:
    return "no space left";
  case EFBIG:
    return "file too large";
  case EROFS:
    return "the file system is read-only";
  case EMFILE:
  case ENFILE:
    return "too many open files";
  case ELOOP:
    return "too many symbolic links";
  case ENAMETOOLONG:
    return "path too long";
  case EPIPE:
    return "nobody reads the other end";
  case EIO:
    return "input/output error";
  default:
    return "unexpected error";
  }
}

static int fail(siuo_ctx *ctx, const char *what, const char *path, int error)
{
  if (error == ENOMEM)
    return siuop_fail_plain(ctx, SIUO_ENOMEM);
  int status = error == ENOENT || error == ENOTDIR ? SIUO_ENOTFOUND : error == EISDIR ? SIUO_EINVAL : SIUO_EIO;
  return siuop_fail(ctx, status, "%s: cannot %s: %s (errno %d)", path, what, reason(error), error);
}

int siuop_os_kind(siuo_ctx *ctx, const char *path)
{
  struct stat st;
  if (stat(path, &st) == 0)
    return S_ISDIR(st.st_mode) ? SIUOP_KIND_FOLDER : SIUOP_KIND_FILE;
  if (errno == ENOENT || errno == ENOTDIR)
    return SIUOP_KIND_NONE;
  siuop_fail(ctx, SIUO_EIO, "%s: cannot look at it: %s (errno %d)", path, reason(errno), errno);
  return SIUO_EIO;
}

int siuop_os_open(siuo_ctx *ctx, const char *path, int *fd)
{
  *fd = -1;
  do
    *fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
  while (*fd < 0 && errno == EINTR);
  if (*fd < 0)
    return fail(ctx, "open", path, errno);
  return SIUO_OK;
}

int siuop_os_read(siuo_ctx *ctx, int fd, const char *path, void *bytes, size_t cap, size_t *got)
{
  ssize_t n;
  if (cap > SSIZE_MAX)
    cap = SSIZE_MAX;
  do
    n = read(fd, bytes, cap);
  while (n < 0 && errno == EINTR);
  *got = n > 0 ? (size_t)n : 0;
  return n < 0 ? fail(ctx, "read", path, errno) : SIUO_OK;
}

void siuop_os_close(int fd)
{
  if (fd >= 0)
    close(fd);
}

/* ---- files whose place matters ---- */

int siuop_os_real_path(siuo_ctx *ctx, const char *path, const char *label, char out[SIUOP_PATH_SIZE])
{
  return realpath(path, out) != NULL ? SIUO_OK : fail(ctx, "find", label, errno);
}

int siuop_os_is_link(const char *path)
{
  struct stat st;
  return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

static int open_at(int folder, const char *name, int flags)
{
  int fd;
  do
    fd = openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC);
  while (fd < 0 && errno == EINTR);
  return fd;
}

/* Opens the folder of a real path, one part after another and none of them through a link; *name is what is left, the
 * file's name. -1 and errno: failed. */
static int open_folder_of(const char *real_path, const char **name)
{
  char part[SIUOP_PATH_SIZE];
  int folder = open_at(AT_FDCWD, "/", O_PATH | O_DIRECTORY);
  for (*name = real_path + strspn(real_path, "/"); folder >= 0 && strchr(*name, '/') != NULL;) {
    size_t len = strcspn(*name, "/");
    memcpy(part, *name, len);
    part[len] = '\0';
    int next = open_at(folder, part, O_PATH | O_DIRECTORY);
    int error = errno;
    close(folder);
    errno = error;
    folder = next;
    *name += len + 1;
  }
  return folder;
}

static int check_regular(siuo_ctx *ctx, const struct stat *st, const char *label)
{
  if (S_ISREG(st->st_mode))
    return SIUO_OK;
  const char *what = S_ISDIR(st->st_mode) ? "a folder" : S_ISFIFO(st->st_mode) ? "a pipe" : "no regular file";
  return siuop_fail(ctx, SIUO_EFORMAT, "%s: it is %s, not a file", label, what);
}

/* A real path has no link in it; if one is met, the path was changed in the meantime. */
static int fail_to_open(siuo_ctx *ctx, const char *label, int error)
{
  if (error == ELOOP || error == ENOTDIR)
    return siuop_fail(ctx, SIUO_EIO, "%s: it was moved while it was being opened", label);
  return fail(ctx, "open", label, error);
}

/* The kind is asked before, as opening a device can do harm, and after, of what was really opened. */
static int open_in(siuo_ctx *ctx, int folder, const char *name, const char *label, int *fd, struct stat *st)
{
  if (fstatat(folder, name, st, AT_SYMLINK_NOFOLLOW) != 0)
    return fail_to_open(ctx, label, errno);
  if (S_ISLNK(st->st_mode))
    return fail_to_open(ctx, label, ELOOP);
  int rc = check_regular(ctx, st, label);
  if (rc != SIUO_OK)
    return rc;
  *fd = open_at(folder, name, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (*fd < 0 || fstat(*fd, st) != 0)
    return fail_to_open(ctx, label, errno);
  return check_regular(ctx, st, label);
}

int siuop_os_open_regular(siuo_ctx *ctx, const char *real_path, const char *label, int *fd, uint64_t *size)
{
  struct stat st;
  const char *name = NULL;
  *fd = -1;
  int folder = open_folder_of(real_path, &name);
  if (folder < 0)
    return fail_to_open(ctx, label, errno);
  int rc = open_in(ctx, folder, *name == '\0' ? "." : name, label, fd, &st);
  close(folder);
  if (rc == SIUO_OK) {
    *size = (uint64_t)st.st_size;
    return SIUO_OK;
  }
  siuop_os_close(*fd);
  *fd = -1;
  return rc;
}

int siuop_os_rewind(siuo_ctx *ctx, int fd, const char *label)
{
  return lseek(fd, 0, SEEK_SET) == 0 ? SIUO_OK : fail(ctx, "read", label, errno);
}

/* ---- writing ---- */

static int write_all(siuo_ctx *ctx, int fd, const char *path, const char *bytes, size_t len)
{
  while (len > 0) {
    ssize_t n = write(fd, bytes, len);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return fail(ctx, "write", path, n < 0 ? errno : EIO);
    bytes += n;
    len -= (size_t)n;
  }
  return SIUO_OK;
}

static int open_to_write(const char *path, int flags)
{
  int fd;
  do
    fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0666);
  while (fd < 0 && errno == EINTR);
  return fd;
}

static int flush_to_disk(siuo_ctx *ctx, int fd, const char *path)
{
  int rc;
  do
    rc = fsync(fd);
  while (rc != 0 && errno == EINTR);
  return rc == 0 ? SIUO_OK : fail(ctx, "write", path, errno);
}

int siuop_os_write(siuo_ctx *ctx, int fd, const char *path, const void *bytes, size_t len)
{
  return write_all(ctx, fd, path, bytes, len);
}

int siuop_os_sync(siuo_ctx *ctx, int fd, const char *path)
{
  return flush_to_disk(ctx, fd, path);
}

int siuop_os_sync_folder(siuo_ctx *ctx, const char *path)
{
  char folder[PATH_MAX];
  const char *end = strrchr(path, '/');
  size_t len = end == NULL ? 1 : end == path ? 1 : (size_t)(end - path);
  if (len >= sizeof folder)
    return fail(ctx, "flush the folder of", path, ENAMETOOLONG);
  memcpy(folder, end == NULL ? "." : path, len);
  folder[len] = '\0';
  int fd;
  do
    fd = open(folder, O_RDONLY | O_CLOEXEC);
  while (fd < 0 && errno == EINTR);
  if (fd < 0)
    return fail(ctx, "open the folder of", path, errno);
  int rc = flush_to_disk(ctx, fd, path);
  close(fd);
  return rc;
}

int siuop_os_truncate(int fd, uint64_t size)
{
  int rc;
  do
    rc = ftruncate(fd, (off_t)size);
  while (rc != 0 && errno == EINTR);
  return rc;
}

static int lock(siuo_ctx *ctx, int fd, const char *path)
{
  int rc;
  do
    rc = flock(fd, LOCK_EX | LOCK_NB);
  while (rc != 0 && errno == EINTR);
  if (rc == 0)
    return SIUO_OK;
  if (errno == EWOULDBLOCK)
    return siuop_fail(ctx, SIUO_ESTATE, "%s: another process is writing it", path);
  return fail(ctx, "lock", path, errno);
}

int siuop_os_open_journal(siuo_ctx *ctx, const char *path, int *fd)
{
  struct stat st;
  do
    *fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);
  while (*fd < 0 && errno == EINTR);
  if (*fd < 0)
    return fail(ctx, "open", path, errno);
  int rc = fstat(*fd, &st) == 0 ? check_regular(ctx, &st, path) : fail(ctx, "look at", path, errno);
  if (rc == SIUO_OK)
    rc = lock(ctx, *fd, path);
  if (rc != SIUO_OK) {
    close(*fd);
    *fd = -1;
  }
  return rc;
}

static int write_directly(siuo_ctx *ctx, const char *path, const void *bytes, size_t len)
{
  int fd = open_to_write(path, 0);
  if (fd < 0)
    return fail(ctx, "open", path, errno);
  int rc = write_all(ctx, fd, path, bytes, len);
  if (close(fd) != 0 && rc == SIUO_OK)
    rc = fail(ctx, "write", path, errno);
  return rc;
}

static int write_beside(siuo_ctx *ctx, const char *path, const char *beside, const void *bytes, size_t len)
{
  int fd = open_to_write(beside, O_CREAT | O_EXCL);
  if (fd < 0)
    return fail(ctx, "create a file beside", path, errno);
  int rc = write_all(ctx, fd, path, bytes, len);
  if (rc == SIUO_OK)
    rc = flush_to_disk(ctx, fd, path);
  if (close(fd) != 0 && rc == SIUO_OK)
    rc = fail(ctx, "write", path, errno);
  if (rc == SIUO_OK && rename(beside, path) != 0)
    rc = fail(ctx, "rename the new file to", path, errno);
  if (rc != SIUO_OK)
    unlink(beside);
  return rc;
}

int siuop_os_replace(siuo_ctx *ctx, const char *path, const void *bytes, size_t len)
{
  struct stat st;
  char target[PATH_MAX];
  char beside[PATH_MAX + 32];
  if (stat(path, &st) == 0) {
    if (S_ISDIR(st.st_mode))
      return fail(ctx, "write", path, EISDIR);
    if (!S_ISREG(st.st_mode))
      return write_directly(ctx, path, bytes, len);
    if (realpath(path, target) == NULL) /* a link stays a link: its target is replaced */
      return fail(ctx, "write", path, errno);
  } else {
    if (strlen(path) >= sizeof target)
      return fail(ctx, "write", path, ENAMETOOLONG);
    memcpy(target, path, strlen(path) + 1);
  }
  snprintf(beside, sizeof beside, "%s.%ld.partial", target, (long)getpid());
  return write_beside(ctx, target, beside, bytes, len);
}
