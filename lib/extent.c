// SPDX-License-Identifier: LGPL-2.1-or-later
/* extent.c -- arithmetic on ranges of physical addresses. */

#include "extent.h"

/* Ends are kept inclusive throughout, so that nothing wraps at 2^64. */

bool extent_valid(const struct ramify_extent *extent)
{
	return extent->size_bytes && extent->size_bytes - 1 <= UINT64_MAX - extent->start;
}

uint64_t extent_last(const struct ramify_extent *extent)
{
	return extent->start + (extent->size_bytes - 1);
}

bool extent_overlaps(const struct ramify_extent *a, const struct ramify_extent *b)
{
	return a->size_bytes && b->size_bytes && a->start <= extent_last(b) &&
	       b->start <= extent_last(a);
}

bool extent_holds(const struct ramify_extent *outer, const struct ramify_extent *inner)
{
	return outer->size_bytes && inner->size_bytes && outer->start <= inner->start &&
	       extent_last(inner) <= extent_last(outer);
}

struct ramify_extent extent_clip(const struct ramify_extent *extent,
				 const struct ramify_extent *bounds)
{
	uint64_t first, last;

	if (!extent_overlaps(extent, bounds))
		return (struct ramify_extent){ 0 };
	first = extent->start > bounds->start ? extent->start : bounds->start;
	last = extent_last(extent) < extent_last(bounds) ? extent_last(extent)
							 : extent_last(bounds);
	return (struct ramify_extent){ first, last - first + 1 };
}

struct ramify_extent extent_blocks(const struct ramify_extent *extent, uint64_t block_bytes)
{
	uint64_t mask = block_bytes - 1, first = (extent->start + mask) & ~mask, last;

	if (!extent->size_bytes || first < extent->start)
		return (struct ramify_extent){ 0 };
	last = extent_last(extent);
	if (last < mask || last - mask < first)
		return (struct ramify_extent){ 0 };
	last = ((last - mask) & ~mask) | mask;
	return (struct ramify_extent){ first, last - first + 1 };
}

uint64_t extent_bad_bytes(const struct ramify_extent *extent, uint64_t block_bytes,
			  const struct ramify_extent *bad, size_t n_bad)
{
	struct ramify_extent inner = extent_blocks(extent, block_bytes);
	uint64_t mask = block_bytes - 1, bytes = 0;

	/* What is left of @inner shrinks from below, so that no block counts twice. */
	for (size_t i = 0; i < n_bad && inner.size_bytes; i++) {
		struct ramify_extent touched = extent_clip(&bad[i], &inner);
		uint64_t first, last;

		if (!touched.size_bytes)
			continue;
		first = touched.start & ~mask;
		last = extent_last(&touched) | mask;
		bytes += last - first + 1;
		inner.size_bytes = extent_last(&inner) - last;
		inner.start = last + 1;
	}
	return bytes;
}

int extent_compare(const void *a, const void *b)
{
	const struct ramify_extent *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->size_bytes > y->size_bytes) - (x->size_bytes < y->size_bytes);
}
