// SPDX-License-Identifier: GPL-2.0-or-later
/* kept.c -- a setting of the kernel's that is another one while ramifyd runs. */

#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc.h"

static int write_text(const char *path, int flags, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0644), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int kept_set(const struct kept *kept, const char *text)
{
	char now[32];
	int err = proc_read(kept->path, now, sizeof(now));

	if (err)
		return err;
	mkdir("/run/ramify", 0755);
	err = write_text(kept->file, O_CREAT | O_EXCL, now);
	/* One that was killed has kept it. */
	if (err && err != -EEXIST)
		return err;
	return write_text(kept->path, 0, text);
}

int kept_restore(const struct kept *kept)
{
	char before[32];
	int err = proc_read(kept->file, before, sizeof(before));

	if (err)
		return err == -ENOENT ? 0 : err;
	err = write_text(kept->path, 0, before);
	if (!err && unlink(kept->file))
		err = -errno;
	return err;
}
