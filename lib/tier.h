/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tier.h -- memory tiers as the kernel has them. */
#ifndef RAMIFY_LIB_TIER_H
#define RAMIFY_LIB_TIER_H

#include "system.h"

int tiers_read(struct reading *rd);

/* The kernel's include/linux/memory-tiers.h. A tier is a chunk of abstract distances. */
#define TIER_DRAM 4
#define TIER_ADDED 22
#define TIER_CHUNK_BITS 7
#define TIER_DRAM_DISTANCE ((TIER_DRAM << TIER_CHUNK_BITS) + (1 << (TIER_CHUNK_BITS - 1)))

/* Does firmware tell all of its speed? Beyond a millisecond or a petabyte a second it is not
 * believed. */
bool tier_speed_known(const struct ramify_node *node);

#endif
