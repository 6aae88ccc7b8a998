/* sweep.c: the allocation sweep: every allocation of a scenario fails once. */
#include "support.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define MOST_ALLOCATIONS 100000
#define GUARD            16 /* bytes before a block, which hold its size and a mark */
#define MARK             UINT64_C(0x73697563616c6c6f)

/* Counts what the library and jansson allocate, and fails one of them. */
static struct {
  long count; /* allocations so far in this run */
  long fail;  /* the one that fails; -1: none */
  int fired;
  long live;
  size_t last;                   /* size of the last allocation, if nothing was released since */
  char spared[MOST_ALLOCATIONS]; /* allocations that are not made to fail */
} memory;

static int may_allocate(size_t size)
{
  ck_assert_int_lt(memory.count, MOST_ALLOCATIONS);
  memory.last = size;
  if (memory.count++ != memory.fail)
    return 1;
  memory.fired = 1;
  return 0;
}

/* jansson's buffer for the token at hand doubles, and jansson does not look whether it could: then it drops bytes, or
 * aborts. Nothing outside jansson can help that, so these allocations, each followed by the release of half its size,
 * are told apart in the first run and spared. */
static void note_release(size_t size)
{
  if (memory.fail < 0 && size >= 16 && memory.last == 2 * size)
    memory.spared[memory.count - 1] = 1;
  memory.last = 0;
}

static void *take(size_t size)
{
  if (!may_allocate(size))
    return NULL;
  unsigned char *block = malloc(size + GUARD);
  if (block == NULL)
    abort();
  uint64_t head[2] = {size, MARK};
  memcpy(block, head, GUARD);
  memset(block + GUARD, 0xA5, size); /* nothing may rely on zeroes */
  memory.live++;
  return block + GUARD;
}

static void give_back(void *block)
{
  uint64_t head[2];
  if (block == NULL)
    return;
  memcpy(head, (unsigned char *)block - GUARD, GUARD);
  if (head[1] != MARK)
    abort(); /* not a block of ours, or released twice */
  note_release((size_t)head[0]);
  memset((unsigned char *)block - GUARD, 0x5A, head[0] + GUARD);
  memory.live--;
  free((unsigned char *)block - GUARD);
}

static void *ctx_allocate(size_t size, void *user_data)
{
  (void)user_data;
  return take(size);
}

static void *ctx_reallocate(void *block, size_t size, void *user_data)
{
  uint64_t old = 0;
  (void)user_data;
  void *grown = take(size);
  if (grown == NULL || block == NULL)
    return grown;
  memcpy(&old, (unsigned char *)block - GUARD, sizeof old);
  memcpy(grown, block, old < size ? (size_t)old : size);
  memory.last = 0; /* this one's failure is ours to handle */
  give_back(block);
  return grown;
}

static void ctx_release(void *block, void *user_data)
{
  (void)user_data;
  give_back(block);
}

/* One run in which allocation n fails (-1: none does). */
static void run(const char *name, support_scenario scenario, void *data, long n)
{
  siuo_ctx_options options;
  siuo_ctx *ctx = NULL;
  ck_assert_int_eq(siuo_ctx_options_init(&options, sizeof options), SIUO_OK);
  options.allocate = ctx_allocate;
  options.reallocate = ctx_reallocate;
  options.release = ctx_release;
  memory.count = 0;
  memory.fail = n;
  memory.fired = 0;
  memory.live = 0;
  int rc = siuo_ctx_new(&ctx, &options);
  if (rc == SIUO_OK) {
    rc = scenario(ctx, data);
    if (rc != SIUO_OK)
      ck_assert_msg(*siuo_ctx_errmsg(ctx) != '\0', "%s: allocation %ld fails without a message", name, n);
  }
  ck_assert_msg(memory.fired == (n >= 0), "%s: allocation %ld was not reached", name, n);
  ck_assert_msg(rc == (n >= 0 ? SIUO_ENOMEM : SIUO_OK), "%s: allocation %ld fails, and the result is %d (%s): %s", name,
                n, rc, siuo_strerror(rc), siuo_ctx_errmsg(ctx));
  siuo_ctx_free(ctx);
  ck_assert_msg(memory.live == 0, "%s: %ld blocks are left when allocation %ld fails", name, memory.live, n);
}

void support_sweep(const char *name, support_scenario scenario, void *data)
{
  if (support_is_valgrind())
    return; /* far too slow there, and the sweep watches its memory itself */
  memset(memory.spared, 0, sizeof memory.spared);
  json_set_alloc_funcs(take, give_back);
  run(name, scenario, data, -1);
  long count = memory.count;
  for (long n = 0; n < count; n++)
    if (!memory.spared[n])
      run(name, scenario, data, n);
  json_set_alloc_funcs(malloc, free);
  ck_assert_msg(count > 0, "%s: nothing was allocated, so nothing was tried", name);
}
