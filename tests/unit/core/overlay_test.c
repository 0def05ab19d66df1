// SPDX-License-Identifier: GPL-2.0-or-later
/* overlay_test.c -- what is set live takes the place of what files say, key by key. */

#include <errno.h>
#include <string.h>

#include "core/overlay.h"

#include "random.h"

static struct policies files(void)
{
	static const char *const lines[][3] = {
		{ "policy a", "cgroup", "/a" },	       { "policy a", "cgroup", "/b" },
		{ "policy a", "mapping", "heap fast" }, { "policy a", "weight", "5" },
		{ "policy b", "user", "root" },	       { "policy b", "fast-min", "1.5G" },
	};
	struct policies set = { 0 };
	struct policy_error error;

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		assert_int_equal(policies_line(&set, lines[i][0], lines[i][1], lines[i][2], "f",
					       (unsigned int)i + 1, &error),
				 0);
	return set;
}

static void set(struct overlays *overlays, const char *name, const char *key, const char *value)
{
	assert_int_equal(overlays_set(overlays, name, key, &value, value ? 1 : 0), 0);
}

static struct policies lay(const struct overlays *overlays)
{
	struct policies base = files(), all;
	struct policy_error error = { 0 };

	if (overlays_lay(overlays, &base, &all, &error))
		fail_msg("%s", error.reason);
	policies_free(&base);
	return all;
}

static void test_nothing_set(void **state)
{
	struct overlays none = { 0 };
	struct policies all = lay(&none);

	assert_int_equal(all.n, 2);
	assert_int_equal(all.items[0].n_matches, 2);
	assert_int_equal(all.items[0].n_mappings, 1);
	assert_int_equal(all.items[0].settings.weight, 5);
	assert_int_equal(all.items[1].settings.fast_min.value, 3ull << 29);
	assert_string_equal(all.items[1].file, "f");
	assert_int_equal(all.items[1].line, 5);
	policies_free(&all);
}

static void test_key_by_key(void **state)
{
	struct overlays overlays = { 0 };
	struct policies all;

	set(&overlays, "a", "cgroup", "/c");
	set(&overlays, "a", "weight", "9");
	set(&overlays, "a", "weight", "7");
	all = lay(&overlays);
	assert_int_equal(all.items[0].n_matches, 1);
	assert_string_equal(all.items[0].matches[0].text, "/c");
	assert_int_equal(all.items[0].n_mappings, 1);
	assert_int_equal(all.items[0].settings.weight, 7);
	assert_int_equal(all.items[1].settings.weight, 100);
	policies_free(&all);

	set(&overlays, "a", "weight", NULL);
	all = lay(&overlays);
	assert_int_equal(all.items[0].settings.weight, 5);
	assert_int_equal(all.items[0].n_matches, 1);
	policies_free(&all);
	set(&overlays, "a", "cgroup", NULL);
	assert_int_equal(overlays.n, 0);
	overlays_free(&overlays);
}

static void test_new_ones_come_first(void **state)
{
	struct overlays overlays = { 0 };
	struct policies all;

	set(&overlays, "x", "pid", "1");
	set(&overlays, "y", "pid", "2");
	all = lay(&overlays);
	assert_int_equal(all.n, 4);
	assert_string_equal(all.items[0].name, "x");
	assert_string_equal(all.items[1].name, "y");
	assert_string_equal(all.items[0].file, "");
	policies_free(&all);
	assert_int_equal(overlays_drop(&overlays, "x"), 0);
	assert_int_equal(overlays_drop(&overlays, "x"), -ENOENT);
	all = lay(&overlays);
	assert_int_equal(all.n, 3);
	policies_free(&all);
	overlays_free(&overlays);
}

static void test_bad_is_refused(void **state)
{
	struct overlays overlays = { 0 };
	struct policies base = files(), all;
	struct policy_error error = { 0 };

	set(&overlays, "a", "weight", "many");
	assert_int_equal(overlays_lay(&overlays, &base, &all, &error), -EINVAL);
	assert_non_null(strstr(error.reason, "weight"));
	assert_string_equal(error.file, "");
	set(&overlays, "a", "weight", NULL);
	set(&overlays, "no name", "pid", "1");
	assert_int_equal(overlays_lay(&overlays, &base, &all, &error), -EINVAL);
	overlays_free(&overlays);
	policies_free(&base);
}

static void test_copies(void **state)
{
	struct overlays overlays = { 0 }, copy = { 0 };

	set(&overlays, "a", "weight", "7");
	assert_int_equal(overlays_copy(&overlays, &copy), 0);
	set(&copy, "a", "weight", "8");
	assert_string_equal(overlays_find(&overlays, "a")->lines[0].value, "7");
	assert_string_equal(overlays_find(&copy, "a")->lines[0].value, "8");
	overlays_free(&overlays);
	overlays_free(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_set),
		cmocka_unit_test(test_key_by_key),
		cmocka_unit_test(test_new_ones_come_first),
		cmocka_unit_test(test_bad_is_refused),
		cmocka_unit_test(test_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
