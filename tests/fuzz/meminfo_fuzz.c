// SPDX-License-Identifier: GPL-2.0-or-later
/* meminfo_fuzz.c -- lines of nodeN/meminfo and of /proc/zoneinfo. */

#include "node.h"
#include "text.h"
#include "zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);
	struct zone_walk walk = { .node = -1 };
	struct ramify_node node = { .total_bytes = 1, .free_bytes = 1 };
	uint64_t pages;

	if (node_parse_meminfo(text, &node))
		must(node.total_bytes == 1 && node.free_bytes == 1);
	else
		must(node.total_bytes % 1024 == 0 || node.free_bytes % 1024 == 0 ||
		     (node.total_bytes == 1 && node.free_bytes == 1));
	must(zone_parse(text, &walk, &pages) <= 0);
	must(walk.node >= -1 && walk.node < 1024);
	free(text);
	return 0;
}
