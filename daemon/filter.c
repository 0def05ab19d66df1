// SPDX-License-Identifier: GPL-2.0-or-later
/* filter.c -- of what a sampler saw, only what is managed; the rest is as if there were no pages. */

#include "filter.h"

#define CHUNK_BYTES ((uint64_t)HEAT_CHUNK_PAGES * HEAT_PAGE)

static int flush(struct filter *f)
{
	size_t n = f->count;

	f->count = 0;
	return n ? f->fold(f->arg, f->batch, n) : 0;
}

static int add(struct filter *f, const struct heat_run *run, uint64_t start, uint64_t end,
	       bool managed)
{
	struct heat_run *part;
	int err = f->count == FILTER_BATCH ? flush(f) : 0;

	if (err)
		return err;
	part = &f->batch[f->count++];
	*part = managed ? *run : (struct heat_run){ .state = HEAT_ABSENT };
	if (f->first)
		part->rate = 0;
	part->start = start;
	part->n_pages = (uint32_t)((end - start) / HEAT_PAGE);
	/* A policy may cut a huge page; core takes whole ones only. */
	if ((start | end) % CHUNK_BYTES)
		part->flags &= (uint8_t)~HEAT_HUGE;
	return 0;
}

static int filter_run(struct filter *f, const struct heat_run *run)
{
	uint64_t at = run->start, end = at + (uint64_t)run->n_pages * HEAT_PAGE;
	int err = 0;

	while (!err && at < end) {
		const struct range *range;
		uint64_t stop = end;
		bool managed = false;

		while (f->at < f->ranges->n && f->ranges->items[f->at].end <= at)
			f->at++;
		if (f->at < f->ranges->n) {
			range = &f->ranges->items[f->at];
			managed = range->start <= at;
			stop = managed ? range->end : range->start;
		}
		if (stop > end)
			stop = end;
		err = add(f, run, at, stop, managed);
		at = stop;
	}
	return err;
}

int filter_fold(void *arg, const struct heat_run *runs, size_t n)
{
	struct filter *f = arg;
	int err = 0;

	for (size_t i = 0; !err && i < n; i++)
		err = filter_run(f, &runs[i]);
	return err ? err : flush(f);
}
