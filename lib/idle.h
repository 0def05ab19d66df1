/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* idle.h -- soft-reserved regions that appear with a device of no size. */
#ifndef RAMIFY_LIB_IDLE_H
#define RAMIFY_LIB_IDLE_H

#include "ramify.h"

/*
 * With region_idle=1 the first device of a region has no size, and the region is all
 * available. Such a @device gets all of it, as without that option. *ret_empty: it has no
 * size, and does not get any, as the region is divided by somebody.
 */
int idle_fill(struct ramify *ctx, const char *device, bool *ret_empty);

#endif
