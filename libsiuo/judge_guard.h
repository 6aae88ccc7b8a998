/* judge_guard.h: categories of harm, as guard models list them beside an unsafe verdict. Allocates nothing. */
#ifndef SIUOP_JUDGE_GUARD_H
#define SIUOP_JUDGE_GUARD_H

#include <stddef.h>

/* Whether bytes from…to are nothing but categories of harm, at least one, as guard models list them behind a first
 * line "unsafe": codes ("S1,S2", "O3") with or without names ("S2: Non-Violent Crimes"), on one line or several, in
 * brackets, bold, as a list. Prose is none. Linear. */
int siuop_is_category_list(const char *text, size_t from, size_t to);

/* A walk over the categories in a part of a reply. */
struct siuop_categories {
  const char *text;
  size_t at, to;
};

/* One category: its code, without a name. */
struct siuop_category {
  const char *s; /* within the reply */
  size_t len;
};

/* The categories of bytes from…to: a list as above, else none. */
void siuop_categories_of_list(struct siuop_categories *c, const char *text, size_t from, size_t to);

/* The next one: 1, or 0 if there is none left. A category may come twice. */
int siuop_categories_next(struct siuop_categories *c, struct siuop_category *out);

#endif
