/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scope.h -- the cgroup in which `ramify run` starts a program: its name says the policy. */
#ifndef RAMIFY_CORE_SCOPE_H
#define RAMIFY_CORE_SCOPE_H

#include <stddef.h>

#include "policy.h"

#define SCOPE_PREFIX "ramify-"
#define SCOPE_SUFFIX ".scope"
#define SCOPE_NAME_MAX (sizeof(SCOPE_PREFIX) + POLICY_NAME_MAX + sizeof("-4294967295" SCOPE_SUFFIX))

/** "ramify-POLICY-PID.scope" */
void scope_name(const char *policy, unsigned int pid, char ret_name[SCOPE_NAME_MAX]);

/**
 * Of a cgroup's path, the policy that the innermost such scope on it is of; *@ret_len bytes of the
 * path lead to that scope. -ENOENT: there is none.
 */
int scope_find(const char *cgroup, char ret_policy[POLICY_NAME_MAX + 1], size_t *ret_len);

#endif
