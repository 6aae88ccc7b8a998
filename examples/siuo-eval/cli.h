/* cli.h: what the commands of siuo-eval share. */
#ifndef SIUO_EVAL_CLI_H
#define SIUO_EVAL_CLI_H

#include <siuo/siuo.h>

#include <getopt.h>

#define EXIT_DONE         0
#define EXIT_GATE         1 /* a gate failed */
#define EXIT_USE          2 /* wrong use or bad input */
#define EXIT_UNDETERMINED 3 /* more open items than allowed, or nothing was answered */
#define EXIT_STOPPED      4 /* stopped before the end: the same command goes on */

/* A command: its arguments (argv[0] is its name) and the exit status. */
struct command {
  const char *name;
  const char *summary;
  const char *help; /* usage, options, an example */
  const char *more; /* how it goes on; NULL: that is all */
  int (*run)(const struct command *self, int argc, char **argv);
};

int run_check(const struct command *self, int argc, char **argv);
int run_score(const struct command *self, int argc, char **argv);
int run_run(const struct command *self, int argc, char **argv);
int run_batch(const struct command *self, int argc, char **argv);

/* Says what is wrong on standard error, after the program's name; returns EXIT_USE. */
int complain(const char *format, ...);

/* A context whose notes go to standard error. */
int new_talking_context(siuo_ctx **out);

/* The same for a library call that failed. */
int complain_status(const siuo_ctx *ctx, int status);

/* The same for one that failed in the midst of an evaluation: EXIT_STOPPED where the same command can go on, as with
 * space on a disk that was full, else EXIT_USE. */
int complain_stopped(const siuo_ctx *ctx, int status);
int stopped_by(int status); /* that exit status alone */

/* The next option, as getopt_long(); complains about unknown ones and answers --help: *exit_status is then set and
 * the result -1, as at the end. */
int next_option(const struct command *self, int argc, char **argv, const char *letters, const struct option *options,
                int *exit_status);

int is_folder(const char *path);

/* --reasoning-tags OPEN,CLOSE, as often as it is given. */
#define MOST_TAGS 32
struct reasoning_tags {
  const char *open[MOST_TAGS], *close[MOST_TAGS];
  size_t count;
};

/* Takes the option's value apart in place: EXIT_DONE, or EXIT_USE after saying why. */
int parse_reasoning_tags(struct reasoning_tags *tags, char *text);

/* The protocol of a file, or of a clone of the benchmark, or "guard"; path NULL: the default one. With further tags, if
 * there are any. A status. */
int open_protocol(siuo_protocol **out, siuo_ctx *ctx, const char *path, const struct reasoning_tags *tags);

/* Whether that is libsiuo's own protocol for guard models. */
int is_guard_protocol(const char *path);

/* Prints the bytes to the file (NULL: standard output): EXIT_DONE, or EXIT_USE after saying why. */
int deliver(siuo_ctx *ctx, const siuo_buf *bytes, const char *path);

/* Flushes standard output and looks whether everything arrived. */
int finish_output(void);

#endif
