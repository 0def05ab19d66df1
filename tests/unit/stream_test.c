// SPDX-License-Identifier: GPL-2.0-or-later
/* stream_test.c -- each loop that this processor has goes over all of the memory, and no more. */

#include "stream.h"

#include <stdlib.h>
#include <string.h>

#include "tree.h"

#define BYTES (64 * STREAM_UNIT)

static char *allocate(char content)
{
	char *memory = aligned_alloc(STREAM_UNIT, BYTES);

	assert_non_null(memory);
	memset(memory, content, BYTES);
	return memory;
}

static void test_write(void **state)
{
	const struct stream_ops *ops;

	for (size_t i = 0; (ops = stream_ops_at(i)); i++) {
		char *memory = allocate(1);

		ops->write(memory + STREAM_UNIT, BYTES - 2 * STREAM_UNIT);
		for (size_t k = 0; k < BYTES; k++) {
			bool outside = k < STREAM_UNIT || k >= BYTES - STREAM_UNIT;

			if (outside)
				assert_int_equal(memory[k], 1);
		}
		/* Whatever it writes, it is not what was there. */
		for (size_t k = STREAM_UNIT; k < BYTES - STREAM_UNIT; k += 8)
			assert_true(memcmp(memory + k, memory, 8) != 0);
		free(memory);
	}
}

static void test_copy(void **state)
{
	const struct stream_ops *ops;

	for (size_t i = 0; (ops = stream_ops_at(i)); i++) {
		char *from = allocate(0), *to = allocate(1);

		for (size_t k = 0; k < BYTES; k++)
			from[k] = k * 7 + k / 256;
		ops->copy(to, from, BYTES - STREAM_UNIT);
		assert_memory_equal(to, from, BYTES - STREAM_UNIT);
		for (size_t k = BYTES - STREAM_UNIT; k < BYTES; k++)
			assert_int_equal(to[k], 1);
		ops->read(from, BYTES);
		free(from);
		free(to);
	}
}

static void test_choice(void **state)
{
	size_t n = 0;

	while (stream_ops_at(n))
		n++;
	assert_string_equal(stream_ops_at(n - 1)->name, "plain");
	assert_ptr_equal(stream_ops(), stream_ops_at(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_choice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
