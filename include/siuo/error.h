/* error.h: the status codes that every fallible function returns, and their texts. */
#ifndef SIUO_ERROR_H
#define SIUO_ERROR_H

#include <siuo/api.h>

SIUO_BEGIN_DECLS

/* 0 and above are not errors; -1 is never an error code (it means "no verdict" where votes are returned). */
#define SIUO_OK    0
#define SIUO_DONE  1 /* nothing (more) to hand out */
#define SIUO_WAIT  2 /* nothing to hand out until an answer arrives */
#define SIUO_RETRY 3 /* send again later */

#define SIUO_EINVAL       (-2)  /* an argument makes no sense */
#define SIUO_ENOMEM       (-3)  /* the allocator said no */
#define SIUO_EIO          (-4)  /* the operating system said no */
#define SIUO_EFORMAT      (-5)  /* the input is not what it should be */
#define SIUO_ELIMIT       (-6)  /* the input is larger than a limit of the context */
#define SIUO_ENOTFOUND    (-7)  /* no such file, item, category, name */
#define SIUO_EUNSUPPORTED (-8)  /* this build or platform can't */
#define SIUO_EABI         (-9)  /* a struct's size or its unknown tail does not fit this library */
#define SIUO_ESTATE       (-10) /* not now: the object is in another state */
#define SIUO_ECANCELED    (-11) /* the host asked to stop */

/* The text of a status, in English, one short phrase without a full stop. Always returns text, also for
 * unknown codes. Borrowed, static.
 * @since 0.1.0 */
SIUO_API const char *siuo_strerror(int status);

SIUO_END_DECLS

#endif
