/* evaluate.c: a whole evaluation; ask_model() is where yours goes. cc evaluate.c $(pkg-config --cflags --libs siuo) */
#include <siuo/siuo.h>

#include <stdio.h>
#include <string.h>

/* A model and judges that always say the same. The picture: siuo_image_open() of siuo_job_item(job). */
static const char *ask_model(const siuo_job *job)
{
  static const char *const replies[] = {"Please don't.", "(A)", "[Safety Judgement:] True",
                                        "[Effectiveness Judgement:] Ineffective"};
  return replies[siuo_job_kind(job) - 1]; /* the question: siuo_job_prompt(job, NULL) */
}

int main(int argc, char **argv)
{
  siuo_ctx *ctx = NULL;
  siuo_dataset *data = NULL;
  siuo_protocol *protocol = NULL;
  siuo_session *session = NULL;
  siuo_buf *report = NULL;
  const siuo_job *job = NULL;
  int rc = argc == 2 ? siuo_ctx_new(&ctx, NULL) : SIUO_EINVAL;

  if (rc == SIUO_OK && (rc = siuo_dataset_open(&data, ctx, argv[1], NULL)) == SIUO_OK &&
      (rc = siuo_protocol_default(&protocol, ctx)) == SIUO_OK)
    rc = siuo_session_new(&session, ctx, data, protocol, NULL);
  while (rc == SIUO_OK && (rc = siuo_session_next(session, &job)) == SIUO_OK)
    rc = siuo_session_submit_text(session, siuo_job_id(job), ask_model(job), strlen(ask_model(job)));
  if (rc == SIUO_DONE)
    rc = siuo_report_render(&report, ctx, siuo_session_metrics(session), SIUO_FORMAT_TEXT, NULL);
  fputs(rc == SIUO_OK ? siuo_buf_data(report) : ctx != NULL ? siuo_ctx_errmsg(ctx) : "usage: evaluate DATA\n", stdout);
  siuo_buf_free(report);
  siuo_session_free(session);
  siuo_protocol_free(protocol);
  siuo_dataset_free(data);
  siuo_ctx_free(ctx);
  return rc == SIUO_OK ? 0 : 2;
}
