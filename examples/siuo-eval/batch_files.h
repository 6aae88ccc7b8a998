/* batch_files.h: a wave of jobs, written into the batch files of their APIs. */
#ifndef SIUO_EVAL_BATCH_FILES_H
#define SIUO_EVAL_BATCH_FILES_H

#include "evaluation.h"

struct batch_files;

/* Files to be in the evaluation's folder. NULL: out of memory. */
struct batch_files *batch_files_new(const struct evaluation *e);

/* Adds a job's request: EXIT_DONE, or EXIT_USE after saying why. *added is 0 where its API has no batch files. */
int batch_files_add(struct batch_files *f, const siuo_job *job, int *added);

/* Gives the files their names, all of them written, and prints them: an exit status. */
int batch_files_finish(struct batch_files *f);

/* Takes away what has no name yet. NULL is fine. */
void batch_files_free(struct batch_files *f);

#endif
