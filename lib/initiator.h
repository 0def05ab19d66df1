/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* initiator.h -- which CPUs are nearest to a node's memory. */
#ifndef RAMIFY_LIB_INITIATOR_H
#define RAMIFY_LIB_INITIATOR_H

#include "system.h"

/* The node with the nearest CPUs: itself; else by what firmware says of who may reach it best;
 * else by distance. -ENODEV, with a message: no node has CPUs. */
int initiator_find(struct ramify *ctx, const struct ramify_system *sys, int node, int *ret_node);

/* The kernel's distance of two nodes, 10 for a node to itself; -1 not known. */
int initiator_distance(struct ramify *ctx, const struct ramify_system *sys, int from, int to,
		       int *ret_distance);

#endif
