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

/* Cells change in place: pages that move are mostly single ones, and there are many of them. */
static int write_rank(struct heat_space *space, struct chunk *chunk,
		      const struct stretch *range)
{
	struct runs old, new;
	struct splice splice;

	for (unsigned int i = range->first; !chunk->n_runs && i < range->end; i++)
		chunk->cells[i] = set_rank(chunk->cells[i], &range->rank);
	if (!chunk->n_runs)
		return 0;
	chunk_read(chunk, &old);
	splice = splice_begin(old.run, old.n, &new);
	splice_to(&splice, range->first, NULL, NULL);
	splice_to(&splice, range->end, set_rank, &range->rank);
	splice_end(&splice);
	return chunk_write(chunk, &new, &space->tenant->heat->bytes);
}

struct moving {
	struct heat_space *space;
	struct group *group;
	uint64_t number;
	unsigned int rank, step;
	int err;
};

/* All pages that are there, one by one; a huge page is one. */
static void watch_pages(struct moving *m, const struct stretch *s)
{
	struct heat *heat = m->space->tenant->heat;
	uint64_t base = (m->number * HEAT_CHUNK_PAGES) ^ (uint64_t)m->space->id << 44;

	for (unsigned int page = s->first; page < s->end && !m->err; page += m->step)
		m->err = watch_move(&m->space->tenant->watch, base + page, m->step,
				    m->rank < s->rank, heat->round, &heat->bytes);
}

static void move_stretch(void *arg, const struct stretch *s)
{
	struct moving *m = arg;
	struct heat_tenant *tenant = m->space->tenant;

	if (s->rank == m->rank)
		return;
	tenant->pages[s->rank][s->level] -= s->end - s->first;
	tenant->pages[m->rank][s->level] += s->end - s->first;
	m->group->levels[m->rank] |= 1u << s->level;
	watch_pages(m, s);
}

static int move_in_chunk(struct heat_space *space, uint64_t number,
			 const struct stretch *range)
{
	struct moving m = { .space = space, .number = number, .rank = range->rank };
	struct chunk *chunk = space_find(space, number, &m.group);
	struct runs part;
	int err;

	if (!chunk)
		return 0;
	m.step = chunk->flags & CHUNK_HUGE ? HEAT_CHUNK_PAGES : 1;
	chunk_part(chunk, range->first, range->end, &part);
	err = write_rank(space, chunk, range);
	if (err)
		return err;
	chunk->failures = 0;
	tenant_changed(space->tenant);
	space_stretches(space, number, part.run, part.n, move_stretch, &m);
	return m.err;
}

int heat_moved(struct heat_space *space, uint64_t start, uint32_t n_pages,
	       unsigned int rank)
{
	uint64_t page = start / HEAT_PAGE, end = page + n_pages;

	if (rank >= HEAT_RANKS_MAX || start >= ADDRESS_END)
		return -EINVAL;
	if (tenant_row(space->tenant, rank))
		return -ENOMEM;
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

/* Its pages start with the heat of the whole, and learn fast; or with what was known of them. */
int heat_split(struct heat_space *space, uint64_t start)
{
	struct chunk *chunk = space_find(space, start >> CHUNK_SHIFT, NULL);

	if (!chunk)
		return -ENOENT;
	if (!(chunk->flags & CHUNK_JOINED))
		chunk->seen = 0;
	chunk->flags = CHUNK_SPLIT | (chunk->flags & CHUNK_JOINED);
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
