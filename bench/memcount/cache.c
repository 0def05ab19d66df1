// SPDX-License-Identifier: GPL-2.0-or-later
/* cache.c -- a last-level cache: sets of lines, of which the least recently used goes. */

#include "cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 64

struct cache {
	unsigned int ways;
	uint64_t sets;
	uint64_t lines[];	/* + 1, 0: none; of each set, the last used first */
};

int cache_create(uint64_t bytes, unsigned int ways, struct cache **ret_cache)
{
	uint64_t sets = ways ? bytes / LINE_BYTES / ways : 0;
	struct cache *cache;

	if (!sets || (sets & (sets - 1)))
		return -EINVAL;
	cache = calloc(1, sizeof(*cache) + sets * ways * sizeof(cache->lines[0]));
	if (!cache)
		return -ENOMEM;
	cache->ways = ways;
	cache->sets = sets;
	*ret_cache = cache;
	return 0;
}

bool cache_hit(struct cache *cache, uint64_t line)
{
	uint64_t *set = cache->lines + ((line ^ line >> 17) & (cache->sets - 1)) * cache->ways;
	unsigned int way = 0;
	bool hit;

	if (set[0] == line + 1)
		return true;
	while (way < cache->ways && set[way] != line + 1)
		way++;
	hit = way < cache->ways;
	if (!hit)
		way = cache->ways - 1;
	memmove(set + 1, set, way * sizeof(*set));
	set[0] = line + 1;
	return hit;
}
