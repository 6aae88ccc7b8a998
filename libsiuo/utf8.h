/* utf8.h: code points: decoding, validity, classes, normal form. Allocates nothing. */
#ifndef SIUOP_UTF8_H
#define SIUOP_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define SIUOP_REPLACEMENT 0xFFFD

/* The code point at s (len > 0) and, in *used, its bytes. A byte that begins no valid sequence gives
 * SIUOP_REPLACEMENT and 1; *valid, if not NULL, is set to 0 then and left alone otherwise. */
int32_t siuop_utf8_decode(const char *s, size_t len, size_t *used, int *valid);

/* Writes a code point; returns its bytes, 1 to 4. */
size_t siuop_utf8_encode(int32_t c, char out[4]);

/* 1 if all of it is UTF-8 (no surrogates, nothing overlong or beyond U+10FFFF). *bad, if not NULL, gets the
 * offset of the first bad byte. NUL is valid. */
int siuop_utf8_valid(const char *s, size_t len, size_t *bad);

/* Number of code points of a text; bad bytes count as one each. */
size_t siuop_utf8_length(const char *s, size_t len);

/* Number of terminal columns: wide characters two, combining and control ones none. */
size_t siuop_utf8_columns(const char *s, size_t len);

/* Copies a text into out (out_size > 0, always terminated), control characters (C0, DEL, C1), line separators,
 * bidirectional controls and bad bytes as \xNN; cuts at a character. Returns the bytes written without the NUL. */
size_t siuop_utf8_escape(char *out, size_t out_size, const char *s, size_t len);

/* Classes. A word character is a letter or number of any script or '_': Python's \w (no combining marks). Space is
 * Unicode's White_Space. Python's space adds U+001C–U+001F. */
int siuop_is_word(int32_t c);
int siuop_is_space(int32_t c);
int siuop_is_python_space(int32_t c);
int siuop_is_letter(int32_t c);
int siuop_is_mark(int32_t c);      /* combining: what goes on the character before */
int siuop_is_emoji(int32_t c);     /* a pictograph, or what joins and colours them */
int siuop_is_invisible(int32_t c); /* default-ignorable: zero-width, bidirectional controls, BOM */

/* The full case folding of a code point (Unicode Standard, 3.13, D144): the number of code points, at most 3. */
int siuop_utf8_casefold(int32_t c, int32_t out[3]);

/* ASCII without a locale. */
static inline int siuop_ascii_lower(int32_t c)
{
  return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static inline int siuop_ascii_is_digit(int32_t c)
{
  return c >= '0' && c <= '9';
}

/* Whether two texts are the same but for the case of ASCII letters. */
int siuop_ascii_is(const char *a, const char *b);

int siuop_ascii_hex_value(int32_t c); /* of a hexadecimal digit; -1: it is none */

/* Whether a code point can begin a part of a text that is normalised by itself: nothing before it combines with
 * it (Unicode Standard Annex 15, 9.1). */
int siuop_utf8_starts_segment(int32_t c);

/* The NFKC form of a valid UTF-8 text of a few code points: their number, or -1 if `capacity` is too small. A
 * single code point gives at most SIUOP_NFKC_MAX. */
#define SIUOP_NFKC_MAX 18
int siuop_utf8_nfkc(const char *s, size_t len, int32_t *out, size_t capacity);

/* Without leading and trailing Unicode white space. */
void siuop_trim(const char **s, size_t *len);

#endif
