/* lint.h: what is odd about a data set, and what blind guessing would score on it.
 *
 * Loading refuses what can't be evaluated; lint reports what can, but shouldn't surprise anyone. */
#ifndef SIUO_LINT_H
#define SIUO_LINT_H

#include <siuo/dataset.h>

SIUO_BEGIN_DECLS

/* What a note is about. Texts are kept as they are: a note never changes an item. */
#define SIUO_LINT_OUTER_SPACE      1  /* a text begins or ends with white space */
#define SIUO_LINT_NEWLINE          2  /* a question holds a line break */
#define SIUO_LINT_CUT_OFF          3  /* a safety warning ends in mid-sentence */
#define SIUO_LINT_SAME_OPTIONS     4  /* two options read the same */
#define SIUO_LINT_KEY_MISMATCH     5  /* the correct option differs from the reference answer of the same id */
#define SIUO_LINT_STUB_OPTION      6  /* an option of a single word or less */
#define SIUO_LINT_BRACES           7  /* literal { or } in a text that prompts are filled with */
#define SIUO_LINT_INVISIBLE        8  /* zero-width and other invisible characters */
#define SIUO_LINT_SCRIPT           9  /* emoji or scripts beyond Latin, which need their encoding kept */
#define SIUO_LINT_EMPTY_TEXT       10 /* a text that is empty or only white space */
#define SIUO_LINT_UNKNOWN_CATEGORY 11 /* not one of the nine domains; a near miss names the domain meant */
#define SIUO_LINT_TASKS_DIFFER     12 /* the same id with other question, image or category in the other task */
#define SIUO_LINT_ONE_TASK         13 /* an id that only one of two loaded tasks has */
#define SIUO_LINT_SHARED_IMAGE     14 /* two items of a task name the same picture */
#define SIUO_LINT_SAME_QUESTION    15 /* two items of a task ask the same question of the same picture */
#define SIUO_LINT_KEY_BALANCE      16 /* always answering one letter beats guessing by far */
#define SIUO_LINT_NO_IMAGES        17 /* the images folder is missing */
#define SIUO_LINT_IMAGE_NAME       18 /* a picture's name without one of the usual endings */
#define SIUO_LINT_UNKNOWN_KEY      19 /* a key that the item's shape does not have: perhaps misspelt */
#define SIUO_LINT_BYTE_ORDER_MARK  20 /* the file begins with one */
#define SIUO_LINT_ID               21 /* an id with a decimal point: a number that a spreadsheet wrote? */

typedef struct siuo_lint siuo_lint;

typedef struct siuo_lint_note {
  uint32_t size;
  int32_t code; /* SIUO_LINT_* */
  int32_t task; /* SIUO_TASK_*, 0 for a note on the whole data set */
  int32_t reserved;
  const char *item_id; /* NULL for a note on the whole data set */
  const char *field;   /* "question", "options.B"; NULL where none is meant */
  const char *text;    /* one sentence for people, without control characters */
} siuo_lint_note;

/* Looks at everything, in item order. Errors: SIUO_EINVAL, SIUO_ENOMEM, SIUO_EIO (looking for the images
 * folder). The caller owns *out; it must not outlive ds.
 * @since 0.1.0 */
SIUO_API int siuo_lint_new(siuo_lint **out, siuo_ctx *ctx, const siuo_dataset *ds);

/* NULL is fine.
 * @since 0.1.0 */
SIUO_API void siuo_lint_free(siuo_lint *lint);

/* Number of notes, and note i: the caller sets note->size; texts are borrowed from lint.
 * Errors: SIUO_ENOTFOUND (past the end), SIUO_EINVAL, SIUO_EABI.
 * @since 0.1.0 */
SIUO_API size_t siuo_lint_count(const siuo_lint *lint);
SIUO_API int siuo_lint_note_at(const siuo_lint *lint, size_t i, siuo_lint_note *note);

/* The name of a code in kebab case, "outer-space"; "unknown" for others. Borrowed, static.
 * @since 0.1.0 */
SIUO_API const char *siuo_lint_code_name(int code);

/* What a strategy that never looks at picture or question scores on the choice items, in percent: 'A', 'B' …
 * always answers that letter (an item without it is a miss); SIUO_BLIND_LONGEST and SIUO_BLIND_SHORTEST pick by
 * the number of characters (code points), ties to the first letter; SIUO_BLIND_UNIFORM is the expected value of
 * guessing evenly. Errors: SIUO_EINVAL (unknown strategy), SIUO_ENOTFOUND (no choice items); *percent is 0.
 * @since 0.1.0 */
#define SIUO_BLIND_LONGEST  1
#define SIUO_BLIND_SHORTEST 2
#define SIUO_BLIND_UNIFORM  3
SIUO_API int siuo_dataset_blind_percent(const siuo_dataset *ds, int strategy, double *percent);

SIUO_END_DECLS

#endif
