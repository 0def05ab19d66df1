// SPDX-License-Identifier: LGPL-2.1-or-later
/* partition.c -- namespaces in mode devdax: made, resized, deleted, for dividing pmem. */

#include "partition.h"

#include <errno.h>
#include <linux/ndctl.h>
#include <stdio.h>
#include <string.h>

#include "context.h"
#include "fit.h"
#include "namespace.h"
#include "ndbus.h"
#include "nodemem.h"
#include "value.h"

int partition_room(struct ramify *ctx, const struct ramify_region *region,
		   struct partition_room *ret_room)
{
	struct partition_room room = {
		.available_bytes = region->available_bytes,
		.align_bytes = region->align_bytes,
	};
	char dir[DIR_BYTES];
	uint64_t type;
	int err;

	snprintf(dir, sizeof(dir), ND_DIR "/%s", region->name);
	err = value_u64(ctx, dir, "nstype", &type);
	if (!err)
		err = value_u64(ctx, dir, "max_available_extent", &room.largest_bytes);
	if (err)
		return err;
	if (type != ND_DEVICE_NAMESPACE_PMEM || room.available_bytes == RAMIFY_UNKNOWN ||
	    room.align_bytes == RAMIFY_UNKNOWN || !room.align_bytes)
		return fail(ctx, -EOPNOTSUPP,
			    "%s has no labels, so that one namespace is all of it; nothing was changed; with a DIMM that can have them, and without what the namespace holds, which is lost: ndctl disable-region %s, ndctl init-labels nmemN, ndctl enable-region %s",
			    region->name, region->name, region->name);
	if (room.largest_bytes == RAMIFY_UNKNOWN)
		room.largest_bytes = room.available_bytes;
	*ret_room = room;
	return 0;
}

/* Struct pages on the device cost whole memory blocks, and in DRAM only while no driver for
 * RAM has it. */
static enum ndctl_pfn_loc memmap_location(struct ramify *ctx, uint64_t bytes)
{
	uint64_t unused = 0;

	nodemem_read(ctx, 0, "MemFree", &unused);
	return fit_memmap_bytes(bytes) < unused / 4 ? NDCTL_PFN_LOC_RAM : NDCTL_PFN_LOC_PMEM;
}

static int make_devdax(struct ramify *ctx, struct ndbus *bus, uint64_t bytes, uuid_t uuid)
{
	ndctl_namespace_set_enforce_mode(bus->ndns, NDCTL_NS_MODE_DEVDAX);
	return ndbus_set_up_devdax(bus, memmap_location(ctx, bytes), uuid);
}

static uint64_t head_bytes(struct ndbus *bus)
{
	struct ndctl_dax *dax = ndctl_namespace_get_dax(bus->ndns);
	struct ndctl_pfn *pfn = ndctl_namespace_get_pfn(bus->ndns);
	bool on_device = (dax && ndctl_dax_get_location(dax) == NDCTL_PFN_LOC_PMEM) ||
			 (pfn && ndctl_pfn_get_location(pfn) == NDCTL_PFN_LOC_PMEM);

	return namespace_devdax_offset(ndctl_namespace_get_resource(bus->ndns),
				       ndctl_namespace_get_size(bus->ndns), !on_device);
}

/* What was there before could be taken for a devdax that never was. */
static int fill_seed(struct ramify *ctx, struct ndbus *bus, uint64_t bytes)
{
	uuid_t uuid;
	int err = ndbus_new_uuid(uuid);

	if (!err)
		err = ndctl_namespace_set_uuid(bus->ndns, uuid);
	if (!err)
		err = ndctl_namespace_set_size(bus->ndns, bytes);
	if (!err)
		err = ndbus_wipe_head(bus, head_bytes(bus));
	if (!err)
		err = ndbus_new_uuid(uuid);
	return err ? err : make_devdax(ctx, bus, bytes, uuid);
}

static int make(struct ramify *ctx, struct ndbus *bus, uint64_t bytes, char ns[NAME_BYTES])
{
	int err;

	bus->ndns = ndctl_region_get_namespace_seed(bus->region);
	if (!bus->ndns)
		return -ENXIO;
	err = fill_seed(ctx, bus, bytes);
	if (err) {
		ndbus_disable(bus);
		ndctl_namespace_delete(bus->ndns);
		return err;
	}
	snprintf(ns, NAME_BYTES, "%s", ndctl_namespace_get_devname(bus->ndns));
	return 0;
}

int partition_make(struct ramify *ctx, const char *region, uint64_t bytes, char ns[NAME_BYTES])
{
	struct ndbus bus;
	int err = ndbus_open_region(ctx, region, &bus);

	if (err)
		return err;
	err = make(ctx, &bus, bytes, ns);
	ndbus_close(&bus);
	if (err)
		return fail(ctx, err, "%s: a namespace cannot be made: %s", region, strerror(-err));
	return 0;
}

int partition_drop(struct ramify *ctx, const char *ns)
{
	struct ndbus bus;
	uint64_t head;
	int err = ndbus_open(ctx, ns, &bus);

	if (err)
		return err;
	head = head_bytes(&bus);
	err = ndbus_disable(&bus);
	if (!err)
		err = ndbus_wipe_head(&bus, head);
	if (!err)
		err = ndctl_namespace_delete(bus.ndns);
	ndbus_close(&bus);
	if (err)
		return fail(ctx, err, "%s cannot be deleted: %s", ns, strerror(-err));
	return 0;
}

static int resize(struct ramify *ctx, struct ndbus *bus, uint64_t bytes)
{
	uint64_t head = head_bytes(bus), before = ndctl_namespace_get_size(bus->ndns);
	struct ndctl_dax *dax = ndctl_namespace_get_dax(bus->ndns);
	uuid_t uuid;
	int err;

	if (!dax)
		return -ENXIO;
	ndctl_dax_get_uuid(dax, uuid);
	err = ndbus_disable(bus);
	if (!err)
		err = ndbus_wipe_head(bus, head);
	if (err)
		return err;
	err = ndctl_namespace_set_size(bus->ndns, bytes);
	if (!err)
		err = make_devdax(ctx, bus, bytes, uuid);
	if (err && !ndctl_namespace_set_size(bus->ndns, before))
		make_devdax(ctx, bus, before, uuid);
	return err;
}

/* Up to the next namespace, or the region's end. */
static uint64_t room_for(struct ndbus *bus)
{
	uint64_t start = ndctl_namespace_get_resource(bus->ndns);
	uint64_t end = ndctl_region_get_resource(bus->region) + ndctl_region_get_size(bus->region);
	struct ndctl_namespace *other;

	ndctl_namespace_foreach(bus->region, other) {
		uint64_t at = ndctl_namespace_get_resource(other);

		if (ndctl_namespace_get_size(other) && at > start && at < end)
			end = at;
	}
	return end - start;
}

int partition_most(struct ramify *ctx, const char *ns, uint64_t *ret_bytes)
{
	struct ndbus bus;
	int err = ndbus_open(ctx, ns, &bus);

	if (err)
		return err;
	*ret_bytes = room_for(&bus);
	ndbus_close(&bus);
	return 0;
}

int partition_resize(struct ramify *ctx, const char *ns, uint64_t bytes)
{
	struct ndbus bus;
	int err = ndbus_open(ctx, ns, &bus);

	if (err)
		return err;
	err = resize(ctx, &bus, bytes);
	ndbus_close(&bus);
	if (err)
		return fail(ctx, err, "%s cannot be resized: %s; it has the size that it had", ns,
			    strerror(-err));
	return 0;
}
