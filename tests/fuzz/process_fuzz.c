// SPDX-License-Identifier: GPL-2.0-or-later
/* process_fuzz.c -- /proc/PID/status, stat, numa_maps and cgroup, and /proc/zoneinfo. */

#include "core/scope.h"
#include "daemon/advice.h"
#include "daemon/numab.h"
#include "daemon/process.h"
#include "daemon/zoneinfo.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct zoneinfo info;
	char *text = text_of(data, size), path[32], policy[POLICY_NAME_MAX + 1];
	struct status status;
	uint64_t image;
	size_t len;

	status_parse(text, &status);
	if (!cgroup_parse(text, path, sizeof(path)))
		must(*path == '/' && strlen(path) < sizeof(path));
	if (!scope_find(text, policy, &len))
		must(*policy && len <= strlen(text) && strlen(policy) <= POLICY_NAME_MAX);
	advice_image_parse(text, &image);
	numab_policy_stops(text);
	zoneinfo_parse_vmstat(text, &info.nodes[0]);
	if (!zoneinfo_parse(text, 0, &info))
		must(info.n_nodes && info.n_nodes <= ZONEINFO_NODES);
	free(text);
	return 0;
}
