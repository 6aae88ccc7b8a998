/* records_kind.h: what a file is that is no JSON. */
#ifndef SIUOP_RECORDS_KIND_H
#define SIUOP_RECORDS_KIND_H

#include <stddef.h>

/* What the first bytes of a file show it to be, and what to do, as the end of "this is …"; NULL: nothing known. */
const char *siuop_kind_of_bytes(const char *bytes, size_t len);

/* The same of a text that is no JSON. */
const char *siuop_kind_of_text(const char *bytes, size_t len);

#endif
