/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* idlist.h -- the kernel's lists of numbers, such as "0-3,8" for nodes or CPUs. */
#ifndef RAMIFY_LIB_IDLIST_H
#define RAMIFY_LIB_IDLIST_H

#include <stdbool.h>

#include "value.h"

struct node_set {
	bool has[NODES_MAX];
};

/* Takes the next range off @text, both ends inclusive. 1, 0 at the end, -EINVAL. */
int idlist_next(const char **text, unsigned int *ret_first, unsigned int *ret_last);

/* -EINVAL, -ERANGE a node above NODES_MAX. */
int idlist_nodes(const char *text, struct node_set *ret_nodes);

#endif
