/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text.h -- what libFuzzer hands out, as a text on the heap, so that a read too far is seen. */
#ifndef RAMIFY_TESTS_FUZZ_TEXT_H
#define RAMIFY_TESTS_FUZZ_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline char *text_of(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

static inline void must(int condition)
{
	if (!condition)
		abort();
}

#endif
