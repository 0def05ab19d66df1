// SPDX-License-Identifier: GPL-2.0-or-later
/* utf8_test.c -- bytes as text: what is text stays, and no two become one. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/utf8.h"

static void becomes(const char *bytes, const char *name)
{
	char *got = utf8_name(bytes);

	assert_string_equal(got, name);
	free(got);
}

static void test_text_stays(void **state)
{
	becomes("", "");
	becomes("gold/redis\\x2dserver.service", "gold/redis\\x2dserver.service");
	becomes("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80", "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80");
}

static void test_the_rest_is_told(void **state)
{
	becomes("a\xff", "a\xef\xbf\xbd" "ff");
	becomes("\xc3", "\xef\xbf\xbd" "c3");
	becomes("a\nb\x7f", "a\xef\xbf\xbd" "0ab\xef\xbf\xbd" "7f");
	/* Too long a form, a surrogate, beyond the last, C1. */
	becomes("\xc0\xaf", "\xef\xbf\xbd" "c0\xef\xbf\xbd" "af");
	becomes("\xed\xa0\x80", "\xef\xbf\xbd" "ed\xef\xbf\xbd" "a0\xef\xbf\xbd" "80");
	becomes("\xf4\x90\x80\x80", "\xef\xbf\xbd" "f4\xef\xbf\xbd" "90\xef\xbf\xbd" "80\xef\xbf\xbd" "80");
	becomes("\xc2\x9b", "\xef\xbf\xbd" "c2\xef\xbf\xbd" "9b");
	/* What stands for it does not pass for it. */
	becomes("\xef\xbf\xbd" "ff", "\xef\xbf\xbd" "ef\xef\xbf\xbd" "bf\xef\xbf\xbd" "bdff");
}

static void test_mend(void **state)
{
	char text[] = "a\xff\xc3\xbc\x01";

	assert_string_equal(utf8_mend(text), "a?\xc3\xbc?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_stays),
		cmocka_unit_test(test_the_rest_is_told),
		cmocka_unit_test(test_mend),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
