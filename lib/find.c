// SPDX-License-Identifier: LGPL-2.1-or-later
/* find.c -- the device that a user means. */

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "context.h"
#include "system.h"

/* The longest name that can be one: a path in /dev. */
#define DEVICE_NAME_MAX 255

static bool same(const char *a, const char *b)
{
	return a && !strcmp(a, b);
}

static bool has_name(const struct ramify_device *dev, const char *name)
{
	return same(dev->name, name) || same(dev->namespace_name, name) ||
	       same(dev->block_device, name);
}

static bool has_label(const struct ramify_device *dev, const char *label)
{
	return (dev->uuid && !strcasecmp(dev->uuid, label)) ||
	       (dev->serial && !strcasecmp(dev->serial, label));
}

/* What a path in /dev comes down to, as there are links such as /dev/disk/by-id/... */
static int resolve(struct ramify *ctx, const char *path, char *name, size_t size)
{
	char below[PATH_MAX], real[PATH_MAX];
	const char *last;

	if (ctx_path(ctx, below, sizeof(below), "%s", path + 1) || !realpath(below, real))
		strcpy(real, path);
	last = strrchr(real, '/') + 1;
	if (strlen(last) >= size)
		return -ENAMETOOLONG;
	strcpy(name, last);
	return 0;
}

static int several(struct ramify *ctx, const char *name, const struct ramify_device *first,
		   const struct ramify_device *second)
{
	return fail(ctx, -ENOTUNIQ,
		    "%s is %s and %s, if not more: name the one that you mean", name,
		    first->name, second->name);
}

typedef bool match_fn(const struct ramify_device *dev, const char *name);

static int find(struct ramify *ctx, const struct ramify_system *sys, match_fn *match,
		const char *key, const char *name, const struct ramify_device **ret_device)
{
	const struct ramify_device *dev = NULL, *found = NULL;

	while ((dev = ramify_next_device(sys, dev))) {
		if (!match(dev, key))
			continue;
		if (found)
			return several(ctx, name, found, dev);
		found = dev;
	}
	if (!found)
		return -ENODEV;
	*ret_device = found;
	return 0;
}

static bool has_region(const struct ramify_system *sys, const char *name)
{
	const struct ramify_region *region = NULL;

	while ((region = ramify_next_region(sys, region)))
		if (same(region->name, name))
			return true;
	return false;
}

int ramify_find_device(struct ramify *ctx, const struct ramify_system *sys, const char *name,
		       const struct ramify_device **ret_device)
{
	char last[NAME_MAX + 1];
	const char *key = name;
	int err;

	if (strlen(name) > DEVICE_NAME_MAX)
		return fail(ctx, -ENAMETOOLONG,
			    "no device has a name of more than %d characters: \"%.32s...\"",
			    DEVICE_NAME_MAX, name);
	if (*name == '/') {
		if (resolve(ctx, name, last, sizeof(last)))
			return fail(ctx, -ENAMETOOLONG, "%s is too long a path", name);
		key = last;
	}
	err = find(ctx, sys, has_name, key, name, ret_device);
	if (err == -ENODEV && key == name)
		err = find(ctx, sys, has_label, key, name, ret_device);
	if (err == -ENODEV && has_region(sys, name))
		fail(ctx, err,
		     "%s is a region, and no device; nothing was changed; \"ramify list\" shows its devices, \"ramify create %s --size all\" makes one of what is left of it",
		     name, name);
	else if (err == -ENODEV)
		fail(ctx, err,
		     "there is no device \"%s\"; nothing was changed; \"ramify list\" shows what there is",
		     name);
	return err;
}
