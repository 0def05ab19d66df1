/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* holder.h -- what the kernel has built upon a block device: volumes, arrays, caches. */
#ifndef RAMIFY_LIB_HOLDER_H
#define RAMIFY_LIB_HOLDER_H

#include "ramify.h"

/* @dir is the device's own in sysfs, below the root. -EBUSY, with a message: what it is part of,
 * by the name that its owner gave it, and what takes that apart. */
int holder_check(struct ramify *ctx, const char *dir, const char *name);

#endif
