/* check.c: siuo-eval check: what a data set holds, and what is odd about it. */
#include "cli.h"

/* What was asked for. */
struct asked {
  const char *path, *output;
  int format;
  int images, follow_links;
};

static int open_data(siuo_dataset **data, siuo_ctx *ctx, const struct asked *asked)
{
  siuo_dataset_options options;
  siuo_dataset_options_init(&options, sizeof options);
  options.follow_links = asked->follow_links != 0;
  return siuo_dataset_open(data, ctx, asked->path, &options);
}

static int describe(siuo_buf **report, siuo_ctx *ctx, const siuo_dataset *data, const siuo_lint *lint,
                    const siuo_images *images, int format)
{
  siuo_report_describe_options options;
  siuo_report_describe_options_init(&options, sizeof options);
  options.lint = lint;
  options.images = images;
  return siuo_report_describe(report, ctx, data, format, &options);
}

static int check(siuo_ctx *ctx, const struct asked *asked)
{
  siuo_dataset *data = NULL;
  siuo_lint *lint = NULL;
  siuo_images *images = NULL;
  siuo_buf *report = NULL;
  int rc = open_data(&data, ctx, asked);
  if (rc == SIUO_OK)
    rc = siuo_lint_new(&lint, ctx, data);
  if (rc == SIUO_OK && asked->images)
    rc = siuo_images_new(&images, ctx, data);
  if (rc == SIUO_OK)
    rc = describe(&report, ctx, data, lint, images, asked->format);
  int status = rc == SIUO_OK ? deliver(ctx, report, asked->output) : complain_status(ctx, rc);
  siuo_buf_free(report);
  siuo_images_free(images);
  siuo_lint_free(lint);
  siuo_dataset_free(data);
  return status;
}

int run_check(const struct command *self, int argc, char **argv)
{
  static const struct option options[] = {{"images", 0, NULL, 'i'},
                                          {"follow-links", 0, NULL, 'l'},
                                          {"format", 1, NULL, 'f'},
                                          {"help", 0, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
  struct asked asked = {NULL, NULL, SIUO_FORMAT_TEXT, 0, 0};
  siuo_ctx *ctx = NULL;
  int status = EXIT_DONE;
  for (int letter; (letter = next_option(self, argc, argv, ":ho:", options, &status)) != -1;) {
    if (letter == 'h')
      return status;
    if (letter == 'o')
      asked.output = optarg;
    else if (letter == 'i')
      asked.images = 1;
    else if (letter == 'l')
      asked.follow_links = 1;
    else if ((asked.format = siuo_format_by_name(optarg)) < 0)
      return complain("--format %s: expected text or json", optarg);
  }
  if (optind + 1 != argc)
    return complain("check: expected one DATA, a file or a folder; see siuo-eval check --help");
  asked.path = argv[optind];
  int rc = siuo_ctx_new(&ctx, NULL);
  status = rc == SIUO_OK ? check(ctx, &asked) : complain_status(ctx, rc);
  siuo_ctx_free(ctx);
  return status;
}
