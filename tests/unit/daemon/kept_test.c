// SPDX-License-Identifier: GPL-2.0-or-later
/* kept_test.c -- nothing is set of which it cannot be kept what it was. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <cmocka.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/kept.h"

static char folder[] = "/tmp/ramify-kept-XXXXXX";
static char setting[64], run[64], file[96];
static const struct kept kept = { setting, file };

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void expect(const char *path, const char *text)
{
	char got[64] = "";
	FILE *f = fopen(path, "re");

	assert_non_null(f);
	if (!fgets(got, sizeof(got), f))
		*got = '\0';
	fclose(f);
	assert_string_equal(got, text);
}

static int setup(void **state)
{
	strcpy(folder + sizeof(folder) - 7, "XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(setting, sizeof(setting), "%s/setting", folder);
	snprintf(run, sizeof(run), "%s/run", folder);
	snprintf(file, sizeof(file), "%s/setting", run);
	put(setting, "1\n");
	return 0;
}

static int teardown(void **state)
{
	unlink(file);
	unlink(setting);
	if (rmdir(run))
		unlink(run);
	return rmdir(folder);
}

static void expect_refusal(int err, const char *where)
{
	const char *at = NULL;

	assert_int_equal(kept_set(&kept, "0\n", &at), err);
	assert_string_equal(at, where);
	expect(setting, "1\n");
}

/* By one that is killed, then by the next one, which restores. */
static void test_keep(void **state)
{
	const char *at;

	assert_int_equal(kept_set(&kept, "0\n", &at), 0);
	expect(setting, "0\n");
	expect(file, "1\n");
	assert_int_equal(kept_set(&kept, "0\n", &at), 0);
	expect(file, "1\n");
	assert_int_equal(kept_restore(&kept, &at), 0);
	expect(setting, "1\n");
	assert_int_equal(access(file, F_OK), -1);
	put(setting, "2\n");
	assert_int_equal(kept_restore(&kept, &at), 0);
	expect(setting, "2\n");
}

static void test_no_folder(void **state)
{
	put(run, "");
	expect_refusal(-ENOTDIR, file);
	unlink(run);
	/* Nor can it be made. */
	snprintf(file, sizeof(file), "%s/none/none/setting", folder);
	expect_refusal(-ENOENT, file);
}

/* A file of which only the name has room says nothing; the next one must not take it for what was. */
static void test_full(void **state)
{
	struct rlimit none = { 0 }, before;
	const char *at = NULL;
	int err;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none.rlim_max = before.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	err = kept_set(&kept, "0\n", &at);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(err, -EFBIG);
	assert_string_equal(at, file);
	expect(setting, "1\n");
	assert_int_equal(kept_restore(&kept, &at), 0);
	expect(setting, "1\n");
	assert_int_equal(kept_set(&kept, "0\n", &at), 0);
	expect(file, "1\n");
	expect(setting, "0\n");
}

/* What the kernel does not take stays as it was, also when that is restored. */
static void test_refused(void **state)
{
	const char *at = NULL;

	unlink(setting);
	assert_int_equal(mkdir(setting, 0700), 0);
	assert_int_equal(kept_set(&kept, "0\n", &at), -EISDIR);
	assert_string_equal(at, setting);
	assert_int_equal(access(file, F_OK), -1);
	mkdir(run, 0700);
	put(file, "1\n");
	assert_int_equal(kept_restore(&kept, &at), -EISDIR);
	assert_string_equal(at, setting);
	expect(file, "1\n");
	assert_int_equal(rmdir(setting), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_keep, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_folder, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
