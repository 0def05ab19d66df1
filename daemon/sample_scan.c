// SPDX-License-Identifier: GPL-2.0-or-later
/* sample_scan.c -- accesses by ramify_scan.ko: exact, by ranges, no stall. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "include/uapi/ramify_scan.h"
#include "clock.h"
#include "pidfd.h"
#include "runs.h"
#include "sample_scan.h"

#define BUFFER_RUNS (32 << 10)
/* So much is asked for at once where the CPU time is bounded. */
#define PIECE_BYTES (64ULL << 30)
/* Of a process with second-level page tables, what seems unused may well be used. */
#define CONFIDENCE_SECONDARY 16

struct sample {
	int fd;
	bool may_watch;
};

/* One thread looks; thousands of processes may be open. */
static struct runs runs;
static uint64_t buffer[BUFFER_RUNS];

/* --- decoding --- */

static struct heat_run decode(const struct runs *to, uint64_t bits)
{
	struct heat_run run = {.state = HEAT_ABSENT};

	if (bits & RAMIFY_RUN_IDLE) {
		run.state = HEAT_IDLE;
	} else if (bits & RAMIFY_RUN_PRESENT) {
		run = runs_present(to, bits & RAMIFY_RUN_NODE, bits & RAMIFY_RUN_ACCESSED);
		if (run.state == HEAT_PRESENT &&
		    bits & (RAMIFY_RUN_HUGE | RAMIFY_RUN_GIGANTIC))
			run.flags = HEAT_HUGE;
		if (run.state == HEAT_PRESENT && bits & RAMIFY_RUN_WATCHED)
			run.flags |= HEAT_WRITES_KNOWN |
				     (bits & RAMIFY_RUN_DIRTY ? HEAT_WRITTEN : 0);
	}
	return run;
}

int scan_decode(struct runs *to, const uint64_t *words, size_t n, uint64_t start, uint64_t end)
{
	/* Pages that are used here and there alternate between two kinds. */
	struct known {
		uint64_t bits;
		struct heat_run run;
	} known[2] = { { .bits = ~0ULL }, { .bits = ~0ULL } };

	for (size_t i = 0; i < n; i++) {
		uint64_t addr = words[i] & RAMIFY_RUN_ADDR, bits = words[i] & ~RAMIFY_RUN_ADDR;
		uint64_t next = i + 1 < n ? words[i + 1] & RAMIFY_RUN_ADDR : end;
		struct known *k = &known[!!(bits & RAMIFY_RUN_ACCESSED)];

		if (addr < start || next <= addr || next > end)
			return -EPROTO;
		if (k->bits != bits)
			*k = (struct known){ .bits = bits, .run = decode(to, bits) };
		runs_add(to, addr, next, &k->run);
		start = next;
	}
	return n ? 0 : -EPROTO;
}

/* --- the sampler --- */

static int scan_probe(const char **ret_why)
{
	if (!access(RAMIFY_SCAN_DEVICE, R_OK | W_OK))
		return 0;
	*ret_why = errno == ENOENT ? "ramify_scan.ko is not loaded; modprobe ramify_scan, and restart ramifyd" :
				     RAMIFY_SCAN_DEVICE " may not be opened";
	return -errno;
}

static int bind_to(int fd, pid_t pid, int pidfd)
{
	struct ramify_scan_bind bind = {
		.size = sizeof(bind),
		.version = RAMIFY_SCAN_ABI,
		.pid = pid,
	};

	if (ioctl(fd, RAMIFY_SCAN_IOC_BIND, &bind))
		return -errno;
	return pidfd_alive(pidfd);
}

static int scan_open(pid_t pid, int pidfd, struct sample **ret_sample)
{
	struct sample *s = malloc(sizeof(*s));
	int err;

	if (!s)
		return -ENOMEM;
	s->may_watch = true;
	s->fd = open(RAMIFY_SCAN_DEVICE, O_RDWR | O_CLOEXEC);
	err = s->fd < 0 ? -errno : bind_to(s->fd, pid, pidfd);
	if (err) {
		if (s->fd >= 0)
			close(s->fd);
		free(s);
		return err;
	}
	*ret_sample = s;
	return 0;
}

static void scan_close(struct sample *s)
{
	if (!s)
		return;
	close(s->fd);
	free(s);
}

/* What is armed now was last looked at long ago, or never. */
static void forget_writes(uint64_t *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		words[i] &= ~RAMIFY_RUN_WATCHED;
}

/* One call of the module. */
static int scan_piece(struct sample *s, const struct sample_request *request, uint64_t *addr,
		      struct sample_result *result)
{
	uint64_t end = request->end;
	struct ramify_scan scan;

	if (request->cpu_ns && end - *addr > PIECE_BYTES)
		end = *addr + PIECE_BYTES;
	scan = (struct ramify_scan){
		.size = sizeof(scan),
		.version = RAMIFY_SCAN_ABI,
		.start = *addr,
		.end = end,
		.flags = request->full ? RAMIFY_SCAN_FULL : 0,
		.runs = (uintptr_t)buffer,
		.runs_max = BUFFER_RUNS,
		.watch_every = s->may_watch ? request->watch.every : 0,
		.watch_phase = s->may_watch ? request->watch.phase : 0,
	};
	/* A process that has become a VM cannot be watched; accesses still can be told. */
	if (ioctl(s->fd, RAMIFY_SCAN_IOC_SCAN, &scan)) {
		if (errno != EOPNOTSUPP || !scan.watch_every)
			return -errno;
		s->may_watch = false;
		return 0;
	}
	if (scan.resume <= *addr || scan.resume > end || scan.runs_count > BUFFER_RUNS)
		return -EPROTO;
	if (scan.state & RAMIFY_SCAN_STATE_SECONDARY)
		result->grade.confidence = CONFIDENCE_SECONDARY;
	if (request->watch.begins)
		forget_writes(buffer, scan.runs_count);
	end = *addr;
	*addr = scan.resume;
	return scan_decode(&runs, buffer, scan.runs_count, end, scan.resume);
}

static int scan_look(struct sample *s, const struct sample_request *request,
		     struct sample_result *ret_result)
{
	struct sample_result result = {.grade = sampler_scan.grade};
	uint64_t began = clock_cpu_ns(), addr = request->start;
	int err = 0;

	runs_begin(&runs, request);
	while (!err && addr < request->end) {
		err = scan_piece(s, request, &addr, &result);
		result.cpu_ns = clock_cpu_ns() - began;
		if (request->cpu_ns && result.cpu_ns >= request->cpu_ns)
			break;
	}
	if (!err)
		err = runs_end(&runs);
	if (err)
		return err;
	result.resume = addr;
	result.present_pages = runs.present_pages;
	result.used_pages = runs.used_pages;
	*ret_result = result;
	return 0;
}

const struct sampler sampler_scan = {
	.name = "scan",
	.blind = "a KVM guest's own accesses, and I/O past the page tables",
	.grade = {.confidence = 255, .grain_shift = 12},
	.exact = true,
	.writes = true,
	.probe = scan_probe,
	.open = scan_open,
	.look = scan_look,
	.close = scan_close,
};
