// SPDX-License-Identifier: GPL-2.0-or-later
/* main.c -- memcount, a plugin for QEMU's TCG: counts the guest's accesses to each memory backend. */

/*
 * qemu-system-x86_64 -plugin memcount.so,OPTION=VALUE,...
 *   node0=ID ... node3=ID	memory backends, such as m0 or that of an NVDIMM
 *   delay0=NS ... delay3=NS	how much longer, by this system's clock, each miss of a backend takes
 *   cache=KIB, ways=N		last-level cache of each processor; 0: every access is a miss
 *   from=A, to=B		addresses of programs that are counted by themselves, too
 *   start=0|1			count from the beginning (1), or from a marker on
 *   out=FILE			where lines go (the standard error)
 *
 * A program in the guest sets a marker: nopl with a displacement of 0x5eed0000 | code. Each prints a line of
 * what came since the line before; see MARK_ below. Exact: each load and store of the guest is seen, but for page walks
 * and instructions' own fetches, which are not. Delays are for a guest whose clock is the system's: one that counts
 * instructions (icount) does not see them. They too hold only while it counts.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend.h"
#include "cache.h"
#include "pages.h"

#define MARK_BEST 0x8000	/* with the best shares since the last such marker; in any code below 0xfff0 */
#define MARK_AFRESH 0x4000	/* what goes on over several of these begins again after it */
#define MARK_ON 0xfffe
#define MARK_OFF 0xffff

#define CPUS_MAX 64
#define CHECK_EVERY 65536
/* Which MMU indexes are those of programs, in QEMU 7.2. */
#define USER_INDEXES 0xc
#define IS_STORE (1 << 17)

QPLUG_EXPORT int qemu_plugin_version = 1;

struct nodes {
	uint64_t accesses[NODES_MAX + 1], misses[NODES_MAX + 1];
};

/* All since the line before. */
static struct {
	struct nodes user, kernel, range;
	uint64_t stores[NODES_MAX + 1];
	uint64_t checked, wrong;
} count;

static struct cache *caches[CPUS_MAX];
static uint64_t cache_kib, range_start, range_end, instructions, delays_ns[NODES_MAX + 1];
static unsigned int ways = 16;
static int counting = 1;
static FILE *out;

static void nodes_note(struct nodes *nodes, int node, int missed)
{
	nodes->accesses[node]++;
	nodes->misses[node] += missed;
}

static void check(const struct qemu_plugin_hwaddr *hwaddr, int node, uint64_t offset)
{
	static uint64_t seen;

	if (node == NODE_OTHER || seen++ % CHECK_EVERY)
		return;
	count.checked++;
	count.wrong += !backend_agrees(hwaddr, node, offset);
}

/* Lines go by their place in the backend, so that where QEMU maps it does not matter. */
static int missed(unsigned int vcpu, int node, uint64_t offset)
{
	return !caches[vcpu] ||
	       !cache_hit(caches[vcpu], ((uint64_t)(node + 1) << 40) + (offset >> 6));
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/* Nothing sleeps for so short a time. */
static void spin(uint64_t ns)
{
	uint64_t start = now_ns();

	while (now_ns() - start < ns)
		;
}

static void on_access(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *user)
{
	struct qemu_plugin_hwaddr *hwaddr;
	uint64_t offset;
	int node, miss;

	if (!counting)
		return;
	hwaddr = qemu_plugin_get_hwaddr(info, address);
	if (!hwaddr || qemu_plugin_hwaddr_is_io(hwaddr))
		return;
	node = backend_find(hwaddr, &offset);
	check(hwaddr, node, offset);
	miss = missed(vcpu, node, offset);
	if (miss && delays_ns[node])
		spin(delays_ns[node]);
	count.stores[node] += !!(info & IS_STORE);
	nodes_note(USER_INDEXES >> (info & 15) & 1 ? &count.user : &count.kernel, node, miss);
	/* Also what the kernel reads and writes for the program, such as to a socket. */
	if (pages_note(address, miss))
		nodes_note(&count.range, node, miss);
}

static void write_nodes(const char *name, const struct nodes *nodes)
{
	fprintf(out, " %s", name);
	for (int node = 0; node <= NODES_MAX; node++)
		if (node < backend_nodes || node == NODE_OTHER)
			fprintf(out, "%c%lu/%lu", node ? ',' : '=', nodes->accesses[node],
				nodes->misses[node]);
}

/* For each, ACCESSES/MISSES of each node, and last of memory that is none of theirs. */
static void write_line(const char *why, unsigned int code)
{
	fprintf(out, "%s code=%u instructions=%lu", why, code, instructions);
	write_nodes("user", &count.user);
	write_nodes("kernel", &count.kernel);
	write_nodes("range", &count.range);
	for (int node = 0; node < backend_nodes; node++)
		fprintf(out, "%s%lu", node ? "," : " stores=", count.stores[node]);
	fprintf(out, " checked=%lu wrong=%lu", count.checked, count.wrong);
	if (code & MARK_BEST && range_end)
		pages_best(out);
	if (code & MARK_AFRESH && code < MARK_ON && range_end)
		pages_afresh();
	fputc('\n', out);
	fflush(out);
	memset(&count, 0, sizeof(count));
}

static void on_marker(unsigned int vcpu, void *user)
{
	unsigned int code = (uintptr_t)user;

	write_line("mark", code);
	if (code == MARK_ON)
		counting = 1;
	if (code == MARK_OFF)
		counting = 0;
}

/* nopl DISPLACEMENT(%rax,%rax,1) */
static int marker_code(const struct qemu_plugin_insn *insn)
{
	static const uint8_t begins[] = { 0x0f, 0x1f, 0x84, 0x00 }, ends[] = { 0xed, 0x5e };
	const uint8_t *bytes;

	if (qemu_plugin_insn_size(insn) != 8)
		return -ENOENT;
	bytes = qemu_plugin_insn_data(insn);
	if (memcmp(bytes, begins, sizeof(begins)) || memcmp(bytes + 6, ends, sizeof(ends)))
		return -ENOENT;
	return bytes[4] | bytes[5] << 8;
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);

	qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64, &instructions, n);
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		int code = marker_code(insn);

		qemu_plugin_register_vcpu_mem_cb(insn, on_access, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_RW, NULL);
		if (code >= 0)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_marker, QEMU_PLUGIN_CB_NO_REGS,
							       (void *)(uintptr_t)code);
	}
}

static void on_exit_of_qemu(qemu_plugin_id_t id, void *user)
{
	write_line("exit", 0);
}

/* N, if a name is WORD and the number of a node; else -1. */
static int node_of(const char *name, size_t length, const char *word)
{
	size_t n = strlen(word);

	if (length != n + 1 || strncmp(name, word, n) || name[n] < '0' || name[n] >= '0' + NODES_MAX)
		return -1;
	return name[n] - '0';
}

/* NAME=VALUE */
static int option(const char *arg)
{
	const char *value = strchr(arg, '=');
	size_t name = value ? value - arg : 0;
	uint64_t number;

	if (!name)
		return -EINVAL;
	number = strtoull(++value, NULL, 0);
#define IS(word) (name == strlen(word) && !strncmp(arg, word, name))
	if (node_of(arg, name, "node") >= 0)
		return backend_name(node_of(arg, name, "node"), value);
	if (node_of(arg, name, "delay") >= 0)
		delays_ns[node_of(arg, name, "delay")] = number;
	else if (IS("cache"))
		cache_kib = number;
	else if (IS("ways"))
		ways = number;
	else if (IS("from"))
		range_start = number;
	else if (IS("to"))
		range_end = number;
	else if (IS("start"))
		counting = number;
	else if (IS("out"))
		return (out = fopen(value, "w")) ? 0 : -errno;
	else
		return -EINVAL;
#undef IS
	return 0;
}

static int prepare(int cpus)
{
	int err = cpus > CPUS_MAX ? -EINVAL : 0;

	for (int cpu = 0; cache_kib && !err && cpu < cpus; cpu++)
		err = cache_create(cache_kib * 1024, ways, &caches[cpu]);
	if (!err && range_end > range_start)
		err = pages_watch(range_start, range_end);
	return err;
}

QPLUG_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
				     char **argv);

QPLUG_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
				     char **argv)
{
	int err = 0;

	out = stderr;
	for (int i = 0; i < argc && !err; i++) {
		err = option(argv[i]);
		if (err)
			fprintf(stderr, "memcount: %s: %s\n", argv[i], strerror(-err));
	}
	if (err)
		return 1;
	err = prepare(info->system_emulation ? info->system.max_vcpus : 1);
	if (err) {
		fprintf(stderr, "memcount: cache=%lu,ways=%u: %s\n", cache_kib, ways, strerror(-err));
		return 1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, NULL);
	return 0;
}
