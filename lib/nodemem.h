/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* nodemem.h -- how much of a node's memory is used, and what fits elsewhere. */
#ifndef RAMIFY_LIB_NODEMEM_H
#define RAMIFY_LIB_NODEMEM_H

#include "ramify.h"

/* One line of the node's meminfo, in bytes. -ENOENT. */
int nodemem_read(struct ramify *ctx, int node, const char *key, uint64_t *ret_bytes);

/* MemTotal - MemFree. */
int nodemem_used(struct ramify *ctx, int node, uint64_t *ret_bytes);

/* What could take pages from @leaving_bytes of @node's memory at the very most: memory
 * elsewhere that is free or holds file pages, and free swap. */
uint64_t nodemem_room(struct ramify *ctx, const struct ramify_system *sys, int node,
		      uint64_t leaving_bytes);

/* At the least, how much of @leaving_bytes of @node's memory is in use and must move. */
int nodemem_must_move(struct ramify *ctx, int node, uint64_t leaving_bytes,
		      uint64_t *ret_bytes);

/* -ENOSPC, and says so: what is in use in @leaving_bytes of a device's memory fits nowhere else.
 * Where this cannot be told, the offlining itself finds out. */
int nodemem_check(struct ramify *ctx, const struct ramify_system *sys,
		  const struct ramify_device *dev, uint64_t leaving_bytes);

#endif
