// SPDX-License-Identifier: LGPL-2.1-or-later
/* settled.c -- which devices were settled since they appeared, so that it is done once. */

#include "settled.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "context.h"

#define NOTE_DIR "run/ramify"

/* sysfs gives each object that is made a number of its own. */
static int instance(struct ramify *ctx, const char *key, uint64_t *ret_number)
{
	bool is_namespace = strncmp(key, "namespace", 9) == 0;
	struct stat st;
	char path[160];

	if (strlen(key) > 64 || strchr(key, '/'))
		return -EINVAL;
	snprintf(path, sizeof(path), "sys/bus/%s/devices/%s", is_namespace ? "nd" : "dax", key);
	if (fstatat(ctx->root_fd, path, &st, 0) < 0)
		return -errno;
	*ret_number = st.st_ino;
	return 0;
}

static void note_path(const char *key, char path[160])
{
	snprintf(path, 160, NOTE_DIR "/%s.settled", key);
}

bool settled_is(struct ramify *ctx, const char *key)
{
	uint64_t now, then;
	char path[160];

	if (instance(ctx, key, &now) < 0)
		return false;
	note_path(key, path);
	return !attr_read_u64(ctx, path, &then) && then == now;
}

void settled_note(struct ramify *ctx, const char *key)
{
	uint64_t now;
	char path[160];
	int fd;

	if (instance(ctx, key, &now) < 0)
		return;
	note_path(key, path);
	mkdirat(ctx->root_fd, NOTE_DIR, 0755);
	fd = openat(ctx->root_fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return;
	dprintf(fd, "%" PRIu64 "\n", now);
	close(fd);
}
