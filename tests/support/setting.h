/* setting.h: what the suites about questions share: sessions over one item that differ in one thing. */
#ifndef SUPPORT_SETTING_H
#define SUPPORT_SETTING_H

#include "session_fixture.h"

/* The pictures of the data; made before each test and freed after it by the next two, as session_setup() does. */
extern siuo_images *images;
void setting_setup(void);
void setting_teardown(void);

/* A session over one item, and what differs in it from another. */
struct setting {
  const char *name;
  int api;
  const char *model, *system;
  double temperature;
  uint64_t seed, omit;
  int32_t max_tokens, n;
  const char *extra;
  int rules;
  uint32_t samples;
};
extern const struct setting plain;

siuo_session *session_of(const struct setting *x);

/* The digest of its first question; "" for none. One of eight places, used in turn. */
const char *question_of(const struct setting *x);

/* The bytes of a job's body, valid until the next call; *rc is what making it gave. */
char *body_text(const siuo_job *job, int *rc);

#endif
