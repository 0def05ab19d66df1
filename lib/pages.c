// SPDX-License-Identifier: LGPL-2.1-or-later
/* pages.c -- what physical pages are used for, as /proc/kpageflags tells. */

#include "pages.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <stdlib.h>
#include <unistd.h>

#include "context.h"

#define PAGE_SHIFT 12		/* on every machine that this is for */
#define KPF_MLOCKED 33		/* told since ever, in no uapi header */
#define CHUNK 4096

#define BIT(n) (UINT64_C(1) << (n))
/* The kernel tells it as free, absent, or taken out of use for good. */
#define NOT_USED (BIT(KPF_BUDDY) | BIT(KPF_NOPAGE) | BIT(KPF_HWPOISON) | BIT(KPF_OFFLINE))
#define USERS (BIT(KPF_LRU) | BIT(KPF_ANON) | BIT(KPF_MMAP) | BIT(KPF_SWAPBACKED))

static const char *const kind_names[] = {
	"kernel memory", "kernel slab memory", "page tables", "huge pages", "locked pages",
	"pages of processes or files",
};

const char *page_kind_name(enum page_kind kind)
{
	return kind_names[kind];
}

static int open_pages(struct ramify *ctx, const char *path)
{
	int fd = openat(ctx->root_fd, path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int read_entries(int fd, uint64_t first_pfn, uint64_t *entries, size_t n)
{
	ssize_t got = pread(fd, entries, n * sizeof(*entries), first_pfn * sizeof(*entries));

	return got < 0 ? -errno : (int)(got / (ssize_t)sizeof(*entries));
}

int pages_read(struct ramify *ctx, const char *path, uint64_t first_pfn, uint64_t *entries,
	       size_t n)
{
	int fd = open_pages(ctx, path), got;

	if (fd < 0)
		return fd;
	got = read_entries(fd, first_pfn, entries, n);
	close(fd);
	return got;
}

static enum page_kind kind_of(uint64_t flags)
{
	if (flags & BIT(KPF_HUGE))
		return PAGE_HUGETLB;
	if (flags & BIT(KPF_SLAB))
		return PAGE_SLAB;
	if (flags & BIT(KPF_PGTABLE))
		return PAGE_TABLE;
	if (flags & BIT(KPF_MLOCKED))
		return PAGE_MLOCKED;
	return flags & USERS ? PAGE_USER : PAGE_KERNEL;
}

static void count_page(struct page_counts *counts, uint64_t flags, uint64_t pfn)
{
	enum page_kind kind = kind_of(flags);

	if (!counts->kinds[kind]++)
		counts->first[kind] = pfn;
	counts->used++;
}

/*
 * Tails of a compound page repeat what its head is, or nothing: they count with it.
 * A page without any flag is on a list of a CPU's free pages, or the kernel's own;
 * those lists are empty while a block goes offline, so it is counted.
 */
static int count_chunk(int fd, uint64_t pfn, size_t n, uint64_t *flags,
		       struct page_counts *counts, enum page_kind *last)
{
	int got = read_entries(fd, pfn, flags, n);

	for (int i = 0; i < got; i++) {
		if (flags[i] & NOT_USED)
			continue;
		if (flags[i] & BIT(KPF_COMPOUND_TAIL) && !(flags[i] & USERS)) {
			counts->kinds[*last]++;
			counts->used++;
			continue;
		}
		*last = kind_of(flags[i]);
		count_page(counts, flags[i], pfn + i);
	}
	return got;
}

int pages_count(struct ramify *ctx, uint64_t start, uint64_t size_bytes,
		struct page_counts *ret_counts)
{
	uint64_t pfn = start >> PAGE_SHIFT, end = (start + size_bytes) >> PAGE_SHIFT;
	uint64_t *flags = malloc(CHUNK * sizeof(*flags));
	struct page_counts counts = { 0 };
	enum page_kind last = PAGE_KERNEL;
	int fd, got = 0;

	if (!flags)
		return -ENOMEM;
	fd = open_pages(ctx, "proc/kpageflags");
	for (; fd >= 0 && pfn < end; pfn += got) {
		size_t n = end - pfn < CHUNK ? end - pfn : CHUNK;

		got = count_chunk(fd, pfn, n, flags, &counts, &last);
		if (got <= 0)
			break;
	}
	if (fd >= 0)
		close(fd);
	free(flags);
	if (fd < 0 || got < 0)
		return fd < 0 ? fd : got;
	*ret_counts = counts;
	return 0;
}
