// SPDX-License-Identifier: LGPL-2.1-or-later
/* pmem.c -- namespaces of persistent memory that are no DAX device: fsdax, raw, ... */

#include "pmem.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "device.h"
#include "dir.h"
#include "extent.h"
#include "region.h"
#include "value.h"

/* What claims a namespace: btt0.1, pfn0.1 or dax0.1; or, from its label, which kind should. */
struct claim {
	char holder[NAME_BYTES], class[NAME_BYTES], mode[NAME_BYTES];
};

static int read_claim(struct ramify *ctx, const char *dir, struct claim *claim)
{
	int err = value_text(ctx, dir, "holder", claim->holder, sizeof(claim->holder));

	if (!err)
		err = value_text(ctx, dir, "holder_class", claim->class, sizeof(claim->class));
	if (!err)
		err = value_text(ctx, dir, "mode", claim->mode, sizeof(claim->mode));
	if (!err && strchr(claim->holder, '/'))
		claim->holder[0] = '\0';
	return err;
}

/* A claim tells more than "mode", which is "raw" while the namespace is disabled. */
static const char *mode_of(const struct claim *claim)
{
	const char *by = *claim->holder ? claim->holder : claim->class;

	if (!strncmp(by, "dax", 3) || !strcmp(claim->mode, "dax"))
		return "devdax";
	if (!strncmp(by, "btt", 3) || !strcmp(claim->mode, "safe"))
		return "sector";
	if (!strncmp(by, "pfn", 3) || !strcmp(claim->mode, "memory"))
		return "fsdax";
	return "raw";
}

static bool is_dax_device(const struct ramify_system *sys, const char *name)
{
	for (size_t i = 0; i < sys->n_devices; i++) {
		const char *namespace = sys->devices[i].namespace_name;

		if (namespace && !strcmp(namespace, name))
			return true;
	}
	return false;
}

/* @dir: of the claim if there is one, as the block device and the driver are there. */
static int read_user(struct reading *rd, const char *dir, struct ramify_device *dev)
{
	char path[DIR_BYTES + 8], driver[NAME_BYTES];
	struct dir_list list = { 0 };
	int err = value_link(rd->ctx, dir, "driver", driver, sizeof(driver));

	if (!err)
		err = system_keep_text(rd->sys, driver, &dev->driver);
	if (err)
		return err;
	snprintf(path, sizeof(path), "%s/block", dir);
	err = dir_list_read(rd->ctx, path, "pmem", &list);
	if (!err && list.n)
		err = system_keep_text(rd->sys, list.names[0], &dev->block_device);
	dir_list_free(&list);
	if (dev->driver)
		dev->mode = RAMIFY_MODE_RAW;
	return err;
}

static int read_uuid(struct reading *rd, const char *dir, struct ramify_device *dev)
{
	char uuid[NAME_BYTES];
	int err = value_text(rd->ctx, dir, "uuid", uuid, sizeof(uuid));

	return err || !*uuid ? err : system_keep_text(rd->sys, uuid, &dev->uuid);
}

static int read_range(struct reading *rd, const char *dir, struct ramify_device *dev)
{
	struct ramify_extent extent = { .size_bytes = dev->size_bytes };
	int err = value_u64(rd->ctx, dir, "resource", &extent.start);

	if (err || extent.start == RAMIFY_UNKNOWN)
		return err;
	if (!extent_valid(&extent))
		return fail(rd->ctx, -EBADMSG, "%s/%s makes no sense: %#llx bytes at %#llx",
			    rd->ctx->root, dir, (unsigned long long)extent.size_bytes,
			    (unsigned long long)extent.start);
	dev->n_extents = 1;
	return system_keep_extents(rd->sys, &extent, 1, &dev->extents);
}

static int read_region(struct reading *rd, const char *dir, struct ramify_device *dev)
{
	const struct ramify_region *region;
	char name[NAME_BYTES];
	int err = value_above(rd->ctx, dir, 1, name, sizeof(name));

	region = err ? NULL : system_region(rd->sys, name);
	if (region) {
		dev->region = region->name;
		dev->serial = region->serial;
		dev->node = region->node;
	}
	return err;
}

static int read_claimed(struct reading *rd, const char *dir, struct ramify_device *dev)
{
	char user[DIR_BYTES];
	struct claim claim;
	int err = read_claim(rd->ctx, dir, &claim);

	if (err)
		return err;
	dev->namespace_mode = mode_of(&claim);
	snprintf(user, sizeof(user), ND_DIR "/%s", claim.holder);
	err = read_uuid(rd, dir, dev);
	if (!err && *claim.holder)
		err = read_uuid(rd, user, dev);
	return err ? err : read_user(rd, *claim.holder ? user : dir, dev);
}

static int read_namespace(struct reading *rd, const char *name)
{
	struct ramify_device dev = device_unknown();
	char dir[DIR_BYTES];
	int err;

	snprintf(dir, sizeof(dir), ND_DIR "/%s", name);
	err = value_u64(rd->ctx, dir, "size", &dev.size_bytes);
	/* A seed, or it went while we looked. */
	if (err || !dev.size_bytes || dev.size_bytes == RAMIFY_UNKNOWN)
		return err;
	err = system_keep_text(rd->sys, name, &dev.name);
	dev.namespace_name = dev.name;
	if (!err)
		err = read_region(rd, dir, &dev);
	if (!err)
		err = read_range(rd, dir, &dev);
	if (!err)
		err = read_claimed(rd, dir, &dev);
	return err ? err : system_add_device(rd->sys, &dev);
}

int pmem_read(struct reading *rd)
{
	struct dir_list list;
	int err = dir_list_read(rd->ctx, ND_DIR, "namespace", &list);

	if (err)
		return err;
	for (size_t i = 0; !err && i < list.n; i++) {
		const char *name = list.names[i];

		if (dir_is_pair(name, "namespace") && !is_dax_device(rd->sys, name))
			err = read_namespace(rd, name);
	}
	dir_list_free(&list);
	return err;
}
