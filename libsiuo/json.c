/* json.c: JSON by jansson. Its blocks are its own: its allocator is process-wide and never set here. */
#include "json.h"

#include "buf.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static json_t *inner(const siuop_json *v)
{
  /* jansson's getters take non-const pointers to values that they only read */
  union {
    const siuop_json *outer;
    json_t *json;
  } u;
  u.outer = v;
  return u.json;
}

static siuop_json *outer(json_t *v)
{
  return (siuop_json *)(void *)v;
}

#define STRICT (JSON_REJECT_DUPLICATES | JSON_DECODE_ANY)
#define REPLY  (JSON_ALLOW_NUL | JSON_DECODE_ANY)

/* jansson takes a string that it had no memory for as a syntax error, or fails without a word. What then parses at the
 * second try was never a syntax error. */
static int is_out_of_memory(const char *bytes, size_t len, size_t flags, const json_error_t *error)
{
  json_error_t again;
  if (error->text[0] == '\0')
    return 1;
  json_t *v = json_loadb(bytes, len, flags, &again);
  int parsed = v != NULL;
  json_decref(v);
  return parsed;
}

/* ---- what a text would take ---- */

/* jansson takes so many bytes, at the most, for an object with its first table, an array, a string, one element or
 * member more, a key's place. Measured on 64 bits. */
#define OF_OBJECT 256
#define OF_ARRAY  144
#define OF_STRING 48
#define OF_VALUE  48
#define OF_KEY    64

/* What the values of the text take, without the texts themselves: counted by their signs, outside of strings. */
static uint64_t memory_of(const char *bytes, size_t len)
{
  uint64_t memory = OF_VALUE;
  int in_string = 0;
  for (size_t i = 0; i < len; i++) {
    char c = bytes[i];
    if (c == '"') {
      in_string = !in_string;
      memory += in_string ? OF_STRING : 0;
    } else if (in_string)
      i += c == '\\';
    else if (c == '{')
      memory += OF_OBJECT;
    else if (c == '[')
      memory += OF_ARRAY;
    else if (c == ',')
      memory += OF_VALUE;
    else if (c == ':')
      memory += OF_KEY;
  }
  return memory;
}

static int check_memory(siuo_ctx *ctx, const char *name, uint64_t first_line, const char *bytes, size_t len)
{
  uint64_t most = SIUOP_JSON_LEAST_MEMORY + (uint64_t)len * SIUOP_JSON_MEMORY_A_BYTE;
  if (len <= SIUOP_JSON_LEAST_MEMORY / OF_OBJECT || memory_of(bytes, len) <= most)
    return SIUO_OK;
  return siuop_fail(
      ctx, SIUO_ELIMIT,
      "%s:%llu: it holds more values than %llu bytes of JSON may: they would take more than %llu MiB of memory", name,
      (unsigned long long)first_line, (unsigned long long)len, (unsigned long long)(most >> 20));
}

static int parse(siuop_json **out, siuo_ctx *ctx, const char *name, uint64_t first_line, const char *bytes, size_t len,
                 size_t flags)
{
  json_error_t error;
  *out = NULL;
  int rc = check_memory(ctx, name, first_line, bytes, len);
  if (rc != SIUO_OK)
    return rc;
  *out = outer(json_loadb(bytes, len, flags, &error));
  if (*out != NULL)
    return SIUO_OK;
  if (is_out_of_memory(bytes, len, flags, &error))
    return siuop_fail_plain(ctx, SIUO_ENOMEM);
  uint64_t line = first_line + (error.line > 0 ? (uint64_t)error.line - 1 : 0);
  return siuop_fail(ctx, SIUO_EFORMAT, "%s:%llu: not valid JSON: %s", name, (unsigned long long)line, error.text);
}

int siuop_json_parse(siuop_json **out, siuo_ctx *ctx, const char *name, uint64_t first_line, const char *bytes,
                     size_t len)
{
  return parse(out, ctx, name, first_line, bytes, len, STRICT);
}

int siuop_json_parse_reply(siuop_json **out, siuo_ctx *ctx, const char *name, uint64_t first_line, const char *bytes,
                           size_t len)
{
  return parse(out, ctx, name, first_line, bytes, len, REPLY);
}

void siuop_json_free(siuop_json *v)
{
  json_decref(inner(v));
}

/* ---- reading ---- */

int siuop_json_type(const siuop_json *v)
{
  if (v == NULL)
    return 0;
  switch (json_typeof(inner(v))) {
  case JSON_OBJECT:
    return SIUOP_JSON_OBJECT;
  case JSON_ARRAY:
    return SIUOP_JSON_ARRAY;
  case JSON_STRING:
    return SIUOP_JSON_STRING;
  case JSON_INTEGER:
    return SIUOP_JSON_INTEGER;
  case JSON_REAL:
    return SIUOP_JSON_REAL;
  case JSON_NULL:
    return SIUOP_JSON_NULL;
  default:
    return SIUOP_JSON_BOOLEAN;
  }
}

int siuop_json_is_there(const siuop_json *v)
{
  return v != NULL && siuop_json_type(v) != SIUOP_JSON_NULL;
}

const char *siuop_json_type_name(const siuop_json *v)
{
  static const char *const names[] = {"nothing",       "null",     "true or false", "an integer",
                                      "a real number", "a string", "an array",      "an object"};
  return names[siuop_json_type(v)];
}

size_t siuop_json_size(const siuop_json *v)
{
  int type = siuop_json_type(v);
  if (type == SIUOP_JSON_ARRAY)
    return json_array_size(inner(v));
  return type == SIUOP_JSON_OBJECT ? json_object_size(inner(v)) : 0;
}

const siuop_json *siuop_json_at(const siuop_json *array, size_t i)
{
  return outer(json_array_get(inner(array), i));
}

const siuop_json *siuop_json_get(const siuop_json *object, const char *key)
{
  return outer(json_object_get(inner(object), key));
}

const siuop_json *siuop_json_each(const siuop_json *object, void **state, const char **key)
{
  *state = *state == NULL ? json_object_iter(inner(object)) : json_object_iter_next(inner(object), *state);
  if (*state == NULL)
    return NULL;
  *key = json_object_iter_key(*state);
  return outer(json_object_iter_value(*state));
}

const char *siuop_json_text(const siuop_json *v, size_t *len)
{
  const char *text = json_string_value(inner(v));
  if (len != NULL)
    *len = text == NULL ? 0 : json_string_length(inner(v));
  return text;
}

int64_t siuop_json_integer(const siuop_json *v)
{
  return (int64_t)json_integer_value(inner(v));
}

int siuop_json_is(const siuop_json *v, const char *text)
{
  size_t len = 0;
  const char *s = siuop_json_text(v, &len);
  return s != NULL && len == strlen(text) && memcmp(s, text, len) == 0;
}

int siuop_json_is_one_of(const siuop_json *v, const char *const *texts, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (siuop_json_is(v, texts[i]))
      return 1;
  return 0;
}

double siuop_json_number(const siuop_json *v)
{
  return json_number_value(inner(v));
}

int siuop_json_is_true(const siuop_json *v)
{
  return json_is_true(inner(v));
}

/* ---- building ---- */

siuop_json *siuop_json_new_object(void)
{
  return outer(json_object());
}

siuop_json *siuop_json_new_array(void)
{
  return outer(json_array());
}

siuop_json *siuop_json_new_text(const char *text, size_t len)
{
  return outer(json_stringn(text, len));
}

siuop_json *siuop_json_new_string(const char *text)
{
  return outer(json_string(text));
}

siuop_json *siuop_json_new_integer(int64_t number)
{
  return outer(json_integer(number));
}

siuop_json *siuop_json_new_real(double number)
{
  return outer(isfinite(number) ? json_real(number) : json_null());
}

siuop_json *siuop_json_new_boolean(int truth)
{
  return outer(json_boolean(truth));
}

siuop_json *siuop_json_new_null(void)
{
  return outer(json_null());
}

siuop_json *siuop_json_copy(const siuop_json *v)
{
  return outer(json_deep_copy(inner(v)));
}

int siuop_json_set(siuop_json *object, const char *key, siuop_json *value)
{
  return json_object_set_new(inner(object), key, inner(value));
}

int siuop_json_append(siuop_json *array, siuop_json *value)
{
  return json_array_append_new(inner(array), inner(value));
}

/* The object that stands under key; a new one in the place of anything else. NULL: out of memory. */
static siuop_json *object_under(siuop_json *target, const char *key)
{
  json_t *there = json_object_get(inner(target), key);
  if (json_is_object(there))
    return outer(there);
  json_t *made = json_object();
  return json_object_set_new(inner(target), key, made) == 0 ? outer(made) : NULL;
}

int siuop_json_merge(siuop_json *target, const siuop_json *patch)
{
  void *state = NULL;
  const char *key = NULL;
  const siuop_json *value;
  int failed = 0;
  while (!failed && (value = siuop_json_each(patch, &state, &key)) != NULL) {
    int type = siuop_json_type(value);
    if (type == SIUOP_JSON_NULL) {
      json_object_del(inner(target), key); /* one that is not there is fine */
    } else if (type == SIUOP_JSON_OBJECT) {
      siuop_json *into = object_under(target, key);
      failed = into == NULL || siuop_json_merge(into, value) != 0;
    } else {
      failed = json_object_set_new(inner(target), key, json_deep_copy(inner(value))) != 0;
    }
  }
  return failed ? -1 : 0;
}

siuop_json *siuop_json_filled(siuop_json *v, int failed)
{
  if (!failed)
    return v;
  siuop_json_free(v);
  return NULL;
}

static int append_to_buf(const char *bytes, size_t len, void *user_data)
{
  return siuop_buf_add(user_data, bytes, len) == SIUO_OK ? 0 : -1;
}

static int write_value(const siuop_json *v, siuo_buf *b, size_t layout)
{
  size_t flags = JSON_ENCODE_ANY | JSON_REAL_PRECISION(15) | layout;
  if (v == NULL || json_dump_callback(inner(v), append_to_buf, b, flags) != 0)
    return siuop_fail_plain(siuop_buf_ctx(b), SIUO_ENOMEM);
  return siuop_buf_status(b);
}

int siuop_json_write(const siuop_json *v, siuo_buf *b)
{
  return write_value(v, b, JSON_INDENT(1));
}

int siuop_json_write_line(const siuop_json *v, siuo_buf *b)
{
  return write_value(v, b, JSON_COMPACT);
}

int siuop_json_write_sorted(const siuop_json *v, siuo_buf *b)
{
  return write_value(v, b, JSON_COMPACT | JSON_SORT_KEYS);
}

static void add_value(siuo_buf *b, siuop_json *v)
{
  if (siuop_json_write_line(v, b) != SIUO_OK)
    siuop_buf_fail(b);
  siuop_json_free(v);
}

void siuop_json_add_text(siuo_buf *b, const char *text, size_t len)
{
  add_value(b, siuop_json_new_text(text, len));
}

void siuop_json_add_real(siuo_buf *b, double number)
{
  add_value(b, siuop_json_new_real(number));
}

void siuop_json_add_string(siuo_buf *b, const char *before, const char *text)
{
  siuop_buf_add_text(b, before);
  siuop_json_add_text(b, text, strlen(text));
}
