/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* value.h -- values of a system's files: told, not told, or absurd. */
#ifndef RAMIFY_LIB_VALUE_H
#define RAMIFY_LIB_VALUE_H

#include "context.h"

/*
 * @dir and @name are the two halves of a path below the root. What is absent, may not be
 * read, or is just being unplugged is not told, which is no failure. -EBADMSG, with a
 * message that names the file, when its content makes no sense.
 */

/* RAMIFY_UNKNOWN when not told. */
int value_u64(struct ramify *ctx, const char *dir, const char *name, uint64_t *ret_value);
/* Hexadecimal, with or without 0x. */
int value_hex(struct ramify *ctx, const char *dir, const char *name, uint64_t *ret_value);
/* A node's number, or -1: none, or not told. */
int value_node(struct ramify *ctx, const char *dir, const char *name, int *ret_node);
/* One line; "" when not told. */
int value_text(struct ramify *ctx, const char *dir, const char *name, char *buf, size_t size);
/* What a link points to, without the way there; "" when not told. */
int value_link(struct ramify *ctx, const char *dir, const char *name, char *buf, size_t size);
/* The name of the directory that is @levels above what the link @path points to; "" if there
 * is none. */
int value_above(struct ramify *ctx, const char *path, unsigned int levels, char *buf,
		size_t size);

/* Sets the message for a file whose content makes no sense. -EBADMSG. */
int value_absurd(struct ramify *ctx, const char *path, const char *content);

/* Joins @dir and @name. -ENAMETOOLONG, with a message. */
int value_path(struct ramify *ctx, char *buf, size_t size, const char *dir, const char *name);

/* Is @err what a file says that is not there, not for us, or on its way out? */
bool value_untold(int err);

/* Linux is never built for more nodes. */
#define NODES_MAX 1024

#endif
