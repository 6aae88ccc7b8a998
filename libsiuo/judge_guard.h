/* judge_guard.h: the categories of harm that a guard model names behind its label. */
#ifndef SIUOP_JUDGE_GUARD_H
#define SIUOP_JUDGE_GUARD_H

#include <stddef.h>

/* Whether bytes from…to are nothing but categories: codes such as "S1, S2", one or several a line. */
int siuop_is_category_list(const char *text, size_t from, size_t to);

#endif
