/* session_notes.c: what a session says of the replies that it takes: another model, reasoning without words, failures.
 */
#include "session.h"

#include <stdio.h>
#include <string.h>

/* ---- who answers ---- */

/* Keeps what is said now; whether something else was said before. */
static int changes(const char **known, const char *now)
{
  int other = now != NULL && *known != NULL && strcmp(now, *known) != 0;
  if (now != NULL)
    *known = now;
  return other;
}

/* A run's numbers should come of one model: says where the server's word on it changes. */
void siuop_note_model(siuo_session *s, const struct siuop_job_name *name, int quietly)
{
  struct siuop_served *served = &s->served[name->kind - 1][name->judge];
  const char *then = served->model;
  if (changes(&served->model, s->reply.model) && !quietly)
    siuop_log(s->ctx, SIUO_LOG_WARNING, "%s: the server now answers as %.80s, and as %.80s before",
              siuop_kind_name(name->kind), served->model, then);
  then = served->fingerprint;
  if (changes(&served->fingerprint, s->reply.fingerprint) && !served->fingerprint_changed && !quietly) {
    served->fingerprint_changed = 1;
    siuop_log(s->ctx, SIUO_LOG_WARNING,
              "%s: what serves the model has changed: its system_fingerprint is now %.80s, and was %.80s before",
              siuop_kind_name(name->kind), served->fingerprint, then);
  }
  then = served->provider;
  if (changes(&served->provider, s->reply.provider) && !served->provider_changed && !quietly) {
    served->provider_changed = 1;
    siuop_log(s->ctx, SIUO_LOG_WARNING,
              "%s: the gateway now asks the provider %.80s, and asked %.80s before: one model may answer differently "
              "through each",
              siuop_kind_name(name->kind), served->provider, then);
  }
}

/* ---- reasoning without words ---- */

/* More tokens would not mend that. */
void siuop_note_reasoning(siuo_session *s, const struct siuop_job_name *name, uint64_t replies, int quietly)
{
  struct siuop_served *served = &s->served[name->kind - 1][name->judge];
  *(name->kind >= SIUO_JOB_JUDGE_SAFETY ? &s->progress.reasoned_judgements : &s->progress.reasoned) += replies;
  if (replies == 0 || served->reasoned || quietly)
    return;
  served->reasoned = 1;
  siuop_log(
      s->ctx, SIUO_LOG_WARNING,
      "%s: all words of a reply came as reasoning, though the model had finished: does the server's reasoning parser "
      "fit the model?",
      siuop_kind_name(name->kind));
}

/* ---- failures ---- */

/* Whether the words are about a picture. */
static int is_about_picture(const char *words)
{
  static const char *const signs[] = {"image", "Image", "picture", "media", "webp", "WebP", "decod"};
  for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
    if (strstr(words, signs[i]) != NULL)
      return 1;
  return 0;
}

/* Names the item's picture and its type, where that is one that not every server reads; "" else. */
static void name_picture(const siuo_session *s, const struct siuop_case *c, char *words, size_t size)
{
  siuo_image *image = NULL;
  words[0] = '\0';
  if (siuo_image_open(&image, s->ctx, s->ds, c->item) != SIUO_OK)
    return;
  const char *type = siuo_image_media_type(image);
  if (strcmp(type, "image/png") != 0 && strcmp(type, "image/jpeg") != 0)
    snprintf(words, size, " (its picture %.200s is %s: make it PNG or JPEG, which every server reads)",
             c->item->image.s, type);
  siuo_image_free(image);
}

void siuop_note_failure(siuo_session *s, const struct siuop_case *c, const struct siuop_job_name *name, int failed)
{
  char reason[sizeof s->reply.reason], picture[320] = "";
  snprintf(reason, sizeof reason, "%s", s->reply.reason[0] == '\0' ? "it ended without an answer" : s->reply.reason);
  if (failed && is_about_picture(reason))
    name_picture(s, c, picture, sizeof picture);
  siuop_log(s->ctx, SIUO_LOG_WARNING, "%s of item %.80s, sample %u %s: %s%s", siuop_kind_name(name->kind),
            c->item->id.s, (unsigned)name->sample, failed ? "failed" : "has an answer less", reason, picture);
}
