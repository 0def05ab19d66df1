// SPDX-License-Identifier: LGPL-2.1-or-later
/* holder.c -- what the kernel has built upon a block device: volumes, arrays, caches. */

#include "holder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "context.h"

/* The device mapper allows 128 bytes each for a name and for who made it. */
#define NAME_SIZE 160

/* By how the UUID begins that its maker gives a volume of the device mapper. */
static const struct kind {
	const char *uuid, *what, *remedy;
} kinds[] = {
	{ "LVM-", "the logical volume", "lvchange -an /dev/mapper/" },
	{ "CRYPT-", "the encrypted volume", "cryptsetup close " },
	{ "mpath-", "the multipath device", "multipath -f " },
	{ "", "the device-mapper volume", "dmsetup remove " },
};

static const struct kind *kind_of(const char *uuid)
{
	const struct kind *kind = kinds;

	while (strncmp(uuid, kind->uuid, strlen(kind->uuid)) != 0)
		kind++;
	return kind;
}

static int refuse_volume(struct ramify *ctx, const char *name, const char *holder,
			 const char *volume)
{
	char path[PATH_MAX], uuid[NAME_SIZE] = "";
	const struct kind *kind;

	snprintf(path, sizeof(path), "sys/class/block/%s/dm/uuid", holder);
	attr_read(ctx, path, uuid, sizeof(uuid));
	kind = kind_of(uuid);
	return fail(ctx, -EBUSY,
		    "/dev/%s is part of %s %s (%s); nothing was changed; %s%s first", name,
		    kind->what, volume, holder, kind->remedy, volume);
}

static int refuse(struct ramify *ctx, const char *name, const char *holder)
{
	char path[PATH_MAX], volume[NAME_SIZE];

	snprintf(path, sizeof(path), "sys/class/block/%s/dm/name", holder);
	if (attr_read(ctx, path, volume, sizeof(volume)) == 0 && *volume)
		return refuse_volume(ctx, name, holder, volume);
	snprintf(path, sizeof(path), "sys/class/block/%s/md", holder);
	if (faccessat(ctx->root_fd, path, F_OK, 0) == 0)
		return fail(ctx, -EBUSY,
			    "/dev/%s is part of the array %s; nothing was changed; mdadm --stop /dev/%s first",
			    name, holder, holder);
	return fail(ctx, -EBUSY, "/dev/%s is part of %s; nothing was changed; take that apart first",
		    name, holder);
}

int holder_check(struct ramify *ctx, const char *dir_path, const char *name)
{
	char path[PATH_MAX];
	struct dirent *entry;
	int fd, err = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/holders", dir_path);
	fd = openat(ctx->root_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (!err && (entry = readdir(dir)))
		if (*entry->d_name != '.')
			err = refuse(ctx, name, entry->d_name);
	closedir(dir);
	return err;
}
