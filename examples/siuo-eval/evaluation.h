/* evaluation.h: an evaluation opened from its options and its folder, for every command that goes on with one. */
#ifndef SIUO_EVAL_EVALUATION_H
#define SIUO_EVAL_EVALUATION_H

#include "costs.h"
#include "run_options.h"
#include "secrets.h"

struct evaluation {
  const struct run_options *o;
  siuo_ctx *ctx;
  siuo_dataset *dataset;
  siuo_images *images;
  siuo_protocol *protocol;
  siuo_session *session; /* with everything that its journal holds */
  siuo_journal *journal;
  int is_new;                         /* there was no journal */
  int made_folder;                    /* nor a folder */
  struct jobs jobs;                   /* what is left to ask */
  siuo_replay *replay;                /* NULL: servers are asked */
  char *system, *extra, *judge_extra; /* files' texts; NULL: none */
  const char *at_fault;               /* the file that a failure comes from; NULL: its message says so */
  int too_short;          /* the kind of question whose answers its API can't have as short as asked; 0: none */
  char last_warning[600]; /* also where none is shown */
  char failures[4096];    /* what may help where questions failed; "": nothing is known */
  struct secrets secrets;
  struct endpoint model, judges[MOST_JUDGES], effectiveness_judges[MOST_JUDGES]; /* where to ask */
};

/* Opens data, pictures, protocol, session and journal: EXIT_DONE, or EXIT_USE after saying why. Closed in any case by
 * evaluation_close(). */
int evaluation_open(struct evaluation *e, const struct run_options *o);
void evaluation_close(struct evaluation *e);

/* Whom a kind of question is put to: a status. */
int evaluation_target(const struct evaluation *e, int kind, uint32_t judge, siuo_target *out);

/* Takes what other runs were told, before anybody is asked, and says how much: EXIT_DONE, or EXIT_USE after saying why.
 */
int evaluation_reuse(struct evaluation *e);

/* The items that were asked for. */
siuo_cursor_options evaluation_selection(const struct evaluation *e);

/* What is asked for in all. */
struct expected evaluation_expected(const struct evaluation *e);

/* EXIT_STOPPED after saying that too much of that was cut off, else EXIT_DONE. */
int evaluation_check_cut_off(const struct evaluation *e);

/* Says in one line, on standard error, what is done, and what it took of servers (NULL: none were asked). */
void evaluation_say_progress(const struct evaluation *e, const struct costs *costs);

/* Whether the journal is new, and nothing was answered. It is then removed: its settings would bind the next run for
 * nothing. (An older one may hold what this run does not ask for.) */
int evaluation_discard(const struct evaluation *e);

/* Writes the results files and report.json, and prints the report: an exit status. */
int evaluation_report(const struct evaluation *e);

#endif
