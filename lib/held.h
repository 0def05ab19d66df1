/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* held.h -- memory that the driver holds although its device is gone. */
#ifndef RAMIFY_LIB_HELD_H
#define RAMIFY_LIB_HELD_H

#include "system.h"

/* More ranges than the longest line can name. */
#define HELD_RANGES_MAX 256

struct held {
	struct ramify_extent ranges[HELD_RANGES_MAX];
	size_t n;
	enum ramify_state state;
	enum ramify_zone zone;
	enum ramify_memmap memmap;
	int node;
	uint64_t added_bytes, online_bytes;
};

/* A line of the driver's file "held"; words that it may have some day are passed over.
 * -EINVAL, -ERANGE. */
int held_parse(char *line, struct held *ret_held);

int held_read(struct reading *rd);

#endif
