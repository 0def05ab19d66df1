/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* hugetlb.h -- the huge pages that somebody set aside on a node. */
#ifndef RAMIFY_LIB_HUGETLB_H
#define RAMIFY_LIB_HUGETLB_H

#include "ramify.h"

/* No architecture has as many sizes. */
#define HUGETLB_SIZES_MAX 8

struct hugetlb {
	struct hugetlb_size {
		uint64_t page_kib, count, unused;
	} sizes[HUGETLB_SIZES_MAX];
	size_t n;
};

/* What cannot be read is left out. */
void hugetlb_read(struct ramify *ctx, int node, struct hugetlb *ret_pools);
uint64_t hugetlb_unused_bytes(const struct hugetlb *pools);

/* Memory that goes offline takes the free ones with it; this sets as many aside again as
 * there were, where there are fewer now. False: not all of them. */
bool hugetlb_restore(struct ramify *ctx, int node, const struct hugetlb *before);

#endif
