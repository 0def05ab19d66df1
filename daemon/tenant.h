/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tenant.h -- which processes belong to which tenant. */
#ifndef RAMIFYD_TENANT_H
#define RAMIFYD_TENANT_H

#include <sys/types.h>

#include "core/plan.h"
#include "move.h"
#include "pids.h"
#include "ranges.h"
#include "sample.h"
#include "tiers.h"

/* What is shown of its memory. */
struct shown {
	uint64_t fast_bytes, slow_bytes;	/* resident and known */
	uint64_t hot_bytes, cold_bytes;		/* the same, by heat: hot pays for its move */
	uint64_t blind_bytes;			/* that no look could see */
	uint32_t left_alone;			/* rounds */
};

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
	struct shown shown;		/* when metrics were last asked for */
};

struct process {
	pid_t pid;
	int pidfd;
	struct tenant *tenant;
	struct heat_space *space;	/* its owner is this */
	struct status status;
	struct ranges ranges;
	uint32_t epoch;			/* of tenants, that they are of */
	uint32_t ages;			/* looks since they were read */
	bool stale;			/* to be read again before the next look */
	uint64_t statm[2];		/* by which it is seen that mappings change */
	uint64_t ran_ns;		/* CPU time that it had before its last look */
	uint32_t idle;			/* times that it had no more since */
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
		bool fresh;			/* to be looked at now */
		uint16_t sleeps;		/* looks since it ran */
		uint32_t due;			/* round of the next one */
		uint32_t cgroup;		/* as process_cgroup() says; 0: not asked for since then */
		struct process *process;	/* NULL: of no tenant */
		uint64_t ran_ns;		/* CPU time that it had at the last */
	} *seen;			/* all, by PID */
	size_t n_seen;
	size_t at;		/* of these, where the next round begins */
	struct pids_mark mark;
	unsigned int keys;	/* enum policy_key that policies match by, a bit each */
	int exits;		/* an epoll of their pidfds */
	uint32_t round;
	uint32_t epoch;		/* another one, and all mappings are to be read again */
	struct objects objects;
	bool objects_stale;	/* some may have no owner any more */
};

/** -errno. */
int tenants_init(struct tenants *tenants, struct heat *heat);
void tenants_exit(struct tenants *tenants);
/** All of them leave. */
void tenants_clear(struct tenants *tenants);

/**
 * Look for processes that came, went, or became something else. @all: match each anew, as policies have changed. Else
 * those that are new, those that ran now and then, others where their cgroup is another; for about @cpu_ns, and what
 * is left in the next round. Plans made before are void. On failure nothing has changed.
 */
int tenants_refresh(struct tenants *tenants, const struct policies *policies, bool all,
		    uint64_t cpu_ns);

/** The process of that PID, which is looked for now if it has only just begun. -ESRCH there is none,
 *  or no policy matches it; -ENOMEM. @ret_new: those after it in the list moved up by one. */
int tenants_admit(struct tenants *tenants, const struct policies *policies, pid_t pid,
		  struct process **ret_process, size_t *ret_at, bool *ret_new);

/** What became of the policy's numa-balancing: "keep", "off", "not applied" (to some). */
const char *tenant_numab(const struct tenant *tenant);

/** Must it be looked at though it may have slept? */
static inline bool process_stale(const struct tenants *tenants, const struct process *process)
{
	return process->stale || process->epoch != tenants->epoch;
}
/** Has it had CPU time since it was last asked, or must it be looked at for another reason? A process that has not
 *  cannot have used its memory, nor have mapped any. */
bool process_ran(const struct tenants *tenants, struct process *process);
/** What is managed of a process now; its space forgets the rest. Mappings are read where their sizes have changed, and
 *  each few times in any case. -ESRCH. */
int process_refresh(struct tenants *tenants, struct process *process, const struct tiers *tiers);

#endif
