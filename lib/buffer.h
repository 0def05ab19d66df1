/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* buffer.h -- memory of this process on one node, and on no other. */
#ifndef RAMIFY_LIB_BUFFER_H
#define RAMIFY_LIB_BUFFER_H

#include "context.h"

struct buffer {
	char *at;
	uint64_t bytes;
	uint64_t huge_bytes;		/* of these, in huge pages */
};

/* All of it is there when this returns, with huge pages where the kernel has them. -ENOMEM the
 * node has not so much; -EIO it is on another node: both with a message. */
int buffer_create(struct ramify *ctx, int node, uint64_t bytes, struct buffer *ret_buffer);
/* -EIO, with a message: the kernel has moved some of it to another node. */
int buffer_check(struct ramify *ctx, const struct buffer *buffer, int node);
void buffer_destroy(struct buffer *buffer);

#endif
