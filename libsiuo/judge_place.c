/* judge_place.c: how much a verdict counts by the place where it stands. */
#include "judge_place.h"

#include "judge_dress.h"
#include "utf8.h"

#include <string.h>

/* ---- the line's head ---- */

/* Whether nothing but dress and list numbers stands in bytes line…at. */
static int is_dress(const char *text, size_t line, size_t at)
{
  siuop_text t;
  while (line < at && (text[line] == '[' || text[line] == '*' || text[line] == ' '))
    line++; /* nearly all there is before most verdicts */
  if (line == at)
    return 1;
  siuop_text_init_range(&t, text, line, at, 1);
  while (siuop_take_dress(&t) || siuop_take_enumerator(&t))
    ;
  return t.current == SIUOP_TEXT_END;
}

/* Whether no word stands in bytes at…end. */
static int is_wordless(const char *text, size_t at, size_t end)
{
  siuop_text t;
  siuop_text_init_range(&t, text, at, end, 1);
  while (t.current != SIUOP_TEXT_END && !siuop_goes_on(t.current))
    if (!siuop_take_dress(&t))
      siuop_text_next(&t);
  return t.current == SIUOP_TEXT_END;
}

static int is_block_quote(const struct siuop_places *p)
{
  size_t at = p->line;
  while (at < p->line_end && (p->text[at] == ' ' || p->text[at] == '\t'))
    at++;
  return at < p->line_end && p->text[at] == '>';
}

/* ---- lines ---- */

static size_t line_begin(const struct siuop_places *p, size_t at)
{
  while (at > p->from && p->text[at - 1] != '\n')
    at--;
  return at;
}

static void enter_line(struct siuop_places *p, size_t line)
{
  p->line = line;
  p->line_end = siuop_line_end(p->text, line, p->to);
  siuop_fence_line(&p->fence, p->text, line, p->line_end);
}

static void walk_to_line(struct siuop_places *p, size_t at)
{
  while (p->line_end < at && p->line_end < p->to)
    enter_line(p, p->line_end + 1);
}

/* ---- quotations ---- */

/* Whether the quotation last entered has its lines for itself. */
static int has_own_lines(const struct siuop_places *p)
{
  const struct siuop_quotes *q = &p->quotes;
  return is_dress(p->text, line_begin(p, q->begin), q->begin) &&
         is_wordless(p->text, q->end, siuop_line_end(p->text, q->end, p->to));
}

/* The same, looked at once for each quotation; is_first: no other place on this line was told. */
static int fills_its_lines(struct siuop_places *p, int is_first)
{
  if (p->asked != p->quotes.end) {
    p->asked = p->quotes.end;
    p->answer = (is_first || p->quotes.begin < p->line) && has_own_lines(p);
  }
  return p->answer;
}

/* ---- tagged copies ---- */

/* What judges wrap the response in when they repeat it; not what they give their own answer in. */
static const char *const copy_tags[SIUOP_COPY_TAGS] = {
    "response", "model_response", "generated_response", "reply", "completion", "candidate",
    "quote",    "blockquote",     "question",           "user",  "prompt",     "example"};

/* Where the name stands at byte `at`, in any case, with ">" or a blank behind it: behind that, else 0. */
static size_t name_end(const struct siuop_places *p, size_t at, const char *name)
{
  for (; *name != '\0'; name++, at++)
    if (at >= p->to || siuop_ascii_lower((unsigned char)p->text[at]) != *name)
      return 0;
  return at < p->to && (p->text[at] == '>' || p->text[at] == ' ') ? at + 1 : 0;
}

/* The byte behind the closing tag of that name from byte `at` on, plus 1; beyond that if there is none. */
static size_t find_copy_end(const struct siuop_places *p, size_t at, const char *name)
{
  const char *found;
  while (at < p->to && (found = memchr(p->text + at, '<', p->to - at)) != NULL) {
    at = (size_t)(found - p->text) + 1;
    size_t end = at < p->to && p->text[at] == '/' ? name_end(p, at + 1, name) : 0;
    if (end != 0)
      return end + 1;
  }
  return p->to + 2;
}

/* Whether the copy is all there is: none but the first one can be. */
static int is_whole_reply(struct siuop_places *p, size_t begin, size_t end)
{
  int is_first = !p->seen_copy;
  p->seen_copy = 1;
  return is_first && is_dress(p->text, p->from, begin) && is_wordless(p->text, end, p->to);
}

/* A copy opens with the tag at byte `at`: takes it in, if it closes. */
static void enter_copy(struct siuop_places *p, size_t at)
{
  for (size_t i = 0; i < SIUOP_COPY_TAGS; i++) {
    size_t inside = name_end(p, at + 1, copy_tags[i]);
    if (inside == 0)
      continue;
    if (p->copy_ends[i] <= inside)
      p->copy_ends[i] = find_copy_end(p, inside, copy_tags[i]);
    size_t end = p->copy_ends[i] - 1;
    if (end <= p->to && !is_whole_reply(p, at, end))
      p->copies_to = p->copy_end = end;
    return;
  }
}

static int is_in_copy(struct siuop_places *p, size_t at)
{
  const char *found;
  while (p->copies_to < at && (found = memchr(p->text + p->copies_to, '<', at - p->copies_to)) != NULL) {
    size_t tag = (size_t)(found - p->text);
    p->copies_to = tag + 1;
    enter_copy(p, tag);
  }
  if (p->copies_to < at)
    p->copies_to = at;
  return at < p->copy_end;
}

/* ---- places ---- */

void siuop_places_init(struct siuop_places *p, const siuop_text *reply)
{
  p->text = reply->s;
  p->from = p->copies_to = reply->begin;
  p->to = reply->len;
  p->fence.sign = '\0';
  p->fence.length = 0;
  p->told = 0;
  p->copy_end = 0;
  p->seen_copy = 0;
  p->asked = 0;
  p->answer = 0;
  memset(p->copy_ends, 0, sizeof p->copy_ends);
  siuop_quotes_init(&p->quotes, p->text, p->from, p->to, reply->ascii);
  enter_line(p, p->from);
}

int siuop_place_of(struct siuop_places *p, size_t begin, size_t end)
{
  walk_to_line(p, begin);
  int is_first = p->told != p->line + 1; /* of its line: before others stands their label */
  p->told = p->line + 1;
  if (is_in_copy(p, begin))
    return SIUOP_PLACE_FOREIGN;
  if (siuop_is_quoted(&p->quotes, p->line, begin, end))
    return fills_its_lines(p, is_first) ? SIUOP_PLACE_SET_APART : SIUOP_PLACE_FOREIGN;
  if (p->fence.sign != '\0' || is_block_quote(p))
    return SIUOP_PLACE_SET_APART;
  return is_first && is_dress(p->text, p->line, begin) ? SIUOP_PLACE_LINE_START : SIUOP_PLACE_IN_LINE;
}
