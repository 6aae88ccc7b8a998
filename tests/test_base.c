/* test_base.c: layer 0: contexts, messages, buffers, structs that grow, sorting, digests, arenas, indexes. */
#include "support/support.h"

#include "abi.h"
#include "arena.h"
#include "benchmark.h"
#include "buf.h"
#include "ctx.h"
#include "digest.h"
#include "index.h"
#include "sort.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static siuo_ctx *ctx;

static void setup(void)
{
  ctx = support_ctx();
}

static void teardown(void)
{
  siuo_ctx_free(ctx);
}

/* ---- contexts ---- */

static void *own_allocate(size_t size, void *count)
{
  ++*(int *)count;
  return malloc(size);
}

static void *own_reallocate(void *block, size_t size, void *count)
{
  *(int *)count += block == NULL;
  return realloc(block, size);
}

static void own_release(void *block, void *count)
{
  *(int *)count -= block != NULL;
  free(block);
}

START_TEST(context_options)
{
  siuo_ctx_options o;
  siuo_ctx *other = NULL;
  int live = 0;
  ck_assert_int_eq(siuo_ctx_options_init(NULL, sizeof o), SIUO_EINVAL);
  ck_assert_int_eq(siuo_ctx_options_init(&o, sizeof o - 8), SIUO_EABI);
  ck_assert_int_eq(siuo_ctx_options_init(&o, sizeof o), SIUO_OK);
  ck_assert_uint_eq(o.max_document, 256u << 20);
  ck_assert_uint_eq(o.max_items, 50000000);
  o.allocate = own_allocate;
  ck_assert_int_eq(siuo_ctx_new(&other, &o), SIUO_EINVAL); /* all three or none */
  o.reallocate = own_reallocate;
  o.release = own_release;
  o.memory_user_data = &live;
  o.reserved = 1;
  ck_assert_int_eq(siuo_ctx_new(&other, &o), SIUO_EABI);
  o.reserved = 0;
  ck_assert_int_eq(siuo_ctx_new(&other, &o), SIUO_OK);
  ck_assert_int_eq(live, 1);
  siuo_ctx_free(other);
  ck_assert_int_eq(live, 0);
  ck_assert_int_eq(siuo_ctx_new(NULL, NULL), SIUO_EINVAL);
  siuo_ctx_free(NULL);
}
END_TEST

static char logged[2048];

static void log_line(int level, const char *message, void *user_data)
{
  snprintf(logged, sizeof logged, "%d %s %s", level, (const char *)user_data, message);
}

START_TEST(messages)
{
  char user[] = "user";
  siuo_ctx_options o;
  siuo_ctx *other = NULL;
  ck_assert_str_eq(siuo_ctx_errmsg(ctx), "");
  ck_assert_str_eq(siuo_ctx_errmsg(NULL), "");
  ck_assert_int_eq(siuop_fail(ctx, SIUO_EIO, "a\x1b[2J\n%s\xff\xE2\x80\xAE", "\xC3\xA9"), SIUO_EIO);
  ck_assert_str_eq(siuo_ctx_errmsg(ctx), "a\\x1B[2J\\x0A\xC3\xA9\\xFF\\xE2\\x80\\xAE");
  char text[5000];
  memset(text, 'x', sizeof text);
  text[sizeof text - 1] = '\0';
  siuop_fail(ctx, SIUO_EIO, "%s", text);
  ck_assert_uint_lt(strlen(siuo_ctx_errmsg(ctx)), 1100);
  siuop_log(ctx, SIUO_LOG_NOTE, "nobody listens");
  siuo_ctx_options_init(&o, sizeof o);
  o.log = log_line;
  o.log_user_data = user;
  ck_assert_int_eq(siuo_ctx_new(&other, &o), SIUO_OK);
  siuop_log(other, SIUO_LOG_WARNING, "%d\t%s", 5, "items");
  ck_assert_str_eq(logged, "2 user 5\\x09items");
  siuo_ctx_free(other);
}
END_TEST

START_TEST(memory)
{
  size_t capacity = 0;
  int *array = NULL;
  ck_assert_ptr_null(siuop_alloc(ctx, SIZE_MAX / 2, 4)); /* no overflow */
  ck_assert_str_eq(siuo_ctx_errmsg(ctx), "out of memory");
  void *nothing = siuop_alloc(ctx, 0, 4);
  ck_assert_ptr_nonnull(nothing);
  siuop_free(ctx, nothing);
  siuop_free(ctx, NULL);
  ck_assert_int_eq(siuop_reserve(ctx, &array, &capacity, 3, sizeof *array), SIUO_OK);
  ck_assert_uint_ge(capacity, 3);
  array[2] = 7;
  ck_assert_int_eq(siuop_reserve(ctx, &array, &capacity, 1000, sizeof *array), SIUO_OK);
  ck_assert_int_eq(array[2], 7);
  ck_assert_int_eq(siuop_reserve(ctx, &array, &capacity, SIZE_MAX / 2, sizeof *array), SIUO_ENOMEM);
  ck_assert_int_eq(array[2], 7);
  siuop_free(ctx, array);
}
END_TEST

START_TEST(status_texts)
{
  for (int status = SIUO_ECANCELED; status <= SIUO_RETRY; status++)
    ck_assert_uint_gt(strlen(siuo_strerror(status)), 5);
  ck_assert_str_eq(siuo_strerror(SIUO_ENOMEM), "out of memory");
  ck_assert_str_eq(siuo_strerror(12345), "unknown status");
  ck_assert_str_eq(siuo_strerror(-1), "unknown status");
}
END_TEST

START_TEST(version)
{
  int major = 0, minor = 0, patch = 0;
  ck_assert_int_eq(sscanf(siuo_version_str(), "%d.%d.%d", &major, &minor, &patch), 3);
  ck_assert_uint_eq(siuo_version_num(), (unsigned)(major * 10000 + minor * 100 + patch));
  ck_assert_int_eq(siuo_has_feature(99), 0);
}
END_TEST

/* ---- structs that grow ---- */

struct v1 {
  uint32_t size, a;
};
struct v2 {
  uint32_t size, a;
  uint64_t b;
};
struct v3 {
  uint32_t size, a;
  uint64_t b, c;
};

START_TEST(older_and_newer_callers)
{
  const struct v2 defaults = {0, 1, 2};
  struct v1 old;
  struct v3 longer;
  struct v2 ours = defaults;
  ck_assert_int_eq(siuop_abi_init(&old, sizeof old, &defaults, sizeof defaults, sizeof old), SIUO_OK);
  ck_assert_uint_eq(old.size, sizeof old);
  ck_assert_uint_eq(old.a, 1);
  old.a = 9;
  ck_assert_int_eq(siuop_abi_import(&ours, sizeof ours, &old, sizeof old), SIUO_OK);
  ck_assert(ours.a == 9 && ours.b == 2 && ours.size == sizeof ours);
  ck_assert_int_eq(siuop_abi_init(&longer, sizeof longer, &defaults, sizeof defaults, sizeof old), SIUO_OK);
  ck_assert(longer.a == 1 && longer.b == 2 && longer.c == 0);
  ck_assert_int_eq(siuop_abi_import(&ours, sizeof ours, &longer, sizeof old), SIUO_OK); /* a tail of zeroes */
  longer.c = 1;
  ck_assert_int_eq(siuop_abi_import(&ours, sizeof ours, &longer, sizeof old), SIUO_EABI);
  old.size = 4;
  ck_assert_int_eq(siuop_abi_import(&ours, sizeof ours, &old, sizeof old), SIUO_EABI);
  old.size = 12;
  ck_assert_int_eq(siuop_abi_import(&ours, sizeof ours, &old, sizeof old), SIUO_EABI);
  longer.size = sizeof longer;
  ck_assert_int_eq(siuop_abi_export(&longer, &defaults, sizeof defaults, sizeof old), SIUO_OK);
  ck_assert(longer.size == sizeof longer && longer.b == 2 && longer.c == 0);
  old.size = sizeof old;
  ck_assert_int_eq(siuop_abi_export(&old, &defaults, sizeof defaults, sizeof old), SIUO_OK);
  ck_assert(old.size == sizeof old && old.a == 1);
}
END_TEST

/* ---- buffers ---- */

START_TEST(buffers)
{
  siuo_buf *b = NULL;
  ck_assert_str_eq(siuo_buf_data(NULL), "");
  ck_assert_uint_eq(siuo_buf_size(NULL), 0);
  ck_assert_int_eq(siuop_buf_new(&b, ctx), SIUO_OK);
  ck_assert_str_eq(siuo_buf_data(b), "");
  for (int i = 0; i < 1000; i++)
    ck_assert_int_eq(siuop_buf_printf(b, "%d,", i), SIUO_OK);
  ck_assert_uint_eq(siuo_buf_size(b), 3890);
  ck_assert_str_eq(siuo_buf_data(b) + 3886, "999,");
  siuop_buf_drop(b, 3886);
  ck_assert_str_eq(siuo_buf_data(b), "999,");
  siuop_buf_add_char(b, 'x', 3);
  siuop_buf_add(b, "\0z", 2);
  ck_assert_uint_eq(siuo_buf_size(b), 9);
  ck_assert_ptr_null(siuop_buf_room(b, SIZE_MAX - 4));
  ck_assert_int_eq(siuop_buf_status(b), SIUO_ENOMEM); /* sticks */
  ck_assert_int_eq(siuop_buf_add_text(b, "more"), SIUO_ENOMEM);
  ck_assert_uint_eq(siuo_buf_size(b), 9);
  siuo_buf_free(b);
  siuo_buf_free(NULL);
}
END_TEST

/* ---- digests ---- */

START_TEST(digests)
{
  static const struct {
    const char *text;
    int times;
    const char *sum;
  } cases[] = {{"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
               {"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
               {"aaaaaaaaaa", 100000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct siuop_digest d;
    char hex[SIUOP_DIGEST_HEX];
    siuop_digest_init(&d);
    for (int k = 0; k < cases[i].times; k++)
      siuop_digest_add(&d, cases[i].text, strlen(cases[i].text));
    siuop_digest_hex(&d, hex);
    ck_assert_str_eq(hex, cases[i].sum);
  }
  ck_assert_uint_eq(siuop_crc32("123456789", 9), 0xCBF43926u);
  ck_assert_uint_eq(siuop_crc32("", 0), 0);
}
END_TEST

/* The paper's own, of 15 bytes, and its authors' list for every length: of key and message 0, 1, 2 … Here are the
 * lengths around each word's end. */
START_TEST(siphash)
{
  static const struct {
    size_t len;
    uint64_t hash;
  } vectors[] = {
      {0, UINT64_C(0x726fdb47dd0e0e31)},  {1, UINT64_C(0x74f839c593dc67fd)},  {2, UINT64_C(0x0d6c8009d9a94f5a)},
      {3, UINT64_C(0x85676696d7fb7e2d)},  {4, UINT64_C(0xcf2794e0277187b7)},  {5, UINT64_C(0x18765564cd99a68d)},
      {6, UINT64_C(0xcbc9466e58fee3ce)},  {7, UINT64_C(0xab0200f58b01d137)},  {8, UINT64_C(0x93f5f5799a932462)},
      {9, UINT64_C(0x9e0082df0ba9e4b0)},  {10, UINT64_C(0x7a5dbbc594ddb9f3)}, {11, UINT64_C(0xf4b32f46226bada7)},
      {12, UINT64_C(0x751e8fbc860ee5fb)}, {13, UINT64_C(0x14ea5627c0843d90)}, {14, UINT64_C(0xf723ca908e7af2ee)},
      {15, UINT64_C(0xa129ca6149be45e5)}, {16, UINT64_C(0x3f2acc7f57c29bdb)}, {31, UINT64_C(0x32d892fad841c342)},
      {32, UINT64_C(0x7127512f72f27cce)}, {63, UINT64_C(0x958a324ceb064572)},
  };
  static const struct siuop_siphash_key key = {{UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)}};
  unsigned char message[64];
  for (size_t i = 0; i < sizeof message; i++)
    message[i] = (unsigned char)i;
  for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
    ck_assert_uint_eq(siuop_siphash(&key, message, vectors[i].len), vectors[i].hash);
}
END_TEST

/* ---- arenas, indexes, sorting ---- */

START_TEST(arenas)
{
  struct siuop_arena a;
  siuop_arena_init(&a, ctx);
  char *first = siuop_arena_copy(&a, "first", 5);
  struct siuop_arena_mark mark = siuop_arena_mark(&a);
  for (int i = 0; i < 1000; i++) {
    char *block = siuop_arena_alloc(&a, 1000);
    ck_assert_ptr_nonnull(block);
    ck_assert_uint_eq((uintptr_t)block % 16, 0);
    memset(block, 0xEE, 1000);
  }
  ck_assert_ptr_nonnull(siuop_arena_alloc(&a, 1 << 20));
  ck_assert_ptr_null(siuop_arena_alloc(&a, SIZE_MAX - 10));
  siuop_arena_rewind(&a, mark);
  ck_assert_str_eq(first, "first");
  siuop_arena_free(&a);
}
END_TEST

START_TEST(indexes)
{
  struct siuop_index x;
  siuop_index_init(&x, ctx);
  size_t place = 0;
  ck_assert_uint_eq(siuop_index_find(&x, 1, &place), SIZE_MAX);
  ck_assert_int_eq(siuop_index_reserve(&x, 10000), SIUO_OK);
  for (size_t i = 0; i < 10000; i++)
    siuop_index_put(&x, i % 100, i); /* a hundred of each hash */
  for (uint64_t hash = 0; hash < 100; hash++) {
    size_t found = 0;
    place = 0;
    for (size_t n; (n = siuop_index_find(&x, hash, &place)) != SIZE_MAX; found++)
      ck_assert_uint_eq(n % 100, hash);
    ck_assert_uint_eq(found, 100);
  }
  ck_assert_uint_ne(siuop_index_hash(&x, 1, "1001", 4), siuop_index_hash(&x, 2, "1001", 4));
  siuop_index_free(&x);
}
END_TEST

static int compare_values(const void *a, const void *b, const void *values)
{
  const int *v = values;
  return v[*(const size_t *)a] - v[*(const size_t *)b];
}

START_TEST(sorting)
{
  int values[500] = {0};
  size_t numbers[500];
  for (size_t count = 0; count < 500; count += count < 20 ? 1 : 37) {
    unsigned state = 1;
    for (size_t i = 0; i < count; i++) {
      state = state * 1103515245u + 12345u;
      values[i] = (int)(state >> 16 & 63);
      numbers[i] = i;
    }
    siuop_sort(numbers, count, compare_values, values);
    for (size_t i = 1; i < count; i++)
      ck_assert_int_le(values[numbers[i - 1]], values[numbers[i]]);
  }
}
END_TEST

START_TEST(orders)
{
  static const char *const ids[] = {"1", "2", "10", "1001", "01", "1a", "a"}; /* as they stand */
  static const char *const categories[] = {"self-harm", "morality", "privacy violation", "Morality", "zebra"};
  for (size_t i = 0; i < 7; i++)
    for (size_t k = 0; k < 7; k++) {
      int order = siuop_id_compare(ids[i], strlen(ids[i]), ids[k], strlen(ids[k]));
      ck_assert_msg((order > 0) - (order < 0) == (i > k) - (i < k), "%s, %s: %d", ids[i], ids[k], order);
    }
  for (size_t i = 0; i < 5; i++)
    for (size_t k = 0; k < 5; k++) {
      int order = siuop_category_compare(categories[i], strlen(categories[i]), categories[k], strlen(categories[k]));
      ck_assert_int_eq((order > 0) - (order < 0), (i > k) - (i < k));
    }
  unsigned items = 0;
  for (int i = 0; i < SIUOP_DOMAIN_COUNT; i++)
    items += siuop_domains()[i].items;
  ck_assert_uint_eq(items, SIUOP_BENCHMARK_ITEMS);
  ck_assert_int_eq(siuop_is_benchmark_id("9021", 4), 1);
  ck_assert_int_eq(siuop_is_benchmark_id("9022", 4), 0);
  ck_assert_int_eq(siuop_is_benchmark_id("01001", 5), 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("base");
  TCase *tc = tcase_create("all");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, context_options);
  tcase_add_test(tc, messages);
  tcase_add_test(tc, memory);
  tcase_add_test(tc, status_texts);
  tcase_add_test(tc, version);
  tcase_add_test(tc, older_and_newer_callers);
  tcase_add_test(tc, buffers);
  tcase_add_test(tc, digests);
  tcase_add_test(tc, siphash);
  tcase_add_test(tc, arenas);
  tcase_add_test(tc, indexes);
  tcase_add_test(tc, sorting);
  tcase_add_test(tc, orders);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
