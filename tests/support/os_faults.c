/* os_faults.c: system calls that fail as os_faults says. The linker puts these in place of the real ones where a suite
 * asks for it; elsewhere nobody calls them. */
#include "os_faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/types.h>

struct os_faults os_faults;
struct os_record os_record;

ssize_t __real_read(int fd, void *bytes, size_t count) __attribute__((weak));
ssize_t __real_write(int fd, const void *bytes, size_t count) __attribute__((weak));
int __real_fsync(int fd) __attribute__((weak));
int __real_rename(const char *from, const char *to) __attribute__((weak));
int __real_open(const char *path, int flags, ...) __attribute__((weak));
int __real_openat(int folder, const char *path, int flags, ...) __attribute__((weak));
int __real_close(int fd) __attribute__((weak));

ssize_t __wrap_read(int fd, void *bytes, size_t count);
ssize_t __wrap_write(int fd, const void *bytes, size_t count);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_open(const char *path, int flags, ...);
int __wrap_openat(int folder, const char *path, int flags, ...);
int __wrap_close(int fd);

static int fails_with(int error)
{
  errno = error;
  return error != 0;
}

/* Each kind of call counts its own interruptions. */
static int is_interrupted(int *so_far)
{
  if (*so_far >= os_faults.interrupted) {
    *so_far = 0;
    return 0;
  }
  ++*so_far;
  errno = EINTR;
  return 1;
}

static size_t shortened(size_t count)
{
  return os_faults.at_most != 0 && count > os_faults.at_most ? os_faults.at_most : count;
}

ssize_t __wrap_read(int fd, void *bytes, size_t count)
{
  static int interruptions;
  if (is_interrupted(&interruptions) || fails_with(os_faults.read_error))
    return -1;
  return __real_read(fd, bytes, shortened(count));
}

ssize_t __wrap_write(int fd, const void *bytes, size_t count)
{
  static int interruptions;
  if (fd <= 2) /* Check's own reports */
    return __real_write(fd, bytes, count);
  if (is_interrupted(&interruptions))
    return -1;
  count = shortened(count);
  if (os_faults.write_error == 0)
    return __real_write(fd, bytes, count);
  if (os_faults.room == 0) {
    errno = os_faults.write_error;
    return -1;
  }
  if (count > os_faults.room)
    count = os_faults.room;
  os_faults.room -= count;
  return __real_write(fd, bytes, count);
}

int __wrap_fsync(int fd)
{
  static int interruptions;
  struct stat st;
  if (is_interrupted(&interruptions) || fails_with(os_faults.fsync_error))
    return -1;
  if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
    os_record.synced = (uint64_t)st.st_size;
    os_record.flushes++;
  }
  return __real_fsync(fd);
}

int __wrap_rename(const char *from, const char *to)
{
  return fails_with(os_faults.rename_error) ? -1 : __real_rename(from, to);
}

int __wrap_open(const char *path, int flags, ...)
{
  static int interruptions;
  va_list args;
  va_start(args, flags);
  int mode = (flags & O_CREAT) != 0 ? va_arg(args, int) : 0;
  va_end(args);
  return is_interrupted(&interruptions) || fails_with(os_faults.open_error) ? -1 : __real_open(path, flags, mode);
}

int __wrap_openat(int folder, const char *path, int flags, ...) /* nobody creates files with it */
{
  static int interruptions;
  if (os_faults.before_openat != NULL)
    os_faults.before_openat(path);
  if (is_interrupted(&interruptions) || ((flags & O_DIRECTORY) == 0 && fails_with(os_faults.open_error)))
    return -1;
  return __real_openat(folder, path, flags);
}

int __wrap_close(int fd)
{
  int rc = __real_close(fd); /* the descriptor is gone even if this fails */
  return fails_with(os_faults.close_error) ? -1 : rc;
}
