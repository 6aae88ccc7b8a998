/* options.h: the orders in which a choice item's options can be put. */
#ifndef SIUOP_OPTIONS_H
#define SIUOP_OPTIONS_H

#include "dataset.h"

/* A choice item with its options in another order. */
struct siuop_ordered {
  siuo_item item; /* borrows the original's texts, and what is below */
  struct siuop_field options[SIUOP_MOST_OPTIONS];
  struct siuop_copy copies[SIUOP_MOST_OPTIONS];
  char letters[SIUOP_MOST_OPTIONS + 1]; /* of the original: of the option that stands first, second … */
};

/* Order `variant` of the options; 0 if there are no so many different ones. Order 0 is the file's. The first n orders
 * of n options are rotations: each option stands once in each place; every further n rotate another arrangement. The
 * right letter is the new one. o must not be moved. */
int siuop_order_options(const siuo_item *item, uint32_t variant, struct siuop_ordered *o);

/* The original's letter of a letter that was read; 0 stays 0. */
int siuop_original_letter(const struct siuop_ordered *o, int letter);

#endif
