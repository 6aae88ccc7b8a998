/* judge_guard.h: categories of harm, as guard models list them beside an unsafe verdict. Allocates nothing. */
#ifndef SIUOP_JUDGE_GUARD_H
#define SIUOP_JUDGE_GUARD_H

#include "dataset.h"

/* Whether bytes from…to are nothing but categories of harm, at least one, as guard models list them behind a first
 * line "unsafe": codes ("S1,S2", "O3") with or without names ("S2: Non-Violent Crimes"), on one line or several, in
 * brackets, bold, as a list. Prose is none. Linear. */
int siuop_is_category_list(const char *text, size_t from, size_t to);

/* Whether anything in the text may be a code of a category: a quick look, that most replies don't pass. */
int siuop_may_hold_category(const char *text, size_t len);

/* A walk over the categories that a reply lists. */
struct siuop_categories {
  const char *text;
  size_t at, to;
  int named; /* behind a key: names may stand without codes */
  int taken; /* so many were given; more than SIUOP_MOST_CATEGORIES are nobody's */
};
#define SIUOP_MOST_CATEGORIES 32

/* One category, within the reply: its code or, behind a key, where it has none, its name. */
struct siuop_category {
  const char *s;
  size_t len;
};

/* The categories of bytes from…to: a list as above, else none. */
void siuop_categories_of_list(struct siuop_categories *c, const char *text, size_t from, size_t to);

/* Those of a reply that is read from `from` on and was found unsafe by a label that ends at `label_end`: the list
 * behind the label or, if there is none, what stands behind the first of the keys: "Categories: Violent, PII",
 * "category": "O2: Violence, Harm, or Cruelty", "categories": ["S1", "S2"]. In keys ASCII letters stand for either
 * case, and a blank for white space, "_" or "-". */
void siuop_categories_of_reply(struct siuop_categories *c, const struct siuop_field *keys, size_t key_count,
                               const char *text, size_t from, size_t label_end, size_t len);

/* The next one: 1, or 0 if there is none left. A category may come twice. */
int siuop_categories_next(struct siuop_categories *c, struct siuop_category *out);

#endif
