/* dataset.h: how a data set and its items are kept. */
#ifndef SIUOP_DATASET_H
#define SIUOP_DATASET_H

#include "arena.h"
#include "copies.h"
#include "digest.h"
#include "index.h"
#include "records.h"

#include <siuo/dataset.h>

#define SIUOP_MOST_OPTIONS 26

/* A text of an item; s NULL: the item has none. */
struct siuop_field {
  const char *s;
  size_t len;
};

struct siuo_item {
  int task;    /* SIUO_TASK_* */
  int correct; /* a letter; 0: none */
  int odd_id;  /* siuop_record_has_odd_id() */
  struct siuop_field id, question, category, image, warning, reference;
  size_t option_count;
  const struct siuop_field *options; /* of A, B … */
  const struct siuop_copy *copies;   /* the options' words, to find them in replies; NULL: none */
};

/* A key that an item's shape does not have. */
struct siuop_unknown_key {
  size_t item;
  const char *key;
};

struct siuo_dataset {
  siuo_ctx *ctx;
  struct siuop_arena arena;
  struct siuop_index index;
  struct siuop_index by_category; /* while it is loaded */
  siuo_item *items;
  size_t count, capacity;
  const char **categories; /* loaded: in report order */
  size_t category_count, category_capacity;
  struct siuop_unknown_key *unknown;
  size_t unknown_count, unknown_capacity;
  int byte_order_mark;   /* a source begins with one */
  const char *data_dir;  /* what it was opened from, for a file the folder that holds it; NULL: memory */
  const char *image_dir; /* NULL: memory, and none was given */
  int has_own_image_dir; /* the option gave it, so it is trusted as the data folder is */
  int follow_links;      /* of pictures, wherever they lead */
  char fingerprints[2][SIUOP_DIGEST_HEX]; /* by task - 1; "" for none */
};

/* ---- reading one record (dataset_read.c) ---- */

/* "question_id" as text; of a number its integer's. SIUO_EFORMAT (missing, neither a whole number nor a plain string),
 * SIUO_ENOMEM. */
int siuop_record_read_id(struct siuop_arena *arena, const struct siuop_record *record, const char **id, size_t *len);

/* Whether it is a number with a decimal point, or the text of one, as spreadsheets make of integers. */
int siuop_record_has_odd_id(const struct siuop_record *record);

/* A whole item, checked. SIUO_EFORMAT, SIUO_ENOMEM. */
int siuop_item_read(struct siuop_arena *arena, const struct siuop_record *record, siuo_item *item);

/* What a recorded result tells of a choice item: its id, options (A to D without texts if it has none), and right
 * letter (0 if it has none). SIUO_EFORMAT, SIUO_ENOMEM. */
int siuop_item_read_choice(struct siuop_arena *arena, const struct siuop_record *record, const char *id, size_t id_len,
                           const siuo_item **out);

/* 1 if the task's items have this key. */
int siuop_item_has_key(int task, const char *key);

/* The place of an item's category in the loaded data set's order. */
size_t siuop_dataset_place_of_category(const siuo_dataset *ds, const siuo_item *item);

/* ---- the whole (dataset_fingerprint.c) ---- */

/* Fills ds->fingerprints. SIUO_ENOMEM. */
int siuop_dataset_sum(siuo_dataset *ds);

#endif
