/* test_bodies.c: the request bodies of whole evaluations, and what they cost. Each API's: test_wire.c. */
#include "support/host.h"
#include "support/os_faults.h"
#include "support/session_fixture.h"

#include "digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_body(struct siuop_digest *d, const siuo_job *job, size_t cap)
{
  static char bytes[70000];
  siuo_body *body = NULL;
  uint64_t total = 0;
  size_t got = 1;
  ck_assert_msg(siuo_job_body(job, ctx, &body) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  size_t half = siuo_body_size(body) < sizeof bytes ? (size_t)siuo_body_size(body) / 2 : sizeof bytes;
  ck_assert_int_eq(siuo_body_read(body, bytes, half, &got), SIUO_OK); /* an attempt that was cut, within the picture */
  ck_assert_int_eq(siuo_body_rewind(body), SIUO_OK);
  do {
    if (siuo_body_read(body, bytes, cap, &got) != SIUO_OK) /* asserting that costs more than reading 7 bytes */
      ck_abort_msg("%s", siuo_ctx_errmsg(ctx));
    siuop_digest_add(d, bytes, got);
    total += got;
  } while (got > 0);
  ck_assert_uint_eq(total, siuo_body_size(body));
  siuo_body_free(body);
}

/* Every body of an evaluation, however it is read, and its pictures' files are. */
START_TEST(bodies_are_always_the_same)
{
  static const size_t caps[] = {1000, 7, 65536};
  char sums[3][SIUOP_DIGEST_HEX];
  for (int i = 0; i < 3; i++) {
    siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 2);
    struct siuop_digest d;
    const siuo_job *job = NULL;
    siuo_session *s = session_with(&o, 0, i == 1 ? 4 : 0, SIUO_API_OPENAI, 2);
    siuop_digest_init(&d);
    os_faults.at_most = i == 2 ? 1000 : 0; /* which is no whole number of base64's groups */
    while (siuo_session_next(s, &job) == SIUO_OK) {
      add_body(&d, job, caps[i]);
      char *reply = host_body(job, siuo_job_count(job));
      ck_assert_int_eq(session_post(s, job, 200, reply, NULL), SIUO_OK);
      free(reply);
    }
    siuop_digest_hex(&d, sums[i]);
    siuo_session_free(s);
    os_faults.at_most = 0;
  }
  ck_assert_str_eq(sums[0], sums[2]);
  ck_assert_str_eq(sums[0], "d319ca32d5394875f54bdddd2de4b17e1178569db15fa9c48e3950cf58904d96");
}
END_TEST

/* As siuo-eval run makes them while it replays. */
START_TEST(bodies_of_a_replay)
{
  siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 3);
  struct siuop_digest d;
  char sum[SIUOP_DIGEST_HEX];
  siuo_replay *replay = NULL;
  const siuo_job *job = NULL;
  siuo_session *s = session_with(&o, 0, 0, SIUO_API_OPENAI, 1);
  ck_assert_int_eq(siuo_replay_open(&replay, ctx, support_path("examples/sample-suite/careful.jsonl")), SIUO_OK);
  siuop_digest_init(&d);
  while (siuo_session_next(s, &job) == SIUO_OK) {
    add_body(&d, job, 65536);
    ck_assert_int_eq(siuo_replay_answer(replay, s, job), SIUO_OK);
  }
  siuop_digest_hex(&d, sum);
  ck_assert_uint_eq(session_progress(s).answered, 173);
  ck_assert_str_eq(sum, "0526e476443853790b26e1022aacee0725845ac2198a201dfcac8efd7713e4e4");
  siuo_replay_free(replay);
  siuo_session_free(s);
}
END_TEST

/* Every body of a replay of the benchmark's own items, with stand-in pictures: 167 x 3 responses, judged, and choices.
 */
START_TEST(bodies_on_the_benchmark)
{
  char command[8400], folder[4096];
  struct siuop_digest d;
  char sum[SIUOP_DIGEST_HEX];
  siuo_dataset *own = data;
  const siuo_job *job = NULL;
  size_t count = 0, most = SIZE_MAX;
  if (support_shared_missing("bodies on the benchmark"))
    return;
  snprintf(folder, sizeof folder, "%s/layout", support_folder());
  snprintf(command, sizeof command, "%s/siuo/make-layout %s", support_shared(), folder);
  ck_assert_int_eq(system(command), 0);
  ck_assert_int_eq(siuo_dataset_open(&data, ctx, folder, NULL), SIUO_OK);
  siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 3);
  siuo_session *s = session_with(&o, 0, 0, SIUO_API_OPENAI, 1);
  siuop_digest_init(&d);
  if (support_is_valgrind()) /* a gigabyte would take it minutes */
    most = 100;
  for (; count < most && siuo_session_next(s, &job) == SIUO_OK; count++) {
    const char *reply =
        siuo_job_kind(job) == SIUO_JOB_GENERATE ? siuo_item_reference_answer(siuo_job_item(job), NULL) : "A";
    add_body(&d, job, 65536);
    ck_assert_int_eq(session_say(s, job, reply), SIUO_OK);
  }
  siuop_digest_hex(&d, sum);
  ck_assert_uint_eq(count, most == 100 ? 100 : 167 * 3 * 3 + 167);
  ck_assert_str_eq(sum, most == 100 ? "94e3f92b2cd8149867cc536ae5c036a54d874d7f0e359176d100a45b401e3e08"
                                    : "09d2ae1a9b142bb135488454cab560355ff8f50c7efdef6bab2429c2d5b84035");
  siuo_session_free(s);
  siuo_dataset_free(data);
  data = own;
}
END_TEST

/* An allocator that knows how much it has given out, and the most there was. */
static struct {
  size_t live, most;
} memory_use;

static void *count_allocate(size_t size, void *user)
{
  size_t *block = malloc(size + 16);
  (void)user;
  if (block == NULL)
    return NULL;
  *block = size;
  memory_use.live += size;
  memory_use.most = memory_use.live > memory_use.most ? memory_use.live : memory_use.most;
  return (char *)block + 16;
}

static void count_release(void *block, void *user)
{
  (void)user;
  if (block == NULL)
    return;
  memory_use.live -= *(size_t *)(void *)((char *)block - 16);
  free((char *)block - 16);
}

static void *count_reallocate(void *block, size_t size, void *user)
{
  char *more = count_allocate(size, user);
  if (more == NULL || block == NULL)
    return more;
  size_t old = *(size_t *)(void *)((char *)block - 16);
  memcpy(more, block, old < size ? old : size);
  count_release(block, user);
  return more;
}

START_TEST(a_large_picture_takes_little_memory)
{
  static const char items[] =
      "[{\"question_id\": 1, \"image\": \"large.png\", \"question\": \"Q\", \"category\": \"c\", "
      "\"safety_warning\": \"W.\", \"reference_answer\": \"R.\"}]";
  static char picture[4 << 20] = "\x89PNG\r\n\x1A\n";
  static char bytes[4096];
  siuo_ctx_options o;
  siuo_dataset_options d;
  siuo_ctx *own = NULL;
  siuo_dataset *ds = NULL;
  siuo_session *s = NULL;
  siuo_target t;
  siuo_body *body = NULL;
  const siuo_job *job = NULL;
  size_t got = 1;
  support_file("large.png", picture, sizeof picture);
  ck_assert_int_eq(siuo_ctx_options_init(&o, sizeof o), SIUO_OK);
  o.allocate = count_allocate;
  o.reallocate = count_reallocate;
  o.release = count_release;
  ck_assert_int_eq(siuo_ctx_new(&own, &o), SIUO_OK);
  ck_assert_int_eq(siuo_dataset_options_init(&d, sizeof d), SIUO_OK);
  d.image_dir = support_folder();
  ck_assert_int_eq(siuo_dataset_parse(&ds, ctx, items, sizeof items - 1, &d), SIUO_OK);
  ck_assert_int_eq(siuo_session_new(&s, ctx, ds, protocol, NULL), SIUO_OK);
  ck_assert_int_eq(siuo_target_init(&t, sizeof t, protocol, SIUO_JOB_GENERATE), SIUO_OK);
  t.api = SIUO_API_OPENAI;
  t.model = "m";
  ck_assert_int_eq(siuo_session_set_target(s, SIUO_JOB_GENERATE, 0, &t), SIUO_OK);
  ck_assert_int_eq(siuo_session_next(s, &job), SIUO_OK);
  memory_use.most = memory_use.live;
  size_t before = memory_use.live;
  ck_assert_msg(siuo_job_body(job, own, &body) == SIUO_OK, "%s", siuo_ctx_errmsg(own));
  ck_assert_uint_gt(siuo_body_size(body), sizeof picture / 3 * 4);
  while (got > 0)
    ck_assert_int_eq(siuo_body_read(body, bytes, sizeof bytes, &got), SIUO_OK);
  ck_assert_uint_lt(memory_use.most - before, 65536);
  siuo_body_free(body);
  ck_assert_uint_eq(memory_use.live, before);
  siuo_session_free(s);
  siuo_dataset_free(ds);
  siuo_ctx_free(own);
}
END_TEST

START_TEST(a_body_by_hand)
{
  static const char expected[] =
      "{\"model\":\"m\\\"1\",\"messages\":[{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":[";
  siuo_session *s = NULL;
  siuo_target t;
  siuo_body *body = NULL;
  char bytes[512];
  size_t got = 0;
  const siuo_job *job = NULL;
  ck_assert_int_eq(siuo_session_new(&s, ctx, data, protocol, NULL), SIUO_OK);
  ck_assert_int_eq(siuo_target_init(&t, sizeof t, protocol, SIUO_JOB_GENERATE), SIUO_OK);
  ck_assert_uint_eq(t.omit, SIUO_OMIT_SEED | SIUO_OMIT_TEMPERATURE);
  t.api = SIUO_API_OPENAI;
  t.model = "m\"1";
  t.system = "S";
  t.omit = 0;
  t.temperature = 0.25;
  t.seed = UINT64_MAX;
  ck_assert_int_eq(siuo_session_set_target(s, SIUO_JOB_GENERATE, 0, &t), SIUO_OK);
  ck_assert_int_eq(siuo_session_next(s, &job), SIUO_OK);
  ck_assert_int_eq(siuo_job_body(job, ctx, &body), SIUO_OK);
  ck_assert_int_eq(siuo_body_read(body, bytes, sizeof expected - 1, &got), SIUO_OK);
  ck_assert_int_eq(memcmp(bytes, expected, sizeof expected - 1), 0);
  ck_assert_int_eq(siuo_body_read(NULL, bytes, 1, &got), SIUO_EINVAL);
  ck_assert_int_eq(siuo_body_read(body, bytes, 1, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_body_read(body, NULL, 1, &got), SIUO_EINVAL);
  ck_assert_int_eq(siuo_body_rewind(NULL), SIUO_EINVAL);
  ck_assert_uint_eq(siuo_body_size(NULL), 0);
  uint64_t size = siuo_body_size(body);
  for (uint64_t at = got; at + 100 < size; at += got)
    ck_assert_int_eq(siuo_body_read(body, bytes, size - at - 100 < 512 ? (size_t)(size - at - 100) : 512, &got),
                     SIUO_OK);
  ck_assert_int_eq(siuo_body_read(body, bytes, sizeof bytes, &got), SIUO_OK);
  bytes[got] = '\0';
  ck_assert_ptr_nonnull(strstr(
      bytes, "\"}}]}],\"max_completion_tokens\":2048,\"temperature\":0.25,\"seed\":18446744073709551615,\"n\":3}"));
  siuo_body_free(body);
  siuo_session_free(s);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("bodies");
  TCase *tc = tcase_create("bodies");
  tcase_set_timeout(tc, 300);
  tcase_add_checked_fixture(tc, session_setup, session_teardown);
  tcase_add_test(tc, bodies_are_always_the_same);
  tcase_add_test(tc, bodies_of_a_replay);
  tcase_add_test(tc, bodies_on_the_benchmark);
  tcase_add_test(tc, a_large_picture_takes_little_memory);
  tcase_add_test(tc, a_body_by_hand);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
