/* SPDX-License-Identifier: GPL-2.0-only */
/* holding.h -- a holding: memory taken from one DAX device, which it may outlive. */
#ifndef RAMIFY_HOLDING_H
#define RAMIFY_HOLDING_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include "range.h"
#include "request.h"

enum holding_phase {
	HOLDING_ADDING,		/* claimed; being scrubbed or added */
	HOLDING_PRESENT,	/* it is memory */
	HOLDING_REMOVING,	/* on its way out; there is no way back */
	HOLDING_SCRUBBING,	/* out, and not all zero yet */
	HOLDING_GONE,		/* out and zero */
};

struct holding {
	struct kref kref;
	struct list_head entry;		/* in the gate's list, from claim to unclaim */
	struct mutex lock;		/* over add, release and scrub; no show() takes it */
	struct device *dev;		/* NULL: held, the device is gone */

	char *owner, *ram_name;		/* as /proc/iomem shows them */
	int node, group;
	int adistance;		/* asked for; then of its type, 0 if not from us */
	enum zone_gate zone;
	enum scrub_when scrub;
	bool memmap_on_device, persistent;

	/* Read without the lock. */
	enum holding_phase phase;
	enum zone_gate gate;		/* what the notifier lets online now */
	unsigned long onlining_pfn;	/* let through, and not online yet; 0 none */
	u64 added_bytes, lost_align_bytes, lost_skip_bytes;
	u64 scrub_bytes;
	atomic64_t scrubbed_bytes;

	unsigned int nr_ranges;
	struct mem_range ranges[];
};

struct dev_dax;

/* Cuts the device's extents into whole memory blocks without what @req leaves out, and
 * claims them. -ENODEV no whole block; -EBUSY somebody else's; -EINVAL; -ENOMEM. */
int holding_create(struct dev_dax *dax, const struct request *req, struct holding **ret_h);
void holding_get(struct holding *h);
void holding_put(struct holding *h);

/* Makes it RAM with every block offline, then opens the gate. A killed caller gets
 * -EINTR. On failure nothing is left added. */
int holding_start(struct holding *h);

/* Takes it out if every block is offline, then scrubs. -EBUSY nothing was removed;
 * -EINTR (only if @killable) resumable by another call. */
int holding_release(struct holding *h, bool killable);

u64 holding_online_bytes(const struct holding *h, u64 *ret_first);
/* adding, offline, partial, online, removing, scrubbing. */
const char *holding_state(const struct holding *h);

/* The held memory that shares an address with the device, or that begins and ends as
 * @whole; with a reference. NULL: none. */
struct holding *holding_find_held(const struct dev_dax *dax);
struct holding *holding_find_held_at(const struct range *whole);
/* Whether a device can take it over: it must cover all of it, with no other terms; -EBUSY
 * too where it is on its way out. */
int holding_adopt(struct holding *h, struct dev_dax *dax, const struct request *req);
/* The device goes; the memory stays. */
void holding_orphan(struct holding *h);
/* Unclaims what is out, zero, and nobody's. */
void holding_forget(struct holding *h);

#endif
