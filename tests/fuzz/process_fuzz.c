// SPDX-License-Identifier: GPL-2.0-or-later
/* process_fuzz.c -- /proc/PID/status and cgroup, and /proc/zoneinfo. */

#include "daemon/process.h"
#include "daemon/zoneinfo.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct zoneinfo info;
	char *text = text_of(data, size), path[32];
	struct status status;

	status_parse(text, &status);
	if (!cgroup_parse(text, path, sizeof(path)))
		must(*path == '/' && strlen(path) < sizeof(path));
	if (!zoneinfo_parse(text, &info))
		must(info.n_nodes && info.n_nodes <= ZONEINFO_NODES);
	free(text);
	return 0;
}
