// SPDX-License-Identifier: GPL-2.0-only
/* scrub.c -- zeroes what a holding has claimed, while it is not memory. */

#include <linux/io.h>
#include <linux/libnvdimm.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "scrub.h"

#define MAP_BYTES SZ_128M	/* mapped at a time: page tables for a terabyte cost too much */
#define STEP_BYTES SZ_2M	/* zeroed between two looks at signals and the scheduler */

static void zero_step(const struct holding *h, void *at, size_t bytes)
{
	memset(at, 0, bytes);
	if (h->persistent)
		arch_wb_cache_pmem(at, bytes);
	cond_resched();
}

static int scrub_piece(struct holding *h, u64 start, u64 bytes, bool killable)
{
	void *map = memremap(start, bytes, MEMREMAP_WB);
	int err = 0;
	u64 at;

	if (!map)
		return -ENOMEM;
	for (at = 0; !err && at < bytes; at += STEP_BYTES) {
		u64 step = min_t(u64, STEP_BYTES, bytes - at);

		zero_step(h, map + at, step);
		atomic64_add(step, &h->scrubbed_bytes);
		if (killable && fatal_signal_pending(current))
			err = -EINTR;
	}
	memunmap(map);
	return err;
}

void scrub_begin(struct holding *h)
{
	unsigned int i;
	u64 total = 0;

	for (i = 0; i < h->nr_ranges; i++)
		total += range_len(&h->ranges[i].span);
	atomic64_set(&h->scrubbed_bytes, 0);
	WRITE_ONCE(h->scrub_bytes, total);
}

void scrub_end(struct holding *h)
{
	WRITE_ONCE(h->scrub_bytes, 0);
	atomic64_set(&h->scrubbed_bytes, 0);
}

int scrub_continue(struct holding *h, bool killable)
{
	u64 done = atomic64_read(&h->scrubbed_bytes), before = 0;
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < h->nr_ranges; i++) {
		u64 len = range_len(&h->ranges[i].span);

		while (!err && done < before + len) {
			u64 piece = min_t(u64, MAP_BYTES, before + len - done);

			err = scrub_piece(h, h->ranges[i].span.start + done - before, piece,
					  killable);
			done = atomic64_read(&h->scrubbed_bytes);
		}
		before += len;
	}
	return err;
}
