// SPDX-License-Identifier: LGPL-2.1-or-later
/* blocker.c -- who is in the way of a memory block, as far as /proc shows. */

#include "blocker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "context.h"
#include "op.h"
#include "pages.h"
#include "process.h"

#define PAGE_SHIFT 12
#define PAGE_KIB 4
#define NAMED_MAX 4
#define ENTRIES 1024
/* The search of all processes' page tables ends after this, with what it has. */
#define SEARCH_NS UINT64_C(3000000000)
/* Of an entry in /proc/PID/pagemap. */
#define ENTRY_PRESENT (UINT64_C(1) << 63)
#define ENTRY_PFN ((UINT64_C(1) << 55) - 1)

struct text {
	char *buf;
	size_t size, len;
};

static void say(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void say(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->buf + t->len, t->size - t->len, fmt, ap);
	va_end(ap);
	if (n > 0)
		t->len += (size_t)n < t->size - t->len ? (size_t)n : t->size - t->len - 1;
}

static void say_kinds(struct text *t, const struct page_counts *counts)
{
	const char *sep = "";

	for (int kind = 0; kind < PAGE_KINDS; kind++) {
		if (!counts->kinds[kind])
			continue;
		say(t, "%s%" PRIu64 " KiB of %s", sep, counts->kinds[kind] * PAGE_KIB,
		    page_kind_name(kind));
		sep = ", ";
	}
	if (!counts->used)
		say(t, "no page is left in it by now");
}

/* Processes that have pages in the range, or hold files through which devices pin memory. */
struct search {
	uint64_t first_pfn, last_pfn;
	uint64_t deadline_ns;
	struct text *text;
	unsigned int named;
	const char *pins;		/* of the process at hand */
	uint64_t *entries;
};

static uint64_t count_entries(const struct search *s, size_t n)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t pfn = s->entries[i] & ENTRY_PFN;

		if (s->entries[i] & ENTRY_PRESENT && pfn >= s->first_pfn && pfn <= s->last_pfn)
			pages++;
	}
	return pages;
}

static uint64_t count_mapping(const struct search *s, int pagemap, uint64_t start, uint64_t end)
{
	uint64_t pages = 0;

	for (uint64_t page = start >> PAGE_SHIFT; page < end >> PAGE_SHIFT;) {
		uint64_t left = (end >> PAGE_SHIFT) - page;
		size_t want = left < ENTRIES ? left : ENTRIES;
		ssize_t n = pread(pagemap, s->entries, want * sizeof(*s->entries),
				  page * sizeof(*s->entries));

		if (n <= 0 || op_now_ns() > s->deadline_ns)
			break;
		pages += count_entries(s, n / sizeof(*s->entries));
		page += n / sizeof(*s->entries);
	}
	return pages;
}

static uint64_t count_process(const struct search *s, int fd)
{
	int maps = openat(fd, "maps", O_RDONLY | O_CLOEXEC);
	int pagemap = openat(fd, "pagemap", O_RDONLY | O_CLOEXEC);
	FILE *lines = maps < 0 ? NULL : fdopen(maps, "r");
	char line[PATH_MAX + 128];
	uint64_t pages = 0, start, end;

	while (lines && pagemap >= 0 && fgets(line, sizeof(line), lines))
		if (sscanf(line, "%" SCNx64 "-%" SCNx64, &start, &end) == 2)
			pages += count_mapping(s, pagemap, start, end);
	if (lines)
		fclose(lines);
	else if (maps >= 0)
		close(maps);
	if (pagemap >= 0)
		close(pagemap);
	return pages;
}

static int match_pin(void *arg, int dir, const char *name)
{
	static const struct {
		const char *path, *what;
	} pins[] = {
		{ "/dev/vfio/", "VFIO" }, { "anon_inode:[vfio", "VFIO" },
		{ "/dev/infiniband/", "RDMA" }, { "anon_inode:[infiniband", "RDMA" },
		{ "anon_inode:[io_uring]", "io_uring" },
	};
	struct search *s = arg;
	char target[128];
	ssize_t n = readlinkat(dir, name, target, sizeof(target) - 1);

	if (n < 0)
		return 0;
	target[n] = '\0';
	for (size_t i = 0; i < sizeof(pins) / sizeof(*pins); i++)
		if (strncmp(target, pins[i].path, strlen(pins[i].path)) == 0) {
			s->pins = pins[i].what;
			return 1;
		}
	return 0;
}

static int match_process(void *arg, pid_t pid, int fd)
{
	struct search *s = arg;
	uint64_t pages;
	char comm[32];

	s->pins = NULL;
	process_each_file(fd, "fd", match_pin, s);
	pages = count_process(s, fd);
	if (!pages && !s->pins)
		return 0;
	process_comm(fd, comm, sizeof(comm));
	say(s->text, "%s process %d (%s)", s->named++ ? "," : "; held by", (int)pid, comm);
	if (pages)
		say(s->text, " with %" PRIu64 " KiB", pages * PAGE_KIB);
	if (s->pins)
		say(s->text, " that pins memory by %s", s->pins);
	return s->named == NAMED_MAX || op_now_ns() > s->deadline_ns;
}

static void say_processes(struct ramify *ctx, struct text *t, uint64_t start,
			  uint64_t size_bytes)
{
	struct search s = {
		.first_pfn = start >> PAGE_SHIFT,
		.last_pfn = (start + (size_bytes - 1)) >> PAGE_SHIFT,
		.deadline_ns = op_now_ns() + SEARCH_NS,
		.text = t,
		.entries = malloc(ENTRIES * sizeof(*s.entries)),
	};

	if (s.entries)
		process_each(ctx, match_process, &s);
	free(s.entries);
}

static const char *hint(const struct page_counts *counts)
{
	if (counts->kinds[PAGE_KERNEL] || counts->kinds[PAGE_SLAB] || counts->kinds[PAGE_TABLE])
		return "; kernel memory moves nowhere: it goes when who asked for it lets go, else at a reboot";
	if (counts->kinds[PAGE_HUGETLB])
		return "; huge pages move only to free huge pages of another node";
	return counts->used ? "; a page that does not move is pinned: end what uses it" : "";
}

void blocker_describe(struct ramify *ctx, uint64_t start, uint64_t size_bytes, char *buf,
		      size_t size)
{
	struct text t = { buf, size, 0 };
	struct page_counts counts;

	*buf = '\0';
	if (pages_count(ctx, start, size_bytes, &counts) < 0) {
		say(&t, "what holds it cannot be read from /proc/kpageflags");
		return;
	}
	say_kinds(&t, &counts);
	say_processes(ctx, &t, start, size_bytes);
	say(&t, "%s", hint(&counts));
}
