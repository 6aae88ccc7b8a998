/* utf8.c: code points. The only file that knows utf8proc. */
#include "utf8.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

/* ---- decoding ---- */

int32_t siuop_utf8_decode(const char *s, size_t len, size_t *used, int *valid)
{
  unsigned char first = (unsigned char)s[0];
  if (first < 0x80) {
    *used = 1;
    return first;
  }
  utf8proc_int32_t c = -1;
  utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s, len > 4 ? 4 : (utf8proc_ssize_t)len, &c);
  if (n > 0) {
    *used = (size_t)n;
    return c;
  }
  *used = 1;
  if (valid != NULL)
    *valid = 0;
  return SIUOP_REPLACEMENT;
}

size_t siuop_utf8_encode(int32_t c, char out[4])
{
  return (size_t)utf8proc_encode_char(c, (utf8proc_uint8_t *)out);
}

int siuop_utf8_valid(const char *s, size_t len, size_t *bad)
{
  size_t used = 0;
  for (size_t i = 0; i < len; i += used) {
    int valid = 1;
    siuop_utf8_decode(s + i, len - i, &used, &valid);
    if (!valid) {
      if (bad != NULL)
        *bad = i;
      return 0;
    }
  }
  return 1;
}

size_t siuop_utf8_length(const char *s, size_t len)
{
  size_t count = 0;
  size_t used = 0;
  for (size_t i = 0; i < len; i += used, count++)
    siuop_utf8_decode(s + i, len - i, &used, NULL);
  return count;
}

size_t siuop_utf8_columns(const char *s, size_t len)
{
  size_t columns = 0;
  size_t used = 0;
  for (size_t i = 0; i < len; i += used)
    columns += (size_t)utf8proc_charwidth(siuop_utf8_decode(s + i, len - i, &used, NULL));
  return columns;
}

/* ---- classes ---- */

static utf8proc_category_t category(int32_t c)
{
  return c < 0 ? UTF8PROC_CATEGORY_CN : utf8proc_category(c);
}

int siuop_is_letter(int32_t c)
{
  if (c < 0x80)
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  utf8proc_category_t k = category(c);
  return k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO;
}

int siuop_is_mark(int32_t c)
{
  if (c < 0x300)
    return 0;
  utf8proc_category_t k = category(c);
  return k >= UTF8PROC_CATEGORY_MN && k <= UTF8PROC_CATEGORY_ME;
}

int siuop_is_word(int32_t c)
{
  if (c < 0x80)
    return siuop_is_letter(c) || siuop_ascii_is_digit(c) || c == '_';
  utf8proc_category_t k = category(c);
  return siuop_is_letter(c) || (k >= UTF8PROC_CATEGORY_ND && k <= UTF8PROC_CATEGORY_NO);
}

int siuop_is_space(int32_t c)
{
  if (c <= 0x20)
    return c == 0x20 || (c >= 0x09 && c <= 0x0D);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

int siuop_is_python_space(int32_t c)
{
  return siuop_is_space(c) || (c >= 0x1C && c <= 0x1F);
}

int siuop_is_emoji(int32_t c)
{
  if (c < 0x80)
    return 0;
  return c == 0x200D || c == 0xFE0F || (c >= 0x1F3FB && c <= 0x1F3FF) ||
         (utf8proc_get_property(c)->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC &&
          category(c) == UTF8PROC_CATEGORY_SO);
}

int siuop_is_invisible(int32_t c)
{
  return c >= 0x80 && (utf8proc_get_property(c)->ignorable != 0 || category(c) == UTF8PROC_CATEGORY_CF);
}

static int is_unsafe_on_a_terminal(int32_t c)
{
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C;
}

int siuop_utf8_casefold(int32_t c, int32_t out[3])
{
  int boundary = 0;
  out[0] = siuop_ascii_lower(c);
  if (c < 0x80)
    return 1;
  utf8proc_ssize_t count = utf8proc_decompose_char(c, out, 3, UTF8PROC_CASEFOLD, &boundary);
  if (count >= 1 && count <= 3)
    return (int)count;
  out[0] = c;
  return 1;
}

int siuop_ascii_is(const char *a, const char *b)
{
  while (*a != '\0' && siuop_ascii_lower((unsigned char)*a) == siuop_ascii_lower((unsigned char)*b)) {
    a++;
    b++;
  }
  return *a == *b;
}

int siuop_ascii_hex_value(int32_t c)
{
  if (siuop_ascii_is_digit(c))
    return c - '0';
  c = siuop_ascii_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* ---- whole texts ---- */

size_t siuop_utf8_escape(char *out, size_t out_size, const char *s, size_t len)
{
  size_t n = 0;
  size_t used = 0;
  for (size_t i = 0; i < len; i += used) {
    int valid = 1;
    int32_t c = siuop_utf8_decode(s + i, len - i, &used, &valid);
    int plain = valid && !is_unsafe_on_a_terminal(c);
    if (n + (plain ? used : 4 * used) >= out_size)
      break;
    for (size_t k = 0; k < used && !plain; k++)
      n += (size_t)snprintf(out + n, out_size - n, "\\x%02X", (unsigned)(unsigned char)s[i + k]);
    if (plain) {
      memcpy(out + n, s + i, used);
      n += used;
    }
  }
  out[n] = '\0';
  return n;
}

void siuop_trim(const char **s, size_t *len)
{
  size_t used = 0;
  while (*len > 0 && siuop_is_space(siuop_utf8_decode(*s, *len, &used, NULL))) {
    *s += used;
    *len -= used;
  }
  while (*len > 0) {
    size_t last = *len - 1;
    while (last > 0 && *len - last < 4 && ((unsigned char)(*s)[last] & 0xC0u) == 0x80u)
      last--;
    int32_t c = siuop_utf8_decode(*s + last, *len - last, &used, NULL);
    if (last + used != *len || !siuop_is_space(c))
      break;
    *len = last;
  }
}

/* ---- normal form ---- */

/* Starters that compose with what stands before them (NFC_Quick_Check=Maybe, combining class 0). */
static int composes_backwards(int32_t c)
{
  static const int32_t ranges[][2] = {
      {0x09BE, 0x09BE},   {0x09D7, 0x09D7},   {0x0B3E, 0x0B3E},   {0x0B56, 0x0B57},   {0x0BBE, 0x0BBE},
      {0x0BD7, 0x0BD7},   {0x0CC2, 0x0CC2},   {0x0CD5, 0x0CD6},   {0x0D3E, 0x0D3E},   {0x0D57, 0x0D57},
      {0x0DCF, 0x0DCF},   {0x0DDF, 0x0DDF},   {0x102E, 0x102E},   {0x1161, 0x1175},   {0x11A8, 0x11C2},
      {0x1B35, 0x1B35},   {0x11127, 0x11127}, {0x1133E, 0x1133E}, {0x11357, 0x11357}, {0x114B0, 0x114B0},
      {0x114BA, 0x114BA}, {0x114BD, 0x114BD}, {0x115AF, 0x115AF}, {0x11930, 0x11930},
  };
  for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
    if (c >= ranges[i][0] && c <= ranges[i][1])
      return 1;
  return 0;
}

int siuop_utf8_starts_segment(int32_t c)
{
  if (c < 0x300)
    return 1;
  utf8proc_int32_t parts[SIUOP_NFKC_MAX];
  int boundclass = UTF8PROC_BOUNDCLASS_START;
  utf8proc_ssize_t n = utf8proc_decompose_char(c, parts, SIUOP_NFKC_MAX,
                                               UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE, &boundclass);
  int32_t first = n > 0 ? parts[0] : c;
  return utf8proc_get_property(first)->combining_class == 0 && !composes_backwards(first);
}

int siuop_utf8_nfkc(const char *s, size_t len, int32_t *out, size_t capacity)
{
  utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPAT;
  utf8proc_ssize_t n = utf8proc_decompose((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)len, out,
                                          (utf8proc_ssize_t)capacity, options | UTF8PROC_COMPOSE);
  if (n < 0 || (size_t)n > capacity)
    return -1;
  return (int)utf8proc_normalize_utf32(out, n, options | UTF8PROC_COMPOSE);
}
