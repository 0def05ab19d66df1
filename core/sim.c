// SPDX-License-Identifier: GPL-2.0-or-later
/* sim.c -- steps of a simulated machine. */

#include "sim.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BASE 0x7f0000000000ull
#define PIECE_RUNS 4096

struct tenant {
	struct heat_tenant *heat;
	struct heat_space *space;
	struct sim_load load;
	uint8_t *rank; /* of each page */
	uint8_t *used; /* in this step */
	bool *split; /* each chunk */
	bool may_split;
	double *sums; /* of the likelihoods of pages, in the order of load_page() */
	double *best; /* of the hottest n pages or chunks */
	uint32_t cursor;
	uint64_t moved;
};

struct sim {
	struct sim_input input;
	struct heat *heat;
	struct plan plan;
	struct tenant *tenants;
	size_t n;
	uint64_t random;
	int64_t spare[HEAT_RANKS_MAX], spare_min[HEAT_RANKS_MAX];
	struct capacity capacities[HEAT_RANKS_MAX];
	struct heat_run runs[PIECE_RUNS];
};

/* splitmix64 */
static uint64_t draw(struct sim *sim)
{
	uint64_t z = sim->random += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static double draw_share(struct sim *sim)
{
	return (double)(draw(sim) >> 11) / (double)(1ull << 53);
}

/* Where the n-th hottest page lies. */
static uint32_t load_page(const struct sim_load *load, uint32_t n)
{
	uint64_t stride = 1;

	if (load->kind == SIM_ZIPF && load->scattered) {
		/* A prime, by the golden ratio. */
		stride = load->pages % 2654435761u ? 2654435761u : 1;
	} else if (load->kind == SIM_HOT && load->scattered && n < load->hot_pages) {
		stride = load->pages / load->hot_pages;
	}
	return (uint32_t)((load->hot_first + n * stride) % load->pages);
}

static double weight(const struct sim_load *load, uint32_t n)
{
	return load->kind == SIM_ZIPF ? pow(n + 1, -load->theta) : 1;
}

static uint32_t draw_zipf(struct sim *sim, const struct tenant *t)
{
	double share = draw_share(sim) * t->sums[t->load.pages - 1];
	uint32_t low = 0, high = t->load.pages - 1;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (t->sums[middle] < share)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint32_t draw_page(struct sim *sim, struct tenant *t)
{
	const struct sim_load *load = &t->load;

	switch (load->kind) {
	case SIM_HOT:
		if (draw_share(sim) < load->hot_share)
			return load_page(load, (uint32_t)(draw(sim) % load->hot_pages));
		break;
	case SIM_ZIPF:
		return load_page(load, draw_zipf(sim, t));
	case SIM_SWEEP:
		t->cursor = (t->cursor + 1) % load->pages;
		return t->cursor;
	case SIM_UNIFORM:
	case SIM_IDLE:
		break;
	}
	return (uint32_t)(draw(sim) % load->pages);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x < y) - (x > y);
}

/* How much more likely the n-th hottest page is than any. */
static double extra(const struct tenant *t, uint32_t n)
{
	const struct sim_load *load = &t->load;

	if (load->kind == SIM_ZIPF)
		return weight(load, n) / t->sums[load->pages - 1];
	if (load->kind == SIM_HOT && n < load->hot_pages)
		return load->hot_share / load->hot_pages;
	return 0;
}

static double even_share(const struct sim_load *load)
{
	if (load->kind == SIM_ZIPF)
		return 0;
	return load->kind == SIM_HOT ? 1 - load->hot_share : 1;
}

/* How likely each page or chunk is, then the sums of the best. */
static void find_best(struct tenant *t)
{
	const struct sim_load *load = &t->load;
	uint32_t unit = load->huge && !t->may_split ? HEAT_CHUNK_PAGES : 1;
	uint32_t n = load->pages / unit;

	for (uint32_t i = 0; i < n; i++)
		t->best[i] = even_share(load) / n;
	for (uint32_t i = 0; i < load->pages; i++)
		t->best[load_page(load, i) / unit] += extra(t, i);
	qsort(t->best, n, sizeof(*t->best), by_size);
	for (uint32_t i = 1; i < n; i++)
		t->best[i] += t->best[i - 1];
}

static void describe(struct tenant *t)
{
	double sum = 0;

	for (uint32_t i = 0; t->load.kind == SIM_ZIPF && i < t->load.pages; i++) {
		sum += weight(&t->load, i);
		t->sums[i] = sum;
	}
	find_best(t);
}

static bool is_sound(const struct sim_load *load)
{
	if (!load->pages || (load->huge && load->pages % HEAT_CHUNK_PAGES))
		return false;
	return load->kind != SIM_HOT || (load->hot_pages && load->hot_pages <= load->pages);
}

int sim_create(const struct sim_input *input, struct sim **ret_sim)
{
	struct sim *sim;
	int err;

	if (!input->n_tiers || input->n_tiers > HEAT_RANKS_MAX)
		return -EINVAL;
	sim = calloc(1, sizeof(*sim));
	if (!sim)
		return -ENOMEM;
	sim->input = *input;
	sim->random = input->seed;
	for (unsigned int i = 0; i < input->n_tiers; i++)
		sim->spare[i] =
			(int64_t)(input->tiers[i].pages - input->tiers[i].high_pages);
	err = heat_create(&sim->heat);
	if (err)
		free(sim);
	else
		*ret_sim = sim;
	return err;
}

static void free_tenant(struct tenant *t)
{
	free(t->rank);
	free(t->used);
	free(t->split);
	free(t->sums);
	free(t->best);
}

void sim_destroy(struct sim *sim)
{
	if (!sim)
		return;
	for (size_t i = 0; i < sim->n; i++)
		free_tenant(&sim->tenants[i]);
	free(sim->tenants);
	plan_free(&sim->plan);
	heat_destroy(sim->heat);
	free(sim);
}

/* Where pages come to lie when they are first used. */
static int allocate(struct sim *sim, struct tenant *t, unsigned int rank)
{
	uint32_t unit = t->load.huge ? HEAT_CHUNK_PAGES : 1;

	for (uint32_t page = 0; page < t->load.pages; page += unit) {
		while (rank < sim->input.n_tiers && sim->spare[rank] < unit)
			rank++;
		if (rank == sim->input.n_tiers)
			return -ENOSPC;
		sim->spare[rank] -= unit;
		memset(t->rank + page, (int)rank, unit);
	}
	return 0;
}

static int make_tenant(struct sim *sim, const struct policy_settings *settings,
		       const struct sim_load *load, unsigned int rank,
		       struct tenant *ret_tenant)
{
	struct tenant t = { .load = *load };
	int err;

	t.rank = malloc(load->pages);
	t.used = calloc(load->pages, 1);
	t.split = calloc(load->pages / HEAT_CHUNK_PAGES + 1, sizeof(*t.split));
	t.may_split = settings->huge == POLICY_HUGE_SPLIT;
	t.sums = calloc(load->pages, sizeof(*t.sums));
	t.best = calloc(load->pages, sizeof(*t.best));
	err = t.rank && t.used && t.split && t.sums && t.best ? 0 : -ENOMEM;
	if (!err)
		err = allocate(sim, &t, rank);
	if (!err)
		err = heat_tenant_add(sim->heat, NULL, &t.heat);
	if (!err)
		err = heat_space_add(t.heat, NULL, &t.space);
	if (err) {
		free_tenant(&t);
		return err;
	}
	heat_tenant_settings(t.heat, settings);
	describe(&t);
	*ret_tenant = t;
	return 0;
}

int sim_tenant_add(struct sim *sim, const struct policy_settings *settings,
		   const struct sim_load *load, unsigned int rank, size_t *ret_tenant)
{
	struct tenant *tenants;
	int err;

	if (!is_sound(load) || rank >= sim->input.n_tiers)
		return -EINVAL;
	tenants = reallocarray(sim->tenants, sim->n + 1, sizeof(*tenants));
	if (!tenants)
		return -ENOMEM;
	sim->tenants = tenants;
	err = make_tenant(sim, settings, load, rank, &tenants[sim->n]);
	if (!err)
		*ret_tenant = sim->n++;
	return err;
}

int sim_tenant_load(struct sim *sim, size_t tenant, const struct sim_load *load)
{
	struct tenant *t = &sim->tenants[tenant];

	if (!is_sound(load) || load->pages > t->load.pages)
		return -EINVAL;
	for (uint32_t page = load->pages; page < t->load.pages; page++)
		sim->spare[t->rank[page]]++;
	if (load->pages < t->load.pages) {
		int err = heat_forget(t->space, BASE + load->pages * (uint64_t)HEAT_PAGE,
				      UINT64_MAX);

		if (err)
			return err;
	}
	t->load = *load;
	describe(t);
	return 0;
}

void sim_others(struct sim *sim, unsigned int rank, int64_t pages)
{
	sim->spare[rank] -= pages;
}

static bool is_huge(const struct tenant *t, uint32_t page)
{
	return t->load.huge && !t->split[page / HEAT_CHUNK_PAGES];
}

static void access_pages(struct sim *sim, struct tenant *t, struct sim_tenant_step *step)
{
	if (t->load.kind == SIM_IDLE)
		return;
	step->accesses = t->load.accesses;
	for (uint32_t i = 0; i < t->load.accesses; i++) {
		uint32_t page = draw_page(sim, t);

		step->fast += !t->rank[page];
		t->used[is_huge(t, page) ? page & ~(HEAT_CHUNK_PAGES - 1u) : page] = 1;
	}
}

static struct heat_run run_at(const struct tenant *t, uint32_t page, uint32_t n)
{
	return (struct heat_run){
		.start = BASE + (uint64_t)page * HEAT_PAGE,
		.n_pages = n,
		.state = HEAT_PRESENT,
		.rank = t->rank[page],
		.rate = t->used[page] ? 255 : 0,
		.flags = is_huge(t, page) ? HEAT_HUGE : 0,
	};
}

static int look_at(struct sim *sim, struct tenant *t)
{
	static const struct heat_look exact = { .confidence = 255, .grain_shift = 12 };
	size_t n = 0;
	int err = 0;

	heat_look_begin(t->space, &exact);
	for (uint32_t page = 0; page < t->load.pages && !err;) {
		bool huge = is_huge(t, page);
		uint32_t unit = huge ? HEAT_CHUNK_PAGES : 1, end = page + unit;

		while (end < t->load.pages && t->rank[end] == t->rank[page] &&
		       t->used[end] == t->used[page] && is_huge(t, end) == huge)
			end += unit;
		sim->runs[n++] = run_at(t, page, end - page);
		page = end;
		if (n == PIECE_RUNS || page == t->load.pages) {
			err = heat_fold(t->space, sim->runs, n);
			n = 0;
		}
	}
	heat_look_end(t->space);
	memset(t->used, 0, t->load.pages);
	return err;
}

static struct tenant *find_tenant(struct sim *sim, const struct plan_move *move)
{
	size_t i = 0;

	while (sim->tenants[i].space != move->space)
		i++;
	return &sim->tenants[i];
}

static int do_move(struct sim *sim, const struct plan_move *move)
{
	struct tenant *t = find_tenant(sim, move);
	uint32_t page = (uint32_t)((move->start - BASE) / HEAT_PAGE);

	if (move->kind == PLAN_SPLIT || move->kind == PLAN_JOIN) {
		t->split[page / HEAT_CHUNK_PAGES] = move->kind == PLAN_SPLIT;
		return move->kind == PLAN_SPLIT ? heat_split(move->space, move->start) :
						  heat_joined(move->space, move->start);
	}
	memset(t->rank + page, move->to, move->n_pages);
	t->moved += move->n_pages;
	sim->spare[move->from] += move->n_pages;
	sim->spare[move->to] -= move->n_pages;
	if (sim->spare[move->to] < sim->spare_min[move->to])
		sim->spare_min[move->to] = sim->spare[move->to];
	return heat_moved(move->space, move->start, move->n_pages, move->to);
}

static int do_moves(struct sim *sim)
{
	int64_t room[HEAT_RANKS_MAX];
	const struct plan_move *last = NULL;
	int err = 0;

	for (size_t i = 0; i < sim->plan.n_moves && !err; i++) {
		const struct plan_move *move = &sim->plan.moves[i];

		if (move->dry_run)
			continue;
		/* What a daemon would read just before the first promotion of a batch. */
		if (!last || last->batch != move->batch || last->kind != move->kind) {
			for (unsigned int r = 0; r < sim->input.n_tiers; r++)
				room[r] = sim->spare[r] / 2;
		}
		last = move;
		if (move->kind == PLAN_PROMOTE && room[move->to] < move->n_pages)
			continue;
		room[move->to] -= move->n_pages;
		err = do_move(sim, move);
	}
	return err;
}

static int plan_now(struct sim *sim)
{
	struct plan_tier tiers[HEAT_RANKS_MAX];
	struct plan_input input = {
		.tiers = tiers,
		.n_tiers = sim->input.n_tiers,
		.interval_ms = 1000,
		.rate_bytes = sim->input.rate_bytes,
		.capacities = sim->capacities,
	};

	for (unsigned int i = 0; i < sim->input.n_tiers; i++) {
		const struct sim_tier *tier = &sim->input.tiers[i];
		int64_t pages = sim->spare[i] + (int64_t)tier->high_pages;

		tiers[i] = (struct plan_tier){
			.free_bytes = pages > 0 ? (uint64_t)pages * HEAT_PAGE : 0,
			.high_bytes = tier->high_pages * HEAT_PAGE,
			.read_ns = tier->read_ns,
		};
	}
	return plan_make(sim->heat, &input, &sim->plan);
}

static double oracle_of(const struct sim *sim, size_t i)
{
	const struct tenant *t = &sim->tenants[i];
	uint64_t unit = t->load.huge && !t->may_split ? HEAT_CHUNK_PAGES : 1;
	uint64_t n = sim->plan.tenants[i].granted_bytes / HEAT_PAGE / unit;

	if (n > t->load.pages / unit)
		n = t->load.pages / unit;
	return n ? t->best[n - 1] : 0;
}

static void report(const struct sim *sim, size_t i, struct sim_tenant_step *step)
{
	const struct tenant *t = &sim->tenants[i];

	for (uint32_t page = 0; page < t->load.pages; page++)
		step->fast_pages += !t->rank[page];
	step->moved_pages = t->moved;
	step->oracle = oracle_of(sim, i);
}

int sim_step(struct sim *sim, struct sim_tenant_step *ret_steps)
{
	int err = 0;

	memcpy(sim->spare_min, sim->spare, sizeof(sim->spare));
	memset(ret_steps, 0, sim->n * sizeof(*ret_steps));
	for (size_t i = 0; i < sim->n && !err; i++) {
		sim->tenants[i].moved = 0;
		access_pages(sim, &sim->tenants[i], &ret_steps[i]);
		err = look_at(sim, &sim->tenants[i]);
	}
	if (!err)
		err = plan_now(sim);
	if (!err)
		err = do_moves(sim);
	heat_round(sim->heat);
	for (size_t i = 0; i < sim->n && !err; i++)
		report(sim, i, &ret_steps[i]);
	return err;
}

const struct plan *sim_plan(const struct sim *sim)
{
	return &sim->plan;
}

const struct heat *sim_heat(const struct sim *sim)
{
	return sim->heat;
}

int64_t sim_spare_min(const struct sim *sim, unsigned int rank)
{
	return sim->spare_min[rank];
}
