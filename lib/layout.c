// SPDX-License-Identifier: LGPL-2.1-or-later
/* layout.c -- where in a region a device goes: pure arithmetic. */

#include "layout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "color.h"
#include "extent.h"

static int append(struct state_ranges *free, const struct ramify_extent *piece,
		  uint64_t align_bytes)
{
	struct ramify_extent whole = extent_blocks(piece, align_bytes);

	if (!whole.size_bytes)
		return 0;
	return ranges_append(free, whole.start, whole.size_bytes);
}

/* The parts of one colour in a gap; each is aligned for itself. */
static int append_colored(const struct layout *layout, const struct ramify_extent *gap,
			  struct state_ranges *free)
{
	struct ramify_extent part = color_part(&layout->color, gap->start);
	unsigned int looked = 0;
	int err = 0;

	while (!err && part.size_bytes && part.start <= extent_last(gap)) {
		struct ramify_extent piece = extent_clip(&part, gap);
		uint64_t next;

		err = append(free, &piece, layout->align_bytes);
		if (free->n > LAYOUT_PIECES_MAX || ++looked > 2 * LAYOUT_PIECES_MAX)
			return -E2BIG;
		if (__builtin_add_overflow(extent_last(&part), 1, &next))
			break;
		part = color_part(&layout->color, next);
	}
	return err;
}

static int append_gap(const struct layout *layout, uint64_t start, uint64_t end,
		      struct state_ranges *free)
{
	struct ramify_extent gap = { start, end - start };

	if (end <= start)
		return 0;
	if (layout->color.of)
		return append_colored(layout, &gap, free);
	return append(free, &gap, layout->align_bytes);
}

int layout_free(const struct layout *layout, struct state_ranges *ret_free)
{
	uint64_t at = layout->region.start, end = at + layout->region.size_bytes;
	struct state_ranges free = { 0 };
	/* No memory ends at 2^64, and sums below need not wrap. */
	int err = end < at ? -EINVAL : 0;

	for (size_t i = 0; !err && i < layout->taken.n; i++) {
		struct ramify_extent taken = extent_clip(&layout->taken.items[i], &layout->region);

		if (!taken.size_bytes)
			continue;
		err = append_gap(layout, at, taken.start, &free);
		if (taken.start + taken.size_bytes > at)
			at = taken.start + taken.size_bytes;
	}
	if (!err)
		err = append_gap(layout, at, end, &free);
	if (err)
		ranges_clear(&free);
	else
		*ret_free = free;
	return err;
}

struct layout_room layout_room(const struct state_ranges *free)
{
	struct layout_room room = { .pieces = free->n };

	for (size_t i = 0; i < free->n; i++) {
		uint64_t size = free->items[i].size_bytes;

		room.total_bytes += size;
		room.largest_bytes = size > room.largest_bytes ? size : room.largest_bytes;
	}
	return room;
}

int layout_cut(const struct state_ranges *pieces, uint64_t size_bytes,
	       struct state_ranges *ret_pieces)
{
	struct state_ranges cut = { 0 };
	int err = 0;

	for (size_t i = 0; !err && i < pieces->n && size_bytes; i++) {
		uint64_t size = pieces->items[i].size_bytes;

		size = size < size_bytes ? size : size_bytes;
		err = ranges_append(&cut, pieces->items[i].start, size);
		size_bytes -= size;
	}
	if (!err && size_bytes)
		err = -ENOSPC;
	if (err)
		ranges_clear(&cut);
	else
		*ret_pieces = cut;
	return err;
}

static int compare_sizes(const void *a, const void *b)
{
	const struct ramify_extent *x = a, *y = b;

	if (x->size_bytes != y->size_bytes)
		return x->size_bytes > y->size_bytes ? -1 : 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

static const struct ramify_extent *best_fit(const struct state_ranges *free, uint64_t size_bytes)
{
	const struct ramify_extent *best = NULL;

	for (size_t i = 0; i < free->n; i++) {
		const struct ramify_extent *piece = &free->items[i];

		if (piece->size_bytes >= size_bytes &&
		    (!best || piece->size_bytes < best->size_bytes))
			best = piece;
	}
	return best;
}

/* The largest first, so that they are few. */
static int gather(const struct state_ranges *free, uint64_t size_bytes,
		  struct state_ranges *ret_pieces)
{
	struct state_ranges sorted = { calloc(free->n + 1, sizeof(*sorted.items)), free->n };
	int err;

	if (!sorted.items)
		return -ENOMEM;
	if (free->n)
		memcpy(sorted.items, free->items, free->n * sizeof(*sorted.items));
	qsort(sorted.items, sorted.n, sizeof(*sorted.items), compare_sizes);
	err = layout_cut(&sorted, size_bytes, ret_pieces);
	if (!err && ret_pieces->n)
		qsort(ret_pieces->items, ret_pieces->n, sizeof(*ret_pieces->items), extent_compare);
	ranges_clear(&sorted);
	return err;
}

int layout_place(const struct state_ranges *free, uint64_t size_bytes, bool in_order,
		 struct state_ranges *ret_pieces)
{
	const struct ramify_extent *best = best_fit(free, size_bytes);
	struct state_ranges one = { 0 };
	int err;

	if (in_order)
		return layout_cut(free, size_bytes, ret_pieces);
	if (!best)
		return gather(free, size_bytes, ret_pieces);
	err = ranges_append(&one, best->start, size_bytes);
	if (!err)
		*ret_pieces = one;
	return err;
}

int layout_from(const struct state_ranges *free, uint64_t address, bool on,
		struct state_ranges *ret_free)
{
	struct state_ranges rest = { 0 };
	int err = 0;

	for (size_t i = 0; !err && i < free->n; i++) {
		const struct ramify_extent *piece = &free->items[i];
		uint64_t skip = piece->start < address ? address - piece->start : 0;

		if (skip >= piece->size_bytes || (!on && piece->start > address))
			continue;
		err = ranges_append(&rest, piece->start + skip, piece->size_bytes - skip);
	}
	if (err)
		ranges_clear(&rest);
	else
		*ret_free = rest;
	return err;
}

int layout_take(struct state_ranges *taken, const struct ramify_extent *pieces, size_t n)
{
	struct ramify_extent *items;

	if (!n)
		return 0;
	items = reallocarray(taken->items, taken->n + n, sizeof(*items));
	if (!items)
		return -ENOMEM;
	memcpy(items + taken->n, pieces, n * sizeof(*items));
	taken->items = items;
	taken->n += n;
	qsort(items, taken->n, sizeof(*items), extent_compare);
	return 0;
}
