/* process.c: what the program settles with the system before it begins, and files that it opens by itself. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file would get the lowest number that is free, and what is printed. The null device is opened the wrong way round,
 * so that reading from or printing to what was closed is still an error. */
static void fill_standard_streams(void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
    if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
      continue;
    int flags = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (open("/dev/null", flags) != fd && open("/", O_RDONLY) != fd)
      _exit(2); /* there is nobody to tell */
  }
}

void process_begin(void)
{
  fill_standard_streams();
  signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error to report, not a reason to vanish */
  signal(SIGXFSZ, SIG_IGN); /* so is a file that becomes too large */
}

/* As signal(), whose handler may be for the first signal only. */
void process_handle_signals(void (*handler)(int))
{
  struct sigaction action;
  struct sigaction old;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  if (sigaction(SIGHUP, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
    sigaction(SIGHUP, &action, NULL);
}

#define PATIENCE 3000 /* milliseconds */

FILE *process_open_text(const char *path)
{
  struct stat st;
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0)
    return NULL;
  struct pollfd pipe = {fd, POLLIN, 0};
  if (fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode))
    poll(&pipe, 1, PATIENCE);
  int flags = fcntl(fd, F_GETFL);
  FILE *file = flags >= 0 && fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) == 0 ? fdopen(fd, "rb") : NULL;
  if (file == NULL)
    close(fd);
  return file;
}
