// SPDX-License-Identifier: LGPL-2.1-or-later
/* writer.c -- writes that may block, made by a thread that can be cancelled. */

#include "writer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "context.h"

#define TICK_MS 100

struct writer {
	int root_fd;
	const struct write_job *jobs;
	size_t n;
	pthread_t thread;
	int from, to;		/* a pipe: an int for each write, its negative errno or 0 */
};

static void close_fd(void *fd)
{
	close(*(int *)fd);
}

/* A cancellation is a signal to this thread alone, which ends the kernel's work in write(). */
static int job_write(int root_fd, const struct write_job *job)
{
	int fd = openat(root_fd, job->path, O_WRONLY | O_CLOEXEC), err;
	size_t len = strlen(job->text);
	ssize_t n;

	if (fd < 0)
		return -errno;
	pthread_cleanup_push(close_fd, &fd);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	n = write(fd, job->text, len);
	err = n < 0 ? -errno : (size_t)n < len ? -EIO : 0;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	pthread_cleanup_pop(1);
	return err;
}

static void *writer_main(void *arg)
{
	const struct writer *w = arg;
	int err = 0;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	for (size_t i = 0; i < w->n && !err; i++) {
		err = job_write(w->root_fd, &w->jobs[i]);
		if (write(w->to, &err, sizeof(err)) != sizeof(err))
			break;
	}
	return NULL;
}

/* Signals are for the caller's thread, which decides; they stay blocked in the writer. */
static int writer_start(struct writer *w)
{
	sigset_t all, before;
	int fds[2], err;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	w->from = fds[0];
	w->to = fds[1];
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = -pthread_create(&w->thread, NULL, writer_main, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (err) {
		close(w->from);
		close(w->to);
	}
	return err;
}

/* 1: a write ended, its result is in *ret_result; 0: nothing yet. */
static int writer_poll(const struct writer *w, int timeout_ms, int *ret_result)
{
	struct pollfd p = { .fd = w->from, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, timeout_ms) <= 0)
		return 0;
	n = read(w->from, ret_result, sizeof(*ret_result));
	return n == sizeof(*ret_result);
}

static int writer_follow(const struct writer *w, writer_tick_fn tick, void *arg, size_t *done)
{
	while (*done < w->n) {
		int result = 0, got = writer_poll(w, TICK_MS, &result), err;

		if (result)
			return result;
		*done += got;
		err = tick(arg, *done);
		if (err) {
			/* Only then: the first cancellation of a process loads a library. */
			pthread_cancel(w->thread);
			return err;
		}
	}
	return 0;
}

int writer_run(struct ramify *ctx, const struct write_job *jobs, size_t n, writer_tick_fn tick,
	       void *arg, size_t *ret_done)
{
	struct writer w = { .root_fd = ctx->root_fd, .jobs = jobs, .n = n };
	size_t done = 0;
	int err, result = 0;

	*ret_done = 0;
	err = writer_start(&w);
	if (err)
		return err;
	err = writer_follow(&w, tick, arg, &done);
	pthread_join(w.thread, NULL);
	/* What it still got done before it was stopped. */
	while (done < n && writer_poll(&w, 0, &result) > 0 && !result)
		done++;
	close(w.from);
	close(w.to);
	*ret_done = done;
	return err;
}
