/* setting.c: sessions over one item that differ in one thing. */
#include "setting.h"

#include <stdio.h>
#include <string.h>

siuo_images *images;

void setting_setup(void)
{
  session_setup();
  ck_assert_int_eq(siuo_images_new(&images, ctx, data), SIUO_OK);
}

void setting_teardown(void)
{
  siuo_images_free(images);
  session_teardown();
}

const struct setting plain = {"plain", SIUO_API_OPENAI, "m", NULL, 0.5, 3, 0, 77, 1, NULL, SIUO_RULES_STANDARD, 1};

siuo_session *session_of(const struct setting *x)
{
  siuo_session_options o = session_options_of(x->rules, x->samples);
  siuo_session *s = session_with(&o, SIUO_TASK_GENERATION, 1, SIUO_API_OPENAI, x->n);
  ck_assert_int_eq(siuo_session_set_images(s, images), SIUO_OK);
  for (int kind = 1; kind <= 4; kind++) {
    siuo_target t;
    ck_assert_int_eq(siuo_target_init(&t, sizeof t, protocol, kind), SIUO_OK);
    t.api = x->api;
    t.model = x->model;
    t.system = x->system;
    t.temperature = x->temperature;
    t.seed = x->seed;
    t.omit = x->omit;
    t.max_tokens = x->max_tokens;
    t.n = x->n;
    ck_assert_int_eq(siuo_session_set_target(s, kind, 0, &t), SIUO_OK);
    if (x->extra != NULL)
      ck_assert_int_eq(siuo_session_set_extra(s, kind, 0, x->extra, strlen(x->extra)), SIUO_OK);
  }
  return s;
}

const char *question_of(const struct setting *x)
{
  static char question[8][65];
  static int next;
  siuo_session *s = session_of(x);
  const char *found = siuo_job_question(session_next(s, SIUO_JOB_GENERATE));
  next = (next + 1) % 8;
  snprintf(question[next], sizeof question[next], "%s", found == NULL ? "" : found);
  siuo_session_free(s);
  return question[next];
}

char *body_text(const siuo_job *job, int *rc)
{
  static char text[200000];
  siuo_body *body = NULL;
  size_t got = 0;
  *rc = siuo_job_body(job, ctx, &body);
  if (*rc == SIUO_OK) {
    ck_assert_uint_lt(siuo_body_size(body), sizeof text);
    ck_assert_int_eq(siuo_body_read(body, text, sizeof text, &got), SIUO_OK);
    ck_assert_uint_eq(got, siuo_body_size(body));
  }
  text[got] = '\0';
  siuo_body_free(body);
  return text;
}
