/* SPDX-License-Identifier: GPL-2.0-only */
/* walk.h -- one pass over the page tables of an mm, in slices. */
#ifndef RAMIFY_SCAN_WALK_H
#define RAMIFY_SCAN_WALK_H

#include <linux/mm_types.h>

#include "runs.h"

struct walk {
	struct mm_struct *mm;
	struct runs *runs;
	unsigned long addr; /* all below is done */
	unsigned long end;
	u64 flags; /* RAMIFY_SCAN_* */
	u32 watch_every;
	u32 watch_phase;
	u64 present_pages;
	u64 accessed_pages;
	u64 tables;
	bool cleared; /* a bit, so that a flush is due */
	/* of the slice */
	struct vm_area_struct *vma;
	int budget;
	/* page frames [pfn_start, pfn_end) are all on node nid */
	unsigned long pfn_start;
	unsigned long pfn_end;
	int nid;
};

void walk_slice(struct walk *w);

#endif
