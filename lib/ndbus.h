/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ndbus.h -- one namespace as libndctl holds it, for changes. */
#ifndef RAMIFY_LIB_NDBUS_H
#define RAMIFY_LIB_NDBUS_H

#include <ndctl/libndctl.h>

#include "ramify.h"

struct ndbus {
	struct ndctl_ctx *ndctl;
	struct ndctl_region *region;
	struct ndctl_namespace *ndns;
};

/* -ENODEV no such namespace; -EOPNOTSUPP under another root, as libndctl knows one only. */
int ndbus_open(struct ramify *ctx, const char *name, struct ndbus *ret_bus);
void ndbus_close(struct ndbus *bus);

int ndbus_disable(struct ndbus *bus);
int ndbus_enable(struct ndbus *bus);

#endif
