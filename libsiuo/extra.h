/* extra.h: members of the host's own in a request body. */
#ifndef SIUOP_EXTRA_H
#define SIUOP_EXTRA_H

#include "wire.h"

/* Whether the extra (an object's text, see session.h) leaves the question alone in bodies for this target: SIUO_OK,
 * SIUO_EINVAL with words, SIUO_ENOMEM. */
int siuop_extra_check(siuo_ctx *ctx, const siuo_target *t, const struct siuop_ask *ask, const char *extra);

/* Merges the extra into a body of which nothing was read yet. SIUO_EINVAL (the picture's place is gone), SIUO_ENOMEM.
 */
int siuop_extra_add(siuo_body *body, siuo_ctx *ctx, const char *extra);

#endif
