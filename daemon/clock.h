/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clock.h -- time in nanoseconds. */
#ifndef RAMIFYD_CLOCK_H
#define RAMIFYD_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

static inline uint64_t clock_read_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (uint64_t)t.tv_sec * 1000000000ULL + (uint64_t)t.tv_nsec;
}

/** Of this thread's own CPU time. */
static inline uint64_t clock_cpu_ns(void)
{
	return clock_read_ns(CLOCK_THREAD_CPUTIME_ID);
}

/** That all threads of a process have had. 0: it has gone. */
static inline uint64_t clock_process_ns(pid_t pid)
{
	/* As clock_getcpuclockid() makes it, which asks first whether there is such a process. */
	clockid_t id = (clockid_t)(~(unsigned int)pid << 3 | 2);
	struct timespec t;

	if (clock_gettime(id, &t))
		return 0;
	return (uint64_t)t.tv_sec * 1000000000ULL + (uint64_t)t.tv_nsec;
}

/** Has this thread had less CPU time than @end_ns? */
static inline bool clock_before(uint64_t end_ns)
{
	return clock_cpu_ns() < end_ns;
}

static inline uint64_t clock_now_ns(void)
{
	return clock_read_ns(CLOCK_MONOTONIC);
}

#endif
