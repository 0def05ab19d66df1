// SPDX-License-Identifier: GPL-2.0-or-later
/* budget.c -- how often, and how much at once, samplers may look for the CPU time they are given. */

#include "budget.h"

#define MILLION 1000000ULL

typedef unsigned __int128 wide;

/*
 * What is saved may be spent at once, on top of what comes in: both together are the share of a
 * window. A quarter saves enough for a long look, and costs a quarter of the pace.
 */
#define SAVED_WINDOW_NS (BUDGET_WINDOW_NS / 4)

/* Less is not worth finding out again which memory a process has. */
#define SLICE_NS 1000000ULL

static uint64_t scaled(uint64_t value, uint64_t ppm)
{
	return (uint64_t)((wide)value * ppm / MILLION);
}

static uint64_t most(const struct budget *b)
{
	return scaled(SAVED_WINDOW_NS, b->share_ppm);
}

static uint64_t rate_ppm(uint64_t share_ppm)
{
	return share_ppm - share_ppm / 4;
}

void budget_init(struct budget *b, uint64_t share_ppm, uint64_t now_ns)
{
	*b = (struct budget){.share_ppm = share_ppm, .at_ns = now_ns};
}

void budget_fill(struct budget *b)
{
	b->saved_ns = (int64_t)most(b);
}

uint64_t budget_allows(struct budget *b, uint64_t now_ns)
{
	uint64_t earned = scaled(now_ns - b->at_ns, rate_ppm(b->share_ppm));

	/* What is too little to count stays for the next time. */
	if (earned || b->share_ppm == 0) {
		b->saved_ns += (int64_t)earned;
		b->at_ns = now_ns;
	}
	if (b->saved_ns > (int64_t)most(b))
		b->saved_ns = (int64_t)most(b);
	return b->saved_ns > 0 ? (uint64_t)b->saved_ns : 0;
}

void budget_spend(struct budget *b, uint64_t cpu_ns)
{
	b->saved_ns -= (int64_t)cpu_ns;
}

uint64_t budget_wait(const struct budget *b, uint64_t cpu_ns)
{
	uint64_t want = cpu_ns < most(b) ? cpu_ns : most(b), rate = rate_ppm(b->share_ppm);
	int64_t lacks = (int64_t)want - b->saved_ns;

	if (!rate)
		return UINT64_MAX;
	if (lacks <= 0)
		return 0;
	return (uint64_t)((wide)lacks * MILLION / rate + 1);
}

uint64_t budget_resume(const struct budget *b, uint64_t now_ns, uint64_t rest_ns, uint64_t end_ns)
{
	uint64_t wait = budget_wait(b, rest_ns > SLICE_NS ? rest_ns : SLICE_NS);

	return now_ns >= end_ns || wait >= end_ns - now_ns ? end_ns : now_ns + wait;
}

/* The shortest period in which `part_ns` is at most `ppm`. */
static uint64_t period_for(uint64_t part_ns, uint64_t ppm)
{
	wide period;

	if (!part_ns)
		return 0;
	if (!ppm)
		return UINT64_MAX;
	period = (wide)part_ns * MILLION / ppm + 1;
	return period > UINT64_MAX ? UINT64_MAX : (uint64_t)period;
}

struct pace budget_pace(uint64_t share_ppm, const struct pace_wish *wish)
{
	uint64_t cpu = period_for(wish->cpu_ns, rate_ppm(share_ppm));
	uint64_t stall = period_for(wish->stall_ns, wish->stall_ppm);
	struct pace pace = {.period_ns = wish->period_ns, .coverage_ppm = MILLION};

	if (stall > pace.period_ns) {
		pace.period_ns = stall;
		pace.limit = PACE_STALL;
	}
	if (cpu <= pace.period_ns)
		return pace;
	pace.limit = PACE_CPU;
	if (pace.period_ns < wish->period_max_ns)
		pace.period_ns = cpu < wish->period_max_ns ? cpu : wish->period_max_ns;
	if (cpu > pace.period_ns)
		pace.coverage_ppm = (uint32_t)((wide)pace.period_ns * MILLION / cpu);
	return pace;
}

uint64_t budget_learn(uint64_t looking_ns, uint64_t spent_ns, uint64_t finding_ns, bool starved)
{
	uint64_t average = (7 * looking_ns + spent_ns) / 8;

	return starved && average < finding_ns ? finding_ns : average;
}
