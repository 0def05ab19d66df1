// SPDX-License-Identifier: LGPL-2.1-or-later
/* measure.c -- how fast a node's memory is, from its nearest CPUs. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "buffer.h"
#include "chase.h"
#include "cpus.h"
#include "crew.h"
#include "figure.h"
#include "initiator.h"
#include "room.h"
#include "stream.h"
#include "system.h"

/* An odd number has a median that was measured. */
#define RUNS 5
#define FIGURES 4

/* The buffer: so many times all caches, if there is room; and at least so many times, or what
 * is measured is a cache. */
#define CACHES_WANTED 4
#define CACHES_NEEDED 2
#define BUFFER_LEAST (64ull << 20)
#define BUFFER_MOST (4ull << 30)
#define BUFFER_ALIGN (2ull << 20)
/* Of a machine that does not tell of its caches. */
#define CACHE_ASSUMED (32ull << 20)

#define PIECE_BYTES (256u << 10)
#define PIECE_STEPS 1024

struct measurement {
	struct ramify *ctx;
	const struct ramify_measure_options *options;
	ramify_progress_fn progress;
	void *arg;
	struct cpus cpus;
	struct buffer buffer;
	struct ramify_speed speed;
	unsigned int runs_done;
};

/* The next piece of @bytes, from the start again after the last; *ret_at is where it is. */
static size_t next_piece(struct worker *worker, size_t bytes, size_t *ret_at)
{
	size_t piece = bytes < PIECE_BYTES ? bytes : PIECE_BYTES;

	if (worker->done + piece > bytes)
		worker->done = 0;
	*ret_at = worker->done;
	worker->done += piece;
	return piece;
}

static uint64_t read_piece(struct worker *worker)
{
	size_t at, piece = next_piece(worker, worker->bytes, &at);

	stream_ops()->read(worker->at + at, piece);
	return piece;
}

static uint64_t write_piece(struct worker *worker)
{
	size_t at, piece = next_piece(worker, worker->bytes, &at);

	stream_ops()->write(worker->at + at, piece);
	return piece;
}

/* From the first half to the second; counted once, as mbw does. */
static uint64_t copy_piece(struct worker *worker)
{
	size_t half = worker->bytes / 2 & -(size_t)STREAM_UNIT;
	size_t at, piece = next_piece(worker, half, &at);

	stream_ops()->copy(worker->at + half + at, worker->at + at, piece);
	return piece;
}

/* The way that is left is kept in the worker: the chain itself must not be written to. */
static uint64_t chase_piece(struct worker *worker)
{
	char *link = chase_run(worker->at + worker->done, PIECE_STEPS);

	worker->done = link - worker->at;
	return PIECE_STEPS;
}

static int tell_progress(struct measurement *m)
{
	if (m->progress && m->progress(m->arg, RAMIFY_PHASE_MEASURE, m->runs_done, FIGURES * RUNS))
		return fail(m->ctx, -ECANCELED, "stopped; nothing was changed");
	return 0;
}

static int run_all(struct measurement *m, const struct cpus *cpus, crew_fn fn, double *runs)
{
	unsigned int ms = m->options->seconds * 1000 / (FIGURES * RUNS);
	int err = 0;

	for (size_t i = 0; !err && i < RUNS; i++) {
		err = tell_progress(m);
		if (!err)
			err = crew_run(m->ctx, cpus, m->buffer.at, m->buffer.bytes, fn, ms, &runs[i]);
		m->runs_done++;
	}
	return err;
}

static int measure_bandwidth(struct measurement *m, crew_fn fn, struct ramify_figure *figure)
{
	double runs[RUNS];
	int err = run_all(m, &m->cpus, fn, runs);

	if (err)
		return err;
	for (size_t i = 0; i < RUNS; i++)
		runs[i] /= 1e6;
	*figure = figure_of(runs, RUNS);
	return 0;
}

static int measure_latency(struct measurement *m, struct ramify_figure *figure)
{
	struct cpus one = { m->cpus.numbers, 1 };
	double runs[RUNS];
	int err;

	chase_build(m->buffer.at, m->buffer.bytes, m->speed.node + 1);
	err = run_all(m, &one, chase_piece, runs);
	if (err)
		return err;
	for (size_t i = 0; i < RUNS; i++)
		runs[i] = runs[i] > 0 ? 1e9 / runs[i] : 0;
	*figure = figure_of(runs, RUNS);
	return 0;
}

/* Last what destroys the chain. */
static int measure_all(struct measurement *m)
{
	struct ramify_speed *speed = &m->speed;
	int err = measure_latency(m, &speed->read_latency_ns);

	if (!err)
		err = measure_bandwidth(m, read_piece, &speed->read_mbps);
	if (!err)
		err = measure_bandwidth(m, write_piece, &speed->write_mbps);
	if (!err)
		err = measure_bandwidth(m, copy_piece, &speed->copy_mbps);
	if (!err)
		err = buffer_check(m->ctx, &m->buffer, speed->node);
	return err;
}

/* Half of what is free, so that nothing is pushed out, to swap or to another node. */
static int choose_size(struct measurement *m, const struct ramify_node *node,
		       const struct ramify_node *initiator, uint64_t *ret_bytes)
{
	uint64_t cache, room, wanted, needed, cgroup;
	int err = cpus_cache(m->ctx, initiator->cpus, &cache);

	if (!err)
		err = room_in_cgroup(m->ctx, &cgroup);
	if (err)
		return err;
	if (cache == RAMIFY_UNKNOWN)
		cache = CACHE_ASSUMED;
	wanted = CACHES_WANTED * cache;
	wanted = wanted < BUFFER_LEAST ? BUFFER_LEAST : wanted > BUFFER_MOST ? BUFFER_MOST : wanted;
	needed = CACHES_NEEDED * cache < wanted ? CACHES_NEEDED * cache : wanted;
	room = (node->free_bytes < cgroup ? node->free_bytes : cgroup) / 2;
	if (room < needed)
		return fail(m->ctx, -ENOMEM,
			    "node %d is not measured: it takes %llu MiB, to be more than the caches, and no more than half of what is free: %llu MiB on the node%s",
			    node->node, (unsigned long long)needed >> 20,
			    (unsigned long long)node->free_bytes >> 20,
			    cgroup < node->free_bytes ? ", less in this process's memory cgroup" : "");
	*ret_bytes = (room < wanted ? room : wanted) & -BUFFER_ALIGN;
	return 0;
}

static const struct ramify_node *find_node(const struct ramify_system *sys, int number)
{
	for (size_t i = 0; i < sys->n_nodes; i++) {
		if (sys->nodes[i].node == number)
			return &sys->nodes[i];
	}
	return NULL;
}

static int check_node(struct ramify *ctx, const struct ramify_system *sys, int number)
{
	const struct ramify_node *node = find_node(sys, number);

	if (*ctx->root)
		return fail(ctx, -EOPNOTSUPP, "only the running system can be measured, not %s",
			    ctx->root);
	if (!node)
		return fail(ctx, -ENODEV, "there is no node %d; ramify list shows those that there are",
			    number);
	if (!node->total_bytes || !node->online)
		return fail(ctx, -ENODEV,
			    "node %d has no memory online; ramify add makes memory of its devices",
			    number);
	if (node->free_bytes == RAMIFY_UNKNOWN)
		return fail(ctx, -ENODEV, "the kernel does not tell how much of node %d is free",
			    number);
	return room_permitted(ctx, number);
}

static int measure(struct measurement *m, const struct ramify_system *sys)
{
	struct ramify_speed *speed = &m->speed;
	const struct ramify_node *initiator;
	uint64_t bytes = 0;
	int err = initiator_find(m->ctx, sys, speed->node, &speed->initiator);

	if (err)
		return err;
	initiator = find_node(sys, speed->initiator);
	err = cpus_permitted(m->ctx, initiator->cpus, initiator->node, &m->cpus);
	if (!err)
		err = choose_size(m, find_node(sys, speed->node), initiator, &bytes);
	if (!err)
		err = buffer_create(m->ctx, speed->node, bytes, &m->buffer);
	if (err)
		return err;
	speed->n_cpus = m->cpus.n;
	speed->buffer_bytes = bytes;
	speed->huge_bytes = m->buffer.huge_bytes;
	return measure_all(m);
}

int ramify_measure(struct ramify *ctx, const struct ramify_system *sys, int node,
		   const struct ramify_measure_options *options, ramify_progress_fn progress,
		   void *arg, struct ramify_speed *ret_speed)
{
	struct measurement m = {
		.ctx = ctx, .options = options, .progress = progress, .arg = arg,
		.speed.node = node,
	};
	int err = check_node(ctx, sys, node);

	ctx->message[0] = err ? ctx->message[0] : '\0';
	if (!err && (!options->seconds || options->seconds > RAMIFY_MEASURE_SECONDS_MAX))
		err = fail(ctx, -EINVAL, "a node is measured for 1 to %d seconds",
			   RAMIFY_MEASURE_SECONDS_MAX);
	if (!err)
		err = measure(&m, sys);
	buffer_destroy(&m.buffer);
	cpus_free(&m.cpus);
	if (err)
		return err;
	*ret_speed = m.speed;
	return 0;
}
