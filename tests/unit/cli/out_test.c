// SPDX-License-Identifier: GPL-2.0-or-later
/* out_test.c -- what is not known is null, decimals have three places. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <json-c/json.h>

#include "cli/out.h"
#include "lib/ramify.h"

static void expect_decimal(double value, const char *text)
{
	struct json_object *json = json_object_new_object(), *member = NULL;

	out_json_decimal(json, "x", value);
	assert_true(json_object_object_get_ex(json, "x", &member));
	if (text)
		assert_string_equal(json_object_to_json_string(member), text);
	else
		assert_null(member);
	json_object_put(json);
}

static void decimals(void **state)
{
	expect_decimal(0, "0.000");
	expect_decimal(1.5, "1.500");
	expect_decimal(0.0004, "0.000");
	expect_decimal(2.9996, "3.000");
	expect_decimal(12345678.0625, "12345678.063");
	expect_decimal(-1, NULL);
	expect_decimal(-0.0001, NULL);
	expect_decimal(-1e300, NULL);
}

static void others(void **state)
{
	struct json_object *json = json_object_new_object();

	out_json_u64(json, "a", RAMIFY_UNKNOWN);
	out_json_u64(json, "b", UINT64_MAX - 1);
	out_json_text(json, "c", NULL);
	out_json_number(json, "d", -1);
	out_json_number(json, "e", 0);
	assert_string_equal(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN),
			    "{\"a\":null,\"b\":18446744073709551614,\"c\":null,\"d\":null,\"e\":0}");
	json_object_put(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decimals),
		cmocka_unit_test(others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
