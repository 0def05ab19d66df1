// SPDX-License-Identifier: LGPL-2.1-or-later
/* cpus.c -- the CPUs of a node, those that we may use, and their caches. */

#include "cpus.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dir.h"
#include "idlist.h"
#include "value.h"

#define CPU_DIR "sys/devices/system/cpu"
/* Linux is never built for more. */
#define CPUS_MAX 8192

static int select_permitted(const char *text, const cpu_set_t *set, struct cpus *cpus)
{
	unsigned int first, last;
	int err;

	while ((err = idlist_next(&text, &first, &last)) > 0) {
		for (unsigned int cpu = first; cpu <= last && cpu < CPUS_MAX; cpu++) {
			if (CPU_ISSET_S(cpu, CPU_ALLOC_SIZE(CPUS_MAX), set))
				cpus->numbers[cpus->n++] = cpu;
		}
	}
	return err;
}

int cpus_permitted(struct ramify *ctx, const char *text, int node, struct cpus *ret_cpus)
{
	struct cpus cpus = { calloc(CPUS_MAX, sizeof(*cpus.numbers)), 0 };
	cpu_set_t *set = CPU_ALLOC(CPUS_MAX);
	int err = cpus.numbers && set ? 0 : -ENOMEM;

	if (!err && sched_getaffinity(0, CPU_ALLOC_SIZE(CPUS_MAX), set))
		err = -errno;
	if (!err)
		err = select_permitted(text, set, &cpus);
	if (!err && !cpus.n)
		err = fail(ctx, -EPERM,
			   "this process may run on none of the CPUs %s of node %d, the nearest; see taskset -p $$ and the cpuset of its cgroup",
			   text, node);
	CPU_FREE(set);
	if (err) {
		cpus_free(&cpus);
		return err;
	}
	*ret_cpus = cpus;
	return 0;
}

void cpus_free(struct cpus *cpus)
{
	free(cpus->numbers);
	*cpus = (struct cpus){ 0 };
}

/* "32768K" */
static int read_size(struct ramify *ctx, const char *dir, uint64_t *ret_bytes)
{
	char path[PATH_MAX], text[32];
	uint64_t kib = 0;
	size_t len;
	int err = value_text(ctx, dir, "size", text, sizeof(text));

	if (!err)
		err = value_path(ctx, path, sizeof(path), dir, "size");
	if (err)
		return err;
	len = strlen(text);
	if (len) {
		if (text[len - 1] != 'K')
			return value_absurd(ctx, path, text);
		text[len - 1] = '\0';
		if (parse_u64(text, &kib) || kib > UINT64_MAX >> 20)
			return value_absurd(ctx, path, text);
	}
	*ret_bytes = kib << 10;
	return 0;
}

/* Adds the largest cache of @cpu, if it is the first of those that share it. */
static int add_cache(struct ramify *ctx, unsigned int cpu, uint64_t *sum)
{
	char base[96], dir[160], shared[ATTR_MAX];
	uint64_t most = 0, size = 0, lowest = cpu;
	struct dir_list list;
	int err;

	snprintf(base, sizeof(base), CPU_DIR "/cpu%u/cache", cpu);
	err = dir_list_read(ctx, base, "index", &list);
	if (err)
		return err;
	for (size_t i = 0; !err && i < list.n; i++) {
		snprintf(dir, sizeof(dir), "%s/%.32s", base, list.names[i]);
		err = read_size(ctx, dir, &size);
		if (err || size <= most)
			continue;
		most = size;
		err = value_text(ctx, dir, "shared_cpu_list", shared, sizeof(shared));
		lowest = *shared ? strtoul(shared, NULL, 10) : cpu;
	}
	dir_list_free(&list);
	if (!err && lowest == cpu)
		*sum += most;
	return err;
}

int cpus_cache(struct ramify *ctx, const char *text, uint64_t *ret_bytes)
{
	unsigned int first, last;
	uint64_t sum = 0;
	int err;

	while ((err = idlist_next(&text, &first, &last)) > 0) {
		for (unsigned int cpu = first; cpu <= last && cpu < CPUS_MAX; cpu++) {
			err = add_cache(ctx, cpu, &sum);
			if (err)
				return err;
		}
	}
	if (err)
		return err;
	*ret_bytes = sum ? sum : RAMIFY_UNKNOWN;
	return 0;
}
