// SPDX-License-Identifier: GPL-2.0-or-later
/* scan_stress.c -- everything that changes page tables, under a scanner that never rests. */

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../../include/uapi/ramify_scan.h"

#define PAGE 4096UL
#define HUGE (2UL << 20)
#define GIB (1UL << 30)

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

static _Thread_local uint64_t random_state;

static uint64_t random_next(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static void random_seed(uint64_t seed)
{
	random_state = seed * 0x9e3779b97f4a7c15ULL + 1;
}

/* --- the victim: threads that never let a page table be --- */

static unsigned char *map(size_t bytes, int flags, int fd)
{
	unsigned char *area = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);

	return area == MAP_FAILED ? NULL : area;
}

static unsigned char *align_huge(unsigned char *area)
{
	return (unsigned char *)(((uintptr_t)area + HUGE - 1) & -HUGE);
}

/* In two pieces. Never twice: what has gone may be another thread's by now. */
static void unmap(unsigned char *area, size_t bytes)
{
	size_t cut = PAGE * (1 + random_next() % (bytes / PAGE - 1));

	munmap(area, cut);
	munmap(area + cut, bytes - cut);
}

/* Each page knows its own number: nobody may mix them up. */
static void fill(unsigned char *area, size_t bytes)
{
	for (size_t at = 0; at < bytes; at += PAGE)
		*(uint64_t *)(area + at) = at ^ 0x5ca1ab1e;
}

static void check(const unsigned char *area, size_t bytes, const char *what)
{
	for (size_t at = 0; at < bytes; at += PAGE)
		if (*(const volatile uint64_t *)(area + at) != (at ^ 0x5ca1ab1e))
			errx(3, "%s: page %zu has another's content", what, at / PAGE);
}

/* Huge pages are made, split in three ways, collapsed, and unmapped piece by piece. */
static void round_thp(void)
{
	size_t bytes = 4 * HUGE;
	unsigned char *room = map(bytes + HUGE, MAP_PRIVATE | MAP_ANONYMOUS, -1), *area;

	if (!room)
		return;
	area = align_huge(room);
	madvise(area, bytes, random_next() % 2 ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	fill(area, bytes);
	mprotect(area + PAGE * (random_next() % 1024), PAGE, PROT_READ);
	madvise(area + HUGE + 5 * PAGE, 3 * PAGE, MADV_COLD);
	check(area, bytes, "thp");
	mprotect(area, bytes, PROT_READ | PROT_WRITE);
	madvise(area, bytes, MADV_HUGEPAGE);
	madvise(area, bytes, MADV_COLLAPSE);
	check(area, bytes, "collapsed");
	madvise(area + PAGE * (random_next() % 512), 40 * PAGE, MADV_DONTNEED);
	unmap(room, bytes + HUGE);
}

static void round_remap(void)
{
	size_t bytes = 2 * HUGE + 3 * PAGE * (random_next() % 100);
	unsigned char *area = map(bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	unsigned char *to = map(bytes + HUGE, MAP_PRIVATE | MAP_ANONYMOUS, -1), *moved;

	if (!area || !to)
		return;
	fill(area, bytes);
	moved = mremap(area, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED,
		       random_next() % 2 ? align_huge(to) : to + PAGE);
	if (moved == MAP_FAILED)
		return;
	check(moved, bytes, "moved");
	unmap(to, bytes + HUGE);
}

/* Shared memory with huge pages: tables are replaced under the reader. */
static void round_shmem(int fd)
{
	size_t bytes = 2 * HUGE;
	unsigned char *room = map(bytes, MAP_SHARED, fd);

	if (!room)
		return;
	fill(room, bytes);
	madvise(room, bytes, MADV_COLLAPSE);
	check(room, bytes, "shmem");
	if (random_next() % 4 == 0 && ftruncate(fd, (off_t)PAGE) == 0 &&
	    ftruncate(fd, (off_t)bytes))
		err(3, "ftruncate");
	munmap(room, bytes);
}

static void round_fork(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		unsigned char *area = map(HUGE, MAP_PRIVATE | MAP_ANONYMOUS, -1);

		if (area)
			fill(area, HUGE);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

/* Mappings of a whole GiB share their tables with another process's. */
static void round_hugetlb(int fd)
{
	unsigned char *area = mmap(NULL, 2 * GIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
				   fd, 0);

	if (area == MAP_FAILED)
		return;
	area[0] = area[HUGE] = 1;
	*(area + GIB) = 1;
	if (random_next() % 2)
		mprotect(area, HUGE, PROT_READ);
	if (random_next() % 2) {
		munmap(area, HUGE);
		munmap(area + HUGE, 2 * GIB - HUGE);
	} else {
		munmap(area, 2 * GIB);
	}
}

static int shmem_fd = -1, hugetlb_fd = -1;

static __attribute__((noreturn)) void *hammer(void *arg)
{
	uintptr_t which = (uintptr_t)arg;

	random_seed(which + (uint64_t)getpid());
	for (;;) {
		switch (which) {
		case 0: round_thp(); break;
		case 1: round_remap(); break;
		case 2: round_shmem(shmem_fd); break;
		case 3: round_fork(); break;
		default:
			if (hugetlb_fd >= 0)
				round_hugetlb(hugetlb_fd);
			else
				round_thp();
		}
	}
}

/* Runs until it is killed, or becomes another program, which is itself. */
static int victim(const char *self)
{
	pthread_t thread;
	struct timespec life;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	shmem_fd = memfd_create("stress", MFD_CLOEXEC);
	hugetlb_fd = open("/dev/hugepages/stress", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (shmem_fd < 0 || ftruncate(shmem_fd, 2 * HUGE))
		err(3, "memfd");
	if (hugetlb_fd >= 0 && ftruncate(hugetlb_fd, 2 * GIB))
		err(3, "hugetlb");
	for (uintptr_t i = 0; i < 5; i++)
		if (pthread_create(&thread, NULL, hammer, (void *)i))
			errx(3, "pthread_create");
	random_seed((uint64_t)getpid() ^ (uint64_t)time(NULL));
	life = (struct timespec){.tv_sec = 1, .tv_nsec = (long)(random_next() % 900000000)};
	nanosleep(&life, NULL);
	execl(self, self, "victim", NULL);
	err(3, "exec");
}

/* --- the scanner --- */

#define RUNS_MAX (1 << 15)
static uint64_t runs[RUNS_MAX];

static unsigned long scans, deaths, used;

static void check_runs(const struct ramify_scan *req)
{
	uint64_t at = req->start;

	for (size_t i = 0; i < req->runs_count; i++) {
		uint64_t addr = runs[i] & RAMIFY_RUN_ADDR;

		if (i == 0 ? addr != at : addr <= at)
			errx(2, "run %zu of %llu is out of order", i, req->runs_count);
		at = addr;
	}
	if (req->resume <= at && req->runs_count)
		errx(2, "the last run is beyond where it ended");
}

/* False when the process is gone. */
static bool scan_once(int fd)
{
	struct ramify_scan req = {
		.size = sizeof(req),
		.version = RAMIFY_SCAN_ABI,
		.end = 0x7ffffffff000,
		.flags = random_next() % 8,
		.runs = (uintptr_t)runs,
		.runs_max = random_next() % 4 ? RUNS_MAX : RAMIFY_SCAN_RUNS_MIN,
	};

	req.flags = req.flags < 4 ? req.flags : 0;
	for (; req.start < req.end; req.start = req.resume) {
		if (ioctl(fd, RAMIFY_SCAN_IOC_SCAN, &req)) {
			if (errno != ESRCH)
				err(2, "scan");
			deaths++;
			return false;
		}
		check_runs(&req);
		scans++;
		used += req.accessed_pages;
	}
	return true;
}

static int bind_to(pid_t pid)
{
	struct ramify_scan_bind bind = {
		.size = sizeof(bind), .version = RAMIFY_SCAN_ABI, .pid = pid};
	int fd = open(RAMIFY_SCAN_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(2, RAMIFY_SCAN_DEVICE);
	if (ioctl(fd, RAMIFY_SCAN_IOC_BIND, &bind)) {
		if (errno != ESRCH)
			err(2, "bind");
		close(fd);
		return -1;
	}
	return fd;
}

static pid_t victim_start(const char *self)
{
	pid_t pid = fork();

	if (pid == 0) {
		execl(self, self, "victim", NULL);
		_exit(3);
	}
	return pid;
}

/* A victim that ends by itself found its memory changed. */
static void victim_stop(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		errx(2, "a victim ended by itself: status %x", status);
}

int main(int argc, char **argv)
{
	static const char self[] = "/proc/self/exe";
	time_t end;

	if (argc == 2 && !strcmp(argv[1], "victim"))
		return victim(self);
	if (argc != 2 || atoi(argv[1]) <= 0) {
		fprintf(stderr, "usage: scan_stress SECONDS\n");
		return 2;
	}
	random_seed(1);
	end = time(NULL) + atoi(argv[1]);
	while (time(NULL) < end) {
		pid_t pid[2] = {victim_start(self), victim_start(self)};
		int fd[2] = {-1, -1};

		/* A process is scanned through its programs; then it dies at any moment. */
		for (time_t until = time(NULL) + 4; time(NULL) < until;)
			for (int i = 0; i < 2; i++) {
				if (fd[i] < 0)
					fd[i] = bind_to(pid[i]);
				if (fd[i] >= 0 && !scan_once(fd[i])) {
					close(fd[i]);
					fd[i] = -1;
				}
			}
		for (int i = 0; i < 2; i++)
			victim_stop(pid[i]);
		for (int i = 0; i < 2; i++)
			if (fd[i] >= 0 && (scan_once(fd[i]) || close(fd[i])))
				errx(2, "a dead process was scanned");
	}
	printf("%lu scans, %lu times the process was gone, %lu pages used\n", scans, deaths, used);
	return !(scans && deaths && used);
}
