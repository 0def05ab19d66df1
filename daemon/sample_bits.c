// SPDX-License-Identifier: GPL-2.0-or-later
/* sample_bits.c -- accesses without a module: page tables as the kernel has them, cleared by clear_refs. */

#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "frames.h"
#include "kmem.h"
#include "layout.h"
#include "maps.h"
#include "pidfd.h"
#include "sample.h"
#include "symbols.h"
#include "tables.h"

#define NODES "/sys/devices/system/node"
#define BLOCK_SIZE "/sys/devices/system/memory/block_size_bytes"

enum { INIT_TASK, PAGE_OFFSET_BASE, PHYSICAL_MASK, PGDIR_SHIFT, HUGE_ZERO_PFN, SYMBOLS };
enum { TASK_TASKS, TASK_PID, TASK_MM, MM_PGD, MEMBERS };

/* The kernel as it is since boot: opened once, for all processes. */
struct kernel {
	const struct kmem *kmem;
	bool open;
	struct symbol symbols[SYMBOLS];
	struct member members[MEMBERS];
	uint64_t direct;	/* where physical address 0 is mapped */
	uint64_t address_mask;
	unsigned int levels;
	dev_t hugetlb[2];	/* the kernel's own mounts of it */
};

static struct kernel by_bpf = {.kmem = &kmem_bpf}, by_kcore = {.kmem = &kmem_kcore};
static struct runs runs;

struct sample {
	const struct kernel *kernel;
	pid_t pid;
	int pidfd;
	uint64_t task;
	uint64_t mm;
};

/* --- the kernel --- */

static const struct symbol symbols[SYMBOLS] = {
	[INIT_TASK] = {"init_task"},
	[PAGE_OFFSET_BASE] = {"page_offset_base"},
	[PHYSICAL_MASK] = {"physical_mask"},
	[PGDIR_SHIFT] = {"pgdir_shift"},
	[HUGE_ZERO_PFN] = {"huge_zero_pfn"},
};

static const struct member members[MEMBERS] = {
	[TASK_TASKS] = {"task_struct", "tasks"},
	[TASK_PID] = {"task_struct", "pid"},
	[TASK_MM] = {"task_struct", "mm"},
	[MM_PGD] = {"mm_struct", "pgd"},
};

static int read_symbols(struct kernel *k)
{
	FILE *file = fopen("/proc/kallsyms", "re");

	if (!file)
		return -errno;
	memcpy(k->symbols, symbols, sizeof(symbols));
	symbols_read(file, k->symbols, SYMBOLS);
	fclose(file);
	for (int i = 0; i < SYMBOLS; i++)
		if (!k->symbols[i].addr && i != HUGE_ZERO_PFN)
			return -ENOENT;
	return 0;
}

static int read_symbol(const struct kernel *k, int symbol, void *buf, size_t n)
{
	return kmem_read(k->kmem, k->symbols[symbol].addr, buf, n);
}

static int read_constants(struct kernel *k)
{
	uint32_t shift;
	int err = read_symbol(k, PAGE_OFFSET_BASE, &k->direct, sizeof(k->direct));

	if (!err)
		err = read_symbol(k, PHYSICAL_MASK, &k->address_mask, sizeof(k->address_mask));
	if (!err)
		err = read_symbol(k, PGDIR_SHIFT, &shift, sizeof(shift));
	if (err)
		return err;
	if (shift != 39 && shift != 48)
		return -EPROTO;
	k->address_mask &= -(uint64_t)HEAT_PAGE;
	k->levels = shift == 48 ? 5 : 4;
	return 0;
}

/* Each size of huge pages has a mount of its own, for memory without a name. */
static dev_t hugetlb_device(unsigned int size_flag)
{
	int fd = memfd_create("ramify", MFD_CLOEXEC | MFD_HUGETLB | size_flag);
	struct stat st = {};

	if (fd < 0)
		return 0;
	if (fstat(fd, &st))
		st.st_dev = 0;
	close(fd);
	return st.st_dev;
}

static int read_all(struct kernel *k)
{
	int err = read_symbols(k);

	if (!err)
		err = read_constants(k);
	if (err)
		return err;
	memcpy(k->members, members, sizeof(members));
	return layout_read(k->members, MEMBERS);
}

static int kernel_open(struct kernel *k, const char **ret_why)
{
	int err;

	if (k->open)
		return 0;
	err = k->kmem->open(ret_why);
	if (err)
		return err;
	err = read_all(k);
	if (err) {
		k->kmem->close();
		*ret_why = err == -ENOENT ? "the kernel hides its symbols, or has no BTF"
					  : "the kernel's memory is not as expected";
		return err;
	}
	k->hugetlb[0] = hugetlb_device(MFD_HUGE_2MB);
	k->hugetlb[1] = hugetlb_device(MFD_HUGE_1GB);
	k->open = true;
	return 0;
}

static int bpf_probe(const char **ret_why)
{
	return kernel_open(&by_bpf, ret_why);
}

static int kcore_probe(const char **ret_why)
{
	return kernel_open(&by_kcore, ret_why);
}

/* --- a process --- */

static int read_member(const struct kernel *k, uint64_t object, int member, void *buf, size_t n)
{
	return kmem_read(k->kmem, object + k->members[member].offset, buf, n);
}

/* Along the list of all processes; it can change under us, so that it may lead astray. */
static int walk_tasks(const struct kernel *k, pid_t pid, uint64_t *ret_task)
{
	uint64_t first = k->symbols[INIT_TASK].addr, task = first, next;
	int32_t nr;

	for (int i = 0; i < 1 << 22; i++) {
		if (read_member(k, task, TASK_TASKS, &next, sizeof(next)))
			return -EAGAIN;
		task = next - k->members[TASK_TASKS].offset;
		if (task == first)
			return -ESRCH;
		if (read_member(k, task, TASK_PID, &nr, sizeof(nr)))
			return -EAGAIN;
		if (nr == pid) {
			*ret_task = task;
			return 0;
		}
	}
	return -EAGAIN;
}

static int find_task(const struct kernel *k, pid_t pid, uint64_t *ret_task)
{
	int err = -EAGAIN;

	if (k->kmem->task)
		return k->kmem->task(pid, ret_task);
	for (int try = 0; try < 10 && err == -EAGAIN; try++)
		err = walk_tasks(k, pid, ret_task);
	return err;
}

static int bits_open(const struct kernel *k, pid_t pid, int pidfd, struct sample **ret_sample)
{
	struct sample *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return -ENOMEM;
	err = find_task(k, pid, &s->task);
	if (!err)
		err = read_member(k, s->task, TASK_MM, &s->mm, sizeof(s->mm));
	if (!err && !s->mm)
		err = -ESRCH;
	/* The task was this process's, if the process is still there. */
	if (!err)
		err = pidfd_alive(pidfd);
	if (!err) {
		s->kernel = k;
		s->pid = pid;
		s->pidfd = fcntl(pidfd, F_DUPFD_CLOEXEC, 0);
		err = s->pidfd < 0 ? -errno : 0;
	}
	if (err) {
		free(s);
		return err;
	}
	*ret_sample = s;
	return 0;
}

static int bpf_open(pid_t pid, int pidfd, struct sample **ret_sample)
{
	return bits_open(&by_bpf, pid, pidfd, ret_sample);
}

static int kcore_open(pid_t pid, int pidfd, struct sample **ret_sample)
{
	return bits_open(&by_kcore, pid, pidfd, ret_sample);
}

static void bits_close(struct sample *s)
{
	if (!s)
		return;
	close(s->pidfd);
	free(s);
}

/* --- a look --- */

_Static_assert(TABLES_AT_ONCE <= KMEM_OBJECTS, "as many as can be read");
_Static_assert(TABLE_ENTRIES * sizeof(uint64_t) == KMEM_OBJECT_BYTES, "one after another");

static int read_tables(void *arg, const uint64_t *physical, size_t n,
		       const uint64_t (**ret_tables)[TABLE_ENTRIES])
{
	const struct kernel *k = arg;
	uint64_t addrs[TABLES_AT_ONCE];
	const void *tables;
	int err;

	for (size_t i = 0; i < n; i++)
		addrs[i] = k->direct + physical[i];
	err = k->kmem->read(addrs, n, KMEM_OBJECT_BYTES, &tables);
	if (!err)
		*ret_tables = tables;
	return err;
}

static bool is_hugetlb(const struct kernel *k, dev_t device)
{
	return device && (device == k->hugetlb[0] || device == k->hugetlb[1]);
}

/* clear_refs leaves out hugetlb pages, which would look as if used all the time. */
static int look_at_mapping(const struct tables *tables, const struct mapping *m)
{
	static const struct heat_run blind = {.state = HEAT_BLIND};

	if (!is_hugetlb(tables->arg, m->device))
		return tables_walk(tables, m->start, m->end, &runs);
	runs_add(&runs, m->start, m->end, &blind);
	return 0;
}

static int look_at_mappings(const struct tables *tables, FILE *maps,
			    const struct sample_request *request)
{
	static const struct heat_run absent = {.state = HEAT_ABSENT};
	uint64_t at = request->start;
	struct mapping m;
	int got, err = 0;

	while (!err && (got = maps_next(maps, at, &m)) == 1) {
		if (m.end > request->end)
			break;
		runs_add(&runs, at, m.start, &absent);
		err = look_at_mapping(tables, &m);
		at = m.end;
	}
	if (!err && got < 0)
		err = got;
	if (!err)
		runs_add(&runs, at, request->end, &absent);
	return err;
}

static FILE *open_maps(pid_t pid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	return fopen(path, "re");
}

/* The whole process cannot change its mappings meanwhile, nor fault on some kernels. */
static int clear_bits(pid_t pid, uint64_t *ret_ns)
{
	uint64_t began = clock_now_ns();
	char path[32];
	int fd, err = 0;

	snprintf(path, sizeof(path), "/proc/%d/clear_refs", pid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	if (write(fd, "1", 1) != 1)
		err = -errno;
	close(fd);
	*ret_ns = clock_now_ns() - began;
	return err;
}

static int tables_of(const struct sample *s, const struct frames *frames, struct tables *ret_tables)
{
	const struct kernel *k = s->kernel;
	struct tables t = {
		.read = read_tables,
		.arg = (void *)(uintptr_t)k,
		.levels = k->levels,
		.address_mask = k->address_mask,
		.zero_pfn = ~0ULL,
		.frames = frames,
	};
	uint64_t mm, root;
	int err = pidfd_alive(s->pidfd);

	if (!err)
		err = read_member(k, s->task, TASK_MM, &mm, sizeof(mm));
	if (!err && mm != s->mm)
		err = -ESRCH;
	if (!err)
		err = read_member(k, mm, MM_PGD, &root, sizeof(root));
	if (!err && k->symbols[HUGE_ZERO_PFN].addr)
		err = read_symbol(k, HUGE_ZERO_PFN, &t.zero_pfn, sizeof(t.zero_pfn));
	if (err)
		return err;
	t.root = root - k->direct;
	*ret_tables = t;
	return 0;
}

/* Read first: what is used between the two is not seen, and that is a short time. */
static int read_and_clear(struct sample *s, const struct sample_request *request,
			  const struct frames *frames, uint64_t *ret_stall_ns)
{
	struct tables tables;
	FILE *maps;
	int err = tables_of(s, frames, &tables);

	if (err)
		return err;
	maps = open_maps(s->pid);
	if (!maps)
		return errno == ENOENT ? -ESRCH : -errno;
	err = look_at_mappings(&tables, maps, request);
	fclose(maps);
	if (!err)
		err = pidfd_alive(s->pidfd);
	return err ? err : clear_bits(s->pid, ret_stall_ns);
}

static int bits_look(struct sample *s, const struct sample_request *request,
		     struct sample_result *ret_result)
{
	struct sample_result result = {.grade = sampler_bits_bpf.grade, .resume = request->end};
	uint64_t began = clock_cpu_ns();
	struct frames frames;
	int err = frames_read(NODES, BLOCK_SIZE, &frames);

	if (err)
		return err;
	runs_begin(&runs, request);
	err = read_and_clear(s, request, &frames, &result.stall_ns);
	frames_free(&frames);
	if (!err)
		err = runs_end(&runs);
	if (err)
		return err;
	result.cpu_ns = clock_cpu_ns() - began;
	result.present_pages = runs.present_pages;
	result.used_pages = runs.used_pages;
	*ret_result = result;
	return 0;
}

#define BITS                                                                                 \
	.blind = "huge pages of hugetlb, a KVM guest's own accesses, and what is used while it looks", \
	.grade = {.confidence = 240, .grain_shift = 12}, .exact = true, .whole = true,               \
	.look = bits_look, .close = bits_close

const struct sampler sampler_bits_bpf = {
	.name = "bits-bpf",
	BITS,
	.probe = bpf_probe,
	.open = bpf_open,
};

const struct sampler sampler_bits_kcore = {
	.name = "bits-kcore",
	BITS,
	.probe = kcore_probe,
	.open = kcore_open,
};
