// SPDX-License-Identifier: GPL-2.0-or-later
/* maps.c -- a process's mappings, by its /proc/PID/maps. */

#include <errno.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "core/heat.h"
#include "maps.h"

/* A path may be longer than what is read at once. */
static void skip_rest(FILE *maps, const char *line)
{
	int c;

	if (strchr(line, '\n'))
		return;
	do
		c = getc(maps);
	while (c != '\n' && c != EOF);
}

int maps_next(FILE *maps, uint64_t after, struct mapping *ret_mapping)
{
	unsigned long long start, end;
	unsigned int major, minor;
	char line[128];

	for (;;) {
		if (!fgets(line, sizeof(line), maps))
			return 0;
		skip_rest(maps, line);
		if (sscanf(line, "%16llx-%16llx %*4s %*x %8x:%8x ", &start, &end, &major, &minor) != 4)
			return -EPROTO;
		/* The kernel's own page at the top, which every process has. */
		if (start >> 56)
			continue;
		break;
	}
	if (start < after || end <= start || end >> 56 || (start | end) % HEAT_PAGE)
		return -EPROTO;
	*ret_mapping = (struct mapping){
		.start = start,
		.end = end,
		.device = makedev(major, minor),
	};
	return 1;
}
