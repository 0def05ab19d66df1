/* SPDX-License-Identifier: GPL-2.0-or-later */
/* maps.h -- a process's mappings, by its /proc/PID/maps. */
#ifndef RAMIFYD_MAPS_H
#define RAMIFYD_MAPS_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct mapping {
	uint64_t start, end;
	dev_t device;	/* of the file, 0 for anonymous memory */
};

/** 1: a mapping; 0: no more; -EPROTO: a line that is none, or is out of order. */
int maps_next(FILE *maps, uint64_t after, struct mapping *ret_mapping);

#endif
