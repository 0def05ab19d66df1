/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ranges.h -- what is managed of a process's memory, and where it belongs. */
#ifndef RAMIFYD_RANGES_H
#define RAMIFYD_RANGES_H

#include <stddef.h>
#include <stdio.h>

#include "advice.h"
#include "vma.h"

struct range {
	uint64_t start, end;
	enum policy_tier tier;	/* never LEAVE */
	bool shared;		/* other processes may map its pages: they are moved for all */
};

/** In order of address, apart. */
struct ranges {
	struct range *items;
	size_t n, size;
	uint64_t locked_bytes;	/* not managed, as they are locked */
	bool guest;		/* it runs a virtual machine of KVM's */
	bool answers;		/* for objects that others may map too */
};

/** Objects that several processes may map, and who answers for them: the first one that is
 *  seen, so that a page is counted and moved once. Starts out zeroed. */
struct objects {
	struct object {
		uint64_t device, inode;
		const void *owner;
	} *items;
	size_t n, size;
};

void objects_clear(struct objects *objects);
/** Whose it is now: @owner, or who asked before. NULL: no memory. */
const void *objects_claim(struct objects *objects, uint64_t device, uint64_t inode,
			  const void *owner);

/**
 * What @policy manages of the mappings in @maps, an open /proc/PID/maps or, where memory may be
 * locked, /proc/PID/smaps. Where it says auto @advice holds, if that is not NULL. @ret_ranges, which starts out zeroed, is filled anew. -EPROTO: lines
 * out of order; -ENOMEM; it is empty then.
 */
int ranges_read(FILE *maps, const struct policy *policy, const struct advice *advice,
		struct objects *objects, const void *owner, struct ranges *ret_ranges);
void ranges_free(struct ranges *ranges);

/** Same ranges, to the same tiers? */
bool ranges_equal(const struct ranges *a, const struct ranges *b);
/** Of addresses. */
uint64_t ranges_bytes(const struct ranges *ranges);
/** From *@start on, the next ranges that are less than @gap apart; *@start moves up to where the
 *  first one begins. False: there are no more. */
bool ranges_span(const struct ranges *ranges, uint64_t gap, uint64_t *start, uint64_t *ret_end);
/** The one that holds @address; NULL: none. */
const struct range *ranges_find(const struct ranges *ranges, uint64_t address);

#endif
