// SPDX-License-Identifier: GPL-2.0-or-later
/* pids_test.c -- which PIDs there are, and which are new. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <cmocka.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/pids.h"

static void test_last(void **state)
{
	static const char *const bad[] = { "", "4711", "0.00 0.01 0.05 1/123 ", "0.00 1/123 x\n",
					   "0.00 1/123 12x\n", "0.00 1/123 0\n",
					   "0.00 1/123 99999999999\n", "0.00 1/123 -5\n" };
	pid_t last = 7;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(pids_last(bad[i], &last), -EPROTO);
	assert_int_equal(last, 7);
	assert_int_equal(pids_last("0.00 0.01 0.05 1/123 4711\n", &last), 0);
	assert_int_equal(last, 4711);
}

static bool has(struct pids_mark *mark, bool wanted, pid_t pid, bool *ret_all)
{
	pid_t *pids;
	bool found = false;
	size_t n;

	assert_int_equal(pids_read(mark, wanted, &pids, &n, ret_all), 0);
	for (size_t i = 0; i < n; i++) {
		found |= pids[i] == pid;
		assert_true(!i || pids[i - 1] < pids[i]);
	}
	free(pids);
	return found;
}

static void test_new(void **state)
{
	struct pids_mark mark = { 0 };
	bool all;
	pid_t child;

	assert_true(has(&mark, false, getpid(), &all));
	assert_true(all);
	child = fork();
	if (!child)
		_exit(0);
	assert_true(has(&mark, false, child, &all));
	/* Twice. */
	assert_true(all || has(&mark, false, child, &all));
	assert_true(has(&mark, true, child, &all));
	assert_true(all);
	assert_int_equal(waitpid(child, NULL, 0), child);
	/* PIDs have begun anew. */
	mark.last[0] = INT32_MAX;
	assert_true(has(&mark, false, getpid(), &all));
	assert_true(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last),
		cmocka_unit_test(test_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
