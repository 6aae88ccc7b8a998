/* judge_reasoning.c: takes the reasoning out of a text: blocks between tags, and channels. docs/reading.md. */
#include "judge.h"

#include "judge_fence.h"
#include "judge_quote.h"
#include "utf8.h"

#include <string.h>

/* ---- tags ---- */

/* A static text as a field. */
#define FIELD(text)                                                                                                    \
  {                                                                                                                    \
    text, sizeof(text) - 1                                                                                             \
  }
#define TAGS(open, close)                                                                                              \
  {                                                                                                                    \
    FIELD(open), FIELD(close)                                                                                          \
  }

/* Each row is a family: nothing but its own closing tag ends a block. ASCII letters stand for either case. */
static const struct siuop_reasoning_tag known_tags[] = {
    TAGS("<think>", "</think>"),
    TAGS("<thinking>", "</thinking>"),
    TAGS("<thought>", "</thought>"),
    TAGS("<thoughts>", "</thoughts>"),
    TAGS("<reasoning>", "</reasoning>"),
    TAGS("<reflection>", "</reflection>"),
    TAGS("<scratchpad>", "</scratchpad>"),
    TAGS("<seed:think>", "</seed:think>"),
    TAGS("[THINK]", "[/THINK]"),
    TAGS("[THINKING]", "[/THINKING]"),
    TAGS("\xE2\x97\x81think\xE2\x96\xB7", "\xE2\x97\x81/think\xE2\x96\xB7"), /* U+25C1 think U+25B7 */
    TAGS("<|think|>", "<|/think|>"),
    TAGS("<|begin_of_thought|>", "<|end_of_thought|>"),
    TAGS("<|START_THINKING|>", "<|END_THINKING|>"),
    TAGS("<unused94>", "<unused95>"),
    TAGS("<|channel|>analysis", "<|channel|>final"), /* harmony */
    TAGS("<|channel|>commentary", "<|channel|>final"),
};

const struct siuop_manner siuop_standard_manner = {
    known_tags, sizeof known_tags / sizeof known_tags[0], {{NULL, 0, NULL, 0}, {NULL, 0, NULL, 0}}};

/* Whether the words stand at byte `at`, ASCII letters in either case. */
static int stands_at(const char *text, size_t at, size_t to, const struct siuop_field *words)
{
  if (to - at < words->len)
    return 0;
  for (size_t i = 0; i < words->len; i++)
    if (siuop_ascii_lower((unsigned char)text[at + i]) != siuop_ascii_lower((unsigned char)words->s[i]))
      return 0;
  return 1;
}

/* ---- nothing ---- */

/* Behind a chat token such as <|message|>, or else `at`. */
static size_t skip_chat_token(const char *text, size_t at, size_t to)
{
  size_t most = to - at > 64 ? at + 64 : to;
  if (to - at < 4 || text[at] != '<' || text[at + 1] != '|')
    return at;
  for (size_t end = at + 2; end + 1 < most && text[end] != '<' && text[end] != '\n'; end++)
    if (text[end] == '|' && text[end + 1] == '>')
      return end + 2;
  return at;
}

/* Behind a role that a chat template left on a line or behind a chat token, or else `at`. */
static size_t skip_role(const char *text, size_t at, size_t to)
{
  static const struct siuop_field roles[] = {FIELD("assistant"), FIELD("model")};
  for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
    size_t end = at + roles[i].len;
    if (stands_at(text, at, to, &roles[i]) && (end == to || strchr("\r\n<[", text[end]) != NULL))
      return end;
  }
  return at;
}

static int is_printed(unsigned char c)
{
  return c > ' ' && c < 0x7F;
}

static size_t skip_space(const char *text, size_t at, size_t to)
{
  for (size_t used = 0; at < to && !is_printed((unsigned char)text[at]); at += used) {
    int32_t c = siuop_utf8_decode(text + at, to - at, &used, NULL);
    if (!siuop_is_space(c) && !siuop_is_invisible(c))
      break;
  }
  return at;
}

/* Over white space, chat tokens and role words: what may stand around reasoning and say nothing. */
static size_t skip_nothing(const char *text, size_t at, size_t to)
{
  for (;;) {
    size_t begin = skip_space(text, at, to);
    at = skip_role(text, skip_chat_token(text, begin, to), to);
    if (at == begin)
      return at;
  }
}

/* The same, but white space alone stays: it is the text's own. */
static size_t skip_tokens(const char *text, size_t at, size_t to)
{
  size_t behind = skip_nothing(text, at, to);
  return behind == skip_space(text, at, to) ? at : behind;
}

static int says_nothing(const char *text, size_t at, size_t to)
{
  return skip_nothing(text, at, to) == to;
}

/* ---- a tag that is text ---- */

/* How far quotation marks are looked for from a tag, in bytes. */
#define REACH 200

/* Whether bytes begin…end stand within quotation marks of their line. */
static int is_quoted(const char *text, size_t len, size_t begin, size_t end)
{
  struct siuop_quotes quotes;
  size_t from = begin;
  while (from > 0 && begin - from < REACH && text[from - 1] != '\n')
    from--;
  siuop_quotes_init(&quotes, text, from, siuop_line_end(text, end, len - end > REACH ? end + REACH : len), 0);
  return siuop_is_quoted(&quotes, from, begin, end);
}

/* The closed fenced blocks of a text, one after another. */
struct fences {
  size_t begin, end; /* the last one found */
  size_t next;       /* the line where the search goes on */
};

/* Behind the line that closes the fence opened before byte `at`, or 0. */
static size_t find_fence_end(struct siuop_fence *fence, const char *text, size_t at, size_t len)
{
  for (size_t line = at; line < len;) {
    size_t end = siuop_line_end(text, line, len);
    siuop_fence_line(fence, text, line, end);
    line = end + 1;
    if (fence->sign == '\0')
      return end;
  }
  return 0;
}

static int is_fenced(struct fences *f, const char *text, size_t len, size_t at)
{
  if (at < f->begin)
    memset(f, 0, sizeof *f); /* the pass went back */
  while (f->end <= at && f->next <= at) {
    struct siuop_fence fence = {'\0', 0};
    size_t line = f->next;
    size_t end = siuop_line_end(text, line, len);
    f->next = end + 1;
    if (!siuop_fence_line(&fence, text, line, end))
      continue;
    f->begin = line;
    f->end = find_fence_end(&fence, text, f->next, len);
    f->next = f->end == 0 ? len + 1 : f->end + 1; /* what never closes holds all the rest */
  }
  return at >= f->begin && at < f->end;
}

/* ---- the pass over the tags ---- */

struct pass {
  const struct siuop_reasoning_tag *tags;
  size_t count;
  const char *text;
  size_t len;
  size_t from;                   /* behind the last block */
  size_t before_from, before_to; /* what stands before the last block */
  uint64_t opened, never_closes; /* a bit for each of the first families, the last one for the others */
  unsigned char leads[256];      /* the bytes that a tag can begin with */
  struct fences fences;
};

struct tag {
  size_t row;
  int closes;
  size_t begin, end;
};

static uint64_t bit_of(size_t row)
{
  return UINT64_C(1) << (row < 63 ? row : 63);
}

static int match_tag(const struct pass *p, size_t row, int closes, size_t at, struct tag *tag)
{
  const struct siuop_field *words = closes ? &p->tags[row].close : &p->tags[row].open;
  if (!stands_at(p->text, at, p->len, words))
    return 0;
  *tag = (struct tag){row, closes, at, at + words->len};
  return 1;
}

/* A tag of any family at byte `at`. */
static int match_any(const struct pass *p, size_t at, struct tag *tag)
{
  for (size_t row = 0; row < p->count; row++)
    if (match_tag(p, row, 1, at, tag) || ((p->never_closes & bit_of(row)) == 0 && match_tag(p, row, 0, at, tag)))
      return 1;
  return 0;
}

/* The next tag from byte `at` on that isn't text: of any family or, if `open` isn't NULL, what closes that block. */
static int next_tag(struct pass *p, size_t at, const struct tag *open, struct tag *tag)
{
  for (; at < p->len; at++) {
    if (!p->leads[(unsigned char)p->text[at]])
      continue;
    if (!(open != NULL ? match_tag(p, open->row, 1, at, tag) : match_any(p, at, tag)))
      continue;
    if (!is_quoted(p->text, p->len, tag->begin, tag->end) && !is_fenced(&p->fences, p->text, p->len, at))
      return 1;
  }
  return 0;
}

/* A block, from byte `begin`, ends at `end`: what stood before it may turn out to be the answer. */
static void remove_block(struct pass *p, size_t begin, size_t end)
{
  if (!says_nothing(p->text, p->from, begin)) {
    p->before_from = p->from;
    p->before_to = begin;
  }
  p->from = end;
}

/* A closing tag without an opening one: all before it is reasoning. Behind a block it is that block's last. */
static void remove_to_closer(struct pass *p, const struct tag *tag)
{
  if ((p->opened & bit_of(tag->row)) == 0)
    remove_block(p, tag->begin, tag->end);
  p->from = tag->end;
}

/* An opening tag that never closes: whether it cuts the text off rather than being text. */
static int cuts_off(const struct pass *p, const struct tag *tag)
{
  size_t line = tag->begin;
  while (line > p->from && tag->begin - line < REACH && (p->text[line - 1] == ' ' || p->text[line - 1] == '\t'))
    line--;
  return (line > 0 && p->text[line - 1] == '\n') || says_nothing(p->text, p->from, tag->begin);
}

static int remove_tagged(struct pass *p)
{
  struct tag tag, closer;
  int found = SIUOP_REASONING_NONE;
  for (size_t at = 0; next_tag(p, at, NULL, &tag); at = tag.end) {
    if (tag.closes) {
      remove_to_closer(p, &tag);
    } else if (next_tag(p, tag.end, &tag, &closer)) {
      remove_block(p, tag.begin, closer.end);
      p->opened |= bit_of(tag.row);
      tag.end = closer.end;
    } else if (cuts_off(p, &tag)) {
      return SIUOP_REASONING_OPEN;
    } else {
      p->never_closes |= bit_of(tag.row);
      continue;
    }
    found = SIUOP_REASONING_REMOVED;
  }
  return found;
}

/* ---- harmony without its tokens ---- */

/* "analysis…assistantfinal…": the answer stands behind the last such word. */
static int remove_bare_channel(const char *text, size_t len, size_t *from)
{
  static const struct siuop_field analysis = FIELD("analysis"), final = FIELD("assistantfinal");
  size_t begin = skip_nothing(text, 0, len);
  size_t after = begin + analysis.len;
  if (len - begin < analysis.len || memcmp(text + begin, analysis.s, analysis.len) != 0)
    return SIUOP_REASONING_NONE;
  for (size_t at = len - after >= final.len ? len - final.len + 1 : 0; at-- > after;)
    if (memcmp(text + at, final.s, final.len) == 0) {
      *from = at + final.len;
      return SIUOP_REASONING_REMOVED;
    }
  return after < len && text[after] >= 'A' && text[after] <= 'Z' ? SIUOP_REASONING_OPEN : SIUOP_REASONING_NONE;
}

/* ---- the whole ---- */

/* The quick look: whether a standard tag can stand anywhere. */
static int may_hold_tags(const char *text, size_t len)
{
  if (memchr(text, '<', len) != NULL || memchr(text, 0x97, len) != NULL) /* of U+25C1 */
    return 1;
  for (const char *at = text, *end = text + len; (at = memchr(at, '[', (size_t)(end - at))) != NULL;)
    if (++at < end && (*at == '/' || siuop_ascii_lower(*at) == 't'))
      return 1;
  return 0;
}

static void pass_init(struct pass *p, const struct siuop_manner *m, const char *text, size_t len)
{
  memset(p, 0, sizeof *p);
  p->tags = m->tags;
  p->count = m->tag_count;
  p->text = text;
  p->len = len;
  for (size_t row = 0; row < p->count; row++)
    for (int close = 0; close < 2; close++) {
      int32_t lead = (unsigned char)(close ? p->tags[row].close : p->tags[row].open).s[0];
      p->leads[lead] = p->leads[siuop_ascii_lower(lead)] = 1;
      p->leads[lead >= 'a' && lead <= 'z' ? lead - ('a' - 'A') : lead] = 1;
    }
}

#define KNOWN_TAGS (sizeof known_tags / sizeof known_tags[0])

/* Whether the manner knows the standard tags, alone or with others behind them. */
static int knows_standard_tags(const struct siuop_manner *m)
{
  return m->tag_count == 0 || m->tags == known_tags ||
         (m->tag_count >= KNOWN_TAGS && memcmp(m->tags, known_tags, sizeof known_tags) == 0);
}

int siuop_remove_reasoning(const struct siuop_manner *m, const char *text, size_t len, size_t *from, size_t *to)
{
  struct pass p;
  int knows_standard = knows_standard_tags(m);
  int has_others = knows_standard ? m->tag_count > KNOWN_TAGS : 1;
  int found = SIUOP_REASONING_NONE;
  *from = 0;
  *to = len;
  if (knows_standard)
    found = remove_bare_channel(text, len, from);
  if (found == SIUOP_REASONING_NONE && (has_others || may_hold_tags(text, len))) {
    pass_init(&p, m->tag_count == 0 ? &siuop_standard_manner : m, text, len);
    found = remove_tagged(&p);
    *from = p.from;
    if (found == SIUOP_REASONING_REMOVED && says_nothing(text, p.from, len)) {
      *from = p.before_from;
      *to = p.before_to;
    }
  }
  if (found == SIUOP_REASONING_OPEN)
    *from = *to = len;
  else if (found == SIUOP_REASONING_REMOVED)
    *from = skip_tokens(text, *from, *to);
  return found;
}

int siuop_open_reply(const struct siuop_manner *m, const char *text, size_t len, size_t *from, size_t *to)
{
  *from = 0;
  *to = len;
  if (skip_space(text, 0, len) == len)
    return SIUO_OUTCOME_EMPTY;
  if (siuop_remove_reasoning(m, text, len, from, to) == SIUOP_REASONING_OPEN)
    return SIUO_OUTCOME_CUT_OFF;
  return skip_space(text, *from, *to) == *to ? SIUO_OUTCOME_EMPTY : SIUO_OUTCOME_PARSED;
}
