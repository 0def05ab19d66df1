// SPDX-License-Identifier: GPL-2.0-or-later
/* kinds.c -- a program with memory of each kind: for cases about what policies match. */

#include <alloca.h>
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096UL
#define ALIGN (2UL << 20)

static size_t bytes;
static volatile sig_atomic_t done;

static void on_signal(int signal)
{
	done = 1;
}

static unsigned char *map(int flags, int fd)
{
	unsigned char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (p == MAP_FAILED)
		err(1, "mmap");
	madvise(p, bytes, MADV_NOHUGEPAGE);
	return p;
}

static unsigned char *map_file(int fd, const char *name)
{
	if (fd < 0 || ftruncate(fd, (off_t)bytes))
		err(1, "%s", name);
	return map(MAP_SHARED, fd);
}

static unsigned char *heap(void)
{
	unsigned char *p = sbrk((intptr_t)(bytes + PAGE));

	if (p == (void *)-1)
		err(1, "sbrk");
	p = (unsigned char *)(((uintptr_t)p + PAGE - 1) & -PAGE);
	madvise(p, bytes, MADV_NOHUGEPAGE);
	return p;
}

static unsigned char *locked(void)
{
	unsigned char *p = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);

	if (mlock(p, bytes))
		err(1, "mlock");
	return p;
}

static unsigned char *shm(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/kinds-%s", name);
	return map_file(shm_open(path, O_RDWR | O_CREAT, 0600), path);
}

static unsigned char *memfd(const char *name)
{
	char label[64];

	snprintf(label, sizeof(label), "kinds-%s", name);
	return map_file(memfd_create(label, 0), label);
}

static unsigned char *file(const char *name)
{
	return map_file(open(name, O_RDWR | O_CREAT, 0600), name);
}

struct area {
	const char *name;
	unsigned char *start;
};

static void fill(const struct area *area)
{
	for (size_t at = 0; at < bytes; at += 8)
		*(uint64_t *)(void *)(area->start + at) = (uintptr_t)area->start + at;
	printf("%s %lx\n", area->name, (unsigned long)area->start);
	fflush(stdout);
}

static void check(const struct area *area)
{
	for (size_t at = 0; at < bytes; at += 8)
		if (*(const uint64_t *)(const void *)(area->start + at) !=
		    (uintptr_t)area->start + at)
			errx(1, "%s has changed at byte %zu", area->name, at);
}

static void use(const struct area *areas, size_t n)
{
	struct timespec pause = { .tv_nsec = 100000000 };

	while (!done) {
		for (size_t i = 0; i < n; i++)
			for (size_t at = 0; at < bytes; at += PAGE)
				(void)*(const volatile unsigned char *)(areas[i].start + at);
		nanosleep(&pause, NULL);
	}
}

/* A child that uses it all, too: so what is anonymous is two processes' own. */
static void share(const struct area *areas, size_t n)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	use(areas, n);
	_exit(0);
}

int main(int argc, char **argv)
{
	size_t n;

	if (argc != 4 && argc != 5) {
		fprintf(stderr, "usage: kinds KIB FILE NAME [forked]\n"
				"Fills KIB of each kind of memory, says where, and reads it all again and "
				"again; so does a child, if forked. On SIGTERM says whether all is "
				"intact.\n");
		return 2;
	}
	bytes = strtoull(argv[1], NULL, 0) << 10;
	struct area areas[] = {
		{ "anon", map(MAP_PRIVATE | MAP_ANONYMOUS, -1) },
		{ "heap", heap() },
		{ "stack", (unsigned char *)(((uintptr_t)alloca(bytes + PAGE) + PAGE - 1) & -PAGE) },
		{ "shared", map(MAP_SHARED | MAP_ANONYMOUS, -1) },
		{ "memfd", memfd(argv[3]) },
		{ "shm", shm(argv[3]) },
		{ "file", file(argv[2]) },
		{ "locked", locked() },
	};

	n = sizeof(areas) / sizeof(*areas);
	for (size_t i = 0; i < n; i++)
		fill(&areas[i]);
	signal(SIGTERM, on_signal);
	if (argc == 5)
		share(areas, n);
	use(areas, n);
	for (size_t i = 0; i < n; i++)
		check(&areas[i]);
	printf("intact\n");
	return 0;
}
