/* test_question.c: which questions are the same. */
#include "support/setting.h"

#include "digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one change at a time ---- */

START_TEST(what_is_asked_decides)
{
  struct setting others[] = {plain, plain, plain, plain, plain, plain, plain, plain, plain, plain, plain};
  const char *first = question_of(&plain);
  ck_assert_uint_eq(strlen(first), 64);
  others[0].api = SIUO_API_ANTHROPIC;
  others[1].model = "m2";
  others[2].system = "";
  others[3].temperature = 0.25;
  others[4].seed = 4;
  others[5].max_tokens = 78;
  others[6].omit = SIUO_OMIT_TEMPERATURE;
  others[7].omit = SIUO_OMIT_MAX_TOKENS;
  others[8].omit = SIUO_OMIT_SEED;
  others[9].omit = SIUO_OLD_MAX_TOKENS;
  others[10].extra = "{\"top_k\":1}";
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    ck_assert_msg(strcmp(question_of(&others[i]), first) != 0, "change %zu", i);
    for (size_t j = 0; j < i; j++)
      ck_assert_msg(strcmp(question_of(&others[i]), question_of(&others[j])) != 0, "changes %zu and %zu", i, j);
  }
}
END_TEST

/* A judge that is held to a schema is told so; a model is not. */
START_TEST(a_schema_is_asked)
{
  struct setting x = plain;
  char questions[2][65];
  for (int i = 0; i < 2; i++) {
    x.omit = i == 0 ? 0 : SIUO_JUDGE_SCHEMA;
    siuo_session *s = session_of(&x);
    ck_assert_int_eq(session_say(s, session_next(s, SIUO_JOB_GENERATE), "Fine."), SIUO_OK);
    snprintf(questions[i], sizeof questions[i], "%s", siuo_job_question(session_next(s, SIUO_JOB_JUDGE_SAFETY)));
    siuo_session_free(s);
  }
  ck_assert_str_ne(questions[0], questions[1]);
  ck_assert_str_eq(question_of(&x), question_of(&plain));
}
END_TEST

START_TEST(what_is_not_asked_does_not)
{
  struct setting same[] = {plain, plain, plain, plain, plain};
  same[0].n = 3;
  same[0].samples = 5;
  same[1].rules = SIUO_RULES_OLMO;
  same[2].omit = SIUO_OMIT_N;
  same[3].extra = "{ }";
  for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
    ck_assert_msg(strcmp(question_of(&same[i]), question_of(&plain)) == 0, "change %zu", i);
  struct setting a = plain, b = plain;
  a.extra = "{\"a\": 1, \"b\": {\"d\": 1.50, \"c\": 2}}";
  b.extra = "{\"b\":{\"c\":2,\"d\":1.5},\"a\":1}";
  ck_assert_str_eq(question_of(&a), question_of(&b));
  a = b = plain; /* fields that are left out have no value */
  a.omit = b.omit = SIUO_OMIT_TEMPERATURE | SIUO_OMIT_SEED | SIUO_OMIT_MAX_TOKENS;
  b.temperature = 1;
  b.seed = 9;
  b.max_tokens = 9;
  ck_assert_str_eq(question_of(&a), question_of(&b));
}
END_TEST

/* Puts the vendor's protocol, with one change to its text, in the place of the default one, which is returned. */
static siuo_protocol *use_vendor(const char *from, const char *to)
{
  size_t len = 0;
  char *text = support_read_file(support_path("tests/cases/protocol/vendor.json"), &len);
  char *place = from == NULL ? NULL : strstr(text, from);
  char changed[16384];
  siuo_protocol *own = protocol;
  snprintf(changed, sizeof changed, "%.*s%s%s", (int)(place == NULL ? (long)len : place - text), text,
           place == NULL ? "" : to, place == NULL ? "" : place + strlen(from));
  ck_assert(from == NULL || place != NULL);
  ck_assert_msg(siuo_protocol_parse(&protocol, ctx, changed, strlen(changed), NULL) == SIUO_OK, "%s",
                siuo_ctx_errmsg(ctx));
  free(text);
  return own;
}

static void put_back(siuo_protocol *own)
{
  siuo_protocol_free(protocol);
  protocol = own;
}

/* The first job of that kind. */
static const siuo_job *job_of(siuo_session *s, int kind)
{
  const siuo_job *job = session_next(s, SIUO_JOB_GENERATE);
  if (kind == SIUO_JOB_GENERATE)
    return job;
  ck_assert_int_eq(session_say(s, job, "Fine."), SIUO_OK);
  if (kind == SIUO_JOB_JUDGE_EFFECTIVENESS)
    session_next(s, SIUO_JOB_JUDGE_SAFETY);
  return session_next(s, kind);
}

/* The digest of item 1's question under the vendor's protocol, with a change to its text. */
static void vendor_question(const char *from, const char *to, int kind, char out[65])
{
  siuo_protocol *own = use_vendor(from, to);
  siuo_session *s = session_of(&plain);
  const siuo_job *job = job_of(s, kind);
  snprintf(out, 65, "%s", siuo_job_question(job) == NULL ? "" : siuo_job_question(job));
  siuo_session_free(s);
  put_back(own);
}

START_TEST(protocols)
{
  char first[65], other[65];
  vendor_question(NULL, NULL, SIUO_JOB_GENERATE, first);
  ck_assert_uint_eq(strlen(first), 64);
  vendor_question("vendor-2", "vendor-3", SIUO_JOB_GENERATE, other);
  ck_assert_str_eq(first, other); /* a name is not asked */
  vendor_question("\"before\"", "\"after\"", SIUO_JOB_GENERATE, other);
  ck_assert_str_ne(first, other);
  vendor_question("\"low\"", "\"high\"", SIUO_JOB_GENERATE, other);
  ck_assert_str_ne(first, other);
  vendor_question("\"Q: ", "\"Q:  ", SIUO_JOB_GENERATE, other);
  ck_assert_str_ne(first, other);
  siuo_images *kept = images;
  images = NULL; /* a question without a picture needs no digests */
  vendor_question(NULL, NULL, SIUO_JOB_GENERATE, other);
  ck_assert_str_eq(other, "");
  vendor_question(NULL, NULL, SIUO_JOB_JUDGE_SAFETY, other);
  ck_assert_uint_eq(strlen(other), 64);
  images = kept;
}
END_TEST

START_TEST(pictures)
{
  char item[512];
  char questions[2][65];
  snprintf(
      item, sizeof item,
      "[{\"question_id\": 1, \"image\": \"own.png\", \"question\": \"Q\", \"category\": \"c\", \"safety_warning\": "
      "\"W.\", \"reference_answer\": \"R.\"}]");
  for (int i = 0; i < 2; i++) {
    siuo_dataset *own_data = data;
    siuo_images *own_images = images;
    siuo_dataset_options o;
    support_file("own.png", i == 0 ? "\x89PNG\r\n\x1A\na" : "\x89PNG\r\n\x1A\nb", 9);
    ck_assert_int_eq(siuo_dataset_options_init(&o, sizeof o), SIUO_OK);
    o.image_dir = support_folder();
    ck_assert_int_eq(siuo_dataset_parse(&data, ctx, item, strlen(item), &o), SIUO_OK);
    ck_assert_int_eq(siuo_images_new(&images, ctx, data), SIUO_OK);
    snprintf(questions[i], sizeof questions[i], "%s", question_of(&plain));
    siuo_images_free(images);
    siuo_dataset_free(data);
    data = own_data;
    images = own_images;
  }
  ck_assert_uint_eq(strlen(questions[0]), 64);
  ck_assert_str_ne(questions[0], questions[1]);
}
END_TEST

/* ---- questions and bodies ---- */

/* Changes to a setting and to the vendor's protocol. */
static const struct form {
  const char *from, *to; /* of the protocol's text */
  uint64_t omit, seed;
  int32_t max_tokens;
  const char *system, *extra;
} forms[] = {
    {NULL, NULL, 0, 3, 77, NULL, NULL},
    {NULL, NULL, 0, 4, 77, NULL, NULL},
    {NULL, NULL, 0, 3, 78, NULL, NULL},
    {NULL, NULL, SIUO_OMIT_TEMPERATURE, 3, 77, NULL, NULL},
    {NULL, NULL, SIUO_OMIT_SEED, 3, 77, NULL, NULL},
    {NULL, NULL, SIUO_OMIT_SEED, 4, 77, NULL, NULL},
    {NULL, NULL, SIUO_OMIT_N, 3, 77, NULL, NULL},
    {NULL, NULL, SIUO_OMIT_MAX_TOKENS, 3, 77, NULL, NULL},
    {NULL, NULL, SIUO_OMIT_MAX_TOKENS, 3, 78, NULL, NULL},
    {NULL, NULL, SIUO_OLD_MAX_TOKENS, 3, 77, NULL, NULL},
    {NULL, NULL, SIUO_OLD_MAX_TOKENS | SIUO_OMIT_MAX_TOKENS, 3, 77, NULL, NULL},
    {NULL, NULL, SIUO_JUDGE_SCHEMA, 3, 77, NULL, NULL},
    {NULL, NULL, 0, 3, 77, "S", NULL},
    {NULL, NULL, 0, 3, 77, NULL, "{\"top_k\":1}"},
    {"\"before\"", "\"after\"", 0, 3, 77, NULL, NULL},
    {"\"low\"", "\"high\"", 0, 3, 77, NULL, NULL},
    {"\"detail\": \"low\",", "", 0, 3, 77, NULL, NULL},
    {"\"picture\": \"none\"", "\"picture\": \"after\"", 0, 3, 77, NULL, NULL},
};
#define FORM_COUNT (sizeof forms / sizeof forms[0])

/* The question's digest and the body's own. */
static void sums_of(const struct form *form, int api, int kind, char question[65], char body[65])
{
  struct setting x = plain;
  struct siuop_digest d;
  int rc = SIUO_OK;
  siuo_protocol *own = use_vendor(form->from, form->to);
  x.api = api;
  x.model = api == SIUO_API_LLAMACPP ? "llava-1.5" : "m";
  x.omit = form->omit;
  x.seed = form->seed;
  x.max_tokens = form->max_tokens;
  x.system = form->system;
  x.extra = form->extra;
  siuo_session *s = session_of(&x);
  const siuo_job *job = job_of(s, kind);
  snprintf(question, 65, "%s", siuo_job_question(job));
  const char *text = body_text(job, &rc);
  ck_assert_msg(rc == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  siuop_digest_init(&d);
  siuop_digest_add(&d, text, strlen(text));
  siuop_digest_hex(&d, body);
  siuo_session_free(s);
  put_back(own);
}

/* Of one API and model, two questions are the same exactly if their bodies are. */
START_TEST(the_same_body_is_the_same_question)
{
  static const int kinds[] = {SIUO_JOB_GENERATE, SIUO_JOB_JUDGE_SAFETY, SIUO_JOB_JUDGE_EFFECTIVENESS};
  char questions[FORM_COUNT][65], bodies[FORM_COUNT][65];
  size_t same = 0, others = 0;
  for (int api = SIUO_API_OPENAI; api <= SIUO_API_LLAMACPP; api++)
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
      for (size_t i = 0; i < FORM_COUNT; i++) {
        int has_system = forms[i].system != NULL;
        sums_of(&forms[has_system && api == SIUO_API_LLAMACPP ? 0 : i], api, kinds[k], questions[i], bodies[i]);
        for (size_t j = 0; j < i; j++) {
          int is_same = strcmp(bodies[i], bodies[j]) == 0;
          ck_assert_msg((strcmp(questions[i], questions[j]) == 0) == is_same, "%s, kind %d: forms %zu and %zu",
                        siuo_api_name(api), kinds[k], i, j);
          same += (size_t)is_same;
          others += (size_t)!is_same;
        }
      }
  ck_assert_uint_gt(same, 100);
  ck_assert_uint_gt(others, 1000);
}
END_TEST

/* What a journal's first line says of a target is what its requests hold. */
START_TEST(descriptions_say_what_is_asked)
{
  static const struct {
    int api;
    uint64_t omit;
    int has_cap, has_seed;
  } rows[] = {
      {SIUO_API_OPENAI, 0, 1, 1},
      {SIUO_API_OPENAI, SIUO_OMIT_MAX_TOKENS | SIUO_OMIT_SEED, 0, 0},
      {SIUO_API_OPENAI_RESPONSES, 0, 1, 0},
      {SIUO_API_ANTHROPIC, 0, 1, 0},
      {SIUO_API_ANTHROPIC, SIUO_OMIT_MAX_TOKENS, 1, 0},
      {SIUO_API_OLLAMA, 0, 1, 1},
      {SIUO_API_TEXT, SIUO_OMIT_MAX_TOKENS, 0, 1},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct setting x = plain;
    siuo_buf *words = NULL;
    x.api = rows[i].api;
    x.omit = rows[i].omit;
    x.system = "S";
    siuo_session *s = session_of(&x);
    ck_assert_int_eq(siuo_session_describe(s, ctx, &words), SIUO_OK);
    ck_assert_msg((strstr(siuo_buf_data(words), "\"max_tokens\":77") != NULL) == rows[i].has_cap, "row %zu", i);
    ck_assert_msg((strstr(siuo_buf_data(words), "\"seed\":3") != NULL) == rows[i].has_seed, "row %zu", i);
    ck_assert_ptr_nonnull(strstr(siuo_buf_data(words), "\"system\":\"S\""));
    siuo_buf_free(words);
    siuo_session_free(s);
  }
}
END_TEST

/* An answer each request where the API has no n, however many are wanted. */
START_TEST(answers_of_a_request)
{
  static const uint32_t counts[] = {1, 3, 1, 1, 3, 1, 1}; /* by SIUO_API_* */
  for (int api = SIUO_API_TEXT; api <= SIUO_API_LLAMACPP; api++) {
    struct setting x = plain;
    x.api = api;
    x.model = api == SIUO_API_LLAMACPP ? "llava-1.5" : "m";
    x.n = 3;
    x.samples = 3;
    for (x.omit = 0; x.omit <= SIUO_OMIT_N; x.omit += SIUO_OMIT_N) {
      siuo_session *s = session_of(&x);
      ck_assert_uint_eq(siuo_job_count(session_next(s, SIUO_JOB_GENERATE)), x.omit == 0 ? counts[api] : 1);
      siuo_session_free(s);
    }
  }
}
END_TEST

/* A template has a system prompt of its own, or none. */
START_TEST(a_raw_prompt_has_no_system)
{
  siuo_target t;
  siuo_session *s = session_of(&plain);
  ck_assert_int_eq(siuo_target_init(&t, sizeof t, protocol, SIUO_JOB_CHOOSE), SIUO_OK);
  t.api = SIUO_API_LLAMACPP;
  t.model = "llava-1.5";
  t.system = "";
  support_expect_error(ctx, siuo_session_set_target(s, SIUO_JOB_CHOOSE, 0, &t), SIUO_EINVAL, "no system prompt");
  siuo_session_free(s);
}
END_TEST

/* A host's own way may tell the model all that there is to tell. */
START_TEST(without_an_api_all_of_it_decides)
{
  struct setting x = plain;
  char first[65], other[65];
  x.api = SIUO_API_TEXT;
  for (int i = 0; i < 3; i++) {
    siuo_protocol *own = use_vendor(i == 1   ? "\"before\""
                                    : i == 2 ? "\"low\""
                                             : NULL,
                                    i == 1 ? "\"after\"" : "\"high\"");
    snprintf(i == 0 ? first : other, 65, "%s", question_of(&x));
    put_back(own);
    ck_assert(i == 0 || strcmp(first, other) != 0);
  }
}
END_TEST

/* What was recorded stays known: the digests of a question as siuo-eval asks it, by API. */
START_TEST(digests_stay)
{
  static const char *const known[] = {
      "27baebc114fe70a5ed343cae7be691fa77a60e28917a36e113daacce0715b797",
      "22bcc0840b50cb3009413777dd794f367ee2e7acffbeaff63233716d762679fe",
      "22ad3401fc652ae2a9ce95cdbece174ff2a408efa19254fbaaed245163c87875",
      "86975c7043791231f45bc6e32cc7c84e8cfc723212745b5ad558195df4922b21",
      "93b62cac096c7cd1d4b0ba83fb3fd4307be55b522416013c7e1d88b116c53351",
      "c41056ae5c4703290aab9e5424351085d75414a8e2f8e49f1f31761baa77fc7c",
      "88beeb337761236546445be6e186900e12734d2e981f01cf5894a72193fbd0b4",
  };
  for (int api = SIUO_API_TEXT; api <= SIUO_API_LLAMACPP; api++) {
    struct setting x = plain;
    x.api = api;
    x.model = api == SIUO_API_LLAMACPP ? "llava-1.5" : "m";
    x.omit = SIUO_OMIT_SEED;
    ck_assert_msg(strcmp(question_of(&x), known[api]) == 0, "%s: %s", siuo_api_name(api), question_of(&x));
  }
}
END_TEST

/* A body asks for it, a batch file does not; the question stays the same one. */
START_TEST(a_stream_is_asked_for)
{
  struct setting x = plain;
  siuo_body *body = NULL;
  static char bytes[200000];
  size_t got = 0;
  int rc;
  for (x.api = SIUO_API_OPENAI; x.api <= SIUO_API_ANTHROPIC; x.api++) {
    const char *question = question_of(&x);
    siuo_session *s = session_of(&x);
    support_expect_error(ctx, siuo_session_set_stream(s, 9, 0, 1), SIUO_EINVAL, "kind 9");
    support_expect_error(ctx, siuo_session_set_stream(s, SIUO_JOB_JUDGE_SAFETY, 1, 1), SIUO_EINVAL, "judge 1");
    ck_assert_int_eq(siuo_session_set_stream(NULL, SIUO_JOB_GENERATE, 0, 1), SIUO_EINVAL);
    ck_assert_int_eq(siuo_session_set_stream(s, SIUO_JOB_GENERATE, 0, 7), SIUO_OK);
    const siuo_job *job = session_next(s, SIUO_JOB_GENERATE);
    ck_assert_str_eq(siuo_job_question(job), question);
    ck_assert_ptr_nonnull(strstr(body_text(job, &rc), ",\"stream\":true"));
    ck_assert_int_eq(siuo_batch_request(&body, ctx, job), SIUO_OK);
    ck_assert_uint_lt(siuo_body_size(body), sizeof bytes);
    ck_assert_int_eq(siuo_body_read(body, bytes, sizeof bytes - 1, &got), SIUO_OK);
    bytes[got] = '\0';
    ck_assert_ptr_null(strstr(bytes, "\"stream\""));
    siuo_body_free(body);
    support_expect_error(ctx, siuo_session_set_stream(s, SIUO_JOB_GENERATE, 0, 0), SIUO_ESTATE, "before the first job");
    siuo_session_free(s);
  }
}
END_TEST

START_TEST(questions_that_are_not_known)
{
  struct setting x = plain;
  siuo_session_options o = session_options_of(SIUO_RULES_STANDARD, 1);
  siuo_session *s = NULL;
  ck_assert_ptr_null(siuo_job_question(NULL));
  x.api = SIUO_API_TEXT;
  ck_assert_uint_eq(strlen(question_of(&x)), 64);
  s = session_with(&o, SIUO_TASK_GENERATION, 1, SIUO_API_OPENAI, 1); /* without pictures' digests */
  const siuo_job *job = session_next(s, SIUO_JOB_GENERATE);
  ck_assert_ptr_null(siuo_job_question(job));
  support_expect_error(ctx, siuo_session_set_images(s, images), SIUO_ESTATE, "before the first job");
  ck_assert_int_eq(session_say(s, job, "Fine."), SIUO_OK);
  ck_assert_ptr_null(strstr(session_sink.line, "question"));
  siuo_session_free(s);
  ck_assert_int_eq(siuo_session_new(&s, ctx, data, protocol, &o), SIUO_OK); /* the host's own model, without a name */
  ck_assert_int_eq(siuo_session_set_images(s, images), SIUO_OK);
  ck_assert_int_eq(siuo_session_next(s, &job), SIUO_OK);
  ck_assert_ptr_null(siuo_job_question(job));
  siuo_session_free(s);
  ck_assert_int_eq(siuo_session_set_images(NULL, images), SIUO_EINVAL);
}
END_TEST

START_TEST(lines_say_the_question)
{
  struct setting x = plain;
  char expected[128], line[65536];
  x.samples = 2;
  siuo_session *s = session_of(&x), *again = session_of(&x);
  const siuo_job *job = session_next(s, SIUO_JOB_GENERATE);
  uint64_t id = siuo_job_id(job);
  snprintf(expected, sizeof expected, "\"question\":\"%s\"", siuo_job_question(job));
  ck_assert_int_eq(session_say(s, job, "Fine."), SIUO_OK);
  ck_assert_ptr_nonnull(strstr(session_sink.line, expected));
  snprintf(line, sizeof line, "%s", session_sink.line);
  ck_assert_int_eq(siuo_session_submit_text(again, id, "Fine.", 5), SIUO_OK); /* never handed out */
  ck_assert_str_eq(session_sink.line, line);
  siuo_session_free(again);
  again = session_of(&x);
  ck_assert_int_eq(siuo_session_restore(again, line, strlen(line)), SIUO_OK);
  siuo_session_free(again);
  ck_assert_int_eq(siuo_session_fail(s, siuo_job_id(session_next(s, SIUO_JOB_GENERATE)), "gone"), SIUO_OK);
  ck_assert_ptr_null(strstr(session_sink.line, "question"));
  ck_assert_int_eq(siuo_session_submit_verdict(s, siuo_job_id(session_next(s, SIUO_JOB_JUDGE_SAFETY)), 1), SIUO_OK);
  ck_assert_ptr_null(strstr(session_sink.line, "question"));
  siuo_session_free(s);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("question");
  TCase *tc = tcase_create("questions");
  tcase_set_timeout(tc, 300);
  tcase_add_checked_fixture(tc, setting_setup, setting_teardown);
  tcase_add_test(tc, what_is_asked_decides);
  tcase_add_test(tc, a_schema_is_asked);
  tcase_add_test(tc, what_is_not_asked_does_not);
  tcase_add_test(tc, protocols);
  tcase_add_test(tc, pictures);
  tcase_add_test(tc, the_same_body_is_the_same_question);
  tcase_add_test(tc, without_an_api_all_of_it_decides);
  tcase_add_test(tc, descriptions_say_what_is_asked);
  tcase_add_test(tc, answers_of_a_request);
  tcase_add_test(tc, a_raw_prompt_has_no_system);
  tcase_add_test(tc, digests_stay);
  tcase_add_test(tc, a_stream_is_asked_for);
  tcase_add_test(tc, questions_that_are_not_known);
  tcase_add_test(tc, lines_say_the_question);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
