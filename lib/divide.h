/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* divide.h -- a whole division of a region, as it was recorded, made again. */
#ifndef RAMIFY_LIB_DIVIDE_H
#define RAMIFY_LIB_DIVIDE_H

#include "devnode.h"
#include "op.h"
#include "region.h"
#include "state.h"

struct divide_piece {
	struct state_ranges extents;	/* physical, in the order of its content */
	struct ramify_color color;	/* .of 0: none */
	struct devnode node;		/* its owner and mode */
	uint64_t page_bytes;		/* its attribute align; 0: as it is */
	bool raw;			/* bound to device_dax; else left for add */
	char dax[NAME_BYTES];		/* set: the device that it is now */
};

/*
 * Makes the pieces of @region, soft-reserved or CXL. A piece that is there already, with just
 * these ranges, stays as it is, whatever it is used as. The one device that the region came
 * back as is taken apart if nobody uses it. Anything else in the way: -EBUSY, and nothing is
 * changed. If a piece fails, those made are dropped again.
 *
 * The caller holds the lock of no device but one of this region's.
 */
int divide_apply(struct op *op, const char *region, struct divide_piece *pieces, size_t n);

/* A made-up or recorded piece: inside @region, aligned, of its colour? With a message. */
int divide_check(struct ramify *ctx, const struct ramify_region *region,
		 const struct divide_piece *pieces, size_t n);

/* One piece on @dax, which has no driver and no memory: memory, owner, colour, driver. */
int divide_make(struct op *op, const char *dax, const struct divide_piece *piece,
		enum ramify_source source);
/* The opposite. */
int divide_drop(struct op *op, const char *dax);

/* The device as a piece, for a record. */
int divide_describe(struct ramify *ctx, const struct ramify_device *dev,
		    struct divide_piece *ret_piece);
void divide_piece_clear(struct divide_piece *piece);

/* The lock of a region, against others who divide it. */
int divide_lock(struct ramify *ctx, const char *region, int *ret_fd);

#endif
