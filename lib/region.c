// SPDX-License-Identifier: LGPL-2.1-or-later
/* region.c -- regions: what DAX devices and namespaces are cut out of. */

#include "region.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "badblocks.h"
#include "dir.h"
#include "extent.h"
#include "serial.h"
#include "value.h"

static const struct ramify_region unknown_region = {
	.start = RAMIFY_UNKNOWN,
	.size_bytes = RAMIFY_UNKNOWN,
	.available_bytes = RAMIFY_UNKNOWN,
	.align_bytes = RAMIFY_UNKNOWN,
	.node = -1,
};

static int read_sizes(struct ramify *ctx, const char *dir, struct ramify_region *region)
{
	int err = value_u64(ctx, dir, "size", &region->size_bytes);

	if (!err)
		err = value_u64(ctx, dir, "available_size", &region->available_bytes);
	if (!err)
		err = value_u64(ctx, dir, "align", &region->align_bytes);
	return err;
}

static int check_range(struct ramify *ctx, const char *dir, const struct ramify_region *region)
{
	struct ramify_extent range = { region->start, region->size_bytes };

	if (region->start == RAMIFY_UNKNOWN || extent_valid(&range))
		return 0;
	return fail(ctx, -EBADMSG, "%s/%s makes no sense: %#llx bytes at %#llx", ctx->root, dir,
		    (unsigned long long)range.size_bytes, (unsigned long long)range.start);
}

static int read_bad(struct reading *rd, const char *dir, struct ramify_region *region)
{
	bool placed = region->start != RAMIFY_UNKNOWN;
	struct bad_ranges bad;
	int err = badblocks_read(rd->ctx, dir, placed ? region->start : 0, &bad);

	if (err)
		return err;
	region->bad_bytes = bad.complete ? 0 : RAMIFY_UNKNOWN;
	for (size_t i = 0; i < bad.n; i++)
		region->bad_bytes += bad.ranges[i].size_bytes;
	if (placed && bad.n) {
		region->n_bad = bad.n;
		err = system_keep_extents(rd->sys, bad.ranges, bad.n, &region->bad);
	}
	badblocks_free(&bad);
	return err;
}

/* Memory without labels is one namespace, and its region does not say that nothing is left;
 * if a DIMM could have labels it even says that all is. */
static int read_undivided(struct ramify *ctx, const char *dir, struct ramify_region *region)
{
	enum { NAMESPACE_IO = 4 };
	uint64_t type;
	int err;

	err = value_u64(ctx, dir, "nstype", &type);
	if (!err && type == NAMESPACE_IO)
		region->available_bytes = 0;
	return err;
}

static int read_nd_kind(struct ramify *ctx, const char *dir, struct ramify_region *region)
{
	char type[NAME_BYTES], provider[NAME_BYTES];
	int err = value_text(ctx, dir, "devtype", type, sizeof(type));

	if (!err)
		err = value_text(ctx, dir, "../provider", provider, sizeof(provider));
	if (err)
		return err;
	region->source = strcmp(provider, "CXL") ? RAMIFY_PMEM : RAMIFY_CXL;
	region->persistent = strcmp(type, "nd_volatile") != 0;
	return 0;
}

static int add_nd(struct reading *rd, const char *name)
{
	struct ramify_region region = unknown_region;
	char dir[DIR_BYTES];
	int err;

	snprintf(dir, sizeof(dir), ND_DIR "/%s", name);
	err = read_sizes(rd->ctx, dir, &region);
	if (err || region.size_bytes == RAMIFY_UNKNOWN)
		return err;
	err = value_u64(rd->ctx, dir, "resource", &region.start);
	if (!err)
		err = check_range(rd->ctx, dir, &region);
	if (!err)
		err = read_undivided(rd->ctx, dir, &region);
	if (!err)
		err = value_node(rd->ctx, dir, "target_node", &region.node);
	if (!err)
		err = read_nd_kind(rd->ctx, dir, &region);
	if (!err)
		err = read_bad(rd, dir, &region);
	if (!err)
		err = serial_of_nd(rd, dir, &region.serial);
	if (!err)
		err = system_keep_text(rd->sys, name, &region.name);
	return err ? err : system_add_region(rd->sys, &region);
}

int dax_place_read(struct ramify *ctx, const char *dax, struct dax_place *ret_place)
{
	struct dax_place place = { 0 };
	char path[DIR_BYTES];
	int err;

	snprintf(path, sizeof(path), DAX_DIR "/%s", dax);
	err = value_above(ctx, path, 1, place.region, sizeof(place.region));
	if (!err && dir_is_pair(place.region, "dax")) {
		place.persistent = true;
		err = value_above(ctx, path, 2, place.region, sizeof(place.region));
	}
	if (!err)
		*ret_place = place;
	return err;
}

static int add_dax(struct reading *rd, const char *dax, const char *name)
{
	struct ramify_region region = unknown_region;
	char dir[DIR_BYTES];
	int err;

	snprintf(dir, sizeof(dir), DAX_DIR "/%s/../dax_region", dax);
	err = read_sizes(rd->ctx, dir, &region);
	if (err || region.size_bytes == RAMIFY_UNKNOWN)
		return err;
	region.source = RAMIFY_SOFT_RESERVED;
	if (!strncmp(name, "dax_region", 10)) {
		region.source = RAMIFY_CXL;
		err = serial_of_cxl(rd, dax, &region.serial);
	}
	if (!err)
		err = system_keep_text(rd->sys, name, &region.name);
	return err ? err : system_add_region(rd->sys, &region);
}

/*
 * No file of the region says where it begins: /proc/iomem does, or a device that is all
 * of it, or none.
 */
static int locate(struct reading *rd, const char *dax, struct ramify_region *region)
{
	struct ramify_extent first = { .size_bytes = 1 };
	const struct iomem_entry *entry;
	char dir[DIR_BYTES];
	uint64_t size;
	int err;

	snprintf(dir, sizeof(dir), DAX_DIR "/%s", dax);
	err = value_node(rd->ctx, dir, "target_node", &region->node);
	if (!err)
		err = value_u64(rd->ctx, dir, "resource", &first.start);
	if (!err)
		err = value_u64(rd->ctx, dir, "size", &size);
	if (err || first.start == RAMIFY_UNKNOWN)
		return err;
	/* What a device without memory tells is the region's own. */
	if (!size) {
		region->start = first.start;
		return check_range(rd->ctx, dir, region);
	}
	entry = iomem_find(&rd->iomem, region->name, &first, region->size_bytes);
	if (entry)
		region->start = entry->range.start;
	else if (size == region->size_bytes)
		region->start = first.start;
	return check_range(rd->ctx, dir, region);
}

static int note_dax(struct reading *rd, const char *dax)
{
	struct ramify_region *region;
	struct dax_place place;
	int err = dax_place_read(rd->ctx, dax, &place);

	if (err || place.persistent || !*place.region)
		return err;
	if (!system_region(rd->sys, place.region))
		err = add_dax(rd, dax, place.region);
	region = system_region(rd->sys, place.region);
	if (err || !region || region->start != RAMIFY_UNKNOWN)
		return err;
	return locate(rd, dax, region);
}

static int compare_regions(const void *a, const void *b)
{
	const struct ramify_region *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return strverscmp(x->name, y->name);
}

int regions_read(struct reading *rd)
{
	struct dir_list nd = { 0 }, dax = { 0 };
	struct ramify_system *sys = rd->sys;
	uint64_t number;
	int err = dir_list_read(rd->ctx, ND_DIR, "region", &nd);

	if (!err)
		err = dir_list_read(rd->ctx, DAX_DIR, "dax", &dax);
	for (size_t i = 0; !err && i < nd.n; i++) {
		if (!dir_number(nd.names[i], "region", &number))
			err = add_nd(rd, nd.names[i]);
	}
	for (size_t i = 0; !err && i < dax.n; i++) {
		if (dir_is_pair(dax.names[i], "dax"))
			err = note_dax(rd, dax.names[i]);
	}
	dir_list_free(&nd);
	dir_list_free(&dax);
	if (sys->n_regions)
		qsort(sys->regions, sys->n_regions, sizeof(*sys->regions), compare_regions);
	return err;
}
