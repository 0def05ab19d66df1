// SPDX-License-Identifier: GPL-2.0-or-later
/* sampling.c -- what a sampler's look costs, and what a scanned program feels of it. */

#include <err.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/pidfd.h"
#include "daemon/sample.h"

#define CHUNK (2UL << 20)
#define PAGE 4096UL

/* --- the program --- */

/* Orders to it, in memory that both have. */
struct orders {
	unsigned int turn;	/* odd: its */
	size_t every;		/* it touches one page in so many */
	size_t until;		/* ... below this */
	int stop;
	size_t n_faults;
	uint32_t fault_ns[1 << 20];
};

static struct orders *orders;

static unsigned char *map_pages(size_t bytes)
{
	unsigned char *area = mmap(NULL, bytes + CHUNK, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (area == MAP_FAILED)
		err(1, "mmap");
	area = (unsigned char *)(((uintptr_t)area + CHUNK - 1) & -CHUNK);
	madvise(area, bytes, MADV_NOHUGEPAGE);
	return area;
}

static void touch(unsigned char *area, size_t bytes, size_t every)
{
	for (size_t at = 0; at < bytes; at += every * PAGE)
		(void)*(volatile unsigned char *)(area + at);
}

static void obey(unsigned char *area)
{
	for (unsigned int turn = 1;; turn += 2) {
		while (__atomic_load_n(&orders->turn, __ATOMIC_SEQ_CST) != turn)
			usleep(100);
		if (orders->every)
			touch(area, orders->until, orders->every);
		__atomic_store_n(&orders->turn, turn + 1, __ATOMIC_SEQ_CST);
	}
}

static void order(size_t every, size_t until)
{
	unsigned int turn = orders->turn + 2;

	orders->every = every;
	orders->until = until;
	__atomic_add_fetch(&orders->turn, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&orders->turn, __ATOMIC_SEQ_CST) != turn)
		usleep(100);
}

/* Fresh pages, one by one, and away with them again. */
static void fault(void)
{
	size_t pages = 256;

	while (!__atomic_load_n(&orders->stop, __ATOMIC_SEQ_CST)) {
		unsigned char *area = map_pages(pages * PAGE);

		for (size_t i = 0; i < pages && orders->n_faults < 1 << 20; i++) {
			uint64_t began = clock_now_ns();

			area[i * PAGE] = 1;
			orders->fault_ns[orders->n_faults++] = (uint32_t)(clock_now_ns() - began);
		}
		munmap(area, pages * PAGE);
	}
	_exit(0);
}

static pid_t start(size_t bytes, size_t every, int faults)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	unsigned char *area = map_pages(bytes);

	for (size_t at = 0; at < bytes; at += every * PAGE)
		area[at] = 1;
	if (faults) {
		__atomic_store_n(&orders->turn, 2, __ATOMIC_SEQ_CST);
		fault();
	}
	obey(area);
	return 0;
}

/* --- the look --- */

static size_t n_runs;

static int count(void *arg, const struct heat_run *runs, size_t n)
{
	n_runs += n;
	return 0;
}

static struct sample_result look(const struct sampler *sampler, struct sample *s, bool full)
{
	static const uint8_t ranks[1024];
	const struct sample_request request = {
		.end = 0x7ffffffff000ULL,
		.full = full,
		.ranks = ranks,
		.n_ranks = sizeof(ranks),
		.fold = count,
	};
	struct sample_result result;
	int error;

	n_runs = 0;
	error = sampler->look(s, &request, &result);
	if (error)
		errx(1, "%s: %s", sampler->name, strerror(-error));
	return result;
}

static const struct sampler *open_sampler(const char *name, pid_t pid, struct sample **ret_sample)
{
	const struct sampler *sampler = sampler_find(name);
	const char *why = "no such sampler";
	int error = sampler ? sampler->probe(&why) : -EINVAL, pidfd;

	if (error)
		errx(1, "%s: %s", name, why);
	pidfd = pidfd_of(pid);
	error = sampler->open(pid, pidfd, ret_sample);
	if (error)
		errx(1, "%s: open: %s", name, strerror(-error));
	close(pidfd);
	return sampler;
}

static void print(const char *sampler, const char *what, struct sample_result r, size_t chunks)
{
	printf("%-10s %-24s %9.3f us per 2 MiB %7llu pages used %8zu runs, stall %.3f ms\n", sampler,
	       what, (double)r.cpu_ns / 1000 / (double)chunks, (unsigned long long)r.used_pages, n_runs,
	       (double)r.stall_ns / 1000000);
}

static void best(const struct sampler *sampler, struct sample *s, const char *what, size_t every,
		 size_t until, bool full, size_t chunks)
{
	struct sample_result least = {.cpu_ns = UINT64_MAX};

	for (int i = 0; i < 3; i++) {
		struct sample_result r;

		order(every, until);
		r = look(sampler, s, full);
		if (r.cpu_ns < least.cpu_ns)
			least = r;
	}
	print(sampler->name, what, least, chunks);
}

static int cmd_cost(const char *name, size_t mib)
{
	size_t bytes = mib << 20, chunks = bytes / CHUNK;
	const struct sampler *sampler;
	struct sample *s;
	pid_t pid = start(bytes, 1, 0);

	order(0, 0);
	sampler = open_sampler(name, pid, &s);
	look(sampler, s, true);
	best(sampler, s, "all used", 1, bytes, false, chunks);
	best(sampler, s, "none used, all read", 0, 0, true, chunks);
	best(sampler, s, "none used", 0, 0, false, chunks);
	best(sampler, s, "1 page in 10 used", 10, bytes, false, chunks);
	best(sampler, s, "a tenth used", 1, bytes / 10, false, chunks);
	kill(pid, SIGKILL);
	return 0;
}

/* One page in each 2 MiB; one in a hundred of these is used each time. */
static int cmd_sparse(const char *name, size_t gib)
{
	size_t bytes = gib << 30, chunks = bytes / CHUNK;
	const struct sampler *sampler;
	struct sample *s;
	pid_t pid = start(bytes, 512, 0);

	order(0, 0);
	sampler = open_sampler(name, pid, &s);
	look(sampler, s, true);
	look(sampler, s, false);
	best(sampler, s, "sparse, 1 % used", 512 * 100, bytes, false, chunks);
	best(sampler, s, "sparse, none used", 0, 0, false, chunks);
	best(sampler, s, "sparse, all read", 0, 0, true, chunks);
	kill(pid, SIGKILL);
	return 0;
}

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void print_faults(const char *what)
{
	size_t n = orders->n_faults;

	qsort(orders->fault_ns, n, sizeof(orders->fault_ns[0]), by_size);
	if (!n)
		errx(1, "no faults");
	printf("%-10s faults %zu: median %.1f us, 99.9 %% below %.1f us, longest %.1f us\n", what, n,
	       orders->fault_ns[n / 2] / 1000., orders->fault_ns[n * 999 / 1000] / 1000.,
	       orders->fault_ns[n - 1] / 1000.);
}

static void use_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static int cmd_stall(const char *name, size_t mib, uint64_t seconds)
{
	const struct sampler *sampler = NULL;
	struct sample *s;
	uint64_t end;
	size_t looks = 0;
	pid_t pid;

	use_cpu(1);
	pid = start(mib << 20, 1, 1);
	use_cpu(0);
	while (__atomic_load_n(&orders->turn, __ATOMIC_SEQ_CST) != 2)
		usleep(1000);
	if (strcmp(name, "none"))
		sampler = open_sampler(name, pid, &s);
	for (end = clock_now_ns() + seconds * 1000000000; clock_now_ns() < end; looks++) {
		if (sampler)
			look(sampler, s, true);
		else
			usleep(10000);
	}
	__atomic_store_n(&orders->stop, 1, __ATOMIC_SEQ_CST);
	waitpid(pid, NULL, 0);
	print_faults(name);
	return 0;
}

int main(int argc, char **argv)
{
	orders = mmap(NULL, sizeof(*orders), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (orders == MAP_FAILED)
		err(1, "mmap");
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 4 && !strcmp(argv[1], "cost"))
		return cmd_cost(argv[2], (size_t)atol(argv[3]));
	if (argc == 4 && !strcmp(argv[1], "sparse"))
		return cmd_sparse(argv[2], (size_t)atol(argv[3]));
	if (argc == 5 && !strcmp(argv[1], "stall"))
		return cmd_stall(argv[2], (size_t)atol(argv[3]), (uint64_t)atol(argv[4]));
	fprintf(stderr, "usage: sampling cost|sparse SAMPLER MIB|GIB; sampling stall SAMPLER|none MIB SECONDS\n");
	return 2;
}
