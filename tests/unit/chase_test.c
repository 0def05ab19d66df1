// SPDX-License-Identifier: GPL-2.0-or-later
/* chase_test.c -- the chain visits each link once, and comes back. */

#include "chase.h"

#include <stdlib.h>

#include "tree.h"

static void test_cycle(void **state)
{
	static const size_t lengths[] = { 1, 2, 3, 64, 1000 };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		size_t n = lengths[i];
		char *buffer = aligned_alloc(CHASE_STRIDE, n * CHASE_STRIDE), *link = buffer;
		bool *seen = calloc(n, sizeof(*seen));

		assert_non_null(buffer);
		assert_non_null(seen);
		chase_build(buffer, n * CHASE_STRIDE, 1);
		for (size_t k = 0; k < n; k++) {
			size_t at = (link - buffer) / CHASE_STRIDE;

			assert_false(seen[at]);
			seen[at] = true;
			link = chase_run(link, 1);
		}
		assert_ptr_equal(link, buffer);
		assert_ptr_equal(chase_run(buffer, n), buffer);
		free(seen);
		free(buffer);
	}
}

/* Not one that a prefetcher guesses: few steps are as long as the one before. */
static void test_order(void **state)
{
	enum { N = 4096 };
	char *buffer = aligned_alloc(CHASE_STRIDE, N * CHASE_STRIDE), *link = buffer;
	ptrdiff_t last = 0;
	int alike = 0;

	assert_non_null(buffer);
	chase_build(buffer, N * CHASE_STRIDE, 5);
	for (int i = 0; i < N; i++) {
		char *next = chase_run(link, 1);

		alike += next - link == last;
		last = next - link;
		link = next;
	}
	assert_true(alike < N / 100);
	free(buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cycle),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
