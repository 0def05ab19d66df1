// SPDX-License-Identifier: GPL-2.0-or-later
/* zoneinfo.c -- how much memory of each node is free, by /proc/zoneinfo. */

#include "zoneinfo.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIGITS_MAX 12

struct zone {
	unsigned int node;
	uint64_t free, min, high, managed, reserved, own, kept;	/* pages */
	bool at_cpu;	/* lines are about the one that is asked for */
	uint64_t idle_file, dirty, writeback, written;	/* of the node, told with its first zone */
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
	node->written_pages += zone->written;
	if (!zone->managed)
		return;
	node->managed_bytes += zone->managed * page;
	node->free_bytes += usable * page;
	node->reserved_bytes += (zone->free - usable) * page;
	node->own_bytes += zone->own * page;
	node->kept_bytes += zone->kept * page;
	node->high_bytes += zone->high * page;
	if (zone->managed > zone->reserved)
		node->min_bytes += zone->min * page;
	if (zone->node >= info->n_nodes)
		info->n_nodes = zone->node + 1;
}

/* The number at the start of a text, behind blanks; @ret_number is left alone if there is none. */
static void read_number(const char *text, uint64_t *ret_number)
{
	uint64_t number = 0;

	text += strspn(text, " ");
	if (*text < '0' || *text > '9')
		return;
	for (unsigned int i = 0; i < DIGITS_MAX && *text >= '0' && *text <= '9'; i++)
		number = number * 10 + (uint64_t)(*text++ - '0');
	*ret_number = number;
}

/* Pages that allocations which would rather have the last zone must leave here: "(0, 12, 34)". */
static uint64_t last_number(const char *text)
{
	size_t len = strcspn(text, ")\n");

	while (len && text[len - 1] >= '0' && text[len - 1] <= '9')
		len--;
	return strtoull(text + len, NULL, 10);
}

static bool begins(const char *line, const char *words)
{
	size_t len = strlen(words);

	return !strncmp(line, words, len) && line[len] == ' ';
}

/* Whether it was the line of one of these. */
static bool take_number(struct zone *zone, const char *line)
{
	static const struct field {
		const char *words;
		size_t offset;
	} fields[] = {
		{ "pages free", offsetof(struct zone, free) },
		{ "min", offsetof(struct zone, min) },
		{ "high", offsetof(struct zone, high) },
		{ "managed", offsetof(struct zone, managed) },
		{ "nr_inactive_file", offsetof(struct zone, idle_file) },
		{ "nr_dirty", offsetof(struct zone, dirty) },
		{ "nr_writeback", offsetof(struct zone, writeback) },
		{ "nr_vmscan_write", offsetof(struct zone, written) },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		const struct field *field = &fields[i];

		if (!begins(line, field->words))
			continue;
		read_number(line + strlen(field->words),
			    (uint64_t *)((char *)zone + field->offset));
		return true;
	}
	return false;
}

/* There are hundreds of lines for each node: so no scanf, which takes much longer. */
static void take(struct zone *zone, const char *line, int cpu)
{
	uint64_t at = UINT64_MAX;

	line += strspn(line, " ");
	if (take_number(zone, line))
		return;
	if (begins(line, "cpu:")) {
		read_number(line + strlen("cpu:"), &at);
		zone->at_cpu = cpu >= 0 && at == (uint64_t)cpu;
	} else if (begins(line, "count:")) {
		uint64_t count = 0;

		read_number(line + strlen("count:"), &count);
		*(zone->at_cpu ? &zone->own : &zone->kept) += count;
	} else if (begins(line, "protection:")) {
		zone->reserved = last_number(line) & UINT32_MAX;
	}
}

int zoneinfo_parse(const char *text, int cpu, struct zoneinfo *ret_info)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	struct zoneinfo info = { .cpu = cpu };
	struct zone zone = { 0 };

	while (*text) {
		uint64_t node = UINT32_MAX;

		if (begins(text, "Node"))
			read_number(text + strlen("Node"), &node);
		if (node < UINT32_MAX) {
			add(&info, &zone, page);
			zone = (struct zone){ .node = (unsigned int)node };
		} else {
			take(&zone, text, cpu);
		}
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	add(&info, &zone, page);
	if (!info.n_nodes)
		return -EPROTO;
	*ret_info = info;
	return 0;
}

static bool find_stat(const char *text, const char *name, uint64_t *ret_pages)
{
	uint64_t pages = UINT64_MAX;

	while (*text && !begins(text, name)) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	if (*text)
		read_number(text + strlen(name), &pages);
	if (pages != UINT64_MAX)
		*ret_pages = pages;
	return pages != UINT64_MAX;
}

int zoneinfo_parse_vmstat(const char *text, struct zoneinfo_node *node)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), free_bytes;
	struct zone zone = { 0 };

	if (!find_stat(text, "nr_free_pages", &zone.free) ||
	    !find_stat(text, "nr_inactive_file", &zone.idle_file) ||
	    !find_stat(text, "nr_dirty", &zone.dirty) ||
	    !find_stat(text, "nr_writeback", &zone.writeback) ||
	    !find_stat(text, "nr_vmscan_write", &zone.written))
		return -EPROTO;
	free_bytes = zone.free * page;
	node->free_bytes = free_bytes > node->reserved_bytes ? free_bytes - node->reserved_bytes : 0;
	node->idle_file_bytes = clean(&zone) * page;
	node->written_pages = zone.written;
	return 0;
}
