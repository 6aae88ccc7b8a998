/* batch_mistake.h: files that are taken for a batch's results and are something else. */
#ifndef SIUOP_BATCH_MISTAKE_H
#define SIUOP_BATCH_MISTAKE_H

#include "ctx.h"

/* Says what the file at path is, and what to do, as far as its head shows it; "": nothing that is known, or it can't be
 * read again ("-"). SIUO_OK, SIUO_ENOMEM. */
int siuop_batch_mistake(siuo_ctx *ctx, const char *path, char *words, size_t size);

#endif
