// SPDX-License-Identifier: GPL-2.0-or-later
/* mover_test.c -- a plan for this very process is carried out; only what there is room for. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/mover.h"
#include "daemon/pidfd.h"

#define PAGES 2048	/* four chunks */
#define CHUNK (512 * 4096UL)

static struct heat *heat;
static struct tenant tenant;
static struct process process = { .tenant = &tenant };
static struct range range;
static struct tiers tiers;
static struct plan_move moves[4];
static struct plan plan = { .moves = moves };
static struct mover mover;
static struct decisions decisions;
static unsigned char *memory;
static struct heat_look look = { .confidence = 255, .grain_shift = 12 };

/* What is free of node 0 above what is kept, as if others neither took nor gave; UINT64_MAX: as it is. */
static uint64_t spare_bytes = UINT64_MAX;

int __real_tiers_refresh(struct tiers *t);
int __wrap_tiers_refresh(struct tiers *t);
int __real_tiers_refresh_node(struct tiers *t, unsigned int node);
int __wrap_tiers_refresh_node(struct tiers *t, unsigned int node);

static void set_spare(struct tiers *t)
{
	t->now.nodes[0] = (struct zoneinfo_node){ .managed_bytes = 1ULL << 40,
						      .min_bytes = 1 << 20, .high_bytes = 1 << 21 };
	t->now.nodes[0].free_bytes = tiers_mark(t, 0) + spare_bytes;
}

int __wrap_tiers_refresh(struct tiers *t)
{
	int err = __real_tiers_refresh(t);

	if (!err && spare_bytes != UINT64_MAX)
		set_spare(t);
	return err;
}

int __wrap_tiers_refresh_node(struct tiers *t, unsigned int node)
{
	if (spare_bytes == UINT64_MAX)
		return __real_tiers_refresh_node(t, node);
	set_spare(t);
	return 0;
}

/* All memory is taken for rank 1 of a machine on which node 0 is of rank 0. */
static int setup(void **state)
{
	struct heat_run run = { .n_pages = PAGES, .state = HEAT_PRESENT, .rank = 1, .rate = 255 };

	memory = mmap(NULL, PAGES * 4096 + CHUNK, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memory = (unsigned char *)(((uintptr_t)memory + CHUNK - 1) & -CHUNK);
	madvise(memory, PAGES * 4096, MADV_NOHUGEPAGE);
	memset(memory, 7, PAGES * 4096);
	memset(&tiers, 0, sizeof(tiers));
	memset(&mover, 0, sizeof(mover));
	tenant = (struct tenant){ .name = "gold" };
	range = (struct range){ (uintptr_t)memory, (uintptr_t)memory + PAGES * 4096 };
	process.ranges = (struct ranges){ .items = &range, .n = 1 };
	process.pid = getpid();
	process.pidfd = pidfd_of(process.pid);
	process.status.nodes[0] = 1;
	run.start = (uintptr_t)memory;
	if (tiers_refresh(&tiers) || heat_create(&heat) ||
	    heat_tenant_add(heat, &tenant, &tenant.heat) ||
	    heat_space_add(tenant.heat, &process, &process.space))
		return -1;
	heat_look_begin(process.space, &look);
	heat_fold(process.space, &run, 1);
	heat_look_end(process.space);
	for (unsigned int i = 0; i < 4; i++)
		moves[i] = (struct plan_move){ .space = process.space, .start = run.start + i * CHUNK,
					       .n_pages = 512, .kind = PLAN_PROMOTE, .from = 1,
					       .batch = i / 2 };
	plan.n_moves = 4;
	return 0;
}

static int teardown(void **state)
{
	spare_bytes = UINT64_MAX;
	decisions_clear(&decisions);
	heat_destroy(heat);
	close(process.pidfd);
	return 0;
}

static uint64_t in_rank(unsigned int rank)
{
	struct heat_stat stat;
	uint64_t pages = 0;

	heat_stat(tenant.heat, &stat);
	for (unsigned int i = 0; i < HEAT_LEVELS; i++)
		pages += stat.pages[rank][i];
	return pages;
}

static void run(void)
{
	unsigned int steps = 0;

	decisions_take(&decisions, &plan, 1, false, false);
	mover_begin(&mover, &plan, &tiers, &decisions);
	while (mover_step(&mover))
		assert_true(++steps < 100);
	assert_false(mover_step(&mover));
}

/* All moves of a plan here are one decision. */
static const struct outcome *outcome(void)
{
	assert_int_equal(decisions.n, 1);
	return &decisions_back(&decisions, 0)->outcome;
}

static void all(void **state)
{
	assert_int_equal(in_rank(1), PAGES);
	memory[5 * 4096] = 8;
	munmap(memory + 7 * 4096, 4096);
	run();
	if (mover.counts.failed[MOVE_DENIED])
		skip();
	assert_int_equal(mover.counts.promoted, PAGES - 1);
	assert_int_equal(mover.counts.failed[MOVE_GONE], 1);
	assert_int_equal(outcome()->fates[MOVE_MOVED], PAGES - 1);
	assert_int_equal(outcome()->fates[MOVE_GONE], 1);
	assert_int_equal(tenant.counts.promoted, PAGES - 1);
	assert_int_equal(in_rank(0), PAGES - 1);
	assert_int_equal(memory[5 * 4096], 8);
}

static void dry_run(void **state)
{
	for (unsigned int i = 0; i < 4; i++)
		moves[i].dry_run = i != 2;
	run();
	if (mover.counts.failed[MOVE_DENIED])
		skip();
	assert_int_equal(mover.counts.promoted, 512);
}

/* The mark is above what is free. */
static void no_room(void **state)
{
	tiers.headroom_bytes = UINT64_MAX / 4;
	for (unsigned int node = 0; node < tiers.n_nodes; node++)
		tiers.now.nodes[node].managed_bytes = UINT64_MAX / 4;
	assert_int_equal(tiers_room(&tiers, 0), 0);
}

/* Half of what is spare may be used by a batch: of its second move a part, and the rest is put off. */
static void partly(void **state)
{
	spare_bytes = 2 * 700 * 4096;
	run();
	if (mover.counts.failed[MOVE_DENIED])
		skip();
	assert_int_equal(mover.counts.promoted, 2 * 700);
	assert_int_equal(mover.counts.put_off, PAGES - 2 * 700);
	assert_int_equal(tenant.counts.put_off, PAGES - 2 * 700);
	assert_int_equal(outcome()->fates[MOVE_MOVED], 2 * 700);
	assert_int_equal(outcome()->put_off, PAGES - 2 * 700);
	assert_int_equal(in_rank(0), 2 * 700);
	/* Those that come first. */
	assert_int_equal(mover.calls, 4);
	assert_int_equal(mover.calls_below_min, 0);
}

/* A huge page moves as a whole, or is put off. */
static void not_partly(void **state)
{
	spare_bytes = 2 * 700 * 4096;
	moves[1].huge = moves[3].huge = true;
	run();
	if (mover.counts.failed[MOVE_DENIED])
		skip();
	assert_int_equal(mover.counts.promoted, 2 * 512);
	assert_int_equal(mover.counts.put_off, 2 * 512);
	/* With no room at all nothing is tried. */
	spare_bytes = 0;
	mover.calls = 0;
	decisions_clear(&decisions);
	run();
	assert_int_equal(mover.counts.put_off, PAGES);
	assert_int_equal(mover.calls, 0);
}

/* What is shared needs a call of its own, also where one move goes over its edge. */
static void edge_of_shared(void **state)
{
	struct range ranges[] = { range, range };
	uint64_t calls;

	run();
	if (mover.counts.failed[MOVE_DENIED])
		skip();
	calls = mover.calls;
	mover.calls = mover.counts.promoted = 0;
	ranges[0].end = ranges[1].start = range.start + 100 * 4096;
	ranges[1].shared = true;
	process.ranges = (struct ranges){ .items = ranges, .n = 2 };
	decisions_clear(&decisions);
	run();
	assert_int_equal(mover.counts.promoted, PAGES);
	assert_int_equal(mover.calls, calls + 1);
}

/* Its cpuset allows no node of that tier. */
static void forbidden(void **state)
{
	process.status.nodes[0] = 0;
	run();
	assert_int_equal(mover.counts.promoted, 0);
	assert_int_equal(mover.counts.put_off, 0);
	assert_int_equal(mover.counts.forbidden, PAGES);
	assert_int_equal(tenant.counts.forbidden, PAGES);
	assert_int_equal(outcome()->forbidden, PAGES);
	assert_int_equal(in_rank(1), PAGES);
}

/* Nodes came or went since it was planned. */
static void other_tiers(void **state)
{
	decisions_take(&decisions, &plan, 1, false, false);
	mover_begin(&mover, &plan, &tiers, &decisions);
	tiers.generation++;
	while (mover_step(&mover))
		;
	assert_int_equal(mover.counts.promoted, 0);
	assert_int_equal(outcome()->put_off, PAGES);
	assert_int_equal(mover.counts.put_off, PAGES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all, setup, teardown),
		cmocka_unit_test_setup_teardown(dry_run, setup, teardown),
		cmocka_unit_test_setup_teardown(no_room, setup, teardown),
		cmocka_unit_test_setup_teardown(partly, setup, teardown),
		cmocka_unit_test_setup_teardown(not_partly, setup, teardown),
		cmocka_unit_test_setup_teardown(edge_of_shared, setup, teardown),
		cmocka_unit_test_setup_teardown(forbidden, setup, teardown),
		cmocka_unit_test_setup_teardown(other_tiers, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
