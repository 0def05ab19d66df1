// SPDX-License-Identifier: LGPL-2.1-or-later
/* resize.c -- a device gives memory back to its region, or gets more of it. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "carve.h"
#include "color.h"
#include "context.h"
#include "divide.h"
#include "extent.h"
#include "idle_target.h"
#include "layout.h"
#include "partition.h"
#include "reshape.h"
#include "size.h"

struct resize {
	struct op op;
	struct idle_target idle;
	struct ramify_size amount;
	bool force;
	struct division division;
	struct state_ranges before;	/* in the order of its content */
	uint64_t before_bytes;
	uint64_t align_bytes;
};

static const struct ramify_device *device_of(const struct resize *r)
{
	return r->idle.target.dev;
}

static bool is_aligned(const struct state_ranges *ranges, uint64_t align_bytes)
{
	for (size_t i = 0; i < ranges->n; i++)
		if ((ranges->items[i].start | ranges->items[i].size_bytes) & (align_bytes - 1))
			return false;
	return true;
}

/* What is made of whole memory blocks, for RAM, or is mapped by larger pages, stays so. */
static uint64_t keep_align(const struct resize *r)
{
	uint64_t block = r->idle.target.block_bytes, least = r->division.align_bytes, page;
	char path[DIR_BYTES];

	snprintf(path, sizeof(path), DAX_DIR "/%s/align", device_of(r)->name);
	if (!attr_read_u64(r->op.ctx, path, &page) && page > least && !(page & (page - 1)))
		least = page;
	if (block == RAMIFY_UNKNOWN || block < least || device_of(r)->mode == RAMIFY_MODE_RAW)
		return least;
	return is_aligned(&r->before, block) ? block : least;
}

static int find_free(const struct resize *r, struct state_ranges *ret_free)
{
	struct layout layout = {
		.region = r->division.range,
		.taken = r->division.taken,
		.align_bytes = r->align_bytes,
		.color = device_of(r)->color,
	};
	int err = layout_free(&layout, ret_free);

	return err ? fail(r->op.ctx, err, "what is free in %s cannot be found: %s; nothing was changed",
			  r->division.region, strerror(-err)) : 0;
}

static int refuse_empty(const struct resize *r)
{
	return fail(r->op.ctx, -EINVAL,
		    "of size 0 %s holds nothing; nothing was changed; ramify destroy %s gives it back",
		    device_of(r)->name, device_of(r)->name);
}

static int wanted_bytes(const struct resize *r, const struct state_ranges *free,
			uint64_t *ret_bytes)
{
	struct ramify *ctx = r->op.ctx;
	uint64_t bytes;

	if (r->amount.kind == RAMIFY_SIZE_ALL) {
		*ret_bytes = r->before_bytes + layout_room(free).total_bytes;
		return 0;
	}
	bytes = size_of(&r->amount, r->division.range.size_bytes);
	if (r->amount.kind == RAMIFY_SIZE_SHARE)
		bytes -= bytes % r->align_bytes;
	if (!bytes)
		return refuse_empty(r);
	if (bytes % r->align_bytes)
		return carve_refuse_size(ctx, bytes, r->align_bytes,
					 r->align_bytes != r->division.align_bytes, "");
	*ret_bytes = bytes;
	return 0;
}

static int refuse_growth(const struct resize *r, const struct state_ranges *free, uint64_t bytes)
{
	char size[SIZE_TEXT_MAX], most[SIZE_TEXT_MAX], room[ROOM_TEXT_MAX];

	return fail(r->op.ctx, -ENOSPC,
		    "%s has %s that fit to %s, which can have %s at most, not %s; nothing was changed",
		    r->division.region, carve_room_text(room, free, " left"), device_of(r)->name,
		    size_text(most, r->before_bytes + layout_room(free).total_bytes),
		    size_text(size, bytes));
}

static int copy(const struct state_ranges *from, struct state_ranges *to)
{
	int err = 0;

	for (size_t i = 0; !err && i < from->n; i++)
		err = ranges_append(to, from->items[i].start, from->items[i].size_bytes);
	return err;
}

/* First what is just behind its end, so that it stays in one piece; then what fits best. */
static int grow(const struct resize *r, const struct state_ranges *free, uint64_t more,
		struct state_ranges *after)
{
	const struct ramify_extent *last = &r->before.items[r->before.n - 1];
	uint64_t end = last->start + last->size_bytes;
	struct state_ranges rest = { 0 }, added = { 0 };
	int err = copy(&r->before, after);

	for (size_t i = 0; !err && i < free->n; i++) {
		uint64_t bytes = free->items[i].size_bytes, taken = 0;

		if (free->items[i].start == end) {
			taken = bytes < more ? bytes : more;
			err = taken ? ranges_append(after, end, taken) : 0;
			more -= taken;
		}
		if (!err && bytes > taken)
			err = ranges_append(&rest, free->items[i].start + taken, bytes - taken);
	}
	if (!err && more)
		err = layout_place(&rest, more, device_of(r)->color.of, &added);
	if (!err)
		err = copy(&added, after);
	ranges_clear(&rest);
	ranges_clear(&added);
	return err;
}

static int plan(const struct resize *r, struct state_ranges *ret_after, uint64_t *ret_bytes)
{
	struct state_ranges free, after = { 0 };
	uint64_t bytes = 0;
	int err = find_free(r, &free);

	if (err)
		return err;
	err = wanted_bytes(r, &free, &bytes);
	if (!err && bytes > r->before_bytes) {
		err = grow(r, &free, bytes - r->before_bytes, &after);
		if (err == -ENOSPC)
			err = refuse_growth(r, &free, bytes);
	} else if (!err) {
		err = layout_cut(&r->before, bytes, &after);
	}
	ranges_clear(&free);
	if (err) {
		ranges_clear(&after);
		return err;
	}
	*ret_after = after;
	*ret_bytes = bytes;
	return 0;
}

static int resize_dax(struct resize *r, uint64_t *ret_bytes)
{
	struct state_ranges after;
	uint64_t bytes = 0;
	int err = division_open(r->op.ctx, r->idle.target.sys, r->idle.target.region, &r->division);

	if (!err)
		err = division_extents(r->op.ctx, device_of(r)->name, &r->before);
	if (err)
		return err;
	r->before_bytes = layout_room(&r->before).total_bytes;
	r->align_bytes = keep_align(r);
	err = plan(r, &after, &bytes);
	if (err)
		return err;
	if (bytes != r->before_bytes)
		err = reshape(&r->op, device_of(r)->name, &after);
	ranges_clear(&after);
	if (!err)
		*ret_bytes = bytes;
	return err;
}

static uint64_t namespace_bytes(struct ramify *ctx, const char *ns)
{
	char path[DIR_BYTES];
	uint64_t bytes = 0;

	snprintf(path, sizeof(path), ND_DIR "/%s/size", ns);
	attr_read_u64(ctx, path, &bytes);
	return bytes;
}

static int refuse_pmem(const struct resize *r, const struct partition_room *room, uint64_t most,
		       uint64_t bytes)
{
	char left[SIZE_TEXT_MAX], text[SIZE_TEXT_MAX], size[SIZE_TEXT_MAX];

	return fail(r->op.ctx, -ENOSPC,
		    "%s has %s left, and %s, which grows at its end only, can have %s at most, not %s; nothing was changed",
		    r->idle.target.region->name, size_text(left, room->available_bytes),
		    device_of(r)->namespace_name, size_text(text, most), size_text(size, bytes));
}

static int pmem_wanted(const struct resize *r, const struct partition_room *room, uint64_t most,
		       uint64_t *ret_bytes)
{
	const struct ramify_region *region = r->idle.target.region;
	uint64_t bytes = r->amount.kind == RAMIFY_SIZE_ALL ?
				 most :
				 size_of(&r->amount, region->size_bytes);

	if (r->amount.kind != RAMIFY_SIZE_BYTES)
		bytes -= bytes % room->align_bytes;
	if (!bytes)
		return refuse_empty(r);
	if (bytes % room->align_bytes)
		return carve_refuse_size(r->op.ctx, bytes, room->align_bytes, false, "");
	if (bytes > most)
		return refuse_pmem(r, room, most, bytes);
	*ret_bytes = bytes;
	return 0;
}

/* A devdax is set up anew: where it keeps struct pages on the device its data moves. */
static int resize_pmem(struct resize *r, uint64_t *ret_bytes)
{
	const char *ns = device_of(r)->namespace_name;
	uint64_t bytes = 0, most = 0;
	struct partition_room room;
	int err;

	if (!device_of(r)->namespace_mode || strcmp(device_of(r)->namespace_mode, "devdax") != 0)
		return fail(r->op.ctx, -EOPNOTSUPP,
			    "%s is in mode %s, and only devdax is resized; nothing was changed", ns,
			    device_of(r)->namespace_mode ? device_of(r)->namespace_mode : "unknown");
	err = partition_room(r->op.ctx, r->idle.target.region, &room);
	if (!err)
		err = partition_most(r->op.ctx, ns, &most);
	if (!err)
		err = pmem_wanted(r, &room, most, &bytes);
	if (!err && bytes != namespace_bytes(r->op.ctx, ns))
		err = partition_resize(r->op.ctx, ns, bytes);
	if (!err)
		*ret_bytes = bytes;
	return err;
}

int ramify_resize(struct ramify *ctx, const char *device, const struct ramify_size *amount,
		  bool force, uint64_t *ret_bytes)
{
	struct resize r = { .op = { .ctx = ctx }, .amount = *amount, .force = force };
	int err;

	reshape_finish(&r.op, NULL, NULL);
	err = idle_target_open(ctx, device, force, &r.idle);
	if (err)
		return err;
	err = device_of(&r)->namespace_name ? resize_pmem(&r, ret_bytes) : resize_dax(&r, ret_bytes);
	ranges_clear(&r.before);
	division_close(&r.division);
	idle_target_close(&r.idle);
	return err;
}
