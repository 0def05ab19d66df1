/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* idle.h -- soft-reserved regions that appear with a device of no size. */
#ifndef RAMIFY_LIB_IDLE_H
#define RAMIFY_LIB_IDLE_H

#include "ramify.h"

/*
 * With region_idle=1 the first device of a region has no size, and the region is all
 * available. Unless it is divided, such a device gets all of it, as without that option.
 */
enum idle {
	IDLE_NOT,	/* it has a size, or is none of a region's */
	IDLE_WHOLE,	/* first of a region that is all available: *ret_bytes */
	IDLE_EMPTY,	/* no size, and the region is divided by somebody */
};
enum idle idle_look(struct ramify *ctx, const char *device, uint64_t *ret_bytes);
int idle_fill(struct ramify *ctx, const char *device, uint64_t bytes);

#endif
