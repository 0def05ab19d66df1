// SPDX-License-Identifier: GPL-2.0-or-later
/* proc.c -- files of /proc: short texts that must be read at once. */

#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int read_path(const char *path, char *buf, size_t size, size_t *ret_len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
	size_t len = 0;
	ssize_t n = 1;

	if (fd < 0)
		return -errno;
	while (n && len + 1 < size && !err) {
		n = read(fd, buf + len, size - 1 - len);
		if (n > 0)
			len += (size_t)n;
		else if (n < 0 && errno != EINTR)
			err = -errno;
	}
	close(fd);
	buf[len] = '\0';
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
