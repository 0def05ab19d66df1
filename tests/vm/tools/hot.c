// SPDX-License-Identifier: GPL-2.0-or-later
/* hot.c -- a program with a hot part: for cases about what ramifyd moves. */

#include <err.h>
#include <numaif.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PARTS 4
#define PAGE 4096
#define ALIGN (2UL << 20)

static unsigned char *parts[PARTS];
static size_t part_bytes;
static volatile sig_atomic_t hot, resting, done;

static void on_signal(int signal)
{
	if (signal == SIGUSR1)
		hot = (hot + 1) % PARTS;
	else if (signal == SIGUSR2)
		resting = !resting;
	else
		done = 1;
}

/* A gap on both sides, so that each part has a line of its own in numa_maps. */
static unsigned char *map_part(int node, int huge)
{
	unsigned long mask = 1UL << node;
	unsigned char *p = mmap(NULL, part_bytes + 2 * ALIGN, PROT_NONE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		err(1, "mmap");
	p = (unsigned char *)(((uintptr_t)p + ALIGN) & -ALIGN);
	if (mprotect(p, part_bytes, PROT_READ | PROT_WRITE))
		err(1, "mprotect");
	madvise(p, part_bytes, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	if (mbind(p, part_bytes, MPOL_BIND, &mask, 64, 0))
		err(1, "mbind to node %d", node);
	for (size_t at = 0; at < part_bytes; at += 8)
		*(uint64_t *)(void *)(p + at) = (uintptr_t)p + at;
	if (mbind(p, part_bytes, MPOL_DEFAULT, NULL, 0, 0))
		err(1, "mbind");
	return p;
}

static void check_part(const unsigned char *p)
{
	for (size_t at = 0; at < part_bytes; at += 8)
		if (*(const uint64_t *)(const void *)(p + at) != (uintptr_t)p + at)
			errx(1, "the content has changed at byte %zu", at);
}

/* With what is there already. */
static void write_part(unsigned char *p)
{
	for (size_t at = 0; at < part_bytes; at += PAGE)
		*(volatile uint64_t *)(void *)(p + at) = (uintptr_t)p + at;
}

/* All of it, or so much of each 2 MiB. */
static void touch(const unsigned char *p, size_t used_bytes)
{
	for (size_t chunk = 0; chunk < part_bytes; chunk += ALIGN)
		for (size_t at = chunk; at < chunk + used_bytes && at < part_bytes; at += PAGE)
			(void)*(const volatile unsigned char *)(p + at);
}

int main(int argc, char **argv)
{
	struct timespec pause = { .tv_nsec = 20000000 };
	bool mixed = argc > 3 && !strcmp(argv[3], "mixed");

	if (argc != 5 && argc != 6) {
		fprintf(stderr, "usage: hot NODE MIB small|huge|mixed NAME [written]\n"
				"Fills four parts of MIB on NODE, and uses one; on SIGUSR1 the next; "
				"on SIGUSR2 none, or one again. Or uses all alike, and writes to one; "
				"mixed: an eighth of each huge page of all. "
				"On SIGTERM says whether all is intact.\n");
		return 2;
	}
	part_bytes = strtoull(argv[2], NULL, 0) << 20;
	for (int i = 0; i < PARTS; i++) {
		parts[i] = map_part(atoi(argv[1]), strcmp(argv[3], "small"));
		printf("%lx\n", (unsigned long)parts[i]);
	}
	fflush(stdout);
	signal(SIGUSR1, on_signal);
	signal(SIGUSR2, on_signal);
	signal(SIGTERM, on_signal);
	while (!done) {
		for (int i = 0; i < PARTS && !resting; i++)
			if (argc == 6 || mixed || i == hot)
				touch(parts[i], mixed ? ALIGN / 8 : ALIGN);
		if (argc == 6)
			write_part(parts[hot]);
		nanosleep(&pause, NULL);
	}
	for (int i = 0; i < PARTS; i++)
		check_part(parts[i]);
	printf("intact\n");
	return 0;
}
