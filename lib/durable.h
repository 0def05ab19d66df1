/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* durable.h -- small files that are replaced as a whole, and outlive a power cut. */
#ifndef RAMIFY_LIB_DURABLE_H
#define RAMIFY_LIB_DURABLE_H

#include <stdbool.h>
#include <sys/types.h>

#include "ramify.h"

/* Opens the directory @parent/@name, both below the root. With @create it is made if it is
 * not there, and its own entry is durable. -ENOENT. */
int durable_open(struct ramify *ctx, const char *parent, const char *name, bool create,
		 mode_t mode, int *ret_fd);

/* After a kill or a power cut at any moment the file has its old content or the new one. */
int durable_replace(int dir_fd, const char *name, const char *text, mode_t mode);

/* 0 too if there is none. */
int durable_remove(int dir_fd, const char *name);

#endif
