// SPDX-License-Identifier: GPL-2.0-or-later
/* damon_fuzz.c -- lines of the kernel's trace. */

#include "daemon/damon.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);
	struct damon_event e;

	if (damon_parse(text, &e))
		must(e.kdamond > 0 && e.start < e.end);
	free(text);
	return 0;
}
