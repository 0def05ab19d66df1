/* SPDX-License-Identifier: GPL-2.0-or-later */
/* move.h -- pages to another node by move_pages, and what became of each. */
#ifndef RAMIFYD_MOVE_H
#define RAMIFYD_MOVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/** Pages of one call: bounds for how long it may hold up the program. */
#define MOVE_PAGES 512

enum move_fate {
	MOVE_MOVED,
	MOVE_BUSY,	/* pinned, being written back, ... */
	MOVE_GONE,	/* there is no page any more */
	MOVE_NO_ROOM,
	MOVE_SHARED,	/* others map it too */
	MOVE_DENIED,	/* by its cpuset, or we may not */
	MOVE_FATES,
};

/** In pages; a huge one counts as 512. */
struct move_counts {
	uint64_t promoted, demoted;
	uint64_t failed[MOVE_FATES];	/* but for MOVE_MOVED */
	uint64_t put_off;		/* there was no room above the marks */
	uint64_t forbidden;		/* its cpuset allows no node of that tier */
};

const char *move_fate_name(enum move_fate fate);
/** "busy 3, put off 1": what was not moved; "" if there is nothing of that. */
#define MOVE_FAILURES_MAX 256
void move_failures_text(const struct move_counts *counts, char buf[MOVE_FAILURES_MAX]);

/** The system call, for tests to stand in for: 0; more than 0: so many were not moved, and their
 *  states may not be set; -errno. */
typedef long (*move_pages_fn)(pid_t pid, unsigned long n, void **pages, const int *nodes,
			      int *status, int flags);
extern const move_pages_fn move_pages_call;

/** At most MOVE_PAGES @pages to @node. @everybody: also those that other processes map. What
 *  became of each is in @ret_fates. -ESRCH the process is gone; else 0. */
int move_to(move_pages_fn call, pid_t pid, unsigned int node, void **pages, size_t n,
	    bool everybody, uint8_t *ret_fates);

#endif
