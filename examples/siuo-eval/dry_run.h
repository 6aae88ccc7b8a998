/* dry_run.h: what a run would ask, and about what it would cost. */
#ifndef SIUO_EVAL_DRY_RUN_H
#define SIUO_EVAL_DRY_RUN_H

#include "evaluation.h"

/* Prints it; sends nothing and writes nothing. An exit status. */
int dry_run(struct evaluation *e);

#endif
