/* SPDX-License-Identifier: GPL-2.0-only */
/* range.h -- one physical range: claim it, add it, take it out. */
#ifndef RAMIFY_RANGE_H
#define RAMIFY_RANGE_H

#include <linux/ioport.h>
#include <linux/range.h>
#include <linux/types.h>

struct mem_range {
	struct range span;
	struct resource *res;	/* our claim on all of the span */
	u64 live_bytes;		/* added as memory, from span.start on */
};

/* What all ranges of a holding are added with. */
struct range_terms {
	int group;		/* memory group, which tells the node */
	bool memmap_on_device;
	const char *ram_name;	/* heap: /proc/iomem shows it as long as the memory lives */
};

/* @owner as ram_name. -EBUSY. */
int range_claim(struct mem_range *r, const char *owner);
void range_unclaim(struct mem_range *r);

/* All or nothing, blocks offline unless the gate lets them online. */
int range_add(struct mem_range *r, const struct range_terms *terms);
/* Every block must be offline. What could be taken out stays out. -EBUSY. */
int range_take_out(struct mem_range *r, const struct range_terms *terms);

/* Bytes in memory blocks that are online; @ret_first: address of the first of them. */
u64 range_online_bytes(const struct mem_range *r, u64 *ret_first);

#endif
