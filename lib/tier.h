/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tier.h -- memory tiers: the kernel's, and the rank that we give them. */
#ifndef RAMIFY_LIB_TIER_H
#define RAMIFY_LIB_TIER_H

#include "system.h"

int tiers_read(struct reading *rd);
/* By the rule at struct ramify_node. */
int tiers_rank(struct reading *rd);

#endif
