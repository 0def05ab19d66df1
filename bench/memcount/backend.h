/* SPDX-License-Identifier: GPL-2.0-or-later */
/* backend.h -- which of QEMU's memory backends serves an access. */
#ifndef BENCH_MEMCOUNT_BACKEND_H
#define BENCH_MEMCOUNT_BACKEND_H

#include <stdint.h>

#include "qplug.h"

#define NODES_MAX 4
#define NODE_OTHER NODES_MAX	/* memory that no backend named to us has: the firmware's */

extern int backend_nodes;

/** @id: of a memory backend, which QEMU makes after plugins are loaded. -ENOMEM. */
int backend_name(int node, const char *id);

/** Node, and how far in its backend, or any number for NODE_OTHER. */
int backend_find(const struct qemu_plugin_hwaddr *hwaddr, uint64_t *ret_offset);

/** Is the layout of QEMU's private struct what we take it for? Its public physical address tells. */
int backend_agrees(const struct qemu_plugin_hwaddr *hwaddr, int node, uint64_t offset);

#endif
