/* check.c: siuo-eval check: what a data set holds, and what is odd about it. */
#include "cli.h"

static int check(siuo_ctx *ctx, const char *path, int format, const char *output)
{
  siuo_dataset *data = NULL;
  siuo_lint *lint = NULL;
  siuo_buf *report = NULL;
  int rc = siuo_dataset_open(&data, ctx, path, NULL);
  if (rc == SIUO_OK)
    rc = siuo_lint_new(&lint, ctx, data);
  if (rc == SIUO_OK)
    rc = siuo_report_dataset(&report, ctx, data, lint, format);
  int status = rc == SIUO_OK ? deliver(ctx, report, output) : complain_status(ctx, rc);
  siuo_buf_free(report);
  siuo_lint_free(lint);
  siuo_dataset_free(data);
  return status;
}

int run_check(const struct command *self, int argc, char **argv)
{
  static const struct option options[] = {{"format", 1, NULL, 'f'}, {"help", 0, NULL, 'h'}, {NULL, 0, NULL, 0}};
  const char *output = NULL;
  siuo_ctx *ctx = NULL;
  int format = SIUO_FORMAT_TEXT;
  int status = EXIT_DONE;
  for (int letter; (letter = next_option(self, argc, argv, ":ho:", options, &status)) != -1;) {
    if (letter == 'h')
      return status;
    if (letter == 'o')
      output = optarg;
    else if ((format = siuo_format_by_name(optarg)) < 0)
      return complain("--format %s: expected text or json", optarg);
  }
  if (optind + 1 != argc)
    return complain("check: expected one DATA, a file or a folder; see siuo-eval check --help");
  int rc = siuo_ctx_new(&ctx, NULL);
  status = rc == SIUO_OK ? check(ctx, argv[optind], format, output) : complain_status(ctx, rc);
  siuo_ctx_free(ctx);
  return status;
}
