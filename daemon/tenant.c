// SPDX-License-Identifier: GPL-2.0-or-later
/* tenant.c -- which processes belong to which tenant. */

#include "tenant.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "numab.h"
#include "pidfd.h"
#include "process.h"
#include "utf8.h"

/* A process is looked at anew every so many rounds: it may have moved to another cgroup. */
#define RECHECK_ROUNDS 8

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
	tenants->objects_stale = true;
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

	if (process && !heat_space_add(tenant->heat, process, &process->space)) {
		process->pid = pid;
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
 * before anything is read, so that what was read is of the process that it stands for.
 */
static struct process *match(struct tenants *tenants, const struct policies *policies, pid_t pid,
			     struct process *process)
{
	static struct process_facts facts;	/* large */
	const struct policy *policy = NULL;
	struct tenant *tenant = NULL;
	int pidfd, err;

	pidfd = pid == getpid() ? -ESRCH : pidfd_of(pid);
	err = pidfd < 0 ? pidfd : process_read(pid, &facts);
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

static int compare_pids(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

/* PIDs in /proc, in order. */
static int list_pids(pid_t **ret_pids, size_t *ret_n)
{
	size_t n = 0, size = 256;
	pid_t *pids = reallocarray(NULL, size, sizeof(*pids));
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	int err = pids ? dir ? 0 : -errno : -ENOMEM;

	while (!err && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)*entry->d_name))
			continue;
		if (n == size) {
			pid_t *grown = reallocarray(pids, size *= 2, sizeof(*pids));

			if (!grown) {
				err = -ENOMEM;
				break;
			}
			pids = grown;
		}
		pids[n++] = (pid_t)atoi(entry->d_name);
	}
	if (dir)
		closedir(dir);
	if (err) {
		free(pids);
		return err;
	}
	qsort(pids, n, sizeof(*pids), compare_pids);
	*ret_pids = pids;
	*ret_n = n;
	return 0;
}

static bool is_due(const struct tenants *tenants, const struct seen *seen, bool all)
{
	return all || (seen->process && pidfd_alive(seen->process->pidfd)) ||
	       ((uint32_t)seen->pid + tenants->round) % RECHECK_ROUNDS == 0;
}

/* Both lists are in order of PIDs. */
static void merge(struct tenants *tenants, const struct policies *policies, bool all,
		  const pid_t *pids, size_t n, struct seen *seen)
{
	size_t old = 0;

	for (size_t i = 0; i < n; i++) {
		for (; old < tenants->n_seen && tenants->seen[old].pid < pids[i]; old++) {
			if (tenants->seen[old].process)
				process_drop(tenants, tenants->seen[old].process);
		}
		if (old < tenants->n_seen && tenants->seen[old].pid == pids[i]) {
			seen[i] = tenants->seen[old++];
			if (is_due(tenants, &seen[i], all))
				seen[i].process = match(tenants, policies, pids[i],
							seen[i].process);
		} else {
			seen[i] = (struct seen){ pids[i], match(tenants, policies, pids[i], NULL) };
		}
	}
	for (; old < tenants->n_seen; old++) {
		if (tenants->seen[old].process)
			process_drop(tenants, tenants->seen[old].process);
	}
}

static void collect(struct tenants *tenants, struct process **processes)
{
	tenants->n_processes = 0;
	for (size_t i = 0; i < tenants->n_seen; i++) {
		if (tenants->seen[i].process)
			processes[tenants->n_processes++] = tenants->seen[i].process;
	}
	free(tenants->processes);
	tenants->processes = processes;
}

int tenants_refresh(struct tenants *tenants, const struct policies *policies, bool all)
{
	struct process **processes;
	struct seen *seen;
	pid_t *pids;
	size_t n;
	int err = list_pids(&pids, &n);

	if (err)
		return err;
	seen = calloc(n + 1, sizeof(*seen));
	processes = calloc(n + 1, sizeof(struct process *));
	if (!seen || !processes) {
		free(seen);
		free(processes);
		free(pids);
		return -ENOMEM;
	}
	tenants->round++;
	merge(tenants, policies, all, pids, n, seen);
	free(pids);
	free(tenants->seen);
	tenants->seen = seen;
	tenants->n_seen = n;
	collect(tenants, processes);
	if (tenants->objects_stale)
		objects_clear(&tenants->objects);
	tenants->objects_stale = false;
	return 0;
}

/* The first whose PID is not less. */
static size_t seen_seek(const struct tenants *tenants, pid_t pid)
{
	size_t i = 0;

	while (i < tenants->n_seen && tenants->seen[i].pid < pid)
		i++;
	return i;
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
	tenants->seen[slot] = (struct seen){ process->pid, process };
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
	process = match(tenants, policies, pid, NULL);
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
	*tenants = (struct tenants){ .heat = tenants->heat };
}

/* ---- what is managed of one ---- */

/* Where each range belongs. Told only if anything is but as the policy as a whole says. */
static void decree(struct process *process)
{
	enum policy_tier usual = process->tenant->policy->settings.tier;
	struct ranges *ranges = &process->ranges;
	bool special = process->decreed;

	for (size_t i = 0; i < ranges->n; i++)
		special |= ranges->items[i].tier != usual;
	process->decreed = false;
	for (size_t i = 0; special && i < ranges->n; i++) {
		const struct range *range = &ranges->items[i];

		heat_place(process->space, range->start, range->end, range->tier);
		process->decreed |= range->tier != usual;
	}
}

static uint64_t shared_bytes(const struct ranges *ranges)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < ranges->n; i++)
		bytes += ranges->items[i].shared ? ranges->items[i].end - ranges->items[i].start : 0;
	return bytes;
}

static int read_ranges(struct tenants *tenants, struct process *process, struct ranges *ret_ranges)
{
	char path[64];
	FILE *maps;
	int err;

	/* smaps walks all pages. */
	snprintf(path, sizeof(path), "/proc/%d/%s", (int)process->pid,
		 process->status.locked_bytes ? "smaps" : "maps");
	maps = fopen(path, "re");
	if (!maps)
		return errno == ENOENT ? -ESRCH : -errno;
	err = ranges_read(maps, process->tenant->policy, &process->advice, &tenants->objects,
			  process, ret_ranges);
	fclose(maps);
	return err;
}

/* What a program said of its memory does not hold for the next one. */
static void recheck_advice(struct process *process)
{
	uint64_t image;

	if (process->advice.n &&
	    (advice_image(process->pid, &image) || image != process->advice.image))
		advice_clear(&process->advice);
}

int process_refresh(struct tenants *tenants, struct process *process, const struct tiers *tiers)
{
	struct ranges ranges = { 0 };
	int err = process_status(process->pid, &process->status);

	recheck_advice(process);
	if (!err)
		err = read_ranges(tenants, process, &ranges);
	if (!err)
		err = pidfd_alive(process->pidfd);
	if (err) {
		ranges_free(&ranges);
		return err;
	}
	heat_tenant_ranks(process->tenant->heat, tiers_allowed(tiers, &process->status));
	if (ranges_equal(&ranges, &process->ranges)) {
		process->ranges.locked_bytes = ranges.locked_bytes;
		ranges_free(&ranges);
		return 0;
	}
	tenants->objects_stale |= shared_bytes(&ranges) != shared_bytes(&process->ranges);
	ranges_free(&process->ranges);
	process->ranges = ranges;
	decree(process);
	return 0;
}
