/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* iomem.h -- /proc/iomem: what the kernel uses each physical address for. */
#ifndef RAMIFY_LIB_IOMEM_H
#define RAMIFY_LIB_IOMEM_H

#include "context.h"

struct iomem_entry {
	struct ramify_extent range;
	char name[64];
};

struct iomem {
	struct iomem_entry *entries;
	size_t n;
};

/* A line "  START-END : NAME"; a longer name is cut. -EINVAL, -ERANGE. */
int iomem_parse(const char *line, struct iomem_entry *ret_entry);

/* Without privilege all addresses are 0: then there are no entries. */
int iomem_read(struct ramify *ctx, struct iomem *ret_iomem);
void iomem_free(struct iomem *io);

/* The first entry named @name, else the one of just @size_bytes that holds @inner. NULL. */
const struct iomem_entry *iomem_find(const struct iomem *io, const char *name,
				     const struct ramify_extent *inner, uint64_t size_bytes);

#endif
