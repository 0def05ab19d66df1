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
/* A region, and no namespace yet. */
int ndbus_open_region(struct ramify *ctx, const char *region, struct ndbus *ret_bus);
void ndbus_close(struct ndbus *bus);

int ndbus_disable(struct ndbus *bus);
int ndbus_enable(struct ndbus *bus);

/* A random one. */
int ndbus_new_uuid(uuid_t uuid);

/* In convert.c. The namespace is disabled, and becomes a devdax that is enabled; its struct
 * pages are in DRAM or on the device. */
int ndbus_set_up_devdax(struct ndbus *bus, enum ndctl_pfn_loc location, uuid_t uuid);
/* Zeroes the first @bytes of a disabled namespace: what a devdax keeps before its data. */
int ndbus_wipe_head(struct ndbus *bus, uint64_t bytes);

#endif
