// SPDX-License-Identifier: GPL-2.0-only
/* range.c -- one physical range: claim it, add it, take it out. */

#include <linux/memory.h>
#include <linux/memory_hotplug.h>

#include "../compat.h"
#include "range.h"

int range_claim(struct mem_range *r, const char *owner)
{
	r->res = request_mem_region(r->span.start, range_len(&r->span), owner);
	return r->res ? 0 : -EBUSY;
}

void range_unclaim(struct mem_range *r)
{
	if (!r->res)
		return;
	release_mem_region(r->span.start, range_len(&r->span));
	r->res = NULL;
}

/* A busy parent would refuse the busy child that add_memory() nests in it. */
static void claim_is_ram(struct mem_range *r, bool ram)
{
	r->res->flags = ram ? IORESOURCE_SYSTEM_RAM : IORESOURCE_MEM | IORESOURCE_BUSY;
}

/* Struct pages in DRAM go in one call, which is quickest. */
static u64 unit_bytes(const struct mem_range *r, const struct range_terms *terms)
{
	u64 len = range_len(&r->span);

	return terms->memmap_on_device ? compat_memmap_unit(len) : len;
}

int range_add(struct mem_range *r, const struct range_terms *terms)
{
	mhp_t flags = MHP_NID_IS_MGID | (terms->memmap_on_device ? MHP_MEMMAP_ON_MEMORY : 0);
	u64 unit = unit_bytes(r, terms);
	int err = 0;

	claim_is_ram(r, true);
	while (!err && r->live_bytes < range_len(&r->span)) {
		err = add_memory_driver_managed(terms->group, r->span.start + r->live_bytes,
						unit, terms->ram_name, flags);
		if (!err)
			r->live_bytes += unit;
	}
	if (err)
		range_take_out(r, terms);
	return err;
}

int range_take_out(struct mem_range *r, const struct range_terms *terms)
{
	u64 unit = unit_bytes(r, terms);
	int err = 0;

	while (!err && r->live_bytes) {
		err = remove_memory(r->span.start + r->live_bytes - unit, unit);
		if (!err)
			r->live_bytes -= unit;
	}
	if (!err)
		claim_is_ram(r, false);
	return err;
}

u64 range_online_bytes(const struct mem_range *r, u64 *ret_first)
{
	u64 block = memory_block_size_bytes(), at, online = 0;

	for (at = 0; at < r->live_bytes; at += block) {
		/* The last page: the first ones may be the block's own struct pages. */
		if (!pfn_to_online_page(PHYS_PFN(r->span.start + at + block - 1)))
			continue;
		if (!online)
			*ret_first = r->span.start + at;
		online += block;
	}
	return online;
}
