/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* system.h -- the snapshot, and what is needed only while it is made. */
#ifndef RAMIFY_LIB_SYSTEM_H
#define RAMIFY_LIB_SYSTEM_H

#include "badblocks.h"
#include "block.h"
#include "context.h"
#include "iomem.h"

struct keepsake;

struct ramify_system {
	struct keepsake *keepsakes;	/* what strings and extents of the items point to */
	uint64_t block_bytes;
	struct ramify_node *nodes;
	struct ramify_region *regions;
	struct ramify_device *devices;
	size_t n_nodes, n_regions, n_devices;
	const char *warning;		/* why the lists of bad memory cannot be read; NULL they are */
	uint64_t n_held_untold;		/* pieces of held memory that the driver has no room for */
};

struct reading {
	struct ramify *ctx;
	struct ramify_system *sys;
	struct block_map blocks;
	struct iomem iomem;
	struct bad_ranges listed;	/* known by our own files */
};

/* Copies that live as long as the snapshot. NULL: no memory, or nothing to copy. */
void *system_keep(struct ramify_system *sys, const void *data, size_t size);
/* An empty text is kept as NULL. */
int system_keep_text(struct ramify_system *sys, const char *text, const char **ret_text);
int system_keep_extents(struct ramify_system *sys, const struct ramify_extent *extents, size_t n,
			const struct ramify_extent **ret_extents);

/* Each adds a copy of its item. -ENOMEM. */
int system_add_node(struct ramify_system *sys, const struct ramify_node *node);
int system_add_region(struct ramify_system *sys, const struct ramify_region *region);
int system_add_device(struct ramify_system *sys, const struct ramify_device *device);

/* NULL: none such. */
struct ramify_node *system_node(struct ramify_system *sys, int node);
struct ramify_region *system_region(struct ramify_system *sys, const char *name);

#endif
