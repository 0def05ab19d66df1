// SPDX-License-Identifier: GPL-2.0-or-later
/* moved.c -- what came of a plan's moves, told back. */

#include <errno.h>

#include "space.h"
#include "splice.h"

#define FAILURES_MAX 8

static cell_t set_rank(cell_t cell, const void *arg)
{
	const unsigned int *rank = arg;

	return cell_present(cell) ? cell_with_rank(cell, *rank) : cell;
}

/* All pages that are there, one by one; a huge page is one. */
static int watch_pages(struct heat_space *space, const struct chunk *chunk, uint64_t base,
		       const struct stretch *s, unsigned int rank)
{
	struct heat *heat = space->tenant->heat;
	unsigned int step = chunk->flags & CHUNK_HUGE ? HEAT_CHUNK_PAGES : 1;

	for (unsigned int page = s->first; page < s->end && s->rank != rank; page += step) {
		uint64_t key = (base / HEAT_PAGE + page) ^ (uint64_t)space->id << 44;
		int err = watch_move(&space->tenant->watch, key, step, rank < s->rank,
				     heat->round, &heat->bytes);

		if (err)
			return err;
	}
	return 0;
}

static int watch_runs(struct heat_space *space, const struct chunk *chunk, uint64_t base,
		      const struct runs *runs, const struct stretch *range)
{
	for (unsigned int i = 0; i < runs->n; i++) {
		struct stretch s = {
			.first = runs->run[i].first,
			.end = run_end(runs->run, runs->n, i),
			.rank = cell_rank(runs->run[i].cell),
		};
		int err;

		if (s.first < range->first)
			s.first = range->first;
		if (s.end > range->end)
			s.end = range->end;
		if (!cell_present(runs->run[i].cell) || s.first >= s.end)
			continue;
		err = watch_pages(space, chunk, base, &s, range->rank);
		if (err)
			return err;
	}
	return 0;
}

static int move_in_chunk(struct heat_space *space, uint64_t number,
			 const struct stretch *range)
{
	struct chunk *chunk = space_find(space, number, NULL);
	struct runs old, new;
	struct splice splice;
	int err;

	if (!chunk)
		return 0;
	chunk_read(chunk, &old);
	err = watch_runs(space, chunk, chunk_address(number), &old, range);
	if (err)
		return err;
	splice = splice_begin(old.run, old.n, &new);
	splice_to(&splice, range->first, NULL, NULL);
	splice_to(&splice, range->end, set_rank, &range->rank);
	splice_end(&splice);
	err = space_store(space, number, &new, &chunk);
	if (err)
		return err;
	chunk->failures = 0;
	return 0;
}

int heat_moved(struct heat_space *space, uint64_t start, uint32_t n_pages,
	       unsigned int rank)
{
	uint64_t page = start / HEAT_PAGE, end = page + n_pages;

	if (rank >= HEAT_RANKS_MAX || start >= ADDRESS_END)
		return -EINVAL;
	while (page < end) {
		struct stretch range = { .rank = rank };
		uint64_t stop = (page / HEAT_CHUNK_PAGES + 1) * HEAT_CHUNK_PAGES;
		int err;

		if (stop > end)
			stop = end;
		range.first = page % HEAT_CHUNK_PAGES;
		range.end = range.first + (unsigned int)(stop - page);
		err = move_in_chunk(space, page / HEAT_CHUNK_PAGES, &range);
		if (err)
			return err;
		page = stop;
	}
	return 0;
}

void heat_failed(struct heat_space *space, uint64_t start)
{
	struct chunk *chunk = space_find(space, start >> CHUNK_SHIFT, NULL);

	if (!chunk)
		return;
	if (chunk->failures < FAILURES_MAX)
		chunk->failures++;
	chunk->hold_until = space->tenant->heat->round + (1u << chunk->failures);
}

/* Its pages start with the heat of the whole, and learn fast. */
int heat_split(struct heat_space *space, uint64_t start)
{
	struct chunk *chunk = space_find(space, start >> CHUNK_SHIFT, NULL);

	if (!chunk)
		return -ENOENT;
	chunk->flags = CHUNK_SPLIT;
	chunk->seen = 0;
	return 0;
}

int heat_joined(struct heat_space *space, uint64_t start)
{
	struct heat_tenant *tenant = space->tenant;
	struct chunk *chunk = space_find(space, start >> CHUNK_SHIFT, NULL);
	uint64_t slow = 0, pages = 0;
	unsigned int rest = 0;
	struct runs runs;

	if (!chunk)
		return -ENOENT;
	chunk_read(chunk, &runs);
	for (unsigned int i = 0; i < runs.n; i++) {
		unsigned int n = run_end(runs.run, runs.n, i) - runs.run[i].first;
		cell_t cell = runs.run[i].cell;

		if (!cell_present(cell))
			continue;
		slow += (uint64_t)n * (cell & 255);
		pages += n;
		rest = (rest & 0x1f00) | (cell & 0xff00);
	}
	if (!pages)
		return -ENOENT;
	if (tenant->split_even < FAILURES_MAX)
		tenant->split_even++;
	tenant->split_after = tenant->heat->round + (32u << tenant->split_even);
	runs.n = 1;
	runs.run[0].cell = (cell_t)(rest | slow / pages);
	chunk->flags = CHUNK_HUGE;
	return space_store(space, start >> CHUNK_SHIFT, &runs, &chunk);
}
