// SPDX-License-Identifier: GPL-2.0-or-later
/* config_test.c -- what ramifyd.conf may say, and that a wrong line is named. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include "daemon/config.h"

static struct policy_error error;

static struct config good(const char *text)
{
	struct config config = config_defaults();

	assert_int_equal(config_text(&config, text, "f", &error), 0);
	return config;
}

static void bad(const char *text, unsigned int line, const char *reason)
{
	struct config config = config_defaults();

	memset(&error, 0, sizeof(error));
	assert_true(config_text(&config, text, "f", &error) < 0);
	assert_string_equal(error.file, "f");
	if (error.line != line || !strstr(error.reason, reason))
		fail_msg("line %u: %s", error.line, error.reason);
	config_free(&config);
}

static void settings(void **state)
{
	struct config c = good("# a comment\n[global]\n period = 500ms\nperiod-max=1min\n"
			       "budget = 0.5%\nrate = 100M\nheadroom = 64M\nsampler = bits\n"
			       "numa-balancing = off\ndemotion = on\ndry-run = yes\nmetrics-listen = [::1]:9100\n"
			       "khugepaged = off\n"
			       "[policy a]\nexe = /bin/x\nfast-max = 1G\n");

	assert_int_equal(c.period_ns, 500000000);
	assert_int_equal(c.period_max_ns, 60000000000);
	assert_int_equal(c.budget_ppm, 5000);
	assert_int_equal(c.rate_bytes, 100 << 20);
	assert_int_equal(c.headroom_bytes, 64 << 20);
	assert_string_equal(c.sampler, "bits");
	assert_true(c.numa_balancing_off && c.demotion_on && c.khugepaged_off && c.dry_run);
	assert_int_equal(c.policies.n, 1);
	assert_string_equal(c.metrics_listen, "[::1]:9100");
	assert_int_equal(c.policies.items[0].line, 14);
	config_free(&c);
}

static void wrong_lines(void **state)
{
	char longer[512];

	bad("[global]\nperiod = 5\n", 2, "period: a time from");
	bad("[global]\nperiod = 1s\nperiod = 1s\n", 3, "twice");
	bad("[global]\nbudget = 10M\n", 2, "budget");
	bad("[global]\nbudget = 0%\n", 2, "above 0");
	bad("[global]\nbudget = 200%\n", 2, "up to 100%");
	bad("[global]\nheadroom = 60%\n", 2, "headroom");
	bad("[global]\nsampler = magic\n", 2, "no sampler");
	bad("[global]\nsampler = bit\n", 2, "no sampler");
	bad("[global]\nsampler = bits-\n", 2, "no sampler");
	bad("[global]\nmetrics-listen = 0.0.0.0:9100\n", 2, "metrics-listen");
	bad("[global]\nmetrics-listen = 128.0.0.1:9100\n", 2, "metrics-listen");
	bad("[global]\nmetrics-listen = [::]:9100\n", 2, "metrics-listen");
	bad("[global]\nmetrics-listen = 127.0.0.1\n", 2, "metrics-listen");
	bad("[global]\nmetrics-listen = 127.0.0.1:0\n", 2, "metrics-listen");
	bad("[global]\nmetrics-listen = 127.0.0.1:65536\n", 2, "metrics-listen");
	bad("[global]\ndemotion = off\n", 2, "demotion: keep or on");
	bad("[global]\nkhugepaged = on\n", 2, "khugepaged: keep or off");
	bad("[global]\nnumabalancing = off\n", 2, "no such setting");
	bad("[other]\na = b\n", 1, "[other]: neither");
	bad("[global]\n[polic a]\n", 2, "[polic a]: neither");
	bad("[policy a]\nexe = /x\n[]\n", 3, "[]: neither");
	bad("a = b\n", 1, "before any");
	bad("[policy a]\nexe = /x\n\nfast-max = lots\n", 4, "fast-max");
	bad("[policy a]\nexe = /x\n[policy a]\nexe = /y\n", 3, "there is one");
	bad("[policy a]\nexe = /x\nnonsense\n[global]\nbudget = 9\n", 3, "neither");
	snprintf(longer, sizeof(longer), "[policy %060d]\nexe = /x\n", 1);
	bad(longer, 1, "longer");
	snprintf(longer, sizeof(longer), "[policy a]\nexe = /%0300d\n", 1);
	bad(longer, 2, "longer");
}

static void durations(void **state)
{
	uint64_t ns;

	assert_int_equal(config_duration("1.5s", &ns), 0);
	assert_int_equal(ns, 1500000000);
	assert_int_equal(config_duration("2min", &ns), 0);
	assert_int_equal(ns, 120000000000);
	assert_int_equal(config_duration("", &ns), -EINVAL);
	assert_int_equal(config_duration("s", &ns), -EINVAL);
	assert_int_equal(config_duration("1", &ns), -EINVAL);
	assert_int_equal(config_duration("-1s", &ns), -EINVAL);
	assert_int_equal(config_duration("1.s", &ns), -EINVAL);
	assert_int_equal(config_duration("99999999999999s", &ns), -EINVAL);
}

static void put(const char *folder, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* By name; what does not end in .conf is no configuration. */
static void folder(void **state)
{
	char dir[] = "/tmp/config_test.XXXXXX", path[64], command[64];
	struct config c;

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/policy.d", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	put(path, "20-b.conf", "[policy b]\nexe = /b\n");
	put(path, "10-a.conf", "[policy a]\nexe = /a\n");
	put(path, "30-c.conf.dpkg-old", "[policy c]\nexe = /c\n");
	snprintf(path, sizeof(path), "%s/ramifyd.conf", dir);
	assert_int_equal(config_load(path, false, &c, &error), -ENOENT);
	assert_int_equal(config_load(path, true, &c, &error), 0);
	assert_int_equal(c.policies.n, 2);
	assert_string_equal(c.policies.items[0].name, "a");
	config_free(&c);
	put(dir, "policy.d/40-d.conf", "[policy a]\nexe = /a\n");
	assert_int_equal(config_load(path, true, &c, &error), -EEXIST);
	assert_true(strstr(error.file, "40-d.conf") && error.line == 1);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings),
		cmocka_unit_test(wrong_lines),
		cmocka_unit_test(durations),
		cmocka_unit_test(folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
