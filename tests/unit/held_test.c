// SPDX-License-Identifier: GPL-2.0-or-later
/* held_test.c -- memory that outlived its device. */

#include "held.h"

#include <errno.h>
#include <string.h>

#include "tree.h"

#define LINE "0x148000000-0x14fffffff state=offline node=1 zone=movable memmap=device " \
	     "added=134217728 online=0 scrub=0 scrubbed=0\n"

static int parse(const char *text, struct held *held)
{
	char line[512];

	strncpy(line, text, sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	return held_parse(line, held);
}

static void test_parse(void **state)
{
	struct held held;

	assert_int_equal(parse("0x1000-0x1fff,0x4000-0x4fff state=partial node=3 zone=none "
			       "memmap=dram added=8192 online=4096 future=1", &held), 0);
	assert_int_equal(held.n, 2);
	assert_int_equal(held.ranges[1].start, 0x4000);
	assert_int_equal(held.state, RAMIFY_STATE_PARTIAL);
	assert_int_equal(held.zone, RAMIFY_ZONE_UNKNOWN);
	assert_int_equal(held.node, 3);
	assert_int_equal(held.added_bytes, 8192);
	assert_int_equal(held.online_bytes, 4096);
}

static void test_wrong(void **state)
{
	static const char *const wrong[] = {
		"", " ", ",", "0x1000", "0x1000-", "0x1fff-0x1000", "0x1000-0x1fff state",
		"0x1000-0x1fff state=", "0x1000-0x1fff state=odd", "0x1000-0x1fff node=-1",
		"0x1000-0x1fff node=5000", "0x1000-0x1fff zone=dma", "0x1000-0x1fff memmap=x",
		"0x1000-0x1fff added=1k", "0x1000-0x1fff,x state=offline",
	};
	struct held held = { .n = 77 };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_not_equal(parse(wrong[i], &held), 0);
	assert_int_equal(held.n, 77);
}

static void test_many_ranges(void **state)
{
	char line[2 * (HELD_RANGES_MAX + 1) * 4 + 1] = "";
	struct held held;

	for (int i = 0; i < HELD_RANGES_MAX; i++)
		strcat(line, i ? ",1-2" : "1-2");
	assert_int_equal(held_parse(strdupa(line), &held), 0);
	assert_int_equal(held.n, HELD_RANGES_MAX);
	strcat(line, ",1-2");
	assert_int_equal(held_parse(line, &held), -ERANGE);
}

static void test_system(void **state)
{
	struct tree *tree = tree_create("soft-reserved-6.12");
	const struct ramify_device *dev;
	struct ramify_system *sys;

	tree_write(tree, "sys/bus/dax/drivers/ramify/held", LINE);
	sys = tree_system(tree);
	dev = tree_device(sys, "0x148000000-0x14fffffff");
	assert_int_equal(dev->mode, RAMIFY_MODE_HELD);
	assert_int_equal(dev->state, RAMIFY_STATE_OFFLINE);
	assert_null(dev->region);
	assert_null(ramify_next_device(sys, dev));
	/* The device that it was of is no longer free to use. */
	dev = tree_device(sys, "dax0.0");
	assert_int_equal(dev->mode, RAMIFY_MODE_HELD);
	assert_int_equal(dev->state, RAMIFY_STATE_HELD);
	assert_int_equal(dev->added_bytes, 0);
	assert_int_equal(ramify_held_untold(sys), 0);
	tree_write(tree, "sys/bus/dax/drivers/ramify/held", LINE "more=12\n");
	ramify_system_free(sys);
	sys = tree_system(tree);
	assert_int_equal(ramify_held_untold(sys), 12);
	ramify_system_free(sys);
	tree_write(tree, "sys/bus/dax/drivers/ramify/held", LINE "more=\n");
	tree_expect_absurd(tree, "ramify/held, line 2");
	tree_write(tree, "sys/bus/dax/drivers/ramify/held", LINE "0x15");
	tree_expect_absurd(tree, "ramify/held, line 2");
	tree_destroy(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_many_ranges),
		cmocka_unit_test(test_system),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
