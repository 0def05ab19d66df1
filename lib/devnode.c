// SPDX-License-Identifier: LGPL-2.1-or-later
/* devnode.c -- a DAX device's node in /dev, and who may open it. */

#include "devnode.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "context.h"

#define PERMS_DEFAULT 0600
/* devtmpfs has it at once; a static /dev waits for udev. */
#define TRIES 100
#define PAUSE_NS 50000000

static int find_node(struct ramify *ctx, const char *path, int *ret_fd)
{
	struct timespec pause = { .tv_nsec = PAUSE_NS };
	struct stat st;
	int fd = -1;

	for (int i = 0; fd < 0 && i < TRIES; i++) {
		if (i)
			nanosleep(&pause, NULL);
		fd = openat(ctx->root_fd, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0 && errno != ENOENT)
			break;
	}
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || !S_ISCHR(st.st_mode)) {
		close(fd);
		return -ENODEV;
	}
	*ret_fd = fd;
	return 0;
}

/* Nobody may open it in between with the rights of both. */
static int set_node(int fd, uid_t uid, gid_t gid, mode_t perms)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (chmod(path, 0) < 0 || fchownat(fd, "", uid, gid, AT_EMPTY_PATH) < 0 ||
	    chmod(path, perms) < 0)
		return -errno;
	return 0;
}

int devnode_set(struct ramify *ctx, const char *dax, const struct devnode *node)
{
	uid_t uid = node->uid == UINT32_MAX ? 0 : node->uid;
	gid_t gid = node->gid == UINT32_MAX ? 0 : node->gid;
	mode_t perms = node->perms ? node->perms : PERMS_DEFAULT;
	char path[96];
	int fd = -1, err;

	snprintf(path, sizeof(path), "dev/%s", dax);
	err = find_node(ctx, path, &fd);
	if (!err) {
		err = set_node(fd, uid, gid, perms);
		close(fd);
	}
	if (err)
		return fail(ctx, err, "/%s cannot be given to its owner: %s", path,
			    strerror(-err));
	return 0;
}

struct devnode devnode_get(struct ramify *ctx, const char *dax)
{
	struct devnode node = DEVNODE_ROOT;
	char path[96];
	struct stat st;

	snprintf(path, sizeof(path), "dev/%s", dax);
	if (fstatat(ctx->root_fd, path, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISCHR(st.st_mode))
		return node;
	node.uid = st.st_uid ? st.st_uid : UINT32_MAX;
	node.gid = st.st_gid ? st.st_gid : UINT32_MAX;
	node.perms = st.st_mode & 0777;
	return node;
}
