// SPDX-License-Identifier: GPL-2.0-or-later
/* stream.c -- copy and triad in plain C, and a copy line by line, to hold ramify measure against:
 * MIB RUNS; 10^6 bytes/s. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

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

/* A line after the other is read, then written past the caches, where that is known how. */
static void lines(void *to, const void *from, size_t bytes)
{
#ifdef __x86_64__
	const __m128i *source = from, *end = source + bytes / sizeof(*source);
	__m128i *line = to;

	for (; source < end; source += 4, line += 4) {
		__m128i a = _mm_load_si128(source), b = _mm_load_si128(source + 1);
		__m128i c = _mm_load_si128(source + 2), d = _mm_load_si128(source + 3);

		_mm_stream_si128(line, a);
		_mm_stream_si128(line + 1, b);
		_mm_stream_si128(line + 2, c);
		_mm_stream_si128(line + 3, d);
	}
	_mm_sfence();
#else
	memcpy(to, from, bytes);
#endif
}

/* Its start, where a page begins. */
static void *aligned(void *memory)
{
	return (void *)(((uintptr_t)memory + 4095) & ~(uintptr_t)4095);
}

/* A line a run: what is copied counts once, as in mbw; a triad's three arrays count each. */
int main(int argc, char **argv)
{
	size_t bytes = argc == 3 ? strtoul(argv[1], NULL, 10) << 20 : 0, n = bytes / sizeof(double);
	unsigned long runs = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	double *a = malloc(bytes + 4096), *b = malloc(bytes + 4096), *c = malloc(bytes + 4096);

	if (!bytes || !runs || !a || !b || !c) {
		fputs("usage: stream MIB RUNS\n", stderr);
		return 2;
	}
	for (size_t i = 0; i < n; i++)
		a[i] = b[i] = c[i] = i;
	while (runs--) {
		double at[4] = { seconds() };

		copy(a, b, n);
		at[1] = seconds();
		triad(a, b, c, n);
		at[2] = seconds();
		lines(aligned(a), aligned(b), bytes);
		at[3] = seconds();
		printf("copy %.1f triad %.1f lines %.1f\n", bytes / (at[1] - at[0]) / 1e6,
		       3 * bytes / (at[2] - at[1]) / 1e6, bytes / (at[3] - at[2]) / 1e6);
	}
	return 0;
}
