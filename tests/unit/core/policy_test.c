// SPDX-License-Identifier: GPL-2.0-or-later
/* policy_test.c -- lines of policies, what they match, and what contradicts what. */

#include <errno.h>
#include <string.h>

#include "core/policy.h"

#include "random.h"

#define FILE_NAME "/etc/ramify/policy.d/db.conf"

static int set_line(struct policies *set, const char *key, const char *value,
		    struct policy_error *error)
{
	return policies_line(set, "policy db", key, value, FILE_NAME, 7, error);
}

static void good(struct policies *set, const char *key, const char *value)
{
	struct policy_error error;

	if (set_line(set, key, value, &error))
		fail_msg("%s = %s: %s", key, value, error.reason);
}

static void bad(const char *key, const char *value)
{
	struct policies set = { 0 };
	struct policy_error error = { 0 };

	assert_int_equal(set_line(&set, key, value, &error), -EINVAL);
	assert_string_equal(error.file, FILE_NAME);
	assert_int_equal(error.line, 7);
	assert_true(error.reason[0] != '\0');
	if (set.n) {
		assert_int_equal(set.items[0].n_matches + set.items[0].n_mappings, 0);
		assert_int_equal(set.items[0].given, 0);
	}
	policies_free(&set);
}

static void test_settings(void **state)
{
	struct policies set = { 0 };
	struct policy_settings *s;

	good(&set, "fast-min", "1.5G");
	good(&set, "fast-max", "62.5%");
	good(&set, "weight", "300");
	good(&set, "write-weight", "auto");
	good(&set, "rate", "200MB");
	good(&set, "huge", "split");
	good(&set, "numa-balancing", "off");
	good(&set, "dry-run", "yes");
	good(&set, "tier", "fast");
	assert_int_equal(set.n, 1);
	s = &set.items[0].settings;
	assert_int_equal(policy_bytes(s->fast_min, 5), 3ull << 29);
	assert_int_equal(policy_bytes(s->fast_max, 1000), 625);
	assert_int_equal(s->weight, 300);
	assert_int_equal(s->write_weight, 0);
	assert_int_equal(s->rate_bytes, 200000000);
	assert_int_equal(s->huge, POLICY_HUGE_SPLIT);
	assert_int_equal(s->numa_balancing, POLICY_NUMAB_OFF);
	assert_true(s->dry_run);
	assert_int_equal(s->tier, POLICY_TIER_FAST);
	policies_free(&set);
}

static void test_bad_settings(void **state)
{
	static const char *const lines[][2] = {
		{ "fast-min", "" },
		{ "fast-min", "-1" },
		{ "fast-min", "2 G" },
		{ "fast-min", "1.G" },
		{ "fast-min", ".5G" },
		{ "fast-min", "1.5.5G" },
		{ "fast-min", "0x10" },
		{ "fast-min", "1e9" },
		{ "fast-min", "101%" },
		{ "fast-min", "99999999999999999999%" },
		{ "fast-min", "4611686018427387904" },
		{ "rate", "99999999999999999999999999999999999999999T" },
		{ "fast-min", "99999T" },
		{ "fast-max", "5000000T" },
		{ "fast-min", "18446744073709551616" },
		{ "fast-min", "1.0000001G" },
		{ "fast-max", "10 %" },
		{ "weight", "0" },
		{ "weight", "10001" },
		{ "weight", "1.5" },
		{ "weight", "99999999999999999999" },
		{ "write-weight", "0" },
		{ "write-weight", "9" },
		{ "rate", "fast" },
		{ "huge", "both" },
		{ "numa-balancing", "on" },
		{ "dry-run", "true" },
		{ "tier", "leave" },
		{ "tier", "Fast" },
		{ "speed", "1" },
		{ "", "1" },
		{ "tier", "fast\n" },
		{ "pid", "0" },
		{ "pid", "self" },
		{ "pid", "4294967297" },
		{ "user", "a b" },
		{ "cgroup", "system.slice" },
		{ "exe", "redis" },
		{ "mapping", "heap" },
		{ "mapping", "heap hot" },
		{ "mapping", "heap:x fast" },
		{ "mapping", "file fast" },
		{ "mapping", "file: fast" },
		{ "mapping", "heaps fast" },
		{ "mapping", "range:1000 fast" },
		{ "mapping", "range:2000-1000 fast" },
		{ "mapping", "range:1001-2000 fast" },
		{ "mapping", "range:1000-2000- fast" },
		{ "mapping", "range:11111111111111111000-2000 fast" },
		{ "mapping", " fast" },
		{ "mapping", "fast" },
		{ "mapping", ":x fast" },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		if (!strcmp(lines[i][1], "99999T"))
			continue; /* fits */
		bad(lines[i][0], lines[i][1]);
	}
}

static void test_twice(void **state)
{
	struct policies set = { 0 };
	struct policy_error error;

	good(&set, "weight", "1");
	assert_int_equal(set_line(&set, "weight", "2", &error), -EINVAL);
	assert_int_equal(set.items[0].settings.weight, 1);
	assert_int_equal(
		policies_line(&set, "policy b", "weight", "1", FILE_NAME, 9, &error), 0);
	assert_int_equal(set_line(&set, "weight", "2", &error), -EEXIST);
	assert_non_null(strstr(error.reason, FILE_NAME ":7"));
	policies_free(&set);
}

static void test_names(void **state)
{
	struct policies set = { 0 };
	struct policy_error error;
	char name[80] = "policy ";

	assert_int_equal(policies_line(&set, "global", "x", "1", "", 1, &error), -ENOENT);
	assert_int_equal(policies_line(&set, "policyx", "x", "1", "", 1, &error), -ENOENT);
	assert_int_equal(policies_line(&set, "policy", "weight", "1", "", 1, &error),
			 -EINVAL);
	assert_int_equal(policies_line(&set, "policy a/b", "weight", "1", "", 1, &error),
			 -EINVAL);
	memset(name + 7, 'a', 64);
	assert_int_equal(policies_line(&set, name, "weight", "1", "", 1, &error), -EINVAL);
	name[70] = '\0';
	assert_int_equal(policies_line(&set, name, "weight", "1", "", 1, &error), 0);
	policies_free(&set);
}

static void test_matches(void **state)
{
	struct policies set = { 0 };
	struct policy_process p = { .cgroup = "/system.slice/redis.service",
				    .uid = 0,
				    .pid = 5,
				    .exe = "/usr/bin/redis-server" };

	good(&set, "cgroup", "/user.slice/*");
	good(&set, "cgroup", "/system.slice/redis*");
	assert_ptr_equal(policies_find(&set, &p), &set.items[0]);
	good(&set, "user", "redis");
	assert_null(policies_find(&set, &p));
	p.user = "redis";
	assert_non_null(policies_find(&set, &p));
	good(&set, "user", "0");
	p.user = "root";
	assert_non_null(policies_find(&set, &p));
	good(&set, "pid", "6");
	assert_null(policies_find(&set, &p));
	good(&set, "pid", "5");
	assert_non_null(policies_find(&set, &p));
	p.cgroup = NULL;
	assert_null(policies_find(&set, &p));
	policies_free(&set);
}

static void test_first_match(void **state)
{
	struct policies set = { 0 };
	struct policy_process p = { .unit = "db.service", .uid = -1, .pid = -1 };
	struct policy_error error;

	assert_int_equal(policies_line(&set, "policy a", "weight", "1", "", 1, &error), 0);
	assert_int_equal(policies_line(&set, "policy b", "unit", "db*", "", 2, &error), 0);
	assert_int_equal(policies_line(&set, "policy c", "unit", "*", "", 3, &error), 0);
	assert_string_equal(policies_find(&set, &p)->name, "b");
	policies_free(&set);
}

static void test_mappings(void **state)
{
	struct policies set = { 0 };
	struct policy_vma heap = { .what = POLICY_HEAP, .start = 0x10000, .end = 0x90000 };
	struct policy_vma file = { .what = POLICY_FILE,
				   .name = "/srv/a b/x",
				   .start = 0x100000,
				   .end = 0x200000 };
	struct policy_vma memfd = {
		.what = POLICY_MEMFD, .name = "pool", .start = 0x1000, .end = 0x2000
	};
	uint64_t end;

	good(&set, "mapping", "range:0x20000-30000 slow");
	good(&set, "mapping", "file:/srv/a b/* \tfast");
	good(&set, "mapping", "memfd:cache fast");
	good(&set, "mapping", "stack leave");
	assert_int_equal(policy_place(set.items, &heap, 0x10000, &end), POLICY_TIER_AUTO);
	assert_int_equal(end, 0x20000);
	assert_int_equal(policy_place(set.items, &heap, 0x20000, &end), POLICY_TIER_SLOW);
	assert_int_equal(end, 0x30000);
	assert_int_equal(policy_place(set.items, &heap, 0x30000, &end), POLICY_TIER_AUTO);
	assert_int_equal(end, 0x90000);
	assert_int_equal(policy_place(set.items, &file, 0x100000, &end), POLICY_TIER_FAST);
	file.name = "/lib/libc.so";
	assert_int_equal(policy_place(set.items, &file, 0x100000, &end), POLICY_TIER_LEAVE);
	assert_int_equal(policy_place(set.items, &memfd, 0x1000, &end), POLICY_TIER_AUTO);
	policies_free(&set);
}

static void test_check(void **state)
{
	struct policies set = { 0 };
	struct policy_facts facts = { .capacity_bytes = 10ull << 30, .sees_writes = false };
	struct policy_error error;

	good(&set, "fast-min", "6G");
	assert_int_equal(policies_check(&set, &facts, &error), -EINVAL);
	assert_non_null(strstr(error.reason, "matches nothing"));
	good(&set, "unit", "db.service");
	assert_int_equal(policies_check(&set, &facts, &error), 0);
	good(&set, "write-weight", "2");
	assert_int_equal(policies_check(&set, &facts, &error), -EINVAL);
	facts.sees_writes = true;
	assert_int_equal(policies_check(&set, &facts, &error), 0);
	assert_int_equal(policies_line(&set, "policy b", "unit", "b", "f", 3, &error), 0);
	assert_int_equal(policies_set(&set, "fast-min", "6G", "f", 4, &error), 0);
	assert_int_equal(policies_check(&set, &facts, &error), -EINVAL);
	assert_string_equal(error.file, "f");
	assert_int_equal(error.line, 3);
	facts.capacity_bytes = 0;
	assert_int_equal(policies_check(&set, &facts, &error), 0);
	assert_int_equal(policies_set(&set, "fast-max", "5G", "f", 5, &error), 0);
	assert_int_equal(policies_check(&set, &facts, &error), -EINVAL);
	policies_free(&set);
}

/* What is printed is taken again, and means the same. */
static void test_printed(void **state)
{
	struct policies set = { 0 }, again = { 0 };
	struct policy_error error;
	char buf[256];
	const char *key;

	good(&set, "fast-min", "1.5G");
	good(&set, "fast-max", "62.5%");
	good(&set, "rate", "200000T");
	good(&set, "write-weight", "auto");
	for (size_t i = 0; (key = policy_setting(set.items, i, buf, sizeof(buf))); i++)
		assert_int_equal(
			policies_line(&again, "policy db", key, buf, "", 1, &error), 0);
	assert_memory_equal(&set.items->settings, &again.items->settings,
			    sizeof(struct policy_settings));
	policies_free(&set);
	policies_free(&again);
}

static void test_many(void **state)
{
	struct policies set = { 0 };
	struct policy_error error;

	for (int i = 0; i < POLICY_ITEMS_MAX; i++)
		good(&set, "unit", "a");
	assert_int_equal(set_line(&set, "unit", "a", &error), -E2BIG);
	for (int i = 0; i < POLICY_ITEMS_MAX; i++)
		good(&set, "mapping", "memfd:a fast");
	assert_int_equal(set_line(&set, "mapping", "memfd:a fast", &error), -E2BIG);
	policies_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings), cmocka_unit_test(test_bad_settings),
		cmocka_unit_test(test_twice),	 cmocka_unit_test(test_names),
		cmocka_unit_test(test_matches),	 cmocka_unit_test(test_first_match),
		cmocka_unit_test(test_mappings), cmocka_unit_test(test_check),
		cmocka_unit_test(test_printed),	 cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
