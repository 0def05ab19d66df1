// SPDX-License-Identifier: GPL-2.0-or-later
/* reply_test.c -- answers in HTTP: whole ones are taken apart, others are none. */

#include "tree.h"

#include <errno.h>
#include <string.h>

#include "reply.h"

static void taken(const char *text, unsigned int status, const char *body)
{
	const char *got;
	unsigned int number;
	size_t len;

	assert_int_equal(reply_parse(text, strlen(text), &number, &got, &len), 0);
	assert_int_equal(number, status);
	assert_int_equal(len, strlen(body));
	assert_memory_equal(got, body, len);
}

static void refused(const char *text)
{
	const char *body;
	unsigned int status;
	size_t len;

	assert_int_equal(reply_parse(text, strlen(text), &status, &body, &len), -EPROTO);
}

static void test_whole(void **state)
{
	taken("HTTP/1.1 200 OK\r\nDate: x\r\nContent-Length: 2\r\n\r\n{}", 200, "{}");
	taken("HTTP/1.0 404\r\ncontent-LENGTH:\t2 \r\n\r\n{}", 404, "{}");
	/* Without a length it ends with the connection; what is beyond it is none of it. */
	taken("HTTP/1.1 500 No\r\n\r\nabc", 500, "abc");
	taken("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab", 200, "a");
	taken("HTTP/1.1 204 OK\r\n\r\n", 204, "");
}

static void test_others(void **state)
{
	refused("");
	refused("HTTP/1.1 200 OK");
	refused("HTTP/1.1 200 OK\r\n");
	refused("HTTP/2 200 OK\r\n\r\n");
	refused("HTTP/1.1 20 OK\r\n\r\n");
	refused("HTTP/1.1 2000 OK\r\n\r\n");
	refused("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}");
	refused("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}");
	refused("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}");
	refused("HTTP/1.1 200 OK\r\nContent-Length: 1 1\r\n\r\n{}");
	refused("ramify\r\n\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
