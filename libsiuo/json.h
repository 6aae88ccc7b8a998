/* json.h: JSON values, parsed and built. jansson does the work and owns the memory; its types stay in json.c. */
#ifndef SIUOP_JSON_H
#define SIUOP_JSON_H

#include "ctx.h"

#include <siuo/buf.h>

typedef struct siuop_json siuop_json;

#define SIUOP_JSON_NULL    1
#define SIUOP_JSON_BOOLEAN 2
#define SIUOP_JSON_INTEGER 3
#define SIUOP_JSON_REAL    4
#define SIUOP_JSON_STRING  5
#define SIUOP_JSON_ARRAY   6
#define SIUOP_JSON_OBJECT  7

/* jansson's blocks for small values are many times as long as their text. A text may take as many bytes of memory as it
 * has, times the second, and the first besides; its values are counted before it is parsed. Data of many short values
 * takes 12 to 17. */
#define SIUOP_JSON_LEAST_MEMORY  (UINT64_C(32) << 20)
#define SIUOP_JSON_MEMORY_A_BYTE 20

/* Parses one value. name and first_line (from 1) say in messages where the bytes come from. Strict: no duplicate
 * keys, no NUL inside strings, UTF-8 only, at most 2,048 levels. SIUO_EFORMAT with line and reason, SIUO_ELIMIT,
 * SIUO_ENOMEM. The caller owns *out. */
int siuop_json_parse(siuop_json **out, siuo_ctx *ctx, const char *name, uint64_t first_line, const char *bytes,
                     size_t len);

/* The same for what a server sent: NUL inside strings and repeated keys (the last one counts) are taken. */
int siuop_json_parse_reply(siuop_json **out, siuo_ctx *ctx, const char *name, uint64_t first_line, const char *bytes,
                           size_t len);

/* Releases an owned value; NULL is fine. */
void siuop_json_free(siuop_json *v);

/* SIUOP_JSON_*; 0 for NULL. */
int siuop_json_type(const siuop_json *v);

/* 1 for a value that is not null. */
int siuop_json_is_there(const siuop_json *v);

/* "a string", "an object" …: for messages. */
const char *siuop_json_type_name(const siuop_json *v);

/* Elements of an array or members of an object; else 0. */
size_t siuop_json_size(const siuop_json *v);

/* Borrowed from v; NULL if there is none. */
const siuop_json *siuop_json_at(const siuop_json *array, size_t i);
const siuop_json *siuop_json_get(const siuop_json *object, const char *key);

/* Walks an object's members in file order: `while ((value = siuop_json_each(object, &state, &key)) != NULL)` with
 * a state that starts as NULL. */
const siuop_json *siuop_json_each(const siuop_json *object, void **state, const char **key);

/* The text of a string (borrowed; NULL for other types), the number of an integer (0 for others). */
const char *siuop_json_text(const siuop_json *v, size_t *len);
int64_t siuop_json_integer(const siuop_json *v);

/* 1 if v is this string. */
int siuop_json_is(const siuop_json *v, const char *text);

/* 1 if v is one of these strings; the macro takes them as an array. */
int siuop_json_is_one_of(const siuop_json *v, const char *const *texts, size_t count);
#define SIUOP_JSON_IS_ONE_OF(v, texts) siuop_json_is_one_of(v, texts, sizeof(texts) / sizeof((texts)[0]))

/* The number of an integer or real (0 for others); 1 for true. */
double siuop_json_number(const siuop_json *v);
int siuop_json_is_true(const siuop_json *v);

/* ---- building: every failure is out of memory ---- */

/* New values, owned by the caller until they are added somewhere; NULL: out of memory. Text must be UTF-8. */
siuop_json *siuop_json_new_object(void);
siuop_json *siuop_json_new_array(void);
siuop_json *siuop_json_new_text(const char *text, size_t len);
siuop_json *siuop_json_new_string(const char *text); /* NUL-terminated */
siuop_json *siuop_json_new_integer(int64_t number);
siuop_json *siuop_json_new_real(double number); /* NaN and infinities become null */
siuop_json *siuop_json_new_boolean(int truth);
siuop_json *siuop_json_new_null(void);

/* A copy of all of a value. */
siuop_json *siuop_json_copy(const siuop_json *v);

/* Adds a value, which is consumed also when this fails or it is NULL: 0, or -1. So a chain of additions may be
 * or-ed together and looked at once. */
int siuop_json_set(siuop_json *object, const char *key, siuop_json *value);
int siuop_json_append(siuop_json *array, siuop_json *value);

/* Merges an object into another as RFC 7386 says: objects merge, null removes, other values replace. 0, or -1 (target
 * is then merged in part). */
int siuop_json_merge(siuop_json *target, const siuop_json *patch);

/* v, or NULL (and v released) after a failure to fill it. */
siuop_json *siuop_json_filled(siuop_json *v, int failed);

/* Appends the value's text to b, indented by one space a level, reals with 15 digits. SIUO_OK or SIUO_ENOMEM. */
int siuop_json_write(const siuop_json *v, siuo_buf *b);

/* The same on one line and without blanks; with every object's members sorted by key, too. */
int siuop_json_write_line(const siuop_json *v, siuo_buf *b);
int siuop_json_write_sorted(const siuop_json *v, siuo_buf *b);

/* Appends a JSON string, a number, without a value being made by the caller. Errors stick to b. */
void siuop_json_add_text(siuo_buf *b, const char *text, size_t len);
void siuop_json_add_real(siuo_buf *b, double number);

/* Appends `before`, then a NUL-terminated text as a JSON string. */
void siuop_json_add_string(siuo_buf *b, const char *before, const char *text);

#endif
