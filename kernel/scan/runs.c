// SPDX-License-Identifier: GPL-2.0-only
/* runs.c -- a kernel buffer of runs: the caller's own may fault, and take the very mmap lock. */

#include <linux/mm.h>
#include <linux/slab.h>

#include "runs.h"

/* The kernel may clear it each time. */
#define RUNS_BYTES (16 << 10)

/* No page has all bits set: the first one begins a run. */
int runs_create(struct runs *r, u64 caller_max)
{
	u64 max = RUNS_BYTES / sizeof(*r->array);

	BUILD_BUG_ON(RAMIFY_SCAN_RUNS_MIN < RUNS_TABLE_MAX);
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
	kvfree(r->array);
}
