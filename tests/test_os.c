/* test_os.c: files read and replaced while system calls fail. */
#include "support/os_faults.h"
#include "support/support.h"

#include "buf.h"
#include "os.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static siuo_ctx *ctx;

static void setup(void)
{
  struct os_faults none = {0};
  os_faults = none;
  ctx = support_ctx();
}

static void teardown(void)
{
  struct os_faults none = {0};
  os_faults = none;
  siuo_ctx_free(ctx);
}

static void expect_content(const char *path, const char *content)
{
  size_t len = 0;
  struct os_faults faults = os_faults, none = {0};
  os_faults = none;
  char *bytes = support_read_file(path, &len);
  ck_assert_ptr_nonnull(bytes);
  ck_assert_str_eq(bytes, content);
  free(bytes);
  os_faults = faults;
}

/* Number of files in the process's folder. */
static int count_files(void)
{
  int count = 0;
  DIR *dir = opendir(support_folder());
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
    count += entry->d_name[0] != '.';
  closedir(dir);
  return count;
}

/* ---- reading ---- */

static int read_all(const char *path, siuo_buf *out)
{
  int fd = -1;
  size_t got = 1;
  int rc = siuop_os_open(ctx, path, &fd);
  while (rc == SIUO_OK && got > 0) {
    char bytes[7];
    rc = siuop_os_read(ctx, fd, path, bytes, sizeof bytes, &got);
    if (rc == SIUO_OK)
      siuop_buf_add(out, bytes, got);
  }
  siuop_os_close(fd);
  return rc;
}

START_TEST(reading)
{
  static const struct os_faults cases[] = {{0}, {.at_most = 1}, {.interrupted = 5}, {.at_most = 2, .interrupted = 1}};
  const char *path = support_file("in", "some text to read", 17);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    siuo_buf *out = NULL;
    ck_assert_int_eq(siuop_buf_new(&out, ctx), SIUO_OK);
    os_faults = cases[i];
    ck_assert_int_eq(read_all(path, out), SIUO_OK);
    ck_assert_str_eq(siuo_buf_data(out), "some text to read");
    siuo_buf_free(out);
  }
}
END_TEST

START_TEST(reading_fails)
{
  siuo_buf *out = NULL;
  const char *path = support_file("in", "text", 4);
  ck_assert_int_eq(siuop_buf_new(&out, ctx), SIUO_OK);
  os_faults.read_error = EIO;
  support_expect_error(ctx, read_all(path, out), SIUO_EIO, "input/output error");
  os_faults.read_error = 0;
  os_faults.open_error = EACCES;
  support_expect_error(ctx, read_all(path, out), SIUO_EIO, "permission denied");
  os_faults.open_error = EMFILE;
  support_expect_error(ctx, read_all(path, out), SIUO_EIO, "too many open files");
  os_faults.open_error = 0;
  support_expect_error(ctx, read_all("/nowhere/at/all", out), SIUO_ENOTFOUND, "/nowhere/at/all: cannot open");
  support_expect_error(ctx, read_all(support_folder(), out), SIUO_EINVAL, "folder");
  siuo_buf_free(out);
}
END_TEST

START_TEST(kinds)
{
  ck_assert_int_eq(siuop_os_kind(ctx, support_folder()), SIUOP_KIND_FOLDER);
  ck_assert_int_eq(siuop_os_kind(ctx, support_file("in", "", 0)), SIUOP_KIND_FILE);
  ck_assert_int_eq(siuop_os_kind(ctx, "/nowhere/at/all"), SIUOP_KIND_NONE);
}
END_TEST

/* ---- replacing ---- */

START_TEST(replacing)
{
  static const struct os_faults cases[] = {{0}, {.at_most = 1}, {.interrupted = 3}, {.at_most = 3, .interrupted = 1}};
  const char *path = support_file("out", "before", 6);
  int files = count_files();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char text[32];
    os_faults = cases[i];
    snprintf(text, sizeof text, "content number %d", (int)i);
    ck_assert_int_eq(siuop_os_replace(ctx, path, text, strlen(text)), SIUO_OK);
    expect_content(path, text);
  }
  ck_assert_int_eq(count_files(), files);
}
END_TEST

START_TEST(replacing_fails)
{
  static const struct {
    struct os_faults faults;
    const char *words;
  } cases[] = {
      {{.write_error = ENOSPC}, "no space left"},
      {{.write_error = ENOSPC, .room = 3}, "no space left"},
      {{.write_error = EIO, .room = 1}, "input/output error"},
      {{.fsync_error = EIO}, "input/output error"},
      {{.close_error = EIO}, "input/output error"},
      {{.rename_error = EACCES}, "rename"},
      {{.open_error = EROFS}, "read-only"},
  };
  const char *path = support_file("out", "before", 6);
  int files = count_files();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    os_faults = cases[i].faults;
    support_expect_error(ctx, siuop_os_replace(ctx, path, "after it", 8), SIUO_EIO, cases[i].words);
    expect_content(path, "before");
    ck_assert_int_eq(count_files(), files); /* nothing half-written is left beside it */
  }
}
END_TEST

static const char *path_of(const char *name)
{
  static char paths[4][4096];
  static int next;
  next = (next + 1) % 4;
  snprintf(paths[next], sizeof paths[next], "%s/%s", support_folder(), name);
  return paths[next];
}

START_TEST(replacing_devices)
{
  struct stat st;
  ck_assert_int_eq(siuop_os_replace(ctx, "/dev/null", "after", 5), SIUO_OK);
  ck_assert_int_eq(stat("/dev/null", &st), 0);
  ck_assert(S_ISCHR(st.st_mode));
  support_expect_error(ctx, siuop_os_replace(ctx, "/dev/full", "after", 5), SIUO_EIO, "no space left");
  support_expect_error(ctx, siuop_os_replace(ctx, support_folder(), "after", 5), SIUO_EINVAL, "folder");
  support_expect_error(ctx, siuop_os_replace(ctx, "/nowhere/at/all", "x", 1), SIUO_ENOTFOUND, "/nowhere/at/all");
}
END_TEST

/* Nothing is written through a link, nor made where one leads, but through the system's own. */
START_TEST(writing_links)
{
  struct stat st;
  int fd = -1;
  char system_link[64];
  static const char *const targets[] = {"target", "missing", "/dev/null", "."};
  const char *path = support_file("target", "before", 6);
  int files = count_files();
  for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
    const char *link = path_of("link");
    ck_assert_int_eq(symlink(targets[i], link), 0);
    support_expect_error(ctx, siuop_os_replace(ctx, link, "after", 5), SIUO_EIO, "symbolic link");
    support_expect_error(ctx, siuop_os_open_journal(ctx, link, &fd), SIUO_EIO, "symbolic link");
    ck_assert_int_eq(fd, -1);
    ck_assert_int_eq(lstat(link, &st), 0);
    ck_assert(S_ISLNK(st.st_mode));
    ck_assert_int_eq(unlink(link), 0);
  }
  expect_content(path, "before");
  ck_assert_int_eq(count_files(), files);
  fd = open(path_of("opened"), O_WRONLY | O_CREAT, 0600);
  snprintf(system_link, sizeof system_link, "/proc/self/fd/%d", fd);
  ck_assert_int_eq(siuop_os_replace(ctx, system_link, "after", 5), SIUO_OK);
  close(fd);
  expect_content(path_of("opened"), "after");
  snprintf(system_link, sizeof system_link, "/dev/shm/siuo-test-%ld", (long)getpid()); /* anybody may write there */
  if (symlink(path, system_link) != 0)
    return;
  int rc = siuop_os_replace(ctx, system_link, "after", 5);
  unlink(system_link);
  support_expect_error(ctx, rc, SIUO_EIO, "symbolic link");
  expect_content(path, "before");
}
END_TEST

/* In a child: does something with the pipe's other end after a while. */
static pid_t later(const char *pipe, int flags, void (*work)(int fd))
{
  pid_t child = fork();
  ck_assert_int_ge(child, 0);
  if (child == 0) {
    usleep(200000);
    work(open(pipe, flags));
    _exit(0);
  }
  return child;
}

static void write_slowly(int fd)
{
  _exit(write(fd, "late ", 5) == 5 && usleep(200000) == 0 && write(fd, "words", 5) == 5 ? 0 : 1);
}

static void read_slowly(int fd)
{
  char bytes[16] = "";
  usleep(200000);
  _exit(read(fd, bytes, sizeof bytes) == 5 && memcmp(bytes, "after", 5) == 0 ? 0 : 1);
}

static void expect_ended(pid_t child)
{
  int status = -1;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert_int_eq(status, 0);
}

/* A pipe is waited for a while, and no longer. */
START_TEST(pipes)
{
  siuo_buf *out = NULL;
  int fd = -1;
  const char *pipe = path_of("pipe");
  ck_assert_int_eq(mkfifo(pipe, 0600), 0);
  ck_assert_int_eq(siuop_buf_new(&out, ctx), SIUO_OK);
  ck_assert_int_eq(read_all(pipe, out), SIUO_OK);
  ck_assert_uint_eq(siuo_buf_size(out), 0);
  support_expect_error(ctx, siuop_os_replace(ctx, pipe, "after", 5), SIUO_EIO, "nobody reads the other end");
  support_expect_error(ctx, siuop_os_open_journal(ctx, pipe, &fd), SIUO_EFORMAT, "a pipe");
  pid_t child = later(pipe, O_WRONLY, write_slowly);
  ck_assert_int_eq(read_all(pipe, out), SIUO_OK);
  ck_assert_str_eq(siuo_buf_data(out), "late words");
  expect_ended(child);
  child = later(pipe, O_RDONLY, read_slowly);
  ck_assert_int_eq(siuop_os_replace(ctx, pipe, "after", 5), SIUO_OK);
  expect_ended(child);
  siuo_buf_free(out);
}
END_TEST

START_TEST(modes)
{
  static const mode_t kept[] = {0600, 0644, 0640, 0444, 0755, 0666};
  struct stat st;
  mode_t mask = umask(027);
  for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
    const char *path = support_file("out", "before", 6);
    ck_assert_int_eq(chmod(path, kept[i]), 0);
    ck_assert_int_eq(siuop_os_replace(ctx, path, "after", 5), SIUO_OK);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_eq(st.st_mode & 07777, kept[i]);
    ck_assert_int_eq(chmod(path, 0600), 0);
  }
  ck_assert_int_eq(siuop_os_replace(ctx, path_of("new"), "x", 1), SIUO_OK);
  ck_assert_int_eq(stat(path_of("new"), &st), 0);
  ck_assert_int_eq(st.st_mode & 07777, 0640);
  umask(mask);
}
END_TEST

/* What killed processes left, also one of our number, is in nobody's way; nor is what somebody guesses. */
START_TEST(left_behind)
{
  char name[64];
  const char *path = support_file("out", "before", 6);
  for (int i = 0; i < 2; i++) {
    snprintf(name, sizeof name, "out.%ld.partial", (long)getpid() + i);
    support_file(name, "half", 4);
  }
  ck_assert_int_eq(siuop_os_replace(ctx, path, "after", 5), SIUO_OK);
  expect_content(path, "after");
}
END_TEST

/* A host without standard streams does not print into our files. */
START_TEST(low_descriptors)
{
  const char *path = support_file("journal", "", 0);
  pid_t child = fork();
  ck_assert_int_ge(child, 0);
  if (child == 0) {
    int fd = -1, in = -1;
    for (int i = 0; i <= 2; i++)
      close(i);
    int bad = siuop_os_open_journal(ctx, path, &fd) != SIUO_OK || fd <= 2;
    bad |= siuop_os_open(ctx, path, &in) != SIUO_OK || in <= 2;
    bad |= fcntl(0, F_GETFD) != -1 || fcntl(2, F_GETFD) != -1;
    _exit(bad);
  }
  expect_ended(child);
}
END_TEST

START_TEST(too_large)
{
  struct rlimit old, small;
  char bytes[8192] = "";
  const char *path = support_file("out", "before", 6);
  int files = count_files();
  ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
  small = old;
  small.rlim_cur = 4096;
  signal(SIGXFSZ, SIG_IGN);
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
  int rc = siuop_os_replace(ctx, path, bytes, sizeof bytes);
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
  support_expect_error(ctx, rc, SIUO_EIO, "file too large");
  expect_content(path, "before");
  ck_assert_int_eq(count_files(), files);
}
END_TEST

START_TEST(chance)
{
  uint64_t seen[64] = {0};
  for (size_t i = 0; i < 64; i++) {
    siuop_os_random(&seen[i], sizeof seen[i]);
    for (size_t k = 0; k < i; k++)
      ck_assert_uint_ne(seen[i], seen[k]);
  }
}
END_TEST

START_TEST(saving)
{
  siuo_buf *b = NULL;
  const char *path = support_file("saved", "", 0);
  ck_assert_int_eq(siuop_buf_new(&b, ctx), SIUO_OK);
  siuop_buf_add_text(b, "report");
  ck_assert_int_eq(siuo_buf_save(b, ctx, path), SIUO_OK);
  expect_content(path, "report");
  ck_assert_int_eq(siuo_buf_save(NULL, ctx, path), SIUO_EINVAL);
  ck_assert_int_eq(siuo_buf_save(b, ctx, NULL), SIUO_EINVAL);
  siuo_buf_free(b);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("os");
  TCase *tc = tcase_create("files");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_set_timeout(tc, 60); /* pipes are waited for */
  tcase_add_test(tc, reading);
  tcase_add_test(tc, reading_fails);
  tcase_add_test(tc, kinds);
  tcase_add_test(tc, replacing);
  tcase_add_test(tc, replacing_fails);
  tcase_add_test(tc, replacing_devices);
  tcase_add_test(tc, writing_links);
  tcase_add_test(tc, pipes);
  tcase_add_test(tc, modes);
  tcase_add_test(tc, left_behind);
  tcase_add_test(tc, low_descriptors);
  tcase_add_test(tc, too_large);
  tcase_add_test(tc, chance);
  tcase_add_test(tc, saving);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
