// SPDX-License-Identifier: LGPL-2.1-or-later
/* claim.c -- is a device in use: mounted, swapped to, held by another device, mapped? */

#include "claim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "context.h"
#include "export.h"
#include "holder.h"
#include "lines.h"
#include "process.h"

/* "MAJOR:MINOR" of a device in sysfs. */
static int read_number(struct ramify *ctx, const char *path, dev_t *ret_number)
{
	unsigned int major, minor;
	char text[32];
	int err = attr_read(ctx, path, text, sizeof(text));

	if (err)
		return err;
	if (sscanf(text, "%u:%u", &major, &minor) != 2)
		return -EBADMSG;
	*ret_number = makedev(major, minor);
	return 0;
}

struct search {
	dev_t number;
	pid_t pid;
	int fd;
	struct claim_process *found;
};

static bool leads_to(int dir, const char *name, dev_t number)
{
	struct stat st;

	return fstatat(dir, name, &st, 0) == 0 && (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)) &&
	       st.st_rdev == number;
}

static int match(void *arg, int dir, const char *name)
{
	struct search *s = arg;

	if (!leads_to(dir, name, s->number))
		return 0;
	s->found->pid = s->pid;
	process_comm(s->fd, s->found->comm, sizeof(s->found->comm));
	return 1;
}

/* By number, not by name: a container or a chroot can have a node of its own. */
static int match_process(void *arg, pid_t pid, int fd)
{
	struct search *s = arg;

	if (pid == getpid())
		return 0;
	s->pid = pid;
	s->fd = fd;
	s->found->mapped = true;
	if (process_each_file(fd, "map_files", match, s))
		return 1;
	s->found->mapped = false;
	return process_each_file(fd, "fd", match, s);
}

int claim_find_process(struct ramify *ctx, dev_t number, struct claim_process *ret_process)
{
	struct search s = { .number = number, .found = ret_process };
	int found = process_each(ctx, match_process, &s);

	return found > 0 ? 0 : found < 0 ? found : -ENOENT;
}

static int refuse_process(struct ramify *ctx, const char *device, dev_t number)
{
	struct claim_process process;
	int err = claim_find_process(ctx, number, &process);

	if (err)
		return err == -ENOENT ? 0 : fail(ctx, err, "%s: cannot look for processes that use it: %s",
						 device, strerror(-err));
	return fail(ctx, -EBUSY,
		    "%s is %s by process %d (%s); nothing was changed; end that process first",
		    device, process.mapped ? "mapped" : "held open", (int)process.pid,
		    process.comm);
}

int claim_check_dax(struct ramify *ctx, const char *device)
{
	char path[160];
	dev_t number;
	int err;

	snprintf(path, sizeof(path), "sys/bus/dax/devices/%s/dev", device);
	err = read_number(ctx, path, &number);
	if (err == -ENOENT)
		return 0;
	if (err)
		return fail(ctx, err, "/%s makes no sense", path);
	return refuse_process(ctx, device, number);
}

struct mount_search {
	dev_t number;
	char where[256];
};

/* "ID PARENT MAJOR:MINOR ROOT WHERE ..." */
static int match_mount(void *arg, char *line)
{
	struct mount_search *s = arg;
	unsigned int major, minor;
	char where[256];

	if (sscanf(line, "%*d %*d %u:%u %*s %255s", &major, &minor, where) == 3 &&
	    makedev(major, minor) == s->number)
		strcpy(s->where, where);
	return 0;
}

/* The first word is a path, after a line of headings. */
static int match_swap(void *arg, char *line)
{
	struct mount_search *s = arg;
	struct stat st;

	line[strcspn(line, " \t")] = '\0';
	if (*line == '/' && stat(line, &st) == 0 && S_ISBLK(st.st_mode) && st.st_rdev == s->number)
		strcpy(s->where, "swap");
	return 0;
}

static int check_mounts(struct ramify *ctx, const char *name, dev_t number)
{
	struct mount_search s = { .number = number };
	int err = lines_each(ctx, "proc/self/mountinfo", match_mount, &s);

	if (!err && *s.where)
		return fail(ctx, -EBUSY,
			    "/dev/%s is mounted on %s; nothing was changed; unmount it first", name,
			    s.where);
	if (!err)
		err = lines_each(ctx, "proc/swaps", match_swap, &s);
	if (!err && *s.where)
		return fail(ctx, -EBUSY, "/dev/%s is used as swap; nothing was changed; swapoff it first",
			    name);
	return err;
}

/* A loop device neither claims what it stands on nor is among its holders. */
static bool loop_stands_on(struct ramify *ctx, const char *loop, dev_t number)
{
	struct loop_info64 info;
	char path[PATH_MAX];
	bool yes;
	int fd;

	snprintf(path, sizeof(path), "dev/%s", loop);
	fd = openat(ctx->root_fd, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return false;
	/* The kernel encodes the number as glibc does. */
	yes = ioctl(fd, LOOP_GET_STATUS64, &info) == 0 && info.lo_rdevice == number;
	close(fd);
	return yes;
}

static int check_loops(struct ramify *ctx, const char *name, dev_t number)
{
	int fd = openat(ctx->root_fd, "sys/block", O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		return fail(ctx, err, "/sys/block cannot be read: %s", strerror(-err));
	}
	while (!err && (entry = readdir(dir)))
		if (strncmp(entry->d_name, "loop", 4) == 0 &&
		    loop_stands_on(ctx, entry->d_name, number))
			err = fail(ctx, -EBUSY,
				   "/dev/%s is under /dev/%s; nothing was changed; losetup -d /dev/%s first",
				   name, entry->d_name, entry->d_name);
	closedir(dir);
	return err;
}

/* Whoever claims it for good opens it so: file systems, dm, md, other tools. */
static int check_exclusive(struct ramify *ctx, const char *name)
{
	char path[64];
	int fd, err = 0;

	snprintf(path, sizeof(path), "dev/%s", name);
	fd = openat(ctx->root_fd, path, O_RDONLY | O_EXCL | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		err = -errno;
	else
		close(fd);
	if (err == -EBUSY)
		return fail(ctx, err, "/dev/%s is claimed by the kernel or a program; nothing was changed",
			    name);
	if (err)
		return fail(ctx, err, "/dev/%s cannot be opened: %s", name, strerror(-err));
	return 0;
}

static int check_one(struct ramify *ctx, const char *dir, const char *name)
{
	char path[PATH_MAX];
	dev_t number;
	int err;

	snprintf(path, sizeof(path), "%s/dev", dir);
	err = read_number(ctx, path, &number);
	if (err)
		return fail(ctx, err, "/%s cannot be read: %s", path, strerror(-err));
	err = check_mounts(ctx, name, number);
	if (!err)
		err = holder_check(ctx, dir, name);
	if (!err)
		err = check_loops(ctx, name, number);
	if (!err)
		err = export_check(ctx, name, number);
	if (!err)
		err = refuse_process(ctx, name, number);
	return err;
}

static int check_partitions(struct ramify *ctx, const char *dir_path, const char *name)
{
	int fd = openat(ctx->root_fd, dir_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	char path[PATH_MAX];

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return -ENOENT;
	}
	while (!err && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, name, strlen(name)) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir_path, entry->d_name);
		err = check_one(ctx, path, entry->d_name);
	}
	closedir(dir);
	return err;
}

int claim_check_block(struct ramify *ctx, const char *block_device)
{
	char dir[96];
	int err;

	snprintf(dir, sizeof(dir), "sys/class/block/%s", block_device);
	err = check_one(ctx, dir, block_device);
	if (!err)
		err = check_partitions(ctx, dir, block_device);
	return err ? err : check_exclusive(ctx, block_device);
}
