/* dataset.h: the benchmark's items, loaded whole or not at all, and cursors over them.
 *
 * A loaded data set never changes: any thread may read it. */
#ifndef SIUO_DATASET_H
#define SIUO_DATASET_H

#include <siuo/ctx.h>

SIUO_BEGIN_DECLS

#define SIUO_TASK_GENERATION 1
#define SIUO_TASK_CHOICE     2

typedef struct siuo_dataset siuo_dataset;
typedef struct siuo_item siuo_item;

typedef struct siuo_dataset_options {
  uint32_t size;
  int32_t task;          /* load this task's items only; 0: both */
  const char *name;      /* siuo_dataset_parse: what error messages call the input; NULL: "<memory>" */
  uint32_t follow_links; /* 1: pictures may be links that lead anywhere; 0: into the data only (siuo_image_open) */
  uint32_t reserved;
  const char *image_dir; /* the images folder; NULL: images beside the data */
} siuo_dataset_options;

/* Zeroes size bytes, then sets size and the defaults.
 * Errors: SIUO_EINVAL, SIUO_EABI.
 * @since 0.1.0 */
SIUO_API int siuo_dataset_options_init(siuo_dataset_options *o, size_t size);

/* Loads a file (a JSON array, or JSONL with one item a line) or a folder: a clone of the benchmark's repository
 * (data/siuo_gen.json, data/siuo_mcqa.json) or the Hugging Face layout (both files at the root). A folder may
 * have one of the two. Each item's task is recognised from its keys: options and correct_option make it
 * multiple choice, safety_warning and reference_answer make it generation (shapes: siuo-facts).
 * Texts are kept byte for byte. opts may be NULL. Pictures are not touched.
 * Errors: SIUO_EIO, SIUO_ENOTFOUND (no such file; a folder without data), SIUO_EFORMAT (not JSON, wrong types,
 * missing keys, duplicate ids, invalid UTF-8, NUL, no item at all), SIUO_ELIMIT, SIUO_ENOMEM, SIUO_EINVAL,
 * SIUO_EABI; the message names file, line and item, nothing is loaded and *out is NULL.
 * The caller owns *out; it must not outlive ctx.
 * @since 0.1.0 */
SIUO_API int siuo_dataset_open(siuo_dataset **out, siuo_ctx *ctx, const char *path, const siuo_dataset_options *opts);

/* The same from len bytes in memory, which may be released afterwards.
 * @since 0.1.0 */
SIUO_API int siuo_dataset_parse(siuo_dataset **out, siuo_ctx *ctx, const void *bytes, size_t len,
                                const siuo_dataset_options *opts);

/* Frees the data set, its items and everything borrowed from them. NULL is fine.
 * @since 0.1.0 */
SIUO_API void siuo_dataset_free(siuo_dataset *ds);

/* Number of items, both tasks together: 334 for SIUO.
 * @since 0.1.0 */
SIUO_API size_t siuo_dataset_count(const siuo_dataset *ds);

/* Item i in file order, generation before choice for a folder; NULL past the end. Borrowed from ds.
 * @since 0.1.0 */
SIUO_API const siuo_item *siuo_dataset_item(const siuo_dataset *ds, size_t i);

/* The item of that task and id, or NULL. Borrowed from ds.
 * @since 0.1.0 */
SIUO_API const siuo_item *siuo_dataset_find(const siuo_dataset *ds, int task, const char *id);

/* SHA-256, as 64 hex digits, over the content of the task's items sorted by id: the same whatever the file's
 * format, layout, key order and item order; other as soon as one byte of one text differs. NULL if the data
 * set has no item of that task. Borrowed from ds. The exact bytes hashed: docs/dataset.md.
 * @since 0.1.0 */
SIUO_API const char *siuo_dataset_fingerprint(const siuo_dataset *ds, int task);

/* Number of distinct categories, and their names in report order: the benchmark's nine domains, then any others
 * bytewise. NULL past the end. Borrowed from ds.
 * @since 0.1.0 */
SIUO_API size_t siuo_dataset_category_count(const siuo_dataset *ds);
SIUO_API const char *siuo_dataset_category(const siuo_dataset *ds, size_t i);

/* The images folder that belongs to the data: the option's, or the one beside the data files; NULL if the data came
 * from memory without that option. It may not exist. Borrowed from ds.
 * @since 0.1.0 */
SIUO_API const char *siuo_dataset_image_dir(const siuo_dataset *ds);

/* SIUO_TASK_*; 0 for NULL.
 * @since 0.1.0 */
SIUO_API int siuo_item_task(const siuo_item *it);

/* The item's texts: NUL-terminated UTF-8, byte for byte as in the file, borrowed from the data set; *len, if
 * len is not NULL, gets the bytes. An item without that text (a choice item has no safety warning) gives NULL
 * and 0. The id of an integer question_id is its decimal text.
 * @since 0.1.0 */
SIUO_API const char *siuo_item_id(const siuo_item *it, size_t *len);
SIUO_API const char *siuo_item_question(const siuo_item *it, size_t *len);
SIUO_API const char *siuo_item_category(const siuo_item *it, size_t *len);
SIUO_API const char *siuo_item_safety_warning(const siuo_item *it, size_t *len);
SIUO_API const char *siuo_item_reference_answer(const siuo_item *it, size_t *len);
SIUO_API const char *siuo_item_image_name(const siuo_item *it, size_t *len);

/* Options of a choice item, in letter order; 0, NULL and 0 for a generation item or past the end.
 * @since 0.1.0 */
SIUO_API size_t siuo_item_option_count(const siuo_item *it);
SIUO_API const char *siuo_item_option(const siuo_item *it, size_t i, size_t *len);
SIUO_API int siuo_item_option_letter(const siuo_item *it, size_t i);

/* The letter of the right option; 0 for a generation item.
 * @since 0.1.0 */
SIUO_API int siuo_item_correct_option(const siuo_item *it);

/* ---- cursors ---- */

/* How a cursor orders the items it selects. The same on every platform for the same data, seed and filter. */
#define SIUO_ORDER_FILE       0     /* as in the file */
#define SIUO_ORDER_SHUFFLED   1     /* shuffled by shuffle_seed */
#define SIUO_ORDER_STRATIFIED 2     /* shuffled; each category in proportion in every prefix: with limit, a sample */
#define SIUO_LIMIT_EACH_TASK  0x100 /* added to one of them: the limit counts the items of each task by itself */

typedef struct siuo_cursor siuo_cursor;
typedef struct siuo_cursor_options {
  uint32_t size;
  int32_t task;         /* 0: both */
  const char *category; /* NULL: all */
  uint64_t shard_index; /* from 0 */
  uint64_t shard_count; /* 0 or 1: everything */
  uint64_t limit;       /* 0: none */
  uint64_t shuffle_seed;
  uint32_t shuffle; /* SIUO_ORDER_*, SIUO_LIMIT_EACH_TASK */
  uint32_t reserved;
} siuo_cursor_options;

/* Zeroes size bytes, then sets size.
 * Errors: SIUO_EINVAL, SIUO_EABI.
 * @since 0.1.0 */
SIUO_API int siuo_cursor_options_init(siuo_cursor_options *o, size_t size);

/* A cursor over ds. The steps are filter (task, category), order, limit, shard, in this turn: shards of one
 * limited sample are disjoint and together make up that sample; shard i takes every shard_count-th item from i.
 * opts may be NULL: every item in file order.
 * Errors: SIUO_EINVAL (shard_index not below shard_count, unknown task or order), SIUO_ENOTFOUND (no item of
 * ds has that category), SIUO_ENOMEM, SIUO_EABI. The caller owns *out; it must not outlive ds.
 * @since 0.1.0 */
SIUO_API int siuo_cursor_new(siuo_cursor **out, siuo_ctx *ctx, const siuo_dataset *ds, const siuo_cursor_options *opts);

/* The next item: SIUO_OK and *out (borrowed from the data set), or SIUO_DONE and NULL.
 * @since 0.1.0 */
SIUO_API int siuo_cursor_next(siuo_cursor *cur, const siuo_item **out);

/* NULL is fine.
 * @since 0.1.0 */
SIUO_API void siuo_cursor_free(siuo_cursor *cur);

SIUO_END_DECLS

#endif
