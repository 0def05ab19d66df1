// SPDX-License-Identifier: GPL-2.0-or-later
/* hog.c -- a program that takes memory as fast as it can, to the brim, and gives it back. */

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define PIECE (1UL << 20)
#define PAGE 4096

/* Of the whole machine: what is free, and files' pages that nobody needs. */
static size_t available_bytes(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	char line[128];
	size_t kib = 0;

	if (!file)
		err(1, "/proc/meminfo");
	while (!kib && fgets(line, sizeof(line), file))
		if (sscanf(line, "MemAvailable: %zu", &kib) != 1)
			kib = 0;
	fclose(file);
	return kib << 10;
}

/* From @area on, until no more than @left bytes are available; returns how many were taken. */
static size_t take(char *area, size_t max, size_t left)
{
	size_t at;

	for (at = 0; at + PIECE <= max && available_bytes() > left + PIECE; at += PIECE)
		for (size_t page = at; page < at + PIECE; page += PAGE)
			area[page] = 1;
	return at;
}

int main(int argc, char **argv)
{
	size_t left, max = available_bytes(), most = 0;
	char *area;

	if (argc != 3) {
		fprintf(stderr, "usage: hog TIMES LEFT-MIB\n"
				"So often: touches new pages until no more are available on the machine, "
				"then frees them.\n");
		return 2;
	}
	left = strtoul(argv[2], NULL, 0) << 20;
	/* Its code would be read from the disk again and again while memory is short. */
	if (mlockall(MCL_CURRENT))
		err(1, "mlockall");
	area = mmap(NULL, max, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (area == MAP_FAILED)
		err(1, "mmap");
	for (int i = atoi(argv[1]); i > 0; i--) {
		size_t taken = take(area, max, left);

		if (taken > most)
			most = taken;
		madvise(area, max, MADV_DONTNEED);
	}
	printf("%zu MiB\n", most >> 20);
	return 0;
}
