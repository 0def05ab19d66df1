/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* room.h -- how much memory may be taken for a while so that nobody is pushed out. */
#ifndef RAMIFY_LIB_ROOM_H
#define RAMIFY_LIB_ROOM_H

#include "context.h"

/* What our memory cgroup, and those that it is in, leave us; RAMIFY_UNKNOWN: no limit. */
int room_in_cgroup(struct ramify *ctx, uint64_t *ret_bytes);

/* May this process allocate on @node? -EPERM, with a message. */
int room_permitted(struct ramify *ctx, int node);

#endif
