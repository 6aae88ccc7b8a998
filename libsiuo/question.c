/* question.c: what makes two questions the same: docs/session.md. */
#include "question.h"

#include <string.h>

int siuop_question_fill(const siuo_session *s, const struct siuop_case *c, const struct siuop_job_name *name,
                        siuo_buf **out)
{
  struct siuop_ordered ordered;
  const siuo_item *item = c->item;
  const char *response = NULL;
  size_t len = 0;
  if (name->kind == SIUO_JOB_CHOOSE && siuop_order_options(item, name->variant, &ordered))
    item = &ordered.item;
  if (name->kind == SIUO_JOB_JUDGE_SAFETY || name->kind == SIUO_JOB_JUDGE_EFFECTIVENESS) {
    const struct siuop_recorded_text *text = &c->slots[name->sample].text;
    response = text->s == NULL ? "" : text->s;
    len = text->len;
  }
  return siuo_prompt_fill(s->protocol, s->ctx, name->kind, s->o.rules, item, response, len, out);
}

/* A field that may be absent, which differs from an empty one. */
static void add_optional(struct siuop_digest *d, const char *text)
{
  siuop_digest_field(d, text == NULL ? "0" : "1", 1);
  siuop_digest_field(d, text == NULL ? "" : text, text == NULL ? 0 : strlen(text));
}

/* The numbers as bodies state them, and what a judge is held to. */
static int add_numbers(struct siuop_digest *d, const siuo_session *s, int kind, const siuo_target *t)
{
  siuo_buf *numbers = NULL;
  struct siuop_question q;
  int rc = siuop_buf_new(&numbers, s->ctx);
  if (rc != SIUO_OK)
    return rc;
  memset(&q, 0, sizeof q);
  q.target = t;
  q.kind = kind;
  q.manner = &s->protocol->manner;
  siuop_wire_temperature(numbers, t, "temperature=");
  siuop_wire_max_tokens(numbers, t, (t->omit & SIUO_OLD_MAX_TOKENS) != 0 ? ",old_max_tokens=" : ",max_tokens=");
  siuop_wire_seed(numbers, t, ",seed=");
  siuop_wire_schema(numbers, &q, ",schema=", SIUOP_SCHEMA_JSON, "");
  rc = siuop_buf_status(numbers);
  siuop_digest_field(d, siuo_buf_data(numbers), siuo_buf_size(numbers));
  siuo_buf_free(numbers);
  return rc;
}

/* The picture, and what the API is told of it. Where that is not its place, it is the default one. */
static void add_picture(struct siuop_digest *d, const siuo_target *t, const struct siuop_ask *ask, const char *picture)
{
  static const char *const places[] = {"none", "after", "before"}; /* by SIUOP_PICTURE_* */
  const struct siuop_wire *wire = siuop_wire(t->api);
  int says = wire == NULL ? ~0 : wire->says; /* a host with a way of its own is told all */
  int has_picture = ask->picture != SIUOP_PICTURE_NONE;
  add_optional(d, places[has_picture && (says & SIUOP_WIRE_PLACE) == 0 ? SIUOP_PICTURE_AFTER : ask->picture]);
  add_optional(d, has_picture && (says & SIUOP_WIRE_DETAIL) != 0 ? ask->detail : NULL);
  add_optional(d, picture);
}

int siuop_question_digest(const siuo_session *s, const struct siuop_case *c, const struct siuop_job_name *name,
                          const siuo_buf *prompt, char out[SIUOP_DIGEST_HEX])
{
  static const char label[] = "siuo-question/1";
  const siuo_target *t = &s->targets[name->kind - 1][name->judge];
  const struct siuop_ask *ask = &s->protocol->asks[name->kind - 1];
  const char *picture = ask->picture == SIUOP_PICTURE_NONE ? "" : siuo_images_digest(s->images, c->item);
  struct siuop_digest d;
  out[0] = '\0';
  if (picture == NULL || t->model == NULL)
    return SIUO_OK; /* what would be asked, or of whom, is not known */
  siuop_digest_init(&d);
  siuop_digest_field(&d, label, sizeof label - 1);
  add_optional(&d, siuo_api_name(t->api));
  add_optional(&d, t->model);
  add_optional(&d, t->system);
  int rc = add_numbers(&d, s, name->kind, t);
  if (rc != SIUO_OK)
    return rc;
  add_optional(&d, s->extras[name->kind - 1][name->judge]);
  add_picture(&d, t, ask, picture);
  siuop_digest_field(&d, siuo_buf_data(prompt), siuo_buf_size(prompt));
  siuop_digest_hex(&d, out);
  return SIUO_OK;
}
