// SPDX-License-Identifier: GPL-2.0-or-later
/* capacity.c -- less at once, a little more when it lasts. */

#include "capacity.h"

static uint64_t settle(struct capacity *capacity, uint64_t bytes)
{
	*capacity = (struct capacity){ .bytes = bytes, .least = UINT64_MAX };
	return bytes;
}

uint64_t capacity_settle(struct capacity *capacity, uint64_t measured)
{
	uint64_t bytes = capacity->bytes;

	if (measured <= bytes || measured - bytes > bytes / CAPACITY_MUCH)
		return settle(capacity, measured);
	if (measured < capacity->least)
		capacity->least = measured;
	if (++capacity->plans == CAPACITY_PLANS)
		return settle(capacity, capacity->least);
	return bytes;
}
