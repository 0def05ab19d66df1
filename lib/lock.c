// SPDX-License-Identifier: LGPL-2.1-or-later
/* lock.c -- one command at a time on one device. */

#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "context.h"

#define LOCK_DIR "run/ramify"
#define RETRY_NS 50000000

static int lock_open(struct ramify *ctx, const char *name, int *ret_fd)
{
	char path[PATH_MAX];
	int fd;

	if (mkdirat(ctx->root_fd, LOCK_DIR, 0755) < 0 && errno != EEXIST)
		return -errno;
	if ((size_t)snprintf(path, sizeof(path), LOCK_DIR "/%s.lock", name) >= sizeof(path))
		return -ENAMETOOLONG;
	fd = openat(ctx->root_fd, path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return 0;
}

/* The holder wrote its process id; it may have died since, in a wait that no signal ends. */
static int refuse(struct ramify *ctx, int fd, const char *name)
{
	char pid[16] = "", path[64], comm[32] = "?";
	ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);

	pid[n > 0 ? n : 0] = '\0';
	pid[strspn(pid, "0123456789")] = '\0';
	snprintf(path, sizeof(path), "proc/%s/comm", pid);
	if (!*pid || attr_read(ctx, path, comm, sizeof(comm)) < 0)
		return fail(ctx, -EBUSY,
			    "another command is at work on %s; nothing was changed; try again later",
			    name);
	return fail(ctx, -EBUSY,
		    "%s (pid %s) is at work on %s; nothing was changed; try again when it is done",
		    comm, pid, name);
}

static int lock_wait(int fd, unsigned int wait_s)
{
	unsigned long tries = wait_s * (1000000000ul / RETRY_NS);
	struct timespec pause = { .tv_nsec = RETRY_NS };

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		if (!tries--)
			return -EBUSY;
		nanosleep(&pause, NULL);
	}
	return 0;
}

int lock_take(struct ramify *ctx, const char *name, unsigned int wait_s, int *ret_fd)
{
	char pid[16];
	int fd, len, err = lock_open(ctx, name, &fd);

	if (err)
		return fail(ctx, err, "the lock /" LOCK_DIR "/%s.lock cannot be opened: %s", name,
			    strerror(-err));
	err = lock_wait(fd, wait_s);
	if (err) {
		if (err == -EBUSY)
			err = refuse(ctx, fd, name);
		close(fd);
		return err;
	}
	len = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	/* Only for the message above; the lock itself does not depend on it. */
	if (ftruncate(fd, 0) < 0 || pwrite(fd, pid, len, 0) < 0)
		errno = 0;
	*ret_fd = fd;
	return 0;
}

void lock_drop(int fd)
{
	if (fd >= 0)
		close(fd);
}
