// SPDX-License-Identifier: LGPL-2.1-or-later
/* lines.c -- a file of any length, line by line. */

#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "value.h"

struct window {
	int fd;
	size_t filled;
	char text[ATTR_MAX + 1];
};

/* 1: more was read, 0: the end. */
static int fill(struct window *win)
{
	ssize_t n;

	if (win->filled == sizeof(win->text))
		return -EBADMSG;
	do {
		n = read(win->fd, win->text + win->filled, sizeof(win->text) - win->filled);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	win->filled += n;
	return n > 0;
}

/* Moves the next line out of the window into @line. 0 at the end of the file. */
static int next_line(struct window *win, char *line)
{
	char *newline;
	size_t len;
	int more;

	while (!(newline = memchr(win->text, '\n', win->filled))) {
		more = fill(win);
		if (more < 0)
			return more;
		if (!more)
			break;
	}
	if (!win->filled)
		return 0;
	len = newline ? (size_t)(newline - win->text) : win->filled;
	if (len > ATTR_MAX || memchr(win->text, '\0', len))
		return -EBADMSG;
	memcpy(line, win->text, len);
	line[len] = '\0';
	win->filled -= newline ? len + 1 : len;
	memmove(win->text, win->text + len + 1, win->filled);
	return 1;
}

static int each(struct window *win, lines_fn *fn, void *arg, unsigned long *ret_number)
{
	char line[ATTR_MAX + 1];
	int err;

	for (*ret_number = 1;; ++*ret_number) {
		err = next_line(win, line);
		if (err <= 0)
			return err;
		err = fn(arg, line);
		if (err)
			return err;
	}
}

int lines_each(struct ramify *ctx, const char *path, lines_fn *fn, void *arg)
{
	struct window win = { .fd = openat(ctx->root_fd, path, O_RDONLY | O_CLOEXEC) };
	unsigned long number = 0;
	int err = win.fd < 0 ? -errno : each(&win, fn, arg, &number);

	if (win.fd >= 0)
		close(win.fd);
	if (!err || value_untold(err))
		return 0;
	if (err == -EBADMSG)
		return fail(ctx, err, "%s/%s, line %lu, makes no sense", ctx->root, path, number);
	return fail(ctx, err, "cannot read %s/%s: %s", ctx->root, path, strerror(-err));
}
