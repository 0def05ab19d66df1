// SPDX-License-Identifier: GPL-2.0-or-later
/* share.c -- minimum, then weight, up to what is wanted; the rest to those who hold it. */

#include "share.h"

/* A water level is in bytes for each unit of weight, with so many bits of fraction. */
#define LEVEL_SHIFT 20

typedef unsigned __int128 wide;

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t above(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

static uint64_t claim_minimum(const struct share_claim *claim)
{
	return smaller(smaller(claim->min, claim->resident), claim->max);
}

static uint64_t limit_wanted(const struct share_claim *claim)
{
	return smaller(smaller(claim->wanted, claim->resident), claim->max);
}

static uint64_t limit_held(const struct share_claim *claim)
{
	return smaller(claim->held, claim->max);
}

/* What a claim takes at @level, above what it has. */
static uint64_t taken_at(const struct share_claim *claim, uint64_t room, wide level)
{
	wide part = (level * (claim->weight ? claim->weight : 1)) >> LEVEL_SHIFT;

	return part < room ? (uint64_t)part : room;
}

typedef uint64_t limit_fn(const struct share_claim *claim);

static wide sum_at(const struct share_claim *claims, size_t n, const uint64_t *granted,
		   limit_fn *limit, wide level)
{
	wide sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += taken_at(&claims[i], above(limit(&claims[i]), granted[i]), level);
	return sum;
}

/* The highest level at which all together take no more than @bytes. */
static wide find_level(const struct share_claim *claims, size_t n, const uint64_t *granted,
		       limit_fn *limit, uint64_t bytes)
{
	wide low = 0, high = (wide)1 << (64 + LEVEL_SHIFT);

	if (sum_at(claims, n, granted, limit, high) <= bytes)
		return high;
	while (high - low > 1) {
		wide middle = low + (high - low) / 2;

		if (sum_at(claims, n, granted, limit, middle) <= bytes)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Returns what is left of @bytes. */
static uint64_t fill(const struct share_claim *claims, size_t n, limit_fn *limit,
		     uint64_t bytes, uint64_t *granted)
{
	wide level = find_level(claims, n, granted, limit, bytes);

	for (size_t i = 0; i < n; i++) {
		uint64_t room = above(limit(&claims[i]), granted[i]);
		uint64_t taken = taken_at(&claims[i], room, level);

		granted[i] += taken;
		bytes -= taken;
	}
	return bytes;
}

static uint64_t give_minima(const struct share_claim *claims, size_t n, uint64_t capacity,
			    uint64_t minima, uint64_t *granted)
{
	uint64_t left = capacity;

	for (size_t i = 0; i < n; i++) {
		granted[i] = claim_minimum(&claims[i]);
		if (minima > capacity)
			granted[i] = (wide)granted[i] * capacity / minima;
		left -= granted[i];
	}
	return left;
}

void share_divide(const struct share_claim *claims, size_t n, uint64_t capacity,
		  uint64_t *ret_granted, struct share_result *ret_result)
{
	uint64_t minima = 0, left;

	for (size_t i = 0; i < n; i++)
		minima += claim_minimum(&claims[i]);
	left = give_minima(claims, n, capacity, minima, ret_granted);
	if (minima < capacity) {
		left = fill(claims, n, limit_wanted, left, ret_granted);
		left = fill(claims, n, limit_held, left, ret_granted);
	}
	*ret_result = (struct share_result){
		.minima = minima,
		.granted = capacity - left,
		.scaled = minima > capacity,
	};
}
