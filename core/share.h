/* SPDX-License-Identifier: GPL-2.0-or-later */
/* share.h -- how a capacity is shared out: minimum, then weight, up to what is wanted. */
#ifndef RAMIFY_CORE_SHARE_H
#define RAMIFY_CORE_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What one tenant may claim. Amounts are in bytes. */
struct share_claim {
	uint64_t min;		/* guaranteed */
	uint64_t max;		/* never more */
	uint64_t resident;
	uint64_t wanted;	/* hot: what it gains from */
	uint64_t held;		/* what it has now */
	uint32_t weight;	/* at least 1 */
};

struct share_result {
	uint64_t minima;	/* sum of min(min, resident, max) */
	uint64_t granted;	/* sum of what was granted */
	bool scaled;		/* minima > capacity: each got its part of what there is */
};

/**
 * Share @capacity out.
 *
 * 1. Each gets min(min, resident). Where that is more than there is, all are scaled down
 *    by the same factor.
 * 2. What is left is filled in by weight, each up to min(max, wanted): nobody's grant
 *    above its minimum is larger, for its weight, than that of one who still wants more.
 * 3. What nobody wants is left, by weight, to those who hold it already, up to
 *    min(max, held): a page that is cold and in nobody's way need not be moved.
 *
 * So a minimum goes before any weight; nothing is withheld while somebody wants it; and
 * what one does not use is lent until it wants it again. @ret_granted has @n entries. Sums
 * up to 2^63 bytes. Rounds down, by less than a byte for each tenant.
 */
void share_divide(const struct share_claim *claims, size_t n, uint64_t capacity,
		  uint64_t *ret_granted, struct share_result *ret_result);

#endif
