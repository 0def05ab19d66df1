// SPDX-License-Identifier: GPL-2.0-or-later
/* runs.c -- collects what a sampler saw into the longest runs, and folds them in batches. */

#include "runs.h"

/* Holes in an address space can be longer than a run can say. */
#define PIECE_PAGES (1U << 31)

void runs_begin(struct runs *runs, const struct sample_request *request)
{
	runs->request = request;
	runs->count = 0;
	runs->err = 0;
	runs->present_pages = runs->used_pages = 0;
}

static void flush(struct runs *runs)
{
	if (runs->count && !runs->err)
		runs->err = runs->request->fold(runs->request->arg, runs->batch, runs->count);
	runs->count = 0;
}

static bool alike(const struct heat_run *a, const struct heat_run *b)
{
	return a->state == b->state && a->rank == b->rank && a->rate == b->rate &&
	       a->flags == b->flags;
}

static bool lengthen(struct runs *runs, uint64_t start, uint64_t pages, const struct heat_run *like)
{
	struct heat_run *last = runs->count ? &runs->batch[runs->count - 1] : NULL;

	if (!last || !alike(last, like) || pages + last->n_pages > PIECE_PAGES ||
	    last->start + (uint64_t)last->n_pages * HEAT_PAGE != start)
		return false;
	last->n_pages += (uint32_t)pages;
	return true;
}

static void append(struct runs *runs, uint64_t start, uint64_t pages, const struct heat_run *like)
{
	struct heat_run *run;

	if (lengthen(runs, start, pages, like))
		return;
	if (runs->count == RUNS_BATCH)
		flush(runs);
	run = &runs->batch[runs->count++];
	*run = *like;
	run->start = start;
	run->n_pages = (uint32_t)pages;
}

void runs_add(struct runs *runs, uint64_t start, uint64_t end, const struct heat_run *like)
{
	uint64_t pages = (end - start) / HEAT_PAGE;

	if (like->state == HEAT_PRESENT) {
		runs->present_pages += pages;
		runs->used_pages += like->rate ? pages : 0;
	}
	for (; pages > PIECE_PAGES; pages -= PIECE_PAGES) {
		append(runs, start, PIECE_PAGES, like);
		start += (uint64_t)PIECE_PAGES * HEAT_PAGE;
	}
	if (pages)
		append(runs, start, pages, like);
}

int runs_end(struct runs *runs)
{
	flush(runs);
	return runs->err;
}

struct heat_run runs_present(const struct runs *runs, unsigned int node, bool used)
{
	struct heat_run run = {.state = HEAT_BLIND};

	if (node >= runs->request->n_ranks)
		return run;
	run.state = HEAT_PRESENT;
	run.rank = runs->request->ranks[node];
	run.rate = used ? 255 : 0;
	return run;
}
