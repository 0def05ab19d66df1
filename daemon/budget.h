/* SPDX-License-Identifier: GPL-2.0-or-later */
/* budget.h -- how often, and how much at once, samplers may look for the CPU time they are given. */
#ifndef RAMIFYD_BUDGET_H
#define RAMIFYD_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Pure: the caller has the clock. In any BUDGET_WINDOW_NS no more is spent than the share, if
 * nothing is begun without budget_allows() and each piece is cut to what it says (cpu_ns of a
 * sample_request), or paid off before the next one begins.
 */
#define BUDGET_WINDOW_NS 60000000000ULL

struct budget {
	uint64_t share_ppm;	/* of one processor; 10000 is 1 % */
	int64_t saved_ns;	/* less than 0: a look cost more than was thought */
	uint64_t at_ns;		/* when that was so */
};

void budget_init(struct budget *budget, uint64_t share_ppm, uint64_t now_ns);
/** Nothing has been spent for a long time: as much is saved as can be. */
void budget_fill(struct budget *budget);
/** CPU time that may be spent now; 0: wait. */
uint64_t budget_allows(struct budget *budget, uint64_t now_ns);
void budget_spend(struct budget *budget, uint64_t cpu_ns);
/** How long until @cpu_ns, or as much as can be saved up at all, may be spent. */
uint64_t budget_wait(const struct budget *budget, uint64_t cpu_ns);

/** When to go on with a look of which @rest_ns are left, @now_ns: as soon as it, or as much as can be
 *  saved up, may be spent; @end_ns at the latest. */
uint64_t budget_resume(const struct budget *budget, uint64_t now_ns, uint64_t rest_ns, uint64_t end_ns);

/* What is wanted, and what a look at everything costs, as last measured. */
struct pace_wish {
	uint64_t period_ns;	/* between two looks, the shortest that makes sense */
	uint64_t period_max_ns;	/* the longest; beyond it, less is looked at */
	uint64_t cpu_ns;	/* of a look at everything */
	uint64_t stall_ns;	/* that a look causes */
	uint64_t stall_ppm;	/* share of time that a process may be stalled */
};

struct pace {
	uint64_t period_ns;
	uint32_t coverage_ppm;	/* of memory that a period's look may cover */
	enum pace_limit { PACE_FREE, PACE_CPU, PACE_STALL } limit;	/* why it is not as wished */
};

/** The stall is per look, however little it covers: it never lowers the coverage. */
struct pace budget_pace(uint64_t share_ppm, const struct pace_wish *wish);

/**
 * What looking costs a round, by what it was thought to cost, and did. Finding processes comes
 * first in a round: at a pace that pays for that alone nothing is ever looked at, and what a look
 * costs is never known. So after a round that was @starved, looking gets as much as finding.
 */
uint64_t budget_learn(uint64_t looking_ns, uint64_t spent_ns, uint64_t finding_ns, bool starved);

#endif
