// SPDX-License-Identifier: LGPL-2.1-or-later
/* value.c -- values of a system's files: told, not told, or absurd. */

#include "value.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The longest text of one value that is of use: a name, a UUID, a state. */
#define VALUE_MAX 256

bool value_untold(int err)
{
	switch (err) {
	case -ENOENT:
	case -ENOTDIR:
	case -EISDIR:
	case -ELOOP:
	case -ENODEV:
	case -ENXIO:
	case -EACCES:
	case -EPERM:
	case -EIO:
	case -EINVAL:
	case -EOPNOTSUPP:
		return true;
	default:
		return false;
	}
}

int value_path(struct ramify *ctx, char *buf, size_t size, const char *dir, const char *name)
{
	int n = snprintf(buf, size, "%s/%s", dir, name);

	if (n < 0 || (size_t)n >= size)
		return fail(ctx, -ENAMETOOLONG, "a path is too long: %.64s...", dir);
	return 0;
}

int value_absurd(struct ramify *ctx, const char *path, const char *content)
{
	char shown[64];
	size_t i;

	for (i = 0; i < sizeof(shown) - 1 && content[i]; i++)
		shown[i] = isprint((unsigned char)content[i]) ? content[i] : '?';
	shown[i] = '\0';
	return fail(ctx, -EBADMSG, "%s/%s makes no sense: \"%s\"%s", ctx->root, path, shown,
		    content[i] ? "..." : "");
}

/* 1: not told; else 0 or a failure with its message. */
static int read_value(struct ramify *ctx, const char *path, char *buf, size_t size)
{
	int err = attr_read(ctx, path, buf, size);

	if (!err)
		return 0;
	if (err == -EFBIG)
		return fail(ctx, -EBADMSG, "%s/%s makes no sense: longer than %zu bytes",
			    ctx->root, path, size - 1);
	if (err == -EBADMSG)
		return fail(ctx, err, "%s/%s makes no sense: it holds a zero byte", ctx->root,
			    path);
	if (value_untold(err))
		return 1;
	return fail(ctx, err, "cannot read %s/%s: %s", ctx->root, path, strerror(-err));
}

static int read_number(struct ramify *ctx, const char *dir, const char *name, bool hex,
		       uint64_t *ret_value)
{
	char path[PATH_MAX], text[VALUE_MAX + 2] = "0x";
	char *digits = text + 2;
	int err = value_path(ctx, path, sizeof(path), dir, name);

	if (!err)
		err = read_value(ctx, path, digits, VALUE_MAX);
	if (err < 0)
		return err;
	if (err) {
		*ret_value = RAMIFY_UNKNOWN;
		return 0;
	}
	if (parse_u64(hex && digits[1] != 'x' ? text : digits, ret_value))
		return value_absurd(ctx, path, digits);
	return 0;
}

int value_u64(struct ramify *ctx, const char *dir, const char *name, uint64_t *ret_value)
{
	return read_number(ctx, dir, name, false, ret_value);
}

int value_hex(struct ramify *ctx, const char *dir, const char *name, uint64_t *ret_value)
{
	return read_number(ctx, dir, name, true, ret_value);
}

int value_text(struct ramify *ctx, const char *dir, const char *name, char *buf, size_t size)
{
	char path[PATH_MAX];
	int err = value_path(ctx, path, sizeof(path), dir, name);

	if (!err)
		err = read_value(ctx, path, buf, size);
	if (err < 0)
		return err;
	if (err)
		buf[0] = '\0';
	if (strchr(buf, '\n'))
		return value_absurd(ctx, path, buf);
	return 0;
}

int value_node(struct ramify *ctx, const char *dir, const char *name, int *ret_node)
{
	char path[PATH_MAX], text[VALUE_MAX];
	uint64_t node;
	int err = value_path(ctx, path, sizeof(path), dir, name);

	if (!err)
		err = read_value(ctx, path, text, sizeof(text));
	if (err < 0)
		return err;
	if (err || !strcmp(text, "-1")) {
		*ret_node = -1;
		return 0;
	}
	if (parse_u64(text, &node) || node >= NODES_MAX)
		return value_absurd(ctx, path, text);
	*ret_node = node;
	return 0;
}

int value_link(struct ramify *ctx, const char *dir, const char *name, char *buf, size_t size)
{
	char path[PATH_MAX];
	int err = value_path(ctx, path, sizeof(path), dir, name);

	if (err)
		return err;
	err = link_name(ctx, path, buf, size);
	if (value_untold(err)) {
		buf[0] = '\0';
		return 0;
	}
	if (err)
		return fail(ctx, err, "cannot read the link %s/%s: %s", ctx->root, path,
			    strerror(-err));
	return 0;
}

int value_above(struct ramify *ctx, const char *path, unsigned int levels, char *buf, size_t size)
{
	char target[PATH_MAX], *slash;
	ssize_t n = readlinkat(ctx->root_fd, path, target, sizeof(target) - 1);

	if (n < 0 && !value_untold(-errno))
		return fail(ctx, -errno, "cannot read the link %s/%s: %s", ctx->root, path,
			    strerror(errno));
	target[n < 0 ? 0 : n] = '\0';
	for (; levels && (slash = strrchr(target, '/')); levels--)
		*slash = '\0';
	slash = strrchr(target, '/');
	if (levels || !slash || strlen(slash + 1) >= size)
		buf[0] = '\0';
	else
		strcpy(buf, slash + 1);
	return 0;
}
