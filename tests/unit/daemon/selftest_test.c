// SPDX-License-Identifier: GPL-2.0-or-later
/* selftest_test.c -- a sampler that errs is found out, and how much it erred is told. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "daemon/maps.h"
#include "daemon/selftest.h"

/* One that tells the same of all that is mapped, and has no idea. */
struct sample {
	pid_t pid;
};

static struct sample only;
static struct heat_run answer;
static int open_error, closed;

static int fake_probe(const char **ret_why)
{
	*ret_why = "it is not there";
	return answer.state == HEAT_BLIND ? -ENOENT : 0;
}

static int fake_open(pid_t pid, int pidfd, struct sample **ret_sample)
{
	if (open_error)
		return open_error;
	only.pid = pid;
	*ret_sample = &only;
	return 0;
}

static int fake_look(struct sample *s, const struct sample_request *request,
		     struct sample_result *ret_result)
{
	struct mapping m;
	uint64_t at = 0;
	char path[32];
	FILE *maps;
	int err = 0;

	snprintf(path, sizeof(path), "/proc/%d/maps", s->pid);
	maps = fopen(path, "re");
	assert_non_null(maps);
	while (!err && maps_next(maps, at, &m) == 1) {
		struct heat_run run = answer;

		/* A sanitizer's shadow has terabytes. */
		if (m.end - m.start < 1ULL << 30) {
			run.start = m.start;
			run.n_pages = (uint32_t)((m.end - m.start) / HEAT_PAGE);
			err = request->fold(request->arg, &run, 1);
		}
		at = m.end;
	}
	fclose(maps);
	*ret_result = (struct sample_result){.resume = request->end};
	return err;
}

static void fake_close(struct sample *s)
{
	closed += s == &only;
}

static const struct sampler fake = {
	.name = "fake",
	.exact = true,
	.probe = fake_probe,
	.open = fake_open,
	.look = fake_look,
	.close = fake_close,
};

static void expect(int want, const char *want_why)
{
	char why[160] = "";

	closed = 0;
	assert_int_equal(selftest(&fake, why, sizeof(why)), want);
	assert_string_equal(why, want_why);
}

/* 4 chunks of 512 pages have one used in 7: 293 of 4096. */
static void test_none_used(void **state)
{
	answer = (struct heat_run){.state = HEAT_PRESENT};
	expect(-EBADMSG, "it missed 293, imagined 0 and left out 0 of 4096 pages in its test");
	assert_int_equal(closed, 1);
}

static void test_all_used(void **state)
{
	answer = (struct heat_run){.state = HEAT_PRESENT, .rate = 255};
	expect(-EBADMSG, "it missed 0, imagined 3803 and left out 0 of 4096 pages in its test");
	assert_int_equal(closed, 1);
}

static void test_nothing_there(void **state)
{
	answer = (struct heat_run){.state = HEAT_ABSENT};
	expect(-EBADMSG, "it missed 293, imagined 0 and left out 4096 of 4096 pages in its test");
}

static void test_not_opened(void **state)
{
	answer = (struct heat_run){.state = HEAT_PRESENT};
	open_error = -EPERM;
	expect(-EPERM, "its test failed: Operation not permitted");
	open_error = 0;
}

static void test_not_there(void **state)
{
	answer = (struct heat_run){.state = HEAT_BLIND};
	expect(-ENOENT, "it is not there");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none_used),
		cmocka_unit_test(test_all_used),
		cmocka_unit_test(test_nothing_there),
		cmocka_unit_test(test_not_opened),
		cmocka_unit_test(test_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
