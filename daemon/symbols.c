// SPDX-License-Identifier: GPL-2.0-or-later
/* symbols.c -- where the kernel has its variables, by /proc/kallsyms. */

#include <stdlib.h>
#include <string.h>

#include "symbols.h"

/* "ffffffff82a13a40 D init_task"; a module's has its name after a tab. */
static void read_line(const char *line, struct symbol *symbols, size_t n)
{
	char *end;
	uint64_t addr = strtoull(line, &end, 16);
	size_t length;

	if (end == line || end[0] != ' ' || !end[1] || end[2] != ' ')
		return;
	end += 3;
	length = strcspn(end, "\n\t");
	if (end[length] == '\t')
		return;
	for (size_t i = 0; i < n; i++)
		if (!strncmp(symbols[i].name, end, length) && !symbols[i].name[length])
			symbols[i].addr = addr;
}

void symbols_read(FILE *kallsyms, struct symbol *symbols, size_t n)
{
	char line[512];

	for (size_t i = 0; i < n; i++)
		symbols[i].addr = 0;
	while (fgets(line, sizeof(line), kallsyms))
		read_line(line, symbols, n);
}
