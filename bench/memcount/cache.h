/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cache.h -- a last-level cache: sets of lines, of which the least recently used goes. */
#ifndef BENCH_MEMCOUNT_CACHE_H
#define BENCH_MEMCOUNT_CACHE_H

#include <stdbool.h>
#include <stdint.h>

struct cache;

/** @ways and the number of sets that follows must be powers of two. -EINVAL, -ENOMEM. */
int cache_create(uint64_t bytes, unsigned int ways, struct cache **ret_cache);

/** @line: of 64 bytes, by a number of its own. */
bool cache_hit(struct cache *cache, uint64_t line);

#endif
