// SPDX-License-Identifier: GPL-2.0-or-later
/* color_fuzz.c -- colours and notes of them: what is taken for one can be one. */

#include "color.h"
#include "extent.h"
#include "text.h"

static void check_parts(const struct ramify_color *color)
{
	uint64_t at = 0;

	for (int i = 0; i < 64; i++) {
		struct ramify_extent part = color_part(color, at);

		if (!part.size_bytes)
			break;
		must(extent_valid(&part) && extent_last(&part) >= at);
		must(color_holds(color, &part));
		if (extent_last(&part) == UINT64_MAX)
			break;
		at = extent_last(&part) + 1;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ramify_color color = { 0 };
	char *text = text_of(data, size);

	if (!ramify_color_parse(text, &color))
		must(color.index >= 1 && color.index <= color.of);
	if (!color_note_parse(text, &color)) {
		must(color_check(&color) == 0);
		check_parts(&color);
	}
	free(text);
	return 0;
}
