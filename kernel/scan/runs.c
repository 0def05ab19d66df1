// SPDX-License-Identifier: GPL-2.0-only
/* runs.c -- a kernel buffer of runs: the caller's own may fault, and take the very mmap lock. */

#include <linux/slab.h>

#include "runs.h"

#define RUNS_BYTES (64 << 10)

int runs_create(struct runs *r)
{
	BUILD_BUG_ON(RAMIFY_SCAN_RUNS_MIN < RUNS_TABLE_MAX);
	r->array = kmalloc(RUNS_BYTES, GFP_KERNEL_ACCOUNT);
	return r->array ? 0 : -ENOMEM;
}

void runs_destroy(struct runs *r)
{
	kfree(r->array);
}

/* No page has all bits set: the first one begins a run. */
void runs_begin(struct runs *r)
{
	r->count = 0;
	r->max = RUNS_BYTES / sizeof(*r->array);
	r->last = ~0ULL;
}
