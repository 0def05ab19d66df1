/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pages.h -- what physical pages are used for, as /proc/kpageflags tells. */
#ifndef RAMIFY_LIB_PAGES_H
#define RAMIFY_LIB_PAGES_H

#include <stddef.h>
#include <stdint.h>

#include "ramify.h"

/* Kinds of pages in use, the one that is hardest to move first. */
enum page_kind {
	PAGE_KERNEL,		/* no flag tells more: buffers, drivers, pipes */
	PAGE_SLAB,
	PAGE_TABLE,
	PAGE_HUGETLB,
	PAGE_MLOCKED,
	PAGE_USER,		/* on the page lists: anonymous, file, shared */
	PAGE_KINDS,
};

struct page_counts {
	uint64_t kinds[PAGE_KINDS];	/* pages, each in one kind */
	uint64_t used;			/* pages in all */
	uint64_t first[PAGE_KINDS];	/* page frame number of the first of a kind */
};

/* -EACCES without privilege, -ENOENT where the kernel has no such file. */
int pages_count(struct ramify *ctx, uint64_t start, uint64_t size_bytes,
		struct page_counts *ret_counts);

/* One entry a page of a file such as proc/kpagecgroup. Returns entries read. */
int pages_read(struct ramify *ctx, const char *path, uint64_t first_pfn, uint64_t *entries,
	       size_t n);

const char *page_kind_name(enum page_kind kind);

#endif
