// SPDX-License-Identifier: GPL-2.0-or-later
/* managed.c -- what is managed of a process: its mappings, read when they may have changed. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "pidfd.h"
#include "proc.h"
#include "process.h"
#include "tenant.h"

/* So many looks are at the same mappings, if their sizes stay the same. */
#define RANGES_LOOKS 8

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

bool process_ran(const struct tenants *tenants, struct process *process)
{
	uint64_t ran_ns = clock_process_ns(process->pid);
	bool ran = !ran_ns || ran_ns != process->ran_ns;

	process->ran_ns = ran_ns;
	return ran || process_stale(tenants, process);
}

/* The whole, and what is data. Mappings that take each other's place are seen a few looks later. */
static bool sizes_changed(struct process *process)
{
	uint64_t statm[2] = { 0 };
	char text[256];
	bool same;

	if (proc_read_pid(process->pid, "statm", text, sizeof(text), NULL) ||
	    sscanf(text, "%20" SCNu64 " %*s %*s %*s %*s %20" SCNu64, &statm[0], &statm[1]) != 2)
		return true;
	same = !memcmp(statm, process->statm, sizeof(statm));
	memcpy(process->statm, statm, sizeof(statm));
	return !same;
}

static int read_anew(struct tenants *tenants, struct process *process)
{
	struct ranges ranges = { 0 };
	int err = process_status(process->pid, &process->status);

	if (!err)
		err = read_ranges(tenants, process, &ranges);
	if (!err)
		err = pidfd_alive(process->pidfd);
	if (err) {
		ranges_free(&ranges);
		return err;
	}
	process->stale = false;
	process->epoch = tenants->epoch;
	process->ages = 0;
	if (ranges_equal(&ranges, &process->ranges)) {
		process->ranges.locked_bytes = ranges.locked_bytes;
		process->ranges.answers = ranges.answers;
		ranges_free(&ranges);
		return 0;
	}
	tenants->objects_stale |= shared_bytes(&ranges) != shared_bytes(&process->ranges);
	ranges_free(&process->ranges);
	process->ranges = ranges;
	decree(process);
	return 0;
}

int process_refresh(struct tenants *tenants, struct process *process, const struct tiers *tiers)
{
	/* Always, as it remembers what it saw. */
	bool changed = sizes_changed(process);
	int err;

	recheck_advice(process);
	if (changed || process_stale(tenants, process) || ++process->ages >= RANGES_LOOKS)
		err = read_anew(tenants, process);
	else
		err = pidfd_alive(process->pidfd);
	if (!err)
		heat_tenant_ranks(process->tenant->heat, tiers_allowed(tiers, &process->status));
	return err;
}
