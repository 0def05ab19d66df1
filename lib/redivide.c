// SPDX-License-Identifier: LGPL-2.1-or-later
/* redivide.c -- a region that came back whole is divided as its records say. */

#include "redivide.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "context.h"
#include "divide.h"
#include "extent.h"
#include "system.h"

struct parts {
	struct divide_piece *pieces;
	const struct entry **entries;
	size_t n;
};

static void parts_free(struct parts *parts)
{
	for (size_t i = 0; i < parts->n; i++)
		divide_piece_clear(&parts->pieces[i]);
	free(parts->pieces);
	free(parts->entries);
}

static bool is_inside(const struct entry *e, const struct ramify_region *region, uint64_t shift)
{
	struct ramify_extent all = { region->start - shift, region->size_bytes };

	for (size_t i = 0; i < e->ranges.n; i++)
		if (!extent_holds(&all, &e->ranges.items[i]))
			return false;
	return true;
}

static int fill_piece(const struct entry *e, uint64_t shift, struct divide_piece *piece)
{
	int err = 0;

	*piece = (struct divide_piece){
		.color = e->color,
		.node = { e->intent.uid, e->intent.gid, e->intent.perms },
		.page_bytes = e->page_bytes,
		.raw = e->intent.use == RAMIFY_USE_RAW,
	};
	for (size_t i = 0; !err && i < e->ranges.n; i++)
		err = ranges_append(&piece->extents, e->ranges.items[i].start + shift,
				    e->ranges.items[i].size_bytes);
	return err;
}

static int add_part(struct parts *parts, const struct entry *e, uint64_t shift)
{
	int err = array_grow(parts->pieces, parts->n);

	if (!err)
		err = array_grow(parts->entries, parts->n);
	if (err)
		return err;
	parts->entries[parts->n] = e;
	return fill_piece(e, shift, &parts->pieces[parts->n++]);
}

static int collect(const struct ramify_region *region, const struct entry_list *entries,
		   struct parts *parts)
{
	int err = 0;

	for (size_t i = 0; !err && i < entries->n; i++) {
		const struct entry *e = &entries->items[i];
		uint64_t shift;

		if (!*e->uuid && e->ranges.n && entry_shift(e, region, &shift) &&
		    is_inside(e, region, shift))
			err = add_part(parts, e, shift);
	}
	return err;
}

static bool overlap(const struct state_ranges *a, const struct state_ranges *b)
{
	for (size_t i = 0; i < a->n * b->n; i++)
		if (extent_overlaps(&a->items[i / b->n], &b->items[i % b->n]))
			return true;
	return false;
}

static int check_overlaps(struct ramify *ctx, const struct ramify_region *region,
			  const struct parts *parts)
{
	for (size_t i = 0; i < parts->n; i++)
		for (size_t k = 0; k < i; k++)
			if (overlap(&parts->pieces[i].extents, &parts->pieces[k].extents))
				return fail(ctx, -ENOTUNIQ,
					    "/" ENTRY_DIR "/%s and %s are about the same memory of %s: it is not divided; remove one",
					    parts->entries[k]->file, parts->entries[i]->file,
					    region->name);
	return 0;
}

/* One record about all of a region needs no division. */
static bool is_whole(const struct ramify_region *region, const struct parts *parts)
{
	return parts->n == 1 && parts->entries[0]->size_bytes == region->size_bytes;
}

static int add_name(struct dir_list *list, const char *name)
{
	char *copy = strdup(name);
	int err = copy ? array_grow(list->names, list->n) : -ENOMEM;

	if (err)
		free(copy);
	else
		list->names[list->n++] = copy;
	return err;
}

static int divide(struct op *op, const struct ramify_region *region, struct parts *parts,
		  struct dir_list *ret_made)
{
	struct dir_list made = { 0 };
	int err = check_overlaps(op->ctx, region, parts);

	if (!err)
		err = divide_apply(op, region->name, parts->pieces, parts->n);
	for (size_t i = 0; !err && i < parts->n; i++)
		err = add_name(&made, parts->pieces[i].dax);
	if (err)
		dir_list_free(&made);
	else
		*ret_made = made;
	return err;
}

static bool is_device(const struct ramify_system *sys, const struct state_ranges *ranges)
{
	for (size_t i = 0; i < sys->n_devices; i++) {
		const struct ramify_device *dev = &sys->devices[i];

		if (dev->n_extents == ranges->n &&
		    !memcmp(dev->extents, ranges->items, ranges->n * sizeof(*ranges->items)))
			return true;
	}
	return false;
}

static bool are_devices(const struct ramify_system *sys, const struct parts *parts)
{
	for (size_t i = 0; i < parts->n; i++)
		if (!is_device(sys, &parts->pieces[i].extents))
			return false;
	return true;
}

static int redivide_region(struct op *op, const struct ramify_system *sys,
			   const struct ramify_region *region, const struct entry_list *entries,
			   bool dry, struct dir_list *ret_made)
{
	struct parts parts = { 0 };
	int err = collect(region, entries, &parts);
	bool needed = !err && parts.n && !is_whole(region, &parts);

	if (needed && dry)
		err = !are_devices(sys, &parts);
	else if (needed)
		err = divide(op, region, &parts, ret_made);
	parts_free(&parts);
	return err;
}

int redivide(struct op *op, const char *dax, const struct entry_list *entries, bool dry,
	     struct dir_list *ret_made)
{
	const struct ramify_region *region = NULL;
	struct ramify_system *sys;
	struct dax_place place;
	int err;

	if (!entries->n || !dir_is_pair(dax, "dax") || dax_place_read(op->ctx, dax, &place) ||
	    place.persistent)
		return 0;
	err = ramify_system_read(op->ctx, &sys);
	if (err)
		return err;
	region = system_region(sys, place.region);
	if (region && region->start != RAMIFY_UNKNOWN)
		err = redivide_region(op, sys, region, entries, dry, ret_made);
	ramify_system_free(sys);
	return err;
}
