// SPDX-License-Identifier: GPL-2.0-or-later
/* mem.c -- what VM cases do to memory: fill and search devices, hold and pin pages. */

#include <errno.h>
#include <err.h>
#include <fcntl.h>
#include <numaif.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

#define DAX_ALIGN (2UL << 20)

struct area {
	unsigned char *start;
	size_t bytes;
};

static size_t device_bytes(const struct stat *st)
{
	char path[96], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/size", major(st->st_rdev),
		 minor(st->st_rdev));
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		err(1, "%s", path);
	close(fd);
	return strtoull(text, NULL, 10);
}

/* A DAX device can only be mapped. */
static struct area map_device(const char *path)
{
	int fd = open(path, O_RDWR);
	struct stat st;
	struct area a;

	if (fd < 0 || fstat(fd, &st))
		err(1, "%s", path);
	a.bytes = (S_ISCHR(st.st_mode) ? device_bytes(&st) : (size_t)st.st_size) & -DAX_ALIGN;
	a.start = mmap(NULL, a.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (a.start == MAP_FAILED)
		err(1, "mmap %s", path);
	close(fd);
	return a;
}

/* Emulated, a call costs more than a kilobyte copied. */
static int cmd_fill(char **argv)
{
	struct area a = map_device(argv[0]);
	size_t len = strlen(argv[1]), unit = len * (1 + (1 << 16) / len), at, piece;
	char *text = malloc(unit);

	if (!text)
		err(1, "%s", argv[1]);
	for (at = 0; at < unit; at += len)
		memcpy(text + at, argv[1], len);
	for (at = 0; at < a.bytes; at += piece) {
		piece = a.bytes - at < unit ? a.bytes - at : unit;
		memcpy(a.start + at, text, piece);
	}
	free(text);
	return 0;
}

static int cmd_write(char **argv)
{
	struct area a = map_device(argv[0]);
	size_t at = strtoull(argv[1], NULL, 0), len = strlen(argv[2]);

	if (at > a.bytes || len > a.bytes - at)
		errx(1, "%s ends at %zu", argv[0], a.bytes);
	memcpy(a.start + at, argv[2], len);
	return 0;
}

/* The first byte in [from, to) that is not zero, or to. */
static size_t next_set(const unsigned char *p, size_t from, size_t to)
{
	uint64_t word = 0;

	while (from < to && from % sizeof(word) && !p[from])
		from++;
	if (from % sizeof(word) == 0)
		for (; to - from >= sizeof(word); from += sizeof(word)) {
			memcpy(&word, p + from, sizeof(word));
			if (word)
				break;
		}
	while (from < to && !p[from])
		from++;
	return from;
}

static int cmd_zero(char **argv)
{
	struct area a = map_device(argv[0]);
	size_t from = argv[1] ? strtoull(argv[1], NULL, 0) : 0;
	size_t to = argv[1] && argv[2] ? strtoull(argv[2], NULL, 0) : a.bytes, at;

	if (to > a.bytes)
		errx(1, "%s ends at %zu", argv[0], a.bytes);
	at = next_set(a.start, from, to);
	if (at < to)
		errx(1, "%s: byte %zu is %#x", argv[0], at, a.start[at]);
	printf("%zu bytes are zero\n", to - from);
	return 0;
}

/* In pages that hold anything; a text goes over into the next one at the most. */
static int cmd_find(char **argv)
{
	struct area a = map_device(argv[0]);
	size_t len = strlen(argv[1]), at = 0, end;
	unsigned char *p;

	while ((at = next_set(a.start, at, a.bytes)) < a.bytes) {
		end = (at | 4095) + 1;
		p = memmem(a.start + at, (end + len < a.bytes ? end + len : a.bytes) - at,
			   argv[1], len);
		if (p) {
			printf("%s: at byte %td\n", argv[0], p - a.start);
			return 0;
		}
		at = end;
	}
	return 1;
}

static int cmd_map(char **argv)
{
	struct area a = map_device(argv[0]);

	printf("mapped %zu\n", a.bytes);
	fflush(stdout);
	pause();
	return 0;
}

static unsigned char *pages_on(int node, size_t bytes)
{
	unsigned long mask = 1UL << node;
	unsigned char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				-1, 0);

	if (p == MAP_FAILED)
		err(1, "mmap");
	if (mbind(p, bytes, MPOL_PREFERRED, &mask, 64, 0))
		err(1, "mbind to node %d", node);
	return p;
}

/* A text in each page of MIB on NODE, until its input ends. */
static int cmd_keep(char **argv)
{
	size_t bytes = strtoull(argv[1], NULL, 0) << 20, len = strlen(argv[2]);
	unsigned char *p = pages_on(atoi(argv[0]), bytes);
	char c;

	for (size_t at = 0; at < bytes; at += 4096)
		memcpy(p + at, argv[2], len);
	printf("keeping %zu\n", bytes);
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		;
	return 0;
}

/* FNV, by words. */
static uint64_t hash_of(const unsigned char *p, size_t bytes)
{
	uint64_t hash = 0xcbf29ce484222325, word;

	for (size_t i = 0; i < bytes; i += sizeof(word)) {
		memcpy(&word, p + i, sizeof(word));
		hash = (hash ^ word) * 0x100000001b3;
	}
	return hash;
}

/* Holds MIB of random bytes that began on NODE; "intact" at the end of its input. */
static int cmd_hold(char **argv)
{
	size_t bytes = strtoull(argv[1], NULL, 0) << 20;
	unsigned char *p = pages_on(atoi(argv[0]), bytes);
	uint64_t x = 88172645463325252, before;
	char c;

	for (size_t i = 0; i < bytes; i += 8) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		memcpy(p + i, &x, 8);
	}
	before = hash_of(p, bytes);
	printf("holding %zu\n", bytes);
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		;
	if (hash_of(p, bytes) != before)
		errx(1, "the content has changed");
	printf("intact\n");
	return 0;
}

/* A page in a pipe cannot be migrated. One on NODE, until its input ends. */
static int cmd_pin(char **argv)
{
	unsigned char *p = pages_on(atoi(argv[0]), 4096);
	struct iovec iov = { p, 4096 };
	int ends[2], status = -1;
	void *page = p;
	char c;

	memset(p, 'p', 4096);
	if (pipe(ends) || vmsplice(ends[1], &iov, 1, 0) != 4096)
		err(1, "vmsplice");
	if (move_pages(0, 1, &page, NULL, &status, 0) || status != atoi(argv[0]))
		errx(1, "the page is on node %d", status);
	printf("pinned\n");
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		;
	return 0;
}

/* On which nodes the pages of KIB at an address of a process are: NODE:PAGES. */
static void print_where(int pid, uintptr_t start, size_t n)
{
	void **pages = calloc(n, sizeof(*pages));
	int *nodes = calloc(n, sizeof(*nodes));
	size_t counts[8] = { 0 };

	if (!n || !pages || !nodes)
		errx(1, "nothing to ask for");
	for (size_t i = 0; i < n; i++)
		pages[i] = (void *)(start + i * 4096);
	if (move_pages(pid, n, pages, NULL, nodes, 0))
		err(1, "move_pages");
	for (size_t i = 0; i < n; i++)
		if (nodes[i] >= 0 && nodes[i] < 8)
			counts[nodes[i]]++;
	for (int node = 0; node < 8; node++)
		if (counts[node])
			printf("%d:%zu ", node, counts[node]);
	printf("\n");
	free(pages);
	free(nodes);
}

static int cmd_where(char **argv)
{
	print_where(atoi(argv[0]), strtoull(argv[1], NULL, 16), strtoull(argv[2], NULL, 0) / 4);
	return 0;
}

/* The same for each line NAME ADDRESS of a file. */
static int cmd_kinds(char **argv)
{
	FILE *file = fopen(argv[1], "re");
	unsigned long address;
	char name[32];

	if (!file)
		err(1, "%s", argv[1]);
	while (fscanf(file, "%31s %lx", name, &address) == 2) {
		printf("%s ", name);
		print_where(atoi(argv[0]), address, strtoull(argv[2], NULL, 0) / 4);
	}
	fclose(file);
	return 0;
}

static const struct {
	const char *name, *arguments;
	int least, most;
	int (*run)(char **argv);
} commands[] = {
	{ "fill", "DEVICE TEXT", 2, 2, cmd_fill },
	{ "write", "DEVICE OFFSET TEXT", 3, 3, cmd_write },
	{ "zero", "DEVICE [FROM [TO]]", 1, 3, cmd_zero },
	{ "find", "DEVICE TEXT", 2, 2, cmd_find },
	{ "map", "DEVICE", 1, 1, cmd_map },
	{ "hold", "NODE MIB", 2, 2, cmd_hold },
	{ "keep", "NODE MIB TEXT", 3, 3, cmd_keep },
	{ "pin", "NODE", 1, 1, cmd_pin },
	{ "where", "PID ADDRESS KIB", 3, 3, cmd_where },
	{ "kinds", "PID FILE KIB", 3, 3, cmd_kinds },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(argv[1], commands[i].name) && argc - 2 >= commands[i].least &&
		    argc - 2 <= commands[i].most)
			return commands[i].run(argv + 2);
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		fprintf(stderr, "usage: mem %s %s\n", commands[i].name, commands[i].arguments);
	return 2;
}
