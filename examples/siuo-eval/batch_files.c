/* batch_files.c: a wave of jobs, written into the batch files of their APIs. */
#include "batch_files.h"

#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 4096
#define BESIDE    ".partial" /* behind the name of a file that is being written */

/* One file. */
struct part {
  char path[PATH_SIZE];
  const char *posted_to;
  uint64_t requests, bytes;
  int named; /* it has its name */
  struct part *next;
};

/* The files of one API and model. */
struct group {
  const struct party *party;
  siuo_batch_file form;
  FILE *file;           /* of the last part; NULL: it is closed */
  struct part *current; /* NULL: there is none yet */
  unsigned parts;
};

struct batch_files {
  const struct evaluation *e;
  uint64_t wave; /* replies that the evaluation held: the same wave gets the same names */
  struct group groups[1 + MOST_JUDGES];
  size_t group_count;
  struct part *parts, **end;
};

struct batch_files *batch_files_new(const struct evaluation *e)
{
  siuo_progress p;
  struct batch_files *f = calloc(1, sizeof *f);
  p.size = sizeof p;
  if (f == NULL || siuo_session_progress(e->session, &p) != SIUO_OK) {
    free(f);
    return NULL;
  }
  f->e = e;
  f->wave = p.restored + p.answered; /* those that were reused just now, too */
  f->end = &f->parts;
  return f;
}

void batch_files_free(struct batch_files *f)
{
  char beside[PATH_SIZE + sizeof BESIDE];
  if (f == NULL)
    return;
  for (size_t i = 0; i < f->group_count; i++)
    if (f->groups[i].file != NULL)
      fclose(f->groups[i].file);
  while (f->parts != NULL) {
    struct part *part = f->parts;
    f->parts = part->next;
    snprintf(beside, sizeof beside, "%s" BESIDE, part->path);
    if (!part->named)
      unlink(beside);
    free(part);
  }
  free(f);
}

/* ---- names ---- */

/* A model's name as part of a file's: other bytes than letters, digits, '.', '-' and '_' as %XX. Long names are cut,
 * and a sum of the whole follows. */
static void escape_model(const char *model, char *out, size_t size)
{
  enum { MOST = 100 };
  uint64_t sum = UINT64_C(0xCBF29CE484222325); /* FNV-1a */
  size_t len = 0;
  for (const char *c = model; *c != '\0'; c++) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";
    sum = (sum ^ (unsigned char)*c) * UINT64_C(0x100000001B3);
    if (len <= MOST)
      len += (size_t)snprintf(out + len, size - len, strchr(plain, *c) != NULL ? "%c" : "%%%02X", (unsigned char)*c);
  }
  if (len > MOST)
    snprintf(out + MOST, size - MOST, "~%016llx", (unsigned long long)sum);
}

static int fail_file(const struct part *part, const char *what)
{
  return complain("%s: cannot %s it: %s", part->path, what, strerror(errno));
}

/* ---- writing ---- */

static int write_text(struct group *g, const char *text)
{
  size_t len = strlen(text);
  g->current->bytes += len;
  return fwrite(text, 1, len, g->file) == len ? EXIT_DONE : fail_file(g->current, "write");
}

static int start_part(struct batch_files *f, struct group *g)
{
  char model[200];
  char beside[PATH_SIZE + sizeof BESIDE];
  struct part *part = calloc(1, sizeof *part);
  if (part == NULL)
    return complain("out of memory");
  escape_model(g->party->model, model, sizeof model);
  int n = snprintf(part->path, sizeof part->path, "%s/batch-%llu-%s-%s-%u%s", f->e->o->out, (unsigned long long)f->wave,
                   siuo_api_name(g->party->api), model, ++g->parts, g->form.suffix);
  if (n < 0 || (size_t)n >= sizeof part->path) {
    free(part);
    return complain("--out %s: the path is too long", f->e->o->out);
  }
  part->posted_to = g->form.path;
  g->current = *f->end = part;
  f->end = &part->next;
  snprintf(beside, sizeof beside, "%s" BESIDE, part->path);
  g->file = fopen(beside, "wb");
  return g->file == NULL ? fail_file(part, "write") : write_text(g, g->form.begin);
}

static int end_part(struct group *g)
{
  int status = write_text(g, g->form.end);
  if (status == EXIT_DONE && (fflush(g->file) != 0 || fsync(fileno(g->file)) != 0))
    status = fail_file(g->current, "write");
  if (fclose(g->file) != 0 && status == EXIT_DONE)
    status = fail_file(g->current, "write");
  g->file = NULL;
  return status;
}

/* Makes sure of a file that this many bytes still fit into. */
static int make_room(struct batch_files *f, struct group *g, const siuo_job *job, uint64_t size)
{
  const struct part *part = g->current;
  uint64_t around = strlen(g->form.begin) + strlen(g->form.end);
  if (around + size > g->form.max_bytes)
    return complain("the request of item %s has %llu bytes, more than a batch file may have (%llu)",
                    siuo_item_id(siuo_job_item(job), NULL), (unsigned long long)size,
                    (unsigned long long)g->form.max_bytes);
  if (g->file == NULL)
    return start_part(f, g);
  uint64_t after = part->bytes + strlen(g->form.separator) + size + strlen(g->form.end);
  if (part->requests < g->form.max_requests && after <= g->form.max_bytes)
    return write_text(g, g->form.separator);
  int status = end_part(g);
  return status == EXIT_DONE ? start_part(f, g) : status;
}

static int write_body(struct batch_files *f, struct group *g, siuo_body *body)
{
  static char bytes[65536];
  size_t got = 1;
  while (got > 0) {
    int rc = siuo_body_read(body, bytes, sizeof bytes, &got);
    if (rc != SIUO_OK)
      return complain_status(f->e->ctx, rc);
    if (fwrite(bytes, 1, got, g->file) != got)
      return fail_file(g->current, "write");
  }
  g->current->bytes += siuo_body_size(body);
  g->current->requests++;
  return EXIT_DONE;
}

/* ---- jobs ---- */

static uint64_t least(uint64_t limit, uint64_t asked)
{
  return asked > 0 && asked < limit ? asked : limit;
}

/* The files of the job's API and model; NULL: its API has none. */
static struct group *find_group(struct batch_files *f, const siuo_job *job)
{
  const struct run_options *o = f->e->o;
  const struct party *party = run_options_party(o, siuo_job_kind(job), siuo_job_judge(job));
  struct group *g = f->groups;
  while (g < f->groups + f->group_count && (g->party->api != party->api || strcmp(g->party->model, party->model) != 0))
    g++;
  if (g < f->groups + f->group_count)
    return g;
  g->form.size = sizeof g->form;
  if (siuo_batch_describe(&g->form, party->api) != SIUO_OK)
    return NULL;
  g->form.max_requests = least(g->form.max_requests, o->file_requests);
  g->form.max_bytes = least(g->form.max_bytes, o->file_bytes);
  g->party = party;
  f->group_count++;
  return g;
}

int batch_files_add(struct batch_files *f, const siuo_job *job, int *added)
{
  siuo_body *body = NULL;
  struct group *g = find_group(f, job);
  *added = g != NULL;
  if (g == NULL)
    return EXIT_DONE;
  int rc = siuo_batch_request(&body, f->e->ctx, job);
  if (rc != SIUO_OK)
    return complain_status(f->e->ctx, rc);
  int status = make_room(f, g, job, siuo_body_size(body));
  if (status == EXIT_DONE)
    status = write_body(f, g, body);
  siuo_body_free(body);
  return status;
}

/* ---- the end ---- */

static int name_part(struct part *part)
{
  char beside[PATH_SIZE + sizeof BESIDE];
  snprintf(beside, sizeof beside, "%s" BESIDE, part->path);
  if (rename(beside, part->path) != 0)
    return fail_file(part, "name");
  part->named = 1;
  return EXIT_DONE;
}

static void flush_folder(const char *path)
{
  int fd = open(path, O_RDONLY);
  if (fd >= 0) {
    fsync(fd); /* what does not stay is made again by the same command */
    close(fd);
  }
}

int batch_files_finish(struct batch_files *f)
{
  int status = EXIT_DONE;
  for (size_t i = 0; status == EXIT_DONE && i < f->group_count; i++)
    if (f->groups[i].file != NULL)
      status = end_part(&f->groups[i]);
  for (struct part *part = f->parts; status == EXIT_DONE && part != NULL; part = part->next)
    status = name_part(part);
  for (struct part *part = f->parts; status != EXIT_DONE && part != NULL; part = part->next)
    if (part->named)
      unlink(part->path); /* half a wave is none */
  if (status != EXIT_DONE)
    return status;
  flush_folder(f->e->o->out);
  for (const struct part *part = f->parts; part != NULL; part = part->next)
    printf("%s: %llu requests, %llu bytes, for %s\n", part->path, (unsigned long long)part->requests,
           (unsigned long long)part->bytes, part->posted_to);
  return finish_output();
}
