// SPDX-License-Identifier: LGPL-2.1-or-later
/* target.c -- the device that a change is about, found again after each step. */

#include "target.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "context.h"
#include "namespace.h"

static const struct ramify_region *find_region(const struct ramify_system *sys, const char *name)
{
	const struct ramify_region *region = NULL;

	while (name && (region = ramify_next_region(sys, region)))
		if (strcmp(region->name, name) == 0)
			return region;
	return NULL;
}

static void target_set(struct target *target, const struct ramify_device *dev)
{
	target->dev = dev;
	target->region = find_region(target->sys, dev->region);
	target->block_bytes = ramify_block_bytes(target->sys);
	target->persistent = target->region && target->region->persistent;
}

int target_open(struct ramify *ctx, const char *name, struct target *ret_target)
{
	const struct ramify_device *dev;
	struct target t = { 0 };
	int err = ramify_system_read(ctx, &t.sys);

	if (err)
		return err;
	err = ramify_find_device(ctx, t.sys, name, &dev);
	if (err) {
		target_close(&t);
		return err;
	}
	target_set(&t, dev);
	*ret_target = t;
	return 0;
}

int target_open_identity(struct ramify *ctx, const char *identity, struct target *ret_target)
{
	const struct ramify_device *dev = NULL;
	char found[IDENTITY_SIZE];
	struct target t = { 0 };
	int err = ramify_system_read(ctx, &t.sys);

	if (err)
		return err;
	while ((dev = ramify_next_device(t.sys, dev))) {
		if (dev->mode == RAMIFY_MODE_HELD && !dev->region)
			continue;
		target_set(&t, dev);
		if (!target_identity(ctx, &t, found) && strcmp(found, identity) == 0) {
			*ret_target = t;
			return 0;
		}
	}
	target_close(&t);
	return -ENODEV;
}

/* Only persistent memory goes by another name, and others need not be looked for. */
static bool is_key(const struct ramify *ctx, const char *name)
{
	char path[96], place[PATH_MAX];
	ssize_t n;

	if (strncmp(name, "dax", 3) != 0 || strchr(name, '/') || strlen(name) > 32)
		return false;
	snprintf(path, sizeof(path), "sys/bus/dax/devices/%s", name);
	n = readlinkat(ctx->root_fd, path, place, sizeof(place) - 1);
	if (n <= 0)
		return false;
	place[n] = '\0';
	return !strstr(place, "/ndbus");
}

int target_find_key(struct ramify *ctx, const char *name, char *key, size_t size)
{
	struct target target;
	int err;

	*ctx->message = '\0';
	if (is_key(ctx, name)) {
		snprintf(key, size, "%s", name);
		return 0;
	}
	err = target_open(ctx, name, &target);
	if (err)
		return err;
	snprintf(key, size, "%s", target_key(&target));
	target_close(&target);
	return 0;
}

void target_close(struct target *target)
{
	ramify_system_free(target->sys);
	*target = (struct target){ 0 };
}

int target_refresh(struct ramify *ctx, struct target *target)
{
	struct target now;
	int err = target_open(ctx, target_key(target), &now);

	if (err == -ENODEV)
		return fail(ctx, err, "%s has gone away meanwhile", target_key(target));
	if (err)
		return err;
	target_close(target);
	*target = now;
	return 0;
}

const char *target_key(const struct target *target)
{
	return target->dev->namespace_name ? target->dev->namespace_name : target->dev->name;
}

const char *target_dax(const struct target *target)
{
	return strncmp(target->dev->name, "dax", 3) == 0 ? target->dev->name : NULL;
}

bool target_is_back(const struct target *target)
{
	return target->dev->mode == RAMIFY_MODE_HELD && target_dax(target);
}

int target_identity(struct ramify *ctx, const struct target *target,
		    char identity[IDENTITY_SIZE])
{
	const struct ramify_device *dev = target->dev;

	if (dev->namespace_name && !namespace_identity(ctx, dev->namespace_name, identity))
		return 0;
	if (!dev->n_extents)
		return fail(ctx, -ENODEV, "%s: its place in memory is not known", dev->name);
	snprintf(identity, IDENTITY_SIZE, "at-0x%" PRIx64, dev->extents[0].start);
	return 0;
}

bool target_is_stuck(const struct target *target)
{
	return target->dev->mode == RAMIFY_MODE_RAM && !target->dev->driver;
}

int target_refuse_stuck(struct ramify *ctx, const struct target *target)
{
	const struct ramify_device *dev = target->dev;

	return fail(ctx, -EBUSY,
		    "%s: its memory is stuck until a reboot: the stock driver kmem was unbound or unloaded while it was in use, and nobody else can take it out\nit stays RAM on node %d, with %" PRIu64
		    " of %" PRIu64 " MiB online, and can be used; nothing was changed", dev->name,
		    dev->node, dev->online_bytes >> 20, dev->added_bytes >> 20);
}

int target_need_root(struct ramify *ctx)
{
	if (geteuid() == 0)
		return 0;
	return fail(ctx, -EPERM, "this needs root; nothing was changed");
}
