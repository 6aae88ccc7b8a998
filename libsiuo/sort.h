/* sort.h: sorts an array in place. The C library's qsort() may allocate behind the context's back. */
#ifndef SIUOP_SORT_H
#define SIUOP_SORT_H

#include <stddef.h>

typedef int (*siuop_compare_fn)(const void *a, const void *b, const void *user_data); /* <0, 0, >0 */

/* Sorts numbers 0 … count-1 or any other size_t by what they stand for: `compare` gets pointers to two of them. Not
 * stable: break ties in `compare`. */
void siuop_sort(size_t *numbers, size_t count, siuop_compare_fn compare, const void *user_data);

#endif
