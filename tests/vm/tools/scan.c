// SPDX-License-Identifier: GPL-2.0-or-later
/* scan.c -- what VM cases ask of ramify_scan.ko: is it exact, what does it refuse. */

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../include/uapi/ramify_scan.h"

#define PAGE 4096UL
#define HUGE (2UL << 20)
#define RUNS_MAX (1 << 20)

static uint64_t runs[RUNS_MAX];

static int scan_open(pid_t pid)
{
	struct ramify_scan_bind bind = {
		.size = sizeof(bind), .version = RAMIFY_SCAN_ABI, .pid = pid};
	int fd = open(RAMIFY_SCAN_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(1, RAMIFY_SCAN_DEVICE);
	if (ioctl(fd, RAMIFY_SCAN_IOC_BIND, &bind))
		err(1, "bind to %d", pid);
	return fd;
}

static struct ramify_scan request(const void *start, size_t bytes, uint64_t flags)
{
	return (struct ramify_scan){
		.size = sizeof(struct ramify_scan),
		.version = RAMIFY_SCAN_ABI,
		.start = (uintptr_t)start,
		.end = (uintptr_t)start + bytes,
		.flags = flags,
		.runs = (uintptr_t)runs,
		.runs_max = RUNS_MAX,
	};
}

/* --- exact: a child touches a known subset --- */

/* Shared with the child, which waits for orders without ever leaving its processor. */
struct orders {
	atomic_uint turn; /* odd: the child's */
	size_t count;
	bool write;
	uint32_t unit[]; /* to be touched */
};

struct kind {
	const char *name;
	size_t unit; /* bytes that have one accessed bit */
	size_t bytes;
	int prot, flags;
	int advice;
	bool memfd;
	size_t stride; /* of the units used */
	uintptr_t above; /* where it is to be */
};

static const struct kind kinds[] = {
	{"pages", PAGE, 32 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
	 MADV_NOHUGEPAGE, false, PAGE},
	{"thp", HUGE, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
	 MADV_HUGEPAGE, false, HUGE},
	{"hugetlb", HUGE, 64 << 20, PROT_READ | PROT_WRITE,
	 MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB, MADV_NORMAL, false, HUGE},
	{"memfd", PAGE, 16 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, MADV_NORMAL, true, PAGE},
	/* One page in each 2 MiB: what upper levels' bits are for. */
	{"sparse", PAGE, 3UL << 30, PROT_READ | PROT_WRITE,
	 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, MADV_NOHUGEPAGE, false, HUGE},
	/* What only page tables of five levels reach. */
	{"high", PAGE, 32 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
	 MADV_NOHUGEPAGE, false, PAGE, 1UL << 50},
};

static unsigned char *map_kind(const struct kind *k)
{
	size_t room = k->bytes + HUGE;
	int fd = -1;
	unsigned char *area;

	if (k->memfd) {
		fd = memfd_create("exact", MFD_CLOEXEC);
		if (fd < 0 || ftruncate(fd, (off_t)room))
			err(1, "memfd");
	}
	area = mmap((void *)k->above, room, k->prot, k->flags, fd, 0);
	if (area == MAP_FAILED)
		err(1, "%s: mmap of %zu bytes", k->name, room);
	if ((uintptr_t)area < k->above)
		errx(1, "%s: %p is below %#lx", k->name, (void *)area, k->above);
	area = (unsigned char *)(((uintptr_t)area + HUGE - 1) & -HUGE);
	if (madvise(area, k->bytes, k->advice))
		err(1, "%s: madvise", k->name);
	return area;
}

static void child_run(const struct kind *k, unsigned char *area, struct orders *o)
{
	cpu_set_t last;

	CPU_ZERO(&last);
	CPU_SET(1, &last);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (sched_setaffinity(0, sizeof(last), &last))
		err(1, "needs two processors");
	for (size_t at = 0; at < k->bytes; at += k->stride)
		area[at] = 1;
	for (unsigned int turn = 1;; turn += 2) {
		while (atomic_load(&o->turn) != turn)
			__builtin_ia32_pause();
		for (size_t i = 0; i < o->count; i++) {
			volatile unsigned char *unit = area + o->unit[i] * k->stride;

			if (o->write)
				*unit = 2;
			else
				(void)*unit;
		}
		atomic_store(&o->turn, turn + 1);
	}
}

static void child_touch(struct orders *o)
{
	unsigned int turn = atomic_fetch_add(&o->turn, 1) + 2;

	while (atomic_load(&o->turn) != turn) {
		__builtin_ia32_pause();
		if (waitpid(-1, NULL, WNOHANG) > 0)
			errx(1, "the child died");
	}
}

static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* One in ten, alone or in clusters of 64; every fifth round nothing, so that it falls idle. */
static void choose(const struct kind *k, struct orders *o, int round, bool *wanted,
		   uint64_t *state)
{
	size_t units = k->bytes / k->stride;
	size_t cluster = round % 2 && units >= 640 ? 64 : 1;

	memset(wanted, 0, units);
	o->count = 0;
	o->write = round % 3 == 0;
	if (round % 5 >= 3)
		return;
	for (size_t i = 0; i < units; i += cluster)
		if (random_next(state) % 10 == 0)
			for (size_t j = i; j < i + cluster && j < units; j++) {
				wanted[j] = true;
				o->unit[o->count++] = (uint32_t)j;
			}
}

struct verdict {
	size_t missed, falsely, wrong_size;
};

static uint64_t size_bits(const struct kind *k)
{
	uint64_t bits = k->unit == HUGE ? RAMIFY_RUN_HUGE : 0;

	return k->flags & MAP_HUGETLB ? bits | RAMIFY_RUN_HUGETLB : bits;
}

static void judge(const struct kind *k, const unsigned char *area, const bool *wanted,
		  const struct ramify_scan *req, struct verdict *v)
{
	size_t run = 0;

	for (size_t unit = 0; unit < k->bytes / k->stride; unit++) {
		uint64_t addr = (uintptr_t)area + unit * k->stride, bits;
		bool got;

		while (run + 1 < req->runs_count && (runs[run + 1] & RAMIFY_RUN_ADDR) <= addr)
			run++;
		bits = runs[run];
		got = bits & RAMIFY_RUN_ACCESSED;
		v->missed += wanted[unit] && !got;
		v->falsely += got && !wanted[unit];
		if (!(bits & RAMIFY_RUN_IDLE) &&
		    (!(bits & RAMIFY_RUN_PRESENT) ||
		     (bits & (RAMIFY_RUN_HUGE | RAMIFY_RUN_HUGETLB)) != size_bits(k)))
			v->wrong_size++;
	}
}

static void scan_all(int fd, const struct kind *k, const unsigned char *area,
		     struct ramify_scan *req)
{
	*req = request(area, k->bytes, 0);
	if (ioctl(fd, RAMIFY_SCAN_IOC_SCAN, req))
		err(1, "%s: scan", k->name);
	if (req->resume != req->end)
		errx(1, "%s: stopped early", k->name);
}

static int exact_kind(const struct kind *k, int rounds)
{
	size_t units = k->bytes / k->stride, touched = 0, tables = 0;
	unsigned char *area = map_kind(k);
	struct orders *o = mmap(NULL, sizeof(*o) + units * sizeof(o->unit[0]),
				PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool *wanted = calloc(units, 1);
	uint64_t state = 88172645463325252ULL;
	struct verdict v = {};
	struct ramify_scan req;
	pid_t pid = fork();
	int fd;

	if (pid == 0)
		child_run(k, area, o);
	child_touch(o);
	fd = scan_open(pid);
	scan_all(fd, k, area, &req);
	for (int round = 0; round < rounds; round++) {
		choose(k, o, round, wanted, &state);
		child_touch(o);
		scan_all(fd, k, area, &req);
		judge(k, area, wanted, &req, &v);
		touched += o->count;
		tables += req.tables;
	}
	printf("%s: %zu touched, %zu missed, %zu false, %zu of another size; %zu tables read\n",
	       k->name, touched, v.missed, v.falsely, v.wrong_size, tables);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(fd);
	return v.missed || v.falsely || v.wrong_size || !touched;
}

static int cmd_exact(int argc, char **argv)
{
	int failed = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		for (int a = 0; a < argc; a++)
			if (!strcmp(argv[a], kinds[i].name))
				failed |= exact_kind(&kinds[i], 20);
	return failed;
}

/* --- refused: what must not work, and how it says so --- */

static int failures;

static void expect(int want, int got, const char *what)
{
	got = got < 0 ? errno : 0;
	if (got == want)
		return;
	printf("%s: %s, not %s\n", what, strerror(got), strerror(want));
	failures++;
}

static void refuse_bind(void)
{
	struct ramify_scan_bind good = {
		.size = sizeof(good), .version = RAMIFY_SCAN_ABI, .pid = getpid()}, bind = good;
	struct ramify_scan req = request(runs, PAGE, 0);
	int fd = open(RAMIFY_SCAN_DEVICE, O_RDWR | O_CLOEXEC);

	req.start &= -PAGE;
	req.end = req.start + PAGE;
	expect(ENXIO, ioctl(fd, RAMIFY_SCAN_IOC_SCAN, &req), "scan before bind");
	expect(ENOTTY, ioctl(fd, _IO('R', 0x51)), "unknown ioctl");
	bind.pid = 2;
	expect(ESRCH, ioctl(fd, RAMIFY_SCAN_IOC_BIND, &bind), "a kernel thread");
	bind.pid = 0x3fffff;
	expect(ESRCH, ioctl(fd, RAMIFY_SCAN_IOC_BIND, &bind), "no such process");
	bind.pid = -1;
	expect(ESRCH, ioctl(fd, RAMIFY_SCAN_IOC_BIND, &bind), "a negative PID");
	bind = good;
	bind.reserved = 1;
	expect(EINVAL, ioctl(fd, RAMIFY_SCAN_IOC_BIND, &bind), "reserved field");
	bind = good;
	bind.size = 4;
	expect(EINVAL, ioctl(fd, RAMIFY_SCAN_IOC_BIND, &bind), "short struct");
	bind = good;
	bind.version = 99;
	expect(EPROTONOSUPPORT, ioctl(fd, RAMIFY_SCAN_IOC_BIND, &bind), "another version");
	expect(0, bind.version == RAMIFY_SCAN_ABI ? 0 : -1, "the version is told");
	expect(EFAULT, ioctl(fd, RAMIFY_SCAN_IOC_BIND, 8), "bind at a bad address");
	expect(0, ioctl(fd, RAMIFY_SCAN_IOC_BIND, &good), "bind");
	expect(EBUSY, ioctl(fd, RAMIFY_SCAN_IOC_BIND, &good), "bind twice");
	close(fd);
}

static void refuse_scan(void)
{
	unsigned char *area = mmap(NULL, 8 * HUGE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct ramify_scan good = request(area, 8 * HUGE, 0), req;
	int fd = scan_open(getpid());

	expect(0, ioctl(fd, RAMIFY_SCAN_IOC_SCAN, (req = good, &req)), "its own memory");
	expect(0, req.resume == req.end ? 0 : -1, "all of it");
#define REFUSED(error, change, what)                                         \
	do {                                                                 \
		req = good;                                                  \
		change;                                                      \
		expect(error, ioctl(fd, RAMIFY_SCAN_IOC_SCAN, &req), what); \
	} while (0)
	REFUSED(EINVAL, req.start++, "unaligned start");
	REFUSED(EINVAL, req.end--, "unaligned end");
	REFUSED(EINVAL, req.end = req.start - PAGE, "end before start");
	REFUSED(EINVAL, req.end = -PAGE, "kernel addresses");
	REFUSED(EINVAL, req.flags = 1ULL << 63, "unknown flag");
	REFUSED(EINVAL, req.runs_max = RAMIFY_SCAN_RUNS_MIN - 1, "small buffer");
	REFUSED(EINVAL, req.size = 8, "short struct");
	REFUSED(EPROTONOSUPPORT, req.version = 0, "another version");
	REFUSED(EFAULT, req.runs = 8, "bad buffer");
	REFUSED(EFAULT, req.runs = -PAGE, "buffer in the kernel");
	REFUSED(0, req.runs_max = -1ULL, "a buffer said to be endless");
	REFUSED(0, req.end = req.start, "nothing");
	/* All that there can be, through the smallest buffer. */
	for (size_t at = 0; at < 8 * HUGE; at += 2 * PAGE)
		area[at] = 1;
	req = good;
	req.runs_max = RAMIFY_SCAN_RUNS_MIN;
	req.start = 0;
	req.end = 0x7ffffffff000;
	for (int calls = 0; req.start < req.end; req.start = req.resume) {
		if (ioctl(fd, RAMIFY_SCAN_IOC_SCAN, &req) || req.resume <= req.start ||
		    calls++ > 1000) {
			expect(0, -1, "small buffer");
			break;
		}
	}
	close(fd);
}

/* PEEK tells the same twice, and a scan after it too; then nothing is left. */
static void peek(void)
{
	unsigned char *area = mmap(NULL, HUGE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = scan_open(getpid());
	struct ramify_scan req;

	area[0] = 1;
	area[7 * PAGE] = 1;
	for (int i = 0; i < 4; i++) {
		req = request(area, HUGE, i < 2 ? RAMIFY_SCAN_PEEK : RAMIFY_SCAN_FULL);
		expect(0, ioctl(fd, RAMIFY_SCAN_IOC_SCAN, &req), "peek");
		if ((req.accessed_pages != 0) != (i < 3)) {
			printf("look %d: %llu accessed\n", i, req.accessed_pages);
			failures++;
		}
	}
	close(fd);
}

static void refuse_other_program(bool exec)
{
	struct ramify_scan req = request(NULL, 1UL << 46, 0);
	int go[2], fd;
	pid_t pid;
	char byte = 0;

	if (pipe(go))
		err(1, "pipe");
	pid = fork();
	if (pid == 0) {
		close(go[1]);
		if (read(go[0], &byte, 1) < 0 || !exec)
			_exit(0);
		execlp("sleep", "sleep", "100", NULL);
		_exit(1);
	}
	fd = scan_open(pid);
	expect(0, ioctl(fd, RAMIFY_SCAN_IOC_SCAN, &req), "scan of a child");
	close(go[1]);
	close(go[0]);
	for (int i = 0; i < 1000; i++) {
		req = request(NULL, 1UL << 46, 0);
		if (ioctl(fd, RAMIFY_SCAN_IOC_SCAN, &req))
			break;
		usleep(10000);
	}
	expect(ESRCH, ioctl(fd, RAMIFY_SCAN_IOC_SCAN, &req),
	       exec ? "another program" : "a process that is gone");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(fd);
}

static void refuse_unprivileged(void)
{
	struct ramify_scan_bind bind = {
		.size = sizeof(bind), .version = RAMIFY_SCAN_ABI, .pid = getpid()};
	int fd = open(RAMIFY_SCAN_DEVICE, O_RDWR | O_CLOEXEC);

	if (fork() == 0) {
		if (setgid(65534) || setuid(65534))
			err(1, "setuid");
		failures = 0;
		expect(EPERM, ioctl(fd, RAMIFY_SCAN_IOC_BIND, &bind), "bind without the right");
		expect(EACCES, open(RAMIFY_SCAN_DEVICE, O_RDWR), "open without the right");
		fflush(stdout);
		_exit(failures != 0);
	}
	int status;

	wait(&status);
	failures += status != 0;
	close(fd);
}

static int cmd_refused(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	refuse_bind();
	refuse_scan();
	peek();
	refuse_other_program(true);
	refuse_other_program(false);
	refuse_unprivileged();
	return failures != 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "exact"))
		return cmd_exact(argc - 2, argv + 2);
	if (argc == 2 && !strcmp(argv[1], "refused"))
		return cmd_refused(argc - 2, argv + 2);
	fprintf(stderr, "usage: scan exact KIND... | refused\n");
	return 2;
}
