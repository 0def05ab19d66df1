// SPDX-License-Identifier: LGPL-2.1-or-later
/* hugetlb.c -- the huge pages that somebody set aside on a node. */

#include "hugetlb.h"

#include <inttypes.h>
#include <stdio.h>

#include "dir.h"
#include "value.h"

#define NODE_DIR "sys/devices/system/node"

static void read_size(struct ramify *ctx, const char *dir, const char *name,
		      struct hugetlb *pools)
{
	struct hugetlb_size *size = &pools->sizes[pools->n];
	char path[192];

	if (pools->n == HUGETLB_SIZES_MAX ||
	    sscanf(name, "hugepages-%" SCNu64 "kB", &size->page_kib) != 1)
		return;
	snprintf(path, sizeof(path), "%s/%.64s/nr_hugepages", dir, name);
	if (attr_read_u64(ctx, path, &size->count))
		return;
	snprintf(path, sizeof(path), "%s/%.64s/free_hugepages", dir, name);
	if (!attr_read_u64(ctx, path, &size->unused))
		pools->n++;
}

void hugetlb_read(struct ramify *ctx, int node, struct hugetlb *ret_pools)
{
	struct dir_list names;
	char dir[64];

	*ret_pools = (struct hugetlb){ 0 };
	snprintf(dir, sizeof(dir), NODE_DIR "/node%d/hugepages", node);
	if (dir_list_read(ctx, dir, "hugepages-", &names))
		return;
	for (size_t i = 0; i < names.n; i++)
		read_size(ctx, dir, names.names[i], ret_pools);
	dir_list_free(&names);
}

uint64_t hugetlb_unused_bytes(const struct hugetlb *pools)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < pools->n; i++)
		bytes += pools->sizes[i].unused * pools->sizes[i].page_kib * 1024;
	return bytes;
}

bool hugetlb_restore(struct ramify *ctx, int node, const struct hugetlb *before)
{
	bool all = true;

	for (size_t i = 0; i < before->n; i++) {
		const struct hugetlb_size *size = &before->sizes[i];
		char path[128], text[24];
		uint64_t now;

		snprintf(path, sizeof(path),
			 NODE_DIR "/node%d/hugepages/hugepages-%" PRIu64 "kB/nr_hugepages", node,
			 size->page_kib);
		if (attr_read_u64(ctx, path, &now) || now >= size->count)
			continue;
		snprintf(text, sizeof(text), "%" PRIu64, size->count);
		all &= !attr_write(ctx, path, text) && !attr_read_u64(ctx, path, &now) &&
		       now >= size->count;
	}
	return all;
}
