// SPDX-License-Identifier: GPL-2.0-or-later
/* extent_fuzz.c -- whole blocks of a range, and the bad ones among them. */

#include "extent.h"
#include "text.h"

struct input {
	struct ramify_extent extent, bad[4];
	uint8_t block_bits;
};

static void check(const struct ramify_extent *extent, const struct ramify_extent *bad, size_t n,
		  uint64_t block_bytes)
{
	struct ramify_extent inner = extent_blocks(extent, block_bytes);
	uint64_t lost = extent_bad_bytes(extent, block_bytes, bad, n);

	must(inner.start % block_bytes == 0 && inner.size_bytes % block_bytes == 0);
	must(!inner.size_bytes || extent_holds(extent, &inner));
	must(extent->size_bytes - inner.size_bytes < 2 * block_bytes);
	must(lost <= inner.size_bytes && lost % block_bytes == 0);
	for (size_t i = 0; i < n; i++)
		must(!extent_overlaps(&bad[i], &inner) || lost > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input;
	size_t n = 0;

	if (size < sizeof(input))
		return 0;
	memcpy(&input, data, sizeof(input));
	if (!extent_valid(&input.extent))
		return 0;
	for (size_t i = 0; i < 4; i++) {
		if (extent_valid(&input.bad[i]))
			input.bad[n++] = input.bad[i];
	}
	qsort(input.bad, n, sizeof(input.bad[0]), extent_compare);
	check(&input.extent, input.bad, n, 4096ull << input.block_bits % 24);
	return 0;
}
