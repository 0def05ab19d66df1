// SPDX-License-Identifier: GPL-2.0-or-later
/* scan_watch.c -- ramify_scan tells what was written, and no byte is lost by that. */

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../../../include/uapi/ramify_scan.h"

#define PAGE 4096UL
#define HUGE (2UL << 20)
#define PAGES 8192UL
#define RUNS_MAX (1 << 20)

static uint64_t runs[RUNS_MAX];
static int fd;

static unsigned char *map_pages(void)
{
	unsigned char *area = mmap(NULL, PAGES * PAGE + HUGE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED)
		err(1, "mmap");
	area += -(uintptr_t)area & (HUGE - 1);
	if (madvise(area, PAGES * PAGE, MADV_NOHUGEPAGE))
		err(1, "madvise");
	return area;
}

static struct ramify_scan scan(const void *start, size_t bytes, uint32_t every)
{
	struct ramify_scan req = {
		.size = sizeof(req),
		.version = RAMIFY_SCAN_ABI,
		.start = (uintptr_t)start,
		.end = (uintptr_t)start + bytes,
		.runs = (uintptr_t)runs,
		.runs_max = RUNS_MAX,
		.watch_every = every,
	};

	if (ioctl(fd, RAMIFY_SCAN_IOC_SCAN, &req))
		err(1, "scan");
	if (req.resume != req.end)
		errx(1, "stopped early");
	return req;
}

static void scan_open(void)
{
	struct ramify_scan_bind bind = {
		.size = sizeof(bind), .version = RAMIFY_SCAN_ABI, .pid = getpid()};

	fd = open(RAMIFY_SCAN_DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, RAMIFY_SCAN_IOC_BIND, &bind))
		err(1, RAMIFY_SCAN_DEVICE);
}

static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void use_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "needs two processors");
}

/* --- exact --- */

static unsigned char *area;
static bool wanted[PAGES];
static atomic_uint turn;

/* Writes what is wanted, reads all else, on a processor that it never leaves. */
static void *writer(void *arg)
{
	use_cpu(1);
	for (unsigned int mine = 1;; mine += 2) {
		while (atomic_load(&turn) != mine)
			__builtin_ia32_pause();
		for (size_t i = 0; i < PAGES; i++) {
			volatile unsigned char *page = area + i * PAGE;

			if (wanted[i])
				*page = (unsigned char)mine;
			else
				(void)*page;
		}
		atomic_store(&turn, mine + 1);
	}
	return NULL;
}

static void written(struct ramify_scan req, size_t *missed, size_t *falsely, size_t *unwatched)
{
	size_t run = 0;

	for (size_t i = 0; i < PAGES; i++) {
		uint64_t addr = (uintptr_t)area + i * PAGE;
		bool got;

		while (run + 1 < req.runs_count && (runs[run + 1] & RAMIFY_RUN_ADDR) <= addr)
			run++;
		got = runs[run] & RAMIFY_RUN_DIRTY;
		*unwatched += !(runs[run] & RAMIFY_RUN_WATCHED);
		*missed += wanted[i] && !got;
		*falsely += got && !wanted[i];
	}
}

static int exact(void)
{
	size_t missed = 0, falsely = 0, unwatched = 0, count = 0;
	uint64_t state = 88172645463325252ULL;
	pthread_t thread;

	use_cpu(0);
	area = map_pages();
	memset(area, 1, PAGES * PAGE);
	if (pthread_create(&thread, NULL, writer, NULL))
		errx(1, "pthread_create");
	scan(area, PAGES * PAGE, 1);
	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < PAGES; i++) {
			wanted[i] = random_next(&state) % 10 == 0;
			count += wanted[i];
		}
		atomic_fetch_add(&turn, 1);
		while (atomic_load(&turn) % 2)
			__builtin_ia32_pause();
		written(scan(area, PAGES * PAGE, 1), &missed, &falsely, &unwatched);
	}
	printf("%zu written, %zu missed, %zu false, %zu not watched\n", count, missed, falsely,
	       unwatched);
	return missed || falsely || unwatched || !count;
}

/* --- lossless: memory that is swapped, freed lazily, and written all the time --- */

struct region {
	pthread_t thread;
	unsigned char *area;
	uint64_t seed;
	uint64_t value[PAGES];
	bool freed[PAGES];	/* may be zero instead */
	unsigned long writes, checks, frees, zeroes;
};

static atomic_bool stop;

static void check_page(struct region *r, size_t i)
{
	uint64_t got = *(volatile uint64_t *)(r->area + i * PAGE);

	r->checks++;
	if (got == r->value[i])
		return;
	if (got != 0 || !r->freed[i])
		errx(1, "page %zu has %llx, not %llx", i, (unsigned long long)got,
		     (unsigned long long)r->value[i]);
	r->zeroes++;
	r->value[i] = 0;
}

static void write_page(struct region *r, size_t i)
{
	check_page(r, i);
	r->value[i] = (uint64_t)i << 32 | ++r->writes;
	*(volatile uint64_t *)(r->area + i * PAGE) = r->value[i];
	r->freed[i] = false;
}

static void free_pages(struct region *r, size_t i)
{
	i &= ~15UL;
	if (madvise(r->area + i * PAGE, 16 * PAGE, MADV_FREE))
		err(1, "MADV_FREE");
	memset(r->freed + i, true, 16);
	r->frees++;
}

static void *change(void *arg)
{
	struct region *r = arg;

	while (!atomic_load(&stop)) {
		uint64_t number = random_next(&r->seed);
		size_t i = number % PAGES;

		switch (number >> 32 & 15) {
		case 0: free_pages(r, i); break;
		case 1 ... 7: check_page(r, i); break;
		default: write_page(r, i); break;
		}
	}
	for (size_t i = 0; i < PAGES; i++)
		check_page(r, i);
	return NULL;
}

static int lossless(int seconds)
{
	static struct region regions[2];
	unsigned long scans = 0;
	time_t end = time(NULL) + seconds;

	for (int i = 0; i < 2; i++) {
		regions[i].area = map_pages();
		regions[i].seed = 7 + (uint64_t)i;
		if (pthread_create(&regions[i].thread, NULL, change, &regions[i]))
			errx(1, "pthread_create");
	}
	for (; time(NULL) < end; scans++)
		for (int i = 0; i < 2; i++)
			scan(regions[i].area, PAGES * PAGE, scans % 3 ? 1 : 4);
	atomic_store(&stop, true);
	for (int i = 0; i < 2; i++) {
		pthread_join(regions[i].thread, NULL);
		printf("%lu writes, %lu checks, %lu times freed, %lu pages were zero\n",
		       regions[i].writes, regions[i].checks, regions[i].frees, regions[i].zeroes);
	}
	printf("%lu scans\n", scans);
	return !scans || !regions[0].writes || !regions[0].zeroes;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "exact")) {
		scan_open();
		return exact();
	}
	if (argc == 3 && !strcmp(argv[1], "lossless")) {
		scan_open();
		return lossless(atoi(argv[2]));
	}
	fprintf(stderr, "usage: scan_watch exact | lossless SECONDS\n");
	return 2;
}
