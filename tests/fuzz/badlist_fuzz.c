// SPDX-License-Identifier: GPL-2.0-or-later
/* badlist_fuzz.c -- lists of bad memory: what is taken is in order, and ends below 2^64. */

#include "badlist.h"
#include "extent.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ramify *ctx;
	char *text = text_of(data, size);
	struct bad_ranges bad;

	if (!ctx)
		must(!ramify_new(NULL, &ctx));
	if (!badlist_parse(ctx, "x", text, &bad)) {
		for (size_t i = 0; i < bad.n; i++)
			must(extent_valid(&bad.ranges[i]) &&
			     (!i || bad.ranges[i - 1].start <= bad.ranges[i].start));
		badblocks_free(&bad);
	}
	free(text);
	return 0;
}
