// SPDX-License-Identifier: GPL-2.0-or-later
/* maps_fuzz.c -- /proc/PID/maps, and /proc/kallsyms. */

#include <stdio.h>

#include "daemon/maps.h"
#include "daemon/symbols.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct symbol symbols[] = {{"init_task"}, {"a"}};
	char *text = text_of(data, size);
	uint64_t after = 0;
	struct mapping m;
	FILE *file = fmemopen(text, size + 1, "r");

	must(file != NULL);
	while (maps_next(file, after, &m) == 1) {
		must(m.start >= after && m.start < m.end && !(m.end >> 56));
		after = m.end;
	}
	rewind(file);
	symbols_read(file, symbols, 2);
	fclose(file);
	free(text);
	return 0;
}
