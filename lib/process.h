/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* process.h -- processes, as /proc shows them. */
#ifndef RAMIFY_LIB_PROCESS_H
#define RAMIFY_LIB_PROCESS_H

#include <sys/types.h>

#include "ramify.h"

/* @fd: its directory in /proc. Stops at a result other than 0 and returns it. */
typedef int (*process_fn)(void *arg, pid_t pid, int fd);
int process_each(struct ramify *ctx, process_fn fn, void *arg);

/* "?" if it is gone. */
void process_comm(int fd, char *buf, size_t size);

/* Calls @fn for each file in a directory of the process, such as "fd" or "map_files";
 * @dir is that directory, @name in it a link to a file. */
typedef int (*process_file_fn)(void *arg, int dir, const char *name);
int process_each_file(int fd, const char *dir_name, process_file_fn fn, void *arg);

#endif
