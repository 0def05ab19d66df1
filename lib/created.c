// SPDX-License-Identifier: LGPL-2.1-or-later
/* created.c -- what a create made, for its caller to keep. */

#include "created.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fit.h"

/* What is given out owns all that it points to. */
struct told {
	struct ramify_created created;
	char region[NAME_BYTES];
	struct ramify_created_device *devices;
	char (*names)[NAME_BYTES];
	struct ramify_extent *extents;
};

static size_t count_pieces(const struct creation_item *items, size_t n)
{
	size_t pieces = 0;

	for (size_t i = 0; i < n; i++)
		pieces += items[i].pieces.n;
	return pieces;
}

static void tell_device(struct told *told, size_t i, const struct creation_item *item,
			uint64_t block_bytes, struct ramify_extent *extents)
{
	static const struct state_ranges none;
	struct ramify_created_device *dev = &told->devices[i];

	snprintf(told->names[i], NAME_BYTES, "%s", item->name);
	dev->name = *item->name ? told->names[i] : NULL;
	dev->size_bytes = item->size_bytes;
	dev->n_extents = item->pieces.n;
	dev->extents = extents;
	if (item->pieces.n)
		memcpy(extents, item->pieces.items, item->pieces.n * sizeof(*extents));
	if (block_bytes == RAMIFY_UNKNOWN)
		return;
	dev->lost_bytes = fit_blocks(extents, dev->n_extents, &none, block_bytes).lost_align_bytes;
}

int created_tell(const char *region, const struct creation_item *items, size_t n,
		 uint64_t block_bytes, const struct ramify_created *numbers,
		 struct ramify_created **ret_created)
{
	struct told *told = calloc(1, sizeof(*told));
	size_t pieces = 0;

	if (!told)
		return -ENOMEM;
	told->created = *numbers;
	told->devices = calloc(n + 1, sizeof(*told->devices));
	told->names = calloc(n + 1, sizeof(*told->names));
	told->extents = calloc(count_pieces(items, n) + 1, sizeof(*told->extents));
	if (!told->devices || !told->names || !told->extents) {
		ramify_created_free(&told->created);
		return -ENOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		tell_device(told, i, &items[i], block_bytes, told->extents + pieces);
		pieces += items[i].pieces.n;
	}
	snprintf(told->region, sizeof(told->region), "%s", region);
	told->created.region = told->region;
	told->created.devices = told->devices;
	told->created.n_devices = n;
	*ret_created = &told->created;
	return 0;
}

void ramify_created_free(struct ramify_created *created)
{
	struct told *told = (struct told *)created;

	if (!told)
		return;
	free(told->devices);
	free(told->names);
	free(told->extents);
	free(told);
}
