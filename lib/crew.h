/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* crew.h -- threads, one a CPU, that do one thing for a while; and how fast they did it. */
#ifndef RAMIFY_LIB_CREW_H
#define RAMIFY_LIB_CREW_H

#include "cpus.h"

struct worker {
	char *at;			/* its share of the memory, and the size of that */
	size_t bytes;
	size_t done;			/* how far in its share it is */
};

/* Does a piece, some milliseconds at most. Returns how much, in a unit of its own. */
typedef uint64_t (*crew_fn)(struct worker *worker);

/* Runs @fn on all @cpus at once for @ms, on a share of @at each, and adds up their rates, in
 * units a second. -ENOMEM; -EPERM a CPU was taken from us; both with a message. */
int crew_run(struct ramify *ctx, const struct cpus *cpus, char *at, size_t bytes, crew_fn fn,
	     unsigned int ms, double *ret_rate);

#endif
