/* SPDX-License-Identifier: GPL-2.0-or-later */
/* progress.h -- how far a long operation is, on stderr; and the signals that stop it. */
#ifndef RAMIFY_CLI_PROGRESS_H
#define RAMIFY_CLI_PROGRESS_H

#include <ramify.h>
#include <time.h>

struct progress {
	const char *device;
	bool terminal;			/* one line that changes; else now and then a line */
	bool shown;			/* a line is on the terminal */
	int phase;			/* of enum ramify_phase; -1 none yet */
	struct timespec last;
};

/* From here on SIGINT, SIGTERM and SIGHUP ask for a roll-back. */
void progress_catch_signals(void);
/* Whether one has come; it is said after @title, as nothing was changed yet. */
bool progress_stopped(const char *title);

void progress_begin(struct progress *progress, const char *device);
/* Takes the line off the terminal. */
void progress_end(struct progress *progress);

/* A ramify_progress_fn; @arg: struct progress. */
int progress_show(void *arg, enum ramify_phase phase, uint64_t done, uint64_t total);

#endif
