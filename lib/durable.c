// SPDX-License-Identifier: LGPL-2.1-or-later
/* durable.c -- small files that are replaced as a whole, and outlive a power cut. */

#include "durable.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "context.h"

int durable_open(struct ramify *ctx, const char *parent, const char *name, bool create,
		 mode_t mode, int *ret_fd)
{
	int above, fd, err = 0;

	above = openat(ctx->root_fd, parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (above < 0)
		return -errno;
	if (create && mkdirat(above, name, mode) == 0)
		err = fsync(above) < 0 ? -errno : 0;
	fd = openat(above, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		err = -errno;
	close(above);
	if (err) {
		if (fd >= 0)
			close(fd);
		return err;
	}
	*ret_fd = fd;
	return 0;
}

static int write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= n;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

int durable_replace(int dir_fd, const char *name, const char *text, mode_t mode)
{
	char temporary[NAME_MAX + 1];
	int fd, err;

	if ((size_t)snprintf(temporary, sizeof(temporary), "%s.new", name) >= sizeof(temporary))
		return -ENAMETOOLONG;
	fd = openat(dir_fd, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return -errno;
	err = write_all(fd, text, strlen(text));
	if (close(fd) < 0 && !err)
		err = -errno;
	if (!err && renameat(dir_fd, temporary, dir_fd, name) < 0)
		err = -errno;
	if (err)
		unlinkat(dir_fd, temporary, 0);
	else if (fsync(dir_fd) < 0)
		err = -errno;
	return err;
}

int durable_remove(int dir_fd, const char *name)
{
	/* A file system that is read-only would say so first. */
	if (faccessat(dir_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
		return 0;
	if (unlinkat(dir_fd, name, 0) < 0)
		return errno == ENOENT ? 0 : -errno;
	return fsync(dir_fd) < 0 ? -errno : 0;
}
