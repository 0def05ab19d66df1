// SPDX-License-Identifier: GPL-2.0-or-later
/* proc.c -- files of /proc: short texts that must be read at once. */

#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int read_fd(int fd, char *buf, size_t size, size_t *ret_len)
{
	size_t len = 0;
	ssize_t n = 1;
	int err = 0;

	while (n && len + 1 < size && !err) {
		n = pread(fd, buf + len, size - 1 - len, (off_t)len);
		if (n > 0)
			len += (size_t)n;
		else if (n < 0 && errno != EINTR)
			err = -errno;
	}
	buf[len] = '\0';
	*ret_len = len;
	return err;
}

static int read_path(const char *path, char *buf, size_t size, size_t *ret_len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;
	size_t len;

	if (fd < 0)
		return -errno;
	err = read_fd(fd, buf, size, &len);
	close(fd);
	if (ret_len)
		*ret_len = len;
	return err;
}

int proc_read(const char *path, char *buf, size_t size)
{
	return read_path(path, buf, size, NULL);
}

int proc_read_pid(pid_t pid, const char *name, char *buf, size_t size, size_t *ret_len)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return read_path(path, buf, size, ret_len);
}

void proc_close(struct proc_file *file)
{
	if (file->open)
		close(file->fd);
	file->open = false;
}

int proc_reread(struct proc_file *file, const char *path, char *buf, size_t size)
{
	size_t len;
	int err;

	if (!file->open) {
		file->fd = open(path, O_RDONLY | O_CLOEXEC);
		if (file->fd < 0)
			return -errno;
		file->open = true;
	}
	err = read_fd(file->fd, buf, size, &len);
	if (err)
		proc_close(file);
	return err;
}
