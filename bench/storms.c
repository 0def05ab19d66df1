// SPDX-License-Identifier: GPL-2.0-or-later
/* storms.c -- what loads that tempt to it have moved, and what it takes to know of 64 GiB. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "core/sim.h"

#define PAGES 65536	/* resident: 256 MiB, of which a quarter is DRAM */
#define WARM 60
#define STEPS 160
#define BASE 0x7f0000000000ull

static void check(int err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "storms: %s: %s\n", what, strerror(-err));
	exit(1);
}

/* ---- storms ---- */

static const struct sim_load hot = {
	.kind = SIM_HOT, .pages = PAGES, .accesses = 4 * PAGES,
	.hot_pages = PAGES / 10, .hot_share = 0.9,
};

typedef void turn_fn(struct sim_load *load, int step);

static void stay(struct sim_load *load, int step)
{
}

/* One step of sixteen goes to a part that is otherwise cold, each time another one. */
static void burst(struct sim_load *load, int step)
{
	bool now = step % 16 == 0;

	load->hot_first = now ? (uint32_t)(PAGES / 4 + step * (PAGES / 40)) % PAGES : 0;
	load->hot_share = 1;
}

/* Two hot sets, each for as long as it takes to bring it up. */
static void ping_pong(struct sim_load *load, int step)
{
	load->hot_first = step / 10 % 2 ? PAGES / 2 : 0;
}

static void sweep(struct sim_load *load, int step)
{
	load->kind = SIM_SWEEP;
	load->accesses = PAGES / 2;
}

static void sweep_slow(struct sim_load *load, int step)
{
	load->kind = SIM_SWEEP;
	load->accesses = PAGES / 20;
}

static void uniform(struct sim_load *load, int step)
{
	load->kind = SIM_UNIFORM;
	load->accesses = PAGES;
}

/* Pages that were moved by the first steps, and by the last of them. */
static void storm(const char *name, turn_fn *turn)
{
	struct sim_input input = {
		.tiers = { { .pages = PAGES / 4 + 512, .high_pages = 512, .read_ns = 80 },
			   { .pages = 2 * PAGES, .high_pages = 512, .read_ns = 250 } },
		.n_tiers = 2, .seed = 1,
	};
	struct policy_settings settings = policy_defaults();
	uint64_t first = 0, last = 0, most = 0;
	struct sim_load load = hot;
	struct sim_tenant_step did;
	struct sim *sim;
	size_t tenant;

	check(sim_create(&input, &sim), "sim");
	check(sim_tenant_add(sim, &settings, &load, 1, &tenant), "tenant");
	for (int step = 0; step < WARM + STEPS; step++) {
		turn(&load, step);
		check(sim_tenant_load(sim, tenant, &load), "load");
		check(sim_step(sim, &did), "step");
		*(step < WARM ? &first : &last) += did.moved_pages;
		if (step >= WARM && most < did.moved_pages)
			most = did.moved_pages;
	}
	printf("| %s | %.1f MiB | %.2f MiB | %.3f %% | %.2f %% |\n", name, (double)first / 256,
	       (double)last / 256, 100.0 * (double)last / STEPS / PAGES,
	       100.0 * (double)most / PAGES);
	sim_destroy(sim);
}

/* ---- memory ---- */

#define CHUNKS (64u << 9)	/* of 2 MiB: 64 GiB */

typedef size_t chunk_fn(struct heat_run *runs, uint64_t start);

static struct heat_run run(uint64_t start, uint32_t n_pages, bool used)
{
	return (struct heat_run){ .start = start, .n_pages = n_pages, .state = HEAT_PRESENT,
				  .rank = 1, .rate = used ? 255 : 0 };
}

static uint64_t random_state = 1;

static bool toss(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state & 1;
}

/* Each page is used or not, as chance has it. */
static size_t dense(struct heat_run *runs, uint64_t start)
{
	for (size_t i = 0; i < HEAT_CHUNK_PAGES; i++)
		runs[i] = run(start + i * HEAT_PAGE, 1, toss());
	return HEAT_CHUNK_PAGES;
}

/* Eight clusters of 8 pages, always the same. */
static size_t clusters(struct heat_run *runs, uint64_t start)
{
	for (size_t i = 0; i < 16; i++)
		runs[i] = run(start + (i / 2 * 64 + i % 2 * 8) * HEAT_PAGE, i % 2 ? 56 : 8, !(i % 2));
	return 16;
}

static size_t huge(struct heat_run *runs, uint64_t start)
{
	*runs = run(start, HEAT_CHUNK_PAGES, toss());
	runs->flags = HEAT_HUGE;
	return 1;
}

static size_t idle(struct heat_run *runs, uint64_t start)
{
	*runs = run(start, HEAT_CHUNK_PAGES, false);
	return 1;
}

static void memory(const char *name, chunk_fn *fill)
{
	static const struct heat_look exact = { .confidence = 255, .grain_shift = 12 };
	static struct heat_run runs[HEAT_CHUNK_PAGES];
	struct heat_tenant *tenant;
	struct heat_space *space;
	struct heat *heat;
	double bytes;

	check(heat_create(&heat), "heat");
	check(heat_tenant_add(heat, NULL, &tenant), "tenant");
	check(heat_space_add(tenant, NULL, &space), "space");
	for (int look = 0; look < 4; look++) {
		heat_look_begin(space, &exact);
		for (uint64_t i = 0; i < CHUNKS; i++)
			check(heat_fold(space, runs, fill(runs, BASE + (i << 21))), "fold");
		heat_look_end(space);
	}
	bytes = (double)heat_size_bytes(heat);
	printf("| %s | %.1f MiB | %.4f %% |\n", name, bytes / (1 << 20),
	       100 * bytes / ((double)CHUNKS * (2 << 20)));
	heat_destroy(heat);
}

int main(void)
{
	struct rusage usage;

	printf("| load | moved in %d periods | in %d more | a period, of what is resident | "
	       "most in one |\n|---|---|---|---|---|\n", WARM, STEPS);
	storm("hot set at rest", stay);
	storm("bursts", burst);
	storm("sweep, half a period", sweep);
	storm("sweep, 5 % a period", sweep_slow);
	storm("ping-pong", ping_pong);
	storm("uniform", uniform);
	printf("\n| 64 GiB in 4 KiB pages | heat | of what is tracked |\n|---|---|---|\n");
	memory("idle", idle);
	memory("huge pages", huge);
	memory("eight clusters in each 2 MiB", clusters);
	memory("each page by chance", dense);
	getrusage(RUSAGE_SELF, &usage);
	printf("\nThe most that this program had: %ld MiB\n", usage.ru_maxrss / 1024);
	return 0;
}
