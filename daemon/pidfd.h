/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pidfd.h -- a process that cannot be mistaken for another that got its PID. */
#ifndef RAMIFYD_PIDFD_H
#define RAMIFYD_PIDFD_H

#include <errno.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static inline int pidfd_of(pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	return fd < 0 ? -errno : fd;
}

/** 0, or -ESRCH. A pidfd is readable once its process has exited. */
static inline int pidfd_alive(int pidfd)
{
	struct pollfd poll_fd = {.fd = pidfd, .events = POLLIN};

	return poll(&poll_fd, 1, 0) == 0 ? 0 : -ESRCH;
}

#endif
