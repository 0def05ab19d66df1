// SPDX-License-Identifier: LGPL-2.1-or-later
/* fit.c -- which whole memory blocks fit into a device, and what is lost. */

#include "fit.h"

#include "extent.h"

#define PAGE_BYTES 4096
#define STRUCT_PAGE_BYTES 64

struct fit fit_blocks(const struct ramify_extent *extents, size_t n_extents,
		      const struct state_ranges *skip, uint64_t block_bytes)
{
	struct fit fit = { 0 };

	for (size_t i = 0; i < n_extents; i++) {
		uint64_t whole = extent_blocks(&extents[i], block_bytes).size_bytes;
		uint64_t bad = extent_bad_bytes(&extents[i], block_bytes, skip->items, skip->n);

		fit.lost_align_bytes += extents[i].size_bytes - whole;
		fit.lost_skip_bytes += bad;
		fit.added_bytes += whole - bad;
	}
	return fit;
}

uint64_t fit_memmap_bytes(uint64_t memory_bytes)
{
	return memory_bytes / PAGE_BYTES * STRUCT_PAGE_BYTES;
}
