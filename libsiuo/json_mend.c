/* json_mend.c: JSON as scripts write it that is none. Python's json module writes NaN for a cell that was empty, and
 * \ud83d where a text was cut inside a character; one such reply must not cost the others. */
#include "json_mend.h"

#include "utf8.h"

#include <string.h>

/* A text being mended. */
struct mending {
  siuo_buf *out;
  const char *s;
  size_t len, at;
  size_t kept; /* bytes that out has of it */
  int in_string;
  uint64_t line;
  struct siuop_mended *mended;
};

/* Puts other bytes in the place of the next `used`. */
static void put(struct mending *m, int kind, size_t used, const char *bytes)
{
  siuop_buf_add(m->out, m->s + m->kept, m->at - m->kept);
  siuop_buf_add_text(m->out, bytes);
  m->at += used;
  m->kept = m->at;
  if (m->mended->count[kind]++ == 0)
    m->mended->line[kind] = m->line;
}

static int stands_at(const struct mending *m, size_t at, const char *word)
{
  size_t n = strlen(word);
  return m->len - at >= n && memcmp(m->s + at, word, n) == 0;
}

/* Outside of strings. */
static void pass_token(struct mending *m)
{
  static const char *const words[] = {"NaN", "Infinity", "-Infinity"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (stands_at(m, m->at, words[i])) {
      put(m, SIUOP_MEND_NAN, strlen(words[i]), "null");
      return;
    }
  m->in_string = m->s[m->at] == '"';
  m->at++;
}

/* The code unit of the \uXXXX that stands at `at`; -1: there is none. */
static int32_t code_unit_at(const struct mending *m, size_t at)
{
  int32_t unit = 0;
  if (m->len < 6 || at > m->len - 6 || m->s[at] != '\\' || m->s[at + 1] != 'u')
    return -1;
  for (size_t i = at + 2; i < at + 6; i++) {
    int value = siuop_ascii_hex_value((unsigned char)m->s[i]);
    if (value < 0)
      return -1;
    unit = 16 * unit + value;
  }
  return unit;
}

static int is_low(int32_t unit)
{
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

static void pass_escape(struct mending *m)
{
  int32_t unit = code_unit_at(m, m->at);
  if (unit == 0) {
    put(m, SIUOP_MEND_NUL, 6, "\\ufffd");
  } else if (unit >= 0xD800 && unit <= 0xDBFF && is_low(code_unit_at(m, m->at + 6))) {
    m->at += 12;
  } else if (unit >= 0xD800 && unit <= 0xDFFF) {
    put(m, SIUOP_MEND_SURROGATE, 6, "\\ufffd");
  } else {
    m->at += m->len - m->at < 2 ? 1 : 2;
  }
}

/* The three bytes of a surrogate, as some encoders write it. */
static int is_encoded_surrogate(const struct mending *m)
{
  const unsigned char *s = (const unsigned char *)m->s + m->at;
  return m->len - m->at >= 3 && s[0] == 0xED && s[1] >= 0xA0 && s[1] <= 0xBF && s[2] >= 0x80 && s[2] <= 0xBF;
}

/* Passes over what stands for itself, which is nearly all of a text. */
static void pass_plain(struct mending *m)
{
  size_t at = m->at;
  for (; at < m->len; at++) {
    unsigned char c = (unsigned char)m->s[at];
    if (c == '"' || c == '\\' || c == 0xED || c < 0x20)
      break;
  }
  m->at = at;
}

static void pass_character(struct mending *m)
{
  if (m->s[m->at] == '\\') {
    pass_escape(m);
  } else if (m->s[m->at] == '\0') {
    put(m, SIUOP_MEND_NUL, 1, "\\ufffd");
  } else if (is_encoded_surrogate(m)) {
    put(m, SIUOP_MEND_SURROGATE, 3, "\\ufffd");
  } else {
    m->in_string = m->s[m->at] != '"';
    m->at++;
  }
  if (m->in_string)
    pass_plain(m);
}

int siuop_json_mend(siuo_buf *out, const char *bytes, size_t len, uint64_t first_line, struct siuop_mended *mended)
{
  struct mending m = {out, bytes, len, 0, 0, 0, first_line, mended};
  while (m.at < len) {
    m.line += bytes[m.at] == '\n';
    if (m.in_string)
      pass_character(&m);
    else
      pass_token(&m);
  }
  return m.kept == 0 ? SIUO_OK : siuop_buf_add(out, bytes + m.kept, len - m.kept);
}

void siuop_json_tell_mended(siuo_ctx *ctx, const char *name, const struct siuop_mended *mended)
{
  static const char *const words[SIUOP_MEND_KINDS] = {
      "NaN or Infinity, which JSON does not have: read as null; a response of that kind has failed",
      "half of a character (a lone surrogate): read as U+FFFD", "NUL in a text: read as U+FFFD"};
  for (int kind = 0; kind < SIUOP_MEND_KINDS; kind++) {
    unsigned long long more = (unsigned long long)mended->count[kind] - 1;
    if (mended->count[kind] == 1)
      siuop_log(ctx, SIUO_LOG_NOTE, "%s:%llu: %s", name, (unsigned long long)mended->line[kind], words[kind]);
    else if (mended->count[kind] > 1)
      siuop_log(ctx, SIUO_LOG_NOTE, "%s:%llu: %s; so are %llu more", name, (unsigned long long)mended->line[kind],
                words[kind], more);
  }
}
