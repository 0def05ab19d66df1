/* SPDX-License-Identifier: GPL-2.0-only */
/* tier.h -- memory types: which tier a node with our memory belongs to. */
#ifndef RAMIFY_TIER_H
#define RAMIFY_TIER_H

/* Before the first memory of ours comes to @node: gives it the type of @adistance, or for 0
 * the type that it has from us, that the kernel computes, or the default of slow memory.
 * *ret_adistance: of its type; 0: it has one that is not from us, and keeps it. -ENOMEM. */
int tier_join(int node, int adistance, int *ret_adistance);
/* For each tier_join() that told an adistance, after the memory is out. */
void tier_leave(int node);
void tier_exit(void);

#endif
