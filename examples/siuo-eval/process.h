/* process.h: what the program settles with the system before it begins, and files that it opens by itself. */
#ifndef SIUO_EVAL_PROCESS_H
#define SIUO_EVAL_PROCESS_H

#include <stdio.h>

/* First of all: standard streams that were closed must not become files of ours, and signals about files and pipes are
 * errors to report. */
void process_begin(void);

/* Ctrl-C, termination and a lost terminal call `handler` from now on; SIG_DFL: no more. What the process was started to
 * ignore for a lost terminal (nohup) stays ignored. */
void process_handle_signals(void (*handler)(int));

/* As fopen() to read, but that a pipe into which nobody writes reads as empty after a while. NULL and errno: failed. */
FILE *process_open_text(const char *path);

#endif
