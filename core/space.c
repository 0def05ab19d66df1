// SPDX-License-Identifier: GPL-2.0-or-later
/* space.c -- the chunks of a space, found by address, and counted for their tenant. */

#include "space.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MALLOC_BYTES 16

size_t space_seek(const struct heat_space *space, uint64_t number)
{
	size_t low = 0, high = space->n_groups;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (space->groups[middle]->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Mostly it is the one of last time, or the next. */
static struct group *find_group(struct heat_space *space, uint64_t number)
{
	size_t i = space->last;

	if (i >= space->n_groups || space->groups[i]->number > number ||
	    space->groups[i]->number + 1 < number)
		i = space_seek(space, number);
	else if (space->groups[i]->number < number)
		i++;
	if (i >= space->n_groups || space->groups[i]->number != number)
		return NULL;
	space->last = i;
	return space->groups[i];
}

struct chunk *space_find(struct heat_space *space, uint64_t number,
			 struct group **ret_group)
{
	struct group *group = find_group(space, number / GROUP_CHUNKS);
	unsigned int bit = number % GROUP_CHUNKS;

	if (!group || !(group->have & 1u << bit))
		return NULL;
	if (ret_group)
		*ret_group = group;
	return &group->chunks[group_index(group, bit)];
}

static int grow_groups(struct heat_space *space)
{
	size_t size = space->groups_size ? 2 * space->groups_size : 4;
	struct group **groups;

	if (space->n_groups < space->groups_size)
		return 0;
	groups = reallocarray(space->groups, size, sizeof(*groups));
	if (!groups)
		return -ENOMEM;
	space->tenant->heat->bytes += (size - space->groups_size) * sizeof(*groups);
	space->groups = groups;
	space->groups_size = size;
	return 0;
}

static int add_group(struct heat_space *space, uint64_t number, struct group **ret_group)
{
	size_t i = space_seek(space, number);
	struct group *group;

	if (i < space->n_groups && space->groups[i]->number == number) {
		*ret_group = space->groups[i];
		return 0;
	}
	if (grow_groups(space))
		return -ENOMEM;
	group = calloc(1, sizeof(*group));
	if (!group)
		return -ENOMEM;
	group->number = number;
	memmove(&space->groups[i + 1], &space->groups[i],
		(space->n_groups - i) * sizeof(*space->groups));
	space->groups[i] = group;
	space->n_groups++;
	space->tenant->heat->bytes += sizeof(*group) + MALLOC_BYTES;
	*ret_group = group;
	return 0;
}

static void drop_group(struct heat_space *space, struct group *group)
{
	size_t i = space_seek(space, group->number);

	memmove(&space->groups[i], &space->groups[i + 1],
		(space->n_groups - i - 1) * sizeof(*space->groups));
	space->n_groups--;
	space->tenant->heat->bytes -= sizeof(*group) + MALLOC_BYTES;
	free(group->chunks);
	free(group);
}

/* Room for chunks is in powers of two, which the number of chunks tells. */
static unsigned int chunks_room(unsigned int n)
{
	unsigned int room = 1;

	while (room < n)
		room *= 2;
	return n ? room : 0;
}

static int resize_chunks(struct heat_space *space, struct group *group, unsigned int n,
			 unsigned int wanted)
{
	unsigned int old = chunks_room(n), room = chunks_room(wanted);
	struct chunk *chunks;

	if (old == room)
		return 0;
	chunks = reallocarray(group->chunks, room ? room : 1, sizeof(*chunks));
	if (!chunks)
		return -ENOMEM;
	group->chunks = chunks;
	space->tenant->heat->bytes += room * sizeof(*chunks) + (n ? 0 : MALLOC_BYTES);
	space->tenant->heat->bytes -= old * sizeof(*chunks);
	return 0;
}

static int add_chunk(struct heat_space *space, struct group *group, unsigned int bit)
{
	unsigned int n = (unsigned int)__builtin_popcount(group->have);
	unsigned int i = group_index(group, bit);
	int err;

	err = resize_chunks(space, group, n, n + 1);
	if (err)
		return err;
	assert(group->chunks);
	memmove(&group->chunks[i + 1], &group->chunks[i], (n - i) * sizeof(*group->chunks));
	group->chunks[i] = (struct chunk){ .few = { { 0, CELL_ABSENT } }, .n_runs = 1 };
	group->have |= 1u << bit;
	return 0;
}

void space_warm(struct heat_space *space, struct group *group, unsigned int bit, bool warm)
{
	bool was = group->warm;

	if (warm)
		group->warm |= 1u << bit;
	else
		group->warm &= ~(1u << bit);
	space->n_warm += !!group->warm;
	space->n_warm -= was;
}

/* Its pages are out of all sums. */
static void remove_chunk(struct heat_space *space, struct group *group, unsigned int bit)
{
	unsigned int n = (unsigned int)__builtin_popcount(group->have);
	unsigned int i = group_index(group, bit);
	size_t *bytes = &space->tenant->heat->bytes;

	chunk_clear(&group->chunks[i], bytes);
	space_warm(space, group, bit, false);
	memmove(&group->chunks[i], &group->chunks[i + 1],
		(n - i - 1) * sizeof(*group->chunks));
	group->have &= ~(1u << bit);
	if (n > 1) {
		/* What cannot be made smaller is larger than it need be. */
		(void)resize_chunks(space, group, n, n - 1);
		return;
	}
	*bytes -= sizeof(*group->chunks) + MALLOC_BYTES;
	drop_group(space, group);
}

enum policy_tier space_tier(const struct heat_space *space, uint64_t address,
			    uint64_t *ret_end)
{
	size_t low = 0, high = space->n_places;

	/* The first that ends after the address. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (space->places[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	*ret_end = UINT64_MAX;
	if (low == space->n_places)
		return space->tenant->settings.tier;
	if (space->places[low].start > address) {
		*ret_end = space->places[low].start;
		return space->tenant->settings.tier;
	}
	*ret_end = space->places[low].end;
	return space->places[low].tier;
}

struct counting {
	struct heat_tenant *tenant;
	struct group *group;
	int sign;
	bool warm;
	uint64_t slow;
};

static void count_stretch(void *arg, const struct stretch *s)
{
	struct counting *c = arg;
	int64_t pages = (int64_t)(s->end - s->first) * c->sign;

	c->tenant->pages[s->rank][s->level] += (uint64_t)pages;
	c->tenant->resident_pages += (uint64_t)pages;
	if (c->sign > 0)
		c->group->levels[s->rank] |= 1u << s->level;
	if (s->cell & CELL_HEAT)
		c->warm = true;
	c->slow += (uint64_t)(s->end - s->first) * (s->cell & 255);
}

void space_count(struct heat_space *space, struct group *group, uint64_t number,
		 const struct run *run, unsigned int n, int sign)
{
	struct counting c = { .tenant = space->tenant, .group = group, .sign = sign };

	space_stretches(space, number, run, n, count_stretch, &c);
	tenant_changed(space->tenant);
	if (sign < 0)
		return;
	space_warm(space, group, number % GROUP_CHUNKS, c.warm);
	group->chunks[group_index(group, number % GROUP_CHUNKS)].expected =
		(uint16_t)(c.slow / 255);
}

static void uncount(struct heat_space *space, struct group *group, struct chunk *chunk,
		    uint64_t number)
{
	const struct run *run;
	struct runs buf;
	unsigned int n = chunk_view(chunk, &buf, &run);

	space_count(space, group, number, run, n, -1);
}

void space_drop(struct heat_space *space, uint64_t number)
{
	struct group *group;
	struct chunk *chunk = space_find(space, number, &group);

	if (!chunk)
		return;
	uncount(space, group, chunk, number);
	remove_chunk(space, group, number % GROUP_CHUNKS);
}

static bool is_empty(const struct runs *runs)
{
	return runs->n == 1 && !cell_present(runs->run[0].cell);
}

static int store_new(struct heat_space *space, uint64_t number, struct group **ret_group)
{
	struct group *group;
	int err;

	err = add_group(space, number / GROUP_CHUNKS, &group);
	if (err)
		return err;
	err = add_chunk(space, group, number % GROUP_CHUNKS);
	if (err && !group->have)
		drop_group(space, group);
	if (!err)
		*ret_group = group;
	return err;
}

int space_store(struct heat_space *space, uint64_t number, const struct runs *runs,
		struct chunk **ret_chunk)
{
	struct group *group;
	struct chunk *chunk = space_find(space, number, &group);
	int err;

	if (is_empty(runs)) {
		space_drop(space, number);
		*ret_chunk = NULL;
		return 0;
	}
	if (!chunk) {
		err = store_new(space, number, &group);
		if (err)
			return err;
		chunk = &group->chunks[group_index(group, number % GROUP_CHUNKS)];
	}
	uncount(space, group, chunk, number);
	err = chunk_write(chunk, runs, &space->tenant->heat->bytes);
	if (err) {
		remove_chunk(space, group, number % GROUP_CHUNKS);
		return err;
	}
	space_count(space, group, number, runs->run, runs->n, 1);
	*ret_chunk = chunk;
	return 0;
}

void space_clear(struct heat_space *space)
{
	while (space->n_groups) {
		struct group *group = space->groups[space->n_groups - 1];
		unsigned int bit = 31 - (unsigned int)__builtin_clz(group->have);

		space_drop(space, group->number * GROUP_CHUNKS + bit);
	}
	space->tenant->heat->bytes -= space->groups_size * sizeof(*space->groups) +
				      space->places_size * sizeof(*space->places);
	free(space->groups);
	free(space->places);
}
