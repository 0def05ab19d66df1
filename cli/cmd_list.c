// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_list.c -- ramify list: tiers, nodes, regions and devices. */

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "arg.h"
#include "cmd.h"
#include "out.h"

const char cmd_list_help[] =
	"  --json                   print JSON\n"
	"  -h, --help               tell how to call it\n";

enum column {
	NAME, USE, SIZE, USED, FREE, LOST, COLOR, KEPT, ONLINE, ZONE, DRIVER, LATENCY, BANDWIDTH, ID,
	N_COLUMNS,
};

static const struct out_column columns[N_COLUMNS] = {
	[NAME] = { "NAME", OUT_TREE },
	[USE] = { "USE", 0 },
	[SIZE] = { "SIZE", OUT_RIGHT },
	[USED] = { "USED", OUT_RIGHT },
	[FREE] = { "FREE", OUT_RIGHT },
	[LOST] = { "LOST", OUT_RIGHT },
	[COLOR] = { "COLOR", OUT_RIGHT | OUT_ASIDE },
	[KEPT] = { "KEPT AS", OUT_ASIDE },
	[ONLINE] = { "ONLINE", OUT_RIGHT | OUT_ASIDE },
	[ZONE] = { "ZONE", OUT_ASIDE },
	[DRIVER] = { "DRIVER", OUT_ASIDE },
	[LATENCY] = { "LATENCY", OUT_RIGHT | OUT_ASIDE },
	[BANDWIDTH] = { "BANDWIDTH", OUT_RIGHT | OUT_ASIDE },
	[ID] = { "UUID/SERIAL", OUT_ASIDE },
};

/* What the rows are made from, and into. */
struct listing {
	const struct ramify_system *sys;
	struct out_table *table;
};

static void size_cell(const struct listing *list, int row, enum column column, uint64_t bytes)
{
	char text[OUT_SIZE_MAX];

	out_cell(list->table, row, column, "%s", out_size(text, bytes));
}

static void latency_cell(const struct listing *list, int row, const struct ramify_node *node)
{
	unsigned long long read = node->read_latency_ns, write = node->write_latency_ns;

	if (read == RAMIFY_UNKNOWN || write == RAMIFY_UNKNOWN)
		return;
	if (read == write)
		out_cell(list->table, row, LATENCY, "%llu ns", read);
	else
		out_cell(list->table, row, LATENCY, "%llu/%llu ns", read, write);
}

static void bandwidth_cell(const struct listing *list, int row, const struct ramify_node *node)
{
	uint64_t read = node->read_bandwidth_mbps, write = node->write_bandwidth_mbps;

	if (read == RAMIFY_UNKNOWN || write == RAMIFY_UNKNOWN)
		return;
	if (read == write)
		out_cell(list->table, row, BANDWIDTH, "%.4g GB/s", read / 1000.0);
	else
		out_cell(list->table, row, BANDWIDTH, "%.4g/%.4g GB/s", read / 1000.0,
			 write / 1000.0);
}

/* Blocks online of those added; or what is just going on. */
static void online_cell(const struct listing *list, int row, const struct ramify_device *dev)
{
	uint64_t block = ramify_block_bytes(list->sys);

	switch (dev->state) {
	case RAMIFY_STATE_ADDING:
	case RAMIFY_STATE_REMOVING:
	case RAMIFY_STATE_SCRUBBING:
		out_cell(list->table, row, ONLINE, "%s", ramify_state_name(dev->state));
		return;
	default:
		break;
	}
	if (dev->added_bytes == RAMIFY_UNKNOWN || dev->online_bytes == RAMIFY_UNKNOWN ||
	    block == RAMIFY_UNKNOWN)
		out_cell(list->table, row, ONLINE, "-");
	else
		out_cell(list->table, row, ONLINE, "%llu/%llu",
			 (unsigned long long)(dev->online_bytes / block),
			 (unsigned long long)(dev->added_bytes / block));
}

static void device_row(const struct listing *list, int parent, const struct ramify_device *dev)
{
	struct out_table *table = list->table;
	bool added = dev->mode == RAMIFY_MODE_RAM || (dev->mode == RAMIFY_MODE_HELD && !dev->region);
	const char *zone = ramify_zone_name(dev->zone), *id = dev->uuid ? dev->uuid : dev->serial;
	int row = out_row(table, parent);

	out_cell(table, row, NAME, "%s", dev->name);
	if (dev->namespace_mode && strcmp(dev->namespace_mode, "devdax") &&
	    strcmp(dev->namespace_mode, "raw"))
		out_cell(table, row, USE, "%s, %s", ramify_mode_name(dev->mode),
			 dev->namespace_mode);
	else
		out_cell(table, row, USE, "%s", ramify_mode_name(dev->mode));
	size_cell(list, row, SIZE, dev->size_bytes);
	if (dev->lost_bytes)
		size_cell(list, row, LOST, dev->lost_bytes);
	if (dev->color.of)
		out_cell(table, row, COLOR, "%u/%u", dev->color.index, dev->color.of);
	if (added) {
		size_cell(list, row, USED, dev->used_bytes);
		online_cell(list, row, dev);
	}
	if (dev->intent != RAMIFY_USE_NONE)
		out_cell(table, row, KEPT, "%s", ramify_use_name(dev->intent));
	if (zone)
		out_cell(table, row, ZONE, "%s", zone);
	out_cell(table, row, DRIVER, "%s", dev->driver ? dev->driver : "");
	out_cell(table, row, ID, "%s", id ? id : "");
}

/* A device may have been added to another node than its region's. */
static bool belongs(const struct ramify_device *dev, const struct ramify_region *region, int node)
{
	if (dev->node != node)
		return false;
	if (!region || !dev->region)
		return !region && !dev->region;
	return !strcmp(dev->region, region->name);
}

static void device_rows(const struct listing *list, int parent,
			const struct ramify_region *region, int node)
{
	const struct ramify_device *dev = NULL;

	while ((dev = ramify_next_device(list->sys, dev))) {
		if (belongs(dev, region, node))
			device_row(list, parent, dev);
	}
}

/* Where its devices are, and where it is itself if it has something to give, or none. */
static bool is_on(const struct listing *list, const struct ramify_region *region, int node)
{
	bool gives = region->available_bytes && region->available_bytes != RAMIFY_UNKNOWN;
	const struct ramify_device *dev = NULL;
	unsigned int n = 0;

	while ((dev = ramify_next_device(list->sys, dev))) {
		if (belongs(dev, region, node))
			return true;
		n += dev->region && !strcmp(dev->region, region->name);
	}
	return region->node == node && (gives || !n);
}

static void region_rows(const struct listing *list, int parent, int node)
{
	const struct ramify_region *region = NULL;
	int row;

	while ((region = ramify_next_region(list->sys, region))) {
		if (!is_on(list, region, node))
			continue;
		row = out_row(list->table, parent);
		out_cell(list->table, row, NAME, "%s", region->name);
		out_cell(list->table, row, USE, "%s", ramify_source_name(region->source));
		size_cell(list, row, SIZE, region->size_bytes);
		if (region->available_bytes && region->available_bytes != RAMIFY_UNKNOWN)
			size_cell(list, row, FREE, region->available_bytes);
		device_rows(list, row, region, node);
	}
	device_rows(list, parent, NULL, node);
}

static void node_row(const struct listing *list, int parent, const struct ramify_node *node)
{
	int row = out_row(list->table, parent);

	out_cell(list->table, row, NAME, "node %d", node->node);
	out_cell(list->table, row, USE, *node->cpus ? "CPUs %s" : "no CPUs", node->cpus);
	if (node->total_bytes) {
		bool known = node->free_bytes != RAMIFY_UNKNOWN;

		size_cell(list, row, SIZE, node->total_bytes);
		size_cell(list, row, USED,
			  known ? node->total_bytes - node->free_bytes : RAMIFY_UNKNOWN);
		size_cell(list, row, FREE, node->free_bytes);
	}
	latency_cell(list, row, node);
	bandwidth_cell(list, row, node);
	region_rows(list, row, node->node);
}

/* True if there was such a node. Rank -1 is for nodes without memory. */
static bool tier_rows(const struct listing *list, int rank)
{
	const struct ramify_node *node = NULL;
	int row = -1;

	while ((node = ramify_next_node(list->sys, node))) {
		if (node->rank != rank)
			continue;
		if (row < 0) {
			row = out_row(list->table, -1);
			out_cell(list->table, row, NAME, rank < 0 ? "no memory yet" : "tier %d",
				 rank);
		}
		node_row(list, row, node);
	}
	return row >= 0;
}

static void nodeless_rows(const struct listing *list)
{
	const struct ramify_region *region = NULL;
	const struct ramify_device *dev = NULL;
	bool found = false;
	int row;

	while ((region = ramify_next_region(list->sys, region)))
		found |= is_on(list, region, -1);
	while ((dev = ramify_next_device(list->sys, dev)))
		found |= belongs(dev, NULL, -1);
	if (!found)
		return;
	row = out_row(list->table, -1);
	out_cell(list->table, row, NAME, "no node");
	region_rows(list, row, -1);
}

static int print_tree(const struct ramify_system *sys)
{
	struct listing list = { sys, out_table_create(columns, N_COLUMNS) };
	int err, rank = 0;

	while (tier_rows(&list, rank))
		rank++;
	tier_rows(&list, -1);
	nodeless_rows(&list);
	err = out_table_print(list.table);
	out_table_destroy(list.table);
	if (!err && ramify_held_untold(sys))
		printf("\nThe kernel does not tell of %llu more pieces of held memory until some are taken back.\n",
		       (unsigned long long)ramify_held_untold(sys));
	if (!err && !ramify_next_region(sys, NULL) && !ramify_next_device(sys, NULL))
		puts("\nNo memory here could be made RAM. \"ramify doctor\" says what may be missing.");
	return err;
}

static struct json_object *node_json(const struct ramify_node *node)
{
	struct json_object *json = json_object_new_object();

	out_json_number(json, "node", node->node);
	out_json_number(json, "tier", node->tier);
	out_json_number(json, "rank", node->rank);
	out_json_text(json, "cpus", node->cpus);
	out_json_u64(json, "total_bytes", node->total_bytes);
	out_json_u64(json, "free_bytes", node->free_bytes);
	out_json_u64(json, "read_latency_ns", node->read_latency_ns);
	out_json_u64(json, "write_latency_ns", node->write_latency_ns);
	out_json_u64(json, "read_bandwidth_mbps", node->read_bandwidth_mbps);
	out_json_u64(json, "write_bandwidth_mbps", node->write_bandwidth_mbps);
	return json;
}

static struct json_object *region_json(const struct ramify_region *region)
{
	struct json_object *json = json_object_new_object();

	out_json_text(json, "region", region->name);
	out_json_text(json, "source", ramify_source_name(region->source));
	out_json_u64(json, "start", region->start);
	out_json_u64(json, "size_bytes", region->size_bytes);
	out_json_u64(json, "available_bytes", region->available_bytes);
	out_json_u64(json, "align_bytes", region->align_bytes);
	out_json_number(json, "node", region->node);
	return json;
}

/* Where the device is, is not known without privilege: then null, not an empty list. */
static struct json_object *extents_json(const struct ramify_device *dev)
{
	struct json_object *list = dev->n_extents ? json_object_new_array() : NULL;

	for (size_t i = 0; i < dev->n_extents; i++) {
		struct json_object *json = json_object_new_object();

		out_json_u64(json, "start", dev->extents[i].start);
		out_json_u64(json, "size_bytes", dev->extents[i].size_bytes);
		json_object_array_add(list, json);
	}
	return list;
}

static struct json_object *device_json(const struct ramify_device *dev)
{
	struct json_object *json = json_object_new_object();
	char color[32];

	snprintf(color, sizeof(color), "%u/%u", dev->color.index, dev->color.of);

	out_json_text(json, "device", dev->name);
	out_json_text(json, "region", dev->region);
	out_json_u64(json, "size_bytes", dev->size_bytes);
	out_json_text(json, "mode", ramify_mode_name(dev->mode));
	out_json_text(json, "state", ramify_state_name(dev->state));
	out_json_text(json, "driver", dev->driver);
	out_json_number(json, "node", dev->node);
	out_json_text(json, "zone", ramify_zone_name(dev->zone));
	out_json_text(json, "memmap", ramify_memmap_name(dev->memmap));
	out_json_text(json, "intent", ramify_use_name(dev->intent));
	out_json_u64(json, "added_bytes", dev->added_bytes);
	out_json_u64(json, "online_bytes", dev->online_bytes);
	out_json_u64(json, "used_bytes", dev->used_bytes);
	out_json_u64(json, "lost_bytes", dev->lost_bytes);
	out_json_u64(json, "bad_bytes", dev->bad_bytes);
	out_json_text(json, "color", dev->color.of ? color : NULL);
	out_json_u64(json, "color_span_bytes",
		     dev->color.of ? dev->color.span_bytes : RAMIFY_UNKNOWN);
	out_json_text(json, "uuid", dev->uuid);
	out_json_text(json, "serial", dev->serial);
	json_object_object_add(json, "extents", extents_json(dev));
	return json;
}

static int print_json(const struct ramify_system *sys)
{
	struct json_object *all = json_object_new_object(), *list;
	const struct ramify_node *node = NULL;
	const struct ramify_region *region = NULL;
	const struct ramify_device *dev = NULL;

	list = json_object_new_array();
	json_object_object_add(all, "nodes", list);
	while ((node = ramify_next_node(sys, node)))
		json_object_array_add(list, node_json(node));
	list = json_object_new_array();
	json_object_object_add(all, "regions", list);
	while ((region = ramify_next_region(sys, region)))
		json_object_array_add(list, region_json(region));
	list = json_object_new_array();
	json_object_object_add(all, "devices", list);
	while ((dev = ramify_next_device(sys, dev)))
		json_object_array_add(list, device_json(dev));
	return out_json_print(all);
}

static void warn(struct ramify *ctx, const struct ramify_system *sys)
{
	struct ramify_placements *placements;

	if (ramify_warning(sys))
		fprintf(stderr,
			"ramify list: %s\nuntil that is mended no memory is added, and what is bad is not shown\n",
			ramify_warning(sys));
	if (ramify_placements_read(ctx, sys, &placements))
		fprintf(stderr, "ramify list: %s; none of the file holds until that is mended\n",
			ramify_message(ctx));
	else
		ramify_placements_free(placements);
}

const struct option cmd_list_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "json", no_argument, NULL, 'j' },
	{ 0 }
};

int cmd_list(struct ramify *ctx, int argc, char **argv)
{
	struct ramify_system *sys;
	bool json = false;
	int c, err;

	while ((c = getopt_long(argc, argv, "h", cmd_list_options, NULL)) != -1) {
		switch (c) {
		case 'h':
			return CMD_HELP;
		case 'j':
			json = true;
			break;
		default:
			return CMD_USAGE;
		}
	}
	err = arg_none(argv[0], argc - optind, argv + optind);
	if (err)
		return err;
	err = ramify_system_read(ctx, &sys);
	if (err)
		return err;
	warn(ctx, sys);
	err = json ? print_json(sys) : print_tree(sys);
	ramify_system_free(sys);
	return err;
}
