/* SPDX-License-Identifier: GPL-2.0-or-later */
/* zoneinfo.h -- how much memory of each node is free, by /proc/zoneinfo. */
#ifndef RAMIFYD_ZONEINFO_H
#define RAMIFYD_ZONEINFO_H

#include <stdint.h>

#define ZONEINFO_NODES 256

/* What users' pages may be put into: without what the kernel reserves of lower zones. */
struct zoneinfo_node {
	uint64_t managed_bytes;	/* 0: no memory there */
	uint64_t free_bytes;
	uint64_t high_bytes;	/* the kernel's own high watermarks */
	uint64_t min_bytes;	/* and min ones, of zones that users' pages may come to */
	uint64_t reserved_bytes;	/* free, and not counted above */
	uint64_t own_bytes;	/* nor these: free, kept by one processor for what runs there ... */
	uint64_t kept_bytes;	/* ... and by each other one */
	uint64_t idle_file_bytes;	/* clean pages of files that nobody has used lately */
	uint64_t written_pages;	/* by reclaim, since boot: of programs, to swap space, or of files */
};

struct zoneinfo {
	int cpu;	/* whose pages are own_bytes */
	unsigned int n_nodes;	/* the highest with memory + 1 */
	struct zoneinfo_node nodes[ZONEINFO_NODES];
};

/** @cpu: whose pages are own_bytes. Memory of nodes beyond ZONEINFO_NODES is left out. -EPROTO:
 *  there is none. */
int zoneinfo_parse(const char *text, int cpu, struct zoneinfo *ret_info);

/** What is free of one node or idle, and was written, from its vmstat in sysfs: much less to read. What is reserved,
 *  or kept by processors, stays as it was. -EPROTO. */
int zoneinfo_parse_vmstat(const char *text, struct zoneinfo_node *node);

#endif
