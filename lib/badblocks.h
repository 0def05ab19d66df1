/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* badblocks.h -- where persistent memory is known to be bad. */
#ifndef RAMIFY_LIB_BADBLOCKS_H
#define RAMIFY_LIB_BADBLOCKS_H

#include "context.h"

struct bad_ranges {
	struct ramify_extent *ranges;	/* by address */
	size_t n;
	bool complete;			/* the kernel cuts a list that is longer than a page */
};

/* A line "SECTOR COUNT", in units of 512 bytes from @base. -EINVAL, -ERANGE. */
int badblocks_parse(const char *line, uint64_t base, struct ramify_extent *ret_range);

/* @dir: of the region, whose memory begins at @base. */
int badblocks_read(struct ramify *ctx, const char *dir, uint64_t base,
		   struct bad_ranges *ret_bad);
void badblocks_free(struct bad_ranges *bad);

#endif
