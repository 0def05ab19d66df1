// SPDX-License-Identifier: LGPL-2.1-or-later
/* export.c -- block devices that the kernel gives out over a network, without claiming them. */

#include "export.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "context.h"

/* In configfs: TOP/any/MIDDLE/any/{PATH_FILE,enable}. */
static const struct target_kind {
	const char *what, *top, *middle, *path_file;
} kinds[] = {
	{ "NVMe", "sys/kernel/config/nvmet/subsystems", "/namespaces", "device_path" },
	{ "SCSI", "sys/kernel/config/target/core", "", "udev_path" },
};

struct search {
	struct ramify *ctx;
	const struct target_kind *kind;
	const char *name;
	dev_t number;
};

typedef int entry_fn(struct search *s, const char *path);

/* What is not there, or no directory, has no entries. */
static int each_entry(struct search *s, const char *dir_path, entry_fn *fn)
{
	int fd = openat(s->ctx->root_fd, dir_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	char path[PATH_MAX];

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (!err && (entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", dir_path, entry->d_name) <
		    (int)sizeof(path))
			err = fn(s, path);
	}
	closedir(dir);
	return err;
}

/* By its usual name, or by whatever else leads to it. */
static bool is_it(const struct search *s, const char *path)
{
	struct stat st;

	if (strncmp(path, "/dev/", 5) == 0 && strcmp(path + 5, s->name) == 0)
		return true;
	return *path == '/' && fstatat(s->ctx->root_fd, path + 1, &st, 0) == 0 &&
	       S_ISBLK(st.st_mode) && st.st_rdev == s->number;
}

static int check_one(struct search *s, const char *dir)
{
	char path[PATH_MAX + 16], value[PATH_MAX], enabled[8];

	snprintf(path, sizeof(path), "%s/%s", dir, s->kind->path_file);
	if (attr_read(s->ctx, path, value, sizeof(value)) < 0 || !is_it(s, value))
		return 0;
	snprintf(path, sizeof(path), "%s/enable", dir);
	if (attr_read(s->ctx, path, enabled, sizeof(enabled)) == 0 && strcmp(enabled, "0") == 0)
		return 0;
	return fail(s->ctx, -EBUSY,
		    "/dev/%s is served to others by the kernel's %s target; nothing was changed; take /%s apart first",
		    s->name, s->kind->what, dir);
}

static int check_group(struct search *s, const char *dir)
{
	char path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s%s", dir, s->kind->middle);
	return each_entry(s, path, check_one);
}

int export_check(struct ramify *ctx, const char *name, dev_t number)
{
	struct search s = { .ctx = ctx, .name = name, .number = number };
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(kinds) / sizeof(*kinds); i++) {
		s.kind = &kinds[i];
		err = each_entry(&s, s.kind->top, check_group);
	}
	return err;
}
