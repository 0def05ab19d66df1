/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process.h -- a process as policies see it. */
#ifndef RAMIFYD_PROCESS_H
#define RAMIFYD_PROCESS_H

#include <sys/types.h>

#include "core/scope.h"
#include "status.h"

/** Its texts live as long as it does. */
struct process_facts {
	struct status status;
	struct policy_process as;
	char *unit, *machine;
	char user[64], run_user[64];
	char run[POLICY_NAME_MAX + 1];
	size_t scope_len;	/* of cgroup, to the scope that names a policy */
	char cgroup[4096], exe[4096], cmdline[POLICY_TEXT_MAX + 1];
};

/** @keys: of enum policy_key, a bit for each that is asked for; others are told where they cost nothing. -ESRCH
 *  gone; -ENODATA it has no memory of its own: a kernel thread, a zombie. */
int process_read(pid_t pid, unsigned int keys, struct process_facts *ret_facts);
/** Users may have other names now. */
void process_forget_users(void);
void process_clear(struct process_facts *facts);

/** A number for the cgroups that it is in, not 0: another one, and it has moved. 0: it has gone. */
uint32_t process_cgroup(pid_t pid);

int process_status(pid_t pid, struct status *ret_status);

/** Of /proc/PID/cgroup, the path in the unified hierarchy. -ENOENT. */
int cgroup_parse(const char *text, char *ret_path, size_t size);

#endif
