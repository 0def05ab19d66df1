/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* devnode.h -- a DAX device's node in /dev, and who may open it. */
#ifndef RAMIFY_LIB_DEVNODE_H
#define RAMIFY_LIB_DEVNODE_H

#include "ramify.h"

struct devnode {
	uint32_t uid, gid;		/* UINT32_MAX: root */
	unsigned int perms;		/* 0: 0600 */
};
#define DEVNODE_ROOT { UINT32_MAX, UINT32_MAX, 0 }

/* Waits a moment for the node to be there. */
int devnode_set(struct ramify *ctx, const char *dax, const struct devnode *node);
/* DEVNODE_ROOT where there is none. */
struct devnode devnode_get(struct ramify *ctx, const char *dax);

#endif
