/* os_posix.c: the operating system, as POSIX has it. The only file with system calls. */
#define _POSIX_C_SOURCE 200809L
#define _XOPEN_SOURCE   700
#define _GNU_SOURCE     /* O_PATH */

#include "os.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
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
  case ENXIO:
    return "nobody reads the other end";
  case EBADF:
    return "it is not open";
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

/* Moves a new descriptor out of the way of 0 to 2, which a host may have closed: whatever it prints later would go into
 * the file. Passes failures on, with errno. */
static int above_standard(int fd)
{
  if (fd < 0 || fd > STDERR_FILENO)
    return fd;
  int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  int error = errno;
  close(fd);
  errno = error;
  return moved;
}

/* No terminal becomes the process's own by it. */
static int open_path(const char *path, int flags, mode_t mode)
{
  int fd;
  do
    fd = open(path, flags | O_CLOEXEC | O_NOCTTY, mode);
  while (fd < 0 && errno == EINTR);
  return above_standard(fd);
}

/* ---- pipes that have a name ---- */

#define PATIENCE 3000 /* milliseconds that a pipe may take to get its other end */
#define A_MOMENT 20

static void wait_a_moment(void)
{
  struct timespec moment = {0, A_MOMENT * 1000000L};
  nanosleep(&moment, NULL);
}

/* From here on reads and writes wait again, though opening did not. 0, or -1. */
static int let_it_wait(int fd)
{
  int flags = fcntl(fd, F_GETFL);
  return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
}

/* Gives who writes into a pipe some time to begin; without anybody there, it then reads as empty. */
static void await_writer(int fd)
{
  struct stat st;
  struct pollfd pipe = {fd, POLLIN, 0};
  if (fstat(fd, &st) != 0 || !S_ISFIFO(st.st_mode))
    return;
  for (int waited = 0; waited < PATIENCE && poll(&pipe, 1, A_MOMENT) == 0;)
    waited += A_MOMENT;
}

int siuop_os_open(siuo_ctx *ctx, const char *path, int *fd)
{
  int is_input = strcmp(path, "-") == 0;
  *fd = is_input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : open_path(path, O_RDONLY | O_NONBLOCK, 0);
  if (*fd < 0)
    return fail(ctx, "open", path, errno);
  if (is_input)
    return SIUO_OK;
  await_writer(*fd);
  if (let_it_wait(*fd) == 0)
    return SIUO_OK;
  int rc = fail(ctx, "open", path, errno);
  close(*fd);
  *fd = -1;
  return rc;
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

void siuop_os_list(const char *folder, size_t most, void (*each)(const char *name, void *user_data), void *user_data)
{
  DIR *dir = opendir(folder);
  for (const struct dirent *entry; dir != NULL && most > 0 && (entry = readdir(dir)) != NULL; most--)
    each(entry->d_name, user_data);
  if (dir != NULL)
    closedir(dir);
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
  return above_standard(fd);
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
  int fd = open_path(folder, O_RDONLY | O_DIRECTORY, 0);
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

/* A link may be somebody else's, who wants something written elsewhere. */
static int fail_link(siuo_ctx *ctx, const char *path)
{
  return siuop_fail(ctx, SIUO_EIO, "%s: it is a symbolic link, through which nothing is written: name the file itself",
                    path);
}

int siuop_os_open_journal(siuo_ctx *ctx, const char *path, int *fd)
{
  struct stat st;
  *fd = open_path(path, O_RDWR | O_CREAT | O_APPEND | O_NONBLOCK | O_NOFOLLOW, 0666);
  if (*fd < 0)
    return errno == ELOOP ? fail_link(ctx, path) : fail(ctx, "open", path, errno);
  int rc = fstat(*fd, &st) == 0 ? check_regular(ctx, &st, path) : fail(ctx, "look at", path, errno);
  if (rc == SIUO_OK)
    rc = lock(ctx, *fd, path);
  if (rc != SIUO_OK) {
    close(*fd);
    *fd = -1;
  }
  return rc;
}

/* Whether the path is a link that the system keeps to what a process has open. In folders below /dev there may be
 * anybody's. */
static int is_systems(const char *path)
{
  static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
  for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
    if (strncmp(path, folders[i], strlen(folders[i])) == 0)
      return strchr(path + strlen(folders[i]), '/') == NULL;
  return strcmp(path, "/dev/stdout") == 0 || strcmp(path, "/dev/stderr") == 0;
}

/* Opens what is no regular file. A pipe gets some time for somebody to read it. */
static int open_directly(const char *path)
{
  int fd = -1;
  for (int waited = 0; waited <= PATIENCE; waited += A_MOMENT) {
    fd = open_path(path, O_WRONLY | O_APPEND | O_NONBLOCK | (is_systems(path) ? 0 : O_NOFOLLOW), 0);
    if (fd >= 0 || errno != ENXIO)
      break;
    wait_a_moment();
  }
  if (fd < 0 || let_it_wait(fd) == 0)
    return fd;
  int error = errno;
  close(fd);
  errno = error;
  return -1;
}

static int write_directly(siuo_ctx *ctx, const char *path, const void *bytes, size_t len)
{
  int fd = open_directly(path);
  if (fd < 0)
    return errno == ELOOP ? fail_link(ctx, path) : fail(ctx, "open", path, errno);
  struct stat st;
  int rc = fstat(fd, &st) == 0 ? SIUO_OK : fail(ctx, "look at", path, errno);
  if (rc == SIUO_OK && S_ISREG(st.st_mode) && !is_systems(path))
    rc = siuop_fail(ctx, SIUO_EIO, "%s: it was replaced while it was being opened", path);
  if (rc == SIUO_OK)
    rc = write_all(ctx, fd, path, bytes, len);
  if (close(fd) != 0 && rc == SIUO_OK)
    rc = fail(ctx, "write", path, errno);
  return rc;
}

/* ---- files that are replaced ---- */

#define MOST_TRIES 16

/* Opens a new file beside path, under a name that nobody can foresee: what a killed process left there, perhaps one of
 * the same number in another container, is in nobody's way. */
static int open_beside(const char *path, mode_t mode, char *beside, size_t size)
{
  int fd = -1;
  for (int tried = 0; fd < 0 && tried < MOST_TRIES; tried++) {
    uint64_t name = 0;
    siuop_os_random(&name, sizeof name);
    snprintf(beside, size, "%s.%016llx.partial", path, (unsigned long long)name);
    fd = open_path(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
    if (fd < 0 && errno != EEXIST)
      break;
  }
  return fd;
}

/* Gives the new file the owner and the mode of the one that it replaces. Where the group can't be kept, it loses what
 * it was allowed; where the file system has no modes, it is its owner's alone. */
static void copy_mode(int fd, const struct stat *old)
{
  struct stat st;
  mode_t mode = old->st_mode & 0777;
  if (fstat(fd, &st) != 0)
    return;
  if ((st.st_uid != old->st_uid || st.st_gid != old->st_gid) && fchown(fd, old->st_uid, old->st_gid) != 0 &&
      fchown(fd, (uid_t)-1, old->st_gid) != 0)
    mode &= (mode_t)~070u;
  fchmod(fd, mode);
}

/* old: what is there; NULL: nothing. */
static int fill_beside(siuo_ctx *ctx, int fd, const char *path, const struct stat *old, const void *bytes, size_t len)
{
  if (old != NULL)
    copy_mode(fd, old);
  int rc = write_all(ctx, fd, path, bytes, len);
  if (rc == SIUO_OK)
    rc = flush_to_disk(ctx, fd, path);
  if (close(fd) != 0 && rc == SIUO_OK)
    rc = fail(ctx, "write", path, errno);
  return rc;
}

static int write_beside(siuo_ctx *ctx, const char *path, const struct stat *old, const void *bytes, size_t len)
{
  char beside[PATH_MAX + 32];
  if (strlen(path) >= PATH_MAX)
    return fail(ctx, "write", path, ENAMETOOLONG);
  int fd = open_beside(path, old == NULL ? 0666 : 0600, beside, sizeof beside);
  if (fd < 0)
    return fail(ctx, "create a file beside", path, errno);
  int rc = fill_beside(ctx, fd, path, old, bytes, len);
  if (rc == SIUO_OK && rename(beside, path) != 0)
    rc = fail(ctx, "rename the new file to", path, errno);
  if (rc != SIUO_OK)
    unlink(beside);
  return rc;
}

int siuop_os_replace(siuo_ctx *ctx, const char *path, const void *bytes, size_t len)
{
  struct stat st;
  if (lstat(path, &st) != 0)
    return errno == ENOENT ? write_beside(ctx, path, NULL, bytes, len) : fail(ctx, "write", path, errno);
  if (S_ISDIR(st.st_mode))
    return fail(ctx, "write", path, EISDIR);
  return S_ISREG(st.st_mode) ? write_beside(ctx, path, &st, bytes, len) : write_directly(ctx, path, bytes, len);
}

/* ---- chance ---- */

/* Where the system has none to give, which old kernels and sandboxes may not: what differs between processes. */
static void make_up(unsigned char *bytes, size_t len)
{
  struct timespec now = {0, 0};
  clock_gettime(CLOCK_MONOTONIC, &now);
  uint64_t state = (uint64_t)now.tv_nsec << 32 ^ (uint64_t)now.tv_sec ^ (uint64_t)getpid() << 16 ^ (uintptr_t)&now;
  for (size_t i = 0; i < len; i++) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    bytes[i] = (unsigned char)(state >> 56);
  }
}

void siuop_os_random(void *bytes, size_t len)
{
  ssize_t got;
  do
    got = getrandom(bytes, len, GRND_NONBLOCK);
  while (got < 0 && errno == EINTR);
  if (got < 0 || (size_t)got != len)
    make_up(bytes, len);
}
