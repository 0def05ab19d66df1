/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filter.h -- of what a sampler saw, only what is managed; the rest is as if there were no pages. */
#ifndef RAMIFYD_FILTER_H
#define RAMIFYD_FILTER_H

#include "ranges.h"
#include "sample.h"

#define FILTER_BATCH 512

/** Between a sampler and heat. Set the first four, the rest is zero. */
struct filter {
	const struct ranges *ranges;
	bool first;		/* look: what it says of use is about all time before, and not told */
	sample_fold fold;
	void *arg;
	size_t at;		/* of ranges: those before end before what was seen */
	size_t count;
	struct heat_run batch[FILTER_BATCH];
};

/** A sample_fold; @arg is the filter. */
int filter_fold(void *arg, const struct heat_run *runs, size_t n);

#endif
