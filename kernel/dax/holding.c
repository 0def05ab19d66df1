// SPDX-License-Identifier: GPL-2.0-only
/* holding.c -- a holding: memory taken from one DAX device, which it may outlive. */

#include <linux/device.h>
#include <linux/memory.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "../uapi/ramify.h"
#include "dax_types.h"
#include "gate.h"
#include "holding.h"
#include "tier.h"

static void span_append(struct holding *h, u64 start, u64 end)
{
	h->ranges[h->nr_ranges++].span = (struct range){ .start = start, .end = end - 1 };
	h->added_bytes += end - start;
}

/* Whole granules of one extent, without those that a range to skip touches. */
static void cut_extent(struct holding *h, const struct range *extent, u64 granule,
		       const struct request *req)
{
	u64 start = ALIGN(extent->start, granule), end = ALIGN_DOWN(extent->end + 1, granule);
	unsigned int i;

	if (start >= end) {
		h->lost_align_bytes += range_len(extent);
		return;
	}
	h->lost_align_bytes += range_len(extent) - (end - start);
	for (i = 0; i < req->nr_skip; i++) {
		u64 from = max(ALIGN_DOWN(req->skip[i].start, granule), start);
		/* The last granule first: one more may be past the end of all addresses. */
		u64 to = min(ALIGN_DOWN(req->skip[i].end, granule), end - granule) + granule;

		if (from >= to)
			continue;
		if (from > start)
			span_append(h, start, from);
		h->lost_skip_bytes += to - from;
		start = to;
	}
	if (start < end)
		span_append(h, start, end);
}

static void holding_free(struct kref *kref)
{
	struct holding *h = container_of(kref, struct holding, kref);

	kfree(h->owner);
	kfree(h->ram_name);
	kfree(h);
}

void holding_get(struct holding *h)
{
	kref_get(&h->kref);
}

void holding_put(struct holding *h)
{
	kref_put(&h->kref, holding_free);
}

/* Persistent memory hangs below the nvdimm bus, whatever it is made of. */
static bool is_persistent(const struct dev_dax *dax)
{
	const struct device *parent = dax->region->dev;

	return parent && parent->bus && !strcmp(parent->bus->name, "nd");
}

static int choose_node(const struct dev_dax *dax, const struct request *req, int *ret_node)
{
	int node = req->node != NUMA_NO_NODE ? req->node : dax->target_node;

	if (node < 0) {
		dev_err(&dax->dev, "no valid NUMA node is known for this memory: give one with node=N\n");
		return -ENODEV;
	}
	if (node >= MAX_NUMNODES || !node_possible(node)) {
		dev_err(&dax->dev, "node=%d: no such node is possible on this machine\n", node);
		return -EINVAL;
	}
	*ret_node = node;
	return 0;
}

static struct holding *holding_alloc(struct dev_dax *dax, const struct request *req)
{
	struct holding *h = kzalloc(struct_size(h, ranges, dax->nr_range + req->nr_skip),
				    GFP_KERNEL);

	if (!h)
		return NULL;
	kref_init(&h->kref);
	INIT_LIST_HEAD(&h->entry);
	mutex_init(&h->lock);
	h->dev = &dax->dev;
	h->owner = kstrdup(dev_name(&dax->dev), GFP_KERNEL);
	h->ram_name = kstrdup("System RAM (ramify)", GFP_KERNEL);
	h->zone = req->zone;
	h->scrub = req->scrub;
	h->adistance = req->adistance;
	h->memmap_on_device = req->memmap_on_device;
	h->persistent = is_persistent(dax);
	h->phase = HOLDING_ADDING;
	h->gate = GATE_NONE;
	if (h->owner && h->ram_name)
		return h;
	holding_put(h);
	return NULL;
}

/* Or the files that list them would be cut, and what is not listed could not be released. */
static int check_listable(const struct holding *h)
{
	size_t len = 0;
	unsigned int i;

	for (i = 0; i < h->nr_ranges; i++)
		len += snprintf(NULL, 0, "%#llx-%#llx", h->ranges[i].span.start,
				h->ranges[i].span.end) + 1;
	if (len <= RAMIFY_RANGES_MAX)
		return 0;
	dev_err(h->dev, "cut into %u ranges, more than can be listed: leave out fewer\n",
		h->nr_ranges);
	return -E2BIG;
}

/* Or what is meant to be left out would not be. */
static int check_skip(const struct dev_dax *dax, const struct request *req)
{
	unsigned int i;
	int k;

	for (i = 0; i < req->nr_skip; i++) {
		const struct range *skip = &req->skip[i];

		for (k = 0; k < dax->nr_range; k++)
			if (skip->start <= dax->ranges[k].range.end &&
			    dax->ranges[k].range.start <= skip->end)
				break;
		if (k < dax->nr_range)
			continue;
		dev_err(&dax->dev, "skip=%#llx-%#llx: nothing of it is in this device\n",
			skip->start, skip->end);
		return -EINVAL;
	}
	return 0;
}

static int holding_fill(struct holding *h, struct dev_dax *dax, const struct request *req)
{
	u64 granule = req->scrub == SCRUB_ONLY ? PAGE_SIZE : memory_block_size_bytes();
	int err = check_skip(dax, req), i;

	if (!err && req->scrub != SCRUB_ONLY)
		err = choose_node(dax, req, &h->node);
	if (err)
		return err;
	for (i = 0; i < dax->nr_range; i++)
		cut_extent(h, &dax->ranges[i].range, granule, req);
	if (!h->nr_ranges) {
		dev_err(&dax->dev, "holds no whole memory block of %llu bytes that is not left out\n",
			granule);
		return -ENODEV;
	}
	return check_listable(h);
}

static void holding_unclaim(struct holding *h)
{
	unsigned int i;

	gate_leave(h);
	for (i = 0; i < h->nr_ranges; i++)
		range_unclaim(&h->ranges[i]);
}

static int holding_claim(struct holding *h)
{
	unsigned int i;
	int err;

	gate_enter(h);
	for (i = 0; i < h->nr_ranges; i++) {
		err = range_claim(&h->ranges[i], h->owner);
		if (!err)
			continue;
		dev_err(h->dev, "range %#llx-%#llx is in use by somebody else: see /proc/iomem\n",
			h->ranges[i].span.start, h->ranges[i].span.end);
		holding_unclaim(h);
		return err;
	}
	return 0;
}

int holding_create(struct dev_dax *dax, const struct request *req, struct holding **ret_h)
{
	struct holding *h;
	int err;

	/* Until it is unclaimed: what we hold needs our code. */
	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	h = holding_alloc(dax, req);
	err = h ? holding_fill(h, dax, req) : -ENOMEM;
	if (!err)
		err = holding_claim(h);
	if (!err) {
		*ret_h = h;
		return 0;
	}
	if (h)
		holding_put(h);
	module_put(THIS_MODULE);
	return err;
}

static bool range_inside(const struct range *inner, const struct dev_dax *dax)
{
	int i;

	for (i = 0; i < dax->nr_range; i++)
		if (dax->ranges[i].range.start <= inner->start &&
		    dax->ranges[i].range.end >= inner->end)
			return true;
	return false;
}

struct held_search {
	const struct dev_dax *dax;
	const struct range *whole;
	struct holding *found;
};

static bool shares_address(const struct holding *h, const struct dev_dax *dax)
{
	unsigned int i;
	int j;

	for (i = 0; i < h->nr_ranges; i++)
		for (j = 0; j < dax->nr_range; j++)
			if (h->ranges[i].span.start <= dax->ranges[j].range.end &&
			    dax->ranges[j].range.start <= h->ranges[i].span.end)
				return true;
	return false;
}

static bool begins_and_ends_as(const struct holding *h, const struct range *whole)
{
	return h->ranges[0].span.start == whole->start &&
	       h->ranges[h->nr_ranges - 1].span.end == whole->end;
}

static bool held_matches(struct holding *h, void *arg)
{
	struct held_search *s = arg;

	if (h->dev || (s->dax && !shares_address(h, s->dax)) ||
	    (s->whole && !begins_and_ends_as(h, s->whole)))
		return false;
	holding_get(h);
	s->found = h;
	return true;
}

struct holding *holding_find_held(const struct dev_dax *dax)
{
	struct held_search s = { .dax = dax };

	gate_visit(held_matches, &s);
	return s.found;
}

struct holding *holding_find_held_at(const struct range *whole)
{
	struct held_search s = { .whole = whole };

	gate_visit(held_matches, &s);
	return s.found;
}

static int terms_agree(const struct holding *h, const struct dev_dax *dax,
		       const struct request *req)
{
	const char *odd = NULL;

	if (req->scrub != SCRUB_LATER)
		odd = "scrub";
	else if (req->given & BIT(0) && req->node != h->node)
		odd = "node";
	else if (req->given & BIT(1) && req->zone != h->zone)
		odd = "zone";
	else if (req->given & BIT(2) && req->memmap_on_device != h->memmap_on_device)
		odd = "memmap";
	if (!odd)
		return 0;
	dev_err(&dax->dev, "option %s: not that of the memory that is held here: release it first\n",
		odd);
	return -EINVAL;
}

int holding_adopt(struct holding *h, struct dev_dax *dax, const struct request *req)
{
	int err = terms_agree(h, dax, req);
	unsigned int i;

	for (i = 0; !err && i < h->nr_ranges; i++) {
		if (range_inside(&h->ranges[i].span, dax))
			continue;
		dev_err(&dax->dev, "held memory at %#llx-%#llx is not all of this device: release it first\n",
			h->ranges[i].span.start, h->ranges[i].span.end);
		err = -EBUSY;
	}
	if (err)
		return err;
	/* Somebody at work on it, maybe zeroing it for minutes, is not waited for. */
	if (!mutex_trylock(&h->lock))
		err = -EBUSY;
	else {
		err = h->dev || h->phase != HOLDING_PRESENT ? -EBUSY : 0;
		if (!err)
			h->dev = &dax->dev;
		mutex_unlock(&h->lock);
	}
	if (err)
		dev_err(&dax->dev, "memory that was taken from it is on its way out: see the file held, and release it\n");
	return err;
}

void holding_orphan(struct holding *h)
{
	mutex_lock(&h->lock);
	h->dev = NULL;
	mutex_unlock(&h->lock);
}

void holding_forget(struct holding *h)
{
	bool mine;

	mutex_lock(&h->lock);
	mine = h->phase == HOLDING_GONE && !h->dev && !list_empty(&h->entry);
	if (mine)
		holding_unclaim(h);
	mutex_unlock(&h->lock);
	if (!mine)
		return;
	holding_put(h);
	module_put(THIS_MODULE);
}
