// SPDX-License-Identifier: GPL-2.0-or-later
/* pause.c -- the kill switch: set, it stays so when the daemon ends and is started again. */

#include "pause.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int pause_path(const char *socket, char *buf, size_t size)
{
	const char *slash = strrchr(socket, '/');
	int folder = slash ? (int)(slash - socket) + 1 : 0;

	return snprintf(buf, size, "%.*spaused", folder, socket) < (int)size ? 0 : -ENAMETOOLONG;
}

/* What cannot be told counts as set. */
bool pause_read(const char *path)
{
	return !access(path, F_OK) || errno != ENOENT;
}

int pause_write(const char *path, bool paused)
{
	int fd;

	if (!paused)
		return unlink(path) && errno != ENOENT ? -errno : 0;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}
