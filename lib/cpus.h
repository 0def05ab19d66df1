/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cpus.h -- the CPUs of a node, those that we may use, and their caches. */
#ifndef RAMIFY_LIB_CPUS_H
#define RAMIFY_LIB_CPUS_H

#include "context.h"

struct cpus {
	unsigned int *numbers;
	size_t n;
};

/* Those of the list @text, such as "0-3,8", that this process may run on. -EPERM none, with a
 * message that names @node; -ENOMEM. */
int cpus_permitted(struct ramify *ctx, const char *text, int node, struct cpus *ret_cpus);
void cpus_free(struct cpus *cpus);

/* The sum of the last-level caches of the list @text. Not known (in a virtual machine, say):
 * RAMIFY_UNKNOWN. */
int cpus_cache(struct ramify *ctx, const char *text, uint64_t *ret_bytes);

#endif
