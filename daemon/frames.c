// SPDX-License-Identifier: GPL-2.0-or-later
/* frames.c -- which NUMA node a page frame is on, by the memory blocks in /sys. */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/heat.h"
#include "frames.h"

/* 2^48 bytes in blocks of 128 MiB; what is beyond has no node. */
#define BLOCKS_MAX (1UL << 21)

/* "memory32" is 32; anything else is refused. */
static int number_after(const char *name, const char *word, unsigned long *ret)
{
	size_t length = strlen(word);
	char *end;

	if (strncmp(name, word, length) || name[length] < '0' || name[length] > '9')
		return -EINVAL;
	errno = 0;
	*ret = strtoul(name + length, &end, 10);
	return *end || errno ? -EINVAL : 0;
}

static int set(struct frames *f, unsigned long block, unsigned long node)
{
	if (block >= BLOCKS_MAX || node >= FRAMES_NO_NODE)
		return 0;
	if (block >= f->n) {
		size_t n = (block | 1023) + 1;
		uint16_t *more = realloc(f->nodes, n * sizeof(*more));

		if (!more)
			return -ENOMEM;
		memset(more + f->n, 0xff, (n - f->n) * sizeof(*more));
		f->nodes = more;
		f->n = n;
	}
	f->nodes[block] = (uint16_t)node;
	return 0;
}

static int read_node(struct frames *f, const char *path, unsigned long node)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	unsigned long block;
	int err = 0;

	/* It has just gone. */
	if (!dir)
		return 0;
	while (!err && (entry = readdir(dir)))
		if (!number_after(entry->d_name, "memory", &block))
			err = set(f, block, node);
	closedir(dir);
	return err;
}

static int read_shift(const char *path, unsigned int *ret_shift)
{
	FILE *file = fopen(path, "re");
	unsigned long long bytes;
	int got;

	if (!file)
		return -errno;
	got = fscanf(file, "%llx", &bytes);
	fclose(file);
	if (got != 1 || bytes < HEAT_PAGE || bytes & (bytes - 1))
		return -EPROTO;
	*ret_shift = (unsigned int)__builtin_ctzll(bytes / HEAT_PAGE);
	return 0;
}

int frames_read(const char *nodes, const char *block_size, struct frames *ret_frames)
{
	struct frames f = {};
	struct dirent *entry;
	unsigned long node;
	char path[512];
	DIR *dir;
	int err = read_shift(block_size, &f.shift);

	if (err)
		return err;
	dir = opendir(nodes);
	if (!dir)
		return -errno;
	while (!err && (entry = readdir(dir)))
		if (!number_after(entry->d_name, "node", &node)) {
			snprintf(path, sizeof(path), "%s/%s", nodes, entry->d_name);
			err = read_node(&f, path, node);
		}
	closedir(dir);
	if (err) {
		frames_free(&f);
		return err;
	}
	*ret_frames = f;
	return 0;
}

void frames_free(struct frames *f)
{
	free(f->nodes);
	f->nodes = NULL;
	f->n = 0;
}
