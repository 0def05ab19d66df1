// SPDX-License-Identifier: LGPL-2.1-or-later
/* division.c -- a DAX region that can be divided: its devices made, shaped, dropped. */

#include "division.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "bind.h"
#include "context.h"
#include "dir.h"
#include "extent.h"
#include "layout.h"
#include "size.h"
#include "value.h"

static int region_write(const struct division *d, const char *name, const char *text)
{
	char path[DIR_BYTES];

	snprintf(path, sizeof(path), DAX_DIR "/%s/../dax_region/%s", d->anchor, name);
	return attr_write(d->ctx, path, text);
}

static int device_write(struct ramify *ctx, const char *dax, const char *name, const char *text)
{
	char path[DIR_BYTES];

	snprintf(path, sizeof(path), DAX_DIR "/%s/%s", dax, name);
	return attr_write(ctx, path, text);
}

static int device_size(struct ramify *ctx, const char *dax, uint64_t *ret_bytes)
{
	char path[DIR_BYTES];

	snprintf(path, sizeof(path), DAX_DIR "/%s/size", dax);
	return attr_read_u64(ctx, path, ret_bytes);
}

/* The region's devices, seeds too, in order. */
typedef int (*device_fn)(void *arg, const char *dax);

static int each_device(struct ramify *ctx, const char *region, device_fn fn, void *arg)
{
	struct dir_list list;
	int err = dir_list_read(ctx, DAX_DIR, "dax", &list);

	if (err)
		return err;
	for (size_t i = 0; !err && i < list.n; i++) {
		struct dax_place place;

		if (!dir_is_pair(list.names[i], "dax") ||
		    dax_place_read(ctx, list.names[i], &place) || place.persistent ||
		    strcmp(place.region, region) != 0)
			continue;
		err = fn(arg, list.names[i]);
	}
	dir_list_free(&list);
	return err;
}

static int note_anchor(void *arg, const char *dax)
{
	struct division *d = arg;

	if (!*d->anchor)
		snprintf(d->anchor, sizeof(d->anchor), "%s", dax);
	return 0;
}

static int take_devices(struct division *d, const struct ramify_system *sys)
{
	const struct ramify_device *dev = NULL;
	int err = 0;

	while (!err && (dev = ramify_next_device(sys, dev))) {
		/* Held memory has no region, and can be of this one. */
		if (dev->region && strcmp(dev->region, d->region) != 0)
			continue;
		if (!dev->n_extents)
			return fail(d->ctx, -EPERM,
				    "where %s is, is not told: this needs root; nothing was changed",
				    dev->name);
		err = layout_take(&d->taken, dev->extents, dev->n_extents);
		if (dev->region)
			snprintf(d->holder, sizeof(d->holder), "%s", dev->name);
	}
	return err;
}

static bool is_dividable(const struct division *d)
{
	char path[DIR_BYTES], text[ATTR_MAX];

	snprintf(path, sizeof(path), DAX_DIR "/%s/../dax_region/available_size", d->anchor);
	return *d->anchor && !attr_read(d->ctx, path, text, sizeof(text));
}

static int open_checked(struct division *d, const struct ramify_system *sys,
			const struct ramify_region *region)
{
	int err = each_device(d->ctx, d->region, note_anchor, d);

	if (err)
		return err;
	if (!is_dividable(d))
		return fail(d->ctx, -EOPNOTSUPP, "%s cannot be divided; nothing was changed",
			    d->region);
	if (region->start == RAMIFY_UNKNOWN)
		return fail(d->ctx, -EPERM,
			    "where %s is, is not told: this needs root; nothing was changed",
			    d->region);
	if (!d->align_bytes || d->align_bytes & (d->align_bytes - 1))
		return fail(d->ctx, -EBADMSG, "the alignment of %s is not told; nothing was changed",
			    d->region);
	return take_devices(d, sys);
}

int division_open(struct ramify *ctx, const struct ramify_system *sys,
		  const struct ramify_region *region, struct division *ret_division)
{
	struct division d = {
		.ctx = ctx,
		.range = { region->start, region->size_bytes },
		.align_bytes = region->align_bytes == RAMIFY_UNKNOWN ? 0 : region->align_bytes,
	};
	int err;

	snprintf(d.region, sizeof(d.region), "%s", region->name);
	err = open_checked(&d, sys, region);
	if (err)
		division_close(&d);
	else
		*ret_division = d;
	return err;
}

void division_close(struct division *division)
{
	ranges_clear(&division->taken);
}

/* A mapping, and where in the device's content it begins. */
struct mapping {
	uint64_t page;
	struct ramify_extent extent;
};

static int compare_mappings(const void *a, const void *b)
{
	const struct mapping *x = a, *y = b;

	return x->page < y->page ? -1 : x->page > y->page;
}

static int read_mapping(struct ramify *ctx, const char *dax, const char *name,
			struct mapping *ret_mapping)
{
	struct mapping m = { 0 };
	uint64_t last = 0;
	char path[DIR_BYTES];
	int err;

	snprintf(path, sizeof(path), DAX_DIR "/%s/%s/start", dax, name);
	err = attr_read_u64(ctx, path, &m.extent.start);
	snprintf(path, sizeof(path), DAX_DIR "/%s/%s/end", dax, name);
	if (!err)
		err = attr_read_u64(ctx, path, &last);
	snprintf(path, sizeof(path), DAX_DIR "/%s/%s/page_offset", dax, name);
	if (!err)
		err = attr_read_u64(ctx, path, &m.page);
	if (!err && (last < m.extent.start || last - m.extent.start == UINT64_MAX))
		err = -EBADMSG;
	if (err)
		return err;
	m.extent.size_bytes = last - m.extent.start + 1;
	*ret_mapping = m;
	return 0;
}

static int to_ranges(const struct mapping *mappings, size_t n, struct state_ranges *ret_ranges)
{
	struct state_ranges ranges = { calloc(n + 1, sizeof(*ranges.items)), n };

	if (!ranges.items)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		ranges.items[i] = mappings[i].extent;
	*ret_ranges = ranges;
	return 0;
}

int division_extents(struct ramify *ctx, const char *dax, struct state_ranges *ret_extents)
{
	struct mapping *mappings;
	struct dir_list names;
	char path[DIR_BYTES];
	int err;

	snprintf(path, sizeof(path), DAX_DIR "/%s", dax);
	err = dir_list_read(ctx, path, "mapping", &names);
	if (err)
		return err;
	mappings = calloc(names.n + 1, sizeof(*mappings));
	err = mappings ? 0 : -ENOMEM;
	for (size_t i = 0; !err && i < names.n; i++)
		err = read_mapping(ctx, dax, names.names[i], &mappings[i]);
	if (!err) {
		qsort(mappings, names.n, sizeof(*mappings), compare_mappings);
		err = to_ranges(mappings, names.n, ret_extents);
	}
	free(mappings);
	dir_list_free(&names);
	return err ? fail(ctx, err, "%s: its mappings cannot be read: %s", dax, strerror(-err)) : 0;
}

static int write_mapping(struct ramify *ctx, const char *dax, const struct ramify_extent *e)
{
	char text[48];

	snprintf(text, sizeof(text), "%" PRIx64 "-%" PRIx64, e->start, extent_last(e));
	return device_write(ctx, dax, "mapping", text);
}

static int map_all(struct ramify *ctx, const char *dax, const struct state_ranges *extents)
{
	uint64_t want = 0, have = 0;
	int err = device_write(ctx, dax, "size", "0");

	for (size_t i = 0; !err && i < extents->n; i++) {
		err = write_mapping(ctx, dax, &extents->items[i]);
		want += extents->items[i].size_bytes;
	}
	if (!err)
		err = device_size(ctx, dax, &have);
	return err ? err : have == want ? 0 : -EIO;
}

int division_shape(struct ramify *ctx, const char *dax, const struct state_ranges *extents)
{
	struct state_ranges before = { 0 };
	int back, err = division_extents(ctx, dax, &before);

	if (err)
		return err;
	err = map_all(ctx, dax, extents);
	back = err ? map_all(ctx, dax, &before) : 0;
	ranges_clear(&before);
	if (!err)
		return 0;
	return fail(ctx, err, "%s: the kernel does not give it its memory: %s; %s", dax,
		    strerror(-err), back ? "it has none now" : "it is as it was");
}

static bool is_first(const char *dax)
{
	const char *dot = strrchr(dax, '.');

	return dot && strcmp(dot, ".0") == 0;
}

int division_drop(struct ramify *ctx, const char *dax)
{
	struct division d = { .ctx = ctx };
	int err = device_write(ctx, dax, "size", "0");

	if (err)
		return fail(ctx, err, "%s: the kernel does not take its memory back: %s", dax,
			    strerror(-err));
	/* The kernel keeps a region's first device, without memory. */
	if (is_first(dax))
		return 0;
	snprintf(d.anchor, sizeof(d.anchor), "%s", dax);
	err = region_write(&d, "delete", dax);
	if (err)
		return fail(ctx, err, "%s has no memory any more, but stays: %s", dax,
			    strerror(-err));
	return 0;
}

struct seed_search {
	struct ramify *ctx;
	char dax[NAME_BYTES];
};

/* One that is told to grow by somebody else just now is rather his. */
static int note_seed(void *arg, const char *dax)
{
	struct seed_search *s = arg;
	char driver[NAME_BYTES];
	uint64_t bytes;

	if (!*s->dax && !device_size(s->ctx, dax, &bytes) && !bytes &&
	    !bind_current(s->ctx, dax, driver, sizeof(driver)) && !*driver)
		snprintf(s->dax, sizeof(s->dax), "%s", dax);
	return 0;
}

static int new_seed(struct division *d, char dax[NAME_BYTES])
{
	char path[DIR_BYTES];
	int err = region_write(d, "create", "1");

	snprintf(path, sizeof(path), DAX_DIR "/%s/../dax_region/create", d->anchor);
	if (!err)
		err = attr_read(d->ctx, path, dax, NAME_BYTES);
	if (!err && !dir_is_pair(dax, "dax"))
		err = -ENXIO;
	if (err)
		return fail(d->ctx, err, "%s: the kernel does not make another device: %s",
			    d->region, strerror(-err));
	return 0;
}

int division_seed(struct division *division, char dax[NAME_BYTES])
{
	struct seed_search s = { .ctx = division->ctx };
	int err = each_device(division->ctx, division->region, note_seed, &s);

	if (err || !*s.dax)
		return err ? err : new_seed(division, dax);
	strcpy(dax, s.dax);
	return 0;
}

int division_set_page(struct ramify *ctx, const char *dax, uint64_t page_bytes)
{
	char text[32], size[SIZE_TEXT_MAX];
	int err;

	snprintf(text, sizeof(text), "%" PRIu64, page_bytes);
	err = device_write(ctx, dax, "align", text);
	if (err)
		return fail(ctx, err, "%s: this kernel does not map it by pages of %s: %s", dax,
			    size_text(size, page_bytes), strerror(-err));
	return 0;
}
