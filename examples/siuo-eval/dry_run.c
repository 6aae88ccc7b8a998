/* dry_run.c: what a run would ask, and about what it would cost: the session's questions are counted, and answered with
 * texts of an expected length, so that the judges' questions follow. How tokens are estimated: docs/running.md. */
#include "dry_run.h"

#include "cli.h"
#include "prices.h"
#include "tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KINDS 4 /* SIUO_JOB_*, from 1 */

static const char *const kind_names[KINDS] = {"responses", "choices", "safety", "effectiveness"};

/* What one party is asked of one kind. */
struct row {
  uint64_t requests, uncertain; /* of them those that depend on responses to come */
  uint64_t pictures, picture_bytes, base64_bytes, body_bytes;
  double in, most_in, out, most_out; /* tokens */
};

struct plan {
  struct evaluation *e;
  struct prices *prices; /* NULL: not asked for */
  siuo_target targets[KINDS][MOST_JUDGES];
  struct row rows[KINDS][MOST_JUDGES];
  char *text; /* the response that is expected */
};

static uint32_t parties_of(const struct plan *p, int kind)
{
  return kind >= SIUO_JOB_JUDGE_SAFETY ? p->e->o->judge_count : 1;
}

static double expected_of(const struct plan *p, int kind, uint32_t judge)
{
  return tokens_expected(&p->targets[kind - 1][judge], kind);
}

/* ---- counting ---- */

static int add_picture(struct plan *p, const siuo_job *job, struct row *row)
{
  siuo_image *image = NULL;
  if (!siuo_job_has_picture(job))
    return SIUO_OK;
  int rc = siuo_image_open(&image, p->e->ctx, p->e->dataset, siuo_job_item(job));
  if (rc == SIUO_OK) {
    row->pictures++;
    row->picture_bytes += siuo_image_size(image);
    row->base64_bytes += (siuo_image_size(image) + 2) / 3 * 4;
  }
  siuo_image_free(image);
  return rc;
}

static int count_job(struct plan *p, const siuo_job *job, int uncertain)
{
  siuo_body *body = NULL;
  int kind = siuo_job_kind(job);
  uint32_t judge = siuo_job_judge(job);
  const siuo_target *t = &p->targets[kind - 1][judge];
  struct row *row = &p->rows[kind - 1][judge];
  uint32_t count = siuo_job_count(job);
  int rc = siuo_job_body(job, p->e->ctx, &body);
  if (rc == SIUO_OK)
    rc = add_picture(p, job, row);
  double in = tokens_sent(t, job);
  double longer = p->targets[0][0].max_tokens - expected_of(p, SIUO_JOB_GENERATE, 0); /* a response may be */
  row->requests++;
  row->uncertain += (uint64_t)uncertain;
  row->body_bytes += siuo_body_size(body);
  row->in += in;
  row->most_in += in + (uncertain ? longer : 0);
  row->out += count * expected_of(p, kind, judge);
  row->most_out += (double)count * t->max_tokens;
  siuo_body_free(body);
  return rc;
}

/* ---- answering ---- */

/* A reply of the API with `count` answers; the caller frees it; NULL: out of memory. */
static char *make_reply(int api, uint32_t count, const char *text)
{
  int is_gemini = api == SIUO_API_GEMINI;
  const char *begin = is_gemini ? "{\"content\":{\"parts\":[{\"text\":\"" : "{\"message\":{\"content\":\"";
  const char *end = is_gemini ? "\"}]}}" : "\"}}";
  size_t size = 64 + count * (strlen(begin) + strlen(text) + strlen(end) + 1);
  char *reply = malloc(size);
  size_t at = reply == NULL ? 0 : (size_t)snprintf(reply, size, "{\"%s\":[", is_gemini ? "candidates" : "choices");
  for (uint32_t i = 0; reply != NULL && i < count; i++)
    at += (size_t)snprintf(reply + at, size - at, "%s%s%s%s", i > 0 ? "," : "", begin, text, end);
  if (reply != NULL)
    snprintf(reply + at, size - at, "]}");
  return reply;
}

static int answer_job(struct plan *p, const siuo_job *job)
{
  siuo_session *s = p->e->session;
  uint64_t id = siuo_job_id(job);
  int kind = siuo_job_kind(job);
  if (kind >= SIUO_JOB_JUDGE_SAFETY)
    return siuo_session_submit_verdict(s, id, 1);
  if (siuo_job_count(job) == 1)
    return siuo_session_submit_text(s, id, p->text, strlen(p->text));
  char *reply = make_reply(p->targets[kind - 1][0].api, siuo_job_count(job), p->text);
  int rc = reply == NULL ? SIUO_ENOMEM : siuo_session_submit(s, id, 200, NULL, 0, reply, strlen(reply), NULL);
  free(reply);
  return rc;
}

/* Counts every question. Those that wait after the recorded replies are certain, the judging of what they bring is
 * not. */
static int count_jobs(struct plan *p)
{
  struct jobs *jobs = &p->e->jobs;
  const siuo_job *job = NULL;
  int rc = jobs_take_recorded(jobs);
  size_t certain = jobs->count;
  for (size_t i = 0; rc == SIUO_OK && (rc = jobs_next(jobs, &job)) == SIUO_OK; i++) {
    rc = count_job(p, job, i >= certain && siuo_job_kind(job) >= SIUO_JOB_JUDGE_SAFETY);
    if (rc == SIUO_OK)
      rc = answer_job(p, job);
  }
  return rc == SIUO_DONE ? SIUO_OK : rc;
}

/* ---- printing ---- */

/* "9999", "12 k", "3456 k", "12 M". */
static const char *about(double n, char out[16])
{
  if (n < 9999.5)
    snprintf(out, 16, "%.0f", n);
  else if (n < 9999500)
    snprintf(out, 16, "%.0f k", n / 1e3);
  else
    snprintf(out, 16, "%.0f M", n / 1e6);
  return out;
}

static const char *dollars(double n, char out[16])
{
  snprintf(out, 16, n < 100 ? "$%.2f" : "$%.0f", n);
  return out;
}

static void add_row(struct row *sum, const struct row *row)
{
  sum->requests += row->requests;
  sum->uncertain += row->uncertain;
  sum->pictures += row->pictures;
  sum->picture_bytes += row->picture_bytes;
  sum->base64_bytes += row->base64_bytes;
  sum->body_bytes += row->body_bytes;
  sum->in += row->in;
  sum->most_in += row->most_in;
  sum->out += row->out;
  sum->most_out += row->most_out;
}

static void print_row(const struct plan *p, const char *kind, const char *model, const struct row *row, int capped)
{
  char in[16], out[16], most[16];
  printf("%-16s %-24.24s %8llu %8llu  %9s %9s  %9s", kind, model, (unsigned long long)row->requests,
         (unsigned long long)row->pictures, about(row->in, in), about(row->out, out),
         capped ? about(row->most_out, most) : "no cap");
  if (p->prices == NULL)
    putchar('\n');
}

static void print_cost(const double cost[2], int known, int capped)
{
  char low[16], high[16];
  printf("  %9s  %9s\n", known ? dollars(cost[0], low) : "?",
         !known   ? "?"
         : capped ? dollars(cost[1], high)
                  : "no cap");
}

struct total {
  struct row row;
  double cost[2];      /* expected, at most */
  int capped, unknown; /* every answer has a cap; a price is missing */
};

static void print_party(const struct plan *p, int kind, uint32_t judge, struct total *total)
{
  const siuo_target *t = &p->targets[kind - 1][judge];
  const struct row *row = &p->rows[kind - 1][judge];
  struct price price;
  char name[32];
  int capped = tokens_have_cap(t) && (row->uncertain == 0 || tokens_have_cap(&p->targets[0][0]));
  if (row->requests == 0)
    return;
  if (parties_of(p, kind) > 1)
    snprintf(name, sizeof name, "%s %u", kind_names[kind - 1], (unsigned)judge + 1);
  else
    snprintf(name, sizeof name, "%s", kind_names[kind - 1]);
  print_row(p, name, t->model, row, tokens_have_cap(t));
  add_row(&total->row, row);
  total->capped &= capped;
  if (p->prices == NULL)
    return;
  int known = prices_find(p->prices, t->model, &price);
  const double cost[2] = {(row->in * price.input + row->out * price.output) / 1e6,
                          (row->most_in * price.input + row->most_out * price.output) / 1e6};
  print_cost(cost, known, capped);
  total->cost[0] += cost[0];
  total->cost[1] += cost[1];
  total->unknown |= !known;
}

static void print_table(const struct plan *p, struct total *total)
{
  memset(total, 0, sizeof *total);
  total->capped = 1;
  printf("%-16s %-24s %8s %8s  %9s %9s  %9s%s\n", "", "", "", "", "tokens in", "out", "out",
         p->prices == NULL ? "" : "       cost       cost");
  printf("%-16s %-24s %8s %8s  %9s %9s  %9s%s\n", "question", "model", "requests", "pictures", "about", "about",
         "at most", p->prices == NULL ? "" : "      about    at most");
  for (int kind = 1; kind <= KINDS; kind++)
    for (uint32_t judge = 0; judge < parties_of(p, kind); judge++)
      print_party(p, kind, judge, total);
  print_row(p, "together", "", &total->row, total->capped);
  if (p->prices != NULL)
    print_cost(total->cost, 1, total->capped);
}

static void print_bytes(const struct row *row)
{
  printf("Pictures: %llu, %.2f MB in their files and %.2f MB in base64; %.2f MB in all requests.\n",
         (unsigned long long)row->pictures, (double)row->picture_bytes / 1e6, (double)row->base64_bytes / 1e6,
         (double)row->body_bytes / 1e6);
}

static void print_known(const struct plan *p)
{
  const struct evaluation *e = p->e;
  siuo_progress progress;
  progress.size = sizeof progress;
  siuo_session_progress(e->session, &progress);
  if (progress.restored > 0)
    printf("Not counted: %llu replies that %s holds already.\n", (unsigned long long)progress.restored, e->o->out);
  if (e->jobs.reuse != NULL)
    printf("Not counted: %llu replies reused from %zu run%s.\n", (unsigned long long)e->jobs.reused, e->o->reuse_count,
           e->o->reuse_count == 1 ? "" : "s");
}

static void print_notes(const struct plan *p, const struct total *total)
{
  printf("\nAbout: a token is taken as %d bytes of text; a picture as", TOKEN_BYTES);
  for (int api = 1, first = 1; tokens_of_picture(api) > 0; api++)
    for (int kind = 1, said = 0; kind <= KINDS && !said; kind++)
      for (uint32_t j = 0; j < parties_of(p, kind) && !said; j++)
        if (p->targets[kind - 1][j].api == api && p->rows[kind - 1][j].pictures > 0) {
          printf("%s %.0f (%s)", first ? "" : ",", tokens_of_picture(api), siuo_api_name(api));
          first = 0;
          said = 1;
        }
  if (total->row.pictures == 0)
    printf(" none");
  printf(";\na response as %.0f, a choice as %.0f, a judgement as %.0f, or its cap if that is less. Servers count\n"
         "otherwise; reasoning that is not shown counts as output, up to the cap. Asking again comes on top.\n",
         tokens_of_kind(SIUO_JOB_GENERATE), tokens_of_kind(SIUO_JOB_CHOOSE), tokens_of_kind(SIUO_JOB_JUDGE_SAFETY));
  if (total->row.uncertain > 0)
    printf("At most: %llu of the judgements depend on responses to come; a blank, blocked or refused one needs none.\n",
           (unsigned long long)total->row.uncertain);
  if (p->e->o->panel == SIUO_PANEL_FALLBACK)
    printf("More: each judge that declines is followed by the next.\n");
  if (total->unknown)
    printf("Too low: the costs together leave out models that %s has no price for.\n", p->e->o->prices);
}

static void print_plan(const struct plan *p)
{
  struct total total;
  printf("Nothing is sent or written. What this run would ask:\n\n");
  print_table(p, &total);
  putchar('\n');
  print_bytes(&total.row);
  print_known(p);
  print_notes(p, &total);
}

/* ---- the whole ---- */

static int set_targets(struct plan *p)
{
  int rc = SIUO_OK;
  for (int kind = 1; kind <= KINDS; kind++)
    for (uint32_t judge = 0; rc == SIUO_OK && judge < parties_of(p, kind); judge++)
      rc = evaluation_target(p->e, kind, judge, &p->targets[kind - 1][judge]);
  return rc;
}

static int make_text(struct plan *p)
{
  size_t len = TOKEN_BYTES * (size_t)expected_of(p, SIUO_JOB_GENERATE, 0);
  p->text = malloc(len + 1);
  if (p->text == NULL)
    return SIUO_ENOMEM;
  memset(p->text, 'x', len);
  p->text[len] = '\0';
  return SIUO_OK;
}

int dry_run(struct evaluation *e)
{
  static struct plan plan;
  struct plan *p = &plan;
  memset(p, 0, sizeof *p);
  p->e = e;
  if (e->o->prices != NULL && (p->prices = prices_read(e->o->prices)) == NULL)
    return EXIT_USE;
  int rc = set_targets(p);
  if (rc == SIUO_OK)
    rc = make_text(p);
  if (rc == SIUO_OK)
    rc = count_jobs(p);
  if (rc == SIUO_OK)
    print_plan(p);
  free(p->text);
  prices_free(p->prices);
  return rc == SIUO_OK ? finish_output() : complain_status(e->ctx, rc);
}
