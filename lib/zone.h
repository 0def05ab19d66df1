/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* zone.h -- /proc/zoneinfo: how much memory of a node is in which zone. */
#ifndef RAMIFY_LIB_ZONE_H
#define RAMIFY_LIB_ZONE_H

#include "system.h"

/* Where the reading of the file is: in which zone of which node. */
struct zone_walk {
	int node;			/* -1 before the first zone */
	bool movable;
};

/* 1: the line tells @ret_pages present in the walk's zone; 0: it tells no such thing;
 * -EINVAL, -ERANGE. */
int zone_parse(const char *line, struct zone_walk *walk, uint64_t *ret_pages);

/* Fills the nodes' present and movable bytes. */
int zones_read(struct reading *rd);

#endif
