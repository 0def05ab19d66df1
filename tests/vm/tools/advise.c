// SPDX-License-Identifier: GPL-2.0-or-later
/* advise.c -- a program that says where its memory belongs: for a case about libramify. */

#include <err.h>
#include <errno.h>
#include <ramify.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096UL

static const char *const names[] = { "auto", "fast", "slow" };
static volatile sig_atomic_t done;

static void on_signal(int signal)
{
	done = 1;
}

static unsigned char *map(size_t bytes)
{
	unsigned char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				-1, 0);

	if (p == MAP_FAILED)
		err(1, "mmap");
	madvise(p, bytes, MADV_NOHUGEPAGE);
	return p;
}

static void advise(struct ramify *ctx, unsigned char *p, size_t bytes, enum ramify_advice advice)
{
	unsigned int what = 0;
	int failed = ramify_advise(ctx, p, bytes, advice, &what);

	if (failed)
		errx(1, "%s: %s", ramify_message(ctx), strerror(-failed));
	printf("%s %lx %u %s\n", names[advice], (unsigned long)p, what, ramify_message(ctx));
}

static void misuse(struct ramify *ctx, unsigned char *p, size_t bytes)
{
	unsigned int what = 77;

	if (ramify_advise(ctx, p + 1, bytes, RAMIFY_ADVISE_FAST, &what) != -EINVAL ||
	    ramify_advise(ctx, p, 0, RAMIFY_ADVISE_FAST, &what) != -EINVAL ||
	    ramify_advise(ctx, p, SIZE_MAX, RAMIFY_ADVISE_FAST, &what) != -EINVAL ||
	    ramify_advise(ctx, p, bytes, (enum ramify_advice)3, &what) != -EINVAL)
		errx(1, "what makes no sense is taken");
	if (munmap(p + PAGE, PAGE) ||
	    ramify_advise(ctx, p, bytes, RAMIFY_ADVISE_FAST, &what) != -EFAULT || what != 77)
		errx(1, "a hole is taken for memory");
}

int main(int argc, char **argv)
{
	struct timespec pause = { .tv_nsec = 20000000 };
	unsigned char *areas[4];
	struct ramify *ctx;
	size_t bytes;

	if (argc != 2) {
		fprintf(stderr, "usage: advise KIB\nHas KIB that is slow by advice, KIB fast, KIB of "
				"which it says slow when it is filled, and KIB of which it says "
				"nothing in the end.\n");
		return 2;
	}
	bytes = strtoull(argv[1], NULL, 0) << 10;
	if (ramify_new(NULL, &ctx))
		errx(1, "no context");
	for (int i = 0; i < 4; i++)
		areas[i] = map(bytes);
	misuse(ctx, map(4 * PAGE), 4 * PAGE);
	advise(ctx, areas[0], bytes, RAMIFY_ADVISE_SLOW);
	advise(ctx, areas[1], bytes, RAMIFY_ADVISE_FAST);
	for (int i = 0; i < 4; i++)
		memset(areas[i], i + 1, bytes);
	advise(ctx, areas[2], bytes - 1, RAMIFY_ADVISE_SLOW);
	advise(ctx, areas[3], bytes, RAMIFY_ADVISE_SLOW);
	advise(ctx, areas[3], bytes, RAMIFY_ADVISE_AUTO);
	fflush(stdout);
	signal(SIGTERM, on_signal);
	/* Only what is slow is used. */
	while (!done) {
		for (size_t at = 0; at < bytes; at += PAGE) {
			(void)*(volatile unsigned char *)(areas[0] + at);
			(void)*(volatile unsigned char *)(areas[2] + at);
		}
		nanosleep(&pause, NULL);
	}
	for (int i = 0; i < 4; i++)
		for (size_t at = 0; at < bytes; at++)
			if (areas[i][at] != i + 1)
				errx(1, "area %d has changed at byte %zu", i, at);
	printf("intact\n");
	ramify_free(ctx);
	return 0;
}
