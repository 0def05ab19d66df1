// SPDX-License-Identifier: GPL-2.0-or-later
/* tables.c -- x86-64 page tables, read from outside: present pages and their accessed bits. */

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

static int walk_level(struct walk *w, unsigned int level, uint64_t table, uint64_t start,
		      uint64_t end)
{
	const struct tables *t = w->tables;
	uint64_t entries[TABLE_ENTRIES], size = 1ULL << shift_of(level), next;
	int err = t->read(t->arg, table, entries);

	for (uint64_t addr = start; !err && addr < end; addr = next) {
		uint64_t entry = entries[addr >> shift_of(level) & (TABLE_ENTRIES - 1)];

		next = (addr & -size) + size < end ? (addr & -size) + size : end;
		if (!is_there(entry))
			see(w, addr, NODE_NONE, 0);
		else if (level == 1 || (level < 4 && entry & ENTRY_PAGE))
			see_page(w, addr, entry, level);
		else
			err = walk_level(w, level - 1, entry & t->address_mask, addr, next);
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
