// SPDX-License-Identifier: GPL-2.0-or-later
/* move_test.c -- what became of each page, whatever the kernel leaves unsaid. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/move.h"

#define N 8

/* A process with N pages, all on node 0. The kernel's habits: it stops at the first bunch of
 * which not all moved, and says nothing about these. */
static int where[N];	/* node, or an error */
static int busy[N];	/* times that it will not move */
static long whole;	/* an error of the call */
static int calls;

static size_t index_of(void *page)
{
	return (uintptr_t)page / 4096 - 1;
}

static long fake(pid_t pid, unsigned long n, void **pages, const int *nodes, int *status,
		 int flags)
{
	long left = 0;

	for (unsigned long i = 0; !nodes && i < n; i++)
		status[i] = where[index_of(pages[i])];
	if (!nodes)
		return 0;
	calls++;
	if (whole)
		return whole;
	for (unsigned long i = 0; i < n; i++) {
		int *page = &where[index_of(pages[i])];

		if (*page < 0)
			continue;
		if (busy[index_of(pages[i])] > 0) {
			busy[index_of(pages[i])]--;
			left++;
		} else {
			*page = nodes[i];
		}
	}
	for (unsigned long i = 0; !left && i < n; i++)
		status[i] = where[index_of(pages[i])];
	return left;
}

static uint8_t fates[N];

static int move(void)
{
	void *pages[N];

	for (size_t i = 0; i < N; i++)
		pages[i] = (void *)((i + 1) * 4096);
	memset(fates, 0xff, sizeof(fates));
	return move_to(fake, 1, 1, pages, N, false, fates);
}

static int setup(void **state)
{
	memset(where, 0, sizeof(where));
	memset(busy, 0, sizeof(busy));
	whole = calls = 0;
	return 0;
}

static void all(void **state)
{
	assert_int_equal(move(), 0);
	for (size_t i = 0; i < N; i++)
		assert_int_equal(fates[i], MOVE_MOVED);
	assert_int_equal(calls, 1);
}

static void some(void **state)
{
	busy[2] = 100;		/* pinned */
	busy[3] = 1;		/* in use just then */
	where[5] = -ENOENT;
	where[6] = -EACCES;
	assert_int_equal(move(), 0);
	for (size_t i = 0; i < N; i++)
		assert_int_equal(fates[i], i == 2 ? MOVE_BUSY :
					   i == 5 ? MOVE_GONE :
					   i == 6 ? MOVE_SHARED :
						    MOVE_MOVED);
	assert_int_equal(calls, 2);
}

static void none(void **state)
{
	whole = -ENOMEM;
	assert_int_equal(move(), 0);
	assert_int_equal(fates[0], MOVE_NO_ROOM);
	assert_int_equal(fates[N - 1], MOVE_NO_ROOM);
	whole = -EACCES;
	assert_int_equal(move(), 0);
	assert_int_equal(fates[0], MOVE_DENIED);
	whole = -ESRCH;
	assert_int_equal(move(), -ESRCH);
}

static void failures(void **state)
{
	struct move_counts counts = { .promoted = 9, .failed[MOVE_MOVED] = 9 };
	char text[MOVE_FAILURES_MAX];

	move_failures_text(&counts, text);
	assert_string_equal(text, "");
	counts.failed[MOVE_NO_ROOM] = 7;
	counts.forbidden = 1;
	move_failures_text(&counts, text);
	assert_string_equal(text, "no room 7, forbidden 1");
}

/* All of them at their largest fit. */
static void failures_fit(void **state)
{
	struct move_counts counts;
	char text[MOVE_FAILURES_MAX];

	memset(&counts, 0xff, sizeof(counts));
	move_failures_text(&counts, text);
	assert_non_null(strstr(text, "forbidden 18446744073709551615"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(all, setup),
		cmocka_unit_test_setup(some, setup),
		cmocka_unit_test_setup(none, setup),
		cmocka_unit_test(failures),
		cmocka_unit_test(failures_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
