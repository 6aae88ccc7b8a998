/* report.h: metrics as something to read or to compute with. */
#ifndef SIUO_REPORT_H
#define SIUO_REPORT_H

#include <siuo/buf.h>
#include <siuo/dataset.h>
#include <siuo/image.h>
#include <siuo/lint.h>
#include <siuo/metrics.h>
#include <siuo/protocol.h>
#include <siuo/results.h>

SIUO_BEGIN_DECLS

#define SIUO_FORMAT_TEXT 1
#define SIUO_FORMAT_JSON 2 /* siuo-report/1: docs/report.md */

/* The format of a name ("text", "json"); SIUO_ENOTFOUND for others.
 * @since 0.1.0 */
SIUO_API int siuo_format_by_name(const char *name);

/* The same evidence under another rule set, for the text report's line "released would have reported …". */
typedef struct siuo_report_other {
  uint32_t size;
  uint32_t reserved;
  const siuo_metrics *metrics;
  uint64_t recognised, standard; /* from siuo_results_recognised(); both 0: not known, the line is given */
} siuo_report_other;

typedef struct siuo_report_options {
  uint32_t size;
  uint32_t list_items;         /* 1: with each item's verdicts */
  const siuo_dataset *dataset; /* fingerprints; NULL: not said */
  const char *title;           /* what was scored, for the text report; NULL: none */
  const char *protocol_name;   /* NULL: not known */
  const char *protocol_sha256;
  const siuo_report_other *others; /* other_count of them; NULL with 0 */
  uint64_t other_count;
  uint64_t whole_items;             /* only a part of so many items was asked: the report says SUBSET; 0: all were */
  const siuo_pictures *pictures;    /* that were shown; NULL: none were looked at */
  const siuo_judge_replies *judges; /* judge_count of them, from siuo_results_judge(); NULL with 0 */
  const siuo_metrics *const *judge_metrics; /* each judge's votes alone, from siuo_results_score_judge() */
  uint64_t judge_count;                     /* of a panel; fewer than two are not mentioned */
  int32_t panel;                            /* SIUO_PANEL_*, or another number: not known */
  uint32_t reserved;
  const siuo_protocol *reader; /* in whose manner replies were read: said where its sum is not protocol_sha256 (standard
                                  rules); NULL: in the standard one */
  const siuo_harm
      *harm; /* categories of harm, from siuo_results_harm() (standard rules); NULL or empty: not mentioned */
} siuo_report_options;

/* Zeroes size bytes, then sets size. Errors: SIUO_EINVAL, SIUO_EABI.
 * @since 0.1.0 */
SIUO_API int siuo_report_options_init(siuo_report_options *o, size_t size);

/* Renders m; opts may be NULL. Equal evidence gives equal bytes: no time, path, order or locale in it. The JSON
 * report is one object and a line feed. Errors: SIUO_EINVAL (unknown format), SIUO_EABI, SIUO_ENOMEM. The caller
 * owns *out.
 * @since 0.1.0 */
SIUO_API int siuo_report_render(siuo_buf **out, siuo_ctx *ctx, const siuo_metrics *m, int format,
                                const siuo_report_options *opts);

/* Renders the same results under several rule sets into one: text reports one after another; JSON an object with a
 * report under each rule set's name and, under "flips", the number of items whose verdicts the rules change
 * against the first of them. Options as above; the comparing lines stand in a standard report only. Errors: as
 * above, and SIUO_EINVAL (no metrics, two of the same rules).
 * @since 0.1.0 */
SIUO_API int siuo_report_render_all(siuo_buf **out, siuo_ctx *ctx, const siuo_metrics *const *metrics, size_t count,
                                    int format, const siuo_report_options *opts);

/* Describes a data set: items by category, right letters, fingerprints, what blind strategies score, and the notes of
 * lint (NULL: none are given). The JSON form is siuo-check/1: docs/report.md. Errors: SIUO_EINVAL, SIUO_ENOMEM. The
 * caller owns *out.
 * @since 0.1.0 */
SIUO_API int siuo_report_dataset(siuo_buf **out, siuo_ctx *ctx, const siuo_dataset *ds, const siuo_lint *lint,
                                 int format);

/* What else is told of a data set. */
typedef struct siuo_report_describe_options {
  uint32_t size;
  uint32_t reserved;
  const siuo_lint *lint;     /* its notes; NULL: none are given */
  const siuo_images *images; /* its pictures; NULL: they are not mentioned */
} siuo_report_describe_options;

/* Zeroes size bytes, then sets size. Errors: SIUO_EINVAL, SIUO_EABI.
 * @since 0.1.0 */
SIUO_API int siuo_report_describe_options_init(siuo_report_describe_options *o, size_t size);

/* As siuo_report_dataset(), with more to tell; opts may be NULL. Errors: SIUO_EINVAL, SIUO_EABI, SIUO_ENOMEM. The
 * caller owns *out.
 * @since 0.1.0 */
SIUO_API int siuo_report_describe(siuo_buf **out, siuo_ctx *ctx, const siuo_dataset *ds, int format,
                                  const siuo_report_describe_options *opts);

SIUO_END_DECLS

#endif
