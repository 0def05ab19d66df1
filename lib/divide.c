// SPDX-License-Identifier: LGPL-2.1-or-later
/* divide.c -- a whole division of a region, as it was recorded, made again. */

#include "divide.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bind.h"
#include "claim.h"
#include "color.h"
#include "context.h"
#include "devnode.h"
#include "division.h"
#include "extent.h"
#include "lock.h"
#include "module.h"
#include "record.h"
#include "size.h"
#include "target.h"

/* Dividing takes moments. */
#define LOCK_WAIT_S 60

int divide_lock(struct ramify *ctx, const char *region, int *ret_fd)
{
	return lock_take(ctx, region, LOCK_WAIT_S, ret_fd);
}

void divide_piece_clear(struct divide_piece *piece)
{
	ranges_clear(&piece->extents);
}

/* What is meant to become RAM is bound to no driver, unless kmem would take it unasked. */
static const char *driver_for(struct ramify *ctx, const struct divide_piece *piece,
			      enum ramify_source source)
{
	if (piece->raw)
		return DRIVER_RAW;
	return bind_kmem_takes(source) && !module_is_blacklisted(ctx, DRIVER_STOCK) ? DRIVER_RAW :
										      "";
}

int divide_drop(struct op *op, const char *dax)
{
	static const struct devnode root = DEVNODE_ROOT;
	int err = bind_none(op, dax);

	if (!err)
		err = division_drop(op->ctx, dax);
	if (err)
		return err;
	color_forget(op->ctx, dax);
	/* The first device of a region stays, and so does its node. */
	if (strcmp(strrchr(dax, '.'), ".0") == 0)
		err = devnode_set(op->ctx, dax, &root);
	return err;
}

static int make_steps(struct op *op, const char *dax, const struct divide_piece *piece,
		      enum ramify_source source)
{
	static const struct devnode root = DEVNODE_ROOT;
	int err = devnode_set(op->ctx, dax, &root);

	/* While it has no memory any page size fits; its memory must fit to the page size. */
	if (!err && piece->page_bytes)
		err = division_set_page(op->ctx, dax, piece->page_bytes);
	if (!err)
		err = division_shape(op->ctx, dax, &piece->extents);
	color_forget(op->ctx, dax);
	if (!err && piece->color.of)
		err = color_note(op->ctx, dax, &piece->color);
	if (!err)
		err = bind_restore(op, dax, driver_for(op->ctx, piece, source));
	return err ? err : devnode_set(op->ctx, dax, &piece->node);
}

int divide_make(struct op *op, const char *dax, const struct divide_piece *piece,
		enum ramify_source source)
{
	char said[sizeof(op->ctx->message)];
	struct op undo = { .ctx = op->ctx, .undoing = true };
	int err = make_steps(op, dax, piece, source);

	if (!err)
		return 0;
	strcpy(said, op->ctx->message);
	if (divide_drop(&undo, dax))
		return fail(op->ctx, err, "%.1500s; %s stays as it is now", said, dax);
	return fail(op->ctx, err, "%s", said);
}

static int check_extent(struct ramify *ctx, const struct ramify_region *region,
			const struct divide_piece *piece, const struct ramify_extent *e)
{
	struct ramify_extent all = { region->start, region->size_bytes };
	char align[SIZE_TEXT_MAX];

	if (!extent_valid(e) || !extent_holds(&all, e))
		return fail(ctx, -ERANGE,
			    "%#" PRIx64 ", %" PRIu64 " bytes, is not in %s; nothing was changed",
			    e->start, e->size_bytes, region->name);
	if ((e->start | e->size_bytes) & (region->align_bytes - 1))
		return fail(ctx, -EINVAL,
			    "%#" PRIx64 ", %" PRIu64 " bytes, is not aligned to %s, as %s is; nothing was changed",
			    e->start, e->size_bytes, size_text(align, region->align_bytes),
			    region->name);
	if (piece->color.of && !color_holds(&piece->color, e))
		return fail(ctx, -EINVAL,
			    "%#" PRIx64 ", %" PRIu64 " bytes, is not all of color %u/%u; nothing was changed",
			    e->start, e->size_bytes, piece->color.index, piece->color.of);
	return 0;
}

static int check_overlaps(struct ramify *ctx, struct state_ranges *all)
{
	if (all->n)
		qsort(all->items, all->n, sizeof(*all->items), extent_compare);
	for (size_t i = 1; i < all->n; i++)
		if (extent_overlaps(&all->items[i - 1], &all->items[i]))
			return fail(ctx, -EINVAL,
				    "the division has %#" PRIx64 " twice; nothing was changed",
				    all->items[i].start);
	return 0;
}

int divide_check(struct ramify *ctx, const struct ramify_region *region,
		 const struct divide_piece *pieces, size_t n)
{
	struct state_ranges all = { 0 };
	int err = 0;

	if (region->start == RAMIFY_UNKNOWN || region->align_bytes == RAMIFY_UNKNOWN)
		return fail(ctx, -ENODEV, "where %s is, is not told; nothing was changed",
			    region->name);
	for (size_t i = 0; !err && i < n; i++) {
		const struct divide_piece *piece = &pieces[i];

		if (!piece->extents.n || (piece->color.of && color_check(&piece->color)))
			err = fail(ctx, -EINVAL,
				   "the division of %s has a piece without memory, or of no possible color; nothing was changed",
				   region->name);
		for (size_t k = 0; !err && k < piece->extents.n; k++) {
			const struct ramify_extent *e = &piece->extents.items[k];

			err = check_extent(ctx, region, piece, e);
			if (!err)
				err = ranges_append(&all, e->start, e->size_bytes);
		}
	}
	/* Joined where they touch in order; what comes twice does not touch. */
	if (!err)
		err = check_overlaps(ctx, &all);
	ranges_clear(&all);
	return err;
}

static bool same_ranges(const struct state_ranges *a, const struct state_ranges *b)
{
	struct state_ranges x = { 0 }, y = { 0 };
	bool same = true;

	/* A range that is two mappings is the same memory. */
	for (size_t i = 0; same && i < a->n; i++)
		same = !ranges_append(&x, a->items[i].start, a->items[i].size_bytes);
	for (size_t i = 0; same && i < b->n; i++)
		same = !ranges_append(&y, b->items[i].start, b->items[i].size_bytes);
	same = same && x.n == y.n;
	for (size_t i = 0; same && i < x.n; i++)
		same = x.items[i].start == y.items[i].start &&
		       x.items[i].size_bytes == y.items[i].size_bytes;
	ranges_clear(&x);
	ranges_clear(&y);
	return same;
}

struct recreation {
	struct op *op;
	struct ramify_system *sys;
	const struct ramify_region *region;
	struct divide_piece *pieces;
	size_t n;
};

static int find_region(struct recreation *r, const char *name)
{
	while ((r->region = ramify_next_region(r->sys, r->region)))
		if (strcmp(r->region->name, name) == 0)
			return 0;
	return fail(r->op->ctx, -ENODEV, "there is no region %s", name);
}

static bool overlaps(const struct ramify_device *dev, const struct state_ranges *extents)
{
	for (size_t i = 0; i < dev->n_extents; i++)
		for (size_t k = 0; k < extents->n; k++)
			if (extent_overlaps(&dev->extents[i], &extents->items[k]))
				return true;
	return false;
}

/* Is it one of the pieces; else, is it in the way of one? */
static int match(struct recreation *r, const struct ramify_device *dev, bool *ret_in_way)
{
	struct state_ranges extents = { 0 };
	int err = 0;

	*ret_in_way = false;
	if (dev->region && strcmp(dev->region, r->region->name) == 0)
		err = division_extents(r->op->ctx, dev->name, &extents);
	for (size_t i = 0; !err && i < r->n; i++) {
		if (extents.n && same_ranges(&extents, &r->pieces[i].extents)) {
			snprintf(r->pieces[i].dax, sizeof(r->pieces[i].dax), "%s", dev->name);
			*ret_in_way = false;
			break;
		}
		*ret_in_way |= overlaps(dev, &r->pieces[i].extents);
	}
	ranges_clear(&extents);
	return err;
}

/* Only the device that is all of the region comes by itself; another one is somebody's. */
static int check_in_way(struct recreation *r, const struct ramify_device *dev)
{
	struct ramify *ctx = r->op->ctx;
	bool idle = dev->mode == RAMIFY_MODE_IDLE || dev->mode == RAMIFY_MODE_RAW;

	if (!idle || !dev->region)
		return fail(ctx, -EBUSY,
			    "%s is in the way of the recorded division of %s, and is in use (%s); nothing was changed",
			    dev->name, r->region->name, ramify_mode_name(dev->mode));
	if (dev->size_bytes != r->region->size_bytes)
		return fail(ctx, -EBUSY,
			    "%s is in the way of the recorded division of %s; nothing was changed; if nobody needs it: ramify destroy %s",
			    dev->name, r->region->name, dev->name);
	return claim_check_dax(ctx, dev->name);
}

/* All are looked at before the first is touched. */
static int clear_way(struct recreation *r)
{
	const struct ramify_device *dev = NULL;
	bool in_way;
	int err = 0;

	while (!err && (dev = ramify_next_device(r->sys, dev))) {
		err = match(r, dev, &in_way);
		if (!err && in_way)
			err = check_in_way(r, dev);
	}
	while (!err && (dev = ramify_next_device(r->sys, dev))) {
		err = match(r, dev, &in_way);
		if (!err && in_way)
			err = divide_drop(r->op, dev->name);
	}
	return err;
}

static int make_missing(struct recreation *r, struct division *d)
{
	bool *made = calloc(r->n + 1, sizeof(*made));
	struct op undo = { .ctx = r->op->ctx, .undoing = true };
	char said[sizeof(r->op->ctx->message)];
	int err = made ? 0 : -ENOMEM;

	for (size_t i = 0; !err && i < r->n; i++) {
		struct divide_piece *piece = &r->pieces[i];

		if (*piece->dax)
			continue;
		err = division_seed(d, piece->dax);
		if (!err)
			err = divide_make(r->op, piece->dax, piece, r->region->source);
		made[i] = !err;
	}
	if (err) {
		strcpy(said, r->op->ctx->message);
		for (size_t i = r->n; made && i-- > 0;)
			if (made[i])
				divide_drop(&undo, r->pieces[i].dax);
		fail(r->op->ctx, err, "%s", said);
	}
	free(made);
	return err;
}

static int recreate(struct recreation *r, const char *region)
{
	struct division d;
	int err = find_region(r, region);

	if (!err)
		err = divide_check(r->op->ctx, r->region, r->pieces, r->n);
	if (!err)
		err = division_open(r->op->ctx, r->sys, r->region, &d);
	if (err)
		return err;
	err = clear_way(r);
	if (!err)
		err = make_missing(r, &d);
	division_close(&d);
	return err;
}

int divide_apply(struct op *op, const char *region, struct divide_piece *pieces, size_t n)
{
	struct recreation r = { .op = op, .pieces = pieces, .n = n };
	int lock, err = divide_lock(op->ctx, region, &lock);

	if (err)
		return err;
	for (size_t i = 0; i < n; i++)
		*pieces[i].dax = '\0';
	err = ramify_system_read(op->ctx, &r.sys);
	if (!err)
		err = recreate(&r, region);
	ramify_system_free(r.sys);
	lock_drop(lock);
	return err;
}

int divide_describe(struct ramify *ctx, const struct ramify_device *dev,
		    struct divide_piece *ret_piece)
{
	struct divide_piece piece = {
		.color = dev->color,
		.node = devnode_get(ctx, dev->name),
		.raw = dev->mode == RAMIFY_MODE_RAW,
	};
	char path[DIR_BYTES];
	int err = division_extents(ctx, dev->name, &piece.extents);

	snprintf(path, sizeof(path), DAX_DIR "/%s/align", dev->name);
	if (!err)
		err = attr_read_u64(ctx, path, &piece.page_bytes);
	if (err) {
		divide_piece_clear(&piece);
		return *ctx->message ? err : fail(ctx, err, "/%s cannot be read", path);
	}
	snprintf(piece.dax, sizeof(piece.dax), "%s", dev->name);
	*ret_piece = piece;
	return 0;
}
