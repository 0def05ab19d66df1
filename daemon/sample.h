/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sample.h -- which pages of a process were used since the last look: several ways, one face. */
#ifndef RAMIFYD_SAMPLE_H
#define RAMIFYD_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/heat.h"
#include "watch.h"

/*
 * sampler  a way to see accesses: scan, bits-bpf, damon ... A constant table of operations.
 * sample   one process seen through a sampler, from open to close; a few bytes
 * look     what was used since the look before, as runs for heat_fold()
 *
 *	sample_choose() once at start, then for each process:
 *	open -> the first look, whose answer is about all time before -> look, look ... -> close
 *
 * One thread at a time, for all of them: they share buffers.
 */

struct sample;

/** Takes runs in order of their addresses; not 0 ends the look with that error. heat_fold() has
 *  this shape but for the type of its first argument. */
typedef int (*sample_fold)(void *arg, const struct heat_run *runs, size_t n);

struct sample_request {
	uint64_t start, end;	/* multiples of HEAT_PAGE; SAMPLE_ALL for everything */
	bool full;		/* look at each page, also where nothing seems used */
	uint64_t cpu_ns;	/* stop early at about so much CPU time; 0: no bound */
	struct watch_turn watch;	/* tell writes in these chunks: each page's first write
					 * after a look costs the process a fault */
	const uint8_t *ranks;	/* of NUMA node 0, 1, ... */
	size_t n_ranks;		/* pages of nodes beyond are told as HEAT_BLIND */
	sample_fold fold;
	void *arg;
};
#define SAMPLE_ALL 0, 0x7ffffffff000ULL

struct sample_result {
	uint64_t resume;	/* the end, or where cpu_ns ended the look: ask again from here */
	struct heat_look grade;	/* how fine and how sure it was: for heat_look_begin() */
	uint64_t present_pages;
	uint64_t used_pages;
	uint64_t cpu_ns;	/* of this thread; what kernel threads did besides is not in it */
	uint64_t stall_ns;	/* longest time that the process may have been kept from faulting */
};

struct sampler {
	const char *name;
	const char *blind;	/* what it cannot see, for people: half a sentence */
	struct heat_look grade;	/* of its looks, at their best */
	bool exact;		/* one access between two looks is seen, and nothing else */
	bool whole;		/* clears bits of the whole process: always look at SAMPLE_ALL */
	bool writes;		/* can tell writes; the others ignore watch */
	bool guests;		/* sees what a KVM guest itself accesses */
	uint64_t settle_ns;	/* a look tells nothing before so much time has passed */

	/** Can it work on this system? 0, or why not: a text for people, in ret_why. */
	int (*probe)(const char **ret_why);
	/**
	 * @pidfd was opened before @pid was believed to be the process that is meant, and tells
	 * whether it still is. -ESRCH it is gone; -EPERM; -ENOENT what the sampler needs is not
	 * there; -ENOMEM.
	 */
	int (*open)(pid_t pid, int pidfd, struct sample **ret_sample);
	/**
	 * -ESRCH the process is gone, or runs another program: close, and open again if it
	 * lives. Other errors: what was folded before stands, and nothing is known of the rest.
	 */
	int (*look)(struct sample *sample, const struct sample_request *request,
		    struct sample_result *ret_result);
	void (*close)(struct sample *sample);
};

extern const struct sampler sampler_scan;
extern const struct sampler sampler_bits_bpf;
extern const struct sampler sampler_bits_kcore;
extern const struct sampler sampler_damon;

/** What became of each sampler in sample_choose(), the best one first. */
struct sample_choice {
	const struct sampler *sampler;
	bool works;
	char why[160];		/* if not */
};

#define SAMPLERS_MAX 4

/**
 * Try every sampler on a child that touches a known part of its memory; takes up to a second.
 * Returns the number of choices. The daemon takes the first that works, and for a process that
 * runs a KVM guest the first that also has `guests`.
 */
size_t sample_choose(struct sample_choice choices[SAMPLERS_MAX]);

/** Is it meant by "auto", its name, or the part of its name before a dash: bits for bits-bpf? */
bool sampler_is(const struct sampler *sampler, const char *name);

/** Could a sampler that @name means tell writes? None is tried for it. */
bool sample_sees_writes(const char *name);

/** The first that @name means; NULL if there is none. */
const struct sampler *sampler_find(const char *name);

#endif
