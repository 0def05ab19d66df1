// SPDX-License-Identifier: GPL-2.0-or-later
/* layout_fuzz.c -- any region, anything taken, any colour: what is placed is free and aligned. */

#include "color.h"
#include "extent.h"
#include "layout.h"
#include "text.h"

struct input {
	struct ramify_extent region, taken[4];
	struct ramify_color color;
	uint64_t size_bytes, at;
	uint8_t align_bits, flags;
};

static void check(const struct layout *layout, const struct state_ranges *pieces)
{
	for (size_t i = 0; i < pieces->n; i++) {
		const struct ramify_extent *piece = &pieces->items[i];

		must(extent_holds(&layout->region, piece));
		must(!((piece->start | piece->size_bytes) & (layout->align_bytes - 1)));
		must(!layout->color.of || color_holds(&layout->color, piece));
		for (size_t k = 0; k < layout->taken.n; k++)
			must(!extent_overlaps(piece, &layout->taken.items[k]));
		for (size_t k = 0; k < i; k++)
			must(!extent_overlaps(piece, &pieces->items[k]));
	}
}

static void place(const struct layout *layout, const struct input *input)
{
	struct state_ranges free, from, pieces;

	if (layout_free(layout, &free))
		return;
	check(layout, &free);
	if (!layout_from(&free, input->at, input->flags & 1, &from)) {
		check(layout, &from);
		ranges_clear(&from);
	}
	if (input->size_bytes && !layout_place(&free, input->size_bytes, input->flags & 2, &pieces)) {
		check(layout, &pieces);
		must(layout_room(&pieces).total_bytes == input->size_bytes);
		ranges_clear(&pieces);
	}
	ranges_clear(&free);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct layout layout = { 0 };
	struct input input;

	if (size < sizeof(input))
		return 0;
	memcpy(&input, data, sizeof(input));
	if (!extent_valid(&input.region) ||
	    (input.color.of && color_check(&input.color)))
		return 0;
	layout.region = input.region;
	layout.color = input.color;
	layout.align_bytes = UINT64_C(4096) << input.align_bits % 32;
	for (size_t i = 0; i < 4; i++)
		if (extent_valid(&input.taken[i]))
			must(!layout_take(&layout.taken, &input.taken[i], 1));
	input.size_bytes &= ~(layout.align_bytes - 1);
	input.at &= ~(layout.align_bytes - 1);
	place(&layout, &input);
	ranges_clear(&layout.taken);
	return 0;
}
