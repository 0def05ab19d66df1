// SPDX-License-Identifier: GPL-2.0-or-later
/* cpus_test.c -- which CPUs we may use, and the sum of their caches. */

#include "cpus.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "tree.h"

static void make_cache(struct tree *tree, int cpu, int index, const char *size, const char *shared)
{
	char path[128];

	snprintf(path, sizeof(path), "sys/devices/system/cpu/cpu%d/cache/index%d/size", cpu, index);
	tree_write(tree, path, size);
	snprintf(path, sizeof(path), "sys/devices/system/cpu/cpu%d/cache/index%d/shared_cpu_list",
		 cpu, index);
	tree_write(tree, path, shared);
}

/* Two complexes of two CPUs, each with a third-level cache of its own. */
static void test_cache(void **state)
{
	struct tree *tree = *state;
	uint64_t bytes;

	for (int cpu = 0; cpu < 4; cpu++) {
		make_cache(tree, cpu, 0, "32K\n", cpu % 2 ? "1\n" : "0\n");
		make_cache(tree, cpu, 3, "16384K\n", cpu < 2 ? "0-1\n" : "2-3\n");
	}
	assert_int_equal(cpus_cache(tree->ctx, "0-3", &bytes), 0);
	assert_int_equal(bytes, 32u << 20);
	assert_int_equal(cpus_cache(tree->ctx, "0-1", &bytes), 0);
	assert_int_equal(bytes, 16u << 20);
	assert_int_equal(cpus_cache(tree->ctx, "9", &bytes), 0);
	assert_true(bytes == RAMIFY_UNKNOWN);
	make_cache(tree, 0, 3, "16 MB\n", "0\n");
	assert_int_equal(cpus_cache(tree->ctx, "0", &bytes), -EBADMSG);
	assert_non_null(strstr(ramify_message(tree->ctx), "index3/size"));
}

static void test_permitted(void **state)
{
	struct tree *tree = *state;
	struct cpus cpus;
	cpu_set_t before, one;
	char list[16];
	int cpu = sched_getcpu();

	assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	assert_int_equal(cpus_permitted(tree->ctx, "0-8191", 0, &cpus), 0);
	assert_int_equal(cpus.n, 1);
	assert_int_equal(cpus.numbers[0], cpu);
	cpus_free(&cpus);
	snprintf(list, sizeof(list), "%d", cpu + 1);
	assert_int_equal(cpus_permitted(tree->ctx, list, 3, &cpus), -EPERM);
	assert_non_null(strstr(ramify_message(tree->ctx), "of node 3"));
	assert_int_equal(sched_setaffinity(0, sizeof(before), &before), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_cache),
		tree_test(test_permitted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
