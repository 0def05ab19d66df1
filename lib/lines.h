/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lines.h -- a file of any length, line by line. */
#ifndef RAMIFY_LIB_LINES_H
#define RAMIFY_LIB_LINES_H

#include "context.h"

/* @line has no newline, and may be written to. -EBADMSG: it makes no sense. */
typedef int lines_fn(void *arg, char *line);

/*
 * Calls @fn for each line of @path until it fails. -EBADMSG, with a message that names file
 * and line, also for a line of more than ATTR_MAX bytes, or with a zero byte in it. A file
 * that is not told (value.h) has no lines.
 */
int lines_each(struct ramify *ctx, const char *path, lines_fn *fn, void *arg);

#endif
