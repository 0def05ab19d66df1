/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* division.h -- a DAX region that can be divided: its devices made, shaped, dropped. */
#ifndef RAMIFY_LIB_DIVISION_H
#define RAMIFY_LIB_DIVISION_H

#include "op.h"
#include "region.h"
#include "state.h"

struct division {
	struct ramify *ctx;
	struct ramify_extent range;
	uint64_t align_bytes;		/* least size and alignment of a piece */
	char region[NAME_BYTES];
	char anchor[NAME_BYTES];	/* a device that is always there */
	struct state_ranges taken;	/* by devices, sorted */
	char holder[NAME_BYTES];	/* a device that has memory; "" none */
};

/* -EOPNOTSUPP it cannot be divided; -EPERM its addresses are not told. */
int division_open(struct ramify *ctx, const struct ramify_system *sys,
		  const struct ramify_region *region, struct division *ret_division);
void division_close(struct division *division);

/* What a device consists of, in the order of its content. */
int division_extents(struct ramify *ctx, const char *dax, struct state_ranges *ret_extents);

/* Each wants a device without a driver. On failure it has no memory, or what it had. */
int division_shape(struct ramify *ctx, const char *dax, const struct state_ranges *extents);
/* Takes its memory, and the device, if it is not the region's first, which stays. */
int division_drop(struct ramify *ctx, const char *dax);

/* A device without memory: one that is there, or a new one. */
int division_seed(struct division *division, char dax[NAME_BYTES]);

/* Sets the page size that mappings of @dax have. */
int division_set_page(struct ramify *ctx, const char *dax, uint64_t page_bytes);

#endif
