// SPDX-License-Identifier: LGPL-2.1-or-later
/* device.c -- DAX devices: where their memory is, and what it is used as. */

#include "device.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../include/uapi/ramify.h"
#include "added.h"
#include "array.h"
#include "color.h"
#include "dir.h"
#include "extent.h"
#include "poison.h"
#include "region.h"
#include "value.h"

struct ramify_device device_unknown(void)
{
	return (struct ramify_device){
		.mode = RAMIFY_MODE_IDLE,
		.state = RAMIFY_STATE_IDLE,
		.node = -1,
		.size_bytes = RAMIFY_UNKNOWN,
		.used_bytes = RAMIFY_UNKNOWN,
		.lost_bytes = RAMIFY_UNKNOWN,
		.bad_bytes = RAMIFY_UNKNOWN,
	};
}

struct extent_list {
	struct ramify_extent *extents;
	size_t n;
};

/* -EACCES as long as a mapping does not tell where it is. */
static int read_mapping(struct ramify *ctx, const char *dir, struct extent_list *list)
{
	struct ramify_extent extent;
	uint64_t last;
	int err = value_u64(ctx, dir, "start", &extent.start);

	if (!err)
		err = value_u64(ctx, dir, "end", &last);
	if (err)
		return err;
	if (extent.start == RAMIFY_UNKNOWN || last == RAMIFY_UNKNOWN)
		return -EACCES;
	extent.size_bytes = last - extent.start + 1;
	if (last < extent.start || !extent_valid(&extent))
		return fail(ctx, -EBADMSG, "%s/%s makes no sense: it ends before it starts",
			    ctx->root, dir);
	err = array_grow(list->extents, list->n);
	if (!err)
		list->extents[list->n++] = extent;
	return err;
}

static int read_mappings(struct ramify *ctx, const char *dir, struct extent_list *list)
{
	char mapping[2 * DIR_BYTES];
	struct dir_list names;
	int err = dir_list_read(ctx, dir, "mapping", &names);

	if (err)
		return err;
	for (size_t i = 0; !err && i < names.n; i++) {
		snprintf(mapping, sizeof(mapping), "%s/%s", dir, names.names[i]);
		err = read_mapping(ctx, mapping, list);
	}
	dir_list_free(&names);
	if (err == -EACCES)
		list->n = 0;
	return err == -EACCES ? 0 : err;
}

/* All of a device without mappings, such as those of persistent memory, is one piece. */
static int read_resource(struct ramify *ctx, const char *dir, uint64_t size,
			 struct extent_list *list)
{
	struct ramify_extent extent = { .size_bytes = size };
	int err = value_u64(ctx, dir, "resource", &extent.start);

	if (err || extent.start == RAMIFY_UNKNOWN)
		return err;
	if (!extent_valid(&extent))
		return fail(ctx, -EBADMSG, "%s/%s makes no sense: %#llx bytes at %#llx", ctx->root,
			    dir, (unsigned long long)size, (unsigned long long)extent.start);
	err = array_grow(list->extents, list->n);
	if (!err)
		list->extents[list->n++] = extent;
	return err;
}

static int check_overlap(struct ramify *ctx, const char *dir, const struct extent_list *list)
{
	for (size_t i = 1; i < list->n; i++) {
		if (extent_overlaps(&list->extents[i - 1], &list->extents[i]))
			return fail(ctx, -EBADMSG, "%s/%s makes no sense: its mappings overlap",
				    ctx->root, dir);
	}
	return 0;
}

static int read_extents(struct reading *rd, const char *dir, struct ramify_device *dev)
{
	struct extent_list list = { 0 };
	int err = read_mappings(rd->ctx, dir, &list);

	if (!err && !list.n)
		err = read_resource(rd->ctx, dir, dev->size_bytes, &list);
	if (!err && list.n)
		qsort(list.extents, list.n, sizeof(*list.extents), extent_compare);
	if (!err)
		err = check_overlap(rd->ctx, dir, &list);
	if (!err)
		err = system_keep_extents(rd->sys, list.extents, list.n, &dev->extents);
	if (!err)
		dev->n_extents = list.n;
	free(list.extents);
	return err;
}

/* The parts of @bad that are in the device. */
static int clip(const struct ramify_extent *bad, size_t n_bad, const struct ramify_device *dev,
		struct extent_list *list)
{
	int err = 0;

	for (size_t i = 0; !err && i < n_bad * dev->n_extents; i++) {
		struct ramify_extent part = extent_clip(&bad[i / dev->n_extents],
							&dev->extents[i % dev->n_extents]);

		if (!part.size_bytes)
			continue;
		err = array_grow(list->extents, list->n);
		if (!err)
			list->extents[list->n++] = part;
	}
	return err;
}

/* @more: beside what the device has already. */
static int add_bad(struct reading *rd, const struct ramify_extent *more, size_t n_more,
		   struct ramify_device *dev)
{
	struct extent_list list = { 0 };
	int err = clip(dev->bad, dev->n_bad, dev, &list);

	if (!err)
		err = clip(more, n_more, dev, &list);
	if (!err && list.n)
		qsort(list.extents, list.n, sizeof(*list.extents), extent_compare);
	if (!err)
		err = system_keep_extents(rd->sys, list.extents, list.n, &dev->bad);
	if (!err)
		dev->n_bad = list.n;
	free(list.extents);
	return err;
}

/* What went bad while it is RAM is lost too, but for what was left out anyhow. */
static int read_poison(struct reading *rd, struct ramify_device *dev)
{
	struct bad_ranges bad;
	int err = poison_find(rd->ctx, dev->extents, dev->n_extents, &bad);

	if (err || !bad.n)
		return err;
	for (size_t i = 0; i < bad.n && dev->bad_bytes != RAMIFY_UNKNOWN; i++) {
		dev->bad_bytes += bad.ranges[i].size_bytes;
		dev->lost_bytes += bad.ranges[i].size_bytes;
	}
	err = add_bad(rd, bad.ranges, bad.n, dev);
	badblocks_free(&bad);
	return err;
}

/* What would be lost, by the driver's own reckoning. */
static void reckon_loss(const struct reading *rd, const struct ramify_region *region,
			struct ramify_device *dev)
{
	uint64_t block_bytes = rd->blocks.block_bytes, whole = 0, bad = 0;

	if (!dev->n_extents || block_bytes == RAMIFY_UNKNOWN || rd->sys->warning ||
	    (region && region->bad_bytes == RAMIFY_UNKNOWN))
		return;
	for (size_t i = 0; i < dev->n_extents; i++) {
		whole += extent_blocks(&dev->extents[i], block_bytes).size_bytes;
		bad += extent_bad_bytes(&dev->extents[i], block_bytes, dev->bad, dev->n_bad);
	}
	dev->bad_bytes = bad;
	dev->lost_bytes = dev->size_bytes - whole + bad;
}

/* The claim on the namespace, from which the device was made. */
static int read_claim(struct reading *rd, const char *dir, struct ramify_device *dev)
{
	char text[NAME_BYTES];
	int err = value_text(rd->ctx, dir, "../namespace", text, sizeof(text));

	if (!err)
		err = system_keep_text(rd->sys, text, &dev->namespace_name);
	if (!err)
		err = value_text(rd->ctx, dir, "../uuid", text, sizeof(text));
	if (!err)
		err = system_keep_text(rd->sys, text, &dev->uuid);
	dev->namespace_mode = "devdax";
	return err;
}

static int read_place(struct reading *rd, const char *name, const char *dir,
		      struct ramify_device *dev)
{
	struct ramify_region *region;
	struct dax_place place;
	int err = dax_place_read(rd->ctx, name, &place);

	if (!err && place.persistent)
		err = read_claim(rd, dir, dev);
	if (!err)
		err = read_extents(rd, dir, dev);
	region = err ? NULL : system_region(rd->sys, place.region);
	if (region) {
		dev->region = region->name;
		dev->serial = region->serial;
		err = add_bad(rd, region->bad, region->n_bad, dev);
	}
	if (!err)
		err = add_bad(rd, rd->listed.ranges, rd->listed.n, dev);
	if (!err)
		reckon_loss(rd, region, dev);
	return err;
}

static bool is_held(const struct ramify_system *sys, const struct ramify_device *dev)
{
	for (size_t i = 0; i < sys->n_devices; i++) {
		const struct ramify_device *held = &sys->devices[i];

		if (held->mode != RAMIFY_MODE_HELD || held->region)
			continue;
		for (size_t k = 0; k < held->n_extents * dev->n_extents; k++) {
			if (extent_overlaps(&held->extents[k / dev->n_extents],
					    &dev->extents[k % dev->n_extents]))
				return true;
		}
	}
	return false;
}

static int read_use(struct reading *rd, const char *dir, struct ramify_device *dev)
{
	if (!dev->driver) {
		if (!is_held(rd->sys, dev))
			return added_by_kernel(rd, dir, dev);
		dev->mode = RAMIFY_MODE_HELD;
		dev->state = RAMIFY_STATE_HELD;
		return 0;
	}
	if (!strcmp(dev->driver, RAMIFY_DRIVER))
		return added_by_us(rd, dir, dev);
	if (!strcmp(dev->driver, "kmem"))
		return added_by_kernel(rd, dir, dev);
	dev->mode = RAMIFY_MODE_RAW;
	return 0;
}

static int read_device(struct reading *rd, const char *name)
{
	struct ramify_device dev = device_unknown();
	char dir[DIR_BYTES], driver[NAME_BYTES];
	int err;

	snprintf(dir, sizeof(dir), DAX_DIR "/%s", name);
	err = value_u64(rd->ctx, dir, "size", &dev.size_bytes);
	/* A seed, or it went while we looked. */
	if (err || !dev.size_bytes || dev.size_bytes == RAMIFY_UNKNOWN)
		return err;
	err = value_node(rd->ctx, dir, "target_node", &dev.node);
	if (!err)
		err = value_link(rd->ctx, dir, "driver", driver, sizeof(driver));
	if (!err)
		err = system_keep_text(rd->sys, name, &dev.name);
	if (!err)
		err = system_keep_text(rd->sys, driver, &dev.driver);
	if (!err)
		err = read_place(rd, name, dir, &dev);
	if (!err)
		err = read_use(rd, dir, &dev);
	if (!err)
		color_noted(rd->ctx, &dev, &dev.color);
	if (!err && dev.mode == RAMIFY_MODE_RAM)
		err = read_poison(rd, &dev);
	return err ? err : system_add_device(rd->sys, &dev);
}

int devices_read(struct reading *rd)
{
	struct dir_list list;
	int err = dir_list_read(rd->ctx, DAX_DIR, "dax", &list);

	if (err)
		return err;
	for (size_t i = 0; !err && i < list.n; i++) {
		if (dir_is_pair(list.names[i], "dax"))
			err = read_device(rd, list.names[i]);
	}
	dir_list_free(&list);
	return err;
}

struct order {
	size_t region;			/* its place; that of held memory is behind all */
	uint64_t start;
	const char *name;
	struct ramify_device dev;
};

static int compare_orders(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->region != y->region)
		return x->region < y->region ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return strverscmp(x->name, y->name);
}

static size_t region_place(const struct ramify_system *sys, const char *name)
{
	size_t i;

	for (i = 0; i < sys->n_regions; i++) {
		if (name && !strcmp(sys->regions[i].name, name))
			break;
	}
	return i;
}

static int sort_devices(struct ramify_system *sys)
{
	struct order *orders = calloc(sys->n_devices + 1, sizeof(*orders));

	if (!orders)
		return -ENOMEM;
	for (size_t i = 0; i < sys->n_devices; i++) {
		const struct ramify_device *dev = &sys->devices[i];

		orders[i].region = region_place(sys, dev->region);
		orders[i].start = dev->n_extents ? dev->extents[0].start : 0;
		orders[i].name = dev->name;
		orders[i].dev = *dev;
	}
	qsort(orders, sys->n_devices, sizeof(*orders), compare_orders);
	for (size_t i = 0; i < sys->n_devices; i++)
		sys->devices[i] = orders[i].dev;
	free(orders);
	return 0;
}

int devices_finish(struct reading *rd)
{
	for (size_t i = 0; i < rd->sys->n_nodes; i++)
		added_used(rd->sys, &rd->sys->nodes[i]);
	return sort_devices(rd->sys);
}

bool device_touches(const struct ramify_device *dev, const struct ramify_extent *range)
{
	for (size_t i = 0; i < dev->n_extents; i++) {
		if (extent_overlaps(&dev->extents[i], range))
			return true;
	}
	return false;
}
