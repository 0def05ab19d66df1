// SPDX-License-Identifier: GPL-2.0-or-later
/* tables.c -- x86-64 page tables, read from outside: present pages and their accessed bits. */

#include <string.h>

#include "tables.h"

#define ENTRY_PRESENT (1ULL << 0)
#define ENTRY_ACCESSED (1ULL << 5)
#define ENTRY_PAGE (1ULL << 7)		/* maps a page, not a table */
#define ENTRY_PROTNONE (1ULL << 8)	/* without ENTRY_PRESENT: there, but may not be touched */
#define ENTRY_SPECIAL (1ULL << 9)	/* zero page; device memory without struct pages */

struct walk {
	const struct tables *tables;
	struct runs *runs;
	/* what was seen last goes on from `since` */
	uint64_t since;
	unsigned int node;
	uint64_t bits;
};

/* Besides nodes: what is not a page to be moved. */
#define NODE_NONE 0x10000

static unsigned int shift_of(unsigned int level)
{
	return 12 + 9 * (level - 1);
}

static void flush(struct walk *w, uint64_t end)
{
	struct heat_run run = {.state = HEAT_ABSENT};

	if (w->since == end)
		return;
	if (w->node != NODE_NONE) {
		run = runs_present(w->runs, w->node, w->bits & ENTRY_ACCESSED);
		if (run.state == HEAT_PRESENT && w->bits & ENTRY_PAGE)
			run.flags = HEAT_HUGE;
	}
	runs_add(w->runs, w->since, end, &run);
	w->since = end;
}

static void see(struct walk *w, uint64_t addr, unsigned int node, uint64_t bits)
{
	if (node == w->node && bits == w->bits)
		return;
	flush(w, addr);
	w->node = node;
	w->bits = bits;
}

static void see_page(struct walk *w, uint64_t addr, uint64_t entry, unsigned int level)
{
	const struct tables *t = w->tables;
	uint64_t physical = entry & t->address_mask & -(1ULL << shift_of(level)), pfn;
	uint64_t bits = entry & ENTRY_ACCESSED;

	/* The kernel inverts addresses that no processor may follow. */
	if (!(entry & ENTRY_PRESENT))
		physical = ~entry & t->address_mask & -(1ULL << shift_of(level));
	pfn = physical >> 12;
	if (entry & ENTRY_SPECIAL || (level > 1 && pfn == t->zero_pfn)) {
		see(w, addr, NODE_NONE, 0);
		return;
	}
	if (level > 1)
		bits |= ENTRY_PAGE;
	see(w, addr, frames_node(t->frames, pfn), bits);
}

static bool is_there(uint64_t entry)
{
	return entry & (ENTRY_PRESENT | ENTRY_PROTNONE);
}

/* 1 GiB is the most that a page has. */
static bool is_table(uint64_t entry, unsigned int level)
{
	return is_there(entry) && level > 1 && (level > 3 || !(entry & ENTRY_PAGE));
}

static void see_entry(struct walk *w, uint64_t addr, uint64_t entry, unsigned int level)
{
	if (is_there(entry))
		see_page(w, addr, entry, level);
	else
		see(w, addr, NODE_NONE, 0);
}

static uint64_t index_of(uint64_t addr, unsigned int level)
{
	return addr >> shift_of(level) & (TABLE_ENTRIES - 1);
}

/* Where the next entry begins, or the end. */
static uint64_t next_of(uint64_t addr, unsigned int level, uint64_t end)
{
	uint64_t next = (addr & -(1ULL << shift_of(level))) + (1ULL << shift_of(level));

	return next < end ? next : end;
}

/* Most entries say the same as the one before, which is found out in few instructions. */
static void see_last(struct walk *w, const uint64_t entries[TABLE_ENTRIES], uint64_t start,
		     uint64_t end)
{
	const uint64_t tells = ENTRY_PRESENT | ENTRY_ACCESSED | ENTRY_PROTNONE | ENTRY_SPECIAL |
			       -(1ULL << (12 + w->tables->frames->shift));
	uint64_t before = ~entries[index_of(start, 1)];

	for (uint64_t addr = start; addr < end; addr += 1 << 12) {
		uint64_t entry = entries[index_of(addr, 1)];

		if ((entry ^ before) & tells)
			see_entry(w, addr, entry, 1);
		before = entry;
	}
}

/* A few entries of a table of the second level, with the tables that they point to. */
static int walk_few(struct walk *w, const uint64_t entries[TABLE_ENTRIES], uint64_t start,
		    uint64_t end)
{
	const struct tables *t = w->tables;
	const uint64_t (*tables)[TABLE_ENTRIES] = NULL;
	uint64_t physical[TABLES_AT_ONCE];
	size_t n = 0;
	int err = 0;

	for (uint64_t addr = start; addr < end; addr = next_of(addr, 2, end))
		if (is_table(entries[index_of(addr, 2)], 2))
			physical[n++] = entries[index_of(addr, 2)] & t->address_mask;
	if (n)
		err = t->read(t->arg, physical, n, &tables);
	if (err)
		return err;
	for (uint64_t addr = start, next; addr < end; addr = next) {
		uint64_t entry = entries[index_of(addr, 2)];

		next = next_of(addr, 2, end);
		if (tables && is_table(entry, 2))
			see_last(w, *tables++, addr, next);
		else
			see_entry(w, addr, entry, 2);
	}
	return 0;
}

static int walk_second(struct walk *w, const uint64_t entries[TABLE_ENTRIES], uint64_t start,
		       uint64_t end)
{
	const uint64_t few = (uint64_t)TABLES_AT_ONCE << shift_of(2);
	int err = 0;

	for (uint64_t addr = start, next; !err && addr < end; addr = next) {
		next = (addr & -few) + few;
		next = next < end ? next : end;
		err = walk_few(w, entries, addr, next);
	}
	return err;
}

static int walk_level(struct walk *w, unsigned int level, uint64_t table, uint64_t start,
		      uint64_t end)
{
	const struct tables *t = w->tables;
	const uint64_t (*read)[TABLE_ENTRIES];
	uint64_t entries[TABLE_ENTRIES], next;
	int err = t->read(t->arg, &table, 1, &read);

	if (err)
		return err;
	memcpy(entries, *read, sizeof(entries));
	if (level == 2)
		return walk_second(w, entries, start, end);
	for (uint64_t addr = start; !err && addr < end; addr = next) {
		uint64_t entry = entries[index_of(addr, level)];

		next = next_of(addr, level, end);
		if (is_table(entry, level))
			err = walk_level(w, level - 1, entry & t->address_mask, addr, next);
		else
			see_entry(w, addr, entry, level);
	}
	return err;
}

int tables_walk(const struct tables *tables, uint64_t start, uint64_t end, struct runs *runs)
{
	struct walk w = {
		.tables = tables,
		.runs = runs,
		.since = start,
		.node = NODE_NONE,
	};
	int err = walk_level(&w, tables->levels, tables->root, start, end);

	if (!err)
		flush(&w, end);
	return err;
}
