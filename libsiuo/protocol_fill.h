/* protocol_fill.h: what the makers of protocols share. */
#ifndef SIUOP_PROTOCOL_FILL_H
#define SIUOP_PROTOCOL_FILL_H

#include "protocol.h"

#define SIUOP_PROTOCOL_DEFAULT  "libsiuo-1"
#define SIUOP_PROTOCOL_GUARD    "libsiuo-guard-1"
#define SIUOP_PROTOCOL_RELEASED "siuo-released"
#define SIUOP_PROTOCOL_EDITED   "siuo-edited"

/* What siuo_protocol_add_reasoning() makes of a name. */
#define SIUOP_PROTOCOL_MORE_TAGS " + reasoning tags"

/* An empty protocol. SIUO_ENOMEM. */
int siuop_protocol_new(siuo_protocol **out, siuo_ctx *ctx);

/* Fills in the default protocol; its texts are static. */
void siuop_protocol_fill_default(siuo_protocol *p);

/* Computes p->sha256, when everything else is there. */
void siuop_protocol_sum(siuo_protocol *p);

/* ---- placeholders (prompt.c) ---- */

#define SIUOP_PLACEHOLDERS 5 /* question, explanation, response, reference, option */

/* The placeholder that begins at s: its number, and its bytes in *used; -1: none. */
int siuop_placeholder_at(const char *s, size_t len, size_t *used);

/* Its name without braces. */
const char *siuop_placeholder_name(int number);

/* Whether a prompt of that kind may hold it; whether it must. */
int siuop_placeholder_is_known(int kind, int number);
int siuop_placeholder_is_needed(int kind, int number);

#endif
