/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* blockset.h -- a set of memory blocks, as they are numbered in sysfs. */
#ifndef RAMIFY_LIB_BLOCKSET_H
#define RAMIFY_LIB_BLOCKSET_H

#include <stddef.h>
#include <stdint.h>

#include "state.h"

struct blockset {
	uint64_t *numbers;	/* ascending within a range */
	size_t n;
	uint64_t block_bytes;
};

/* The whole blocks inside @ranges. -ENOMEM, -EINVAL when @block_bytes is none. */
int blockset_inside(const struct state_ranges *ranges, uint64_t block_bytes,
		    struct blockset *ret_set);
void blockset_clear(struct blockset *set);

/* Those of @set that are, or are not, online now. One that is not there is neither. */
int blockset_select(struct ramify *ctx, const struct blockset *set, bool online,
		    struct blockset *ret_set);
int blockset_ranges(const struct blockset *set, struct state_ranges *ret_ranges);
uint64_t blockset_bytes(const struct blockset *set);

/* The zone that a block is in or, offline, would go to first; unknown if neither
 * movable nor one of the kernel's. */
enum ramify_zone block_zone(struct ramify *ctx, uint64_t number);
/* -ENOENT no such block. */
int block_is_online(struct ramify *ctx, uint64_t number, bool *ret_online);

#endif
