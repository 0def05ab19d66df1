// SPDX-License-Identifier: LGPL-2.1-or-later
/* writer.c -- writes that may block, made in a child that can be signalled. */

#include "writer.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "context.h"

#define TICK_MS 100

struct writer {
	pid_t pid;
	int fd;			/* an int for each write: its negative errno, or 0 */
};

/* In the child: only what is safe after fork() in a program with threads. */
static void child_main(const struct ramify *ctx, const struct write_job *jobs, size_t n, int fd,
		       pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	for (size_t i = 0; i < n; i++) {
		int err = attr_write(ctx, jobs[i].path, jobs[i].text);

		if (write(fd, &err, sizeof(err)) != sizeof(err) || err)
			_exit(1);
	}
	_exit(0);
}

/* Signals are for the parent, which decides; they stay blocked in the child. */
static int writer_start(struct ramify *ctx, const struct write_job *jobs, size_t n,
			struct writer *ret_writer)
{
	pid_t parent = getpid(), pid;
	sigset_t all, before;
	int fds[2], err = 0;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return errno ? -errno : -EIO;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (!pid)
		child_main(ctx, jobs, n, fds[1], parent);
	if (pid < 0)
		err = -errno;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	close(fds[1]);
	if (err) {
		close(fds[0]);
		return err;
	}
	*ret_writer = (struct writer){ pid, fds[0] };
	return 0;
}

static void writer_stop(struct writer *w)
{
	kill(w->pid, SIGKILL);
	while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* 1: a write ended, its result is in *ret_result; 0: nothing yet; -EPIPE: the child is gone. */
static int writer_poll(const struct writer *w, int timeout_ms, int *ret_result)
{
	struct pollfd p = { .fd = w->fd, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, timeout_ms) <= 0)
		return 0;
	n = read(w->fd, ret_result, sizeof(*ret_result));
	return n == sizeof(*ret_result) ? 1 : -EPIPE;
}

static int writer_follow(const struct writer *w, size_t n, writer_tick_fn tick, void *arg,
			 size_t *done)
{
	while (*done < n) {
		int result = 0, got = writer_poll(w, TICK_MS, &result), err;

		if (got < 0)
			return -EIO;
		if (result)
			return result;
		*done += got;
		err = tick(arg, *done);
		if (err)
			return err;
	}
	return 0;
}

int writer_run(struct ramify *ctx, const struct write_job *jobs, size_t n, writer_tick_fn tick,
	       void *arg, size_t *ret_done)
{
	size_t done = 0;
	struct writer w;
	int err, result = 0;

	*ret_done = 0;
	err = writer_start(ctx, jobs, n, &w);
	if (err)
		return err;
	err = writer_follow(&w, n, tick, arg, &done);
	writer_stop(&w);
	/* What it still got done before it was stopped. */
	while (done < n && writer_poll(&w, 0, &result) > 0 && !result)
		done++;
	close(w.fd);
	*ret_done = done;
	return err;
}
