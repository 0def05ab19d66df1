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
#define FAILED " failed"

/* sysfs gives each object that is made a number of its own. */
int settled_instance(struct ramify *ctx, const char *key, uint64_t *ret_number)
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

enum settled settled_as(struct ramify *ctx, const char *key)
{
	uint64_t now = 0, then = 0;
	char path[160], text[48], *end;
	bool failed;

	if (settled_instance(ctx, key, &now) < 0)
		return SETTLED_NOT;
	note_path(key, path);
	if (attr_read(ctx, path, text, sizeof(text)) < 0)
		return SETTLED_NOT;
	end = strchr(text, ' ');
	failed = end && !strcmp(end, FAILED);
	if (failed)
		*end = '\0';
	if (parse_u64(text, &then) || then != now)
		return SETTLED_NOT;
	return failed ? SETTLED_FAILED : SETTLED_DONE;
}

void settled_note(struct ramify *ctx, const char *key, int err)
{
	uint64_t now = 0;
	char path[160];
	int fd;

	if (settled_instance(ctx, key, &now) < 0)
		return;
	note_path(key, path);
	mkdirat(ctx->root_fd, NOTE_DIR, 0755);
	fd = openat(ctx->root_fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return;
	dprintf(fd, "%" PRIu64 "%s\n", now, err ? FAILED : "");
	close(fd);
}

int settled_refuse(struct ramify *ctx, const char *device)
{
	return fail(ctx, -EAGAIN,
		    "%s could not be settled when it appeared, and is left as it was then (journalctl -b -u ramify-apply@%s says why); when that is mended: ramify apply --device %s",
		    device, device, device);
}
