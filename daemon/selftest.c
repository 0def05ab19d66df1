// SPDX-License-Identifier: GPL-2.0-or-later
/* selftest.c -- does a sampler tell the truth here? A child touches a known part of its memory. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <signal.h>

#include "clock.h"
#include "pidfd.h"
#include "selftest.h"

#define CHUNK_BYTES (HEAT_CHUNK_PAGES * (uint64_t)HEAT_PAGE)
#define CHUNKS 8
#define AREA_BYTES (CHUNKS * CHUNK_BYTES)
#define ROOM_BYTES (AREA_BYTES + CHUNK_BYTES)
#define PAGES (AREA_BYTES / HEAT_PAGE)
#define PATIENCE_NS 30000000000ULL

struct test {
	const struct sampler *sampler;
	unsigned char *room;	/* with what is needed to begin at a whole chunk */
	unsigned char *area;
	unsigned int *passes;	/* the child's over its subset, and one; shared with it */
	pid_t pid;
	int pidfd;
	struct sample *sample;
	uint8_t seen[PAGES];	/* rates */
	bool told[PAGES];
};

/* All of every other chunk; for an exact sampler, only its pages 3, 10, 17, ... */
static bool is_touched(size_t page, bool exact)
{
	return page / HEAT_CHUNK_PAGES % 2 && (!exact || page % 7 == 3);
}

/* After fork() in a process that may have threads: nothing that takes a lock. */
static void child_run(unsigned char *area, unsigned int *passes, bool exact)
{
	struct timespec moment = {.tv_nsec = 1000000};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t page = 0; page < PAGES; page++)
		area[page * HEAT_PAGE] = 1;
	for (;;) {
		__atomic_add_fetch(passes, 1, __ATOMIC_SEQ_CST);
		nanosleep(&moment, NULL);
		for (size_t page = 0; page < PAGES; page++)
			if (is_touched(page, exact))
				(void)*(volatile unsigned char *)(area + page * HEAT_PAGE);
	}
}

static void sleep_ns(uint64_t ns)
{
	struct timespec t = {.tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000)};

	nanosleep(&t, NULL);
}

static int wait_for_passes(struct test *t, unsigned int more)
{
	unsigned int from = __atomic_load_n(t->passes, __ATOMIC_SEQ_CST);
	uint64_t end = clock_now_ns() + PATIENCE_NS;

	while (__atomic_load_n(t->passes, __ATOMIC_SEQ_CST) - from < more) {
		if (pidfd_alive(t->pidfd))
			return -ECHILD;
		if (clock_now_ns() > end)
			return -ETIMEDOUT;
		sleep_ns(1000000);
	}
	return 0;
}

static int note(void *arg, const struct heat_run *runs, size_t n)
{
	struct test *t = arg;
	uint64_t area = (uintptr_t)t->area;

	for (; n; n--, runs++)
		for (uint64_t i = 0; i < runs->n_pages && runs->state == HEAT_PRESENT; i++) {
			uint64_t addr = runs->start + i * HEAT_PAGE;

			if (addr < area || addr >= area + AREA_BYTES)
				continue;
			t->seen[(addr - area) / HEAT_PAGE] = runs->rate;
			t->told[(addr - area) / HEAT_PAGE] = true;
		}
	return 0;
}

static int look(struct test *t)
{
	static const uint8_t ranks[1024];
	struct sample_request request = {
		.end = 0x7ffffffff000ULL,
		.full = true,
		.ranks = ranks,
		.n_ranks = sizeof(ranks),
		.fold = note,
		.arg = t,
	};
	struct sample_result result;

	memset(t->seen, 0, sizeof(t->seen));
	memset(t->told, 0, sizeof(t->told));
	return t->sampler->look(t->sample, &request, &result);
}

static int judge(const struct test *t, char *ret_why, size_t why_size)
{
	size_t missed = 0, falsely = 0, untold = 0;

	for (size_t page = 0; page < PAGES; page++) {
		bool want = is_touched(page, t->sampler->exact);

		missed += want && !t->seen[page];
		falsely += !want && t->seen[page];
		untold += !t->told[page];
	}
	if (missed || falsely || untold) {
		snprintf(ret_why, why_size,
			 "it missed %zu, imagined %zu and left out %zu of %llu pages in its test", missed,
			 falsely, untold, (unsigned long long)PAGES);
		return -EBADMSG;
	}
	return 0;
}

static int two_looks(struct test *t)
{
	int err = look(t);

	/* A pass that had begun, and a whole one. */
	if (!err)
		err = wait_for_passes(t, 2);
	if (err)
		return err;
	sleep_ns(t->sampler->settle_ns);
	return look(t);
}

static int run(struct test *t, char *ret_why, size_t why_size)
{
	/* Its memory is all there when the first pass begins. */
	int err = wait_for_passes(t, 1);

	if (!err)
		err = t->sampler->open(t->pid, t->pidfd, &t->sample);
	if (!err)
		err = two_looks(t);
	t->sampler->close(t->sample);
	if (!err)
		return judge(t, ret_why, why_size);
	snprintf(ret_why, why_size, "its test failed: %s", strerror(-err));
	return err;
}

static int start(struct test *t)
{
	t->room = mmap(NULL, ROOM_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	t->passes = mmap(NULL, HEAT_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (t->room == MAP_FAILED || t->passes == MAP_FAILED)
		return -ENOMEM;
	t->area = t->room + (-(uintptr_t)t->room & (CHUNK_BYTES - 1));
	madvise(t->area, AREA_BYTES, MADV_NOHUGEPAGE);
	t->pid = fork();
	if (t->pid == 0)
		child_run(t->area, t->passes, t->sampler->exact);
	if (t->pid < 0)
		return -errno;
	t->pidfd = pidfd_of(t->pid);
	return t->pidfd < 0 ? t->pidfd : 0;
}

static void stop(struct test *t)
{
	if (t->pid > 0) {
		kill(t->pid, SIGKILL);
		waitpid(t->pid, NULL, 0);
	}
	if (t->pidfd >= 0)
		close(t->pidfd);
	if (t->room != MAP_FAILED)
		munmap(t->room, ROOM_BYTES);
	if (t->passes != MAP_FAILED)
		munmap(t->passes, HEAT_PAGE);
}

int selftest(const struct sampler *sampler, char *ret_why, size_t why_size)
{
	struct test *t;
	const char *why = NULL;
	int err = sampler->probe(&why);

	if (err) {
		snprintf(ret_why, why_size, "%s", why);
		return err;
	}
	t = calloc(1, sizeof(*t));
	if (!t)
		return -ENOMEM;
	t->sampler = sampler;
	t->pidfd = -1;
	t->room = MAP_FAILED;
	t->passes = MAP_FAILED;
	err = start(t);
	if (err)
		snprintf(ret_why, why_size, "no process to test it on: %s", strerror(-err));
	else
		err = run(t, ret_why, why_size);
	stop(t);
	free(t);
	return err;
}
