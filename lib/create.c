// SPDX-License-Identifier: LGPL-2.1-or-later
/* create.c -- new devices of what is left of a region. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bind.h"
#include "carve.h"
#include "context.h"
#include "created.h"
#include "dir.h"
#include "divide.h"
#include "layout.h"
#include "lock.h"
#include "partition.h"
#include "reshape.h"
#include "settled.h"
#include "size.h"
#include "target.h"

/* The kernel's own bound on devices is far above what makes sense. */
#define COUNT_MAX 1024
#define LOCK_WAIT_S 5
#define PERMS_MAX 0777

struct creation {
	struct op op;
	struct ramify_create_options options;
	struct ramify_system *sys;
	const struct ramify_region *region;
	struct carve carve;		/* not of persistent memory */
	struct creation_item *items;
	size_t n;
	struct ramify_created told;
};

static int take_options(struct ramify *ctx, const struct ramify_create_options *options,
			struct ramify_create_options *ret_options)
{
	struct ramify_create_options o = RAMIFY_CREATE_DEFAULTS;

	if (options->size > sizeof(o) || options->size < sizeof(options->size))
		return fail(ctx, -EINVAL, "the caller was built for another libramify");
	memcpy(&o, options, options->size);
	if (!o.count || o.count > COUNT_MAX)
		return fail(ctx, -EINVAL, "a region has 1 to %d devices, not %u; nothing was changed",
			    COUNT_MAX, o.count);
	if (o.perms > PERMS_MAX)
		return fail(ctx, -EINVAL, "a mode is 0 to 0777, not %#o; nothing was changed",
			    o.perms);
	if (!o.raw && (o.uid != UINT32_MAX || o.gid != UINT32_MAX || o.perms))
		return fail(ctx, -EINVAL,
			    "RAM has no owner: that is for raw devices; nothing was changed");
	*ret_options = o;
	return 0;
}

/* A device of it may be named by mistake. */
static int find_region(struct ramify *ctx, const struct ramify_system *sys, const char *name,
		       const struct ramify_region **ret_region)
{
	const struct ramify_region *region = NULL;
	const struct ramify_device *dev = NULL;

	while ((region = ramify_next_region(sys, region)))
		if (strcmp(region->name, name) == 0) {
			*ret_region = region;
			return 0;
		}
	while ((dev = ramify_next_device(sys, dev)))
		if (dev->region && strcmp(dev->name, name) == 0)
			return fail(ctx, -ENODEV,
				    "%s is a device, and no region; it is of region %s; nothing was changed",
				    name, dev->region);
	return fail(ctx, -ENODEV,
		    "there is no region \"%.64s\": \"ramify list\" shows what there is", name);
}

static bool is_pmem(const struct ramify_region *region)
{
	uint64_t number;

	return !dir_number(region->name, "region", &number);
}

/* ---- soft-reserved and CXL memory ---- */

static int tell_left(struct creation *c)
{
	struct carve *carve = &c->carve;
	struct layout_room room;
	struct state_ranges left;
	int err = carve_left(carve, carve->division.align_bytes, &left);

	if (err)
		return err;
	room = layout_room(&left);
	c->told.left_bytes = room.total_bytes;
	c->told.left_pieces = room.pieces;
	ranges_clear(&left);
	err = carve_left(carve, carve->block_bytes, &left);
	if (err)
		return err;
	c->told.left_ram_bytes = layout_room(&left).total_bytes;
	ranges_clear(&left);
	return 0;
}

static int plan_dax(struct creation *c)
{
	struct carve *carve = &c->carve;
	int err = division_open(c->op.ctx, c->sys, c->region, &carve->division);

	if (err)
		return err;
	carve->options = &c->options;
	carve->block_bytes = ramify_block_bytes(c->sys);
	/* Without hot-plug nothing here becomes RAM, and there are no blocks. */
	if (carve->block_bytes == RAMIFY_UNKNOWN)
		carve->block_bytes = carve->division.align_bytes;
	err = carve_check(carve);
	for (size_t i = 0; !err && i < c->n; i++) {
		err = carve_next(carve, &c->items[i].pieces);
		if (!err)
			c->items[i].size_bytes = layout_room(&c->items[i].pieces).total_bytes;
	}
	return err ? err : tell_left(c);
}

/* The kernel takes any alignment that it was built for; this it shows only with a CPU that
 * maps so large pages. */
static bool has_large_pages(struct ramify *ctx)
{
	return !faccessat(ctx->root_fd, "sys/kernel/mm/hugepages/hugepages-1048576kB", F_OK, 0);
}

/* Pages of 1 GiB where the alignment allows it, else what the region has anyway. */
static uint64_t page_of(const struct creation *c)
{
	const uint64_t large = UINT64_C(1) << 30;

	if (c->options.raw && c->carve.align_bytes >= large && has_large_pages(c->op.ctx))
		return large;
	return c->carve.division.align_bytes;
}

static int make_dax(struct creation *c, struct creation_item *item)
{
	struct divide_piece piece = {
		.extents = item->pieces,
		.color = c->options.color,
		.node = { c->options.uid, c->options.gid, c->options.perms },
		.page_bytes = page_of(c),
		.raw = c->options.raw,
	};
	char dax[NAME_BYTES];
	int lock, err = division_seed(&c->carve.division, dax);

	if (!err)
		err = lock_take(c->op.ctx, dax, LOCK_WAIT_S, &lock);
	if (err)
		return err;
	err = divide_make(&c->op, dax, &piece, c->region->source);
	/* What udev wants done about a new device is done. */
	settled_note(c->op.ctx, dax, 0);
	if (!err)
		snprintf(item->name, sizeof(item->name), "%s", dax);
	lock_drop(lock);
	return err;
}

/* ---- persistent memory ---- */

static int refuse_place(struct creation *c)
{
	const struct ramify_create_options *o = &c->options;
	const char *what = o->color.of ? "of one color" : o->align_bytes ? "with --align" : "at an address";

	if (!o->color.of && !o->align_bytes && o->at == RAMIFY_UNKNOWN)
		return 0;
	return fail(c->op.ctx, -EOPNOTSUPP,
		    "%s is persistent memory, whose namespaces the kernel places itself, so that there is none %s; nothing was changed",
		    c->region->name, what);
}

static int refuse_pmem_room(struct creation *c, const struct partition_room *room, uint64_t bytes)
{
	char size[SIZE_TEXT_MAX], left[SIZE_TEXT_MAX], largest[SIZE_TEXT_MAX];

	if (!room->available_bytes)
		return fail(c->op.ctx, -ENOSPC,
			    "nothing is left of the %s of %s; nothing was changed; ramify destroy makes room",
			    size_text(size, c->region->size_bytes), c->region->name);
	return fail(c->op.ctx, -ENOSPC,
		    "%s has %s left, in one piece %s, too little for %s%s; nothing was changed",
		    c->region->name, size_text(left, room->available_bytes),
		    size_text(largest, room->largest_bytes),
		    c->options.count > 1 ? "so many of " : "", size_text(size, bytes));
}

static int pmem_bytes(struct creation *c, const struct partition_room *room, uint64_t *ret_bytes)
{
	const struct ramify_size *amount = &c->options.amount;
	uint64_t bytes = amount->kind == RAMIFY_SIZE_ALL ?
				 room->largest_bytes :
				 size_of(amount, c->region->size_bytes);

	if (amount->kind == RAMIFY_SIZE_BYTES && bytes && bytes % room->align_bytes)
		return carve_refuse_size(c->op.ctx, bytes, room->align_bytes, false, "");
	bytes -= bytes % room->align_bytes;
	if (!bytes && amount->kind != RAMIFY_SIZE_ALL)
		return fail(c->op.ctx, -EINVAL,
			    "a device of size 0 holds nothing; nothing was changed");
	if (!bytes || bytes > room->largest_bytes || bytes > room->available_bytes / c->n)
		return refuse_pmem_room(c, room, bytes);
	*ret_bytes = bytes;
	return 0;
}

static int plan_pmem(struct creation *c)
{
	struct partition_room room;
	uint64_t bytes = 0;
	int err = refuse_place(c);

	if (!err && c->n > 1 && c->options.amount.kind == RAMIFY_SIZE_ALL)
		err = fail(c->op.ctx, -EINVAL,
			   "all that is left can be one device only; nothing was changed");
	if (!err)
		err = partition_room(c->op.ctx, c->region, &room);
	if (!err)
		err = pmem_bytes(c, &room, &bytes);
	if (err)
		return err;
	for (size_t i = 0; i < c->n; i++)
		c->items[i].size_bytes = bytes;
	c->told.left_bytes = room.available_bytes - c->n * bytes;
	c->told.left_pieces = c->told.left_bytes ? 1 : 0;
	return 0;
}

/* The DAX device over a namespace, and where its data is. */
static int find_dax(struct creation *c, struct creation_item *item)
{
	struct ramify_system *sys;
	const struct ramify_device *dev = NULL;
	int err = ramify_system_read(c->op.ctx, &sys);

	if (err)
		return err;
	err = ramify_find_device(c->op.ctx, sys, item->ns, &dev);
	if (!err) {
		snprintf(item->name, sizeof(item->name), "%s", dev->name);
		item->size_bytes = dev->size_bytes;
		err = layout_take(&item->pieces, dev->extents, dev->n_extents);
	}
	ramify_system_free(sys);
	return err;
}

static int make_pmem(struct creation *c, struct creation_item *item)
{
	struct devnode node = { c->options.uid, c->options.gid, c->options.perms };
	int err = partition_make(c->op.ctx, c->region->name, item->size_bytes, item->ns);

	if (!err) {
		settled_note(c->op.ctx, item->ns, 0);
		err = find_dax(c, item);
	}
	if (err || !c->options.raw || !dir_is_pair(item->name, "dax"))
		return err;
	err = bind_restore(&c->op, item->name, DRIVER_RAW);
	return err ? err : devnode_set(c->op.ctx, item->name, &node);
}

/* ---- both ---- */

static int keep(struct creation *c)
{
	struct ramify_keep_options o = RAMIFY_KEEP_DEFAULTS;
	struct ramify_kept kept;
	int err = 0;

	o.use = c->options.raw ? RAMIFY_USE_RAW : RAMIFY_USE_RAM;
	o.uid = c->options.uid;
	o.gid = c->options.gid;
	o.perms = c->options.perms;
	for (size_t i = 0; !err && i < c->n; i++) {
		err = ramify_keep(c->op.ctx, c->items[i].name, &o, &kept);
		c->items[i].kept = !err;
	}
	return err;
}

static void undo(struct creation *c)
{
	struct op op = { .ctx = c->op.ctx, .undoing = true };
	char said[sizeof(op.ctx->message)];

	strcpy(said, op.ctx->message);
	for (size_t i = c->n; i-- > 0;) {
		struct creation_item *item = &c->items[i];
		struct ramify_kept kept;

		if (item->kept)
			ramify_forget(op.ctx, item->name, &kept);
		if (*item->ns)
			partition_drop(op.ctx, item->ns);
		else if (*item->name)
			divide_drop(&op, item->name);
	}
	strcpy(op.ctx->message, said);
}

static int act(struct creation *c)
{
	int err = 0;

	for (size_t i = 0; !err && i < c->n; i++)
		err = is_pmem(c->region) ? make_pmem(c, &c->items[i]) : make_dax(c, &c->items[i]);
	if (!err && c->options.keep)
		err = keep(c);
	if (err)
		undo(c);
	return err;
}

static int create(struct creation *c, const char *region, struct ramify_created **ret_created)
{
	int err = ramify_system_read(c->op.ctx, &c->sys);

	if (!err)
		err = find_region(c->op.ctx, c->sys, region, &c->region);
	if (!err)
		err = is_pmem(c->region) ? plan_pmem(c) : plan_dax(c);
	if (!err && !c->options.dry_run)
		err = act(c);
	if (err)
		return err;
	err = created_tell(c->region->name, c->items, c->n, ramify_block_bytes(c->sys), &c->told,
			   ret_created);
	if (err && !c->options.dry_run)
		undo(c);
	return err;
}

static void clear(struct creation *c)
{
	for (size_t i = 0; c->items && i < c->n; i++)
		ranges_clear(&c->items[i].pieces);
	free(c->items);
	division_close(&c->carve.division);
	ramify_system_free(c->sys);
}

int ramify_create(struct ramify *ctx, const char *region,
		  const struct ramify_create_options *options, struct ramify_created **ret_created)
{
	struct creation c = { .op = { .ctx = ctx } };
	int lock = -1, err = take_options(ctx, options, &c.options);

	if (!err)
		err = target_need_root(ctx);
	if (err)
		return err;
	c.n = c.options.count;
	c.items = calloc(c.n + 1, sizeof(*c.items));
	if (!c.items)
		return fail(ctx, -ENOMEM, "out of memory; nothing was changed");
	if (!c.options.dry_run)
		reshape_finish(&c.op, NULL, NULL);
	if (!c.options.dry_run && strlen(region) < NAME_BYTES && !strchr(region, '/'))
		err = divide_lock(ctx, region, &lock);
	if (!err)
		err = create(&c, region, ret_created);
	lock_drop(lock);
	clear(&c);
	return err;
}
