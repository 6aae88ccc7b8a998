/* benchmark.h: what is fixed about SIUO itself: its nine domains, their ids and numbers of items. */
#ifndef SIUOP_BENCHMARK_H
#define SIUOP_BENCHMARK_H

#include <stddef.h>
#include <stdint.h>

#define SIUOP_DOMAIN_COUNT    9
#define SIUOP_BENCHMARK_ITEMS 167

struct siuop_domain {
  const char *category; /* as the data spells it */
  uint32_t first_id;    /* the ids run from here without a gap */
  uint32_t items;
};

/* The nine, in report order. */
const struct siuop_domain *siuop_domains(void);

/* The number of a category, 0 to 8, or -1 if it is none of the nine. */
int siuop_domain_of(const char *category, size_t len);

/* 1 if the id is the decimal number of one of SIUO's 167 items. */
int siuop_is_benchmark_id(const char *id, size_t len);

/* Report order of categories: the nine domains in their order, then the others bytewise. <0, 0, >0. */
int siuop_category_compare(const char *a, size_t a_len, const char *b, size_t b_len);

/* Order of ids: decimal numbers without leading zeros by value and first, then the others bytewise. */
int siuop_id_compare(const char *a, size_t a_len, const char *b, size_t b_len);

#endif
