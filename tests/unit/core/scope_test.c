// SPDX-License-Identifier: GPL-2.0-or-later
/* scope_test.c -- the policy that a cgroup's name says, and who may use it. */

#include <errno.h>
#include <string.h>

#include "core/core.h"

#include "random.h"

static void is(const char *cgroup, const char *policy, size_t len)
{
	char name[POLICY_NAME_MAX + 1];
	size_t got = 0;

	assert_int_equal(scope_find(cgroup, name, &got), 0);
	assert_string_equal(name, policy);
	assert_int_equal(got, len);
}

static void none(const char *cgroup)
{
	char name[POLICY_NAME_MAX + 1] = "untouched";
	size_t len = 77;

	assert_int_equal(scope_find(cgroup, name, &len), -ENOENT);
	assert_int_equal(len, 77);
}

static void test_names(void **state)
{
	char name[SCOPE_NAME_MAX], longest[POLICY_NAME_MAX + 8] = "";
	char found[POLICY_NAME_MAX + 1];
	size_t len;

	is("/system.slice/ramify-gold-12.scope", "gold", 34);
	is("/ramify-a-5-1.scope", "a-5", 19);
	is("/ramify-5-1.scope/inner/most", "5", 17);
	is("/ramify-out-1.scope/ramify-in-2.scope/x", "in", 37);
	none("/");
	none("");
	none("/ramify-.scope");
	none("/ramify-12.scope");
	none("/ramify--12.scope");
	none("/ramify-gold-.scope");
	none("/ramify-gold-12.scope2");
	none("/ramify-gold-1x.scope");
	none("/x-ramify-gold-12.scope");
	none("/ramify-gold-12.service");
	memset(longest, 'a', POLICY_NAME_MAX + 1);
	snprintf(name, sizeof(name), "ramify-%s-1.scope", longest);
	none(name);
	longest[POLICY_NAME_MAX] = '\0';
	scope_name(longest, UINT32_MAX, name);
	assert_int_equal(scope_find(name, found, &len), 0);
	assert_string_equal(found, longest);
}

static struct policies policies_of(const char *const lines[][3], size_t n)
{
	struct policies set = { 0 };
	struct policy_error error;

	for (size_t i = 0; i < n; i++)
		assert_int_equal(policies_line(&set, lines[i][0], lines[i][1], lines[i][2], "f",
					       (unsigned int)i + 1, &error), 0);
	return set;
}

/* What it was started with goes before what matches, if the one who started it may. */
static void test_runs(void **state)
{
	static const char *const lines[][3] = {
		{ "policy all", "user", "0" },	     { "policy all", "user", "alice" },
		{ "policy alices", "run", "alice" }, { "policy alices", "run", "1005" },
		{ "policy roots", "exe", "/bin/x" }, { "policy open", "run", "*" },
	};
	struct policies set = policies_of(lines, 6);
	struct policy_process p = { .uid = 1000, .user = "alice", .pid = 5, .exe = "/bin/y" };
	struct policy_facts facts = { 0 };
	struct policy_error error;

	assert_int_equal(policies_check(&set, &facts, &error), 0);
	assert_string_equal(policies_find(&set, &p)->name, "all");
	p.run = "alices";
	p.run_uid = 1000;
	assert_string_equal(policies_find(&set, &p)->name, "all");
	p.run_user = "alice";
	assert_string_equal(policies_find(&set, &p)->name, "alices");
	assert_true(policy_runs(&set.items[1], &p));
	assert_false(policy_runs(&set.items[0], &p));
	p.run_user = NULL;
	p.run_uid = 1005;
	assert_string_equal(policies_find(&set, &p)->name, "alices");
	p.run = "roots";
	assert_string_equal(policies_find(&set, &p)->name, "all");
	p.run_uid = 0;
	assert_string_equal(policies_find(&set, &p)->name, "roots");
	p.run_uid = 77;
	p.run = "open";
	assert_string_equal(policies_find(&set, &p)->name, "open");
	p.run = "gone";
	assert_string_equal(policies_find(&set, &p)->name, "all");
	/* A policy that only names who may start programs matches none by itself. */
	p = (struct policy_process){ .uid = 1005, .pid = 6 };
	assert_null(policies_find(&set, &p));
	assert_null(policies_named(&set, "gone"));
	policies_free(&set);
}

static void test_settings(void **state)
{
	static const char *const lines[][3] = {
		{ "policy a", "run", "root" },
		{ "policy a", "interleave", "yes" },
		{ "policy a", "tier", "slow" },
	};
	struct policies set = policies_of(lines, 3);
	struct policy_facts facts = { 0 };
	struct policy_error error;

	assert_true(set.items[0].settings.interleave);
	assert_int_equal(policies_check(&set, &facts, &error), -EINVAL);
	assert_non_null(strstr(error.reason, "interleave"));
	policies_free(&set);
	assert_int_equal(policies_line(&set, "policy a", "run", "a b", "f", 1, &error), -EINVAL);
	assert_int_equal(policies_set(&set, "interleave", "3:1", "f", 1, &error), -EINVAL);
	policies_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
