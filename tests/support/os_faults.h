/* os_faults.h: failing system calls. A suite that wants them names the calls to its linker, in tests/test_NAME.ldflags:
 * -Wl,--wrap=read,--wrap=write,--wrap=fsync,--wrap=rename,--wrap=open,--wrap=openat,--wrap=close. */
#ifndef SIUO_TESTS_OS_FAULTS_H
#define SIUO_TESTS_OS_FAULTS_H

#include <stddef.h>
#include <stdint.h>

/* All zero: nothing fails. Counts are of calls to come; errors are errno numbers. */
struct os_faults {
  size_t at_most;  /* bytes that read and write move at once; 0: as many as asked for */
  int interrupted; /* so many calls of each kind are interrupted (EINTR) before one gets through */
  size_t room;     /* bytes that fit before write fails */
  int write_error; /* with room: what it then fails with; 0: never */
  int read_error, fsync_error, rename_error, open_error, close_error;
  void (*before_openat)(const char *path); /* called first: somebody else may be faster */
};
extern struct os_faults os_faults;

/* What reached the disk: the size of the regular file that was last flushed, when it was; the flushes so far. */
struct os_record {
  uint64_t synced, flushes;
};
extern struct os_record os_record;

#endif
