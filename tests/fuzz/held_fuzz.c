// SPDX-License-Identifier: GPL-2.0-or-later
/* held_fuzz.c -- lines of the driver's file "held". */

#include "extent.h"
#include "held.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);
	struct held held;

	if (!held_parse(text, &held)) {
		must(held.n > 0 && held.n <= HELD_RANGES_MAX);
		for (size_t i = 0; i < held.n; i++)
			must(extent_valid(&held.ranges[i]));
		must(held.node >= -1 && held.node < 1024);
	}
	free(text);
	return 0;
}
