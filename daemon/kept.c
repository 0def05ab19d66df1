// SPDX-License-Identifier: GPL-2.0-or-later
/* kept.c -- a setting of the kernel's that is another one while ramifyd runs. */

#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc.h"

static int write_text(const char *path, int flags, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0644), err = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, text, strlen(text));
	if (n < 0)
		err = -errno;
	else if ((size_t)n < strlen(text))
		err = -ENOSPC;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

/* Whole or not at all: half of a record would be taken for what it was. */
static int keep(const char *file, const char *text)
{
	char path[PATH_MAX], folder[PATH_MAX];
	int err;

	if ((size_t)snprintf(path, sizeof(path), "%s.new", file) >= sizeof(path))
		return -ENAMETOOLONG;
	strcpy(folder, path);
	mkdir(dirname(folder), 0755);
	err = write_text(path, O_CREAT | O_TRUNC, text);
	if (!err && rename(path, file))
		err = -errno;
	if (err)
		unlink(path);
	return err;
}

int kept_set(const struct kept *kept, const char *text, const char **ret_at)
{
	char now[32];
	int err = proc_read(kept->path, now, sizeof(now));

	*ret_at = kept->path;
	if (err)
		return err;
	/* One that was killed has kept it. */
	err = access(kept->file, F_OK) ? -errno : 0;
	if (err == -ENOENT)
		err = keep(kept->file, now);
	if (err) {
		*ret_at = kept->file;
		return err;
	}
	return write_text(kept->path, 0, text);
}

int kept_restore(const struct kept *kept, const char **ret_at)
{
	char before[32];
	int err = proc_read(kept->file, before, sizeof(before));

	*ret_at = kept->file;
	if (err)
		return err == -ENOENT ? 0 : err;
	err = write_text(kept->path, 0, before);
	if (err)
		*ret_at = kept->path;
	else if (unlink(kept->file))
		err = -errno;
	return err;
}
