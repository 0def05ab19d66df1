// SPDX-License-Identifier: LGPL-2.1-or-later
/* probe.c -- a look at both ends of a device: is there anything? */

#include "probe.h"

#include <blkid/blkid.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "context.h"

#define PAGE_BYTES 4096

struct span {
	uint64_t start, end;
};

/* Both ends; one span where they meet. Returns how many. */
static int probe_spans(uint64_t size_bytes, struct span spans[2])
{
	if (size_bytes <= 2 * PROBE_BYTES) {
		spans[0] = (struct span){ 0, size_bytes };
		return 1;
	}
	spans[0] = (struct span){ 0, PROBE_BYTES };
	spans[1] = (struct span){ size_bytes - PROBE_BYTES, size_bytes };
	return 2;
}

static int pread_all(int fd, char *buf, size_t size, uint64_t offset)
{
	while (size) {
		ssize_t n = pread(fd, buf, size, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		buf += n;
		offset += n;
		size -= n;
	}
	return 0;
}

/* Holes stay holes: a page of zeros is not written. */
static int copy_page(int to, const char *page, size_t size, uint64_t offset)
{
	static const char zeros[PAGE_BYTES];

	if (memcmp(page, zeros, size) == 0)
		return 0;
	return pwrite(to, page, size, offset) == (ssize_t)size ? 0 : -EIO;
}

static size_t page_at(const struct span *span, uint64_t offset)
{
	return span->end - offset < PAGE_BYTES ? span->end - offset : PAGE_BYTES;
}

static int copy_block(int from, const struct span *span, struct probe *probe)
{
	char page[PAGE_BYTES];

	for (uint64_t at = span->start; at < span->end; at += PAGE_BYTES) {
		int err = pread_all(from, page, page_at(span, at), at);

		if (err == -EIO)
			probe->bad_pages++;
		else if (!err)
			err = copy_page(probe->fd, page, page_at(span, at), at);
		if (err && err != -EIO)
			return err;
	}
	return 0;
}

/* Set only in the child below, which has one thread. */
static sigjmp_buf poisoned;

static void on_poison(int sig)
{
	siglongjmp(poisoned, 1);
}

static int copy_mapped(const char *map, uint64_t base, const struct span *span,
		       struct probe *probe)
{
	for (volatile uint64_t at = span->start; at < span->end; at += PAGE_BYTES) {
		char page[PAGE_BYTES];
		int err;

		if (sigsetjmp(poisoned, 1)) {
			probe->bad_pages++;
			continue;
		}
		memcpy(page, map + (at - base), page_at(span, at));
		err = copy_page(probe->fd, page, page_at(span, at), at);
		if (err)
			return err;
	}
	return 0;
}

static int map_and_copy(int from, const struct span *span, uint64_t align, struct probe *probe)
{
	uint64_t base = span->start / align * align;
	uint64_t end = (span->end + align - 1) / align * align;
	char *map = mmap(NULL, end - base, PROT_READ, MAP_SHARED, from, base);
	int err;

	if (map == MAP_FAILED)
		return -errno;
	err = copy_mapped(map, base, span, probe);
	munmap(map, end - base);
	return err;
}

/* A bad page raises SIGBUS: in a child, the program's own handler is left alone. */
static void child_main(int from, const struct span *spans, int n, uint64_t align,
		       struct probe *probe, int result_fd)
{
	const struct sigaction action = { .sa_handler = on_poison };
	sigset_t bus;
	int err = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&bus);
	sigaddset(&bus, SIGBUS);
	sigprocmask(SIG_UNBLOCK, &bus, NULL);
	sigaction(SIGBUS, &action, NULL);
	for (int i = 0; !err && i < n; i++)
		err = map_and_copy(from, &spans[i], align, probe);
	if (write(result_fd, &probe->bad_pages, sizeof(probe->bad_pages)) < 0)
		err = -EIO;
	_exit(err ? -err : 0);
}

static int child_result(pid_t pid, int fd, struct probe *probe)
{
	uint64_t bad_pages;
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (!WIFEXITED(status))
		return -EIO;
	if (WEXITSTATUS(status))
		return -WEXITSTATUS(status);
	if (read(fd, &bad_pages, sizeof(bad_pages)) != sizeof(bad_pages))
		return -EIO;
	probe->bad_pages = bad_pages;
	return 0;
}

static int copy_devdax(int from, const struct span *spans, int n, uint64_t align,
		       struct probe *probe)
{
	int fds[2], err;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (!pid)
		child_main(from, spans, n, align, probe, fds[1]);
	close(fds[1]);
	err = pid < 0 ? -errno : child_result(pid, fds[0], probe);
	close(fds[0]);
	return err;
}

static int copy_ends(int from, uint64_t align, struct probe *probe)
{
	struct span spans[2];
	int n = probe_spans(probe->size_bytes, spans), err = 0;

	if (align)
		return copy_devdax(from, spans, n, align, probe);
	for (int i = 0; !err && i < n; i++)
		err = copy_block(from, &spans[i], probe);
	return err;
}

int probe_read(struct ramify *ctx, const char *path, uint64_t size_bytes, uint64_t align,
	       struct probe *ret_probe)
{
	struct probe probe = { .size_bytes = size_bytes };
	int from = openat(ctx->root_fd, path, O_RDONLY | O_CLOEXEC), err = 0;

	if (from < 0)
		return -errno;
	probe.fd = memfd_create("ramify-probe", MFD_CLOEXEC);
	if (probe.fd < 0 || ftruncate(probe.fd, size_bytes) < 0)
		err = -errno;
	if (!err)
		err = copy_ends(from, align, &probe);
	close(from);
	if (err)
		probe_close(&probe);
	else
		*ret_probe = probe;
	return err;
}

void probe_close(struct probe *probe)
{
	if (probe->fd >= 0)
		close(probe->fd);
	probe->fd = -1;
}

static void first_value(blkid_probe pr, char *buf, size_t size)
{
	static const char *const names[] = { "TYPE", "PTTYPE" };
	const char *value = "something";

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (blkid_probe_lookup_value(pr, names[i], &value, NULL) == 0)
			break;
	snprintf(buf, size, "%s", value);
}

static int signature(blkid_probe pr, const struct probe *probe, char *buf, size_t size)
{
	int found;

	if (blkid_probe_set_device(pr, probe->fd, 0, probe->size_bytes) < 0)
		return -EIO;
	blkid_probe_enable_superblocks(pr, 1);
	blkid_probe_enable_partitions(pr, 1);
	/* 0 found, 1 nothing, -2 several that exclude each other: enough to keep out. */
	found = blkid_do_safeprobe(pr);
	if (found == 0)
		first_value(pr, buf, size);
	else
		snprintf(buf, size, "%s", found == -2 ? "several file systems" : "");
	return found == -1 ? -EIO : 0;
}

int probe_signature(const struct probe *probe, char *buf, size_t size)
{
	blkid_probe pr = blkid_new_probe();
	int err;

	if (!pr)
		return -ENOMEM;
	err = signature(pr, probe, buf, size);
	blkid_free_probe(pr);
	return err;
}

/* Holes hold nothing; what is not a hole was not zero. */
int probe_find_data(const struct probe *probe, uint64_t *ret_offset)
{
	off_t at = lseek(probe->fd, 0, SEEK_DATA);
	char page[PAGE_BYTES];
	ssize_t n;

	if (at < 0)
		return errno == ENXIO ? -ENOENT : -errno;
	n = pread(probe->fd, page, sizeof(page), at);
	for (ssize_t i = 0; i < n; i++)
		if (page[i]) {
			*ret_offset = at + i;
			return 0;
		}
	return n < 0 ? -errno : -EIO;
}
