/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* context.h -- the context: root directory, last message, bounded access to small files. */
#ifndef RAMIFY_LIB_CONTEXT_H
#define RAMIFY_LIB_CONTEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "ramify.h"

/* The longest content that sysfs hands out in one attribute. */
#define ATTR_MAX 4096

struct ramify {
	char *root;			/* without a final slash; "" for the system's own */
	int root_fd;
	char message[2048];
};

/* Sets the message, without control characters but line ends, and returns @err, so that a
 * failure is one line:
 * return fail(ctx, -EBUSY, "%s is mounted on %s", ...). */
int fail(struct ramify *ctx, int err, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* A path below the root, as the kernel takes it. -ENAMETOOLONG. */
int ctx_path(const struct ramify *ctx, char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* @path is below the root and has no leading slash, such as "sys/bus/dax". Reads at most
 * @size - 1 bytes, adds a NUL, drops final newlines. -ENOENT, -EFBIG when it is longer,
 * -EBADMSG when it holds a NUL, -ENXIO when it is a FIFO, a socket or a device; the message
 * is left alone, as absence is often no failure. */
int attr_read(const struct ramify *ctx, const char *path, char *buf, size_t size);

/* The whole text must be one number: decimal, or hexadecimal after 0x. -EBADMSG. */
int attr_read_u64(const struct ramify *ctx, const char *path, uint64_t *ret_value);
int attr_read_int(const struct ramify *ctx, const char *path, int *ret_value);

/* One write(2) of all of @text. Negative errno as the kernel gave it. */
int attr_write(const struct ramify *ctx, const char *path, const char *text);

/* The last component of what a symbolic link points to. -ENOENT, -EINVAL, -ENAMETOOLONG. */
int link_name(const struct ramify *ctx, const char *path, char *buf, size_t size);

/* Strict numbers, for all that parses: no sign, no blank, nothing behind. -EINVAL, -ERANGE. */
int parse_u64(const char *text, uint64_t *ret_value);
/* "START-END", both inclusive. -EINVAL, -EDOM (end before start), -ERANGE (size 2^64). */
int parse_range(const char *text, struct ramify_extent *ret_extent);

#endif
