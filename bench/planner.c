// SPDX-License-Identifier: GPL-2.0-or-later
/* planner.c -- how long heat and plans take for a fleet: 10,000 tenants, 10,000,000 regions. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/core.h"

#define BASE 0x7f0000000000ull
#define CHUNK (2ull << 20)
#define ROUNDS 40

static const struct heat_look exact = { .confidence = 255, .grain_shift = 21 };

struct fleet {
	struct heat *heat;
	struct heat_space **spaces;
	size_t n_tenants, n_chunks; /* chunks of each tenant */
	uint64_t random;
	struct plan plan;
};

static uint64_t draw(struct fleet *f)
{
	uint64_t z = f->random += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void check(int err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "planner: %s: %s\n", what, strerror(-err));
	exit(1);
}

/* Each chunk is hot, warm or cold by its number; one in four lies in fast memory. */
static struct heat_run region(struct fleet *f, size_t i, bool change)
{
	uint64_t odds = (i * 2654435761u >> 7) % 100;
	bool used = odds < 10 || (odds < 30 && draw(f) % 4 == 0);

	return (struct heat_run){
		.start = BASE + i * CHUNK,
		.n_pages = HEAT_CHUNK_PAGES,
		.state = HEAT_PRESENT,
		.rank = i % 4 != 0,
		.rate = used != change ? 255 : 0,
		.flags = HEAT_HUGE,
	};
}

static void first_look(struct fleet *f, size_t tenant)
{
	struct heat_run runs[256];
	size_t n = 0;

	heat_look_begin(f->spaces[tenant], &exact);
	for (size_t i = 0; i < f->n_chunks; i++) {
		runs[n++] = region(f, i, false);
		if (n == 256 || i + 1 == f->n_chunks) {
			check(heat_fold(f->spaces[tenant], runs, n), "fold");
			n = 0;
		}
	}
	heat_look_end(f->spaces[tenant]);
}

/* Chunks between two that are used. */
static size_t gap(struct fleet *f, unsigned int percent)
{
	return percent ? draw(f) % (200 / percent) : f->n_chunks;
}

/* A look that finds @percent of the chunks used, and skips what lies between. */
static void later_look(struct fleet *f, size_t tenant, unsigned int percent)
{
	struct heat_space *space = f->spaces[tenant];
	uint64_t done = BASE, end = BASE + f->n_chunks * CHUNK;
	struct heat_run run;

	heat_look_begin(space, &exact);
	for (size_t i = gap(f, percent); i < f->n_chunks; i += 1 + gap(f, percent)) {
		run = (struct heat_run){ .start = done, .state = HEAT_IDLE };
		run.n_pages = (uint32_t)((BASE + i * CHUNK - done) / HEAT_PAGE);
		if (run.n_pages)
			check(heat_fold(space, &run, 1), "fold");
		run = region(f, i, true);
		check(heat_fold(space, &run, 1), "fold");
		done = BASE + (i + 1) * CHUNK;
	}
	run = (struct heat_run){ .start = done, .state = HEAT_IDLE };
	run.n_pages = (uint32_t)((end - done) / HEAT_PAGE);
	if (run.n_pages)
		check(heat_fold(space, &run, 1), "fold");
	heat_look_end(space);
}

static void make_fleet(struct fleet *f)
{
	check(heat_create(&f->heat), "heat");
	f->spaces = calloc(f->n_tenants, sizeof(struct heat_space *));
	check(f->spaces ? 0 : -12, "spaces");
	for (size_t i = 0; i < f->n_tenants; i++) {
		struct policy_settings settings = policy_defaults();
		struct heat_tenant *tenant;

		settings.weight = 1 + (uint32_t)(draw(f) % 1000);
		if (i % 3 == 0)
			settings.fast_min = (struct policy_amount){ true, 1000 };
		if (i % 5 == 0)
			settings.fast_max = (struct policy_amount){ true, 5000 };
		check(heat_tenant_add(f->heat, NULL, &tenant), "tenant");
		heat_tenant_settings(tenant, &settings);
		check(heat_space_add(tenant, NULL, &f->spaces[i]), "space");
		for (int look = 0; look < 4; look++)
			first_look(f, i);
	}
}

static double plan_once(struct fleet *f)
{
	struct plan_tier tiers[2] = { { .read_ns = 80 }, { .read_ns = 250 } };
	struct plan_input input = { .tiers = tiers, .n_tiers = 2, .interval_ms = 10000 };
	double start;

	input.rate_bytes = 1ull << 30;
	tiers[0].free_bytes = 64ull << 30;
	tiers[0].high_bytes = 32ull << 30;
	tiers[1].free_bytes = 1ull << 44;
	start = now();
	check(plan_make(f->heat, &input, &f->plan), "plan");
	return now() - start;
}

static void do_moves(struct fleet *f)
{
	for (size_t i = 0; i < f->plan.n_moves; i++) {
		const struct plan_move *move = &f->plan.moves[i];

		check(heat_moved(move->space, move->start, move->n_pages, move->to),
		      "moved");
	}
	heat_round(f->heat);
}

static int by_time(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* @active of the tenants, each with @percent of its chunks, change from plan to plan. */
static void measure(struct fleet *f, const char *name, size_t active, unsigned int percent)
{
	double folds[ROUNDS], plans[ROUNDS];
	size_t moves = 0;

	for (int round = 0; round < ROUNDS; round++) {
		double start = now();

		for (size_t i = 0; i < f->n_tenants; i++) {
			size_t tenant = (i + (size_t)round * active) % f->n_tenants;

			later_look(f, tenant, i < active ? percent : 0);
		}
		folds[round] = now() - start;
		plans[round] = plan_once(f);
		moves += f->plan.n_moves;
		do_moves(f);
	}
	qsort(folds, ROUNDS, sizeof(double), by_time);
	qsort(plans, ROUNDS, sizeof(double), by_time);
	printf("| %s | %.0f ms | %.0f ms | %.0f ms | %zu |\n", name,
	       1e3 * folds[ROUNDS / 2], 1e3 * plans[ROUNDS / 2], 1e3 * plans[ROUNDS - 1],
	       moves / ROUNDS);
}

/* As many looks that find nothing used as heat takes to go. */
static void cool_down(struct fleet *f)
{
	for (int look = 0; look < 256; look++) {
		for (size_t i = 0; i < f->n_tenants; i++)
			later_look(f, i, 0);
	}
}

int main(int argc, char **argv)
{
	struct fleet f = { .n_tenants = 10000, .n_chunks = 1000, .random = 1 };
	double start = now(), made, first;

	if (argc == 3) {
		f.n_tenants = strtoull(argv[1], NULL, 10);
		f.n_chunks = strtoull(argv[2], NULL, 10);
	}
	if ((argc != 1 && argc != 3) || !f.n_tenants || !f.n_chunks) {
		fprintf(stderr, "usage: planner [TENANTS REGIONS-OF-EACH]\n");
		return 2;
	}
	make_fleet(&f);
	made = now() - start;
	printf("%zu tenants, %zu regions of 2 MiB; %.1f MiB of heat (%.5f %% of what is tracked)\n",
	       f.n_tenants, f.n_tenants * f.n_chunks,
	       (double)heat_size_bytes(f.heat) / (1 << 20),
	       100.0 * (double)heat_size_bytes(f.heat) /
		       ((double)f.n_tenants * (double)f.n_chunks * (double)CHUNK));
	printf("four looks at all of it: %.1f s, %.0f ns a region\n", made,
	       1e9 * made / 4 / (double)f.n_tenants / (double)f.n_chunks);
	first = plan_once(&f);
	printf("first plan, of everything: %.0f ms, %zu moves\n", 1e3 * first,
	       f.plan.n_moves);
	do_moves(&f);
	printf("\n| what changed since the plan before | fold | plan, median | worst | moves |\n"
	       "|---|---|---|---|---|\n");
	measure(&f, "10 % of the tenants, 10 % of their regions", f.n_tenants / 10, 10);
	measure(&f, "all tenants, 10 % of their regions", f.n_tenants, 10);
	measure(&f, "1 % of the tenants, 1 % of their regions", f.n_tenants / 100 + 1, 1);
	measure(&f, "nothing", 0, 0);
	cool_down(&f);
	measure(&f, "nothing, and all is cold", 0, 0);
	measure(&f, "one tenant", 1, 10);
	plan_free(&f.plan);
	heat_destroy(f.heat);
	free(f.spaces);
	return 0;
}
