// SPDX-License-Identifier: LGPL-2.1-or-later
/* examine_devices.c -- the memory that is there, and how it would fit in. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "extent.h"
#include "findings.h"
#include "idlist.h"
#include "module.h"
#include "poison.h"
#include "size.h"
#include "value.h"

/* Movable bytes to a kernel-usable byte: from the first on it is told, from the second
 * on an add is refused. Published: 3:1 is fine, 63:1 kills the machine. */
#define RATIO_WARN 4
#define RATIO_MAX 16

int examine_privilege(struct examination *ex)
{
	if (ex->iomem.n)
		return 0;
	return finding_add(ex, RAMIFY_WARN, "privilege", "sudo ramify doctor",
			   "the kernel tells no addresses: some of what follows may be incomplete");
}

static bool has_region(const struct ramify_system *sys, const struct ramify_extent *range)
{
	const struct ramify_region *region = NULL;

	while ((region = ramify_next_region(sys, region))) {
		struct ramify_extent start = { region->start, 1 };
		/* A region without a device tells no address. */
		bool alike = region->start == RAMIFY_UNKNOWN &&
			     region->size_bytes == range->size_bytes;

		if (alike || extent_holds(range, &start))
			return true;
	}
	return false;
}

static bool has_held(const struct ramify_system *sys, const struct ramify_extent *range)
{
	const struct ramify_device *dev = NULL;

	while ((dev = ramify_next_device(sys, dev))) {
		if (!dev->region && dev->n_extents && extent_holds(range, &dev->extents[0]))
			return true;
	}
	return false;
}

/* Memory that firmware told of, and that no driver has made a region of. */
int examine_hidden(struct examination *ex)
{
	static const struct { const char *name, *remedy; } kinds[] = {
		{ "Soft Reserved", "modprobe -a dax_hmem device_dax" },
		{ "Persistent Memory (legacy)", "modprobe -a nd_e820 nd_pmem dax_pmem device_dax" },
		{ "Persistent Memory", "modprobe -a nfit nd_pmem dax_pmem device_dax" },
	};
	char size[SIZE_TEXT_MAX];
	int err = 0;

	for (size_t i = 0; !err && i < ex->iomem.n; i++) {
		const struct iomem_entry *entry = &ex->iomem.entries[i];

		for (size_t k = 0; !err && k < sizeof(kinds) / sizeof(kinds[0]); k++) {
			if (strcmp(entry->name, kinds[k].name) != 0 ||
			    has_region(ex->sys, &entry->range) ||
			    has_held(ex->sys, &entry->range))
				continue;
			err = finding_add(ex, RAMIFY_WARN, "hidden memory", kinds[k].remedy,
					  "%s at %#llx (%s) are not shown as a device",
					  size_text(size, entry->range.size_bytes),
					  (unsigned long long)entry->range.start, entry->name);
		}
	}
	return err;
}

/* What only its own driver can tell of: until then it has no address. */
int examine_unread(struct examination *ex)
{
	static const struct { const char *table, *module, *what, *remedy; } kinds[] = {
		{ "NFIT", "nfit", "NVDIMMs", "modprobe -a nfit nd_pmem dax_pmem device_dax" },
		{ "CEDT", "cxl_acpi", "CXL memory", "modprobe -a cxl_acpi cxl_pci cxl_mem cxl_port" },
	};
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		char path[64];

		snprintf(path, sizeof(path), "sys/firmware/acpi/tables/%s", kinds[i].table);
		if (faccessat(ex->ctx->root_fd, path, F_OK, 0) < 0 ||
		    module_is_loaded(ex->ctx, kinds[i].module))
			continue;
		err = finding_add(ex, RAMIFY_WARN, "hidden memory", kinds[i].remedy,
				  "firmware tells of %s (ACPI %s), and the driver %s is not loaded",
				  kinds[i].what, kinds[i].table, kinds[i].module);
	}
	return err;
}

static int read_possible(struct examination *ex, struct node_set *ret_nodes)
{
	char list[ATTR_MAX];
	int err = value_text(ex->ctx, "sys/devices/system/node", "possible", list, sizeof(list));

	if (!err && idlist_nodes(list, ret_nodes))
		err = value_absurd(ex->ctx, "sys/devices/system/node/possible", list);
	return err;
}

/* A node that may be, and has nothing yet; -1. */
static int free_node(const struct examination *ex, const struct node_set *possible)
{
	for (int i = 0; i < NODES_MAX; i++) {
		if (possible->has[i] && !system_node(ex->sys, i))
			return i;
	}
	return -1;
}

static int no_node(struct examination *ex, const struct ramify_device *dev,
		   const struct node_set *possible, const char *what)
{
	int node = free_node(ex, possible);
	char remedy[128] = "boot with a kernel or firmware that has a node for it";

	if (node >= 0)
		snprintf(remedy, sizeof(remedy), "ramify add --node %d %s", node, dev->name);
	return finding_add(ex, RAMIFY_WARN, "node", remedy, "%s: %s", dev->name, what);
}

static int examine_node(struct examination *ex, const struct ramify_device *dev,
			const struct node_set *possible)
{
	const struct ramify_node *node;

	if (dev->node < 0)
		return no_node(ex, dev, possible, "firmware gave it no node");
	if (!possible->has[dev->node])
		return no_node(ex, dev, possible, "its node cannot be on this system");
	node = system_node(ex->sys, dev->node);
	if (node && *node->cpus)
		return no_node(ex, dev, possible,
			       "its node is that of DRAM: the two would be mixed");
	return 0;
}

int examine_bad_list(struct examination *ex)
{
	if (!ex->sys->warning)
		return 0;
	return finding_add(ex, RAMIFY_BAD, "bad memory", "edit it as ramify-add(1) says",
			   "no memory is added: %s", ex->sys->warning);
}

/* What was left out is lost, which list shows; what is in use is dangerous. */
static int examine_bad(struct examination *ex, const struct ramify_device *dev)
{
	struct bad_ranges bad;
	uint64_t bytes = 0;
	char remedy[160];
	int err = poison_find(ex->ctx, dev->extents, dev->n_extents, &bad);

	if (err)
		return err;
	for (size_t i = 0; i < bad.n; i++)
		bytes += bad.ranges[i].size_bytes;
	badblocks_free(&bad);
	if (!bytes)
		return 0;
	snprintf(remedy, sizeof(remedy),
		 "ramify remove %s, then ramify add %s, which leaves out the memory blocks that are bad",
		 dev->name, dev->name);
	return finding_add(ex, RAMIFY_WARN, "bad memory", remedy,
			   "the kernel took %llu KiB of %s out of use, as they are bad",
			   (unsigned long long)(bytes >> 10), dev->name);
}

/* Too small for a memory block; or it has some, and all of them are bad. */
static int no_block(struct examination *ex, const struct ramify_device *dev)
{
	const struct ramify_extent *bad = dev->bad;

	if (!dev->bad_bytes || dev->bad_bytes == RAMIFY_UNKNOWN || !dev->n_bad)
		return finding_add(ex, RAMIFY_WARN, "size", "ndctl or daxctl: make it larger",
				   "%s has no whole memory block", dev->name);
	return finding_add(ex, RAMIFY_WARN, "size",
			   "if that memory is good, take it out of badmemory.conf in /etc/ramify or /var/lib/ramify, or ndctl clear-errors",
			   "no memory block of %s is left, as all are bad or listed as bad: %#llx-%#llx%s",
			   dev->name, (unsigned long long)bad->start,
			   (unsigned long long)extent_last(bad), dev->n_bad > 1 ? ", ..." : "");
}

static int examine_device(struct examination *ex, const struct ramify_device *dev,
			  const struct node_set *possible)
{
	char remedy[128];

	if (dev->mode == RAMIFY_MODE_HELD && !dev->region) {
		snprintf(remedy, sizeof(remedy), "ramify remove %s", dev->name);
		return finding_add(ex, RAMIFY_WARN, "held memory", remedy,
				   "%s outlived its device, and nobody else can have it",
				   dev->name);
	}
	if (dev->mode == RAMIFY_MODE_RAM && !dev->driver)
		return finding_add(ex, RAMIFY_WARN, "stuck memory", "reboot",
				   "%s: the stock driver kmem was taken from it while its memory was in use; it stays RAM",
				   dev->name);
	if (dev->mode == RAMIFY_MODE_RAM)
		return examine_bad(ex, dev);
	if (dev->mode == RAMIFY_MODE_HELD)
		return 0;
	if (dev->n_extents && dev->lost_bytes == dev->size_bytes)
		return no_block(ex, dev);
	return examine_node(ex, dev, possible);
}

/* With region_idle=1 that is how dax_hmem leaves a region, so that no driver grabs it. */
static bool has_free(const struct ramify_region *region)
{
	return !region->persistent && region->available_bytes &&
	       region->available_bytes != RAMIFY_UNKNOWN;
}

static bool any_free(const struct ramify_system *sys)
{
	const struct ramify_region *region = NULL;

	while ((region = ramify_next_region(sys, region)))
		if (has_free(region))
			return true;
	return false;
}

static int examine_region(struct examination *ex, const struct ramify_region *region)
{
	char remedy[128], size[SIZE_TEXT_MAX];

	if (!has_free(region))
		return 0;
	snprintf(remedy, sizeof(remedy), "ramify create %s --size all", region->name);
	return finding_add(ex, RAMIFY_OK, "free memory", remedy, "%s of %s belong to no device",
			   size_text(size, region->available_bytes), region->name);
}

int examine_regions(struct examination *ex)
{
	const struct ramify_region *region = NULL;
	int err = 0;

	while (!err && (region = ramify_next_region(ex->sys, region)))
		err = examine_region(ex, region);
	return err;
}

int examine_devices(struct examination *ex)
{
	const struct ramify_device *dev = NULL;
	struct node_set possible = { 0 };
	unsigned int n = 0;
	int err = read_possible(ex, &possible);

	while (!err && (dev = ramify_next_device(ex->sys, dev))) {
		err = examine_device(ex, dev, &possible);
		n++;
	}
	if (err)
		return err;
	if (!n && any_free(ex->sys))
		return 0;
	if (!n)
		return finding_add(ex, RAMIFY_WARN, "devices", "",
				   "there is no memory that could be made RAM");
	return finding_add(ex, RAMIFY_OK, "devices", "", n == 1 ? "%u device" : "%u devices", n);
}

struct shares {
	uint64_t kernel, movable;	/* online, on all nodes */
	uint64_t more;			/* of devices that are not RAM */
};

/* False if some of it is not known. */
static bool add_up(const struct ramify_system *sys, struct shares *shares)
{
	const struct ramify_node *node = NULL;
	const struct ramify_device *dev = NULL;

	while ((node = ramify_next_node(sys, node))) {
		if (node->present_bytes == RAMIFY_UNKNOWN || node->movable_bytes == RAMIFY_UNKNOWN)
			return false;
		shares->kernel += node->present_bytes - node->movable_bytes;
		shares->movable += node->movable_bytes;
	}
	while ((dev = ramify_next_device(sys, dev))) {
		if (dev->mode == RAMIFY_MODE_IDLE || dev->mode == RAMIFY_MODE_RAW)
			shares->more += dev->size_bytes;
	}
	return shares->kernel > 0;
}

static int add_ratio(struct examination *ex, enum ramify_verdict verdict, const char *remedy,
		     const struct shares *shares, const char *consequence)
{
	double now = (double)shares->movable / shares->kernel;
	double then = (double)(shares->movable + shares->more) / shares->kernel;

	if (!shares->more)
		return finding_add(ex, verdict, "ratio", remedy,
				   "movable to kernel-usable memory is %.1f:1%s", now, consequence);
	return finding_add(ex, verdict, "ratio", remedy,
			   "movable to kernel-usable memory is %.1f:1, and would be %.1f:1 with all devices%s",
			   now, then, consequence);
}

int examine_ratio(struct examination *ex)
{
	const char *remedy = "add a part with ramify add --zone kernel, or more DRAM";
	struct shares shares = { 0 };

	if (!add_up(ex->sys, &shares))
		return 0;
	if (shares.movable / shares.kernel >= RATIO_MAX)
		return add_ratio(ex, RAMIFY_BAD, remedy, &shares,
				 ": the kernel may run out of memory for its own data");
	if ((shares.movable + shares.more) / shares.kernel >= RATIO_WARN)
		return add_ratio(ex, RAMIFY_WARN, remedy, &shares,
				 ": the kernel may get short of memory for its own data");
	return add_ratio(ex, RAMIFY_OK, "", &shares, "");
}
