// SPDX-License-Identifier: GPL-2.0-or-later
/* badblocks_fuzz.c -- lines of bad blocks: a range that is taken is whole sectors from its base. */

#include "badblocks.h"
#include "extent.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint64_t base = 0x140000000;
	char *text = text_of(data, size);
	struct ramify_extent range;

	if (!badblocks_parse(text, base, &range))
		must(extent_valid(&range) && range.start >= base &&
		     (range.start - base) % 512 == 0 && range.size_bytes % 512 == 0);
	free(text);
	return 0;
}
