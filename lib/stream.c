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

#define LINE 64
#define PAGE 4096

/* Of what is left to be copied two pages go abreast, or two halves at the end. */
static size_t pages_apart(size_t bytes)
{
	return bytes < 2 * PAGE ? bytes / 2 : PAGE;
}

/*
 * A variable for each register: gcc keeps an array of them on the stack, and the loop then waits
 * for the stack.
 */
static void sse2_read(const char *from, size_t bytes)
{
	const __m128i *line = (const __m128i *)from, *end = (const __m128i *)(from + bytes);
	__m128i a = { 0 }, b = a, c = a, d = a;

	for (; line < end; line += 4) {
		a = _mm_or_si128(a, _mm_load_si128(line));
		b = _mm_or_si128(b, _mm_load_si128(line + 1));
		c = _mm_or_si128(c, _mm_load_si128(line + 2));
		d = _mm_or_si128(d, _mm_load_si128(line + 3));
	}
	keep(_mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d)));
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

/* As much again lies @apart bytes farther on. */
static void sse2_copy_two(char *to, const char *from, size_t apart)
{
	for (size_t at = 0; at < apart; at += LINE) {
		const __m128i *x = (const __m128i *)(from + at);
		const __m128i *y = (const __m128i *)(from + apart + at);
		__m128i a = _mm_load_si128(x), b = _mm_load_si128(x + 1);
		__m128i c = _mm_load_si128(x + 2), d = _mm_load_si128(x + 3);
		__m128i e = _mm_load_si128(y), f = _mm_load_si128(y + 1);
		__m128i g = _mm_load_si128(y + 2), h = _mm_load_si128(y + 3);
		__m128i *line = (__m128i *)(to + at),
			*other = (__m128i *)(to + apart + at);

		_mm_stream_si128(line, a);
		_mm_stream_si128(line + 1, b);
		_mm_stream_si128(line + 2, c);
		_mm_stream_si128(line + 3, d);
		_mm_stream_si128(other, e);
		_mm_stream_si128(other + 1, f);
		_mm_stream_si128(other + 2, g);
		_mm_stream_si128(other + 3, h);
	}
}

static void sse2_copy(char *to, const char *from, size_t bytes)
{
	for (size_t at = 0, apart; at < bytes; at += 2 * apart) {
		apart = pages_apart(bytes - at);
		sse2_copy_two(to + at, from + at, apart);
	}
	_mm_sfence();
}

#define AVX __attribute__((target("avx")))

/* AVX alone has no "or" of integers. */
AVX static __m256 avx_or(__m256 seen, const __m256i *at)
{
	return _mm256_or_ps(seen, _mm256_castsi256_ps(_mm256_load_si256(at)));
}

AVX static void avx_read(const char *from, size_t bytes)
{
	const __m256i *line = (const __m256i *)from, *end = (const __m256i *)(from + bytes);
	__m256 a = { 0 }, b = a, c = a, d = a;

	for (; line < end; line += 4) {
		a = avx_or(a, line);
		b = avx_or(b, line + 1);
		c = avx_or(c, line + 2);
		d = avx_or(d, line + 3);
	}
	keep(_mm256_or_ps(_mm256_or_ps(a, b), _mm256_or_ps(c, d)));
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

AVX static void avx_copy_two(char *to, const char *from, size_t apart)
{
	for (size_t at = 0; at < apart; at += LINE) {
		const __m256i *x = (const __m256i *)(from + at);
		const __m256i *y = (const __m256i *)(from + apart + at);
		__m256i a = _mm256_load_si256(x), b = _mm256_load_si256(x + 1);
		__m256i c = _mm256_load_si256(y), d = _mm256_load_si256(y + 1);
		__m256i *line = (__m256i *)(to + at),
			*other = (__m256i *)(to + apart + at);

		_mm256_stream_si256(line, a);
		_mm256_stream_si256(line + 1, b);
		_mm256_stream_si256(other, c);
		_mm256_stream_si256(other + 1, d);
	}
}

AVX static void avx_copy(char *to, const char *from, size_t bytes)
{
	for (size_t at = 0, apart; at < bytes; at += 2 * apart) {
		apart = pages_apart(bytes - at);
		avx_copy_two(to + at, from + at, apart);
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
