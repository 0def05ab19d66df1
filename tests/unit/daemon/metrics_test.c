// SPDX-License-Identifier: GPL-2.0-or-later
/* metrics_test.c -- Prometheus' text format: labels are escaped, families stay together. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/metrics.h"

static struct round round_;
static struct policy policy = { .name = "gold" };

static char *written(void)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	metrics_write(to, &round_);
	fclose(to);
	assert_non_null(text);
	return text;
}

static int setup(void **state)
{
	static struct tenant b = { .name = "gold/b", .policy = &policy };
	static struct tenant a = { .name = "gold/a\"\\x2d\n", .policy = &policy, .next = &b };

	round_.tenants.first = &a;
	if (heat_create(&round_.heat))
		return -1;
	a.counts.promoted = 3;
	a.counts.failed[MOVE_BUSY] = 2;
	a.look_ns = 1500000000;
	return heat_tenant_add(round_.heat, &a, &a.heat) ||
	       heat_tenant_add(round_.heat, &b, &b.heat);
}

static int teardown(void **state)
{
	heat_destroy(round_.heat);
	return 0;
}

static void has(const char *text, const char *line)
{
	if (!strstr(text, line))
		fail_msg("not written: %s", line);
}

#define A "{tenant=\"gold/a\\\"\\\\x2d\\n\",policy=\"gold\""

static void test_values(void **state)
{
	char *text = written();

	has(text, "\nramify_tenant_promoted_bytes_total" A "} 12288\n");
	has(text, "\nramify_tenant_failed_bytes_total" A ",reason=\"busy\"} 8192\n");
	has(text, "\nramify_tenant_look_cpu_seconds_total" A "} 1.500000000\n");
	has(text, "\n# TYPE ramify_tenant_promoted_bytes_total counter\n");
	has(text, "\nramify_paused 0\n");
	free(text);
}

/* Each line is a comment or of the family that the last comment named. */
static void test_families(void **state)
{
	char *text = written(), *rest = text, *line, family[128] = "";

	while ((line = strsep(&rest, "\n")) && *line) {
		if (sscanf(line, "# TYPE %127s", family) == 1 || *line == '#')
			continue;
		assert_int_equal(strncmp(line, family, strlen(family)), 0);
		assert_non_null(strchr("{ ", line[strlen(family)]));
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_families),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
