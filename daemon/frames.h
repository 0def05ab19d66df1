/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frames.h -- which NUMA node a page frame is on, by the memory blocks in /sys. */
#ifndef RAMIFYD_FRAMES_H
#define RAMIFYD_FRAMES_H

#include <stddef.h>
#include <stdint.h>

#define FRAMES_NO_NODE 0xffff

struct frames {
	unsigned int shift;	/* a block has 1 << shift frames */
	size_t n;		/* blocks */
	uint16_t *nodes;	/* of each */
};

/** @nodes is /sys/devices/system/node. -ENOMEM; as open() says. */
int frames_read(const char *nodes, const char *block_size, struct frames *ret_frames);
void frames_free(struct frames *frames);

static inline unsigned int frames_node(const struct frames *f, uint64_t pfn)
{
	uint64_t block = pfn >> f->shift;

	return block < f->n ? f->nodes[block] : FRAMES_NO_NODE;
}

#endif
