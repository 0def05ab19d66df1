// SPDX-License-Identifier: LGPL-2.1-or-later
/* ndbus.c -- one namespace as libndctl holds it, for changes. */

#include "ndbus.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "context.h"

static void say_nothing(struct ndctl_ctx *ctx, int priority, const char *file, int line,
			const char *fn, const char *format, va_list args)
{
}

/* libndctl knows who claims a namespace only after it has listed the claimants. */
static void list_claimants(struct ndctl_region *region)
{
	ndctl_btt_get_first(region);
	ndctl_pfn_get_first(region);
	ndctl_dax_get_first(region);
}

static bool find_in_region(struct ndbus *bus, struct ndctl_region *region, const char *name)
{
	struct ndctl_namespace *ndns;

	ndctl_namespace_foreach(region, ndns)
		if (strcmp(ndctl_namespace_get_devname(ndns), name) == 0) {
			list_claimants(region);
			bus->region = region;
			bus->ndns = ndns;
			return true;
		}
	return false;
}

static bool find(struct ndbus *bus, const char *name)
{
	struct ndctl_region *region;
	struct ndctl_bus *b;

	ndctl_bus_foreach(bus->ndctl, b)
		ndctl_region_foreach(b, region)
			if (find_in_region(bus, region, name))
				return true;
	return false;
}

static int open_bus(struct ramify *ctx, const char *name, struct ndbus *bus)
{
	int err;

	if (*ctx->root)
		return fail(ctx, -EOPNOTSUPP, "%s: cannot be changed under another root", name);
	err = ndctl_new(&bus->ndctl);
	if (!err)
		ndctl_set_log_fn(bus->ndctl, say_nothing);
	return err;
}

static bool find_region(struct ndbus *bus, const char *name)
{
	struct ndctl_region *region;
	struct ndctl_bus *b;

	ndctl_bus_foreach(bus->ndctl, b)
		ndctl_region_foreach(b, region)
			if (strcmp(ndctl_region_get_devname(region), name) == 0) {
				bus->region = region;
				return true;
			}
	return false;
}

int ndbus_open_region(struct ramify *ctx, const char *region, struct ndbus *ret_bus)
{
	struct ndbus bus = { 0 };
	int err = open_bus(ctx, region, &bus);

	if (err)
		return err;
	if (!find_region(&bus, region)) {
		ndbus_close(&bus);
		return fail(ctx, -ENODEV, "%s: no such region", region);
	}
	*ret_bus = bus;
	return 0;
}

int ndbus_open(struct ramify *ctx, const char *name, struct ndbus *ret_bus)
{
	struct ndbus bus = { 0 };
	int err = open_bus(ctx, name, &bus);

	if (err)
		return err;
	if (!find(&bus, name)) {
		ndbus_close(&bus);
		return fail(ctx, -ENODEV, "%s: no such namespace", name);
	}
	*ret_bus = bus;
	return 0;
}

void ndbus_close(struct ndbus *bus)
{
	ndctl_unref(bus->ndctl);
	*bus = (struct ndbus){ 0 };
}

int ndbus_disable(struct ndbus *bus)
{
	int err = ndctl_namespace_disable_invalidate(bus->ndns);

	return err < 0 ? err : 0;
}

int ndbus_enable(struct ndbus *bus)
{
	int err = ndctl_namespace_enable(bus->ndns);

	/* It tells of a bind that was no bind, as the namespace went to its devdax. */
	if (ndctl_namespace_is_active(bus->ndns))
		return 0;
	return err < 0 ? err : -ENXIO;
}

int ndbus_new_uuid(uuid_t uuid)
{
	if (getrandom(uuid, sizeof(uuid_t), 0) != sizeof(uuid_t))
		return -EIO;
	uuid[6] = (uuid[6] & 0x0f) | 0x40;
	uuid[8] = (uuid[8] & 0x3f) | 0x80;
	return 0;
}
