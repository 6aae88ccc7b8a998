/* test_ids.c: ids of jobs, also where two items' codes, 40 bits of a digest over task and id, are the same. */
#include "support/session_fixture.h"

#include <stdio.h>
#include <string.h>

/* Found by trying. A code is that of the first item by task and id; the other has the code of another attempt. */
static const struct {
  const char *generation[2], *choice; /* ids; NULL: there is none */
  uint64_t codes[2];                  /* of the first, of the other */
} clashes[] = {
    {{"332696", "997125"}, NULL, {0x286c35a90d, 0x961682f455}},
    {{"1621928", "619886"}, NULL, {0xc30ef32e52, 0x4a47e435d3}},
    {{"2109231", NULL}, "113448", {0x7076c74895, 0x2c1d78c22}},
};

static uint64_t code_of(const siuo_job *job)
{
  return siuo_job_id(job) >> 24;
}

static siuo_dataset *dataset_of(const char *first, const char *second, const char *choice)
{
  char path[4096], items[1000] = "[";
  siuo_dataset *ds = NULL;
  const char *ids[] = {first, second};
  for (int i = 0; i < 2 && ids[i] != NULL; i++)
    snprintf(items + strlen(items), sizeof items - strlen(items),
             "%s{\"question_id\": %s, \"image\": \"i.png\", \"question\": \"Q\", \"category\": \"c\", "
             "\"safety_warning\": \"W.\", \"reference_answer\": \"R.\"}",
             i == 0 ? "" : ",", ids[i]);
  strncat(items, "]", 2);
  support_file("siuo_gen.json", items, strlen(items));
  if (choice != NULL) {
    snprintf(items, sizeof items,
             "[{\"question_id\": %s, \"image\": \"i.png\", \"question\": \"Q\", \"category\": \"c\", \"options\": "
             "{\"A\": \"a\", \"B\": \"b\"}, \"correct_option\": \"A\"}]",
             choice);
    support_file("siuo_mcqa.json", items, strlen(items));
  }
  snprintf(path, sizeof path, "%s%s", support_folder(), choice == NULL ? "/siuo_gen.json" : "");
  ck_assert_msg(siuo_dataset_open(&ds, ctx, path, NULL) == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  return ds;
}

/* Whatever the order of the file, an item has the same code. */
START_TEST(codes_that_clash)
{
  const char *const *ids = clashes[_i].generation;
  const char *choice = clashes[_i].choice;
  for (int swapped = 0; swapped < (choice == NULL ? 2 : 1); swapped++) {
    siuo_dataset *own = data;
    const siuo_job *job = NULL;
    data = dataset_of(ids[swapped], ids[1 - swapped], choice);
    siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 1);
    siuo_session *s = session_with(&o, 0, 0, SIUO_API_TEXT, 1);
    for (int i = 0; i < 2; i++) {
      ck_assert_int_eq(siuo_session_next(s, &job), SIUO_OK);
      const char *id = siuo_item_id(siuo_job_item(job), NULL);
      int is_first = choice == NULL ? strcmp(id, ids[0]) == 0 : siuo_job_kind(job) == SIUO_JOB_GENERATE;
      ck_assert_msg(code_of(job) == clashes[_i].codes[!is_first], "%s: %llx", id, (unsigned long long)code_of(job));
    }
    siuo_session_free(s);
    siuo_dataset_free(data);
    data = own;
  }
}
END_TEST

/* Results name an item as the data did: as a number where it is one. */
START_TEST(ids_in_results)
{
  static const char *const ids[] = {"1001", "0", "\"007\"", "\"a-1\""};
  for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
    char expected[64];
    siuo_dataset *own = data;
    siuo_buf *results = NULL;
    data = dataset_of(ids[i], NULL, NULL);
    siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 1);
    siuo_session *s = session_with(&o, 0, 0, SIUO_API_TEXT, 1);
    ck_assert_int_eq(session_say(s, session_next(s, SIUO_JOB_GENERATE), "a"), SIUO_OK);
    ck_assert_int_eq(siuo_session_results(s, ctx, SIUO_TASK_GENERATION, &results), SIUO_OK);
    snprintf(expected, sizeof expected, "\"question_id\": %s,", ids[i]);
    ck_assert_msg(strstr(siuo_buf_data(results), expected) != NULL, "%s", siuo_buf_data(results));
    siuo_buf_free(results);
    siuo_session_free(s);
    siuo_dataset_free(data);
    data = own;
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("ids");
  TCase *tc = tcase_create("ids");
  tcase_add_checked_fixture(tc, session_setup, session_teardown);
  tcase_add_loop_test(tc, codes_that_clash, 0, (int)(sizeof clashes / sizeof clashes[0]));
  tcase_add_test(tc, ids_in_results);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
