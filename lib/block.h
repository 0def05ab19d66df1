/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* block.h -- memory blocks: the unit in which memory is added and goes online. */
#ifndef RAMIFY_LIB_BLOCK_H
#define RAMIFY_LIB_BLOCK_H

#include "context.h"

#define BLOCK_DIR "sys/devices/system/memory"

/* The blocks that the kernel has, whatever their state. */
struct block_map {
	uint64_t block_bytes;		/* RAMIFY_UNKNOWN: this kernel has no memory hot-plug */
	uint64_t *numbers;		/* sorted; block N begins at N * block_bytes */
	size_t n;
};

/* -EBADMSG, with a message. */
int block_map_read(struct ramify *ctx, struct block_map *ret_map);
void block_map_free(struct block_map *map);

/* What the whole blocks in a range, or in several one after the other, add up to. */
struct block_tally {
	uint64_t present_bytes, online_bytes;
	bool movable, kernel;		/* an online block is in such a zone */
};

/* Adds to @tally. A block that is just being unplugged is left out. */
int block_tally_add(struct ramify *ctx, const struct block_map *map,
		    const struct ramify_extent *extent, struct block_tally *tally);
enum ramify_zone block_tally_zone(const struct block_tally *tally);

#endif
