// SPDX-License-Identifier: GPL-2.0-or-later
/* progress.c -- how far a long operation is, on stderr; and the signals that stop it. */

#include "progress.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "out.h"

/* A terminal is written to so often at the most, a log so often. */
#define TERMINAL_MS 100
#define LOG_MS 5000

static const char *const phases[] = {
	[RAMIFY_PHASE_CONVERT] = "preparing",
	[RAMIFY_PHASE_SCRUB] = "scrubbing",
	[RAMIFY_PHASE_ADD] = "adding",
	[RAMIFY_PHASE_ONLINE] = "bringing online",
	[RAMIFY_PHASE_OFFLINE] = "evacuating",
	[RAMIFY_PHASE_REMOVE] = "removing",
	[RAMIFY_PHASE_MEASURE] = "measuring",
};

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	stopped = number;
}

void progress_catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	/* Nobody reads any more: no reason to die in the middle of it. */
	signal(SIGPIPE, SIG_IGN);
}

bool progress_stopped(const char *title)
{
	if (stopped)
		fprintf(stderr, "%s: interrupted; nothing was changed\n", title);
	return stopped;
}

void progress_begin(struct progress *progress, const char *device)
{
	*progress = (struct progress){
		.device = device, .terminal = isatty(STDERR_FILENO), .phase = -1,
	};
	clock_gettime(CLOCK_MONOTONIC, &progress->last);
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}

static bool is_due(struct progress *p, enum ramify_phase phase)
{
	struct timespec now;
	long ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (now.tv_sec - p->last.tv_sec) * 1000 + (now.tv_nsec - p->last.tv_nsec) / 1000000;
	if (ms < (p->terminal ? TERMINAL_MS : LOG_MS) && (!p->terminal || p->phase == (int)phase))
		return false;
	p->last = now;
	p->phase = phase;
	return true;
}

static void print_line(const struct progress *p, enum ramify_phase phase, uint64_t done,
		       uint64_t total)
{
	char done_text[OUT_SIZE_MAX], total_text[OUT_SIZE_MAX];

	if (p->terminal)
		fputs("\r\033[K", stderr);
	fprintf(stderr, "%s: %s", p->device, phases[phase]);
	/* What is not told in bytes has a total of 1. */
	if (phase == RAMIFY_PHASE_MEASURE)
		fprintf(stderr, ": %u of %u runs", (unsigned int)done, (unsigned int)total);
	else if (total > 1)
		fprintf(stderr, ": %s of %s", out_size(done_text, done),
			out_size(total_text, total));
	if (stopped)
		fputs(" (stopping)", stderr);
	if (!p->terminal)
		fputc('\n', stderr);
	fflush(stderr);
}

int progress_show(void *arg, enum ramify_phase phase, uint64_t done, uint64_t total)
{
	struct progress *p = arg;

	if (is_due(p, phase)) {
		print_line(p, phase, done, total);
		p->shown = p->terminal;
	}
	return stopped;
}
