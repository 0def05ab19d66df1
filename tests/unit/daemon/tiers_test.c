// SPDX-License-Identifier: GPL-2.0-or-later
/* tiers_test.c -- for how many reads a write counts; how much room there is on a node. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/tiers.h"

static void write_weight(void **state)
{
	/* A read gains 170 ns, a write 510. */
	assert_int_equal(tiers_write_weight(80, 90, 250, 600), 3);
	assert_int_equal(tiers_write_weight(80, 80, 250, 250), 1);
	assert_int_equal(tiers_write_weight(80, 80, 250, 100), 1);
	assert_int_equal(tiers_write_weight(80, 80, 90, 5000), 8);
	assert_int_equal(tiers_write_weight(80, 0, 250, 600), 1);
	assert_int_equal(tiers_write_weight(0, 0, 0, 0), 1);
	/* The slow one is not slow. */
	assert_int_equal(tiers_write_weight(250, 90, 80, 600), 1);
}

#define MIB (1ULL << 20)

/* Node 0 of 1000 MiB, of which 10 are kept free; the kernel's marks are at 2 and 5. */
static struct tiers one_node(uint64_t free_mib, uint64_t idle_mib)
{
	struct tiers tiers = { .n = 1, .n_nodes = 1, .headroom_bytes = 5 * MIB };

	tiers.now.nodes[0] = (struct zoneinfo_node){
		.managed_bytes = 1000 * MIB, .free_bytes = free_mib * MIB, .min_bytes = 2 * MIB,
		.high_bytes = 5 * MIB, .idle_file_bytes = idle_mib * MIB
	};
	return tiers;
}

static void room(void **state)
{
	struct tiers tiers = one_node(110, 0);

	assert_int_equal(tiers_mark(&tiers, 0), 10 * MIB);
	assert_int_equal(tiers_room(&tiers, 0), 50 * MIB);
	assert_int_equal(tiers_room_now(&tiers, 0, 0), 50 * MIB);
	/* Others take so much meanwhile. */
	assert_int_equal(tiers_room_now(&tiers, 0, 40 * MIB), 30 * MIB);
	assert_int_equal(tiers_room_now(&tiers, 0, 100 * MIB), 0);
	assert_int_equal(tiers_room_now(&tiers, 0, 200 * MIB), 0);
	/* What this processor keeps is free for it. */
	tiers.now.nodes[0].own_bytes = 6 * MIB;
	assert_int_equal(tiers_room(&tiers, 0), 53 * MIB);
	assert_int_equal(tiers_room_now(&tiers, 0, 0), 53 * MIB);
	/* It is the first to be used, and is told of only now and then. */
	tiers_took(&tiers, 0, 4 * MIB);
	assert_int_equal(tiers_room_now(&tiers, 0, 0), 51 * MIB);
	tiers_took(&tiers, 0, 4 * MIB);
	assert_int_equal(tiers_room_now(&tiers, 0, 0), 50 * MIB);
	/* What others keep is headroom, as far as it takes no more than a half of that. */
	tiers = one_node(30, 0);
	tiers.now.nodes[0].kept_bytes = 2 * MIB;
	assert_int_equal(tiers_room(&tiers, 0), 11 * MIB);
	assert_int_equal(tiers_room_now(&tiers, 0, 0), 11 * MIB);
	tiers.now.nodes[0].kept_bytes = 9 * MIB;
	assert_int_equal(tiers_room(&tiers, 0), 45 * MIB / 4);
	tiers.ranks[0] = 1;
	assert_int_equal(tiers_room(&tiers, 0), 25 * MIB / 2);
	/* Nothing idle: the kernel's own marks are not touched. */
	tiers = one_node(9, 0);
	assert_int_equal(tiers_room(&tiers, 0), 0);
	assert_int_equal(tiers_room_now(&tiers, 0, 0), 0);
}

/* On a node full of files' pages the kernel keeps free only what its marks say. */
static void room_idle(void **state)
{
	struct plan_tier plan[HEAT_RANKS_MAX];
	struct tiers tiers = one_node(4, 400);

	assert_int_equal(tiers_idle(&tiers, 0), 200 * MIB);
	assert_int_equal(tiers_room(&tiers, 0), 97 * MIB);
	/* The low mark is at 3.5. */
	assert_int_equal(tiers_room_now(&tiers, 0, 0), 5 * MIB / 8);
	assert_int_equal(tiers_room_now(&tiers, 0, MIB), MIB / 8);
	assert_int_equal(tiers_room_now(&tiers, 0, 500 * MIB), 0);
	tiers_plan(&tiers, plan);
	assert_int_equal(plan[0].free_bytes, 204 * MIB);
	assert_int_equal(plan[0].high_bytes, 10 * MIB);
	tiers.now.nodes[0].own_bytes = 3 * MIB;
	tiers_plan(&tiers, plan);
	assert_int_equal(plan[0].free_bytes, 207 * MIB);
	/* At the min watermark, it is for the kernel to go on first. */
	tiers = one_node(2, 400);
	assert_int_equal(tiers_room_now(&tiers, 0, 0), 0);
	/* Too little of it: the kernel would take other pages too. */
	tiers = one_node(4, 16);
	assert_int_equal(tiers_idle(&tiers, 0), 0);
	assert_int_equal(tiers_room(&tiers, 0), 0);
	assert_int_equal(tiers_room_now(&tiers, 0, 0), 0);
}

/* Wherever this runs, and whose list pages are in: as much is there. */
static void kept(void **state)
{
	struct plan_tier here[HEAT_RANKS_MAX], there[HEAT_RANKS_MAX];
	struct tiers tiers = one_node(9, 0);

	tiers.now.nodes[0].own_bytes = 2 * MIB;
	tiers.now.nodes[0].kept_bytes = MIB / 2;
	tiers_plan(&tiers, here);
	tiers.now.nodes[0].own_bytes = MIB / 2;
	tiers.now.nodes[0].kept_bytes = 2 * MIB;
	tiers_plan(&tiers, there);
	assert_int_equal(here[0].free_bytes, there[0].free_bytes);
	assert_int_equal(there[0].free_bytes, 23 * MIB / 2);
}

/* Where reclaim has swapped out, only what is free above the mark. */
static void room_wary(void **state)
{
	struct tiers tiers = one_node(4, 400);

	tiers.wary[0] = 2;
	assert_int_equal(tiers_room_now(&tiers, 0, 0), 0);
	tiers_begin_plan(&tiers);
	assert_int_equal(tiers_room_now(&tiers, 0, 0), 0);
	tiers_begin_plan(&tiers);
	assert_int_equal(tiers_room_now(&tiers, 0, 0), 5 * MIB / 8);
	tiers_begin_plan(&tiers);
	assert_int_equal(tiers_room_now(&tiers, 0, 0), 5 * MIB / 8);
	tiers = one_node(110, 400);
	tiers.wary[0] = 2;
	assert_int_equal(tiers_room_now(&tiers, 0, 0), 50 * MIB);
}

/* By what was put there, and not by others alone. */
static void pushed(void **state)
{
	struct tiers tiers = one_node(1, 0);

	assert_true(tiers_pushed(&tiers, 0, MIB));
	assert_false(tiers_pushed(&tiers, 0, MIB / 2));
	tiers.now.nodes[0].own_bytes = MIB;
	assert_false(tiers_pushed(&tiers, 0, MIB));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(write_weight),
		cmocka_unit_test(room),
		cmocka_unit_test(room_idle),
		cmocka_unit_test(kept),
		cmocka_unit_test(room_wary),
		cmocka_unit_test(pushed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
