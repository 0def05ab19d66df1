/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim.h -- a machine that exists only here: described loads, the real heat and plans. */
#ifndef RAMIFY_CORE_SIM_H
#define RAMIFY_CORE_SIM_H

#include "plan.h"

/*
 * Each step is one period: every tenant makes its accesses, which are drawn one by one from
 * its load and counted by the tier that serves them; a sampler that reads accessed bits
 * exactly tells heat; a plan is made; its moves are done as a daemon would do them, with free memory
 * read before each batch. The same seed, the same run.
 */
enum sim_kind {
	SIM_IDLE,
	SIM_HOT,	/* a hot part takes most accesses; the rest is even */
	SIM_ZIPF,	/* page n of them all is used 1/n^theta as often as the first */
	SIM_SWEEP,	/* one page after the other */
	SIM_UNIFORM,
};

struct sim_load {
	enum sim_kind kind;
	uint32_t pages;		/* resident; of which the first so many are ... */
	uint32_t accesses;	/* a step */
	uint32_t hot_pages;	/* SIM_HOT */
	uint32_t hot_first;	/* where they begin; move the hot set by changing it */
	double hot_share;	/* of accesses */
	double theta;		/* SIM_ZIPF */
	bool scattered;		/* hot pages lie evenly apart, not in one piece */
	bool huge;		/* in huge pages: pages is a multiple of 512 */
};

struct sim_tier {
	uint64_t pages, high_pages;
	uint32_t read_ns;
};

struct sim_input {
	struct sim_tier tiers[HEAT_RANKS_MAX];
	unsigned int n_tiers;
	uint64_t rate_bytes;	/* a second; a step is one */
	uint64_t seed;
};

struct sim;

int sim_create(const struct sim_input *input, struct sim **ret_sim);
void sim_destroy(struct sim *sim);

/** Its pages lie in the fastest tier that has room above its mark, or in @rank and slower. -ENOSPC:
 *  all are full. -EINVAL, -ENOMEM. */
int sim_tenant_add(struct sim *sim, const struct policy_settings *settings,
		   const struct sim_load *load, unsigned int rank, size_t *ret_tenant);
/** Another load with the same number of pages, or fewer: what is beyond goes. -EINVAL, -ENOMEM. */
int sim_tenant_load(struct sim *sim, size_t tenant, const struct sim_load *load);

struct sim_tenant_step {
	uint64_t accesses, fast;	/* fast: served by rank 0 */
	double oracle;			/* share of accesses that the best pages for the share
					 * granted would serve, in 4 KiB or, huge, 2 MiB */
	uint64_t fast_pages, moved_pages;
};

/** Others, who are no tenants, take @pages of a tier, be it below its mark; negative: they give them back. */
void sim_others(struct sim *sim, unsigned int rank, int64_t pages);
/** One step. @ret_steps has one entry a tenant. The plan that was made is sim_plan(). */
int sim_step(struct sim *sim, struct sim_tenant_step *ret_steps);
const struct plan *sim_plan(const struct sim *sim);
const struct heat *sim_heat(const struct sim *sim);
/** Least free pages of a tier above its mark, at any moment of the last step; negative: below. */
int64_t sim_spare_min(const struct sim *sim, unsigned int rank);

#endif
