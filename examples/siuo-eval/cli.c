/* cli.c: what the commands of siuo-eval share. */
#include "cli.h"

#include "address.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Whether a control character begins here, of those in UTF-8 that take two bytes, too. */
static int is_control(const unsigned char *s)
{
  return *s < 0x20 || *s == 0x7F || (s[0] == 0xC2 && s[1] >= 0x80 && s[1] < 0xA0);
}

/* Names and values of others may be in it: none of their bytes commands the terminal. */
int complain(const char *format, ...)
{
  char words[16384];
  va_list args;
  va_start(args, format);
  vsnprintf(words, sizeof words, format, args);
  va_end(args);
  address_hide_passwords(words);
  fputs("siuo-eval: ", stderr);
  for (const unsigned char *s = (const unsigned char *)words; *s != '\0'; s++) {
    if (!is_control(s)) {
      fputc(*s, stderr);
      continue;
    }
    fprintf(stderr, "\\x%02X", *s);
    if (*s == 0xC2)
      fprintf(stderr, "\\x%02X", *++s);
  }
  fputc('\n', stderr);
  return EXIT_USE;
}

static void say_note(int level, const char *message, void *unused)
{
  (void)unused;
  complain("%s%s", level == SIUO_LOG_WARNING ? "warning: " : "", message);
}

int new_talking_context(siuo_ctx **out)
{
  siuo_ctx_options options;
  int rc = siuo_ctx_options_init(&options, sizeof options);
  options.log = say_note;
  return rc == SIUO_OK ? siuo_ctx_new(out, &options) : rc;
}

int complain_status(const siuo_ctx *ctx, int status)
{
  const char *words = siuo_ctx_errmsg(ctx);
  return complain("%s", *words != '\0' ? words : siuo_strerror(status));
}

int stopped_by(int status)
{
  return status == SIUO_EIO || status == SIUO_ENOMEM ? EXIT_STOPPED : EXIT_USE;
}

int complain_stopped(const siuo_ctx *ctx, int status)
{
  complain_status(ctx, status);
  return stopped_by(status);
}

int next_option(const struct command *self, int argc, char **argv, const char *letters, const struct option *options,
                int *exit_status)
{
  int letter = getopt_long(argc, argv, letters, options, NULL);
  *exit_status = EXIT_DONE;
  if (letter == 'h') {
    fputs(self->help, stdout);
    fputs(self->more == NULL ? "" : self->more, stdout);
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

int parse_reasoning_tags(struct reasoning_tags *tags, char *text)
{
  char *comma = strchr(text, ',');
  if (comma == NULL || strchr(comma + 1, ',') != NULL)
    return complain("--reasoning-tags %s: expected OPEN,CLOSE, the words that a reasoning block begins and ends with; "
                    "words that hold a comma go into a protocol file",
                    text);
  if (tags->count == MOST_TAGS)
    return complain("--reasoning-tags: at most %d pairs", MOST_TAGS);
  *comma = '\0';
  tags->open[tags->count] = text;
  tags->close[tags->count++] = comma + 1;
  return EXIT_DONE;
}

int is_guard_protocol(const char *path)
{
  return path != NULL && strcmp(path, "guard") == 0;
}

int open_protocol(siuo_protocol **out, siuo_ctx *ctx, const char *path, const struct reasoning_tags *tags)
{
  int rc = path == NULL              ? siuo_protocol_default(out, ctx)
           : is_guard_protocol(path) ? siuo_protocol_builtin(out, ctx, "libsiuo-guard-1")
           : is_folder(path)         ? siuo_protocol_import(out, ctx, path)
                                     : siuo_protocol_open(out, ctx, path);
  for (size_t i = 0; rc == SIUO_OK && i < tags->count; i++)
    rc = siuo_protocol_add_reasoning(*out, tags->open[i], tags->close[i]);
  return rc;
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
