// SPDX-License-Identifier: LGPL-2.1-or-later
/* node.c -- NUMA nodes. */

#include "node.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dir.h"
#include "idlist.h"
#include "lines.h"
#include "value.h"

#define NODE_DIR "sys/devices/system/node"

/* "  123 kB": -ERANGE if the bytes do not fit. */
static int parse_kib(const char *text, uint64_t *ret_bytes)
{
	uint64_t kib, bytes;
	char digits[24];
	size_t len;
	int err;

	text += strspn(text, " ");
	len = strcspn(text, " ");
	if (len >= sizeof(digits) || strcmp(text + len, " kB"))
		return -EINVAL;
	memcpy(digits, text, len);
	digits[len] = '\0';
	err = parse_u64(digits, &kib);
	if (err)
		return err;
	if (__builtin_mul_overflow(kib, 1024, &bytes))
		return -ERANGE;
	*ret_bytes = bytes;
	return 0;
}

int node_parse_meminfo(const char *line, struct ramify_node *node)
{
	const char *key, *value;
	size_t len;

	if (strncmp(line, "Node ", 5))
		return -EINVAL;
	key = strchr(line + 5, ' ');
	value = key ? strchr(++key, ':') : NULL;
	if (!value)
		return -EINVAL;
	len = value++ - key;
	if (len == 8 && !strncmp(key, "MemTotal", len))
		return parse_kib(value, &node->total_bytes);
	if (len == 7 && !strncmp(key, "MemFree", len))
		return parse_kib(value, &node->free_bytes);
	return 0;
}

static int meminfo_line(void *arg, char *line)
{
	return node_parse_meminfo(line, arg) ? -EBADMSG : 0;
}

static int read_meminfo(struct ramify *ctx, const char *dir, struct ramify_node *node)
{
	char path[PATH_MAX];
	int err = value_path(ctx, path, sizeof(path), dir, "meminfo");

	if (!err)
		err = lines_each(ctx, path, meminfo_line, node);
	if (err)
		return err;
	if (node->free_bytes != RAMIFY_UNKNOWN && node->free_bytes > node->total_bytes)
		return fail(ctx, -EBADMSG, "%s/%s makes no sense: more is free than there is",
			    ctx->root, path);
	return 0;
}

static int read_cpus(struct reading *rd, const char *dir, const char **ret_cpus)
{
	char path[PATH_MAX], cpus[ATTR_MAX];
	const char *rest = cpus;
	unsigned int first, last;
	int err = value_path(rd->ctx, path, sizeof(path), dir, "cpulist");

	if (!err)
		err = value_text(rd->ctx, dir, "cpulist", cpus, sizeof(cpus));
	if (err)
		return err;
	do {
		err = idlist_next(&rest, &first, &last);
	} while (err > 0);
	if (err)
		return value_absurd(rd->ctx, path, cpus);
	*ret_cpus = system_keep(rd->sys, cpus, strlen(cpus) + 1);
	return *ret_cpus ? 0 : -ENOMEM;
}

/* Firmware that says nothing leaves 0 in the kernel's tables. */
static int read_speed(struct ramify *ctx, const char *dir, const char *name, uint64_t *ret_value)
{
	char path[PATH_MAX];
	int err = value_path(ctx, path, sizeof(path), dir, "access0/initiators");

	if (!err)
		err = value_u64(ctx, path, name, ret_value);
	if (!err && !*ret_value)
		*ret_value = RAMIFY_UNKNOWN;
	return err;
}

static int read_speeds(struct ramify *ctx, const char *dir, struct ramify_node *node)
{
	int err = read_speed(ctx, dir, "read_latency", &node->read_latency_ns);

	if (!err)
		err = read_speed(ctx, dir, "write_latency", &node->write_latency_ns);
	if (!err)
		err = read_speed(ctx, dir, "read_bandwidth", &node->read_bandwidth_mbps);
	if (!err)
		err = read_speed(ctx, dir, "write_bandwidth", &node->write_bandwidth_mbps);
	return err;
}

static struct ramify_node unknown_node(int number)
{
	return (struct ramify_node){
		.node = number,
		.tier = -1,
		.rank = -1,
		.cpus = "",
		.total_bytes = RAMIFY_UNKNOWN,
		.free_bytes = RAMIFY_UNKNOWN,
		.movable_bytes = RAMIFY_UNKNOWN,
		.present_bytes = RAMIFY_UNKNOWN,
		.read_latency_ns = RAMIFY_UNKNOWN,
		.write_latency_ns = RAMIFY_UNKNOWN,
		.read_bandwidth_mbps = RAMIFY_UNKNOWN,
		.write_bandwidth_mbps = RAMIFY_UNKNOWN,
	};
}

static int read_node(struct reading *rd, int number)
{
	struct ramify_node node = unknown_node(number);
	char dir[64];
	int err;

	snprintf(dir, sizeof(dir), NODE_DIR "/node%d", number);
	node.online = true;
	err = read_meminfo(rd->ctx, dir, &node);
	/* It went while we looked. */
	if (!err && node.total_bytes == RAMIFY_UNKNOWN)
		return 0;
	if (!err)
		err = read_cpus(rd, dir, &node.cpus);
	if (!err)
		err = read_speeds(rd->ctx, dir, &node);
	return err ? err : system_add_node(rd->sys, &node);
}

int nodes_read(struct reading *rd)
{
	struct dir_list list;
	uint64_t number;
	int err = dir_list_read(rd->ctx, NODE_DIR, "node", &list);

	if (err)
		return err;
	for (size_t i = 0; !err && i < list.n; i++) {
		if (dir_number(list.names[i], "node", &number) || number >= NODES_MAX ||
		    system_node(rd->sys, number))
			continue;
		err = read_node(rd, number);
	}
	dir_list_free(&list);
	return err;
}

static int add_target(struct ramify_system *sys, int number)
{
	struct ramify_node node = unknown_node(number);

	if (number < 0 || system_node(sys, number))
		return 0;
	node.total_bytes = node.free_bytes = node.movable_bytes = node.present_bytes = 0;
	return system_add_node(sys, &node);
}

static int compare_nodes(const void *a, const void *b)
{
	const struct ramify_node *x = a, *y = b;

	return x->node - y->node;
}

int nodes_add_targets(struct reading *rd)
{
	struct ramify_system *sys = rd->sys;
	int err = 0;

	for (size_t i = 0; !err && i < sys->n_regions; i++)
		err = add_target(sys, sys->regions[i].node);
	for (size_t i = 0; !err && i < sys->n_devices; i++)
		err = add_target(sys, sys->devices[i].node);
	if (!err && sys->n_nodes)
		qsort(sys->nodes, sys->n_nodes, sizeof(*sys->nodes), compare_nodes);
	return err;
}
