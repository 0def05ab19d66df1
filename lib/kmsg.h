/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kmsg.h -- what the kernel's log says about a request, from a moment on. */
#ifndef RAMIFY_LIB_KMSG_H
#define RAMIFY_LIB_KMSG_H

#include <stddef.h>

#include "ramify.h"

/* From now on. A negative result is no failure of its own: kmsg_find() takes it. */
int kmsg_open(struct ramify *ctx);
void kmsg_close(int fd);

/* The last line "ramify @subject: ..." at level info or worse, without that prefix.
 * -ENOENT none. */
int kmsg_find(int fd, const char *subject, char *buf, size_t size);

/* The same over text of /dev/kmsg's records, one to a newline. */
int kmsg_match(const char *record, const char *subject, char *buf, size_t size);

#endif
