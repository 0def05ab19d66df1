/* SPDX-License-Identifier: GPL-2.0-only */
/* runs.h -- what is found, from low addresses to high ones, as runs of equal pages. */
#ifndef RAMIFY_SCAN_RUNS_H
#define RAMIFY_SCAN_RUNS_H

#include <linux/types.h>

#include "../uapi/ramify_scan.h"

/* What one page table can add, and what surrounds it. */
#define RUNS_TABLE_MAX 520

struct runs {
	u64 *array;
	unsigned int count;
	unsigned int max; /* of the array, or what the caller's buffer still takes */
	u64 last; /* bits of the run that goes on */
};

int runs_create(struct runs *r, u64 caller_max);
void runs_destroy(struct runs *r);

static inline void runs_add(struct runs *r, unsigned long addr, u64 bits)
{
	if (bits == r->last)
		return;
	r->array[r->count++] = addr | bits;
	r->last = bits;
}

static inline bool runs_room(const struct runs *r)
{
	return r->count + RUNS_TABLE_MAX <= r->max;
}

#endif
