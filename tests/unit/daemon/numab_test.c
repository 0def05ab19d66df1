// SPDX-License-Identifier: GPL-2.0-or-later
/* numab_test.c -- is a process left alone by NUMA balancing, as numa_maps tells of its policy? */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <numaif.h>
#include <unistd.h>

#include "daemon/numab.h"

static void by_line(void **state)
{
	assert_false(numab_policy_stops("55d0c6b1e000 default file=/usr/bin/cat mapped=1"));
	assert_false(numab_policy_stops("55d0c6b1e000 local file=/usr/bin/cat"));
	assert_true(numab_policy_stops("55d0c6b1e000 prefer (many):0 file=/usr/bin/cat"));
	assert_true(numab_policy_stops("55d0c6b1e000 prefer:1 file=/usr/bin/cat"));
	assert_true(numab_policy_stops("55d0c6b1e000 weighted interleave:0-1 file=/x"));
	assert_true(numab_policy_stops("55d0c6b1e000 bind=static:0 file=/x"));
	assert_false(numab_policy_stops("55d0c6b1e000 prefer (many)=balancing:0 file=/x"));
	assert_false(numab_policy_stops("55d0c6b1e000 bind=balancing:0 file=/x"));
	assert_false(numab_policy_stops("55d0c6b1e000 bind=:0 file=/x"));
	assert_false(numab_policy_stops(""));
	assert_false(numab_policy_stops("nonsense"));
}

/* This very process. */
static void of_process(void **state)
{
	unsigned long node = 1;

	if (set_mempolicy(MPOL_PREFERRED, &node, 2))
		skip();
	assert_true(numab_spares(getpid()));
	assert_int_equal(set_mempolicy(MPOL_DEFAULT, NULL, 0), 0);
	assert_int_equal(numab_spares(getpid()), numab_read() <= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_line),
		cmocka_unit_test(of_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
