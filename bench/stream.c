// SPDX-License-Identifier: GPL-2.0-or-later
/* stream.c -- copy and triad in plain C, to hold ramify measure against: MIB RUNS; 10^6 bytes/s. */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static void copy(double *restrict to, const double *restrict from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = from[i];
	__asm__ volatile("" : : : "memory");
}

static void triad(double *restrict a, const double *restrict b, const double *restrict c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		a[i] = b[i] + 3 * c[i];
	__asm__ volatile("" : : : "memory");
}

/* A line a run: what is copied counts once, as in mbw; a triad's three arrays count each. */
int main(int argc, char **argv)
{
	size_t bytes = argc == 3 ? strtoul(argv[1], NULL, 10) << 20 : 0, n = bytes / sizeof(double);
	unsigned long runs = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	double *a = malloc(bytes), *b = malloc(bytes), *c = malloc(bytes);

	if (!bytes || !runs || !a || !b || !c) {
		fputs("usage: stream MIB RUNS\n", stderr);
		return 2;
	}
	for (size_t i = 0; i < n; i++)
		a[i] = b[i] = c[i] = i;
	while (runs--) {
		double start = seconds(), middle, end;

		copy(a, b, n);
		middle = seconds();
		triad(a, b, c, n);
		end = seconds();
		printf("copy %.1f triad %.1f\n", bytes / (middle - start) / 1e6,
		       3 * bytes / (end - middle) / 1e6);
	}
	return 0;
}
