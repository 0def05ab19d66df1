/* SPDX-License-Identifier: GPL-2.0-only */
/* tier.h -- memory types: which tier a node with our memory belongs to. */
#ifndef RAMIFY_TIER_H
#define RAMIFY_TIER_H

struct memory_dev_type;

/* The type to give to @node: @adistance, or for 0 what the kernel computes, or else the
 * default of slow memory. Types live until tier_exit(). -ENOMEM. */
int tier_find_type(int node, int adistance, struct memory_dev_type **ret_type);
void tier_exit(void);

#endif
