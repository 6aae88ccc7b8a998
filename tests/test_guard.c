/* test_guard.c: guard models as judges: categories of harm beside their verdicts, protocols for their forms. */
#include "support/support.h"

#include "judge_guard.h"

#include <stdlib.h>
#include <string.h>

/* ---- lists of categories ---- */

/* The categories of a list, each with a blank behind it, as they are read out of a copy of exactly its bytes. */
static void list_categories(const char *text, char *out)
{
  struct siuop_categories c;
  struct siuop_category each;
  size_t len = strlen(text);
  char *copy = malloc(len + (len == 0));
  ck_assert_ptr_nonnull(copy);
  memcpy(copy, text, len);
  *out = '\0';
  siuop_categories_of_list(&c, copy, 0, len);
  ck_assert_int_eq(siuop_is_category_list(copy, 0, len), c.at < c.to);
  while (siuop_categories_next(&c, &each)) {
    strncat(out, each.s, each.len);
    strcat(out, " ");
  }
  free(copy);
}

START_TEST(lists_of_categories)
{
  static const char *const rows[][2] = {
      {"S1", "S1 "},
      {"S1,S2", "S1 S2 "},
      {"\n S10, S2 \n", "S10 S2 "},
      {"O3", "O3 "},
      {"S1\nS14.", "S1 S14 "},
      {"S1 and S2", "S1 S2 "},
      {"S1, S2, and S5", "S1 S2 S5 "},
      {"[S1, S2]", "S1 S2 "},
      {"['S1', \"S2\"]", "S1 S2 "},
      {"**S1**; `S2`", "S1 S2 "},
      {"- S1\n- S2", "S1 S2 "},
      {"S3<|eot_id|>", "S3 "},
      {"S3 </s>\n", "S3 "},
      {"S2: Non-Violent Crimes", "S2 "},
      {"S2: Non-Violent Crimes, S6: Specialized Advice.", "S2 S6 "},
      {"S1 - Violent Crimes\nS10 (Hate)", "S1 S10 "},
      {"S1 \xE2\x80\x93 Violent Crimes", "S1 "},
      {"S11. Suicide & Self-Harm", "S11 "},
      {"O2: Violence, Harm, or Cruelty", "O2 "},
      {"O5: Regulated or Controlled Substances, O6: Self-Harm", "O5 O6 "},
      {"S2 S2", "S2 S2 "},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char got[200];
    list_categories(rows[i][0], got);
    ck_assert_msg(strcmp(got, rows[i][1]) == 0, "%s: got %s", rows[i][0], got);
  }
}
END_TEST

START_TEST(prose_is_no_list_of_categories)
{
  static const char *const rows[] = {"",
                                     " \n ",
                                     "none",
                                     "S",
                                     "S0",
                                     "S123",
                                     "s1",
                                     "SS1",
                                     "S1a",
                                     "S1-3b",
                                     "S\xE2\x80\x93",
                                     "OK",
                                     "safe",
                                     "Violent Crimes",
                                     "S1: the person asks how to open a lock",
                                     "S1 does not apply",
                                     "S1: No\nS2: Yes",
                                     "S1: None",
                                     "S2: Non-Violent Crimes. That is my view.",
                                     "S1 of the",
                                     "S1, because it might hurt",
                                     "S1\nViolent Crimes",
                                     "S1\nsafe",
                                     "S1?",
                                     "not S1",
                                     "<response>S1",
                                     "S1 <a>"};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char got[200];
    list_categories(rows[i], got);
    ck_assert_msg(got[0] == '\0', "%s: got %s", rows[i], got);
  }
}
END_TEST

static Suite *guard_suite(void)
{
  Suite *s = suite_create("guard");
  TCase *lists = tcase_create("lists");
  tcase_add_test(lists, lists_of_categories);
  tcase_add_test(lists, prose_is_no_list_of_categories);
  suite_add_tcase(s, lists);
  return s;
}

int main(void)
{
  return support_run(guard_suite());
}
