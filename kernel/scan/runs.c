// SPDX-License-Identifier: GPL-2.0-only
/* runs.c -- a kernel buffer of runs: the caller's own may fault, and take the very mmap lock. */

#include <linux/mm.h>
#include <linux/slab.h>

#include "runs.h"

/* The kernel may clear it each time. */
#define RUNS_BYTES (16 << 10)

/*
 * For one scan at a time, which is all that a daemon does: several pages at once, asked
 * for with each scan while memory is short, make kswapd reclaim until there are such.
 */
static u64 shared[RUNS_BYTES / sizeof(u64)];
static unsigned long shared_taken;

/* No page has all bits set: the first one begins a run. */
int runs_create(struct runs *r, u64 caller_max)
{
	u64 max = RUNS_BYTES / sizeof(*r->array);

	BUILD_BUG_ON(RAMIFY_SCAN_RUNS_MIN < RUNS_TABLE_MAX);
	if (!test_and_set_bit_lock(0, &shared_taken))
		r->array = shared;
	else
		r->array = kvmalloc(RUNS_BYTES, GFP_KERNEL_ACCOUNT);
	if (!r->array)
		return -ENOMEM;
	r->count = 0;
	r->max = min(max, caller_max);
	r->last = ~0ULL;
	return 0;
}

void runs_destroy(struct runs *r)
{
	if (r->array == shared)
		clear_bit_unlock(0, &shared_taken);
	else
		kvfree(r->array);
}
