/* report_text.h: what the text reports share. */
#ifndef SIUOP_REPORT_TEXT_H
#define SIUOP_REPORT_TEXT_H

#include "report.h"

#define SIUOP_CELL_SIZE 64

/* "53.29", or "-" for NaN. */
void siuop_cell_number(char cell[SIUOP_CELL_SIZE], double value);

/* Appends a text from outside, safe on terminals; returns its columns. */
size_t siuop_text_safe(siuo_buf *out, const char *text);

/* The same, then spaces up to `width` columns, at least one. */
void siuop_text_label(siuo_buf *out, const char *text, size_t width);

#endif
