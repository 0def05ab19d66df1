/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* layout.h -- where in a region a device goes: pure arithmetic. */
#ifndef RAMIFY_LIB_LAYOUT_H
#define RAMIFY_LIB_LAYOUT_H

#include "state.h"

/* What can be had of a region. */
struct layout {
	struct ramify_extent region;
	struct state_ranges taken;	/* sorted */
	uint64_t align_bytes;		/* of the start and size of each piece; a power of two */
	struct ramify_color color;	/* .of 0: any */
};

/* A device has no more pieces. */
#define LAYOUT_PIECES_MAX 4096

/* What is free, by address. -E2BIG: in too many pieces; -EINVAL: the region ends at 2^64. */
int layout_free(const struct layout *layout, struct state_ranges *ret_free);

struct layout_room {
	uint64_t total_bytes, largest_bytes;
	size_t pieces;
};
struct layout_room layout_room(const struct state_ranges *free);

/*
 * @size_bytes of @free: the smallest piece that is large enough, else as few pieces as
 * possible; with @in_order the first ones, as a colour is always in pieces. -ENOSPC.
 */
int layout_place(const struct state_ranges *free, uint64_t size_bytes, bool in_order,
		 struct state_ranges *ret_pieces);

/* What of @free is at @address, which is aligned, and behind it, as far as it is one piece, or, with @on, to
 * the end. */
int layout_from(const struct state_ranges *free, uint64_t address, bool on,
		struct state_ranges *ret_free);

/* Its first @size_bytes. */
int layout_cut(const struct state_ranges *pieces, uint64_t size_bytes,
	       struct state_ranges *ret_pieces);

/* Adds ranges to @taken, and keeps it sorted. -ENOMEM. */
int layout_take(struct state_ranges *taken, const struct ramify_extent *pieces, size_t n);

#endif
