/* batch.c: siuo-eval batch: an evaluation by the providers' batch files, a wave of questions after another. */
#include "batch_files.h"
#include "cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- export ---- */

/* Writes every job that can be asked now. *written, *others: those that are in files, those whose API has none. */
static int write_wave(struct evaluation *e, struct batch_files *files, uint64_t *written, uint64_t *others)
{
  const siuo_job *job = NULL;
  int status = EXIT_DONE;
  int added = 0;
  int rc = SIUO_OK;
  while (status == EXIT_DONE && (rc = jobs_next(&e->jobs, &job)) == SIUO_OK) {
    status = batch_files_add(files, job, &added);
    *written += (uint64_t)added;
    *others += (uint64_t)!added;
  }
  return rc < 0 ? complain_status(e->ctx, rc) : status;
}

static int export_wave(struct evaluation *e)
{
  uint64_t written = 0, others = 0;
  int status = evaluation_check_cut_off(e);
  if (status == EXIT_DONE)
    status = evaluation_reuse(e);
  if (status != EXIT_DONE)
    return status;
  struct batch_files *files = batch_files_new(e);
  status = files == NULL ? complain("out of memory") : write_wave(e, files, &written, &others);
  if (status == EXIT_DONE)
    status = batch_files_finish(files);
  batch_files_free(files);
  if (status != EXIT_DONE)
    return status;
  if (written == 0 && others == 0) {
    fprintf(stderr, "siuo-eval: nothing to export: every question is answered\n");
    return evaluation_report(e);
  }
  if (others > 0)
    complain("%llu questions are put to APIs without batch files: siuo-eval run, with the same options, asks them",
             (unsigned long long)others);
  if (written == 0)
    return EXIT_USE;
  fprintf(stderr,
          "siuo-eval: %llu requests to send; their output and error files go to siuo-eval batch import, with the same "
          "options\n",
          (unsigned long long)written);
  return EXIT_DONE;
}

/* An export that failed leaves nothing behind: no journal, which would bind other settings, and no folder. */
static void take_back(struct evaluation *e)
{
  if (e->session != NULL && evaluation_discard(e) && e->made_folder)
    rmdir(e->o->out); /* something else in it stays */
}

/* ---- import ---- */

static int is_fatal(int rc)
{
  return rc == SIUO_EIO || rc == SIUO_ENOMEM;
}

/* Takes the files, as far as they can be read. */
static int read_files(struct evaluation *e, siuo_batch *batch)
{
  int status = EXIT_DONE;
  int rc = SIUO_OK;
  for (int i = 0; i < e->o->file_count && !is_fatal(rc); i++) {
    rc = siuo_batch_read(batch, e->o->files[i]);
    if (rc != SIUO_OK)
      status = complain_status(e->ctx, rc);
  }
  if (!is_fatal(rc) && (rc = siuo_batch_finish(batch)) != SIUO_OK)
    status = complain_status(e->ctx, rc);
  rc = siuo_journal_sync(e->journal);
  return rc == SIUO_OK ? status : complain_status(e->ctx, rc);
}

static unsigned long long count_of(const siuo_batch *batch, int what)
{
  return siuo_batch_count(batch, what);
}

/* Says what became of the results; EXIT_USE if none was of this evaluation. */
static int say_counts(const siuo_batch *batch)
{
  unsigned long long taken = count_of(batch, SIUO_BATCH_TAKEN), failed = count_of(batch, SIUO_BATCH_FAILED);
  unsigned long long known = count_of(batch, SIUO_BATCH_KNOWN), foreign = count_of(batch, SIUO_BATCH_FOREIGN);
  unsigned long long held = count_of(batch, SIUO_BATCH_HELD);
  fprintf(stderr, "siuo-eval: %llu results taken, %llu failed, %llu known already, %llu of other questions\n", taken,
          failed, known, foreign);
  if (held > 0)
    complain("%llu results are left: the responses that they judge are not here; import those, then these again", held);
  if (foreign > 0 && taken + failed + known + held == 0)
    return complain("none of these results is of this evaluation");
  return EXIT_DONE;
}

/* What is to be done next; the report, if that is nothing. */
static int go_on(struct evaluation *e, uint64_t failed)
{
  const siuo_job *job = NULL;
  uint64_t ready = 0;
  int rc;
  if (evaluation_reuse(e) != EXIT_DONE)
    return EXIT_USE;
  while ((rc = jobs_next(&e->jobs, &job)) == SIUO_OK)
    ready++;
  if (rc < 0)
    return complain_status(e->ctx, rc);
  int status = ready == 0 ? evaluation_report(e) : EXIT_DONE;
  if (ready + failed > 0)
    fprintf(stderr, "siuo-eval: siuo-eval batch export writes the next %llu questions; %llu of them failed before\n",
            (unsigned long long)ready + failed, (unsigned long long)failed);
  return status;
}

static int import_files(struct evaluation *e)
{
  siuo_batch *batch = NULL;
  int rc = siuo_batch_new(&batch, e->session);
  if (rc != SIUO_OK)
    return complain_status(e->ctx, rc);
  int read = read_files(e, batch);
  int status = say_counts(batch);
  uint64_t failed = siuo_batch_count(batch, SIUO_BATCH_FAILED);
  siuo_batch_free(batch);
  evaluation_say_progress(e, NULL);
  if (status == EXIT_DONE)
    status = evaluation_check_cut_off(e);
  if (status == EXIT_DONE)
    status = go_on(e, failed);
  return read == EXIT_DONE ? status : read;
}

/* ---- the command ---- */

int run_batch(const struct command *self, int argc, char **argv)
{
  struct run_options o;
  struct evaluation e;
  int asked = 0;
  const char *verb = argc > 1 ? argv[1] : "";
  int is_export = strcmp(verb, "export") == 0;
  int has_verb = is_export || strcmp(verb, "import") == 0;
  if (!has_verb && strcmp(verb, "--help") != 0 && strcmp(verb, "-h") != 0)
    return complain("batch: expected export or import; see siuo-eval batch --help");
  int status = run_options_read_batch(&o, self, argc - has_verb, argv + has_verb, &asked);
  if (asked && is_export != (o.file_count == 0)) {
    status = is_export ? complain("batch export: unexpected argument %s", o.files[0])
                       : complain("batch import: no FILE; see siuo-eval batch --help");
  } else if (asked) {
    status = evaluation_open(&e, &o);
    if (status == EXIT_DONE)
      status = is_export ? export_wave(&e) : import_files(&e);
    if (status == EXIT_USE && is_export)
      take_back(&e);
    evaluation_close(&e);
  }
  return status;
}
