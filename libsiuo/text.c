/* text.c: reads a text one normalised code point after another. */
#include "text.h"

#include "utf8.h"

#include <string.h>

static int is_ascii(const char *s, size_t len)
{
  uint64_t seen = 0;
  size_t i = 0;
  for (; i + 8 <= len; i += 8) {
    uint64_t word;
    memcpy(&word, s + i, sizeof word);
    seen |= word;
  }
  for (; i < len; i++)
    seen |= (unsigned char)s[i];
  return (seen & UINT64_C(0x8080808080808080)) == 0;
}

/* The end of the segment that begins at t->next: as many code points as are normalised together. */
static size_t segment_end(const siuop_text *t, int *valid)
{
  size_t used = 0;
  siuop_utf8_decode(t->s + t->next, t->len - t->next, &used, valid);
  size_t end = t->next + used;
  int marks = 0;
  /* the first code point gives at most SIUOP_NFKC_MAX, each mark at most four */
  while (*valid && end < t->len && marks < (SIUOP_SEGMENT - SIUOP_NFKC_MAX) / 4) {
    int next_valid = 1;
    int32_t c = siuop_utf8_decode(t->s + end, t->len - end, &used, &next_valid);
    if (!next_valid || siuop_utf8_starts_segment(c))
      break;
    end += used;
    marks++;
  }
  return end;
}

static void load_segment(siuop_text *t)
{
  int valid = 1;
  size_t end = segment_end(t, &valid);
  int count = valid ? siuop_utf8_nfkc(t->s + t->next, end - t->next, t->segment, SIUOP_SEGMENT) : -1;
  if (count <= 0) {
    t->segment[0] = SIUOP_REPLACEMENT;
    count = 1;
  }
  t->begin = t->next;
  t->end = t->next = end;
  t->count = (unsigned short)count;
  t->at = 0;
  t->current = t->segment[0];
}

void siuop_text_decode_next(siuop_text *t)
{
  t->before_previous = t->previous;
  t->previous = t->current;
  if (t->at + 1 < t->count) {
    t->current = t->segment[++t->at];
    return;
  }
  t->count = 0;
  t->begin = t->next;
  if (t->next >= t->len) {
    t->end = t->len;
    t->current = SIUOP_TEXT_END;
    return;
  }
  unsigned char c = (unsigned char)t->s[t->next];
  if (c < 0x80 && (!t->normalise || t->next + 1 == t->len || (unsigned char)t->s[t->next + 1] < 0x80)) {
    t->end = ++t->next;
    t->current = c;
  } else if (t->normalise) {
    load_segment(t);
  } else {
    size_t used = 0;
    t->current = siuop_utf8_decode(t->s + t->next, t->len - t->next, &used, NULL);
    t->end = t->next += used;
  }
}

void siuop_text_init_range(siuop_text *t, const char *s, size_t from, size_t to, int normalise)
{
  t->s = s;
  t->len = to;
  t->next = t->begin = t->end = from;
  t->normalise = normalise != 0;
  t->ascii = (unsigned char)is_ascii(s + from, to - from);
  t->count = t->at = 0;
  t->current = SIUOP_TEXT_END;
  t->previous = SIUOP_TEXT_END;
  siuop_text_next(t);
}

void siuop_text_init(siuop_text *t, const char *s, size_t len, int normalise)
{
  siuop_text_init_range(t, s, 0, len, normalise);
}

void siuop_text_skip_space(siuop_text *t)
{
  while (t->current != SIUOP_TEXT_END && siuop_is_python_space(t->current))
    siuop_text_next(t);
}

/* Moves a reader of an ASCII text to byte `to`. */
static void jump_to(siuop_text *t, size_t to)
{
  t->before_previous = to > 1 ? (unsigned char)t->s[to - 2] : SIUOP_TEXT_END;
  t->previous = to > 0 ? (unsigned char)t->s[to - 1] : SIUOP_TEXT_END;
  t->begin = to;
  t->end = t->next = to < t->len ? to + 1 : t->len;
  t->current = to < t->len ? (unsigned char)t->s[to] : SIUOP_TEXT_END;
}

/* siuop_text_take() in a text that is all ASCII: no decoding, no copy. */
static int take_bytes(siuop_text *t, const char *ascii, int any_case)
{
  size_t at = t->begin;
  for (; *ascii != '\0'; ascii++, at++) {
    if (at >= t->len)
      return 0;
    int32_t c = (unsigned char)t->s[at];
    if ((any_case ? siuop_ascii_lower(c) : c) != (unsigned char)*ascii)
      return 0;
  }
  jump_to(t, at);
  return 1;
}

int siuop_text_take(siuop_text *t, const char *ascii, int any_case)
{
  if ((any_case ? siuop_ascii_lower(t->current) : t->current) != (unsigned char)*ascii)
    return 0; /* most calls end here */
  if (t->ascii)
    return take_bytes(t, ascii, any_case);
  siuop_text ahead = *t;
  for (; *ascii != '\0'; ascii++) {
    int32_t c = any_case ? siuop_ascii_lower(ahead.current) : ahead.current;
    if (c != (unsigned char)*ascii)
      return 0;
    siuop_text_next(&ahead);
  }
  *t = ahead;
  return 1;
}

int siuop_text_seek(siuop_text *t, const char *set, int others)
{
  uint64_t wanted[2] = {0, 0};
  for (; *set != '\0'; set++)
    wanted[(unsigned char)*set >> 6] |= UINT64_C(1) << ((unsigned char)*set & 63);
  if (t->ascii && t->current != SIUOP_TEXT_END) {
    size_t at = t->begin;
    while (at < t->len && (wanted[(unsigned char)t->s[at] >> 6] >> (t->s[at] & 63) & 1) == 0)
      at++;
    if (at != t->begin)
      jump_to(t, at);
    return t->current != SIUOP_TEXT_END;
  }
  while (t->current != SIUOP_TEXT_END) {
    if (t->current < 0x80 ? (wanted[t->current >> 6] >> (t->current & 63) & 1) != 0 : others)
      return 1;
    siuop_text_next(t);
  }
  return 0;
}
