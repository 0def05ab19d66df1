/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* extent.h -- arithmetic on ranges of physical addresses. */
#ifndef RAMIFY_LIB_EXTENT_H
#define RAMIFY_LIB_EXTENT_H

#include "ramify.h"

/* Does the range end below 2^64, and hold a byte? */
bool extent_valid(const struct ramify_extent *extent);

uint64_t extent_last(const struct ramify_extent *extent);
bool extent_overlaps(const struct ramify_extent *a, const struct ramify_extent *b);
bool extent_holds(const struct ramify_extent *outer, const struct ramify_extent *inner);

/* The part of @extent in @bounds; size 0 if there is none. */
struct ramify_extent extent_clip(const struct ramify_extent *extent,
				 const struct ramify_extent *bounds);

/* The whole memory blocks in @extent: start rounded up, end down. @block_bytes is a power
 * of two. Size 0 if there is none. */
struct ramify_extent extent_blocks(const struct ramify_extent *extent, uint64_t block_bytes);

/* Bytes of those whole blocks that a range of @bad touches. @bad is sorted by address. */
uint64_t extent_bad_bytes(const struct ramify_extent *extent, uint64_t block_bytes,
			  const struct ramify_extent *bad, size_t n_bad);

/* For qsort: by start, then by size. */
int extent_compare(const void *a, const void *b);

#endif
