// SPDX-License-Identifier: GPL-2.0-or-later
/* tenant.c -- which processes belong to which tenant. */

#include "tenant.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "numab.h"
#include "pidfd.h"
#include "proc.h"
#include "process.h"
#include "utf8.h"

/* A process that ran is looked at anew every so many rounds. One that slept is in another cgroup at most: that is asked
 * for each so many of these times. */
#define RECHECK_ROUNDS 8
#define RECHECK_SLEEPS 8

/* Then all of /proc is listed: whoever restores programs may give them any PIDs. */
#define LIST_ROUNDS 64

/* ---- tenants ---- */

static const char *agreed(const struct policy *policy, const struct process_facts *facts)
{
	static const enum policy_key keys[] = { POLICY_MACHINE, POLICY_UNIT, POLICY_CGROUP,
						POLICY_USER };
	const char *const values[] = { facts->as.machine, facts->as.unit, facts->as.cgroup,
				       facts->as.user };

	for (size_t k = 0; k < sizeof(keys) / sizeof(*keys); k++) {
		for (size_t i = 0; i < policy->n_matches; i++) {
			if (policy->matches[i].key == keys[k] && values[k])
				return values[k];
		}
	}
	return NULL;
}

/* What root starts has a share of its own; what a user starts has one in all, or the guaranteed
 * minimum would be his as often as he likes. */
static char *run_name(const struct policy *policy, const struct process_facts *facts)
{
	char *name;
	int len;

	if (facts->as.run_uid)
		len = asprintf(&name, "%s/run-%u", policy->name, (unsigned int)facts->as.run_uid);
	else
		len = asprintf(&name, "%s/%.*s", policy->name, (int)facts->scope_len - 1,
			       facts->cgroup + 1);
	return len < 0 ? NULL : name;
}

static char *tenant_name(const struct policy *policy, const struct process_facts *facts)
{
	const char *what = agreed(policy, facts);
	char *bytes, *name;
	int len;

	if (policy_runs(policy, &facts->as))
		return run_name(policy, facts);
	if (what)
		len = asprintf(&bytes, "%s/%s", policy->name, what + (*what == '/'));
	else
		len = asprintf(&bytes, "%s/%d", policy->name, (int)facts->as.pid);
	if (len < 0)
		return NULL;
	name = utf8_name(bytes);
	free(bytes);
	return name;
}

static void tenant_drop(struct tenants *tenants, struct tenant *tenant)
{
	struct tenant **link = &tenants->first;

	while (*link != tenant)
		link = &(*link)->next;
	*link = tenant->next;
	heat_tenant_remove(tenant->heat);
	free(tenant->name);
	free(tenant);
}

/* Last in the list, so that the order is that of heat's tenants. */
static struct tenant *tenant_add(struct tenants *tenants, const char *name)
{
	struct tenant *tenant = calloc(1, sizeof(*tenant)), **link = &tenants->first;

	if (!tenant)
		return NULL;
	tenant->name = strdup(name);
	if (!tenant->name || heat_tenant_add(tenants->heat, tenant, &tenant->heat)) {
		free(tenant->name);
		free(tenant);
		return NULL;
	}
	while (*link)
		link = &(*link)->next;
	*link = tenant;
	return tenant;
}

static struct tenant *tenant_of(struct tenants *tenants, const struct policy *policy,
				const struct process_facts *facts)
{
	char *name = tenant_name(policy, facts);
	struct tenant *tenant = tenants->first;

	while (name && tenant && strcmp(tenant->name, name))
		tenant = tenant->next;
	if (name && !tenant)
		tenant = tenant_add(tenants, name);
	free(name);
	if (tenant && tenant->policy != policy) {
		tenant->policy = policy;
		heat_tenant_settings(tenant->heat, &policy->settings);
	}
	return tenant;
}

/* ---- processes ---- */

static void set_balanced(struct process *process, bool balanced)
{
	struct tenant *tenant = process->tenant;

	if (balanced && !tenant->n_balanced)
		log_line(SD_NOTICE,
			 "numa-balancing = off is not applied to %s: process %d was not started by "
			 "ramify run; [global] numa-balancing = off is for all",
			 tenant->name, (int)process->pid);
	tenant->n_balanced += balanced;
	tenant->n_balanced -= process->balanced;
	process->balanced = balanced;
}

static void check_balanced(struct process *process)
{
	bool off = process->tenant->policy->settings.numa_balancing == POLICY_NUMAB_OFF;

	set_balanced(process, off && !numab_spares(process->pid));
}

const char *tenant_numab(const struct tenant *tenant)
{
	if (tenant->policy->settings.numa_balancing == POLICY_NUMAB_KEEP)
		return "keep";
	return tenant->n_balanced ? "not applied" : "off";
}

static void process_drop(struct tenants *tenants, struct process *process)
{
	struct tenant *tenant = process->tenant;

	set_balanced(process, false);
	tenants->objects_stale |= process->ranges.answers;
	if (process->sample)
		process->sampler->close(process->sample);
	heat_space_remove(process->space);
	ranges_free(&process->ranges);
	advice_clear(&process->advice);
	close(process->pidfd);
	free(process);
	if (!--tenant->n_processes)
		tenant_drop(tenants, tenant);
}

static struct process *process_add(struct tenants *tenants, struct tenant *tenant, pid_t pid,
				   int pidfd, const struct status *status)
{
	struct process *process = calloc(1, sizeof(*process));
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = process };

	if (process && !epoll_ctl(tenants->exits, EPOLL_CTL_ADD, pidfd, &event) &&
	    !heat_space_add(tenant->heat, process, &process->space)) {
		process->pid = pid;
		process->stale = true;
		process->pidfd = pidfd;
		process->tenant = tenant;
		process->status = *status;
		tenant->n_processes++;
		return process;
	}
	free(process);
	close(pidfd);
	if (!tenant->n_processes)
		tenant_drop(tenants, tenant);
	return NULL;
}

/*
 * The one that @process has become: the same, another, or none. The descriptor is opened
 * before anything is read, so that what was read is of the process that it stands for. @ret_gone: there
 * is none of that PID, or it is a thread's.
 */
static struct process *match(struct tenants *tenants, const struct policies *policies, pid_t pid,
			     struct process *process, bool *ret_gone)
{
	static struct process_facts facts;	/* large */
	const struct policy *policy = NULL;
	struct tenant *tenant = NULL;
	int pidfd, err;

	pidfd = pid == getpid() ? -ESRCH : pidfd_of(pid);
	*ret_gone = pid != getpid() && pidfd < 0 && pidfd != -EMFILE && pidfd != -ENFILE &&
		    pidfd != -ENOMEM;
	err = pidfd < 0 ? pidfd : process_read(pid, tenants->keys, &facts);
	if (!err) {
		if (!pidfd_alive(pidfd))
			policy = policies_find(policies, &facts.as);
		if (policy)
			tenant = tenant_of(tenants, policy, &facts);
		process_clear(&facts);
	}
	if (tenant && process && process->tenant == tenant && !pidfd_alive(process->pidfd)) {
		close(pidfd);
		check_balanced(process);
		return process;
	}
	/* The new one first: the tenant may be the same. */
	if (tenant) {
		struct process *added = process_add(tenants, tenant, pid, pidfd, &facts.status);

		if (added)
			check_balanced(added);
		if (added && process && !pidfd_alive(process->pidfd)) {
			added->advice = process->advice;
			process->advice = (struct advice){ 0 };
		}
		if (process)
			process_drop(tenants, process);
		return added;
	}
	if (pidfd >= 0)
		close(pidfd);
	if (process)
		process_drop(tenants, process);
	return NULL;
}

/* ---- all of them ---- */

/* Each one with its neighbours' at other times. */
static void schedule(const struct tenants *tenants, struct seen *seen)
{
	seen->fresh = false;
	seen->due = tenants->round + RECHECK_ROUNDS / 2 + (uint32_t)seen->pid % RECHECK_ROUNDS;
}

static bool is_due(const struct tenants *tenants, const struct seen *seen)
{
	return seen->fresh || (int32_t)(tenants->round - seen->due) >= 0;
}

/* Is it what it was? Of one that has not run only the cgroup can be another. */
static bool is_same(struct seen *seen)
{
	uint64_t ran_ns = clock_process_ns(seen->pid);
	uint32_t cgroup = seen->cgroup;

	if (seen->fresh || !ran_ns || ran_ns != seen->ran_ns)
		seen->sleeps = seen->cgroup = cgroup = 0;
	else if (++seen->sleeps % RECHECK_SLEEPS)
		return true;
	else
		seen->cgroup = process_cgroup(seen->pid);
	seen->ran_ns = ran_ns;
	return seen->cgroup && seen->cgroup == cgroup;
}

static void recheck(struct tenants *tenants, const struct policies *policies, struct seen *seen)
{
	bool gone = false;

	if (!is_same(seen))
		seen->process = match(tenants, policies, seen->pid, seen->process, &gone);
	schedule(tenants, seen);
	if (gone)
		seen->pid = 0;
}

/* New ones first. Time is asked for only after something that takes it. */
static void recheck_some(struct tenants *tenants, const struct policies *policies, uint64_t cpu_ns)
{
	uint64_t end = clock_cpu_ns() + cpu_ns;
	bool more = clock_before(end);
	size_t n = tenants->n_seen, done = 0;

	for (size_t i = 0; i < n && more; i++) {
		if (!tenants->seen[i].fresh)
			continue;
		recheck(tenants, policies, &tenants->seen[i]);
		more = clock_before(end);
	}
	for (; done < n && more; done++) {
		struct seen *seen = &tenants->seen[(tenants->at + done) % n];

		if (!seen->pid || seen->fresh || !is_due(tenants, seen))
			continue;
		recheck(tenants, policies, seen);
		more = clock_before(end);
	}
	if (n)
		tenants->at = (tenants->at + done) % n;
}

static void recheck_all(struct tenants *tenants, const struct policies *policies)
{
	for (size_t i = 0; i < tenants->n_seen; i++) {
		tenants->seen[i].fresh = true;
		recheck(tenants, policies, &tenants->seen[i]);
	}
}

/* Both lists are in order of PIDs. What is not among @pids has gone, if these are @all. */
static size_t merge(struct tenants *tenants, const pid_t *pids, size_t n, bool all,
		    struct seen *ret_seen)
{
	const struct seen *old = tenants->seen, *end = old + tenants->n_seen;
	size_t i = 0, count = 0;

	while (old < end || i < n) {
		if (i == n || (old < end && old->pid < pids[i])) {
			if (!all)
				ret_seen[count++] = *old;
			else if (old->process)
				process_drop(tenants, old->process);
			old++;
			continue;
		}
		ret_seen[count] = (struct seen){ .pid = pids[i], .fresh = true };
		if (old < end && old->pid == pids[i]) {
			ret_seen[count] = *old++;
			/* It has only just become what it is, or is another one. */
			if (!all)
				ret_seen[count].fresh = true;
		}
		count++;
		i++;
	}
	return count;
}

/* The first whose PID is not less. */
static size_t seen_seek(const struct tenants *tenants, pid_t pid)
{
	size_t low = 0, high = tenants->n_seen;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (tenants->seen[middle].pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Where each is that has ended: it is looked at now. */
static void see_exits(struct tenants *tenants)
{
	struct epoll_event events[64];
	int n = epoll_wait(tenants->exits, events, 64, 0);

	for (int i = 0; i < n; i++) {
		const struct process *process = events[i].data.ptr;
		size_t at = seen_seek(tenants, process->pid);

		if (at < tenants->n_seen && tenants->seen[at].process == process)
			tenants->seen[at].fresh = true;
	}
}

/* Without those that have gone. */
static void collect(struct tenants *tenants, struct process **processes)
{
	size_t n = 0;

	tenants->n_processes = 0;
	for (size_t i = 0; i < tenants->n_seen; i++) {
		if (!tenants->seen[i].pid)
			continue;
		if (tenants->seen[i].process)
			processes[tenants->n_processes++] = tenants->seen[i].process;
		tenants->seen[n++] = tenants->seen[i];
	}
	tenants->n_seen = n;
	free(tenants->processes);
	tenants->processes = processes;
}

int tenants_refresh(struct tenants *tenants, const struct policies *policies, bool all,
		    uint64_t cpu_ns)
{
	bool listed = all || tenants->round % LIST_ROUNDS == 0;
	struct process **processes;
	struct seen *seen;
	pid_t *pids;
	size_t n;
	int err = pids_read(&tenants->mark, listed, &pids, &n, &listed);

	if (err)
		return err;
	seen = calloc(tenants->n_seen + n + 1, sizeof(*seen));
	processes = calloc(tenants->n_seen + n + 1, sizeof(struct process *));
	if (!seen || !processes) {
		tenants->mark = (struct pids_mark){ 0 };
		free(seen);
		free(processes);
		free(pids);
		return -ENOMEM;
	}
	tenants->round++;
	tenants->keys = policies_keys(policies);
	if (listed)
		process_forget_users();
	n = merge(tenants, pids, n, listed, seen);
	free(pids);
	free(tenants->seen);
	tenants->seen = seen;
	tenants->n_seen = n;
	see_exits(tenants);
	if (all)
		recheck_all(tenants, policies);
	else
		recheck_some(tenants, policies, cpu_ns);
	collect(tenants, processes);
	tenants->epoch += all || tenants->objects_stale;
	if (tenants->objects_stale)
		objects_clear(&tenants->objects);
	tenants->objects_stale = false;
	return 0;
}

static size_t process_seek(const struct tenants *tenants, pid_t pid)
{
	size_t i = 0;

	while (i < tenants->n_processes && tenants->processes[i]->pid < pid)
		i++;
	return i;
}

/* Room for one more in both lists. */
static int make_room(struct tenants *tenants)
{
	struct process **processes = reallocarray(tenants->processes, tenants->n_seen + 2,
						  sizeof(struct process *));
	struct seen *seen;

	if (!processes)
		return -ENOMEM;
	tenants->processes = processes;
	seen = reallocarray(tenants->seen, tenants->n_seen + 2, sizeof(*seen));
	if (!seen)
		return -ENOMEM;
	tenants->seen = seen;
	return 0;
}

static void insert(struct tenants *tenants, size_t at, struct process *process)
{
	size_t slot = seen_seek(tenants, process->pid);

	if (slot == tenants->n_seen || tenants->seen[slot].pid != process->pid) {
		memmove(&tenants->seen[slot + 1], &tenants->seen[slot],
			(tenants->n_seen - slot) * sizeof(*tenants->seen));
		tenants->n_seen++;
	}
	tenants->seen[slot] = (struct seen){ .pid = process->pid, .process = process };
	schedule(tenants, &tenants->seen[slot]);
	memmove(&tenants->processes[at + 1], &tenants->processes[at],
		(tenants->n_processes - at) * sizeof(struct process *));
	tenants->processes[at] = process;
	tenants->n_processes++;
}

int tenants_admit(struct tenants *tenants, const struct policies *policies, pid_t pid,
		  struct process **ret_process, size_t *ret_at, bool *ret_new)
{
	size_t at = process_seek(tenants, pid);
	struct process *process;
	bool gone;
	int err;

	*ret_at = at;
	*ret_new = false;
	if (at < tenants->n_processes && tenants->processes[at]->pid == pid) {
		*ret_process = tenants->processes[at];
		return pidfd_alive(tenants->processes[at]->pidfd);
	}
	err = make_room(tenants);
	if (err)
		return err;
	tenants->keys = policies_keys(policies);
	process = match(tenants, policies, pid, NULL, &gone);
	if (!process)
		return -ESRCH;
	*ret_process = process;
	*ret_new = true;
	insert(tenants, at, process);
	return 0;
}

void tenants_clear(struct tenants *tenants)
{
	for (size_t i = 0; i < tenants->n_seen; i++) {
		if (tenants->seen[i].process)
			process_drop(tenants, tenants->seen[i].process);
	}
	free(tenants->seen);
	free(tenants->processes);
	objects_clear(&tenants->objects);
	*tenants = (struct tenants){ .heat = tenants->heat, .exits = tenants->exits };
}

int tenants_init(struct tenants *tenants, struct heat *heat)
{
	int exits = epoll_create1(EPOLL_CLOEXEC);

	if (exits < 0)
		return -errno;
	*tenants = (struct tenants){ .heat = heat, .exits = exits };
	return 0;
}

void tenants_exit(struct tenants *tenants)
{
	tenants_clear(tenants);
	close(tenants->exits);
}
