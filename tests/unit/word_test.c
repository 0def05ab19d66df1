// SPDX-License-Identifier: GPL-2.0-or-later
/* word_test.c -- words to values and back. */

#include "word.h"

#include <errno.h>

#include "tree.h"

static void test_names(void **state)
{
	assert_string_equal(ramify_source_name(RAMIFY_SOFT_RESERVED), "soft-reserved");
	assert_string_equal(ramify_mode_name(RAMIFY_MODE_HELD), "held");
	assert_string_equal(ramify_state_name(RAMIFY_STATE_SCRUBBING), "scrubbing");
	assert_null(ramify_state_name(RAMIFY_STATE_UNKNOWN));
	assert_null(ramify_zone_name(RAMIFY_ZONE_UNKNOWN));
	assert_string_equal(ramify_zone_name(RAMIFY_ZONE_MIXED), "mixed");
	assert_null(ramify_memmap_name(RAMIFY_MEMMAP_UNKNOWN));
	assert_string_equal(ramify_verdict_name(RAMIFY_BAD), "bad");
	assert_null(ramify_memmap_name(99));
	assert_null(ramify_mode_name((enum ramify_mode)-1));
}

static void test_values(void **state)
{
	enum ramify_state device_state = RAMIFY_STATE_IDLE;
	enum ramify_zone zone = RAMIFY_ZONE_KERNEL;
	enum ramify_memmap memmap = RAMIFY_MEMMAP_UNKNOWN;

	assert_int_equal(word_state("removing", &device_state), 0);
	assert_int_equal(device_state, RAMIFY_STATE_REMOVING);
	assert_int_equal(word_state("dancing", &device_state), -EINVAL);
	assert_int_equal(word_state("", &device_state), -EINVAL);
	assert_int_equal(device_state, RAMIFY_STATE_REMOVING);
	assert_int_equal(word_zone("none", &zone), 0);
	assert_int_equal(zone, RAMIFY_ZONE_UNKNOWN);
	assert_int_equal(word_zone("movable", &zone), 0);
	assert_int_equal(zone, RAMIFY_ZONE_MOVABLE);
	assert_int_equal(word_zone("Movable", &zone), -EINVAL);
	assert_int_equal(word_memmap("device", &memmap), 0);
	assert_int_equal(memmap, RAMIFY_MEMMAP_DEVICE);
	assert_int_equal(word_memmap("none", &memmap), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
