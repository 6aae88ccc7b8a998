/* python_literal.h: one-line string literals of Python source. */
#ifndef SIUOP_PYTHON_LITERAL_H
#define SIUOP_PYTHON_LITERAL_H

#include "ctx.h"

#include <siuo/buf.h>

/* Decodes the literal that begins at s and ends with the line, but for white space and a comment: both quotes, the
 * prefixes u and r, every escape but \N{…} (Python Language Reference, 2.4.1). NULL, or what is wrong with it (static);
 * out may hold a part then. */
const char *siuop_python_literal(const char *s, size_t len, siuo_buf *out);

#endif
