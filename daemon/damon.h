/* SPDX-License-Identifier: GPL-2.0-or-later */
/* damon.h -- the kernel's DAMON: a grid of regions of a process, and what was accessed in each. */
#ifndef RAMIFYD_DAMON_H
#define RAMIFYD_DAMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* One line of the event damon_aggregated: a region at the end of an aggregation. */
struct damon_event {
	pid_t kdamond;
	uint64_t start, end;
	unsigned int accesses;
};

/** False: the line is something else. */
bool damon_parse(const char *line, struct damon_event *ret_event);

struct damon_region {
	uint64_t start, end;
};

struct damon_plan {
	pid_t pid;
	const struct damon_region *regions;
	size_t n;
	uint64_t sample_us;
	uint64_t aggregate_us;
};

/** Make room for watchers, and a place where the kernel tells what they see. -ENOENT: no DAMON;
 *  -EBUSY: somebody else uses it; -EACCES. What an earlier run left behind is ended. */
int damon_begin(void);
/** A watcher of our own: -EBUSY: there are as many as there can be. */
int damon_start(const struct damon_plan *plan, unsigned int *ret_slot, pid_t *ret_kdamond);
void damon_stop(unsigned int slot);
/** Call `seen` for all that was told since the last time; does not wait. */
int damon_events(void (*seen)(const struct damon_event *event));

#endif
