/* test_os.c: files read and replaced while system calls fail. */
#include "support/os_faults.h"
#include "support/support.h"

#include "buf.h"
#include "os.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

START_TEST(replacing_links_and_pipes)
{
  char link[4096];
  struct stat st;
  const char *path = support_file("target", "before", 6);
  snprintf(link, sizeof link, "%s/link", support_folder());
  ck_assert_int_eq(symlink("target", link), 0);
  ck_assert_int_eq(siuop_os_replace(ctx, link, "after", 5), SIUO_OK);
  ck_assert_int_eq(lstat(link, &st), 0);
  ck_assert(S_ISLNK(st.st_mode)); /* a link stays one */
  expect_content(path, "after");
  ck_assert_int_eq(siuop_os_replace(ctx, "/dev/null", "after", 5), SIUO_OK);
  ck_assert_int_eq(stat("/dev/null", &st), 0);
  ck_assert(S_ISCHR(st.st_mode));
  support_expect_error(ctx, siuop_os_replace(ctx, "/dev/full", "after", 5), SIUO_EIO, "no space left");
  support_expect_error(ctx, siuop_os_replace(ctx, support_folder(), "after", 5), SIUO_EINVAL, "folder");
  support_expect_error(ctx, siuop_os_replace(ctx, "/nowhere/at/all", "x", 1), SIUO_ENOTFOUND, "/nowhere/at/all");
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
  tcase_add_test(tc, reading);
  tcase_add_test(tc, reading_fails);
  tcase_add_test(tc, kinds);
  tcase_add_test(tc, replacing);
  tcase_add_test(tc, replacing_fails);
  tcase_add_test(tc, replacing_links_and_pipes);
  tcase_add_test(tc, saving);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
