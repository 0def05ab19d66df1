// SPDX-License-Identifier: GPL-2.0-or-later
/* share.c -- minimum, then weight, up to what is wanted; the rest to those who hold it. */

#include "share.h"

/* A water level is in bytes for each unit of weight, with so many bits of fraction. */
#define LEVEL_SHIFT 20
#define LEVEL_ONE (1u << LEVEL_SHIFT)

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

typedef uint64_t limit_fn(const struct share_claim *claim);

/* What all together could take, above what they have. */
static wide sum_rooms(const struct share_claim *claims, size_t n, const uint64_t *granted,
		      limit_fn *limit)
{
	wide sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += above(limit(&claims[i]), granted[i]);
	return sum;
}

static uint32_t weight_of(const struct share_claim *claim)
{
	return claim->weight ? claim->weight : 1;
}

/* What a claim of @weight takes at @level, of @room. */
static uint64_t taken_at(uint32_t weight, uint64_t room, wide level)
{
	wide part = (level * weight) >> LEVEL_SHIFT;

	return part < room ? (uint64_t)part : room;
}

/* At @level: what all take, each rounded @up or down, and the weights of those who would take more. */
static wide sum_at(const struct share_claim *claims, size_t n, const uint64_t *granted,
		   limit_fn *limit, wide level, bool up, uint64_t *ret_weights)
{
	uint64_t weights = 0;
	wide sum = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t room = above(limit(&claims[i]), granted[i]);
		wide part = level * weight_of(&claims[i]);

		if (!room)
			continue;
		if (part >> LEVEL_SHIFT >= room) {
			sum += room;
			continue;
		}
		sum += (part + (up ? LEVEL_ONE - 1 : 0)) >> LEVEL_SHIFT;
		weights += weight_of(&claims[i]);
	}
	*ret_weights = weights;
	return sum;
}

/*
 * The level at which all together take no more than @bytes, which is less than they could. By what is left and the
 * weights of those who are not full, the next one is never too high; where nobody became full, it is right.
 */
static wide find_level(const struct share_claim *claims, size_t n, const uint64_t *granted,
		       limit_fn *limit, uint64_t bytes)
{
	wide level = 0, more = 0;
	uint64_t weights;

	do {
		wide sum;

		level += more;
		sum = sum_at(claims, n, granted, limit, level, true, &weights);
		more = sum < bytes && weights ? ((bytes - sum) << LEVEL_SHIFT) / weights : 0;
	} while (more);
	/* It was rounded down itself. */
	if (sum_at(claims, n, granted, limit, level + 1, false, &weights) <= bytes)
		level++;
	return level;
}

/* Returns what is left of @bytes. */
static uint64_t fill(const struct share_claim *claims, size_t n, limit_fn *limit,
		     uint64_t bytes, uint64_t *granted)
{
	bool all = sum_rooms(claims, n, granted, limit) <= bytes;
	wide level = all ? 0 : find_level(claims, n, granted, limit, bytes);

	for (size_t i = 0; i < n; i++) {
		uint64_t room = above(limit(&claims[i]), granted[i]);

		if (room && !all)
			room = taken_at(weight_of(&claims[i]), room, level);
		granted[i] += room;
		bytes -= room;
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
