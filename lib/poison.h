/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* poison.h -- pages that the kernel took out of use because they are bad. */
#ifndef RAMIFY_LIB_POISON_H
#define RAMIFY_LIB_POISON_H

#include "badblocks.h"

/* In @extents, by address. Without privilege nothing is found. */
int poison_find(struct ramify *ctx, const struct ramify_extent *extents, size_t n,
		struct bad_ranges *ret_bad);

/* Notes those of the device, so that they are left out when it becomes RAM next. */
int poison_remember(struct ramify *ctx, const struct ramify_device *dev);

#endif
