/* SPDX-License-Identifier: GPL-2.0-or-later */
/* heat.h -- how much each piece of memory is used, and in which tier it lies. */
#ifndef RAMIFY_CORE_HEAT_H
#define RAMIFY_CORE_HEAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy.h"

/*
 * heat	  everything that is known: tenants in the order in which they were added
 * tenant what has one share: a VM, a unit, a cgroup, a process
 * space  one range of addresses of a tenant that is looked at as a whole: a process's mm, or
 *	  (with offsets for addresses) an object that several processes map, so that its
 *	  pages are known, counted and moved once
 * page	  4 KiB, always; a huge page is 512 of them that share their heat
 *
 * Ranks are tiers by speed, 0 the fastest. There may be HEAT_RANKS_MAX of them.
 *
 * Time is counted in looks, not seconds: the core has no clock. Pages of one tenant are
 * compared by how often they are used *a look*, so look at all its spaces equally often,
 * and let a partial coverage go round evenly.
 *
 * Memory: at most 2 bytes for a page that was seen, 24 bytes for each 2 MiB that has any,
 * 56 bytes for each 64 MiB. Equal neighbours are held as one run of 4 bytes: a huge page, a
 * cold chunk; pages that are few and far between take 4 to 8 bytes each.
 */
#define HEAT_PAGE 4096
#define HEAT_CHUNK_PAGES 512		/* 2 MiB: what a huge page has */
#define HEAT_RANKS_MAX 7

struct heat;
struct heat_tenant;
struct heat_space;

int heat_create(struct heat **ret_heat);
void heat_destroy(struct heat *heat);	/* with all tenants and spaces */

/** @owner is the caller's, handed out again by heat_tenant_owner(). The tenant has
 *  policy_defaults() and may use every rank. -ENOMEM. */
int heat_tenant_add(struct heat *heat, void *owner, struct heat_tenant **ret_tenant);
/** With all its spaces. Whatever a plan still points to must not be used any more. */
void heat_tenant_remove(struct heat_tenant *tenant);
void *heat_tenant_owner(const struct heat_tenant *tenant);

/** Takes a copy. The tier and write weight act on what is known already. */
void heat_tenant_settings(struct heat_tenant *tenant, const struct policy_settings *settings);
/** What `write-weight = auto` comes to: 1...8, from measured latencies. 1 at first. */
void heat_measured_write_weight(struct heat *heat, unsigned int weight);
/** Ranks that its cpuset allows: one bit each. Pages are never planned into others. */
void heat_tenant_ranks(struct heat_tenant *tenant, uint32_t allowed);

int heat_space_add(struct heat_tenant *tenant, void *owner, struct heat_space **ret_space);
void heat_space_remove(struct heat_space *space);
void *heat_space_owner(const struct heat_space *space);
struct heat_tenant *heat_space_tenant(const struct heat_space *space);

/* ---- what a sampler saw ---- */

enum heat_state {
	HEAT_ABSENT,	/* looked at: no page */
	HEAT_PRESENT,	/* looked at: a page, in .rank, used as .rate says */
	HEAT_IDLE,	/* not used since the last look, and pages are where they were: a
			 * subtree that was skipped by its own accessed bit */
	HEAT_BLIND,	/* cannot be seen: what was known stays, and does not age */
};

enum {
	HEAT_HUGE = 1,		/* huge pages: start and length are whole chunks */
	HEAT_WRITES_KNOWN = 2,	/* .flags tells whether it was written since the last look */
	HEAT_WRITTEN = 4,	/* it was; needs HEAT_WRITES_KNOWN */
};

/** Neighbouring pages in the same state. Give long runs: they cost what one page costs. */
struct heat_run {
	uint64_t start;		/* address, a multiple of HEAT_PAGE */
	uint32_t n_pages;
	uint8_t state;		/* enum heat_state */
	uint8_t rank;		/* HEAT_PRESENT */
	uint8_t rate;		/* HEAT_PRESENT: how often it was seen used, of 255. A bit that
				 * is read once a look says 0 or 255 */
	uint8_t flags;
};

/** What holds for a whole look. */
struct heat_look {
	uint8_t confidence;	/* 255: exact; less: what it says moves averages less, and
				 * moves must promise more. 0 counts as 1 */
	uint8_t grain_shift;	/* bytes that one answer stands for, as a power of 2: 12 for
				 * pages, 21 for chunks. Above 12, what is used may be one page
				 * in the grain: heat is then kept for each grain as a whole */
	bool goes_on;		/* where the last one was cut off: both are one look */
};

/**
 * One look at a space: begin, fold any number of times, end. Runs are in order of their
 * addresses, also from call to call, and do not overlap; a range in no run was not looked
 * at, and does not age. Cost follows runs, and chunks that are used or cooling down; idle
 * runs over what is cold cost next to nothing.
 *
 * heat_fold: -EINVAL for runs out of order, not aligned, beyond 2^56, or of a rank that is
 * too high: the runs before it were taken. -ENOMEM: the same, or the chunk at which it failed lost its
 * heat and is as if never seen, all others are right.
 */
void heat_look_begin(struct heat_space *space, const struct heat_look *look);
int heat_fold(struct heat_space *space, const struct heat_run *runs, size_t n);
void heat_look_end(struct heat_space *space);
/** As a look of the kind of the last one, that found nothing used and all pages where they were. Costs
 *  nothing once all is cold. -ENOMEM. */
int heat_rest(struct heat_space *space);

/* ---- what is known besides ---- */

/** Where pages of a range belong: as the tenant's policy says for the mapping, or as the
 *  program itself asked (the later call holds). LEAVE: forget it. -EINVAL, -ENOMEM. */
int heat_place(struct heat_space *space, uint64_t start, uint64_t end, enum policy_tier tier);

/** The range was unmapped, or is not managed any more. -ENOMEM (then it is only partly
 *  forgotten; the next look mends it). */
int heat_forget(struct heat_space *space, uint64_t start, uint64_t end);

/* ---- what came of a plan's moves ---- */

/** Pages that were moved now lie in @rank. Counts how many come back soon: a tenant where
 *  that happens much is left alone for a growing time. -EINVAL, -ENOMEM. */
int heat_moved(struct heat_space *space, uint64_t start, uint32_t n_pages, unsigned int rank);
/** Pages that would not move (busy, pinned, no room): nothing in their chunk is planned
 *  for 2, 4, ... 256 rounds. Tell a whole chunk's failure once. */
void heat_failed(struct heat_space *space, uint64_t start);
/** A huge page was split, so that its pages can be told apart; or put together again. */
int heat_split(struct heat_space *space, uint64_t start);
int heat_joined(struct heat_space *space, uint64_t start);
/** A round of planning is over: what is left alone is so for a number of these. */
void heat_round(struct heat *heat);

/* ---- what is known, to be shown ---- */

/**
 * Heat is compared by levels: 0 wants slow memory by decree, 1 is cold, from 2 to 30 each
 * is used about 1.3 times as often as the one below, 31 wants fast memory by decree. Level
 * 22 is a page that every look finds used; above are written ones, by write weight.
 */
#define HEAT_LEVELS 32
enum { HEAT_LEVEL_SLOW = 0, HEAT_LEVEL_COLD = 1, HEAT_LEVEL_FAST = HEAT_LEVELS - 1 };

struct heat_stat {
	uint64_t pages[HEAT_RANKS_MAX][HEAT_LEVELS];	/* resident and known */
	uint64_t blind_pages;	/* that the last look at each space could not see */
	uint64_t moved_pages;	/* since it was added */
	uint64_t bounced_pages;	/* of these, moved back soon after */
	uint32_t left_alone;	/* rounds for which nothing is exchanged; 0: it is not */
};
void heat_stat(const struct heat_tenant *tenant, struct heat_stat *ret_stat);
uint64_t heat_resident_bytes(const struct heat_tenant *tenant);
/** In ranks up to @fast_rank; at @hot_level and above. */
struct heat_sums {
	uint64_t resident_bytes, fast_bytes, hot_bytes;
	uint64_t blind_bytes;	/* as in heat_stat */
	uint32_t left_alone;	/* the same */
};
struct heat_sums heat_sums(const struct heat_tenant *tenant, unsigned int fast_rank,
			   unsigned int hot_level);

/** How often a page at @level is used a look, in 1/1024: what levels are worth to sums. */
uint32_t heat_level_rate(unsigned int level);

/** What is known of a stretch of pages, for heat maps. */
struct heat_piece {
	uint64_t start;
	uint32_t n_pages;
	uint8_t rank, level;
	bool huge, written;
};
/** Pieces from @start on, in order of address, at most @n; never longer than a chunk.
 *  Returns how many; fewer than @n: there are no more. */
size_t heat_pieces(const struct heat_space *space, uint64_t start, struct heat_piece *pieces,
		   size_t n);

/** All memory that @heat holds. */
size_t heat_size_bytes(const struct heat *heat);

#endif
