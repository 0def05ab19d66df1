// SPDX-License-Identifier: LGPL-2.1-or-later
/* blockset.c -- a set of memory blocks, as they are numbered in sysfs. */

#include "blockset.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "context.h"
#include "extent.h"

#define BLOCK_PATH "sys/devices/system/memory/memory%" PRIu64

static int add_number(struct blockset *set, uint64_t number)
{
	int err = array_grow(set->numbers, set->n);

	if (!err)
		set->numbers[set->n++] = number;
	return err;
}

static int add_range(struct blockset *set, const struct ramify_extent *extent)
{
	struct ramify_extent whole = extent_blocks(extent, set->block_bytes);
	uint64_t first = whole.start / set->block_bytes, n = whole.size_bytes / set->block_bytes;
	int err = 0;

	for (uint64_t i = 0; !err && i < n; i++)
		err = add_number(set, first + i);
	return err;
}

int blockset_inside(const struct state_ranges *ranges, uint64_t block_bytes,
		    struct blockset *ret_set)
{
	struct blockset set = { .block_bytes = block_bytes };
	int err = block_bytes && block_bytes != RAMIFY_UNKNOWN ? 0 : -EINVAL;

	for (size_t i = 0; !err && i < ranges->n; i++)
		err = add_range(&set, &ranges->items[i]);
	if (err)
		blockset_clear(&set);
	else
		*ret_set = set;
	return err;
}

void blockset_clear(struct blockset *set)
{
	free(set->numbers);
	*set = (struct blockset){ .block_bytes = set->block_bytes };
}

int block_is_online(struct ramify *ctx, uint64_t number, bool *ret_online)
{
	char path[96], state[32];
	int err;

	snprintf(path, sizeof(path), BLOCK_PATH "/state", number);
	err = attr_read(ctx, path, state, sizeof(state));
	if (!err)
		/* One that is going offline is not gone yet. */
		*ret_online = strcmp(state, "offline") != 0;
	return err;
}

enum ramify_zone block_zone(struct ramify *ctx, uint64_t number)
{
	char path[96], zones[128];

	snprintf(path, sizeof(path), BLOCK_PATH "/valid_zones", number);
	if (attr_read(ctx, path, zones, sizeof(zones)) < 0)
		return RAMIFY_ZONE_UNKNOWN;
	zones[strcspn(zones, " ")] = '\0';
	if (strcmp(zones, "Movable") == 0)
		return RAMIFY_ZONE_MOVABLE;
	if (strcmp(zones, "Normal") == 0 || strcmp(zones, "DMA32") == 0 ||
	    strcmp(zones, "DMA") == 0)
		return RAMIFY_ZONE_KERNEL;
	return RAMIFY_ZONE_UNKNOWN;
}

int blockset_select(struct ramify *ctx, const struct blockset *set, bool online,
		    struct blockset *ret_set)
{
	struct blockset selected = { .block_bytes = set->block_bytes };
	int err = 0;

	for (size_t i = 0; !err && i < set->n; i++) {
		bool is_online;

		if (!block_is_online(ctx, set->numbers[i], &is_online) && is_online == online)
			err = add_number(&selected, set->numbers[i]);
	}
	if (err)
		blockset_clear(&selected);
	else
		*ret_set = selected;
	return err;
}

int blockset_ranges(const struct blockset *set, struct state_ranges *ret_ranges)
{
	struct state_ranges ranges = { 0 };
	int err = 0;

	for (size_t i = 0; !err && i < set->n; i++)
		err = ranges_append(&ranges, set->numbers[i] * set->block_bytes,
				    set->block_bytes);
	if (err)
		ranges_clear(&ranges);
	else
		*ret_ranges = ranges;
	return err;
}

uint64_t blockset_bytes(const struct blockset *set)
{
	return set->n * set->block_bytes;
}
