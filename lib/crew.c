// SPDX-License-Identifier: LGPL-2.1-or-later
/* crew.c -- threads, one a CPU, that do one thing for a while; and how fast they did it. */

#include "crew.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* So that all shares start alike, at a page. */
#define SHARE_ALIGN 4096ul

enum order { WAIT, WORK, STOP };

struct crew {
	crew_fn fn;
	pthread_mutex_t lock;		/* for the change from WAIT only */
	pthread_cond_t ordered;
	atomic_int order;
};

struct member {
	struct crew *crew;
	pthread_t thread;
	struct worker worker;
	double rate;
};

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static void give_order(struct crew *crew, enum order order)
{
	pthread_mutex_lock(&crew->lock);
	atomic_store(&crew->order, order);
	pthread_cond_broadcast(&crew->ordered);
	pthread_mutex_unlock(&crew->lock);
}

static void await_order(struct crew *crew)
{
	pthread_mutex_lock(&crew->lock);
	while (atomic_load(&crew->order) == WAIT)
		pthread_cond_wait(&crew->ordered, &crew->lock);
	pthread_mutex_unlock(&crew->lock);
}

static void *work(void *arg)
{
	struct member *member = arg;
	struct crew *crew = member->crew;
	uint64_t units = 0;
	double start;

	await_order(crew);
	start = seconds();
	while (atomic_load_explicit(&crew->order, memory_order_relaxed) == WORK)
		units += crew->fn(&member->worker);
	member->rate = units ? units / (seconds() - start) : 0;
	return NULL;
}

/* On one CPU from its first instruction, and deaf to signals: they are for the caller. */
static int member_start(struct member *member, unsigned int cpu)
{
	size_t size = CPU_ALLOC_SIZE(cpu + 1);
	cpu_set_t *set = CPU_ALLOC(cpu + 1);
	sigset_t all, before;
	pthread_attr_t attr;
	int err;

	if (!set)
		return -ENOMEM;
	CPU_ZERO_S(size, set);
	CPU_SET_S(cpu, size, set);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&attr);
	err = -pthread_attr_setaffinity_np(&attr, size, set);
	if (!err)
		err = -pthread_create(&member->thread, &attr, work, member);
	pthread_attr_destroy(&attr);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	CPU_FREE(set);
	return err;
}

static int start_all(struct crew *crew, const struct cpus *cpus, struct member *members,
		     size_t share, char *at, size_t *started)
{
	int err = 0;

	while (!err && *started < cpus->n) {
		struct member *member = &members[*started];

		member->crew = crew;
		member->worker = (struct worker){ at + *started * share, share, 0 };
		err = member_start(member, cpus->numbers[*started]);
		*started += !err;
	}
	return err;
}

int crew_run(struct ramify *ctx, const struct cpus *cpus, char *at, size_t bytes, crew_fn fn,
	     unsigned int ms, double *ret_rate)
{
	struct crew crew = {
		.fn = fn, .lock = PTHREAD_MUTEX_INITIALIZER, .ordered = PTHREAD_COND_INITIALIZER,
	};
	struct timespec time = { ms / 1000, ms % 1000 * 1000000l };
	struct member *members = calloc(cpus->n, sizeof(*members));
	size_t started = 0;
	double rate = 0;
	int err;

	if (!members)
		return -ENOMEM;
	err = start_all(&crew, cpus, members, bytes / cpus->n & -SHARE_ALIGN, at, &started);
	if (!err) {
		give_order(&crew, WORK);
		nanosleep(&time, NULL);
	}
	give_order(&crew, STOP);
	for (size_t i = 0; i < started; i++) {
		pthread_join(members[i].thread, NULL);
		rate += members[i].rate;
	}
	free(members);
	if (err)
		return fail(ctx, err, "no thread can be started on CPU %u: %s",
			    cpus->numbers[started], strerror(-err));
	*ret_rate = rate;
	return 0;
}
