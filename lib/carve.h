/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* carve.h -- where in a region new devices go, or the numbers that say why they cannot. */
#ifndef RAMIFY_LIB_CARVE_H
#define RAMIFY_LIB_CARVE_H

#include "division.h"

struct carve {
	struct division division;	/* what is carved counts as taken */
	const struct ramify_create_options *options;
	uint64_t block_bytes;
	uint64_t align_bytes;		/* set by carve_check() */
	unsigned int placed;
};

/* Whether the request makes sense at all, with a message. */
int carve_check(struct carve *carve);

/* The next device's pieces. -ENOSPC. */
int carve_next(struct carve *carve, struct state_ranges *ret_pieces);

/* What is left, at @align_bytes. */
int carve_left(const struct carve *carve, uint64_t align_bytes, struct state_ranges *ret_free);

/* Says in @buf, such as "640 MiB left in 3 pieces, the largest 256 MiB", what @free is. */
#define ROOM_TEXT_MAX 96
const char *carve_room_text(char buf[ROOM_TEXT_MAX], const struct state_ranges *free,
			    const char *left);

/* For a size that is no multiple of @align_bytes: says which would be, and, if these are
 * memory blocks, what is lost, and the @remedy. -EINVAL. */
int carve_refuse_size(struct ramify *ctx, uint64_t bytes, uint64_t align_bytes, bool blocks,
		      const char *remedy);

#endif
