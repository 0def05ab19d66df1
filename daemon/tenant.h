/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tenant.h -- which processes belong to which tenant. */
#ifndef RAMIFYD_TENANT_H
#define RAMIFYD_TENANT_H

#include <sys/types.h>

#include "core/plan.h"
#include "move.h"
#include "ranges.h"
#include "sample.h"
#include "tiers.h"

/*
 * A tenant has one policy and one share. Its processes are those that the policy matches and that
 * agree in what the policy names first of: machine, unit, cgroup, user; without any of these, each
 * process is a tenant of its own. What `ramify run` started belongs together by its scope, or by
 * the user who did it. Its name is POLICY/what they agree in.
 */
struct tenant {
	char *name;
	const struct policy *policy;
	struct heat_tenant *heat;
	struct tenant *next;
	size_t n_processes;
	size_t n_balanced;	/* of them, to which numa-balancing = off is not applied */
	/* Since it was added: */
	struct move_counts counts;
	uint64_t look_ns;		/* CPU time */
	uint64_t looks;			/* at all of a process */
	struct plan_tenant part;	/* of the last plan; .tenant is NULL before the first */
};

struct process {
	pid_t pid;
	int pidfd;
	struct tenant *tenant;
	struct heat_space *space;	/* its owner is this */
	struct status status;
	struct ranges ranges;
	struct advice advice;		/* by itself */
	bool balanced;			/* counted in its tenant's n_balanced */
	bool decreed;			/* space was told where ranges belong */
	const struct sampler *sampler;
	struct sample *sample;		/* NULL: not opened, or to be opened again */
	int sample_err;			/* why it could not be */
	uint64_t resume;		/* where the last look was cut off */
	uint64_t look_ns;		/* what a look at all of it costs */
	uint64_t part_ns;		/* of the one that was cut off, so far */
	uint64_t stall_ns;
	struct watch_turn watch;
	uint32_t looks;
	uint32_t generation;		/* of tiers, at its last whole look */
};

struct tenants {
	struct heat *heat;
	struct tenant *first;
	struct process **processes;	/* those that belong to a tenant, by PID */
	size_t n_processes;
	struct seen {
		pid_t pid;
		struct process *process;	/* NULL: of no tenant */
	} *seen;			/* all, by PID */
	size_t n_seen;
	uint32_t round;
	struct objects objects;
	bool objects_stale;	/* some may have no owner any more */
};

/** All of them leave. */
void tenants_clear(struct tenants *tenants);

/**
 * Look for processes that came, went, or became something else: @all of them, or each now and
 * then, which does as long as the policies are the same. Plans made before are void. On failure
 * nothing has changed.
 */
int tenants_refresh(struct tenants *tenants, const struct policies *policies, bool all);

/** The process of that PID, which is looked for now if it has only just begun. -ESRCH there is none,
 *  or no policy matches it; -ENOMEM. @ret_new: those after it in the list moved up by one. */
int tenants_admit(struct tenants *tenants, const struct policies *policies, pid_t pid,
		  struct process **ret_process, size_t *ret_at, bool *ret_new);

/** What became of the policy's numa-balancing: "keep", "off", "not applied" (to some). */
const char *tenant_numab(const struct tenant *tenant);

/** What is managed of a process now; its space forgets the rest. -ESRCH. */
int process_refresh(struct tenants *tenants, struct process *process, const struct tiers *tiers);

#endif
