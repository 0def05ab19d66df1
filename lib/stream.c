// SPDX-License-Identifier: LGPL-2.1-or-later
/* stream.c -- loops that read, write and copy memory past the caches. */

#include "stream.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

/* Written by each; not zero, as memory may be cleverer about that. */
#define FILL 0x5a

/* The compiler may not leave @x out. */
#define keep(x) __asm__ volatile("" : : "x"(x))

#define WORDS (STREAM_UNIT / sizeof(uint64_t))

/* For processors with no loops of their own; the compiler makes vectors of them as it can. */
static void plain_read(const char *from, size_t bytes)
{
	const uint64_t *word = (const uint64_t *)from, *end = (const uint64_t *)(from + bytes);
	uint64_t seen = 0;

	for (; word < end; word += WORDS) {
		for (size_t i = 0; i < WORDS; i++)
			seen |= word[i];
	}
	__asm__ volatile("" : : "r"(seen));
}

static void plain_write(char *to, size_t bytes)
{
	uint64_t *word = (uint64_t *)to, *end = (uint64_t *)(to + bytes);

	for (; word < end; word += WORDS) {
		for (size_t i = 0; i < WORDS; i++)
			word[i] = FILL;
	}
	__asm__ volatile("" : : : "memory");
}

static void plain_copy(char *to, const char *from, size_t bytes)
{
	__builtin_memcpy(to, from, bytes);
	__asm__ volatile("" : : : "memory");
}

#ifdef __x86_64__

static void sse2_read(const char *from, size_t bytes)
{
	const __m128i *line = (const __m128i *)from, *end = (const __m128i *)(from + bytes);
	__m128i seen[4] = { 0 };

	for (; line < end; line += 4) {
		for (size_t i = 0; i < 4; i++)
			seen[i] = _mm_or_si128(seen[i], _mm_load_si128(line + i));
	}
	for (size_t i = 0; i < 4; i++)
		keep(seen[i]);
}

static void sse2_write(char *to, size_t bytes)
{
	__m128i *line = (__m128i *)to, *end = (__m128i *)(to + bytes);
	const __m128i fill = _mm_set1_epi8(FILL);

	for (; line < end; line += 4) {
		for (size_t i = 0; i < 4; i++)
			_mm_stream_si128(line + i, fill);
	}
	_mm_sfence();
}

static void sse2_copy(char *to, const char *from, size_t bytes)
{
	const __m128i *source = (const __m128i *)from, *end = (const __m128i *)(from + bytes);
	__m128i *line = (__m128i *)to;

	for (; source < end; source += 4, line += 4) {
		__m128i four[4];

		for (size_t i = 0; i < 4; i++)
			four[i] = _mm_load_si128(source + i);
		for (size_t i = 0; i < 4; i++)
			_mm_stream_si128(line + i, four[i]);
	}
	_mm_sfence();
}

#define AVX __attribute__((target("avx")))

AVX static void avx_read(const char *from, size_t bytes)
{
	const __m256i *line = (const __m256i *)from, *end = (const __m256i *)(from + bytes);
	__m256 seen[4] = { 0 };

	for (; line < end; line += 4) {
		for (size_t i = 0; i < 4; i++)
			seen[i] = _mm256_or_ps(seen[i],
					       _mm256_castsi256_ps(_mm256_load_si256(line + i)));
	}
	for (size_t i = 0; i < 4; i++)
		keep(seen[i]);
}

AVX static void avx_write(char *to, size_t bytes)
{
	__m256i *line = (__m256i *)to, *end = (__m256i *)(to + bytes);
	const __m256i fill = _mm256_set1_epi8(FILL);

	for (; line < end; line += 4) {
		for (size_t i = 0; i < 4; i++)
			_mm256_stream_si256(line + i, fill);
	}
	_mm_sfence();
}

AVX static void avx_copy(char *to, const char *from, size_t bytes)
{
	const __m256i *source = (const __m256i *)from, *end = (const __m256i *)(from + bytes);
	__m256i *line = (__m256i *)to;

	for (; source < end; source += 4, line += 4) {
		__m256i four[4];

		for (size_t i = 0; i < 4; i++)
			four[i] = _mm256_load_si256(source + i);
		for (size_t i = 0; i < 4; i++)
			_mm256_stream_si256(line + i, four[i]);
	}
	_mm_sfence();
}

static bool has_avx(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx");
}

#endif

static bool always(void)
{
	return true;
}

/* The widest first. */
static const struct {
	struct stream_ops ops;
	bool (*there)(void);
} all[] = {
#ifdef __x86_64__
	{ { "avx", avx_read, avx_write, avx_copy }, has_avx },
	{ { "sse2", sse2_read, sse2_write, sse2_copy }, always },
#endif
	{ { "plain", plain_read, plain_write, plain_copy }, always },
};

const struct stream_ops *stream_ops_at(size_t i)
{
	for (size_t k = 0; k < sizeof(all) / sizeof(*all); k++) {
		if (all[k].there() && !i--)
			return &all[k].ops;
	}
	return NULL;
}

const struct stream_ops *stream_ops(void)
{
	return stream_ops_at(0);
}
