// SPDX-License-Identifier: LGPL-2.1-or-later
/* buffer.c -- memory of this process on one node, and on no other. */

#include "buffer.h"

#include <errno.h>
#include <numaif.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lines.h"
#include "value.h"

#define HUGE (2ull << 20)
/* Asked for piece by piece, so that a signal is heard between them. */
#define PIECE (64ull << 20)
/* How many pages are asked where they are. */
#define SAMPLES 64

static int bind_to(char *at, uint64_t bytes, int node)
{
	unsigned long mask[NODES_MAX / 8 / sizeof(unsigned long)] = { 0 };
	unsigned int bits = 8 * sizeof(*mask);

	mask[node / bits] = 1ul << (node % bits);
	return mbind(at, bytes, MPOL_BIND, mask, NODES_MAX + 1, MPOL_MF_STRICT) ? -errno : 0;
}

static int populate(char *at, uint64_t bytes)
{
	for (uint64_t done = 0; done < bytes; done += PIECE) {
		uint64_t piece = bytes - done < PIECE ? bytes - done : PIECE;

		if (madvise(at + done, piece, MADV_POPULATE_WRITE))
			return errno == EFAULT || errno == EHWPOISON ? -ENOMEM : -errno;
	}
	return 0;
}

struct search {
	unsigned long long at;
	bool here;
	uint64_t huge_bytes;
};

static int find_mapping(void *arg, char *line)
{
	struct search *search = arg;
	unsigned long long start, end, kib;

	if (sscanf(line, "%llx-%llx ", &start, &end) == 2)
		search->here = search->at >= start && search->at < end;
	else if (search->here && sscanf(line, "AnonHugePages: %llu kB", &kib) == 1)
		search->huge_bytes = kib << 10;
	return 0;
}

int buffer_check(struct ramify *ctx, const struct buffer *buffer, int node)
{
	uint64_t step = buffer->bytes / SAMPLES & -(uint64_t)sysconf(_SC_PAGESIZE);
	int where[SAMPLES];
	void *pages[SAMPLES];

	for (size_t i = 0; i < SAMPLES; i++)
		pages[i] = buffer->at + i * step;
	if (move_pages(0, SAMPLES, pages, NULL, where, 0) < 0)
		return fail(ctx, -errno, "the kernel does not say where memory is: %s",
			    strerror(errno));
	for (size_t i = 0; i < SAMPLES; i++) {
		if (where[i] != node)
			return fail(ctx, -EIO,
				    "memory of node %d is on node %d; is somebody moving pages?",
				    node, where[i]);
	}
	return 0;
}

int buffer_create(struct ramify *ctx, int node, uint64_t bytes, struct buffer *ret_buffer)
{
	struct buffer buffer = { .bytes = bytes };
	struct search search = { 0 };
	int err;

	buffer.at = mmap(NULL, bytes + HUGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (buffer.at == MAP_FAILED)
		return -errno;
	/* The ends that are cut off make the start fit for huge pages. */
	search.at = ((uintptr_t)buffer.at + HUGE - 1) & ~(HUGE - 1);
	munmap((char *)(uintptr_t)search.at + bytes, (uintptr_t)buffer.at + HUGE - search.at);
	if (search.at != (uintptr_t)buffer.at)
		munmap(buffer.at, search.at - (uintptr_t)buffer.at);
	buffer.at = (char *)(uintptr_t)search.at;

	/* Without huge pages it is slower, and said so. */
	madvise(buffer.at, bytes, MADV_HUGEPAGE);
	err = bind_to(buffer.at, bytes, node);
	if (!err)
		err = populate(buffer.at, bytes);
	if (err)
		err = fail(ctx, err, "no %llu MiB of node %d can be had: %s",
			   (unsigned long long)bytes >> 20, node, strerror(-err));
	if (!err)
		err = buffer_check(ctx, &buffer, node);
	if (!err)
		err = lines_each(ctx, "proc/self/smaps", find_mapping, &search);
	if (err) {
		buffer_destroy(&buffer);
		return err;
	}
	buffer.huge_bytes = search.huge_bytes;
	*ret_buffer = buffer;
	return 0;
}

void buffer_destroy(struct buffer *buffer)
{
	if (buffer->at)
		munmap(buffer->at, buffer->bytes);
	*buffer = (struct buffer){ 0 };
}
