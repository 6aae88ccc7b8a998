/* abi.h: the one gatekeeper through which public structs come in and go out. */
#ifndef SIUOP_ABI_H
#define SIUOP_ABI_H

#include <stddef.h>

/* Every public struct begins with its uint32_t size. `first` is the size that the struct had when it was first
 * published: callers built against any later header know at least that much. */

/* Initialises a caller's struct: zeroes its size bytes, copies the defaults that fit, sets its size.
 * SIUO_EINVAL for NULL, SIUO_EABI for a size below first or beyond any sane struct. */
int siuop_abi_init(void *object, size_t size, const void *defaults, size_t defaults_size, size_t first);

/* Copies a caller's options over our defaults in `to` (known bytes). SIUO_EABI if the caller's size is below
 * first, or if it is larger than ours and the tail that we don't know is not zero. */
int siuop_abi_import(void *to, size_t known, const void *from, size_t first);

/* Copies a result to the caller's struct, at most the size bytes that the caller set, and keeps that size; what
 * the caller's struct has beyond ours is zeroed. SIUO_EABI for a size below first. */
int siuop_abi_export(void *to, const void *from, size_t known, size_t first);

#endif
