/* SPDX-License-Identifier: GPL-2.0-or-later */
/* space.h -- what heat is made of: tenants, their spaces, groups of chunks. Private to core. */
#ifndef RAMIFY_CORE_SPACE_H
#define RAMIFY_CORE_SPACE_H

#include "chunk.h"
#include "watch.h"

#define GROUP_CHUNKS 32
#define CHUNK_SHIFT 21
#define ADDRESS_END (1ull << 56)

/* 64 MiB of a space that have any pages. */
struct group {
	uint64_t number;	/* its address by its size */
	struct chunk *chunks;	/* those that are there, in order */
	uint32_t have;		/* which of them are there */
	uint32_t warm;		/* which have heat that must age */
	uint32_t levels[HEAT_RANKS_MAX];	/* which may be in a rank: all that are, and
						 * perhaps some that were. Only a cache */
};

/* Where a range belongs, by decree. */
struct place {
	uint64_t start, end;
	enum policy_tier tier;
};

struct heat_space {
	struct heat_tenant *tenant;
	struct heat_space *next;
	void *owner;
	struct group **groups;	/* in order of their numbers */
	size_t n_groups, groups_size;
	size_t last;		/* found last time */
	size_t n_warm;		/* groups with any */
	struct place *places;	/* in order, apart */
	size_t n_places, places_size;
	uint64_t blind_pages, blind_now;
	uint64_t look_end;	/* up to where this look has come */
	uint32_t id;		/* never used again */
	uint32_t looks;
	struct heat_look look;
	uint64_t used[2], expected[2];	/* pages, in this look and the last */
};

struct heat_tenant {
	struct heat *heat;
	size_t index;		/* in heat->tenants */
	uint64_t version;	/* another one, and a plan must look at it anew */
	void *owner;
	struct heat_space *spaces;
	struct policy_settings settings;
	unsigned int write_levels;
	uint32_t ranks;		/* allowed */
	uint8_t confidence;	/* the least of its spaces' last looks */
	uint8_t activity;	/* of 255: what was used lately, of what its averages expect */
	uint32_t split_after;	/* round: huge pages that were split for nothing */
	uint8_t split_even;	/* how often that was so */
	uint64_t resident_pages;
	uint64_t *pages[HEAT_RANKS_MAX];	/* by level; a rank that never had any: zeroes, not to be
						 * written to */
	struct watch watch;
};

struct heat {
	struct heat_tenant **tenants;
	size_t n_tenants, tenants_size;
	uint32_t round;
	uint32_t next_id;
	unsigned int write_weight;	/* where policies say: as measured */
	size_t bytes;
	uint64_t versions;	/* given out */
};

/** What a plan reads of @tenant is not as it was. */
static inline void tenant_changed(struct heat_tenant *tenant)
{
	tenant->version = ++tenant->heat->versions;
}

static inline uint64_t chunk_address(uint64_t number)
{
	return number << CHUNK_SHIFT;
}

/** The index of the first group whose number is at least @number. */
size_t space_seek(const struct heat_space *space, uint64_t number);
/** By address / 2 MiB; NULL: nothing is known. */
struct chunk *space_find(struct heat_space *space, uint64_t number,
			 struct group **ret_group);
/** Where chunk @bit of @group is in its array. */
static inline unsigned int group_index(const struct group *group, unsigned int bit)
{
	return (unsigned int)__builtin_popcount(group->have & ((1u << bit) - 1));
}

/**
 * Replace what is known of a chunk, and keep the tenant's sums. Without any page it goes.
 * @add: one that is not there is made. -ENOMEM: it is as if never seen.
 */
int space_store(struct heat_space *space, uint64_t number, const struct runs *runs,
		struct chunk **ret_chunk);
void space_drop(struct heat_space *space, uint64_t number);
void space_clear(struct heat_space *space);

/** What holds from @address, and until where. */
enum policy_tier space_tier(const struct heat_space *space, uint64_t address,
			    uint64_t *ret_end);

/** It may have pages in @rank from now on. -ENOMEM. */
int tenant_row(struct heat_tenant *tenant, unsigned int rank);
/** Take all of a tenant's pages into its sums anew. */
void tenant_recount(struct heat_tenant *tenant);

/** Take a chunk's pages into its tenant's sums (@sign 1), or out of them (-1). */
void space_count(struct heat_space *space, struct group *group, uint64_t number,
		 const struct run *run, unsigned int n, int sign);

/** Tell whether the chunk has heat that must age. */
void space_warm(struct heat_space *space, struct group *group, unsigned int bit, bool warm);

/** Level of a page in @rank, with what is decreed. */
static inline unsigned int tier_level(enum policy_tier tier, cell_t cell,
				      unsigned int write_levels)
{
	if (tier == POLICY_TIER_FAST)
		return HEAT_LEVEL_FAST;
	if (tier == POLICY_TIER_SLOW)
		return HEAT_LEVEL_SLOW;
	return cell_level(cell, write_levels);
}

/** A stretch of one chunk: same rank, same level. */
struct stretch {
	unsigned int first, end;
	unsigned int rank, level;
	cell_t cell;
};
typedef void stretch_fn(void *arg, const struct stretch *stretch);
/** Call @fn for all pages of a chunk that are there. Inline: it is called for each page of a look. */
static inline void space_stretches(const struct heat_space *space, uint64_t number,
				   const struct run *run, unsigned int n,
				   stretch_fn *fn, void *arg)
{
	uint64_t base = chunk_address(number), tier_end = 0;
	enum policy_tier tier = POLICY_TIER_AUTO;

	for (unsigned int i = 0; i < n; i++) {
		unsigned int page = run[i].first, end = run_end(run, n, i);
		cell_t cell = run[i].cell;

		if (!cell_present(cell))
			continue;
		while (page < end) {
			struct stretch stretch = { .first = page,
						   .end = end,
						   .cell = cell };
			uint64_t address = base + (uint64_t)page * HEAT_PAGE;

			if (address >= tier_end)
				tier = space_tier(space, address, &tier_end);
			if (tier_end < base + (uint64_t)end * HEAT_PAGE)
				stretch.end = (unsigned int)((tier_end - base) / HEAT_PAGE);
			stretch.rank = cell_rank(cell);
			stretch.level = tier_level(tier, cell, space->tenant->write_levels);
			fn(arg, &stretch);
			page = stretch.end;
		}
	}
}

#endif
