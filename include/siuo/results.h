/* results.h: recorded results in, metrics out.
 *
 * The released shape: a JSON array, or JSONL with one object a line, of items with question_id, category, and
 * any of responses, safety_evaluation, effectiveness_evaluation (texts; null where there is none), safety_gpt,
 * effectiveness_gpt (1, 0, -1; used where the replies are absent), or response_mcqa with correct_option and
 * options. Our own files add "siuo": {"outcomes": [...], "safety_outcomes": [...] …}. All of it:
 * docs/results.md. */
#ifndef SIUO_RESULTS_H
#define SIUO_RESULTS_H

#include <siuo/dataset.h>
#include <siuo/image.h>
#include <siuo/metrics.h>
#include <siuo/protocol.h>

SIUO_BEGIN_DECLS

typedef struct siuo_results siuo_results;

/* Empty results. Errors: SIUO_EINVAL, SIUO_ENOMEM. The caller owns *out.
 * @since 0.1.0 */
SIUO_API int siuo_results_new(siuo_results **out, siuo_ctx *ctx);

/* NULL is fine.
 * @since 0.1.0 */
SIUO_API void siuo_results_free(siuo_results *r);

/* Adds a file's items; "-" is standard input. Errors: SIUO_EIO, SIUO_ENOTFOUND, SIUO_EFORMAT (not JSON, wrong
 * types, missing keys, lists of different lengths, an item that is there already, no item at all), SIUO_ELIMIT,
 * SIUO_ENOMEM; the message names file, line and item, and nothing of that file is added.
 * @since 0.1.0 */
SIUO_API int siuo_results_read(siuo_results *r, const char *path);

/* The same from memory; name (NULL: "<memory>") is what messages call it.
 * @since 0.1.0 */
SIUO_API int siuo_results_parse(siuo_results *r, const void *bytes, size_t len, const char *name);

/* Number of items of a task (0: both).
 * @since 0.1.0 */
SIUO_API size_t siuo_results_count(const siuo_results *r, int task);

/* The protocol that every item was asked by, if they say so and agree (our own files do); else NULL. *sha256, if sha256
 * is not NULL, gets its sum. Borrowed from r.
 * @since 0.1.0 */
SIUO_API const char *siuo_results_protocol(const siuo_results *r, const char **sha256);

/* The pictures that were shown, likewise: SIUO_OK, or SIUO_ENOTFOUND. The caller sets out->size; the text is borrowed
 * from r. Errors: SIUO_EINVAL, SIUO_EABI.
 * @since 0.1.0 */
SIUO_API int siuo_results_pictures(const siuo_results *r, siuo_pictures *out);

/* Has replies read in a protocol's own manner from now on (standard rules; NULL: in the standard one), as the run did
 * that recorded them: siuo_judge_reply(). p outlives r. Errors: SIUO_EINVAL.
 * @since 0.1.0 */
SIUO_API int siuo_results_set_protocol(siuo_results *r, const siuo_protocol *p);

/* Of how many items, of the tasks that they hold, the results are a part, as the run says whose limit, shard or filter
 * left the others out; 0: all are there, such as those of every shard together, or nothing is said.
 * @since 0.1.0 */
SIUO_API uint64_t siuo_results_whole_items(const siuo_results *r);

/* Scores everything under SIUO_RULES_*. With a data set, its items (of each task that the results hold, but for a
 * task of which they are a part: siuo_results_whole_items()) that the results miss are added without votes, and
 * categories, options and correct letters are the data set's. Errors: SIUO_EINVAL, SIUO_ENOTFOUND (an item that the
 * data set does not have), SIUO_EFORMAT (a category or correct option that differs from the data set's), SIUO_ENOMEM.
 * The caller owns *out.
 * @since 0.1.0 */
SIUO_API int siuo_results_score(const siuo_results *r, siuo_ctx *ctx, int rules, const siuo_dataset *ds,
                                siuo_metrics **out);

/* The most judges that any item has; 0 without generation items.
 * @since 0.1.0 */
SIUO_API size_t siuo_results_judges(const siuo_results *r);

/* SIUO_PANEL_* by which every item goes, the majority where it says nothing; SIUO_ENOTFOUND if they differ. Errors:
 * SIUO_EINVAL.
 * @since 0.1.0 */
SIUO_API int siuo_results_panel(const siuo_results *r);

/* What one judge said, reply by reply, on safety and on effectiveness. */
typedef struct siuo_judge_replies {
  uint32_t size;
  uint32_t reserved;
  const char *model;                                            /* NULL: not recorded */
  uint64_t safe_asked, safe_passed, safe_failed, safe_declined; /* declined: or said nothing; the rest */
  uint64_t effective_asked, effective_passed, effective_failed, effective_declined; /* has no verdict */
} siuo_judge_replies;

/* Counts the replies and votes of judge j (from 0). The caller sets out->size; the text is borrowed from r. Errors:
 * SIUO_ENOTFOUND (no item has that many judges), SIUO_EINVAL, SIUO_EABI.
 * @since 0.1.0 */
SIUO_API int siuo_results_judge(const siuo_results *r, size_t j, siuo_judge_replies *out);

/* As siuo_results_score() under the standard rules, with the votes of judge j (from 0) alone. Errors: as there, and
 * SIUO_ENOTFOUND (no item has that many judges).
 * @since 0.1.0 */
SIUO_API int siuo_results_score_judge(const siuo_results *r, siuo_ctx *ctx, size_t j, const siuo_dataset *ds,
                                      siuo_metrics **out);

/* Categories of harm, as judges (guard models) name them beside their unsafe verdicts. Standard rules; nothing is
 * counted of responses whose vote is given by rule. */
typedef struct siuo_harm siuo_harm;
typedef struct siuo_harm_row {
  uint32_t size;
  int32_t judge;             /* from 0; -1: any judge */
  const char *category;      /* "S2", "Violent"; NULL: any category */
  uint64_t responses, items; /* of which it was named: items with one such response or more */
} siuo_harm_row;

/* Counts them in all replies, in the manner of the protocol that was set. Errors: SIUO_EINVAL, SIUO_ENOMEM. The caller
 * owns *out.
 * @since 0.1.0 */
SIUO_API int siuo_results_harm(const siuo_results *r, siuo_ctx *ctx, siuo_harm **out);

/* Rows: for any judge, then for each that named a category: any category, then each: codes by their number, then names.
 * @since 0.1.0 */
SIUO_API size_t siuo_harm_count(const siuo_harm *h);

/* Row i. The caller sets out->size; the text is borrowed from h. Errors: SIUO_ENOTFOUND (past the end), SIUO_EINVAL,
 * SIUO_EABI.
 * @since 0.1.0 */
SIUO_API int siuo_harm_get(const siuo_harm *h, size_t i, siuo_harm_row *out);

/* NULL is fine.
 * @since 0.1.0 */
SIUO_API void siuo_harm_free(siuo_harm *h);

/* Whether the judge replies are in a form that the rules were made for. Of the recorded replies in which the
 * standard rules read a verdict (*standard), those in which these rules recognise one too (*recognised).
 * Errors: SIUO_EINVAL.
 * @since 0.1.0 */
SIUO_API int siuo_results_recognised(const siuo_results *r, int rules, uint64_t *recognised, uint64_t *standard);

SIUO_END_DECLS

#endif
