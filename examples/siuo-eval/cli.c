/* cli.c: what the commands of siuo-eval share. */
#include "cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

int complain(const char *format, ...)
{
  va_list args;
  fputs("siuo-eval: ", stderr);
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
  return EXIT_USE;
}

int complain_status(const siuo_ctx *ctx, int status)
{
  const char *words = siuo_ctx_errmsg(ctx);
  return complain("%s", *words != '\0' ? words : siuo_strerror(status));
}

int next_option(const struct command *self, int argc, char **argv, const char *letters, const struct option *options,
                int *exit_status)
{
  int letter = getopt_long(argc, argv, letters, options, NULL);
  *exit_status = EXIT_DONE;
  if (letter == 'h') {
    fputs(self->help, stdout);
    *exit_status = finish_output();
  } else if (letter == ':') {
    *exit_status = complain("%s needs a value; see siuo-eval %s --help", argv[optind - 1], self->name);
  } else if (letter == '?') {
    *exit_status = complain("unknown option %s; see siuo-eval %s --help", argv[optind - 1], self->name);
  } else {
    return letter;
  }
  return 'h';
}

int is_folder(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int open_protocol(siuo_protocol **out, siuo_ctx *ctx, const char *path)
{
  if (path == NULL)
    return siuo_protocol_default(out, ctx);
  return is_folder(path) ? siuo_protocol_import(out, ctx, path) : siuo_protocol_open(out, ctx, path);
}

int finish_output(void)
{
  if (fflush(stdout) == 0 && !ferror(stdout))
    return EXIT_DONE;
  return complain("cannot write to standard output: %s", strerror(errno));
}

int deliver(siuo_ctx *ctx, const siuo_buf *bytes, const char *path)
{
  if (path != NULL) {
    int rc = siuo_buf_save(bytes, ctx, path);
    return rc == SIUO_OK ? EXIT_DONE : complain_status(ctx, rc);
  }
  if (fwrite(siuo_buf_data(bytes), 1, siuo_buf_size(bytes), stdout) != siuo_buf_size(bytes))
    return complain("cannot write to standard output: %s", strerror(errno));
  return finish_output();
}
