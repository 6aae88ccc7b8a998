/* support.h: what the suites share: where things are, a context that watches its memory, the allocation sweep. */
#ifndef SIUO_TESTS_SUPPORT_H
#define SIUO_TESTS_SUPPORT_H

#include <siuo/siuo.h>

#include <check.h>

/* ---- where things are ---- */

/* The source tree; the folder of shared reference material, NULL where it is missing. */
const char *support_srcdir(void);
const char *support_shared(void);

/* 1, after saying so on standard error, where the shared material is missing. */
int support_shared_missing(const char *what);

/* Whether valgrind watches, under which everything takes fifty times as long. */
int support_is_valgrind(void);

/* srcdir/NAME, in one of a few static buffers. */
const char *support_path(const char *name);

/* A file's bytes with a NUL behind them; NULL if it can't be read. Release with free(). */
char *support_read_file(const char *path, size_t *len);

/* Writes a file into this process's own folder, which goes when the process ends, and returns its path, in one of a
 * few static buffers. */
const char *support_file(const char *name, const void *bytes, size_t len);
const char *support_folder(void);

/* ---- running ---- */

/* Runs the suite under the environment's locale; what main() returns. */
int support_run(Suite *suite);

/* ---- contexts and memory ---- */

/* A context that fails the test when it can't be made. */
siuo_ctx *support_ctx(void);

/* Asserts that a call failed as it should, and that its message holds the words. */
void support_expect_error(const siuo_ctx *ctx, int rc, int status, const char *words);

/* Runs the scenario once, then again for each allocation that the library or jansson made, which fails. Each failure
 * must come out as SIUO_ENOMEM with a message, and leave no live block. The scenario allocates the same in every run,
 * and frees what it made, but not ctx, which the sweep makes and frees. */
typedef int (*support_scenario)(siuo_ctx *ctx, void *data);
void support_sweep(const char *name, support_scenario scenario, void *data);

#endif
