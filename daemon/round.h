/* SPDX-License-Identifier: GPL-2.0-or-later */
/* round.h -- what is done once a period: look, plan, move; a short step at a time. */
#ifndef RAMIFYD_ROUND_H
#define RAMIFYD_ROUND_H

#include "budget.h"
#include "config.h"
#include "decisions.h"
#include "mover.h"

enum round_state { ROUND_IDLE, ROUND_LOOK, ROUND_PLAN, ROUND_MOVE };

struct round {
	struct config config;
	struct heat *heat;
	struct tenants tenants;
	struct tiers tiers;
	struct sample_choice samplers[SAMPLERS_MAX];
	size_t n_samplers;
	struct budget budget;
	struct pace pace, pace_told;
	struct plan plan;
	struct capacity capacities[HEAT_RANKS_MAX];
	struct decisions decisions;
	struct mover mover;
	enum round_state state;
	uint32_t number;
	size_t at, left;	/* of tenants' processes: to be looked at */
	uint64_t began_ns, planned_ns;
	uint64_t refresh_ns;	/* CPU time to find processes */
	uint64_t plan_ns;	/* CPU time of a plan */
	uint64_t looking_ns;	/* CPU time of looking, a round, as learnt */
	uint64_t spent_ns;	/* on looking, in this round */
	uint64_t resume_ns;	/* when looking goes on, while the budget is used up; 0: it is not */
	bool starved;		/* in this round the budget ended before the first look */
	uint32_t generation;	/* of tiers, that heat knows */
	bool paused;		/* look and plan, but move nothing */
};

/** Tries the samplers, which takes a moment. @config is taken over. */
int round_init(struct round *round, const struct config *config);
void round_exit(struct round *round);

/** From now on. @config is taken over; what was under way is given up. */
void round_configure(struct round *round, const struct config *config);

/** From now on look and plan, but move nothing; what was being moved stays as far as it came. */
void round_pause(struct round *round, bool paused);

/** The sampler that a process gets; NULL: none works. @guest: it runs a virtual machine. */
const struct sampler *round_sampler(const struct round *round, bool guest);

/** The process of a tenant with that PID, also one that has only just begun. -ESRCH: no policy matches
 *  it, or it is gone; -ENOMEM. */
int round_process(struct round *round, pid_t pid, struct process **ret_process);

/** Begin one, unless one is under way. */
int round_begin(struct round *round);
/** Some milliseconds of it. False: it is over, or goes on with round_begin() when that is due. */
bool round_step(struct round *round);
/** When the next one is due, or the rest of this one, by CLOCK_MONOTONIC. */
uint64_t round_due_ns(const struct round *round);

#endif
