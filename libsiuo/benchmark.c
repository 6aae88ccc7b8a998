/* benchmark.c: SIUO's nine domains. Source: the benchmark's data files, version of 2025-02-01. */
#include "benchmark.h"

#include <string.h>

const struct siuop_domain *siuop_domains(void)
{
  static const struct siuop_domain domains[SIUOP_DOMAIN_COUNT] = {
      {"self-harm", 1001, 19},
      {"dangerous behavior", 2001, 18},
      {"morality", 3001, 20},
      {"illegal activities & crime", 4001, 18},
      {"controversial topics, politics", 5001, 16},
      {"discrimination & stereotyping", 6001, 18},
      {"religion beliefs", 7001, 20},
      {"information misinterpretation", 8001, 17},
      {"privacy violation", 9001, 21},
  };
  return domains;
}

static int equal(const char *text, const char *bytes, size_t len)
{
  return strlen(text) == len && memcmp(text, bytes, len) == 0;
}

int siuop_domain_of(const char *category, size_t len)
{
  for (int i = 0; i < SIUOP_DOMAIN_COUNT; i++)
    if (equal(siuop_domains()[i].category, category, len))
      return i;
  return -1;
}

static int is_plain_number(const char *id, size_t len)
{
  if (len == 0 || (len > 1 && id[0] == '0'))
    return 0;
  for (size_t i = 0; i < len; i++)
    if (id[i] < '0' || id[i] > '9')
      return 0;
  return 1;
}

int siuop_is_benchmark_id(const char *id, size_t len)
{
  if (len != 4 || !is_plain_number(id, len))
    return 0;
  uint32_t value = 0;
  for (size_t i = 0; i < len; i++)
    value = value * 10 + (uint32_t)(id[i] - '0');
  for (int i = 0; i < SIUOP_DOMAIN_COUNT; i++) {
    const struct siuop_domain *d = &siuop_domains()[i];
    if (value >= d->first_id && value < d->first_id + d->items)
      return 1;
  }
  return 0;
}

static int bytewise(const char *a, size_t a_len, const char *b, size_t b_len)
{
  size_t shorter = a_len < b_len ? a_len : b_len;
  int order = shorter == 0 ? 0 : memcmp(a, b, shorter);
  return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

int siuop_category_compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
  int x = siuop_domain_of(a, a_len);
  int y = siuop_domain_of(b, b_len);
  if (x >= 0 && y >= 0)
    return x - y;
  if (x >= 0 || y >= 0)
    return x >= 0 ? -1 : 1;
  return bytewise(a, a_len, b, b_len);
}

int siuop_id_compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
  int x = is_plain_number(a, a_len);
  int y = is_plain_number(b, b_len);
  if (x != y)
    return x ? -1 : 1;
  if (x && a_len != b_len)
    return a_len < b_len ? -1 : 1;
  return bytewise(a, a_len, b, b_len);
}
