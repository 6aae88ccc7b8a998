/* judge_fence.h: lines that open or close a fenced block. */
#ifndef SIUOP_JUDGE_FENCE_H
#define SIUOP_JUDGE_FENCE_H

#include <stddef.h>

/* An open fenced block: sign is '`' or '~', or 0 outside of one. */
struct siuop_fence {
  char sign;
  size_t length;
};

/* Where the line that holds byte `at` ends: at its "\n", or at `to`. */
size_t siuop_line_end(const char *text, size_t at, size_t to);

/* Takes in the line of bytes line…end: a fence opens, or the open one closes. Returns 1 if it did either. */
int siuop_fence_line(struct siuop_fence *fence, const char *text, size_t line, size_t end);

#endif
