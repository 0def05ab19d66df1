// SPDX-License-Identifier: LGPL-2.1-or-later
/* process.c -- processes, as /proc shows them. */

#include "process.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "context.h"

/* *@ret_fd stays the stream's own. */
static DIR *open_dir(int parent, const char *name, int *ret_fd)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir;

	if (fd < 0)
		return NULL;
	dir = fdopendir(fd);
	if (!dir)
		close(fd);
	*ret_fd = fd;
	return dir;
}

/* Kernel threads are most of a big machine's, and have neither files nor mappings. */
static bool has_memory(int proc, const char *name)
{
	char path[32], target;

	return snprintf(path, sizeof(path), "%.16s/exe", name) > 0 &&
	       (readlinkat(proc, path, &target, 1) >= 0 || errno != ENOENT);
}

static int visit(int proc, const char *name, process_fn fn, void *arg)
{
	int fd, result;

	if (!has_memory(proc, name))
		return 0;
	fd = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	result = fn(arg, atoi(name), fd);
	close(fd);
	return result;
}

int process_each(struct ramify *ctx, process_fn fn, void *arg)
{
	int fd = -1, result = 0;
	DIR *proc = open_dir(ctx->root_fd, "proc", &fd);
	struct dirent *entry;

	if (!proc)
		return -errno;
	while (!result && (entry = readdir(proc)))
		if (isdigit((unsigned char)*entry->d_name))
			result = visit(fd, entry->d_name, fn, arg);
	closedir(proc);
	return result;
}

void process_comm(int fd, char *buf, size_t size)
{
	int comm = openat(fd, "comm", O_RDONLY | O_CLOEXEC);
	ssize_t n = comm < 0 ? -1 : read(comm, buf, size - 1);

	if (comm >= 0)
		close(comm);
	if (n <= 0) {
		snprintf(buf, size, "?");
		return;
	}
	buf[n] = '\0';
	/* A process names itself: no line break or escape of its choice in our message. */
	for (char *c = buf; *c; c++)
		if (!isprint((unsigned char)*c))
			*c = c[1] ? '?' : '\0';
}

int process_each_file(int fd, const char *dir_name, process_file_fn fn, void *arg)
{
	int dir_fd = -1, result = 0;
	DIR *dir = open_dir(fd, dir_name, &dir_fd);
	struct dirent *entry;

	if (!dir)
		return 0;
	while (!result && (entry = readdir(dir)))
		if (*entry->d_name != '.')
			result = fn(arg, dir_fd, entry->d_name);
	closedir(dir);
	return result;
}
