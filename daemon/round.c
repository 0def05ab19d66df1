// SPDX-License-Identifier: GPL-2.0-or-later
/* round.c -- what is done once a period: look, plan, move; a short step at a time. */

#include "round.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "clock.h"
#include "filter.h"
#include "log.h"

#define FULL_LOOKS 8		/* every so many, each page is looked at */
#define STALL_PPM 10000		/* of its time that a program may be held up by looking */
#define ADDRESS_END (1ULL << 56)
#define SPAN_GAP (1ULL << 30)	/* less is looked over rather than around */
#define RESTS_MAX 256		/* looks at processes that sleep, in a step */
#define ASK_IDLE 16		/* rounds of sleep, until only each other one asks whether it goes on */

/* ---- samplers ---- */

const struct sampler *round_sampler(const struct round *r, bool guest)
{
	const struct sampler *first = NULL;

	for (size_t i = 0; i < r->n_samplers; i++) {
		const struct sample_choice *choice = &r->samplers[i];

		if (!choice->works || !sampler_is(choice->sampler, r->config.sampler))
			continue;
		if (!guest || choice->sampler->guests)
			return choice->sampler;
		if (!first)
			first = choice->sampler;
	}
	return first;
}

static void show_samplers(const struct round *r)
{
	const struct sampler *best = round_sampler(r, false);

	for (size_t i = 0; i < r->n_samplers; i++) {
		if (!r->samplers[i].works)
			log_line(SD_NOTICE, "sampler %s does not work here: %s",
				 r->samplers[i].sampler->name, r->samplers[i].why);
	}
	if (best)
		log_event(EVENT_SAMPLER, SD_INFO, "sampler %s; it does not see %s", best->name,
			  best->blind);
	else
		log_event(EVENT_SAMPLER, SD_ERR,
			  "no sampler works, so nothing is moved; the first that could: "
			  "modprobe ramify_scan, then restart ramifyd");
}

/* ---- looking ---- */

static int fold(void *arg, const struct heat_run *runs, size_t n)
{
	return heat_fold(arg, runs, n);
}

static int open_sample(struct round *r, struct process *p)
{
	if (p->sample)
		return 0;
	p->sampler = round_sampler(r, p->ranges.guest);
	p->looks = 0;
	p->resume = 0;
	p->sample_err = p->sampler ? p->sampler->open(p->pid, p->pidfd, &p->sample) : -ENODEV;
	return p->sample_err;
}

static void close_sample(struct process *p)
{
	if (p->sample)
		p->sampler->close(p->sample);
	p->sample = NULL;
}

/* Span by span: what is between them is not worth a question. */
static int look_spans(struct process *p, struct sample_request *request, struct filter *filter,
		      struct sample_result *sum)
{
	uint64_t at = p->resume, cpu_ns = request->cpu_ns;
	int err = 0;

	while (!err && at < ADDRESS_END) {
		struct sample_result result = { 0 };
		uint64_t start = at, end = ADDRESS_END;
		bool more = ranges_span(&p->ranges, SPAN_GAP, &start, &end);

		err = heat_forget(p->space, at, more ? start : end);
		at = end;
		if (err || !more)
			break;
		request->start = start;
		request->end = end;
		request->cpu_ns = cpu_ns - sum->cpu_ns;
		err = p->sampler->look(p->sample, request, &result);
		sum->cpu_ns += result.cpu_ns;
		if (sum->stall_ns < result.stall_ns)
			sum->stall_ns = result.stall_ns;
		at = err ? at : result.resume;
		if (sum->cpu_ns >= cpu_ns || result.resume < end)
			break;
	}
	sum->resume = at;
	return err;
}

static int look_whole(struct process *p, struct sample_request *request,
		      struct sample_result *result)
{
	int err = p->sampler->look(p->sample, request, result);

	/* It cannot be cut. */
	if (!err)
		result->resume = ADDRESS_END;
	return err;
}

static void looked(struct round *r, struct process *p, const struct sample_result *result)
{
	p->part_ns += result->cpu_ns;
	p->tenant->look_ns += result->cpu_ns;
	p->stall_ns = result->stall_ns;
	p->resume = result->resume;
	if (p->resume < ADDRESS_END)
		return;
	p->resume = 0;
	p->look_ns = p->part_ns;
	p->part_ns = 0;
	p->generation = r->tiers.generation;
	p->looks++;
	p->tenant->looks++;
}

/* One that sleeps is looked at all the same after 8, 16, ... 128, 256, 384 ... times: others may have moved its pages,
 * or accessed them by ways of their own. */
static bool has_turn(uint32_t idle)
{
	return idle >= 8 && (idle % 128 == 0 || !(idle & (idle - 1)));
}

/* Only where it makes a difference. */
static bool weighs_writes(const struct round *r, const struct process *p)
{
	unsigned int weight = p->tenant->policy->settings.write_weight;

	return p->sampler->writes && (weight ? weight : r->tiers.write_weight) > 1;
}

/* One look, or as much of it as @cpu_ns allows. */
static int look(struct round *r, struct process *p, uint64_t cpu_ns)
{
	static struct filter filter;
	struct sample_request request = {
		SAMPLE_ALL,
		.full = p->looks % FULL_LOOKS == 0 || p->generation != r->tiers.generation ||
			has_turn(p->idle),
		.cpu_ns = cpu_ns,
		.ranks = r->tiers.ranks,
		.n_ranks = r->tiers.n_nodes,
		.fold = filter_fold,
		.arg = &filter,
	};
	struct heat_look grade = p->sampler->grade;
	struct sample_result result = { 0 };
	int err;

	grade.goes_on = p->resume;
	if (!p->resume)
		watch_next(&p->watch, p->looks, ranges_bytes(&p->ranges), weighs_writes(r, p));
	request.watch = p->watch;
	filter.ranges = &p->ranges;
	filter.first = p->looks == 0;
	filter.fold = fold;
	filter.arg = p->space;
	filter.at = filter.count = 0;
	heat_look_begin(p->space, &grade);
	if (p->sampler->whole)
		err = look_whole(p, &request, &result);
	else
		err = look_spans(p, &request, &filter, &result);
	heat_look_end(p->space);
	if (!err)
		looked(r, p, &result);
	return err;
}

/* Has it slept since its last look? Then nothing can have changed. */
static bool rests(struct round *r, struct process *p)
{
	if (p->resume)
		return false;
	if (p->idle >= ASK_IDLE && p->idle % 2 == 0 && !process_stale(&r->tenants, p)) {
		p->idle++;
		return !heat_rest(p->space);
	}
	p->idle = process_ran(&r->tenants, p) ? 0 : p->idle + 1;
	if (!p->idle)
		return false;
	if (!p->ranges.n)
		return true;
	if (!p->looks || !p->sample || p->generation != r->tiers.generation || has_turn(p->idle))
		return false;
	return !heat_rest(p->space);
}

/* True: it was cut off. */
static bool look_at(struct round *r, struct process *p, uint64_t cpu_ns)
{
	bool had_any = p->ranges.n;
	int err = process_refresh(&r->tenants, p, &r->tiers);

	if (!err && !p->ranges.n && had_any)
		heat_forget(p->space, 0, ADDRESS_END);
	if (err || !p->ranges.n || open_sample(r, p))
		return false;
	err = look(r, p, cpu_ns);
	/* Gone, or another program now. */
	if (err)
		close_sample(p);
	if (err == -ESRCH)
		heat_forget(p->space, 0, ADDRESS_END);
	return !err && p->resume;
}

static uint64_t period_end(const struct round *r)
{
	return r->began_ns + (r->pace.period_ns ? r->pace.period_ns : r->config.period_ns);
}

/* What is left of the look that is next. */
static uint64_t rest_ns(const struct round *r)
{
	const struct process *p = r->tenants.processes[r->at % r->tenants.n_processes];

	return p->look_ns > p->part_ns ? p->look_ns - p->part_ns : p->part_ns;
}

/* The budget is used up. False: until the period's end, so that what is known must do. Those that
 * are left are the first of the next round. */
static bool look_later(struct round *r)
{
	uint64_t now = clock_now_ns(), end = period_end(r);

	r->resume_ns = budget_resume(&r->budget, now, rest_ns(r), end);
	if (r->resume_ns < end)
		return true;
	r->resume_ns = 0;
	r->starved = !r->spent_ns;
	return false;
}

/* Past those that sleep, up to one that is to be looked at. NULL: not yet, or there is none. */
static struct process *pass_over(struct round *r)
{
	for (size_t i = 0; i < RESTS_MAX && r->left; i++) {
		struct process *p;

		if (r->at >= r->tenants.n_processes)
			r->at = 0;
		p = r->tenants.processes[r->at];
		if (!rests(r, p))
			return p;
		r->at++;
		r->left--;
	}
	return NULL;
}

/* False: no more in this round. */
static bool look_next(struct round *r)
{
	uint64_t began = clock_cpu_ns(), allowed = budget_allows(&r->budget, clock_now_ns());
	struct process *p;

	r->resume_ns = 0;
	if (!r->left || !r->tenants.n_processes)
		return false;
	if (!allowed)
		return look_later(r);
	p = pass_over(r);
	/* What is cut off goes on before all others. */
	if (p && !look_at(r, p, allowed)) {
		r->at++;
		r->left--;
	}
	began = clock_cpu_ns() - began;
	budget_spend(&r->budget, began);
	r->spent_ns += began;
	return r->left;
}

/* Now and then: a pace that goes to and fro by a little is no news. */
static void tell_pace(struct round *r)
{
	const struct pace *now = &r->pace, *told = &r->pace_told;
	uint64_t before = told->period_ns ? told->period_ns : r->config.period_ns;

	if (now->period_ns <= 4 * before && before <= 4 * now->period_ns &&
	    now->coverage_ppm + 100000 > told->coverage_ppm &&
	    told->coverage_ppm + 100000 > now->coverage_ppm)
		return;
	r->pace_told = *now;
	log_line(SD_INFO, "a look every %" PRIu64 " ms at %u %% of memory%s",
		 now->period_ns / 1000000, now->coverage_ppm / 10000,
		 now->limit == PACE_CPU	  ? ", as the CPU budget allows" :
		 now->limit == PACE_STALL ? ", as looking holds up programs" :
					    "");
}

static void set_pace(struct round *r)
{
	struct pace_wish wish = {
		.period_ns = r->config.period_ns,
		.period_max_ns = r->config.period_max_ns,
		.stall_ppm = STALL_PPM,
	};

	r->looking_ns = budget_learn(r->looking_ns, r->spent_ns, r->refresh_ns, r->starved);

	for (size_t i = 0; i < r->tenants.n_processes; i++) {
		const struct process *p = r->tenants.processes[i];

		if (!p->idle)
			wish.cpu_ns += p->look_ns > p->part_ns ? p->look_ns : p->part_ns;
		if (p->sample && p->sampler->settle_ns > wish.period_ns)
			wish.period_ns = p->sampler->settle_ns;
		if (wish.stall_ns < p->stall_ns)
			wish.stall_ns = p->stall_ns;
	}
	if (wish.cpu_ns < r->looking_ns)
		wish.cpu_ns = r->looking_ns;
	wish.cpu_ns += r->refresh_ns + r->plan_ns;
	r->pace = budget_pace(r->config.budget_ppm, &wish);
	tell_pace(r);
}

/* ---- planning ---- */

static int make_plan(struct round *r)
{
	struct plan_tier tiers[HEAT_RANKS_MAX];
	uint64_t now = clock_now_ns(), since = r->planned_ns ? now - r->planned_ns : 0;
	struct plan_input input = {
		.tiers = tiers,
		.n_tiers = r->tiers.n,
		.fast_rank = r->tiers.fast_rank,
		.interval_ms = (uint32_t)((since ? since : r->config.period_ns) / 1000000),
		.rate_bytes = r->config.rate_bytes,
		.capacities = r->capacities,
	};
	int err = tiers_refresh(&r->tiers);

	/* What heat knows is in the words of the tiers before. */
	if (!err && r->tiers.generation != r->generation) {
		memset(r->capacities, 0, sizeof(r->capacities));
		err = -EAGAIN;
	}
	tiers_plan(&r->tiers, tiers);
	heat_measured_write_weight(r->heat, r->tiers.write_weight);
	if (!err)
		err = plan_make(r->heat, &input, &r->plan);
	r->planned_ns = now;
	heat_round(r->heat);
	return err;
}

static void show_moves(const struct round *r)
{
	const struct move_counts *c = &r->mover.counts;
	char failures[MOVE_FAILURES_MAX];

	move_failures_text(c, failures);
	if (!c->promoted && !c->demoted && !*failures)
		return;
	log_event(EVENT_MOVED, SD_INFO,
		 "round %u: promoted %" PRIu64 " KiB, demoted %" PRIu64 " KiB in %" PRIu64
		 " ms (%" PRIu64 " ms at once)%s%s%s",
		 r->number, c->promoted * 4, c->demoted * 4, r->mover.ns / 1000000,
		 r->mover.longest_ns / 1000000, *failures ? "; " : "", failures,
		 *failures ? " pages" : "");
}

/* The plan's own list is void as soon as a tenant comes or goes. */
static void hand_out(const struct round *r)
{
	for (size_t i = 0; i < r->plan.n_tenants; i++) {
		struct tenant *tenant = heat_tenant_owner(r->plan.tenants[i].tenant);

		tenant->part = r->plan.tenants[i];
	}
}

static bool plan_now(struct round *r)
{
	int err = make_plan(r);

	if (err && err != -EAGAIN)
		log_line(SD_ERR, "no plan in round %u: %s", r->number, strerror(-err));
	if (err)
		return false;
	hand_out(r);
	decisions_take(&r->decisions, &r->plan, r->number, r->config.dry_run, r->paused);
	if (r->config.dry_run || r->paused)
		return false;
	mover_begin(&r->mover, &r->plan, &r->tiers, &r->decisions);
	return true;
}

/* False: nothing is to be moved. */
static bool plan_within_budget(struct round *r)
{
	uint64_t cpu = clock_cpu_ns();
	bool moves = plan_now(r);

	cpu = clock_cpu_ns() - cpu;
	budget_spend(&r->budget, cpu);
	r->plan_ns = (7 * r->plan_ns + cpu) / 8;
	return moves;
}

/* ---- a round ---- */

int round_process(struct round *r, pid_t pid, struct process **ret_process)
{
	struct process *process;
	bool added;
	size_t at;
	int err = tenants_admit(&r->tenants, &r->config.policies, pid, &process, &at, &added);

	if (err)
		return err;
	if (added && at < r->at)
		r->at++;
	*ret_process = process;
	return 0;
}

/* Half of what there is, and at least a quarter of what a period brings: there may be thousands at once. */
static uint64_t finding_ns(struct round *r)
{
	uint64_t half = budget_allows(&r->budget, r->began_ns) / 2;
	uint64_t least = r->config.period_ns / 1000000 * r->config.budget_ppm / 4;

	return half > least ? half : least;
}

int round_begin(struct round *r)
{
	uint64_t cpu = clock_cpu_ns();
	int err;

	if (r->state != ROUND_IDLE)
		return 0;
	r->began_ns = clock_now_ns();
	err = tiers_refresh(&r->tiers);
	if (!err)
		err = tenants_refresh(&r->tenants, &r->config.policies, false, finding_ns(r));
	if (err)
		return err;
	cpu = clock_cpu_ns() - cpu;
	budget_spend(&r->budget, cpu);
	r->refresh_ns = (7 * r->refresh_ns + cpu) / 8;
	r->generation = r->tiers.generation;
	r->number++;
	r->left = r->tenants.n_processes;
	r->spent_ns = 0;
	r->starved = false;
	r->state = ROUND_LOOK;
	return 0;
}

bool round_step(struct round *r)
{
	switch (r->state) {
	case ROUND_LOOK:
		if (look_next(r))
			return !r->resume_ns;
		set_pace(r);
		r->state = ROUND_PLAN;
		break;
	case ROUND_PLAN:
		r->state = plan_within_budget(r) ? ROUND_MOVE : ROUND_IDLE;
		break;
	case ROUND_MOVE:
		if (mover_step(&r->mover))
			break;
		show_moves(r);
		mover_stop(&r->mover);
		r->state = ROUND_IDLE;
		break;
	case ROUND_IDLE:
		break;
	}
	return r->state != ROUND_IDLE;
}

void round_pause(struct round *r, bool paused)
{
	r->paused = paused;
	if (paused)
		mover_stop(&r->mover);
}

uint64_t round_due_ns(const struct round *r)
{
	return r->state == ROUND_LOOK && r->resume_ns ? r->resume_ns : period_end(r);
}

void round_configure(struct round *r, const struct config *config)
{
	struct config before = r->config;

	mover_stop(&r->mover);
	r->state = ROUND_IDLE;
	r->config = *config;
	/* Tenants point to policies: all are matched anew while the old ones are still there. */
	if (tenants_refresh(&r->tenants, &r->config.policies, true, 0))
		tenants_clear(&r->tenants);
	config_free(&before);
	tiers_configure(&r->tiers, &r->config);
	if (r->budget.share_ppm != r->config.budget_ppm)
		budget_init(&r->budget, r->config.budget_ppm, clock_now_ns());
	if (strcmp(before.sampler, r->config.sampler)) {
		for (size_t i = 0; i < r->tenants.n_processes; i++)
			close_sample(r->tenants.processes[i]);
		show_samplers(r);
	}
}

int round_init(struct round *r, const struct config *config)
{
	int err;

	*r = (struct round){ .config = *config, .pace_told.coverage_ppm = 1000000 };
	tiers_configure(&r->tiers, config);
	err = tiers_refresh(&r->tiers);
	if (!err)
		err = heat_create(&r->heat);
	if (!err)
		err = tenants_init(&r->tenants, r->heat);
	if (err)
		return err;
	budget_init(&r->budget, config->budget_ppm, clock_now_ns());
	/* All processes are new to the first round. */
	budget_fill(&r->budget);
	r->n_samplers = sample_choose(r->samplers);
	show_samplers(r);
	return 0;
}

void round_exit(struct round *r)
{
	mover_stop(&r->mover);
	plan_free(&r->plan);
	decisions_clear(&r->decisions);
	tenants_exit(&r->tenants);
	heat_destroy(r->heat);
	config_free(&r->config);
}
