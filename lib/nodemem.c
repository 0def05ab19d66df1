// SPDX-License-Identifier: LGPL-2.1-or-later
/* nodemem.c -- how much of a node's memory is used, and what fits elsewhere. */

#include "nodemem.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "context.h"

#define MIB (UINT64_C(1) << 20)

/* Finds "KEY:   N kB" after @prefix in a meminfo file. */
static int find_value(const char *text, const char *prefix, const char *key,
		      uint64_t *ret_bytes)
{
	char line[96];
	const char *at;
	unsigned long long kib;

	snprintf(line, sizeof(line), "%s%s:", prefix, key);
	at = strstr(text, line);
	if (!at || sscanf(at + strlen(line), "%llu", &kib) != 1)
		return -ENOENT;
	*ret_bytes = kib * 1024;
	return 0;
}

int nodemem_read(struct ramify *ctx, int node, const char *key, uint64_t *ret_bytes)
{
	char path[80], text[ATTR_MAX], prefix[32];
	int err;

	snprintf(path, sizeof(path), "sys/devices/system/node/node%d/meminfo", node);
	snprintf(prefix, sizeof(prefix), "Node %d ", node);
	err = attr_read(ctx, path, text, sizeof(text));
	return err ? err : find_value(text, prefix, key, ret_bytes);
}

int nodemem_used(struct ramify *ctx, int node, uint64_t *ret_bytes)
{
	uint64_t total, unused;
	int err = nodemem_read(ctx, node, "MemTotal", &total);

	if (!err)
		err = nodemem_read(ctx, node, "MemFree", &unused);
	if (!err)
		*ret_bytes = total > unused ? total - unused : 0;
	return err;
}

/* Free, or filled with what a file has too. */
static uint64_t node_reclaimable(struct ramify *ctx, int node)
{
	static const char *const keys[] = { "MemFree", "FilePages", "SReclaimable" };
	uint64_t sum = 0, bytes;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!nodemem_read(ctx, node, keys[i], &bytes))
			sum += bytes;
	return sum;
}

static uint64_t swap_free(struct ramify *ctx)
{
	char text[ATTR_MAX];
	uint64_t bytes = 0;

	if (attr_read(ctx, "proc/meminfo", text, sizeof(text)) < 0)
		return 0;
	return find_value(text, "", "SwapFree", &bytes) ? 0 : bytes;
}

uint64_t nodemem_room(struct ramify *ctx, const struct ramify_system *sys, int node,
		      uint64_t leaving_bytes)
{
	const struct ramify_node *n = NULL;
	uint64_t room = swap_free(ctx), total;

	while ((n = ramify_next_node(sys, n)))
		if (n->node != node)
			room += node_reclaimable(ctx, n->node);
	/* The node itself keeps what does not leave. */
	if (!nodemem_read(ctx, node, "MemTotal", &total) && total > leaving_bytes)
		room += total - leaving_bytes;
	return room;
}

int nodemem_must_move(struct ramify *ctx, int node, uint64_t leaving_bytes, uint64_t *ret_bytes)
{
	uint64_t total, used, staying;
	int err = nodemem_read(ctx, node, "MemTotal", &total);

	if (!err)
		err = nodemem_used(ctx, node, &used);
	if (err)
		return err;
	staying = total > leaving_bytes ? total - leaving_bytes : 0;
	*ret_bytes = used > staying ? used - staying : 0;
	return 0;
}

int nodemem_check(struct ramify *ctx, const struct ramify_system *sys,
		  const struct ramify_device *dev, uint64_t leaving_bytes)
{
	uint64_t must_move, room;

	if (dev->node < 0 || nodemem_must_move(ctx, dev->node, leaving_bytes, &must_move))
		return 0;
	room = nodemem_room(ctx, sys, dev->node, leaving_bytes);
	if (must_move <= room)
		return 0;
	return fail(ctx, -ENOSPC,
		    "%s holds %" PRIu64 " MiB that are in use, and there is room for %" PRIu64
		    " MiB elsewhere; nothing was changed; end some of the programs that use it, or add swap",
		    dev->name, must_move / MIB, room / MIB);
}
