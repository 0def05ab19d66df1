// SPDX-License-Identifier: GPL-2.0-or-later
/* ranges_fuzz.c -- /proc/PID/maps and smaps: what is managed is in order, apart, and in pages. */

#include <stdio.h>

#include "daemon/ranges.h"
#include "text.h"

static void check(const struct ranges *ranges)
{
	uint64_t end = 0;

	for (size_t i = 0; i < ranges->n; i++) {
		const struct range *range = &ranges->items[i];

		must(range->start >= end && range->end > range->start);
		must((range->start | range->end) % 4096 == 0 && range->end <= 1ULL << 56);
		must(ranges_find(ranges, range->start) == range);
		must(ranges_find(ranges, range->end - 1) == range);
		end = range->end;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);
	struct objects objects = { 0 };
	struct ranges ranges = { 0 };
	struct policies set = { 0 };
	struct policy_error error;
	struct advice advice = { 0 };
	FILE *maps = size ? fmemopen(text, size, "r") : NULL;

	must(!policies_add(&set, "p", "f", 1, &error));
	must(!policies_set(&set, "mapping", "range:0x400000-0x402000 slow", "f", 2, &error));
	must(!policies_set(&set, "mapping", "memfd:a* fast", "f", 3, &error));
	must(!policies_set(&set, "mapping", "file:/usr/* auto", "f", 4, &error));
	must(!advice_set(&advice, 0x401000, 0x403000, POLICY_TIER_SLOW));
	if (maps) {
		ranges_read(maps, &set.items[0], &advice, &objects, &set, &ranges);
		check(&ranges);
		fclose(maps);
	}
	ranges_free(&ranges);
	advice_clear(&advice);
	objects_clear(&objects);
	policies_free(&set);
	free(text);
	return 0;
}
