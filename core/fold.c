// SPDX-License-Identifier: GPL-2.0-or-later
/* fold.c -- what a sampler saw, folded into what is known. */

#include "cells.h"
#include "splice.h"

#include <errno.h>

#define CHUNK_BYTES (1ull << CHUNK_SHIFT)

static const struct run nothing = { .first = 0, .cell = CELL_ABSENT };

void heat_look_begin(struct heat_space *space, const struct heat_look *look)
{
	space->look = *look;
	space->look_end = 0;
	if (look->goes_on)
		return;
	space->blind_now = 0;
	space->looks++;
	space->used[1] = space->used[0];
	space->expected[1] = space->expected[0];
	space->used[0] = space->expected[0] = 0;
}

void heat_look_end(struct heat_space *space)
{
	struct heat_tenant *tenant = space->tenant;
	uint64_t used = 0, expected = 0;
	uint8_t confidence = 255, activity;

	space->blind_pages = space->blind_now;
	for (struct heat_space *s = tenant->spaces; s; s = s->next) {
		if (s->looks && s->look.confidence < confidence)
			confidence = s->look.confidence;
		used += s->used[0] + s->used[1];
		expected += s->expected[0] + s->expected[1];
	}
	/* Half is as good as all: averages are slow, and use is not even. */
	activity = 2 * used >= expected ? 255 : (uint8_t)(510 * used / expected);
	if (confidence == tenant->confidence && activity == tenant->activity)
		return;
	tenant->confidence = confidence;
	tenant->activity = activity;
	tenant_changed(tenant);
}

/* Pages of one chunk with one history stay equal: they are rounded alike. */
static struct sight sight_of(const struct heat_space *space, uint64_t number,
			     unsigned int seen)
{
	uint64_t mix = (number * 0x9e3779b97f4a7c15) ^ (space->looks * 0xbf58476d1ce4e5b9);

	mix = (mix ^ (mix >> 29)) * 0x94d049bb133111eb;
	return (struct sight){
		.step = sight_step(seen, space->look.confidence),
		.dither = (uint16_t)(mix >> 48),
	};
}

struct ageing {
	unsigned int looks, in_all;
	struct sight sight;
};

static cell_t age_cell(cell_t cell, const void *arg)
{
	const struct ageing *a = arg;

	return cell_present(cell) ? cell_idle(cell, a->looks, a->in_all, &a->sight) : cell;
}

/* Runs of a chunk, with @looks idle ones applied. */
static void read_aged(const struct heat_space *space, const struct chunk *chunk,
		      uint64_t number, unsigned int looks, struct runs *ret_runs)
{
	struct ageing ageing = {
		.looks = looks,
		.in_all = chunk->idle,
		.sight = sight_of(space, number, chunk->seen),
	};
	const struct run *run;
	struct runs buf;
	struct splice splice;
	unsigned int n = chunk_view(chunk, &buf, &run);

	splice = splice_begin(run, n, ret_runs);
	splice_to(&splice, HEAT_CHUNK_PAGES, looks ? age_cell : NULL, &ageing);
}

static void count_look(struct chunk *chunk)
{
	if (chunk->seen < 255)
		chunk->seen++;
}

/* Applied when 1, 2, 4, ... of them are due: 7 times, and then it is cold. */
static int idle_chunk(struct heat_space *space, struct chunk *chunk, uint64_t number)
{
	struct runs runs;

	space->expected[0] += chunk->expected;
	count_look(chunk);
	if (chunk->idle < 255)
		chunk->idle++;
	if (chunk->idle & (chunk->idle - 1))
		return 0;
	read_aged(space, chunk, number, chunk->idle > 1 ? chunk->idle / 2 : 1, &runs);
	return space_store(space, number, &runs, &chunk);
}

/* Idle looks that are counted and not applied. */
static unsigned int idle_pending(const struct chunk *chunk)
{
	unsigned int applied = 1;

	if (!chunk->idle)
		return 0;
	while (2 * applied <= chunk->idle)
		applied *= 2;
	return chunk->idle - applied;
}

/* Bits of chunks of a group that lie in [first, end). */
static uint32_t chunks_between(uint64_t group, uint64_t first, uint64_t end)
{
	uint64_t base = group * GROUP_CHUNKS;
	uint32_t bits = UINT32_MAX;

	if (first > base)
		bits &= UINT32_MAX << (first - base);
	if (end < base + GROUP_CHUNKS)
		bits &= UINT32_MAX >> (base + GROUP_CHUNKS - end);
	return bits;
}

/* Only what is warm is visited. */
static int idle_chunks(struct heat_space *space, uint64_t first, uint64_t end)
{
	size_t i;

	if (!space->n_warm)
		return 0;
	for (i = space_seek(space, first / GROUP_CHUNKS); i < space->n_groups; i++) {
		struct group *group = space->groups[i];
		uint32_t bits;

		if (group->number * GROUP_CHUNKS >= end)
			break;
		bits = group->warm;
		if (bits)
			bits &= chunks_between(group->number, first, end);
		for (; bits; bits &= bits - 1) {
			unsigned int bit = (unsigned int)__builtin_ctz(bits);
			int err = idle_chunk(space, &group->chunks[group_index(group, bit)],
					     group->number * GROUP_CHUNKS + bit);

			if (err)
				return err;
		}
	}
	return 0;
}

static void drop_chunks(struct heat_space *space, uint64_t first, uint64_t end)
{
	size_t i = space_seek(space, first / GROUP_CHUNKS);

	while (i < space->n_groups && space->groups[i]->number * GROUP_CHUNKS < end) {
		struct group *group = space->groups[i];
		uint64_t number = group->number;
		uint32_t bits = group->have & chunks_between(number, first, end);

		for (; bits; bits &= bits - 1)
			space_drop(space, number * GROUP_CHUNKS +
						  (unsigned int)__builtin_ctz(bits));
		/* With its last chunk the group has gone. */
		if (i < space->n_groups && space->groups[i]->number == number)
			i++;
	}
}

struct seeing {
	const struct heat_run *run;
	struct sight sight;
	bool joined; /* one bit for all says nothing of each */
};

static cell_t see_present(cell_t cell, const void *arg)
{
	const struct seeing *s = arg;
	unsigned int flags = s->run->flags;

	cell = cell_with_rank(cell_present(cell) ? cell : 0, s->run->rank);
	if (flags & HEAT_WRITES_KNOWN && s->run->rate) {
		cell &= ~CELL_WRITTEN;
		if (flags & HEAT_WRITTEN)
			cell |= CELL_WRITTEN;
	}
	return cell_seen(cell, &s->sight);
}

static cell_t see_rank(cell_t cell, const void *arg)
{
	const struct seeing *s = arg;

	return cell_with_rank(cell_present(cell) ? cell : 0, s->run->rank);
}

static cell_t see_idle(cell_t cell, const void *arg)
{
	const struct seeing *s = arg;

	return cell_present(cell) ? cell_seen(cell, &s->sight) : cell;
}

static cell_t see_absent(cell_t cell, const void *arg)
{
	return CELL_ABSENT;
}

static splice_fn *const see[] = {
	[HEAT_ABSENT] = see_absent,
	[HEAT_PRESENT] = see_present,
	[HEAT_IDLE] = see_idle,
	[HEAT_BLIND] = NULL,
};

static uint64_t run_stop(const struct heat_run *run)
{
	return run->start + (uint64_t)run->n_pages * HEAT_PAGE;
}

/* An address as a page of the chunk that begins at @base. */
static unsigned int page_in(uint64_t base, uint64_t address)
{
	if (address <= base)
		return 0;
	if (address - base >= CHUNK_BYTES)
		return HEAT_CHUNK_PAGES;
	return (unsigned int)((address - base) / HEAT_PAGE);
}

static bool any_present(const struct heat_run *run, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (run[i].state == HEAT_PRESENT)
			return true;
	}
	return false;
}

static void set_huge(struct chunk *chunk, const struct heat_run *run, size_t n, bool joined)
{
	if (!any_present(run, n))
		return;
	chunk->flags &= ~(CHUNK_HUGE | CHUNK_JOINED);
	if (run->flags & HEAT_HUGE)
		chunk->flags = joined ? CHUNK_HUGE | CHUNK_JOINED : CHUNK_HUGE;
}

/*
 * What is known of small pages is kept when the kernel has just joined them, until they are split
 * again: for one look. The next one still finds all of them used, as the whole was.
 */
static bool is_joined(const struct heat_space *space, const struct chunk *chunk,
		      const struct heat_run *run)
{
	if (!(run->flags & HEAT_HUGE))
		return chunk->flags & CHUNK_SPLIT && chunk->flags & CHUNK_JOINED;
	return space->tenant->settings.huge == POLICY_HUGE_SPLIT &&
	       !(chunk->flags & (CHUNK_HUGE | CHUNK_JOINED));
}

/* The part of a run that is in the chunk, and what is seen there. */
static splice_fn *see_run(struct heat_space *space, uint64_t number, struct seeing *seeing,
			  const struct heat_run *run, struct stretch *ret_part)
{
	uint64_t base = chunk_address(number);

	seeing->run = run;
	seeing->sight.rate = run->state == HEAT_PRESENT ? run->rate : 0;
	ret_part->first = page_in(base, run->start);
	ret_part->end = page_in(base, run_stop(run));
	space->used[0] += (uint64_t)(ret_part->end - ret_part->first) * seeing->sight.rate / 255;
	return seeing->joined && run->state == HEAT_PRESENT ? see_rank : see[run->state];
}

/* Pages that the kernel made a huge one have one accessed bit: the heat is that of the hottest. */
static void level_out(struct runs *runs)
{
	cell_t hottest = CELL_ABSENT;

	for (unsigned int i = 0; i < runs->n; i++) {
		cell_t cell = runs->run[i].cell;

		if (cell_present(cell) &&
		    (!cell_present(hottest) || (cell & 255) > (hottest & 255)))
			hottest = cell;
	}
	runs->n = 0;
	runs_append(runs, 0, hottest);
}

static int fold_runs(struct heat_space *space, uint64_t number, struct seeing *seeing,
		     const struct heat_run *run, size_t n, struct chunk **chunk)
{
	struct splice splice;
	struct runs old, new;

	if (*chunk)
		read_aged(space, *chunk, number, idle_pending(*chunk), &old);
	if (*chunk && run->flags & HEAT_HUGE && !seeing->joined)
		level_out(&old);
	splice = *chunk ? splice_begin(old.run, old.n, &new) :
			  splice_begin(&nothing, 1, &new);
	for (size_t i = 0; i < n; i++) {
		struct stretch part;
		splice_fn *fn = see_run(space, number, seeing, &run[i], &part);

		splice_to(&splice, part.first, NULL, NULL);
		splice_to(&splice, part.end, fn, seeing);
	}
	splice_end(&splice);
	return space_store(space, number, &new, chunk);
}

/* Where use is scattered each page is a run: then cells are changed and counted in place. */
static int fold_cells(struct heat_space *space, uint64_t number, struct seeing *seeing,
		      const struct heat_run *run, size_t n, struct chunk **chunk)
{
	struct cells cells = cells_begin(space, number);

	for (size_t i = 0; i < n; i++) {
		struct stretch part;
		splice_fn *fn = see_run(space, number, seeing, &run[i], &part);

		for (unsigned int page = part.first; fn && page < part.end; page++)
			cells_set(&cells, page, fn((*chunk)->cells[page], seeing));
	}
	return cells_end(&cells, chunk);
}

/* @run are all that touch the chunk. */
static int fold_chunk(struct heat_space *space, uint64_t number, const struct heat_run *run,
		      size_t n)
{
	struct chunk *chunk = space_find(space, number, NULL);
	struct seeing seeing = { .sight =
					 sight_of(space, number, chunk ? chunk->seen : 0) };
	int err;

	if (!chunk && !any_present(run, n))
		return 0;
	if (chunk) {
		seeing.joined = is_joined(space, chunk, run);
		space->expected[0] += chunk->expected;
	}
	if (chunk && !chunk->n_runs && !idle_pending(chunk) && !(run->flags & HEAT_HUGE))
		err = fold_cells(space, number, &seeing, run, n, &chunk);
	else
		err = fold_runs(space, number, &seeing, run, n, &chunk);
	if (err || !chunk)
		return err;
	count_look(chunk);
	chunk->idle = 0;
	set_huge(chunk, run, n, seeing.joined);
	return 0;
}

static int fold_whole_chunks(struct heat_space *space, uint64_t first, uint64_t end,
			     const struct heat_run *run)
{
	int err = 0;

	if (run->state == HEAT_IDLE)
		return idle_chunks(space, first, end);
	if (run->state == HEAT_ABSENT)
		drop_chunks(space, first, end);
	for (; run->state == HEAT_PRESENT && first < end && !err; first++)
		err = fold_chunk(space, first, run, 1);
	return err;
}

static bool is_sound(const struct heat_space *space, const struct heat_run *run)
{
	uint64_t bytes = (uint64_t)run->n_pages * HEAT_PAGE;

	if (!run->n_pages || run->start % HEAT_PAGE || run->start < space->look_end ||
	    run->start >= ADDRESS_END || bytes > ADDRESS_END - run->start)
		return false;
	if (run->state > HEAT_BLIND)
		return false;
	if (run->state != HEAT_PRESENT)
		return true;
	return run->rank < HEAT_RANKS_MAX &&
	       (!(run->flags & HEAT_HUGE) ||
		(run->start % CHUNK_BYTES == 0 && bytes % CHUNK_BYTES == 0));
}

/* How many of the runs, from the first, can be taken; @ret_err: why not all. */
static size_t count_sound(struct heat_space *space, const struct heat_run *runs, size_t n, int *ret_err)
{
	for (size_t i = 0; i < n; i++) {
		if (!is_sound(space, &runs[i]))
			*ret_err = -EINVAL;
		else if (runs[i].state == HEAT_PRESENT)
			*ret_err = tenant_row(space->tenant, runs[i].rank);
		if (*ret_err)
			return i;
		space->look_end = run_stop(&runs[i]);
		if (runs[i].state == HEAT_BLIND)
			space->blind_now += runs[i].n_pages;
	}
	return n;
}

/* The chunk in which @address lies, and all runs that touch it. */
static int fold_one_chunk(struct heat_space *space, uint64_t address,
			  const struct heat_run *runs, size_t n)
{
	uint64_t number = address >> CHUNK_SHIFT;
	size_t count = 1;

	while (count < n && runs[count].start < chunk_address(number + 1))
		count++;
	return fold_chunk(space, number, runs, count);
}

int heat_fold(struct heat_space *space, const struct heat_run *runs, size_t n)
{
	int err = 0, rest_err = 0;
	size_t sound = count_sound(space, runs, n, &rest_err);
	uint64_t at = sound ? runs->start : 0;

	for (size_t i = 0; i < sound && !err;) {
		uint64_t stop = run_stop(&runs[i]);
		uint64_t next = (at >> CHUNK_SHIFT) + 1, last = stop >> CHUNK_SHIFT;

		if (at % CHUNK_BYTES == 0 && next <= last) {
			err = fold_whole_chunks(space, at >> CHUNK_SHIFT, last, &runs[i]);
			at = chunk_address(last);
		} else {
			err = fold_one_chunk(space, at, &runs[i], sound - i);
			at = chunk_address(next);
		}
		while (i < sound && run_stop(&runs[i]) <= at)
			i++;
		if (i < sound && runs[i].start > at)
			at = runs[i].start;
	}
	return err ? err : rest_err;
}

int heat_rest(struct heat_space *space)
{
	struct heat_look look = space->look;
	int err;

	look.goes_on = false;
	if (!space->n_warm && !space->used[0] && !space->used[1] && !space->expected[0] &&
	    !space->expected[1])
		return 0;
	heat_look_begin(space, &look);
	space->blind_now = space->blind_pages;
	err = idle_chunks(space, 0, ADDRESS_END >> CHUNK_SHIFT);
	heat_look_end(space);
	return err;
}

/* Beyond the last that is known there is nothing to forget: an address space is mostly that. */
static uint64_t known_end(const struct heat_space *space)
{
	if (!space->n_groups)
		return 0;
	return chunk_address((space->groups[space->n_groups - 1]->number + 1) * GROUP_CHUNKS);
}

int heat_forget(struct heat_space *space, uint64_t start, uint64_t end)
{
	struct heat_run run = { .state = HEAT_ABSENT };
	uint64_t done = space->look_end;
	int err = 0;

	start &= ~(uint64_t)(HEAT_PAGE - 1);
	if (end > known_end(space))
		end = known_end(space);
	space->look_end = 0;
	while (start < end && !err) {
		uint64_t pages = (end - start + HEAT_PAGE - 1) / HEAT_PAGE;

		run.start = start;
		run.n_pages = pages < UINT32_MAX ? (uint32_t)pages : UINT32_MAX;
		err = heat_fold(space, &run, 1);
		start = run_stop(&run);
	}
	space->look_end = done;
	return err;
}
