/* support.c: where things are, and how suites run. */
#include "support.h"

#include <ftw.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFERS 8

static char *buffer(void)
{
  static char buffers[BUFFERS][4096];
  static int next;
  next = (next + 1) % BUFFERS;
  return buffers[next];
}

const char *support_srcdir(void)
{
  const char *path = getenv("SIUO_SRCDIR");
  return path == NULL ? "." : path;
}

const char *support_shared(void)
{
  const char *path = getenv("SIUO_SHARED");
  struct stat st;
  if (path == NULL)
    path = support_path("../shared");
  return stat(path, &st) == 0 ? path : NULL;
}

int support_shared_missing(const char *what)
{
  if (support_shared() != NULL)
    return 0;
  fprintf(stderr, "skipped: %s (no shared material; set SIUO_SHARED)\n", what);
  return 1;
}

int support_is_valgrind(void)
{
  const char *tool = getenv("SIUO_SANITIZE");
  return tool != NULL && strcmp(tool, "valgrind") == 0;
}

const char *support_path(const char *name)
{
  char *path = buffer();
  snprintf(path, 4096, "%s/%s", support_srcdir(), name);
  return path;
}

char *support_read_file(const char *path, size_t *len)
{
  FILE *file = fopen(path, "rb");
  struct stat st;
  if (file == NULL)
    return NULL;
  char *bytes = fstat(fileno(file), &st) == 0 ? malloc((size_t)st.st_size + 1) : NULL;
  size_t got = bytes == NULL ? 0 : fread(bytes, 1, (size_t)st.st_size, file);
  fclose(file);
  if (bytes != NULL)
    bytes[got] = '\0';
  if (len != NULL)
    *len = got;
  return bytes;
}

/* ---- this process's folder ---- */

static char folder[64];
static pid_t folder_owner;

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
  (void)st;
  (void)kind;
  (void)ftw;
  return remove(path);
}

static void remove_folder(void)
{
  if (getpid() == folder_owner)
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *support_folder(void)
{
  if (folder_owner == getpid())
    return folder;
  snprintf(folder, sizeof folder, "/tmp/siuo-test-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  folder_owner = getpid();
  atexit(remove_folder);
  return folder;
}

const char *support_file(const char *name, const void *bytes, size_t len)
{
  char *path = buffer();
  snprintf(path, 4096, "%s/%s", support_folder(), name);
  FILE *file = fopen(path, "wb");
  ck_assert_ptr_nonnull(file);
  ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
  ck_assert_int_eq(fclose(file), 0);
  return path;
}

/* ---- running ---- */

int support_run(Suite *suite)
{
  setlocale(LC_ALL, "");
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

siuo_ctx *support_ctx(void)
{
  siuo_ctx *ctx = NULL;
  ck_assert_int_eq(siuo_ctx_new(&ctx, NULL), SIUO_OK);
  return ctx;
}

void support_expect_error(const siuo_ctx *ctx, int rc, int status, const char *words)
{
  const char *message = siuo_ctx_errmsg(ctx);
  ck_assert_msg(rc == status, "got %d (%s) instead of %d: %s", rc, siuo_strerror(rc), status, message);
  ck_assert_msg(strstr(message, words) != NULL, "\"%s\" does not say \"%s\"", message, words);
}
