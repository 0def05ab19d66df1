// SPDX-License-Identifier: GPL-2.0-or-later
/* scope.c -- the cgroup in which `ramify run` starts a program: its name says the policy. */

#include "scope.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void scope_name(const char *policy, unsigned int pid, char ret_name[SCOPE_NAME_MAX])
{
	snprintf(ret_name, SCOPE_NAME_MAX, SCOPE_PREFIX "%.*s-%u" SCOPE_SUFFIX, POLICY_NAME_MAX,
		 policy, pid);
}

/* A policy's name may have dashes and digits: the last ones are the PID's. */
static int parse(const char *name, size_t len, char ret_policy[POLICY_NAME_MAX + 1])
{
	size_t prefix = strlen(SCOPE_PREFIX), suffix = strlen(SCOPE_SUFFIX), digits = 0;

	if (len < prefix + suffix || strncmp(name, SCOPE_PREFIX, prefix) ||
	    strncmp(name + len - suffix, SCOPE_SUFFIX, suffix))
		return -ENOENT;
	name += prefix;
	len -= prefix + suffix;
	while (digits < len && name[len - 1 - digits] >= '0' && name[len - 1 - digits] <= '9')
		digits++;
	if (!digits || len < digits + 2 || name[len - 1 - digits] != '-')
		return -ENOENT;
	len -= digits + 1;
	if (len > POLICY_NAME_MAX)
		return -ENOENT;
	memcpy(ret_policy, name, len);
	ret_policy[len] = '\0';
	return 0;
}

int scope_find(const char *cgroup, char ret_policy[POLICY_NAME_MAX + 1], size_t *ret_len)
{
	size_t end = strlen(cgroup), start;

	for (; end; end = start ? start - 1 : 0) {
		start = end;
		while (start && cgroup[start - 1] != '/')
			start--;
		if (!parse(cgroup + start, end - start, ret_policy)) {
			*ret_len = end;
			return 0;
		}
	}
	return -ENOENT;
}
