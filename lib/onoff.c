// SPDX-License-Identifier: LGPL-2.1-or-later
/* onoff.c -- memory blocks brought online into a zone, and taken offline in bounded time. */

#include "onoff.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "context.h"
#include "nodemem.h"
#include "pages.h"
#include "writer.h"

#define NS_PER_S UINT64_C(1000000000)
/* Pages that somebody looks at just now make the kernel give up at once. */
#define BUSY_TRIES 5
#define BUSY_PAUSE_NS 200000000
#define REPORT_NS 100000000

struct run {
	struct op *op;
	enum ramify_phase phase;
	const struct blockset *set;
	size_t base;			/* blocks of the set done by earlier writers */
	const struct onoff_limits *limits;
	int node;
	uint64_t used_at_start;		/* bytes of the node */
	uint64_t leaving;		/* of these, bytes that must go at the least */
	uint64_t started_ns, progress_ns, looked_ns, reported_ns;
	size_t done;
	uint64_t least_used_pages;	/* seen in the block that is going offline */
};

static int jobs_create(const struct blockset *set, const char *text, struct write_job **ret_jobs)
{
	struct write_job *jobs = calloc(set->n, sizeof(*jobs));

	if (!jobs)
		return -ENOMEM;
	for (size_t i = 0; i < set->n; i++) {
		snprintf(jobs[i].path, sizeof(jobs[i].path),
			 "sys/devices/system/memory/memory%" PRIu64 "/state", set->numbers[i]);
		jobs[i].text = text;
	}
	*ret_jobs = jobs;
	return 0;
}

static int tick_online(void *arg, size_t done)
{
	struct run *run = arg;

	return op_progress(run->op, run->phase, (run->base + done) * run->set->block_bytes,
			   blockset_bytes(run->set));
}

/* A block that is online by now is as good, if it is in the zone that is wanted. */
static bool is_settled(struct run *run, uint64_t number, bool online, enum ramify_zone zone)
{
	bool is_online;

	if (block_is_online(run->op->ctx, number, &is_online) < 0 || is_online != online)
		return false;
	return !online || zone == RAMIFY_ZONE_UNKNOWN ||
	       block_zone(run->op->ctx, number) == zone;
}

/*
 * Writers one after the other, as each stops at its first failure. *ret_block: where
 * it ended. @tries: how often a busy block is tried.
 */
static int run_writers(struct run *run, const struct write_job *jobs, writer_tick_fn tick,
		       enum ramify_zone zone, unsigned int tries, uint64_t *ret_block)
{
	const struct timespec pause = { .tv_nsec = BUSY_PAUSE_NS };
	unsigned int tried = 0;

	while (run->base < run->set->n) {
		size_t done;
		int err;

		run->done = 0;
		err = writer_run(run->op->ctx, jobs + run->base, run->set->n - run->base, tick,
				 run, &done);
		run->base += done;
		if (done)
			tried = 0;
		if (!err)
			continue;
		if (run->base == run->set->n)
			return err;
		*ret_block = run->set->numbers[run->base];
		if (err == -ECANCELED || err == -ETIMEDOUT)
			return err;
		if (is_settled(run, *ret_block, run->phase != RAMIFY_PHASE_OFFLINE, zone)) {
			run->base++;
			continue;
		}
		if ((err != -EBUSY && err != -EAGAIN) || ++tried >= tries)
			return err;
		nanosleep(&pause, NULL);
	}
	return 0;
}

static int check_zone(struct op *op, const struct blockset *set, enum ramify_zone zone,
		      uint64_t *ret_block)
{
	for (size_t i = 0; i < set->n; i++) {
		bool online = false;

		if (!block_is_online(op->ctx, set->numbers[i], &online) && online &&
		    block_zone(op->ctx, set->numbers[i]) == zone)
			continue;
		*ret_block = set->numbers[i];
		return -EXDEV;
	}
	return 0;
}

int onoff_online(struct op *op, const struct blockset *set, enum ramify_zone zone,
		 uint64_t *ret_block)
{
	struct run run = { .op = op, .phase = RAMIFY_PHASE_ONLINE, .set = set };
	struct write_job *jobs;
	int err = jobs_create(set, zone == RAMIFY_ZONE_MOVABLE ? "online_movable" :
			      "online_kernel", &jobs);

	if (err)
		return err;
	err = run_writers(&run, jobs, tick_online, zone, 1, ret_block);
	free(jobs);
	return err ? err : check_zone(op, set, zone, ret_block);
}

/* Bytes that left since the start: of the node, as nothing tells it by block in time. */
static int report_evacuated(struct run *run)
{
	uint64_t used = 0, done;

	if (run->node >= 0 && nodemem_used(run->op->ctx, run->node, &used) < 0)
		used = 0;
	done = used < run->used_at_start ? run->used_at_start - used : 0;
	if (done > run->leaving || run->base + run->done == run->set->n)
		done = run->leaving;
	return op_progress(run->op, run->phase, done, run->leaving);
}

/* A block that takes long is looked into, once a second: are its pages becoming fewer? */
static void look_into_block(struct run *run, uint64_t now)
{
	uint64_t number = run->set->numbers[run->base + run->done];
	struct page_counts counts;

	if (now - run->looked_ns < NS_PER_S)
		return;
	run->looked_ns = now;
	if (pages_count(run->op->ctx, number * run->set->block_bytes, run->set->block_bytes,
			&counts) < 0)
		return;
	if (counts.used < run->least_used_pages) {
		run->least_used_pages = counts.used;
		run->progress_ns = now;
	}
}

static int check_limits(const struct run *run, uint64_t now)
{
	if (!run->limits)
		return 0;
	if (now - run->progress_ns > run->limits->timeout_s * NS_PER_S)
		return -ETIMEDOUT;
	if (run->limits->deadline_s &&
	    now - run->started_ns > run->limits->deadline_s * NS_PER_S)
		return -ETIMEDOUT;
	return 0;
}

static int tick_offline(void *arg, size_t done)
{
	struct run *run = arg;
	uint64_t now = op_now_ns();
	int err;

	if (done != run->done) {
		run->done = done;
		run->progress_ns = run->looked_ns = now;
		run->least_used_pages = UINT64_MAX;
	}
	if (run->base + done < run->set->n) {
		look_into_block(run, now);
		/* A quick block's end is no news: summing up a node takes its time. */
		if (now - run->reported_ns < REPORT_NS)
			return check_limits(run, now);
	}
	run->reported_ns = now;
	err = report_evacuated(run);
	return err ? err : check_limits(run, now);
}

int onoff_offline(struct op *op, const struct blockset *set, int node,
		  const struct onoff_limits *limits, uint64_t *ret_block)
{
	uint64_t now = op_now_ns();
	struct run run = {
		.op = op, .phase = RAMIFY_PHASE_OFFLINE, .set = set, .limits = limits,
		.node = node, .started_ns = now, .progress_ns = now, .looked_ns = now,
		.least_used_pages = UINT64_MAX,
	};
	struct write_job *jobs;
	int err = jobs_create(set, "offline", &jobs);

	if (err)
		return err;
	if (node >= 0 && !nodemem_used(op->ctx, node, &run.used_at_start))
		nodemem_must_move(op->ctx, node, blockset_bytes(set), &run.leaving);
	err = run_writers(&run, jobs, tick_offline, RAMIFY_ZONE_UNKNOWN, BUSY_TRIES, ret_block);
	free(jobs);
	return err;
}
