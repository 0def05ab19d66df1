/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* added.h -- devices whose memory is RAM: how much, in which state, how full. */
#ifndef RAMIFY_LIB_ADDED_H
#define RAMIFY_LIB_ADDED_H

#include "system.h"

/* What our driver tells in the device's directory. */
int added_by_us(struct reading *rd, const char *dir, struct ramify_device *dev);

/*
 * What stock kmem added, found by the memory blocks in the device's extents. Such memory
 * stays when kmem is unbound from a device whose blocks are online.
 */
int added_by_kernel(struct reading *rd, const char *dir, struct ramify_device *dev);

/* Fills used_bytes of the device whose memory is all that @node has, if there is one. */
void added_used(struct ramify_system *sys, const struct ramify_node *node);

#endif
