// SPDX-License-Identifier: GPL-2.0-or-later
/* zoneinfo.c -- how much memory of each node is free, by /proc/zoneinfo. */

#include "zoneinfo.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct zone {
	unsigned int node;
	uint64_t free, min, high, managed, reserved;	/* pages */
};

static void add(struct zoneinfo *info, const struct zone *zone, uint64_t page)
{
	uint64_t usable = zone->free > zone->reserved ? zone->free - zone->reserved : 0;
	struct zoneinfo_node *node;

	if (!zone->managed || zone->node >= ZONEINFO_NODES)
		return;
	node = &info->nodes[zone->node];
	node->managed_bytes += zone->managed * page;
	node->free_bytes += usable * page;
	node->reserved_bytes += (zone->free - usable) * page;
	node->high_bytes += zone->high * page;
	if (zone->managed > zone->reserved)
		node->min_bytes += zone->min * page;
	if (zone->node >= info->n_nodes)
		info->n_nodes = zone->node + 1;
}

/* Pages that allocations which would rather have the last zone must leave here: "(0, 12, 34)". */
static uint64_t last_number(const char *text)
{
	size_t len = strcspn(text, ")\n");

	while (len && text[len - 1] >= '0' && text[len - 1] <= '9')
		len--;
	return strtoull(text + len, NULL, 10);
}

static void take(struct zone *zone, const char *line)
{
	uint64_t number;

	if (sscanf(line, " pages free %12" SCNu64, &number) == 1)
		zone->free = number;
	else if (sscanf(line, " min %12" SCNu64, &number) == 1)
		zone->min = number;
	else if (sscanf(line, " high %12" SCNu64, &number) == 1)
		zone->high = number;
	else if (sscanf(line, " managed %12" SCNu64, &number) == 1)
		zone->managed = number;
	else if (strstr(line, "protection: ("))
		zone->reserved = last_number(line) & UINT32_MAX;
}

int zoneinfo_parse(const char *text, struct zoneinfo *ret_info)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	struct zoneinfo info = { 0 };
	struct zone zone = { 0 };

	while (*text) {
		size_t len = strcspn(text, "\n");
		unsigned int node;
		char line[160];

		snprintf(line, sizeof(line), "%.*s", len < 159 ? (int)len : 159, text);
		if (sscanf(line, "Node %9u, zone ", &node) == 1) {
			add(&info, &zone, page);
			zone = (struct zone){ .node = node };
		} else {
			take(&zone, line);
		}
		text += len + (text[len] == '\n');
	}
	add(&info, &zone, page);
	if (!info.n_nodes)
		return -EPROTO;
	*ret_info = info;
	return 0;
}

int zoneinfo_parse_free(const char *text, struct zoneinfo_node *node)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), pages;
	const char *line = strstr(text, "nr_free_pages ");

	if (!line || (line > text && line[-1] != '\n') ||
	    sscanf(line, "nr_free_pages %12" SCNu64, &pages) != 1)
		return -EPROTO;
	node->free_bytes = pages * page > node->reserved_bytes ?
				   pages * page - node->reserved_bytes : 0;
	return 0;
}
