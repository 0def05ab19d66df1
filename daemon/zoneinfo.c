// SPDX-License-Identifier: GPL-2.0-or-later
/* zoneinfo.c -- how much memory of each node is free, by /proc/zoneinfo. */

#include "zoneinfo.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct zone {
	unsigned int node;
	uint64_t free, min, high, managed, reserved, own;	/* pages */
	bool at_cpu;	/* lines are about the one that is asked for */
	uint64_t idle_file, dirty, writeback;	/* of the node, told with its first zone */
};

/* What is not written yet may be among what is idle, or not. */
static uint64_t clean(const struct zone *zone)
{
	uint64_t unclean = zone->dirty + zone->writeback;

	return zone->idle_file > unclean ? zone->idle_file - unclean : 0;
}

static void add(struct zoneinfo *info, const struct zone *zone, uint64_t page)
{
	uint64_t usable = zone->free > zone->reserved ? zone->free - zone->reserved : 0;
	struct zoneinfo_node *node;

	if (zone->node >= ZONEINFO_NODES)
		return;
	node = &info->nodes[zone->node];
	node->idle_file_bytes += clean(zone) * page;
	if (!zone->managed)
		return;
	node->managed_bytes += zone->managed * page;
	node->free_bytes += usable * page;
	node->reserved_bytes += (zone->free - usable) * page;
	node->own_bytes += zone->own * page;
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

static void take(struct zone *zone, const char *line, int cpu)
{
	uint64_t number;
	int at;

	if (sscanf(line, " cpu: %9d", &at) == 1)
		zone->at_cpu = at == cpu;
	else if (zone->at_cpu && sscanf(line, " count: %12" SCNu64, &number) == 1)
		zone->own = number;
	else if (sscanf(line, " pages free %12" SCNu64, &number) == 1)
		zone->free = number;
	else if (sscanf(line, " min %12" SCNu64, &number) == 1)
		zone->min = number;
	else if (sscanf(line, " high %12" SCNu64, &number) == 1)
		zone->high = number;
	else if (sscanf(line, " managed %12" SCNu64, &number) == 1)
		zone->managed = number;
	else if (sscanf(line, " nr_inactive_file %12" SCNu64, &number) == 1)
		zone->idle_file = number;
	else if (sscanf(line, " nr_dirty %12" SCNu64, &number) == 1)
		zone->dirty = number;
	else if (sscanf(line, " nr_writeback %12" SCNu64, &number) == 1)
		zone->writeback = number;
	else if (strstr(line, "protection: ("))
		zone->reserved = last_number(line) & UINT32_MAX;
}

int zoneinfo_parse(const char *text, int cpu, struct zoneinfo *ret_info)
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
			take(&zone, line, cpu);
		}
		text += len + (text[len] == '\n');
	}
	add(&info, &zone, page);
	if (!info.n_nodes)
		return -EPROTO;
	*ret_info = info;
	return 0;
}

static bool find_stat(const char *text, const char *name, uint64_t *ret_pages)
{
	size_t len = strlen(name);
	uint64_t pages;

	for (; text && *text; text = strchr(text, '\n'), text += text != NULL) {
		if (strncmp(text, name, len) || text[len] != ' ')
			continue;
		if (sscanf(text + len, " %12" SCNu64, &pages) != 1)
			return false;
		*ret_pages = pages;
		return true;
	}
	return false;
}

int zoneinfo_parse_vmstat(const char *text, struct zoneinfo_node *node)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), free_bytes;
	struct zone zone = { 0 };

	if (!find_stat(text, "nr_free_pages", &zone.free) ||
	    !find_stat(text, "nr_inactive_file", &zone.idle_file) ||
	    !find_stat(text, "nr_dirty", &zone.dirty) ||
	    !find_stat(text, "nr_writeback", &zone.writeback))
		return -EPROTO;
	free_bytes = zone.free * page;
	node->free_bytes = free_bytes > node->reserved_bytes ? free_bytes - node->reserved_bytes : 0;
	node->idle_file_bytes = clean(&zone) * page;
	return 0;
}
