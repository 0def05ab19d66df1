// SPDX-License-Identifier: GPL-2.0-or-later
/* load.c -- programs with a known way to use memory, at a steady pace, for bench/tiering and the demo. */

#include <err.h>
#include <errno.h>
#include <math.h>
#include <numaif.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "kv.h"

#define PAGE 4096UL
#define HUGE_PAGE (2UL << 20)
#define LINE 64
#define BATCH 512
/* Where bench/tiering tells the plugin to look. */
#define RANGE 0x100000000000UL
#define TICKS 100		/* a second */
#define HOT_SHARE 0.9
#define THETA 0.99
#define STORE_EVERY 4
#define SERVER_STORE_EVERY 500

/* memcount prints a line, with BEST also what the best placement would have reached. */
#define MARK(code) __asm__ volatile("nopl %c0(%%rax,%%rax,1)" ::"i"(0x5eed0000 | (code)) : "memory")
#define MARK_SECOND 0
#define MARK_WARM 0x8001
#define MARK_STEADY 0x8002
#define MARK_AFRESH 0x4000
#define MARK_ON 0xfffe
#define MARK_OFF 0xffff

static struct {
	const char *work, *place, *socket;
	const struct kv_words *server;	/* it has the memory; NULL: we do */
	size_t pages;		/* or the server's records */
	unsigned long rate;	/* accesses a second */
	unsigned int warm_s, steady_s;
	int moves, huge, tell, sleeps, stops;
} load = { .place = "first", .rate = 100000, .warm_s = 60, .steady_s = 30 };

static unsigned char *memory;
static uint32_t *order;		/* which page is the first, second, ... most used */
static double *below;		/* sum of the shares of these up to the n-th */
static size_t hot_pages, hot_first, sweep_at;
static size_t (*next_page)(void);
static uint32_t *used;		/* this second; NULL: nobody asks */
static uint64_t longest_ns, sum;

/* ---- chance, the same in each run ---- */

static uint64_t random_bits(void)
{
	static uint64_t state = 88172645463325252;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static size_t random_below(size_t n)
{
	return (random_bits() >> 32) * n >> 32;
}

static double random_share(void)
{
	return (double)(random_bits() >> 11) / (1UL << 53);
}

/* ---- loads ---- */

static size_t page_uniform(void)
{
	return random_below(load.pages);
}

static size_t page_sweep(void)
{
	return sweep_at++ % load.pages;
}

static size_t page_hot(void)
{
	return random_share() < HOT_SHARE ? hot_first + random_below(hot_pages) : page_uniform();
}

static size_t page_scattered(void)
{
	return order[page_hot()];
}

static size_t page_zipf(void)
{
	double share = random_share();
	size_t low = 0, high = load.pages - 1;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (below[middle] < share)
			low = middle + 1;
		else
			high = middle;
	}
	return order[low];
}

static const struct work {
	const char *name;
	size_t (*page)(void);
	int huge, moves;
	const char *help;
	const struct kv_words *server;
	unsigned int records;	/* that are about a MiB, with all that the server needs for them */
} works[] = {
	{ "gups", page_hot, 0, 0, "one tenth, in one piece, takes nine of ten accesses" },
	{ "moving", page_hot, 0, 1, "the same; at half time another tenth" },
	{ "zipf", page_zipf, 0, 0, "records of 4 KiB, Zipf with 0.99" },
	{ "sweep", page_sweep, 0, 0, "page after page" },
	{ "scattered", page_scattered, 1, 0, "as gups, but of single pages all over huge pages" },
	{ "uniform", page_uniform, 0, 0, "each page alike" },
	{ "redis", page_zipf, 0, 0, "records of 1 KiB of a server, Zipf with 0.99", &kv_redis, 680 },
	{ "memcached", page_zipf, 0, 0, "the same", &kv_memcached, 840 },
};

static void make_order(void)
{
	order = calloc(load.pages, sizeof(*order));
	below = calloc(load.pages, sizeof(*below));
	if (!order || !below)
		err(1, "no memory");
	for (size_t i = 0; i < load.pages; i++) {
		order[i] = i;
		below[i] = (i ? below[i - 1] : 0) + pow(i + 1, -THETA);
	}
	for (size_t i = 0; i < load.pages; i++) {
		size_t other = i + random_below(load.pages - i);
		uint32_t page = order[i];

		order[i] = order[other];
		order[other] = page;
		below[i] /= below[load.pages - 1];
	}
}

/* ---- memory ---- */

static void bind_to(unsigned long nodes)
{
	if (mbind(memory, load.pages * PAGE, nodes ? MPOL_BIND : MPOL_DEFAULT,
		  nodes ? &nodes : NULL, nodes ? 64 : 0, 0))
		err(1, "mbind");
}

/* One page in so many to node 0, until it is full: all parts alike have their share of it. */
static void spread(unsigned int percent)
{
	for (size_t i = 0; i < load.pages; i++) {
		void *page = memory + i * PAGE;
		int node = 0, status;

		if (i * percent / 100 != (i + 1) * percent / 100)
			move_pages(0, 1, &page, &node, &status, MPOL_MF_MOVE);
	}
}

static void populate(void)
{
	memory = mmap((void *)RANGE, load.pages * PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (memory == MAP_FAILED)
		err(1, "mmap");
	madvise(memory, load.pages * PAGE, load.huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	if (strcmp(load.place, "first"))
		bind_to(2);
	for (size_t i = 0; i < load.pages; i++)
		*(uint64_t *)(void *)(memory + i * PAGE) = i;
	bind_to(0);
	if (!strncmp(load.place, "even:", 5))
		spread(atoi(load.place + 5));
}

/* Ours stays where it is, so that the tiers are the server's alone. */
static void fill_server(void)
{
	if (mlockall(MCL_CURRENT))
		err(1, "mlockall");
	kv_open(load.server, load.socket);
	kv_fill(load.pages);
}

/* Nodes of up to BATCH pages. */
static void nodes_of(size_t first, size_t n, int *nodes)
{
	void *pages[BATCH];

	for (size_t i = 0; i < n; i++)
		pages[i] = memory + (first + i) * PAGE;
	if (move_pages(0, n, pages, NULL, nodes, 0))
		err(1, "move_pages");
}

/* By the node on which each page lies now; and begin again. */
static void tell(unsigned int second)
{
	uint64_t all = 0, fast = 0;
	size_t resident = 0;
	int nodes[BATCH];

	for (size_t at = 0; at < load.pages; at += BATCH) {
		size_t n = load.pages - at < BATCH ? load.pages - at : BATCH;

		nodes_of(at, n, nodes);
		for (size_t i = 0; i < n; i++) {
			all += used[at + i];
			fast += nodes[i] ? 0 : used[at + i];
			resident += !nodes[i];
		}
	}
	memset(used, 0, load.pages * sizeof(*used));
	printf("%3u s: %5.1f %% of accesses served by DRAM, %3zu MiB of %zu there\n", second,
	       all ? 100.0 * fast / all : 0, resident * PAGE >> 20, load.pages * PAGE >> 20);
	fflush(stdout);
}

/* ---- pace ---- */

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000UL + t.tv_nsec;
}

/* As a program that computes: the kernel finds it running whenever it looks. Nops cost an emulator little. */
static void spin_until(uint64_t ns)
{
	while (now_ns() < ns)
		for (int i = 0; i < 100; i++)
			__asm__ volatile(".rept 400\n\tnop\n\t.endr");
}

static void wait_until(uint64_t ns)
{
	struct timespec t = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };

	if (!load.sleeps)
		return spin_until(ns);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
		;
}

static void use_server(unsigned long n)
{
	static unsigned long done;
	unsigned char stores[KV_BATCH];
	uint32_t keys[KV_BATCH];

	while (n) {
		size_t more = n < KV_BATCH ? n : KV_BATCH;

		for (size_t i = 0; i < more; i++) {
			keys[i] = next_page();
			stores[i] = ++done % SERVER_STORE_EVERY == 0;
		}
		kv_use(keys, stores, more);
		n -= more;
	}
}

static void use(unsigned long n)
{
	if (load.server)
		return use_server(n);
	for (unsigned long i = 0; i < n; i++) {
		size_t page = next_page();
		volatile uint64_t *word = (volatile uint64_t *)(void *)(memory + page * PAGE +
				random_bits() % (PAGE / LINE) * LINE);

		if (i % STORE_EVERY)
			sum += *word;
		else
			*word += 1;
		if (used)
			used[page]++;
	}
}

/* Those of a tick in one go; how long the longest took tells of stalls. */
static void use_second(uint64_t *at_ns)
{
	for (int tick = 0; tick < TICKS; tick++) {
		uint64_t began = now_ns(), took;

		use(load.rate / TICKS);
		took = now_ns() - began;
		if (took > longest_ns)
			longest_ns = took;
		*at_ns += 1000000000 / TICKS;
		wait_until(*at_ns);
	}
	MARK(MARK_SECOND);
}

static void use_seconds(unsigned int seconds)
{
	static unsigned int second;
	static uint64_t at_ns;

	if (!at_ns)
		at_ns = now_ns();
	for (unsigned int i = 0; i < seconds; i++) {
		use_second(&at_ns);
		second++;
		if (load.tell && second % load.tell == 0)
			tell(second);
	}
}

static void run(void)
{
	MARK(MARK_ON);
	use_seconds(load.warm_s);
	MARK(MARK_WARM);
	longest_ns = 0;
	if (load.moves) {
		MARK(MARK_AFRESH);
		use_seconds(load.steady_s / 2);
		MARK(MARK_STEADY);
		hot_first = load.pages / 5;
	}
	use_seconds(load.moves ? (load.steady_s + 1) / 2 : load.steady_s);
	MARK(MARK_STEADY);
	MARK(MARK_OFF);
	printf("longest tick: %lu us\n", longest_ns / 1000);
	fflush(stdout);
	if (load.stops)
		raise(SIGSTOP);
}

/* ---- words ---- */

static int usage(void)
{
	fprintf(stderr, "usage: load [OPTION...] WORK MIB\n"
			"  -r N          accesses a second (100000)\n"
			"  -w S, -s S    seconds to warm up (60), and that count (30)\n"
			"  -p first      where pages are at first: where the kernel puts them,\n"
			"  -p slow         on node 1,\n"
			"  -p even:P       or P percent of them, evenly, on node 0\n"
			"  -u PATH       the server's socket\n"
			"  -z            sleep between accesses, instead of computing\n"
			"  -e            stop at the end, with all that it has\n"
			"  -t N          tell each N seconds what share of accesses node 0 serves\n"
			"WORK is\n");
	for (size_t i = 0; i < sizeof(works) / sizeof(*works); i++)
		fprintf(stderr, "  %-10s %s\n", works[i].name, works[i].help);
	return 2;
}

static int choose_work(const char *name, size_t mib)
{
	for (size_t i = 0; i < sizeof(works) / sizeof(*works); i++) {
		if (strcmp(works[i].name, name))
			continue;
		next_page = works[i].page;
		load.huge = works[i].huge;
		load.moves = works[i].moves;
		load.server = works[i].server;
		load.pages = works[i].server ? mib * works[i].records : (mib << 20) / PAGE;
		return !load.server == !load.socket ? 0 : -EINVAL;
	}
	return -ENOENT;
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "r:w:s:p:t:u:ze")) != -1) {
		switch (option) {
		case 'r': load.rate = strtoul(optarg, NULL, 0); break;
		case 'w': load.warm_s = strtoul(optarg, NULL, 0); break;
		case 's': load.steady_s = strtoul(optarg, NULL, 0); break;
		case 'p': load.place = optarg; break;
		case 'u': load.socket = optarg; break;
		case 'z': load.sleeps = 1; break;
		case 'e': load.stops = 1; break;
		case 't': load.tell = atoi(optarg); break;
		default: return usage();
		}
	}
	if (argc - optind != 2 || choose_work(argv[optind], strtoul(argv[optind + 1], NULL, 0)) ||
	    !load.pages)
		return usage();
	hot_pages = load.pages / 10;
	hot_first = load.pages * 8 / 10;
	make_order();
	if (load.tell && !load.server)
		used = calloc(load.pages, sizeof(*used));
	if (load.server)
		fill_server();
	else
		populate();
	run();
	return 0;
}
