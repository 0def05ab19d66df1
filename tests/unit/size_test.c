// SPDX-License-Identifier: GPL-2.0-or-later
/* size_test.c -- sizes as people write them, and those that are none. */

#include "size.h"

#include <errno.h>
#include <string.h>

#include "tree.h"

#define KB 1024ull
#define MB (KB * KB)
#define GB (KB * MB)

static void takes(const char *text, enum ramify_size_kind kind, uint64_t value)
{
	struct ramify_size size;

	if (ramify_size_parse(text, &size))
		fail_msg("%s is refused", text);
	assert_int_equal(size.kind, kind);
	assert_true(size.value == value);
}

static void refuses(const char *text, int err)
{
	struct ramify_size size = { .value = 77 };
	int got = ramify_size_parse(text, &size);

	if (got != err)
		fail_msg("\"%s\": %d", text, got);
	assert_int_equal(size.value, 77);
}

static void test_bytes(void **state)
{
	takes("256M", RAMIFY_SIZE_BYTES, 256 * MB);
	takes("256m", RAMIFY_SIZE_BYTES, 256 * MB);
	takes("256MiB", RAMIFY_SIZE_BYTES, 256 * MB);
	takes("256Mi", RAMIFY_SIZE_BYTES, 256 * MB);
	takes("256MB", RAMIFY_SIZE_BYTES, 256000000);
	takes("1.5G", RAMIFY_SIZE_BYTES, 1536 * MB);
	takes("0.000000001k", RAMIFY_SIZE_BYTES, 0);
	takes("1.3G", RAMIFY_SIZE_BYTES, 1395864371);
	takes("4097", RAMIFY_SIZE_BYTES, 4097);
	takes("4097B", RAMIFY_SIZE_BYTES, 4097);
	takes("0x40000000", RAMIFY_SIZE_BYTES, GB);
	takes("0", RAMIFY_SIZE_BYTES, 0);
	takes("9223372036854775808", RAMIFY_SIZE_BYTES, 1ull << 63);
	takes("18446744073709551615", RAMIFY_SIZE_BYTES, UINT64_MAX);
	takes("15.999999999E", RAMIFY_SIZE_BYTES, 18446744072556630111ull);
}

static void test_shares(void **state)
{
	struct ramify_size size;

	takes("all", RAMIFY_SIZE_ALL, 0);
	takes("ALL", RAMIFY_SIZE_ALL, 0);
	takes("50%", RAMIFY_SIZE_SHARE, 500000);
	takes("12.5%", RAMIFY_SIZE_SHARE, 125000);
	takes("100%", RAMIFY_SIZE_SHARE, 1000000);
	takes("0%", RAMIFY_SIZE_SHARE, 0);
	assert_int_equal(ramify_size_parse("33.3333%", &size), 0);
	assert_true(size_of(&size, 3 * GB) == 1073740750);
	assert_int_equal(ramify_size_parse("100%", &size), 0);
	assert_true(size_of(&size, UINT64_MAX) == UINT64_MAX);
	assert_int_equal(ramify_size_parse("5M", &size), 0);
	assert_true(size_of(&size, GB) == 5 * MB);
	assert_int_equal(ramify_size_parse("all", &size), 0);
	assert_true(size_of(&size, GB) == GB);
}

static void test_refused(void **state)
{
	static const char *const none[] = {
		"", " ", "M", ".5G", "1.G", "1..5G", "1.5.5G", "-1", "+1", " 1", "1 ", "1 G",
		"1e3", "0x", "0xg", "0x10M", "256X", "256MM", "256MiBs", "256iB", "1K1", "%",
		"%50", "50%%", "50 %", "all ", "alles", "a", "1,5G", "1.0000000001G", "nan", "inf",
	};

	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		refuses(none[i], -EINVAL);
	refuses("18446744073709551616", -ERANGE);
	refuses("16E", -ERANGE);
	refuses("18446744073709551615K", -ERANGE);
	refuses("0x10000000000000000", -ERANGE);
	refuses("100.1%", -ERANGE);
	refuses("99999999999999999999999999%", -ERANGE);
}

static void says(uint64_t bytes, const char *text)
{
	char buf[SIZE_TEXT_MAX];

	assert_string_equal(size_text(buf, bytes), text);
}

static void test_text(void **state)
{
	says(0, "0 bytes");
	says(4097, "4097 bytes");
	says(384 * MB, "384 MiB");
	says(1536 * MB, "1536 MiB");
	says(GB, "1 GiB");
	says(1ull << 63, "8 EiB");
	says(UINT64_MAX, "18446744073709551615 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
