/* SPDX-License-Identifier: GPL-2.0-or-later */
/* runs.h -- collects what a sampler saw into the longest runs, and folds them in batches. */
#ifndef RAMIFYD_RUNS_H
#define RAMIFYD_RUNS_H

#include "sample.h"

#define RUNS_BATCH 1024

struct runs {
	const struct sample_request *request;
	struct heat_run batch[RUNS_BATCH];
	size_t count;
	int err;	/* of the fold; all that follows is dropped */
	uint64_t present_pages;
	uint64_t used_pages;
};

void runs_begin(struct runs *runs, const struct sample_request *request);
/** [start, end) is like `like`, whose start and length do not count. */
void runs_add(struct runs *runs, uint64_t start, uint64_t end, const struct heat_run *like);
/** Fold the rest; the first error of all. */
int runs_end(struct runs *runs);

/** What a present page on a node is: its rank, or HEAT_BLIND. */
struct heat_run runs_present(const struct runs *runs, unsigned int node, bool used);

#endif
