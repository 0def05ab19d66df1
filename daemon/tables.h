/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tables.h -- x86-64 page tables, read from outside: present pages and their accessed bits. */
#ifndef RAMIFYD_TABLES_H
#define RAMIFYD_TABLES_H

#include "frames.h"
#include "runs.h"

#define TABLE_ENTRIES 512
#define TABLES_AT_ONCE 32

struct tables {
	/** @n tables, at most TABLES_AT_ONCE, by their physical addresses; they stay where they are
	 *  told to be until the next call. Others may change or free the kernel's meanwhile. */
	int (*read)(void *arg, const uint64_t *physical, size_t n,
		    const uint64_t (**ret_tables)[TABLE_ENTRIES]);
	void *arg;
	uint64_t root;		/* physical */
	unsigned int levels;	/* 4 or 5 */
	uint64_t address_mask;	/* of entries' bits, what is a physical address */
	uint64_t zero_pfn;	/* first frame of the huge zero page; ~0: there is none */
	const struct frames *frames;
};

/** Add [start, end), which is one mapping. The first error of read(). */
int tables_walk(const struct tables *tables, uint64_t start, uint64_t end, struct runs *runs);

#endif
