/* protocol_json.c: protocol files: docs/protocol.md. */
#include "protocol_fill.h"

#include "buf.h"
#include "json.h"
#include "prompt.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

/* A protocol on its way in. `at` is the object that is being read, for messages: "" or "safety.". */
struct reader {
  siuo_protocol *p;
  const char *name;
  const char *at;
};

static int fail_key(const struct reader *r, const char *key, const char *words, const char *more)
{
  return siuop_fail(r->p->ctx, SIUO_EFORMAT, "%s: \"%s%s\" %s%s", r->name, r->at, key, words, more);
}

static int fail_type(const struct reader *r, const char *key, const char *expected, const siuop_json *v)
{
  char words[96];
  snprintf(words, sizeof words, "must be %s, not ", expected);
  return fail_key(r, key, words, siuop_json_type_name(v));
}

/* ---- values ---- */

static int check_keys(const struct reader *r, const siuop_json *object, const char *const *known)
{
  void *state = NULL;
  const char *key = NULL;
  while (siuop_json_each(object, &state, &key) != NULL) {
    size_t i = 0;
    while (known[i] != NULL && strcmp(known[i], key) != 0)
      i++;
    if (known[i] == NULL)
      return fail_key(r, key, "is no key of a protocol", "");
  }
  return SIUO_OK;
}

static int is_blank(const char *text, size_t len)
{
  siuop_trim(&text, &len);
  return len == 0;
}

static int keep_text(const struct reader *r, const char *key, const siuop_json *v, struct siuop_field *out)
{
  const char *text = siuop_json_text(v, &out->len);
  if (text == NULL)
    return fail_type(r, key, "a string", v);
  if (is_blank(text, out->len))
    return fail_key(r, key, "is empty", "");
  out->s = siuop_arena_copy(&r->p->arena, text, out->len);
  return out->s == NULL ? SIUO_ENOMEM : SIUO_OK;
}

static int read_boolean(const struct reader *r, const siuop_json *object, const char *key, int *out)
{
  const siuop_json *v = siuop_json_get(object, key);
  if (v == NULL)
    return SIUO_OK;
  if (siuop_json_type(v) != SIUOP_JSON_BOOLEAN)
    return fail_type(r, key, "true or false", v);
  *out = siuop_json_is_true(v);
  return SIUO_OK;
}

static int read_integer(const struct reader *r, const siuop_json *object, const char *key, int64_t most, int64_t *out)
{
  const siuop_json *v = siuop_json_get(object, key);
  char words[64];
  if (v == NULL)
    return SIUO_OK;
  *out = siuop_json_integer(v);
  if (siuop_json_type(v) == SIUOP_JSON_INTEGER && *out >= 1 && *out <= most)
    return SIUO_OK;
  snprintf(words, sizeof words, "must be an integer from 1 to %lld", (long long)most);
  return fail_key(r, key, words, "");
}

/* One of the words, or -1 with the message set. Absent: `absent`. */
static int read_word(const struct reader *r, const siuop_json *object, const char *key, const char *const words[3],
                     int absent)
{
  const siuop_json *v = siuop_json_get(object, key);
  const char *text = siuop_json_text(v, NULL);
  char expected[96];
  if (v == NULL)
    return absent;
  for (int i = 0; text != NULL && i < 3; i++)
    if (strcmp(text, words[i]) == 0)
      return i;
  snprintf(expected, sizeof expected, "must be \"%s\", \"%s\" or \"%s\"", words[0], words[1], words[2]);
  fail_key(r, key, expected, "");
  return -1;
}

/* ---- prompts ---- */

static int check_placeholder(const struct reader *r, int kind, int number)
{
  if (siuop_placeholder_is_known(kind, number))
    return SIUO_OK;
  return fail_key(r, "prompt", "holds a placeholder that has no meaning here: ", siuop_placeholder_name(number));
}

static int fail_brace(const struct reader *r, const char *s, size_t len)
{
  char shown[32];
  const char *end = memchr(s, '}', len);
  size_t n = end == NULL ? len : (size_t)(end - s) + 1;
  snprintf(shown, sizeof shown, "%.*s", (int)(n < sizeof shown ? n : sizeof shown - 1), s);
  return fail_key(r, "prompt",
                  "holds a brace that belongs to no placeholder (a literal one is written twice): ", shown);
}

/* Copies the prompt, "{{" and "}}" made single; any other brace must belong to a placeholder. A literal brace before a
 * placeholder's name would then pass for one, so it is refused. */
static int copy_prompt(const struct reader *r, int kind, const char *s, size_t len, siuo_buf *out,
                       int seen[SIUOP_PLACEHOLDERS])
{
  for (size_t at = 0; at < len;) {
    size_t used = 1;
    int number = siuop_placeholder_at(s + at, len - at, &used);
    int doubled = (s[at] == '{' || s[at] == '}') && at + 1 < len && s[at + 1] == s[at];
    if (number >= 0) {
      int rc = check_placeholder(r, kind, number);
      if (rc != SIUO_OK)
        return rc;
      seen[number] = 1;
    } else if (doubled && siuop_placeholder_at(s + at + 1, len - at - 1, &used) >= 0) {
      return fail_key(r, "prompt", "holds a placeholder's name in literal braces, which can't be told apart", "");
    } else if (!doubled && (s[at] == '{' || s[at] == '}')) {
      return fail_brace(r, s + at, len - at);
    } else {
      used = 1;
    }
    siuop_buf_add(out, s + at, used);
    at += used + (size_t)(number < 0 && doubled);
  }
  return siuop_buf_status(out);
}

static int read_prompt(const struct reader *r, int kind, const siuop_json *object, struct siuop_ask *ask)
{
  const siuop_json *v = siuop_json_get(object, "prompt");
  struct siuop_field raw;
  int seen[SIUOP_PLACEHOLDERS] = {0};
  siuo_buf *prompt = NULL;
  if (v == NULL)
    return SIUO_OK;
  int rc = keep_text(r, "prompt", v, &raw);
  if (rc == SIUO_OK)
    rc = siuop_buf_new(&prompt, r->p->ctx);
  if (rc == SIUO_OK)
    rc = copy_prompt(r, kind, raw.s, raw.len, prompt, seen);
  for (int i = 0; rc == SIUO_OK && i < SIUOP_PLACEHOLDERS; i++)
    if (siuop_placeholder_is_needed(kind, i) && !seen[i])
      rc = fail_key(r, "prompt", "lacks the placeholder ", siuop_placeholder_name(i));
  if (rc == SIUO_OK) {
    ask->prompt.len = siuo_buf_size(prompt);
    ask->prompt.s = siuop_arena_copy(&r->p->arena, siuo_buf_data(prompt), ask->prompt.len);
    rc = ask->prompt.s == NULL ? SIUO_ENOMEM : SIUO_OK;
  }
  siuo_buf_free(prompt);
  return rc;
}

/* ---- rubrics ---- */

/* A marker or label, in the normal form of the replies that it is looked for in, without white space around it and,
 * where `colon`, without the colon, equals sign or dash at its end: these may stand between marker and label anyhow. */
static int keep_words(const struct reader *r, const char *key, const char *text, size_t len, int colon,
                      struct siuop_field *out)
{
  siuo_buf *normal = NULL;
  int rc = siuop_buf_new(&normal, r->p->ctx);
  if (rc == SIUO_OK)
    rc = siuop_add_nfkc(normal, text, len);
  if (rc == SIUO_OK) {
    const char *words = siuo_buf_data(normal);
    out->len = siuo_buf_size(normal);
    siuop_trim(&words, &out->len);
    while (colon && out->len > 0 && strchr(":=- ", words[out->len - 1]) != NULL)
      out->len--;
    out->s = siuop_arena_copy(&r->p->arena, words, out->len);
    rc = out->s == NULL ? SIUO_ENOMEM : out->len == 0 ? fail_key(r, key, "holds an empty text", "") : SIUO_OK;
  }
  siuo_buf_free(normal);
  return rc;
}

/* What a reader of replies does not tell apart: docs/protocol.md. */
static int as_read(char c)
{
  return c == '_' || c == '-' ? ' ' : siuop_ascii_lower((unsigned char)c);
}

static int reads_alike(const struct siuop_field *a, const struct siuop_field *b)
{
  if (a->len != b->len)
    return 0;
  for (size_t i = 0; i < a->len; i++)
    if (as_read(a->s[i]) != as_read(b->s[i]))
      return 0;
  return 1;
}

/* What stands before a verdict, or before categories. */
static int read_markers(const struct reader *r, const char *key, const siuop_json *list, const struct siuop_field **out,
                        size_t *out_count)
{
  size_t count = siuop_json_size(list);
  if (siuop_json_type(list) != SIUOP_JSON_ARRAY)
    return fail_type(r, key, "an array of strings", list);
  if (count == 0)
    return fail_key(r, key, "is empty", "");
  struct siuop_field *markers = siuop_arena_alloc(&r->p->arena, count * sizeof *markers);
  if (markers == NULL)
    return SIUO_ENOMEM;
  for (size_t i = 0; i < count; i++) {
    size_t len = 0;
    const char *text = siuop_json_text(siuop_json_at(list, i), &len);
    int rc = text == NULL ? fail_type(r, key, "an array of strings", siuop_json_at(list, i))
                          : keep_words(r, key, text, len, 1, &markers[i]);
    if (rc != SIUO_OK)
      return rc;
    for (size_t k = 0; k < i; k++)
      if (reads_alike(&markers[i], &markers[k]))
        return fail_key(r, key, "holds one marker twice", "");
  }
  *out = markers;
  *out_count = count;
  return SIUO_OK;
}

static int read_labels(const struct reader *r, int kind, const siuop_json *object, struct siuop_rubric *rubric)
{
  size_t count = siuop_json_size(object);
  int most = kind == SIUO_JOB_JUDGE_SAFETY ? 1 : 2;
  int seen[3] = {0, 0, 0};
  void *state = NULL;
  const char *key = NULL;
  if (siuop_json_type(object) != SIUOP_JSON_OBJECT)
    return fail_type(r, "labels", "an object of labels and their values", object);
  struct siuop_rubric_label *labels = siuop_arena_alloc(&r->p->arena, (count + 1) * sizeof *labels);
  if (labels == NULL)
    return SIUO_ENOMEM;
  for (size_t i = 0; i < count; i++) {
    const siuop_json *v = siuop_json_each(object, &state, &key);
    int64_t value = siuop_json_integer(v);
    if (siuop_json_type(v) != SIUOP_JSON_INTEGER || value < 0 || value > most)
      return fail_key(r, "labels", most == 1 ? "must have values 1 or 0" : "must have values 2, 1 or 0", "");
    int rc = keep_words(r, "labels", key, strlen(key), 0, &labels[i].text);
    if (rc != SIUO_OK)
      return rc;
    labels[i].value = (int)value;
    for (size_t k = 0; k < i; k++)
      if (reads_alike(&labels[i].text, &labels[k].text))
        return fail_key(r, "labels", "holds two that are read alike: ", key);
    seen[value] = 1;
  }
  if (seen[0] + seen[1] + seen[2] < 2)
    return fail_key(r, "labels", "must tell at least two values apart", "");
  rubric->labels = labels;
  rubric->label_count = count;
  return SIUO_OK;
}

/* Labels without markers: the reply is the label, or its first line is and its others are categories. */
static int read_rubric(const struct reader *r, int kind, const siuop_json *object)
{
  struct siuop_rubric *rubric = &r->p->manner.rubrics[kind == SIUO_JOB_JUDGE_SAFETY ? 0 : 1];
  const siuop_json *markers = siuop_json_get(object, "markers");
  const siuop_json *labels = siuop_json_get(object, "labels");
  const siuop_json *categories = siuop_json_get(object, "categories");
  int rc = SIUO_OK;
  if (markers != NULL && labels == NULL)
    return fail_key(r, "labels", "is missing: markers need labels", "");
  if (markers != NULL)
    rc = read_markers(r, "markers", markers, &rubric->markers, &rubric->marker_count);
  if (rc == SIUO_OK && labels != NULL)
    rc = read_labels(r, kind, labels, rubric);
  if (rc == SIUO_OK && categories != NULL)
    rc = read_markers(r, "categories", categories, &r->p->category_keys, &r->p->category_key_count);
  return rc;
}

/* ---- questions ---- */

static int read_temperature(const struct reader *r, const siuop_json *object, struct siuop_ask *ask)
{
  const siuop_json *v = siuop_json_get(object, "temperature");
  int type = siuop_json_type(v);
  double t = siuop_json_number(v);
  if (v == NULL)
    return SIUO_OK;
  ask->has_temperature = type != SIUOP_JSON_NULL;
  ask->temperature = t;
  if (type == SIUOP_JSON_NULL || ((type == SIUOP_JSON_INTEGER || type == SIUOP_JSON_REAL) && t >= 0 && t <= 2))
    return SIUO_OK;
  return fail_key(r, "temperature", "must be a number from 0 to 2, or null to leave it to the provider", "");
}

/* The keys that a kind of question may have. */
static const char *const *keys_of(int kind)
{
  static const char *const common[] = {"prompt", "picture", "detail", "temperature", "max_tokens", NULL};
  static const char *const effectiveness[] = {"prompt",     "picture", "detail", "temperature",
                                              "max_tokens", "markers", "labels", NULL};
  static const char *const safety[] = {"prompt",  "picture", "detail",     "temperature", "max_tokens",
                                       "markers", "labels",  "categories", NULL};
  switch (kind) {
  case SIUO_JOB_JUDGE_SAFETY:
    return safety;
  case SIUO_JOB_JUDGE_EFFECTIVENESS:
    return effectiveness;
  default:
    return common;
  }
}

static int read_ask(struct reader *r, int kind, const char *key, const siuop_json *object)
{
  static const char *const places[3] = {"none", "after", "before"}; /* SIUOP_PICTURE_* */
  static const char *const details[3] = {"auto", "low", "high"};
  struct siuop_ask *ask = &r->p->asks[kind - 1];
  int is_judge = kind == SIUO_JOB_JUDGE_SAFETY || kind == SIUO_JOB_JUDGE_EFFECTIVENESS;
  char at[32];
  if (object == NULL)
    return SIUO_OK;
  if (siuop_json_type(object) != SIUOP_JSON_OBJECT)
    return fail_type(r, key, "an object", object);
  snprintf(at, sizeof at, "%s.", key);
  r->at = at;
  int64_t max_tokens = ask->max_tokens;
  int rc = check_keys(r, object, keys_of(kind));
  if (rc == SIUO_OK)
    rc = read_prompt(r, kind, object, ask);
  if (rc == SIUO_OK && (ask->picture = read_word(r, object, "picture", places, ask->picture)) < 0)
    rc = SIUO_EFORMAT;
  int detail = rc == SIUO_OK ? read_word(r, object, "detail", details, 3) : 3;
  if (rc == SIUO_OK && detail < 0)
    rc = SIUO_EFORMAT;
  if (rc == SIUO_OK && detail < 3)
    ask->detail = details[detail];
  if (rc == SIUO_OK)
    rc = read_temperature(r, object, ask);
  if (rc == SIUO_OK)
    rc = read_integer(r, object, "max_tokens", 1000000, &max_tokens);
  ask->max_tokens = (int32_t)max_tokens;
  if (rc == SIUO_OK && is_judge)
    rc = read_rubric(r, kind, object);
  r->at = "";
  return rc;
}

/* ---- the whole ---- */

static int read_reasoning(const struct reader *r, const siuop_json *list)
{
  size_t count = siuop_json_size(list);
  if (list == NULL)
    return SIUO_OK;
  if (siuop_json_type(list) != SIUOP_JSON_ARRAY || count == 0)
    return fail_key(r, "reasoning", "must be an array of pairs such as [\"<think>\", \"</think>\"]", "");
  struct siuop_reasoning_tag *tags = siuop_arena_alloc(&r->p->arena, count * sizeof *tags);
  if (tags == NULL)
    return SIUO_ENOMEM;
  for (size_t i = 0; i < count; i++) {
    const siuop_json *pair = siuop_json_at(list, i);
    if (siuop_json_type(pair) != SIUOP_JSON_ARRAY || siuop_json_size(pair) != 2)
      return fail_key(r, "reasoning", "must be an array of pairs such as [\"<think>\", \"</think>\"]", "");
    int rc = keep_text(r, "reasoning", siuop_json_at(pair, 0), &tags[i].open);
    if (rc == SIUO_OK)
      rc = keep_text(r, "reasoning", siuop_json_at(pair, 1), &tags[i].close);
    if (rc != SIUO_OK)
      return rc;
    if (strcmp(tags[i].open.s, tags[i].close.s) == 0)
      return fail_key(r, "reasoning", "holds a pair whose words are the same: ", tags[i].open.s);
  }
  r->p->manner.tags = tags;
  r->p->manner.tag_count = count;
  return SIUO_OK;
}

/* Names that say where a protocol comes from. */
static int is_ours(const char *name)
{
  static const char *const begin[] = {"libsiuo-", SIUOP_PROTOCOL_RELEASED, SIUOP_PROTOCOL_EDITED};
  for (size_t i = 0; i < sizeof begin / sizeof begin[0]; i++)
    if (strncmp(name, begin[i], strlen(begin[i])) == 0)
      return 1;
  return 0;
}

static int read_head(struct reader *r, const siuop_json *v)
{
  static const char *const keys[] = {"schema",   "name",   "samples", "nfkc",          "quote", "reasoning",
                                     "generate", "choose", "safety",  "effectiveness", NULL};
  struct siuop_field name;
  int64_t samples = r->p->samples;
  if (siuop_json_type(v) != SIUOP_JSON_OBJECT)
    return siuop_fail(r->p->ctx, SIUO_EFORMAT, "%s: a protocol is an object, not %s", r->name, siuop_json_type_name(v));
  const char *schema = siuop_json_text(siuop_json_get(v, "schema"), NULL);
  if (schema == NULL || strcmp(schema, "siuo-protocol/1") != 0)
    return fail_key(r, "schema", "must be \"siuo-protocol/1\"", "");
  int rc = check_keys(r, v, keys);
  if (rc == SIUO_OK && siuop_json_get(v, "name") == NULL)
    rc = fail_key(r, "name", "is missing", "");
  if (rc == SIUO_OK)
    rc = keep_text(r, "name", siuop_json_get(v, "name"), &name);
  if (rc == SIUO_OK && is_ours(name.s))
    rc = fail_key(r, "name", "is that of another protocol: choose another than ", name.s);
  if (rc == SIUO_OK)
    rc = read_integer(r, v, "samples", 512, &samples);
  if (rc != SIUO_OK)
    return rc;
  r->p->name = name.s;
  r->p->samples = (uint32_t)samples;
  return SIUO_OK;
}

static int read_protocol(siuo_protocol *p, const char *name, const siuop_json *v)
{
  static const char *const kinds[] = {"generate", "choose", "safety", "effectiveness"};
  struct reader r = {p, name, ""};
  siuop_protocol_fill_default(p);
  int rc = read_head(&r, v);
  if (rc == SIUO_OK)
    rc = read_boolean(&r, v, "nfkc", &p->nfkc);
  if (rc == SIUO_OK)
    rc = read_boolean(&r, v, "quote", &p->quote);
  if (rc == SIUO_OK)
    rc = read_reasoning(&r, siuop_json_get(v, "reasoning"));
  for (int kind = 1; rc == SIUO_OK && kind <= SIUOP_JOB_KINDS; kind++)
    rc = read_ask(&r, kind, kinds[kind - 1], siuop_json_get(v, kinds[kind - 1]));
  if (rc == SIUO_OK)
    siuop_protocol_sum(p);
  return rc;
}

int siuo_protocol_parse(siuo_protocol **out, siuo_ctx *ctx, const void *bytes, size_t len, const char *name)
{
  siuop_json *v = NULL;
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL || (bytes == NULL && len > 0))
    return SIUO_EINVAL;
  if (name == NULL)
    name = "<memory>";
  int rc = siuop_json_parse(&v, ctx, name, 1, bytes == NULL ? "" : bytes, len);
  if (rc == SIUO_OK)
    rc = siuop_protocol_new(out, ctx);
  if (rc == SIUO_OK)
    rc = read_protocol(*out, name, v);
  siuop_json_free(v);
  if (rc != SIUO_OK) {
    siuo_protocol_free(*out);
    *out = NULL;
  }
  return rc;
}

int siuo_protocol_open(siuo_protocol **out, siuo_ctx *ctx, const char *path)
{
  siuo_buf *bytes = NULL;
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL || path == NULL)
    return SIUO_EINVAL;
  int rc = siuop_buf_read_file(&bytes, ctx, path, siuop_limits(ctx)->document);
  if (rc == SIUO_OK)
    rc = siuo_protocol_parse(out, ctx, siuo_buf_data(bytes), siuo_buf_size(bytes), path);
  siuo_buf_free(bytes);
  return rc;
}
