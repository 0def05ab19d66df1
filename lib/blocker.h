/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* blocker.h -- who is in the way of a memory block, as far as /proc shows. */
#ifndef RAMIFY_LIB_BLOCKER_H
#define RAMIFY_LIB_BLOCKER_H

#include <stddef.h>

#include "ramify.h"

/* One line: the kinds of pages that are left in the range, whose they are, and programs
 * that pin memory for devices. Says so where nothing can be found out. */
void blocker_describe(struct ramify *ctx, uint64_t start, uint64_t size_bytes, char *buf,
		      size_t size);

#endif
