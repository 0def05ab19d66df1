// SPDX-License-Identifier: GPL-2.0-only
/* transit.c -- the way of a holding into RAM and out of it. */

#include <linux/device.h>
#include <linux/memory.h>
#include <linux/sysfs.h>

#include "../compat.h"
#include "gate.h"
#include "holding.h"
#include "scrub.h"
#include "tier.h"

static void set_phase(struct holding *h, enum holding_phase phase)
{
	WRITE_ONCE(h->phase, phase);
	if (h->dev)
		sysfs_notify(&h->dev->kobj, "ramify", "state");
}

u64 holding_online_bytes(const struct holding *h, u64 *ret_first)
{
	u64 online = 0, first = 0, bytes;
	unsigned int i;

	for (i = 0; i < h->nr_ranges; i++) {
		bytes = range_online_bytes(&h->ranges[i], &first);
		if (bytes && !online)
			*ret_first = first;
		online += bytes;
	}
	return online;
}

const char *holding_state(const struct holding *h)
{
	u64 online, first;

	switch (READ_ONCE(h->phase)) {
	case HOLDING_ADDING:
		return "adding";
	case HOLDING_REMOVING:
		return "removing";
	case HOLDING_SCRUBBING:
	case HOLDING_GONE:
		return "scrubbing";
	default:
		online = holding_online_bytes(h, &first);
		return !online ? "offline" : online < h->added_bytes ? "partial" : "online";
	}
}

/* A node's type must be there before its first block goes online, and stays from then on. */
static int join_tier(struct holding *h)
{
	int wanted = h->adistance, err = tier_join(h->node, wanted, &h->adistance);

	if (!err && wanted && !h->adistance)
		dev_info(h->dev, "adistance=%d is ignored: node %d has a memory type already\n",
			 wanted, h->node);
	return err;
}

static void leave_tier(struct holding *h)
{
	if (h->adistance)
		tier_leave(h->node);
	h->adistance = 0;
}

static struct range_terms terms_of(const struct holding *h)
{
	return (struct range_terms){ h->group, h->memmap_on_device, h->ram_name };
}

static int take_out_ranges(struct holding *h)
{
	struct range_terms terms = terms_of(h);
	unsigned int i = h->nr_ranges;
	int err = 0;

	while (!err && i--)
		err = range_take_out(&h->ranges[i], &terms);
	return err;
}

static int add_ranges(struct holding *h)
{
	struct range_terms terms = terms_of(h);
	unsigned int i;
	int err = 0;

	/* The lock of memory hot-plug waits for a grace period where RCU is at rest. */
	rcu_expedite_gp();
	for (i = 0; !err && i < h->nr_ranges; i++) {
		err = range_add(&h->ranges[i], &terms);
		if (err)
			dev_err(h->dev, "the kernel does not add %#llx-%#llx as memory: error %d\n",
				h->ranges[i].span.start, h->ranges[i].span.end, err);
	}
	rcu_unexpedite_gp();
	return err;
}

static int check_memmap(const struct holding *h)
{
	if (!h->memmap_on_device || compat_memmap_on_device())
		return 0;
	dev_err(h->dev, "memmap=device needs memory_hotplug.memmap_on_memory=1 on the kernel's command line\n");
	return -EOPNOTSUPP;
}

static void leave_memory(struct holding *h)
{
	int err = memory_group_unregister(h->group);

	if (err)
		pr_err("%s: memory group %d stays: error %d\n", h->owner, h->group, err);
	leave_tier(h);
}

/* A failure to undo leaves the phase at removing: a release carries on from there. */
static int enter_memory(struct holding *h)
{
	int err = check_memmap(h);

	if (err)
		return err;
	err = memory_group_register_static(h->node, PHYS_PFN(h->added_bytes));
	if (err < 0)
		return err;
	h->group = err;
	err = join_tier(h);
	if (err) {
		memory_group_unregister(h->group);
		return err;
	}
	err = add_ranges(h);
	if (!err)
		return 0;
	if (take_out_ranges(h))
		set_phase(h, HOLDING_REMOVING);
	else
		leave_memory(h);
	if (err == -EINVAL && h->memmap_on_device) {
		dev_err(h->dev, "memmap=device needs memory_hotplug.memmap_on_memory=1 on the kernel's command line\n");
		err = -EOPNOTSUPP;
	}
	return err;
}

static int scrub_first(struct holding *h)
{
	int err;

	scrub_begin(h);
	err = scrub_continue(h, true);
	scrub_end(h);
	return err;
}

int holding_start(struct holding *h)
{
	int err = 0;

	mutex_lock(&h->lock);
	if (h->phase == HOLDING_GONE)
		err = -ENODEV;
	if (h->phase != HOLDING_ADDING)
		goto unlock;
	if (h->scrub != SCRUB_LATER)
		err = scrub_first(h);
	if (!err && h->scrub != SCRUB_ONLY) {
		err = enter_memory(h);
		if (!err) {
			set_phase(h, HOLDING_PRESENT);
			gate_open(h, h->zone);
		}
	}
unlock:
	mutex_unlock(&h->lock);
	return err;
}

/* The last moment to say no. */
static int begin_removal(struct holding *h)
{
	u64 first, online;

	gate_shut(h);
	online = holding_online_bytes(h, &first);
	if (!online) {
		set_phase(h, HOLDING_REMOVING);
		return 0;
	}
	gate_open(h, h->zone);
	pr_err("%s: memory block %llu (at %#llx) is online: take it offline first; nothing was removed\n",
	       h->owner, first / memory_block_size_bytes(), first);
	return -EBUSY;
}

static int finish_removal(struct holding *h)
{
	int err = take_out_ranges(h);

	if (err) {
		pr_err("%s: the kernel keeps a part of it: error %d; release it again\n",
		       h->owner, err);
		return err;
	}
	leave_memory(h);
	scrub_begin(h);
	set_phase(h, HOLDING_SCRUBBING);
	return 0;
}

static int release_locked(struct holding *h, bool killable)
{
	int err = 0;

	if (h->phase == HOLDING_ADDING)
		set_phase(h, HOLDING_GONE);
	if (h->phase == HOLDING_PRESENT)
		err = begin_removal(h);
	if (!err && h->phase == HOLDING_REMOVING)
		err = finish_removal(h);
	if (!err && h->phase == HOLDING_SCRUBBING) {
		err = scrub_continue(h, killable);
		if (!err)
			set_phase(h, HOLDING_GONE);
	}
	return err;
}

int holding_release(struct holding *h, bool killable)
{
	int err;

	if (!killable)
		mutex_lock(&h->lock);
	else if (mutex_lock_killable(&h->lock))
		return -EINTR;
	err = release_locked(h, killable);
	mutex_unlock(&h->lock);
	return err;
}
