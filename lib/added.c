// SPDX-License-Identifier: LGPL-2.1-or-later
/* added.c -- devices whose memory is RAM: how much, in which state, how full. */

#include "added.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "../include/uapi/ramify.h"
#include "device.h"
#include "region.h"
#include "value.h"
#include "word.h"

/* A word that this version does not know leaves @ret_value as it is. */
static int read_word(struct reading *rd, const char *dir, const char *name, char *word)
{
	char path[DIR_BYTES];
	int err = value_path(rd->ctx, path, sizeof(path), dir, RAMIFY_DRIVER);

	return err ? err : value_text(rd->ctx, path, name, word, NAME_BYTES);
}

static int read_words(struct reading *rd, const char *dir, struct ramify_device *dev)
{
	char state[NAME_BYTES], zone[NAME_BYTES], memmap[NAME_BYTES];
	int err = read_word(rd, dir, "state", state);

	if (!err)
		err = read_word(rd, dir, "zone", zone);
	if (!err)
		err = read_word(rd, dir, "memmap", memmap);
	if (err)
		return err;
	dev->state = RAMIFY_STATE_UNKNOWN;
	word_state(state, &dev->state);
	word_zone(zone, &dev->zone);
	word_memmap(memmap, &dev->memmap);
	return 0;
}

int added_by_us(struct reading *rd, const char *dir, struct ramify_device *dev)
{
	char ours[DIR_BYTES];
	uint64_t lost_align, lost_skip;
	int err = value_path(rd->ctx, ours, sizeof(ours), dir, RAMIFY_DRIVER);

	dev->mode = RAMIFY_MODE_RAM;
	if (!err)
		err = read_words(rd, dir, dev);
	if (!err)
		err = value_node(rd->ctx, ours, "node", &dev->node);
	if (!err)
		err = value_u64(rd->ctx, ours, "added_bytes", &dev->added_bytes);
	if (!err)
		err = value_u64(rd->ctx, ours, "online_bytes", &dev->online_bytes);
	if (!err)
		err = value_u64(rd->ctx, ours, "lost_align_bytes", &lost_align);
	if (!err)
		err = value_u64(rd->ctx, ours, "lost_skip_bytes", &lost_skip);
	if (err)
		return err;
	dev->bad_bytes = lost_skip;
	dev->lost_bytes = lost_align == RAMIFY_UNKNOWN || lost_skip == RAMIFY_UNKNOWN
				  ? RAMIFY_UNKNOWN
				  : lost_align + lost_skip;
	return 0;
}

/* The device's wish is heard only where the kernel as a whole allows it. */
static int read_memmap(struct reading *rd, const char *dir, struct ramify_device *dev)
{
	char wish[NAME_BYTES], allowed[NAME_BYTES];
	int err = value_text(rd->ctx, dir, "memmap_on_memory", wish, sizeof(wish));

	if (!err)
		err = value_text(rd->ctx, "sys/module/memory_hotplug/parameters",
				 "memmap_on_memory", allowed, sizeof(allowed));
	if (err)
		return err;
	if (!strcmp(wish, "1") && (!strcmp(allowed, "Y") || !strcmp(allowed, "force")))
		dev->memmap = RAMIFY_MEMMAP_DEVICE;
	else
		dev->memmap = RAMIFY_MEMMAP_DRAM;
	return 0;
}

static enum ramify_state state_of(const struct block_tally *tally)
{
	if (!tally->online_bytes)
		return RAMIFY_STATE_OFFLINE;
	return tally->online_bytes < tally->present_bytes ? RAMIFY_STATE_PARTIAL
							  : RAMIFY_STATE_ONLINE;
}

int added_by_kernel(struct reading *rd, const char *dir, struct ramify_device *dev)
{
	struct block_tally tally = { 0 };
	int err = 0;

	for (size_t i = 0; !err && i < dev->n_extents; i++)
		err = block_tally_add(rd->ctx, &rd->blocks, &dev->extents[i], &tally);
	if (err)
		return err;
	if (!tally.present_bytes && !dev->driver)
		return 0;
	dev->mode = RAMIFY_MODE_RAM;
	if (!dev->n_extents) {
		dev->state = RAMIFY_STATE_UNKNOWN;
		dev->added_bytes = dev->online_bytes = RAMIFY_UNKNOWN;
		return read_memmap(rd, dir, dev);
	}
	dev->state = state_of(&tally);
	dev->zone = block_tally_zone(&tally);
	dev->added_bytes = tally.present_bytes;
	dev->online_bytes = tally.online_bytes;
	dev->lost_bytes = dev->size_bytes - tally.present_bytes;
	dev->bad_bytes = 0;
	return read_memmap(rd, dir, dev);
}

void added_used(struct ramify_system *sys, const struct ramify_node *node)
{
	struct ramify_device *only = NULL;

	for (size_t i = 0; i < sys->n_devices; i++) {
		struct ramify_device *dev = &sys->devices[i];

		if (dev->node != node->node || !dev->online_bytes)
			continue;
		if (only)
			return;
		only = dev;
	}
	if (!only || only->online_bytes != node->present_bytes ||
	    node->total_bytes == RAMIFY_UNKNOWN || node->free_bytes == RAMIFY_UNKNOWN)
		return;
	only->used_bytes = node->total_bytes - node->free_bytes;
}
