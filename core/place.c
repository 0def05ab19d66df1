// SPDX-License-Identifier: GPL-2.0-or-later
/* place.c -- ranges that belong in a tier by decree. */

#include <errno.h>
#include <stdlib.h>

#include "space.h"

static int grow_places(struct heat_space *space, size_t n)
{
	size_t size = space->places_size ? space->places_size : 2;
	struct place *places;

	while (size < n)
		size *= 2;
	if (size == space->places_size)
		return 0;
	places = reallocarray(space->places, size, sizeof(*places));
	if (!places)
		return -ENOMEM;
	space->tenant->heat->bytes += (size - space->places_size) * sizeof(*places);
	space->places = places;
	space->places_size = size;
	return 0;
}

static void append(struct place *places, size_t *n, struct place place)
{
	struct place *last = *n ? &places[*n - 1] : NULL;

	if (place.start >= place.end)
		return;
	if (last && last->end == place.start && last->tier == place.tier)
		last->end = place.end;
	else
		places[(*n)++] = place;
}

/* What is below @new, @new, what is above it. There is room for two more. */
static int cut_in(struct heat_space *space, struct place new)
{
	struct place *old, *places = space->places;
	size_t n = 0;

	old = calloc(space->n_places + 1, sizeof(*old));
	if (!old)
		return -ENOMEM;
	for (size_t i = 0; i < space->n_places; i++)
		old[i] = places[i];
	for (size_t i = 0; i < space->n_places; i++) {
		struct place below = old[i];

		if (below.end > new.start)
			below.end = new.start;
		append(places, &n, below);
	}
	if (new.tier != POLICY_TIER_LEAVE)
		append(places, &n, new);
	for (size_t i = 0; i < space->n_places; i++) {
		struct place above = old[i];

		if (above.start < new.end)
			above.start = new.end;
		append(places, &n, above);
	}
	space->n_places = n;
	free(old);
	return 0;
}

/* The tenant's sums with all chunks of a range, or without them. */
static void count_range(struct heat_space *space, uint64_t first, uint64_t end, int sign)
{
	size_t i = space_seek(space, first / GROUP_CHUNKS);

	for (; i < space->n_groups && space->groups[i]->number * GROUP_CHUNKS < end; i++) {
		struct group *group = space->groups[i];

		for (uint32_t bits = group->have; bits; bits &= bits - 1) {
			unsigned int bit = (unsigned int)__builtin_ctz(bits);
			uint64_t number = group->number * GROUP_CHUNKS + bit;
			const struct run *run;
			struct runs buf;
			unsigned int n;

			if (number < first || number >= end)
				continue;
			n = chunk_view(&group->chunks[group_index(group, bit)], &buf, &run);
			space_count(space, group, number, run, n, sign);
		}
	}
}

int heat_place(struct heat_space *space, uint64_t start, uint64_t end,
	       enum policy_tier tier)
{
	struct place new = { .start = start, .end = end, .tier = tier };
	uint64_t first = start >> CHUNK_SHIFT, last = ((end - 1) >> CHUNK_SHIFT) + 1;
	int err;

	if (start >= end || end > ADDRESS_END || (start | end) % HEAT_PAGE)
		return -EINVAL;
	err = grow_places(space, space->n_places + 2);
	if (err)
		return err;
	count_range(space, first, last, -1);
	err = cut_in(space, new);
	count_range(space, first, last, 1);
	if (err || tier != POLICY_TIER_LEAVE)
		return err;
	return heat_forget(space, start, end);
}
