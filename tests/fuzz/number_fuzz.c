// SPDX-License-Identifier: GPL-2.0-or-later
/* number_fuzz.c -- numbers and ranges: what is taken for one prints as it was, but for zeros. */

#include <inttypes.h>
#include <stdio.h>

#include "context.h"
#include "text.h"

static void check_number(const char *text, uint64_t value)
{
	char again[40];
	uint64_t same = ~value;

	snprintf(again, sizeof(again), "%#" PRIx64, value);
	must(parse_u64(again, &same) == 0 && same == value);
	must(strlen(text) > 0 && strspn(text, "0123456789abcdefABCDEFxX") == strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);
	struct ramify_extent extent = { 0 };
	uint64_t value;

	if (!parse_u64(text, &value))
		check_number(text, value);
	if (!parse_range(text, &extent))
		must(extent.size_bytes && extent.start <= extent.start + (extent.size_bytes - 1));
	free(text);
	return 0;
}
