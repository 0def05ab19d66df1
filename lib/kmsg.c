// SPDX-License-Identifier: LGPL-2.1-or-later
/* kmsg.c -- what the kernel's log says about a request, from a moment on. */

#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "context.h"

/* The kernel's own bound on a record with its dictionary. */
#define RECORD_MAX 8192

int kmsg_open(struct ramify *ctx)
{
	int fd = openat(ctx->root_fd, "dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	/* Not seekable where a test put a plain file. */
	lseek(fd, 0, SEEK_END);
	return fd;
}

void kmsg_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

int kmsg_match(const char *record, const char *subject, char *buf, size_t size)
{
	const char *text = strchr(record, ';'), *end;
	char head[96];
	int len = snprintf(head, sizeof(head), "ramify %s: ", subject);

	if (!text || len < 0 || (size_t)len >= sizeof(head))
		return -ENOENT;
	text++;
	if (strncmp(text, head, len) != 0)
		return -ENOENT;
	text += len;
	end = strchrnul(text, '\n');
	snprintf(buf, size, "%.*s", (int)(end - text), text);
	return 0;
}

int kmsg_find(int fd, const char *subject, char *buf, size_t size)
{
	char record[RECORD_MAX + 1];
	int found = -ENOENT;

	while (fd >= 0) {
		ssize_t n = read(fd, record, RECORD_MAX);

		/* Overwritten before it was read: the next ones may be there. */
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n <= 0)
			break;
		record[n] = '\0';
		if (!kmsg_match(record, subject, buf, size))
			found = 0;
	}
	return found;
}
