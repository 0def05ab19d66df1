// SPDX-License-Identifier: LGPL-2.1-or-later
/* system.c -- the snapshot: made in one go, then only looked at. */

#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "badlist.h"
#include "device.h"
#include "held.h"
#include "node.h"
#include "placement.h"
#include "pmem.h"
#include "purpose.h"
#include "region.h"
#include "tier.h"
#include "zone.h"

struct keepsake {
	struct keepsake *next;
	max_align_t data[];
};

void *system_keep(struct ramify_system *sys, const void *data, size_t size)
{
	struct keepsake *keepsake = malloc(sizeof(*keepsake) + size);

	if (!keepsake)
		return NULL;
	keepsake->next = sys->keepsakes;
	sys->keepsakes = keepsake;
	return memcpy(keepsake->data, data, size);
}

int system_keep_text(struct ramify_system *sys, const char *text, const char **ret_text)
{
	const char *copy = NULL;

	if (*text) {
		copy = system_keep(sys, text, strlen(text) + 1);
		if (!copy)
			return -ENOMEM;
	}
	*ret_text = copy;
	return 0;
}

int system_keep_extents(struct ramify_system *sys, const struct ramify_extent *extents, size_t n,
			const struct ramify_extent **ret_extents)
{
	const struct ramify_extent *copy = NULL;

	if (n) {
		copy = system_keep(sys, extents, n * sizeof(*extents));
		if (!copy)
			return -ENOMEM;
	}
	*ret_extents = copy;
	return 0;
}

int system_add_node(struct ramify_system *sys, const struct ramify_node *node)
{
	int err = array_grow(sys->nodes, sys->n_nodes);

	if (!err)
		sys->nodes[sys->n_nodes++] = *node;
	return err;
}

int system_add_region(struct ramify_system *sys, const struct ramify_region *region)
{
	int err = array_grow(sys->regions, sys->n_regions);

	if (!err)
		sys->regions[sys->n_regions++] = *region;
	return err;
}

int system_add_device(struct ramify_system *sys, const struct ramify_device *device)
{
	int err = array_grow(sys->devices, sys->n_devices);

	if (!err)
		sys->devices[sys->n_devices++] = *device;
	return err;
}

struct ramify_node *system_node(struct ramify_system *sys, int node)
{
	for (size_t i = 0; i < sys->n_nodes; i++) {
		if (sys->nodes[i].node == node)
			return &sys->nodes[i];
	}
	return NULL;
}

struct ramify_region *system_region(struct ramify_system *sys, const char *name)
{
	for (size_t i = 0; i < sys->n_regions; i++) {
		if (!strcmp(sys->regions[i].name, name))
			return &sys->regions[i];
	}
	return NULL;
}

static int check_sysfs(struct ramify *ctx)
{
	if (!faccessat(ctx->root_fd, "sys/devices/system", F_OK, 0))
		return 0;
	return fail(ctx, -ENOENT, "there is no sysfs on %s/sys", ctx->root);
}

/* Looking at memory must not fail by it; adding any must. */
static int read_listed(struct reading *rd)
{
	int err = badlist_read(rd->ctx, &rd->listed);

	if (!err || err == -ENOMEM)
		return err;
	err = system_keep_text(rd->sys, rd->ctx->message, &rd->sys->warning);
	*rd->ctx->message = '\0';
	return err;
}

/* Later steps use what earlier ones found. */
static int read_all(struct reading *rd)
{
	static int (*const steps[])(struct reading *rd) = {
		nodes_read, zones_read, tiers_read, regions_read, held_read, devices_read,
		pmem_read, nodes_add_targets, placement_ranks, devices_finish,
		purposes_read,
	};
	int err = check_sysfs(rd->ctx);

	if (!err)
		err = block_map_read(rd->ctx, &rd->blocks);
	if (!err)
		err = iomem_read(rd->ctx, &rd->iomem);
	if (!err)
		err = read_listed(rd);
	for (size_t i = 0; !err && i < sizeof(steps) / sizeof(steps[0]); i++)
		err = steps[i](rd);
	return err;
}

int ramify_system_read(struct ramify *ctx, struct ramify_system **ret_system)
{
	struct reading rd = { .ctx = ctx, .sys = calloc(1, sizeof(*rd.sys)) };
	int err;

	if (!rd.sys)
		return fail(ctx, -ENOMEM, "out of memory");
	err = read_all(&rd);
	rd.sys->block_bytes = rd.blocks.block_bytes;
	block_map_free(&rd.blocks);
	iomem_free(&rd.iomem);
	badblocks_free(&rd.listed);
	if (err) {
		ramify_system_free(rd.sys);
		return err == -ENOMEM ? fail(ctx, err, "out of memory") : err;
	}
	*ret_system = rd.sys;
	return 0;
}

void ramify_system_free(struct ramify_system *sys)
{
	struct keepsake *next;

	if (!sys)
		return;
	for (struct keepsake *keepsake = sys->keepsakes; keepsake; keepsake = next) {
		next = keepsake->next;
		free(keepsake);
	}
	free(sys->nodes);
	free(sys->regions);
	free(sys->devices);
	free(sys);
}

uint64_t ramify_block_bytes(const struct ramify_system *sys)
{
	return sys->block_bytes;
}

const char *ramify_warning(const struct ramify_system *sys)
{
	return sys->warning;
}

const struct ramify_node *ramify_next_node(const struct ramify_system *sys,
					   const struct ramify_node *prev)
{
	const struct ramify_node *next = prev ? prev + 1 : sys->nodes;

	return next == sys->nodes + sys->n_nodes ? NULL : next;
}

const struct ramify_region *ramify_next_region(const struct ramify_system *sys,
					       const struct ramify_region *prev)
{
	const struct ramify_region *next = prev ? prev + 1 : sys->regions;

	return next == sys->regions + sys->n_regions ? NULL : next;
}

const struct ramify_device *ramify_next_device(const struct ramify_system *sys,
					       const struct ramify_device *prev)
{
	const struct ramify_device *next = prev ? prev + 1 : sys->devices;

	return next == sys->devices + sys->n_devices ? NULL : next;
}
