/* abi.c: the gatekeeper for public structs. */
#include "abi.h"

#include <siuo/error.h>

#include <stdint.h>
#include <string.h>

#define LARGEST_STRUCT 65536u /* a size beyond this is not a newer header but garbage */

static uint32_t size_of(const void *object)
{
  uint32_t size;
  memcpy(&size, object, sizeof size);
  return size;
}

static int plausible(size_t size, size_t first)
{
  return size >= first && size <= LARGEST_STRUCT && size % 8 == 0;
}

int siuop_abi_init(void *object, size_t size, const void *defaults, size_t defaults_size, size_t first)
{
  if (object == NULL)
    return SIUO_EINVAL;
  if (!plausible(size, first))
    return SIUO_EABI;
  memset(object, 0, size);
  memcpy(object, defaults, size < defaults_size ? size : defaults_size);
  uint32_t own = (uint32_t)size;
  memcpy(object, &own, sizeof own);
  return SIUO_OK;
}

int siuop_abi_import(void *to, size_t known, const void *from, size_t first)
{
  size_t size = size_of(from);
  if (!plausible(size, first))
    return SIUO_EABI;
  const unsigned char *bytes = from;
  for (size_t i = known; i < size; i++)
    if (bytes[i] != 0)
      return SIUO_EABI;
  memcpy(to, from, size < known ? size : known);
  uint32_t own = (uint32_t)known;
  memcpy(to, &own, sizeof own);
  return SIUO_OK;
}

int siuop_abi_export(void *to, const void *from, size_t known, size_t first)
{
  uint32_t size = size_of(to);
  if (!plausible(size, first))
    return SIUO_EABI;
  memset(to, 0, size);
  memcpy(to, from, size < known ? size : known);
  memcpy(to, &size, sizeof size);
  return SIUO_OK;
}
