/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* partition.h -- namespaces in mode devdax: made, resized, deleted, for dividing pmem. */
#ifndef RAMIFY_LIB_PARTITION_H
#define RAMIFY_LIB_PARTITION_H

#include "region.h"

/* What a region has for new namespaces. */
struct partition_room {
	uint64_t available_bytes, largest_bytes;
	uint64_t align_bytes;
};

/* -EOPNOTSUPP no labels: one namespace is all of it. Says why. */
int partition_room(struct ramify *ctx, const struct ramify_region *region,
		   struct partition_room *ret_room);

/* Makes one, whose devdax is enabled when it returns; or none. */
int partition_make(struct ramify *ctx, const char *region, uint64_t bytes,
		   char ns[NAME_BYTES]);

/* The namespace has no data, or none that matters. */
int partition_drop(struct ramify *ctx, const char *ns);
/* The most that it can be resized to: it grows at its end only. */
int partition_most(struct ramify *ctx, const char *ns, uint64_t *ret_bytes);
int partition_resize(struct ramify *ctx, const char *ns, uint64_t bytes);

#endif
