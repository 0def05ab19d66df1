/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fit.h -- which whole memory blocks fit into a device, and what is lost. */
#ifndef RAMIFY_LIB_FIT_H
#define RAMIFY_LIB_FIT_H

#include "state.h"

struct fit {
	uint64_t added_bytes;
	uint64_t lost_align_bytes;	/* outside of whole blocks */
	uint64_t lost_skip_bytes;	/* of whole blocks that a range to skip touches */
};

/* @skip is sorted by address. */
struct fit fit_blocks(const struct ramify_extent *extents, size_t n_extents,
		      const struct state_ranges *skip, uint64_t block_bytes);

/* The bytes of struct pages for so much memory. */
uint64_t fit_memmap_bytes(uint64_t memory_bytes);

#endif
