// SPDX-License-Identifier: LGPL-2.1-or-later
/* carve.c -- where in a region new devices go, or the numbers that say why they cannot. */

#include "carve.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "color.h"
#include "context.h"
#include "extent.h"
#include "layout.h"
#include "size.h"

static struct ramify *ctx_of(const struct carve *c)
{
	return c->division.ctx;
}

static bool by_blocks(const struct carve *c)
{
	return c->align_bytes == c->block_bytes && !c->options->raw;
}

static int check_align(struct carve *c)
{
	uint64_t align = c->options->align_bytes, least = c->division.align_bytes;
	char text[SIZE_TEXT_MAX], unit[SIZE_TEXT_MAX];

	if (!align)
		align = c->options->raw || c->block_bytes < least ? least : c->block_bytes;
	if (align & (align - 1))
		return fail(ctx_of(c), -EINVAL,
			    "an alignment is a power of two, and %s is none; nothing was changed",
			    size_text(text, align));
	if (align < least)
		return fail(ctx_of(c), -EINVAL,
			    "%s is divided in units of %s, and cannot be aligned to %s; nothing was changed",
			    c->division.region, size_text(unit, least), size_text(text, align));
	c->align_bytes = align;
	return 0;
}

/* Each part of a colour loses what is not aligned. */
static int check_color(const struct carve *c)
{
	const struct ramify_color *color = &c->options->color;
	char part[SIZE_TEXT_MAX], lost[SIZE_TEXT_MAX], align[SIZE_TEXT_MAX], span[SIZE_TEXT_MAX];
	uint64_t bytes;

	if (!color->of)
		return 0;
	size_text(span, color->span_bytes);
	if (color_check(color))
		return fail(ctx_of(c), -EINVAL,
			    "color %u/%u of a span of %s cannot be: it is I/N with 1 <= I <= N, and N divides the span; nothing was changed",
			    color->index, color->of, span);
	bytes = color_part_bytes(color);
	if (bytes % c->align_bytes == 0)
		return 0;
	size_text(align, c->align_bytes);
	return fail(ctx_of(c), -EINVAL,
		    "a part of color %u/%u of a span of %s has %s, of which %s would be lost, as %s %s; up to %" PRIu64
		    " colors of this span lose nothing; nothing was changed%s",
		    color->index, color->of, span, size_text(part, bytes),
		    size_text(lost, bytes % c->align_bytes),
		    by_blocks(c) ? "RAM comes in memory blocks of" : "the alignment is", align,
		    color->span_bytes / c->align_bytes, by_blocks(c) ? "; --as raw does with less" : "");
}

int carve_refuse_size(struct ramify *ctx, uint64_t bytes, uint64_t align_bytes, bool blocks,
		      const char *remedy)
{
	char size[SIZE_TEXT_MAX], lost[SIZE_TEXT_MAX], align[SIZE_TEXT_MAX];
	char less[SIZE_TEXT_MAX], more[SIZE_TEXT_MAX];
	uint64_t down = bytes - bytes % align_bytes, up;
	bool one = !down;

	if (__builtin_add_overflow(down, align_bytes, &up)) {
		up = down;
		one = true;
	}
	size_text(size, bytes);
	size_text(align, align_bytes);
	size_text(more, up);
	size_text(less, down);
	if (!blocks)
		return fail(ctx, -EINVAL,
			    "%s is no multiple of the alignment, %s; %s%s%s would be; nothing was changed",
			    size, align, one ? "" : less, one ? "" : " or ", more);
	return fail(ctx, -EINVAL,
		    "of %s %s would be lost, as RAM comes in memory blocks of %s; %s%s%s lose nothing; nothing was changed%s",
		    size, size_text(lost, bytes % align_bytes), align, one ? "" : less,
		    one ? "" : " or ", more, remedy);
}

static int check_size(const struct carve *c)
{
	const struct ramify_size *amount = &c->options->amount;

	if (amount->kind != RAMIFY_SIZE_ALL && !amount->value)
		return fail(ctx_of(c), -EINVAL,
			    "a device of size 0 holds nothing; nothing was changed");
	if (amount->kind == RAMIFY_SIZE_BYTES && amount->value % c->align_bytes)
		return carve_refuse_size(ctx_of(c), amount->value, c->align_bytes, by_blocks(c),
					 "; --as raw, or a lower --align, takes it as it is");
	if (c->options->count > 1 && amount->kind == RAMIFY_SIZE_ALL)
		return fail(ctx_of(c), -EINVAL,
			    "all that is left can be one device only; nothing was changed; each of %u can have a share, such as %u%%",
			    c->options->count, 100 / c->options->count);
	return 0;
}

static int check_at(const struct carve *c)
{
	uint64_t at = c->options->at, mask = c->align_bytes - 1;
	const struct ramify_extent *range = &c->division.range;
	char align[SIZE_TEXT_MAX];

	if (at == RAMIFY_UNKNOWN)
		return 0;
	if (c->options->count > 1)
		return fail(ctx_of(c), -EINVAL,
			    "one address is for one device, not for %u; nothing was changed",
			    c->options->count);
	if (at < range->start || at > extent_last(range))
		return fail(ctx_of(c), -EINVAL,
			    "%#" PRIx64 " is not in %s, which is %#" PRIx64 " to %#" PRIx64
			    "; nothing was changed",
			    at, c->division.region, range->start, extent_last(range));
	if (at & mask)
		return fail(ctx_of(c), -EINVAL,
			    "%#" PRIx64 " is not aligned to %s; %#" PRIx64 " and %#" PRIx64
			    " are; nothing was changed",
			    at, size_text(align, c->align_bytes), at & ~mask, (at & ~mask) + mask + 1);
	return 0;
}

int carve_check(struct carve *c)
{
	int err = check_align(c);

	if (!err)
		err = check_color(c);
	if (!err)
		err = check_size(c);
	return err ? err : check_at(c);
}

static int find_free(const struct carve *c, const struct state_ranges *taken, uint64_t align_bytes,
		     const struct ramify_color *color, struct state_ranges *ret_free)
{
	struct layout layout = {
		.region = c->division.range,
		.taken = *taken,
		.align_bytes = align_bytes,
		.color = *color,
	};
	int err = layout_free(&layout, ret_free);

	if (err == -E2BIG)
		return fail(ctx_of(c), err,
			    "%s would have more than %u pieces, which are too many for a device; nothing was changed",
			    c->division.region, LAYOUT_PIECES_MAX);
	return err ? fail(ctx_of(c), err, "out of memory; nothing was changed") : 0;
}

int carve_left(const struct carve *c, uint64_t align_bytes, struct state_ranges *ret_free)
{
	static const struct ramify_color any;

	return find_free(c, &c->division.taken, align_bytes, &any, ret_free);
}

const char *carve_room_text(char buf[ROOM_TEXT_MAX], const struct state_ranges *free,
			    const char *left)
{
	struct layout_room room = layout_room(free);
	char total[SIZE_TEXT_MAX], largest[SIZE_TEXT_MAX];

	if (room.pieces < 2)
		snprintf(buf, ROOM_TEXT_MAX, "%s%s", size_text(total, room.total_bytes), left);
	else
		snprintf(buf, ROOM_TEXT_MAX, "%s%s in %zu pieces, the largest %s",
			 size_text(total, room.total_bytes), left, room.pieces,
			 size_text(largest, room.largest_bytes));
	return buf;
}

/* A share is of all that the region has at this alignment and in this colour. */
static int wanted_bytes(const struct carve *c, uint64_t *ret_bytes)
{
	static const struct state_ranges nothing;
	char least[SIZE_TEXT_MAX];
	struct state_ranges all;
	int err;

	if (c->options->amount.kind != RAMIFY_SIZE_SHARE) {
		*ret_bytes = c->options->amount.value;
		return 0;
	}
	err = find_free(c, &nothing, c->align_bytes, &c->options->color, &all);
	if (err)
		return err;
	*ret_bytes = size_of(&c->options->amount, layout_room(&all).total_bytes) /
		     c->align_bytes * c->align_bytes;
	ranges_clear(&all);
	if (!*ret_bytes)
		return fail(ctx_of(c), -EINVAL,
			    "that share of %s is less than %s, the least that can be had; nothing was changed",
			    c->division.region, size_text(least, c->align_bytes));
	return 0;
}

static int refuse_nothing(const struct carve *c)
{
	const struct division *d = &c->division;
	char size[SIZE_TEXT_MAX];

	size_text(size, d->range.size_bytes);
	if (!*d->holder)
		return fail(ctx_of(c), -ENOSPC,
			    "nothing is left of the %s of %s, which are in use without a device; nothing was changed; ramify list shows them",
			    size, d->region);
	return fail(ctx_of(c), -ENOSPC,
		    "nothing is left of the %s of %s; nothing was changed; to make room, for instance: ramify resize --size SIZE %s, or ramify destroy %s",
		    size, d->region, d->holder, d->holder);
}

/* With the numbers: what is left, and what of it would do. */
static int refuse_room(const struct carve *c, uint64_t wanted, const struct state_ranges *free)
{
	char left[ROOM_TEXT_MAX], fit[ROOM_TEXT_MAX], align[SIZE_TEXT_MAX], size[SIZE_TEXT_MAX];
	struct state_ranges any;
	char color[48] = "";
	int err = carve_left(c, c->division.align_bytes, &any);

	if (err)
		return err;
	carve_room_text(left, &any, " left");
	err = any.n ? 0 : refuse_nothing(c);
	ranges_clear(&any);
	if (err)
		return err;
	if (c->options->color.of)
		snprintf(color, sizeof(color), " and in color %u/%u", c->options->color.index,
			 c->options->color.of);
	size_text(align, c->align_bytes);
	if (!free->n)
		return fail(ctx_of(c), -ENOSPC,
			    "%s has %s, but nothing aligned to %s%s; nothing was changed%s",
			    c->division.region, left, align, color,
			    by_blocks(c) ? "; --as raw can use all that is left" : "");
	return fail(ctx_of(c), -ENOSPC,
		    "%s has %s; aligned to %s%s that is %s, too little for %s; nothing was changed",
		    c->division.region, left, align, color, carve_room_text(fit, free, ""),
		    size_text(size, wanted));
}

/* What the first ones would take counts as free here. */
static int refuse_count(const struct carve *c, uint64_t wanted)
{
	char size[SIZE_TEXT_MAX], align[SIZE_TEXT_MAX];

	return fail(ctx_of(c), -ENOSPC,
		    "%s has room for %u of %s, aligned to %s, and not for %u; nothing was changed",
		    c->division.region, c->placed, size_text(size, wanted),
		    size_text(align, c->align_bytes), c->options->count);
}

static int refuse(const struct carve *c, uint64_t wanted, const struct state_ranges *free)
{
	return c->placed ? refuse_count(c, wanted) : refuse_room(c, wanted, free);
}

static int refuse_at(const struct carve *c, uint64_t wanted, const struct state_ranges *here)
{
	char size[SIZE_TEXT_MAX], room[ROOM_TEXT_MAX];

	if (!here->n)
		return fail(ctx_of(c), -ENOSPC,
			    "nothing is free at %#" PRIx64 "; nothing was changed; ramify list --json shows which device has it",
			    c->options->at);
	return fail(ctx_of(c), -ENOSPC,
		    "at %#" PRIx64 " %s are free, too little for %s; nothing was changed",
		    c->options->at, carve_room_text(room, here, ""), size_text(size, wanted));
}

static int place(const struct carve *c, const struct state_ranges *free,
		 struct state_ranges *ret_pieces)
{
	bool colored = c->options->color.of, at = c->options->at != RAMIFY_UNKNOWN;
	struct state_ranges here = { 0 };
	uint64_t wanted;
	int err = wanted_bytes(c, &wanted);

	if (!err)
		err = layout_from(free, at ? c->options->at : 0, !at || colored, &here);
	if (!err && at && here.n && here.items[0].start != c->options->at)
		ranges_clear(&here);
	if (err)
		return err;
	if (c->options->amount.kind == RAMIFY_SIZE_ALL)
		wanted = layout_room(&here).total_bytes;
	err = wanted ? layout_place(&here, wanted, colored, ret_pieces) : -ENOSPC;
	if (err == -ENOSPC)
		err = at ? refuse_at(c, wanted, &here) : refuse(c, wanted, free);
	ranges_clear(&here);
	return err;
}

int carve_next(struct carve *c, struct state_ranges *ret_pieces)
{
	struct state_ranges free, pieces = { 0 };
	int err = find_free(c, &c->division.taken, c->align_bytes, &c->options->color, &free);

	if (err)
		return err;
	err = place(c, &free, &pieces);
	ranges_clear(&free);
	if (err)
		return err;
	err = layout_take(&c->division.taken, pieces.items, pieces.n);
	if (err) {
		ranges_clear(&pieces);
		return err;
	}
	c->placed++;
	*ret_pieces = pieces;
	return 0;
}
