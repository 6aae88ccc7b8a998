/* lint.h: how notes on a data set are taken. */
#ifndef SIUOP_LINT_H
#define SIUOP_LINT_H

#include "arena.h"
#include "index.h"

#include <siuo/lint.h>

struct siuo_lint {
  siuo_ctx *ctx;
  struct siuop_arena arena;
  struct siuop_index pictures; /* items by task and picture */
  siuo_lint_note *notes;
  size_t count, capacity;
  int status; /* the first failure sticks */
};

/* Takes a note on an item (NULL: on the whole) and one of its fields (NULL: none). */
int siuop_lint_add(siuo_lint *lint, int code, const siuo_item *item, const char *field, const char *format, ...)
    SIUOP_PRINTF(5, 6);

/* Notes on an item's texts (lint_text.c); without_question: on the others only. */
void siuop_lint_texts(siuo_lint *lint, const siuo_item *item, int without_question);

#endif
