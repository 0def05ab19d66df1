/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* node.h -- NUMA nodes. */
#ifndef RAMIFY_LIB_NODE_H
#define RAMIFY_LIB_NODE_H

#include "system.h"

/* A line of nodeN/meminfo, "Node N KEY: VALUE kB"; other keys than MemTotal and MemFree, and
 * units, are passed over. -EINVAL, -ERANGE. */
int node_parse_meminfo(const char *line, struct ramify_node *node);

int nodes_read(struct reading *rd);
/* Nodes that have nothing online yet, and that a region's or device's memory would go to. */
int nodes_add_targets(struct reading *rd);

#endif
