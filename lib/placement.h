/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* placement.h -- the rank of each node, from its placement. */
#ifndef RAMIFY_LIB_PLACEMENT_H
#define RAMIFY_LIB_PLACEMENT_H

#include "system.h"

/* Placements' tiers, numbered without gaps. A tiers.conf that cannot be read counts as empty:
 * ramify_placements_read() tells what is wrong with it. */
int placement_ranks(struct reading *rd);

#endif
