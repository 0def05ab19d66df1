// SPDX-License-Identifier: LGPL-2.1-or-later
/* block.c -- memory blocks: the unit in which memory is added and goes online. */

#include "block.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "dir.h"
#include "extent.h"
#include "value.h"

#define SIZE_FILE "block_size_bytes"

static int compare_numbers(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int read_numbers(struct ramify *ctx, struct block_map *map)
{
	struct dir_list list;
	uint64_t number;
	int err = dir_list_read(ctx, BLOCK_DIR, "memory", &list);

	if (err)
		return err;
	for (size_t i = 0; !err && i < list.n; i++) {
		if (dir_number(list.names[i], "memory", &number) ||
		    number > UINT64_MAX / map->block_bytes - 1)
			continue;
		err = array_grow(map->numbers, map->n);
		if (!err)
			map->numbers[map->n++] = number;
	}
	dir_list_free(&list);
	if (map->n)
		qsort(map->numbers, map->n, sizeof(*map->numbers), compare_numbers);
	return err;
}

int block_map_read(struct ramify *ctx, struct block_map *ret_map)
{
	struct block_map map = { 0 };
	int err = value_hex(ctx, BLOCK_DIR, SIZE_FILE, &map.block_bytes);

	if (err)
		return err;
	if (map.block_bytes != RAMIFY_UNKNOWN) {
		if (map.block_bytes < 4096 || map.block_bytes & (map.block_bytes - 1))
			return fail(ctx, -EBADMSG, "%s/%s/%s makes no sense: %#llx", ctx->root,
				    BLOCK_DIR, SIZE_FILE, (unsigned long long)map.block_bytes);
		err = read_numbers(ctx, &map);
	}
	if (err) {
		block_map_free(&map);
		return err;
	}
	*ret_map = map;
	return 0;
}

void block_map_free(struct block_map *map)
{
	free(map->numbers);
	*map = (struct block_map){ 0 };
}

/* The first of the map's numbers that is not below @number. */
static size_t lower_bound(const struct block_map *map, uint64_t number)
{
	size_t low = 0, high = map->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (map->numbers[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* An online block has one zone in valid_zones; one that spans two says "none". */
static int note_zone(struct ramify *ctx, const char *dir, struct block_tally *tally)
{
	char zone[64];
	int err = value_text(ctx, dir, "valid_zones", zone, sizeof(zone));

	if (err)
		return err;
	if (!strcmp(zone, "Movable"))
		tally->movable = true;
	else if (!strcmp(zone, "Normal") || !strncmp(zone, "DMA", 3))
		tally->kernel = true;
	else if (!strcmp(zone, "none"))
		tally->movable = tally->kernel = true;
	return 0;
}

static int tally_block(struct ramify *ctx, const struct block_map *map, uint64_t number,
		       struct block_tally *tally)
{
	char dir[64], state[32];
	int err;

	snprintf(dir, sizeof(dir), BLOCK_DIR "/memory%llu", (unsigned long long)number);
	err = value_text(ctx, dir, "state", state, sizeof(state));
	if (err || !*state)
		return err;
	tally->present_bytes += map->block_bytes;
	/* "going-offline" still serves its users. */
	if (!strcmp(state, "offline"))
		return 0;
	tally->online_bytes += map->block_bytes;
	return note_zone(ctx, dir, tally);
}

int block_tally_add(struct ramify *ctx, const struct block_map *map,
		    const struct ramify_extent *extent, struct block_tally *tally)
{
	struct ramify_extent inner;
	uint64_t end;
	int err;

	if (!map->n)
		return 0;
	inner = extent_blocks(extent, map->block_bytes);
	if (!inner.size_bytes)
		return 0;
	end = extent_last(&inner) / map->block_bytes;
	for (size_t i = lower_bound(map, inner.start / map->block_bytes);
	     i < map->n && map->numbers[i] <= end; i++) {
		err = tally_block(ctx, map, map->numbers[i], tally);
		if (err)
			return err;
	}
	return 0;
}

enum ramify_zone block_tally_zone(const struct block_tally *tally)
{
	if (tally->movable && tally->kernel)
		return RAMIFY_ZONE_MIXED;
	if (tally->movable)
		return RAMIFY_ZONE_MOVABLE;
	return tally->kernel ? RAMIFY_ZONE_KERNEL : RAMIFY_ZONE_UNKNOWN;
}
