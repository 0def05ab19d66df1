// SPDX-License-Identifier: LGPL-2.1-or-later
/* context.c -- the context: root directory, last message, bounded access to small files. */

#include "context.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int ramify_new(const char *root, struct ramify **ret_ctx)
{
	struct ramify *ctx = calloc(1, sizeof(*ctx));
	size_t len;

	if (!ctx)
		return -ENOMEM;
	ctx->root_fd = -1;
	ctx->root = strdup(root ? root : "");
	if (!ctx->root) {
		ramify_free(ctx);
		return -ENOMEM;
	}
	len = strlen(ctx->root);
	if (len >= PATH_MAX / 2) {
		ramify_free(ctx);
		return -ENAMETOOLONG;
	}
	while (len && ctx->root[len - 1] == '/')
		ctx->root[--len] = '\0';
	ctx->root_fd = open(len ? ctx->root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (ctx->root_fd < 0) {
		int err = -errno;

		ramify_free(ctx);
		return err;
	}
	*ret_ctx = ctx;
	return 0;
}

void ramify_free(struct ramify *ctx)
{
	if (!ctx)
		return;
	if (ctx->root_fd >= 0)
		close(ctx->root_fd);
	free(ctx->root);
	free(ctx);
}

const char *ramify_message(const struct ramify *ctx)
{
	return ctx->message;
}

/* A message goes to a terminal, and may quote what anybody can name: mount points, labels. */
static void blunt(char *text)
{
	for (unsigned char *c = (unsigned char *)text; *c; c++)
		if ((*c < ' ' && *c != '\n') || *c == 0x7f)
			*c = '?';
		else if (*c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0)
			c[0] = c[1] = '?';
}

int fail(struct ramify *ctx, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(ctx->message, sizeof(ctx->message), fmt, ap);
	va_end(ap);
	blunt(ctx->message);
	return err;
}

int ctx_path(const struct ramify *ctx, char *buf, size_t size, const char *fmt, ...)
{
	int head = snprintf(buf, size, "%s/", ctx->root), tail;
	va_list ap;

	if (head < 0 || (size_t)head >= size)
		return -ENAMETOOLONG;
	va_start(ap, fmt);
	tail = vsnprintf(buf + head, size - head, fmt, ap);
	va_end(ap);
	return tail < 0 || (size_t)tail >= size - head ? -ENAMETOOLONG : 0;
}

/* Reads until the end of the file or of the buffer; some files come in pieces. */
static ssize_t read_all(int fd, char *buf, size_t size)
{
	size_t got = 0;

	while (got < size) {
		ssize_t n = read(fd, buf + got, size - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		got += n;
	}
	return got;
}

/* A FIFO has an open(2) or a read(2) wait for ever, and configuration may be one. */
static bool may_wait(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

int attr_read(const struct ramify *ctx, const char *path, char *buf, size_t size)
{
	int fd = openat(ctx->root_fd, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = may_wait(fd) ? -ENXIO : read_all(fd, buf, size);
	close(fd);
	if (n < 0)
		return n;
	if ((size_t)n == size)
		return -EFBIG;
	if (memchr(buf, '\0', n))
		return -EBADMSG;
	while (n && buf[n - 1] == '\n')
		n--;
	buf[n] = '\0';
	return 0;
}

int attr_read_u64(const struct ramify *ctx, const char *path, uint64_t *ret_value)
{
	char text[32];
	int err = attr_read(ctx, path, text, sizeof(text));

	if (!err)
		err = parse_u64(text, ret_value);
	return err == -EINVAL || err == -ERANGE || err == -EFBIG ? -EBADMSG : err;
}

int attr_read_int(const struct ramify *ctx, const char *path, int *ret_value)
{
	char text[32];
	const char *digits = text;
	uint64_t value;
	int err = attr_read(ctx, path, text, sizeof(text));

	if (err)
		return err == -EFBIG ? -EBADMSG : err;
	if (*digits == '-')
		digits++;
	if (parse_u64(digits, &value) || value > INT_MAX)
		return -EBADMSG;
	*ret_value = digits == text ? (int)value : -(int)value;
	return 0;
}

int attr_write(const struct ramify *ctx, const char *path, const char *text)
{
	int fd = openat(ctx->root_fd, path, O_WRONLY | O_CLOEXEC);
	size_t len = strlen(text);
	ssize_t n;
	int err;

	if (fd < 0)
		return -errno;
	n = write(fd, text, len);
	err = n < 0 ? -errno : (size_t)n < len ? -EIO : 0;
	close(fd);
	return err;
}

int link_name(const struct ramify *ctx, const char *path, char *buf, size_t size)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(ctx->root_fd, path, target, sizeof(target));
	const char *name;

	if (n < 0)
		return -errno;
	if ((size_t)n == sizeof(target))
		return -ENAMETOOLONG;
	target[n] = '\0';
	name = strrchr(target, '/');
	name = name ? name + 1 : target;
	if (strlen(name) >= size)
		return -ENAMETOOLONG;
	strcpy(buf, name);
	return 0;
}

int parse_u64(const char *text, uint64_t *ret_value)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;
	unsigned long long value;
	char *end;

	if (!(hex ? isxdigit((unsigned char)*digits) : isdigit((unsigned char)*digits)))
		return -EINVAL;
	errno = 0;
	value = strtoull(digits, &end, hex ? 16 : 10);
	if (*end)
		return -EINVAL;
	if (errno)
		return -ERANGE;
	*ret_value = value;
	return 0;
}

int parse_range(const char *text, struct ramify_extent *ret_extent)
{
	const char *dash = strchr(text, '-');
	uint64_t start, end;
	char head[32];
	int err;

	if (!dash || (size_t)(dash - text) >= sizeof(head))
		return -EINVAL;
	memcpy(head, text, dash - text);
	head[dash - text] = '\0';
	err = parse_u64(head, &start);
	if (!err)
		err = parse_u64(dash + 1, &end);
	if (err)
		return err;
	if (end < start)
		return -EDOM;
	if (end - start == UINT64_MAX)
		return -ERANGE;
	*ret_extent = (struct ramify_extent){ start, end - start + 1 };
	return 0;
}
