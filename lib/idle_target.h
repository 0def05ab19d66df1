/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* idle_target.h -- a device whose memory may be taken or changed: locked, idle, unneeded. */
#ifndef RAMIFY_LIB_IDLE_TARGET_H
#define RAMIFY_LIB_IDLE_TARGET_H

#include "target.h"

struct idle_target {
	struct target target;
	int region_lock, device_lock;
};

/*
 * -EBUSY RAM, held, mapped or open (by whom), recorded for a use, or interrupted; -EEXIST persistent memory
 * that holds data, unless @force; -EOPNOTSUPP it is all that its region can be.
 */
int idle_target_open(struct ramify *ctx, const char *device, bool force,
		     struct idle_target *ret_idle);
void idle_target_close(struct idle_target *idle);

#endif
